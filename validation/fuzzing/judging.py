"""What became of one case: taken, refused as it should be, or wrong."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from deftrade.errors import ExperimentError, ExplanationError, OutputError, ScenarioError, StateFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TAKEN, REFUSED, WRONG = "taken", "refused", "wrong"
WORK_SECONDS, WAIT_SECONDS = 1.0, 20.0
"""What a case may compute, and how long it may wait: the second is long, as others use the processor too."""

_OURS = (OutputError, ExperimentError, ExplanationError, StateFileError)
_CODES = (0, 1, 2)
"""1 is for results that are damaged."""
_PLACE = re.compile(r"^(error: )?\S+\.\w+:[0-9]+:[0-9]+: ", re.MULTILINE)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_REMOVALS = ("os.remove", "os.rmdir")
_CHANGES = (*_REMOVALS, "os.mkdir", "os.rename", "os.symlink", "os.link", "os.truncate")


class Verdict(NamedTuple):
    """What became of a case, and why."""

    what: str
    why: str = ""


class Attempt(NamedTuple):
    """What is tried.

    Parameters
    ----------
    call : callable
        Does it from Python.
    named : str
        File or folder that a refusal has to name.
    words : tuple of str
        What does it on the command line.
    writes : bool
        Whether it writes on the way; the folder at work has then the same names as before.
    """

    call: Callable[[], object]
    named: str
    words: tuple[str, ...]
    writes: bool = False


class HangError(BaseException):
    """A case takes longer than it may; no handler of errors takes it for one of its own."""


class _Watch:
    """Notes what is written while it looks, but for temporary files elsewhere."""

    def __init__(self) -> None:
        self.looks = False
        self.seen: list[str] = []
        self.spared = tempfile.gettempdir()
        sys.addaudithook(self)

    def __call__(self, event: str, facts: tuple[Any, ...]) -> None:
        if not self.looks or (event in _REMOVALS and facts[-1] >= 0):
            return  # what is removed within an open folder belongs to a temporary one
        if event in _CHANGES or (event == "open" and isinstance(facts[2], int) and facts[2] & _WRITING):
            self._note(facts[0])

    def _note(self, place: object) -> None:
        """Note a place that was written to."""
        path = os.fspath(place) if isinstance(place, (str, os.PathLike)) else ""
        path = path if isinstance(path, str) else os.fsdecode(path)
        if not path or path.startswith("/dev/"):
            return
        full = str(Path.cwd() / path)
        if not full.startswith(self.spared) or full.startswith(str(Path.cwd())):
            self.seen.append(path)


_watch = _Watch()


def judged(attempt: Attempt) -> Verdict:
    """Try something and return what became of it."""
    _watch.seen.clear()
    names = {path.name for path in Path.cwd().iterdir()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _watch.looks = True
        try:
            with _limited():
                attempt.call()
            verdict = Verdict(TAKEN)
        except ScenarioError as error:
            verdict = _located(error)
        except _OURS as error:
            verdict = _naming(error, attempt.named)
        except HangError as error:
            verdict = Verdict(WRONG, f"hangs: {error}")
        except Exception as error:
            verdict = Verdict(WRONG, f"{type(error).__name__}: {error} ({_origin(error)})")
        finally:
            _watch.looks = False
    changed = sorted(names ^ {path.name for path in Path.cwd().iterdir()}) if attempt.writes else _watch.seen
    if changed and verdict.what != WRONG:
        return Verdict(WRONG, f"writes {changed[0]}")
    return verdict


def judged_outside(attempt: Attempt) -> Verdict:
    """Try something on the command line and return what became of it."""
    names = {path.name for path in Path.cwd().iterdir()}
    ended = subprocess.run(
        [sys.executable, "-m", "deftrade", *attempt.words],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    said = ended.stderr.strip()
    if ended.returncode not in _CODES or "Traceback" in said or "fault of deftrade" in said:
        return Verdict(WRONG, f"exit code {ended.returncode}: {said[-400:]}")
    if ended.returncode and not (_PLACE.search(said) or attempt.named in said):
        return Verdict(WRONG, f"exit code {ended.returncode}, but without a place: {said[-400:]}")
    changed = [path for path in Path.cwd().iterdir() if path.name not in names]
    if changed and not (attempt.writes and ended.returncode == 0):
        return Verdict(WRONG, f"writes {changed[0].name}")
    for path in changed:
        shutil.rmtree(path)
    return Verdict(REFUSED if ended.returncode else TAKEN)


def _located(error: ScenarioError) -> Verdict:
    """Return that a refusal is right if each of its faults has a place."""
    if not error.faults:
        return Verdict(WRONG, "refused without a fault")
    lost = [fault for fault in error.faults if not (fault.line and fault.column)]
    if lost:
        return Verdict(WRONG, f"no place: {lost[0]}")
    str(error)
    return Verdict(REFUSED)


def _naming(error: Exception, named: str) -> Verdict:
    """Return that a refusal is right if it names what is at fault."""
    if named in str(error):
        return Verdict(REFUSED)
    return Verdict(WRONG, f"does not name {named}: {type(error).__name__}: {error}")


def _origin(error: BaseException) -> str:
    """Return the last line of deftrade that an error came through, by which faults are of one kind."""
    last, trace = "", error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if "deftrade" in file.parts:
            last = f"{file.parent.name}/{file.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last


@contextmanager
def _limited() -> Iterator[None]:
    """Stop what computes or waits for too long."""

    def late(number: int, _frame: object) -> None:
        raise HangError("computes too long" if number == signal.SIGPROF else "waits too long")

    timers = (
        (signal.SIGPROF, signal.ITIMER_PROF, WORK_SECONDS),
        (signal.SIGALRM, signal.ITIMER_REAL, WAIT_SECONDS),
    )
    before = [signal.signal(number, late) for number, _, _ in timers]
    try:
        for _, timer, seconds in timers:
            signal.setitimer(timer, seconds)
        yield
    finally:
        for (number, timer, _), handler in zip(timers, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)
