"""What killed writers leave: known by its name, and cleaned up by the next one in the same place.

A hidden name says which process on which machine writes under it, so that nothing of a living one is
touched, and nothing that only looks alike.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from time import time

from deftrade.files.strangers import bring_over

PART = ".part"
"""Ending of files that are not whole yet."""

_OWNER = r"(?P<machine>[0-9a-f]{8})-(?P<process>[0-9]{1,10})"
_FOLDER = re.compile(rf"\.(?P<name>.+)\.(?P<kind>part|old)-{_OWNER}-[a-z0-9_]{{8}}", re.DOTALL)
_FILE = re.compile(rf"\..+\.{_OWNER}\.part(\.\w+)?", re.DOTALL)
_DAY = 86400.0
"""Seconds after which the writer on another machine, whose processes cannot be seen, is given up."""


def owner() -> str:
    """Return what names this process among those of all machines that may write here."""
    return f"{_machine()}-{os.getpid()}"


@cache
def _machine() -> str:
    """Return what tells this machine, and the processes that can be seen on it, from others."""
    seen = ""
    with suppress(OSError):
        seen = str(Path("/proc/self/ns/pid").readlink())
    return sha256(f"{platform.node()} {seen}".encode()).hexdigest()[:8]


def sweep(place: Path) -> None:
    """Put back what killed writers had moved away in a folder of results, and remove their parts."""
    if not place.is_dir():
        return
    for path in sorted(place.glob(".*")):  # an old result comes before the part that was to replace it
        found = _FOLDER.fullmatch(path.name)
        if found is None or path.is_symlink() or not path.is_dir() or _is_alive(found, path):
            continue
        if found["kind"] == "old":
            with suppress(OSError):
                put_back(path, place / found["name"])
        else:
            shutil.rmtree(path, ignore_errors=True)


def put_back(old: Path, folder: Path) -> None:
    """Give a result that was moved away its name again or, where a new one has it, remove it."""
    if not folder.exists() and not folder.is_symlink():
        old.rename(folder)
        return
    bring_over(old, folder)
    spent = old.with_name(as_kind(old.name, "part"))
    with suppress(OSError):
        old.rename(spent)  # killed while it is removed, it is a part and no result whose files nobody knows
    for path in (old, spent):
        shutil.rmtree(path, ignore_errors=True)


def as_kind(name: str, kind: str) -> str:
    """Return the hidden name of a part, or of what was moved away, as that of the other kind."""
    found = _FOLDER.fullmatch(name)
    return name if found is None else f"{name[: found.start('kind')]}{kind}{name[found.end('kind') :]}"


def sweep_files(folder: Path) -> None:
    """Remove the files that killed writers left half written in a folder."""
    for path in folder.glob(f".*{PART}*"):
        found = _FILE.fullmatch(path.name)
        if found is not None and not _is_alive(found, path):
            path.unlink(missing_ok=True)


def _is_alive(found: re.Match[str], path: Path) -> bool:
    """Return whether the writer of a hidden name may still be at work."""
    if found["machine"] != _machine() or os.name != "posix":
        return time() - path.lstat().st_mtime < _DAY
    try:
        os.kill(int(found["process"]), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
