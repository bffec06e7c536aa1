"""The commit of the checkout that deftrade's source stands in, read without calling git."""

from __future__ import annotations

from pathlib import Path

_REFERENCE = "ref: "


def commit(start: Path | None = None) -> str:
    """Return the commit of the checkout around a folder, empty where there is none.

    It names the last commit: `code_digest` tells whether files were changed since.

    Parameters
    ----------
    start : Path, optional
        Where to look from; by default deftrade's own source.
    """
    place = start or Path(__file__).resolve().parents[1]
    for folder in (place, *place.parents):
        mark = folder / ".git"
        if mark.exists():
            try:
                return _head(mark)
            except OSError:
                return ""
    return ""


def _head(mark: Path) -> str:
    """Return the commit that a checkout's head points at."""
    home = mark
    if mark.is_file():  # a linked worktree names its own folder
        home = (mark.parent / mark.read_text("utf-8").removeprefix("gitdir:").strip()).resolve()
    head = (home / "HEAD").read_text("utf-8").strip()
    if not head.startswith(_REFERENCE):
        return head
    name = head.removeprefix(_REFERENCE)
    for folder in (home, _common(home)):
        if (folder / name).is_file():
            return (folder / name).read_text("utf-8").strip()
    return _packed(_common(home) / "packed-refs", name)


def _common(home: Path) -> Path:
    """Return the folder that linked worktrees share."""
    note = home / "commondir"
    return (home / note.read_text("utf-8").strip()).resolve() if note.is_file() else home


def _packed(refs: Path, name: str) -> str:
    """Return the commit of a packed reference, empty if it is not there."""
    if not refs.is_file():
        return ""
    for line in refs.read_text("utf-8").splitlines():
        found, _, reference = line.partition(" ")
        if reference == name:
            return found
    return ""
