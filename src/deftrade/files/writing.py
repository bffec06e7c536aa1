"""Write whole or not at all: files and folders appear under their names only when they are complete."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from deftrade.errors import OutputError
from deftrade.files.leftovers import PART, as_kind, owner, put_back, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

_HIDDEN = f"{PART}-{'0' * 8}-{'0' * 10}-{'0' * 8}"
_LONGEST_FILE = "0" * 80
"""As long as what is written below a result's hidden folder."""


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a hidden name beside a file's, renamed to it at the end, removed if that is not reached."""
    partial = path.with_name(f".{path.name}.{owner()}{PART}")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all.

    Raises
    ------
    OutputError
        The disk refuses.
    """
    try:
        with whole_file(path) as partial:
            partial.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error


def check_writable(out: Path) -> None:
    """Check that a folder is there or can be made, and takes files.

    Raises
    ------
    OutputError
        It does not.
    """
    try:
        nearest = out
        while not nearest.exists() and nearest != nearest.parent:
            nearest = nearest.parent
        if not nearest.is_dir():
            raise OutputError(f"results cannot be written to {out}: {nearest} is not a folder")
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        raise OutputError(
            f"results cannot be written to {out}: {error.strerror or error} ({nearest})"
        ) from error
    except ValueError as error:  # a character that no name may hold
        raise OutputError(f"results cannot be written to {str(out)!r}: {error}") from error


def stands(folder: Path) -> bool:
    """Return whether something stands there; an empty folder does not count."""
    return folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))


def check_place(folder: Path, *, force: bool) -> None:
    """Refuse a place for a result whose names would be too long, or where a link stands.

    Raises
    ------
    OutputError
        The disk takes no such names, or the link leads nowhere or to what would be replaced.
    """
    try:
        (folder.with_name(f".{folder.name}{_HIDDEN}") / _LONGEST_FILE).is_dir()
    except OSError as error:
        raise OutputError(f"results cannot be written to {folder}: {error.strerror or error}") from error
    if folder.is_symlink() and (force or not folder.exists()):
        raise OutputError(
            f"{folder} is a link to {folder.readlink()}, and results are not replaced through links;"
            " move the link away, or choose another --out"
        )


@contextmanager
def partial_folder(folder: Path) -> Iterator[Path]:
    """Give a hidden folder beside the result's, removed if it is not renamed.

    What killed writers left beside it is cleaned up first.

    Raises
    ------
    OutputError
        The disk refuses: full, read-only, gone.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        sweep(folder.parent)
        partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}.part-{owner()}-", dir=folder.parent))
    except OSError as error:
        raise OutputError(f"results cannot be written to {folder.parent}: {error}") from error
    try:
        yield partial
    except OSError as error:
        raise OutputError(
            f"results could not be written to {folder}: {error}; nothing was left there"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def put(partial: Path, folder: Path) -> None:
    """Rename a whole result into place; what it replaces comes back if that fails.

    Files in the old one that are not the result's own go over into the new one. Where the process is
    killed between the two renames, the next `sweep` puts the old one back.
    """
    partial.chmod(0o755)
    if not folder.exists():
        partial.rename(folder)
        return
    old = partial.with_name(as_kind(partial.name, "old"))
    folder.rename(old)
    try:
        partial.rename(folder)
    finally:
        if not folder.exists():
            with suppress(OSError):
                old.rename(folder)
    put_back(old, folder)
