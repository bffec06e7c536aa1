"""Writers killed at moments drawn by number, and full disks: nothing half-written looks whole.

    python -m validation.kills                             # 100 cases of kills and 50 of disks
    python -m validation.kills --kills 20 --disks 0 --first 300

Runs and ensembles are written, anew and with ``--force``, by processes that are killed: in the even cases
before a change of the file system that the number draws, in the odd ones after as much work as it draws,
up to three times one after the other. Whatever stands then under its name is whole, or `verify` says that
it is not; going on ends with the values of an undisturbed run and with nothing left over. The same holds
on disks that are too small and where files may not grow so large, and the error says why. The exit code
is 1 if anything goes wrong.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from deftrade import ensemble, load, simulate, verify
from deftrade.errors import OutputError
from deftrade.experiments.batch.execution import Execution
from deftrade.files import manifests
from deftrade.report import figures
from deftrade.report.files import write_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORLD = Path(__file__).parent / "fuzzing" / "bases" / "world.yaml"
RUNS = 4
DONE, REFUSED, FAULTY = 0, 3, 4
"""How a writer ends that is not killed: well, with an error of ours that says why, or with another."""

_CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree", "shutil.copyfile")
_WRITING = os.O_WRONLY | os.O_RDWR
_SMALLEST = 1 << 10
_LARGEST = 1 << 26


def _run(out: Path, _goes_on: bool) -> None:
    write_run(simulate(load(WORLD, years=1)), out)


def _run_by_force(out: Path, _goes_on: bool) -> None:
    write_run(simulate(load(WORLD, years=1)), out, force=True)


def _ensemble(out: Path, goes_on: bool) -> None:
    ensemble(load(WORLD, years=1), RUNS, out=out, execution=Execution("serial", resume=goes_on))


def _ensemble_by_force(out: Path, goes_on: bool) -> None:
    execution = Execution("serial", resume=goes_on, force=not goes_on)
    ensemble(load(WORLD, years=1), RUNS, out=out, execution=execution)


WRITERS: dict[str, Callable[[Path, bool], None]] = {
    "run": _run,
    "ensemble": _ensemble,
    "run --force": _run_by_force,
    "ensemble --force": _ensemble_by_force,
}
"""What writes into a folder; the second time it is told that it goes on."""


class Reference(NamedTuple):
    """An undisturbed result: its folder, the hashes of its values, and what writing it takes."""

    folder: Path
    content: dict[str, str]
    changes: int
    seconds: float
    bytes: int


class Limit(NamedTuple):
    """What ends a writer: the number of a change, work in seconds, or the size of a file; 0 is none."""

    change: int = 0
    seconds: float = 0.0
    bytes: int = 0


def written(name: str, out: Path, limit: Limit, *, goes_on: bool = False) -> tuple[int, str, int, float]:
    """Let a process write, and return how it ended: its code, what it said, its changes and its work."""
    end, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(end)
        _be_writer(name, out, limit, goes_on=goes_on, mouth=mouth)
    os.close(mouth)
    with os.fdopen(end, encoding="utf-8") as ear:
        said = ear.read()
    _, status, used = os.wait4(child, 0)
    count, _, text = said.partition(" ")
    return os.waitstatus_to_exitcode(status), text, int(count or 0), used.ru_utime + used.ru_stime


def _be_writer(name: str, out: Path, limit: Limit, *, goes_on: bool, mouth: int) -> None:
    """Write, say what happened, and end without any clean-up of the process that was copied."""
    changes = 0

    def noted(event: str, facts: tuple[object, ...]) -> None:
        nonlocal changes
        is_opened = event == "open" and isinstance(facts[2], int) and facts[2] & _WRITING
        if event in _CHANGES or is_opened:
            changes += 1
            if changes == limit.change:
                os.kill(os.getpid(), signal.SIGKILL)

    code, said = DONE, ""
    try:
        figures.FIGURES.clear()  # they take longest and are written like everything else
        sys.addaudithook(noted)
        if limit.bytes:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit.bytes, limit.bytes))
        if limit.seconds:
            signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends the process at once, as SIGKILL does
            signal.setitimer(signal.ITIMER_PROF, limit.seconds)
        WRITERS[name](out, goes_on)
    except OutputError as error:
        code, said = REFUSED, str(error)
    except BaseException as error:  # the parent tells it
        code, said = FAULTY, f"{type(error).__name__}: {error}"
    finally:
        os.write(mouth, f"{changes} {said}".encode())
        os._exit(code)


def spoilt(whole: Path, out: Path) -> None:
    """Put a result into a folder so that it has to be replaced: what its manifest says was changed."""
    shutil.copytree(whole, out / whole.name)
    with (out / whole.name / manifests.NAME).open("a", encoding="utf-8") as file:
        file.write(" ")


def reference(name: str, out: Path) -> Reference:
    """Return what a writer writes undisturbed into a folder, and what that takes."""
    code, said, changes, seconds = written(name, out, Limit())
    if code != DONE:
        raise OutputError(f"{name} does not work undisturbed: {said}")
    (folder,) = out.iterdir()
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return Reference(folder, manifests.read(folder)["content"], changes, seconds, sum(sizes))


class Trials:
    """Disturbs writers and looks at what they leave; ``stopped`` counts those that did not come to their end.

    Parameters
    ----------
    place : Path
        An empty folder.
    """

    def __init__(self, place: Path) -> None:
        self.place = place
        self.stopped = 0
        self.whole: dict[str, Reference] = {}
        for name in WRITERS:
            out = place / name
            if "--force" in name:
                spoilt(self.whole[name.removesuffix(" --force")].folder, out)
            self.whole[name] = reference(name, out)

    def killed(self, number: int) -> list[str]:
        """Kill a writer up to three times, go on, and return what is wrong."""
        luck = random.Random(f"kill {number}")
        name = list(WRITERS)[number // 2 % len(WRITERS)]
        whole, out = self.whole[name], self._prepared(name, "killed")
        wrong = []
        for time in range(luck.choice((1, 1, 2, 3))):
            by_change = Limit(change=luck.randint(1, whole.changes))
            limit = by_change if number % 2 == 0 else Limit(seconds=luck.uniform(0.01, 0.9) * whole.seconds)
            code, said, _, _ = written(name, out, limit, goes_on=time > 0)
            self.stopped += code < 0
            if code > 0:
                wrong.append(f"{limit}: ends with {code}: {said}")
            wrong += self._looked_at(name, out)
        return [f"{name}: {fault}" for fault in wrong + self._gone_on(name, out)]

    def full(self, number: int, *, mounts: bool) -> list[str]:
        """Let a writer run into a full disk, go on with room, and return what is wrong."""
        luck = random.Random(f"disk {number}")
        name = list(WRITERS)[number // 2 % len(WRITERS)]
        whole = self.whole[name]
        if mounts and number % 2 == 0:
            disk = self.place / "disk"
            disk.mkdir(exist_ok=True)
            with mounted(disk, luck.randint(_SMALLEST, 2 * whole.bytes)):
                wrong = self._filled(name, disk / "out", Limit())
                remount(disk, _LARGEST)
                return [f"{name}: {fault}" for fault in wrong + self._gone_on(name, disk / "out")]
        out = self._prepared(name, "full")
        wrong = self._filled(name, out, Limit(bytes=luck.randint(_SMALLEST, whole.bytes // 4)))
        return [f"{name}: {fault}" for fault in wrong + self._gone_on(name, out)]

    def _prepared(self, name: str, folder: str) -> Path:
        """Return a folder for results: with a spoilt one where it is to be replaced, otherwise empty."""
        out = self.place / folder
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        if "--force" in name:
            spoilt(self.whole[name].folder, out)
        return out

    def _filled(self, name: str, out: Path, limit: Limit) -> list[str]:
        """Write where there is too little room; return what is wrong with what stands then."""
        code, said, _, _ = written(name, out, limit)
        self.stopped += code == REFUSED
        if code not in (DONE, REFUSED):
            return [f"{limit}: ends with {code}: {said}"]
        return self._looked_at(name, out)

    def _looked_at(self, name: str, out: Path) -> list[str]:
        """Return what looks whole and is not."""
        wrong = []
        for folder in sorted(out.glob("[!.]*")) if out.exists() else ():
            try:
                found = verify(folder)
            except OutputError:
                continue
            if found.is_sound and manifests.read(folder)["content"] != self.whole[name].content:
                wrong.append(f"{folder.name} looks whole and has other values")
            if not found.is_sound and "--force" not in name:
                wrong.append(f"{folder.name} has its name and its manifest, but {found.damages[0]}")
        return wrong

    def _gone_on(self, name: str, out: Path) -> list[str]:
        """Go on undisturbed and return what is not as it would have been without any disturbance."""
        code, said, _, _ = written(name, out, Limit(), goes_on=True)
        if code != DONE:
            return [f"going on ends with {code}: {said}"]
        folder = out / self.whole[name].folder.name
        found, names = verify(folder), sorted(path.name for path in out.iterdir())
        wrong = [f"afterwards {damage}" for damage in found.damages]
        if manifests.read(folder)["content"] != self.whole[name].content:
            wrong.append("afterwards the values are others")
        if names != [folder.name]:
            wrong.append(f"afterwards there are {names}")
        return wrong


@contextmanager
def mounted(disk: Path, size: int) -> Iterator[None]:
    """Mount a small disk in memory."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def remount(disk: Path, size: int) -> None:
    """Give a disk more room."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def can_mount(place: Path) -> bool:
    """Return whether disks can be mounted here."""
    try:
        with mounted(place, _LARGEST):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


def main() -> int:
    """Disturb writers, print what went wrong and how many were disturbed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--disks", type=int, default=50)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="deftrade-kills-") as name:
        place = Path(name)
        mounts = asked.disks > 0 and can_mount(place)
        trials = Trials(place)
        kills = _tried(trials.killed, asked.first, asked.kills)
        print(f"{asked.kills} cases with {trials.stopped} kills: {kills} wrong", flush=True)
        trials.stopped = 0
        disks = _tried(partial(trials.full, mounts=mounts), asked.first, asked.disks)
        what = "on small disks or with limits" if mounts else "with limits, as no disk can be mounted here"
        print(f"{asked.disks} cases {what}, {trials.stopped} of them stopped: {disks} wrong")
    return int(kills + disks > 0)


def _tried(trial: Callable[[int], list[str]], first: int, many: int) -> int:
    """Try cases, print what is wrong with them, and return how many are."""
    count = 0
    for number in range(first, first + many):
        wrong = trial(number)
        count += bool(wrong)
        for fault in wrong:
            print(f"{number}: {fault}", flush=True)
    return count


if __name__ == "__main__":
    sys.exit(main())
