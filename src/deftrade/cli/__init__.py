"""The command line: errors on stderr, tables on stdout, exit codes that scripts can trust.

Exit codes: 0 done, 1 a fault of deftrade, failed runs or a damaged result, 2 a fault of the user's input, 130
interrupted.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import Any

from deftrade.cli.spelling import NAME as SPELT
from deftrade.errors import (
    ExperimentError,
    ExplanationError,
    NotFiniteError,
    OutputError,
    ScenarioError,
    StateFileError,
)

DONE, OUR_FAULT, USERS_FAULT, INTERRUPTED = 0, 1, 2, 130

_USERS = (ScenarioError, OutputError, StateFileError, ExperimentError, ExplanationError, NotFiniteError)
_TRACEBACK = "--traceback"


def main() -> None:
    """Run the command that ``sys.argv`` names and exit with its code."""
    _open_closed()
    if sys.flags.optimize > 1:
        _say("error: Python leaves out docstrings (-OO, PYTHONOPTIMIZE=2), and they say what numbers mean")
        sys.exit(USERS_FAULT)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=SPELT)  # a terminal without Unicode still gets its table
    # Figures go to files; a notebook's own backend, inherited, may not even be installed here.
    os.environ["MPLBACKEND"] = "Agg"
    # One BLAS thread: more are slower on matrices of this size, and bits could depend on their number.
    for library in ("OPENBLAS", "MKL", "OMP"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    warnings.showwarning = _show_warning
    arguments = [part for part in sys.argv[1:] if part != _TRACEBACK]
    sys.exit(_run(arguments, traceback=_TRACEBACK in sys.argv[1:]))


def _run(arguments: list[str], *, traceback: bool) -> int:
    """Return the exit code of a command."""
    try:
        from deftrade.cli.app import app
        from deftrade.files.calling import called_by

        with called_by(["deftrade", *arguments]):
            app(args=arguments, prog_name="deftrade")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _say("interrupted")
        return end.code if isinstance(end.code, int) else DONE
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except _USERS as error:
        _explain(error, str(error), traceback)
        return USERS_FAULT
    except (OSError, MemoryError) as error:  # the machine refuses: a full disk, a name too long, no memory
        _explain(error, _refused(error), traceback)
        return USERS_FAULT
    except Exception as error:  # the one place where any fault of ours becomes a message
        kind = type(error).__name__
        text = f"{kind}: {error}"
        hint = "" if traceback else f"\nThis is a fault of deftrade; run with {_TRACEBACK} to see where"
        _explain(error, f"{text}{hint}", traceback)
        return OUR_FAULT
    return DONE


def _open_closed() -> None:
    """Give streams that the shell has closed (``>&-``) a place that takes all and keeps nothing."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end


def _refused(error: OSError | MemoryError) -> str:
    """Return in words what the machine refused."""
    if isinstance(error, MemoryError):
        return "there is not enough memory for this"
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"


def _explain(error: Exception, text: str, traceback: bool) -> None:
    """Write an error to stderr, after its traceback if that was asked for."""
    if traceback:
        from traceback import print_exception

        print_exception(error)
    _say(f"error: {text}")


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """Write a warning to stderr without the line of code that raised it."""
    _say(f"warning: {message}")


def _say(text: str) -> None:
    """Write a line to stderr, which may be closed."""
    from deftrade.cli.printing import say

    say(text)
