"""Files in a result's folder that are not the result's: notes of its readers, which are never deleted."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from deftrade.errors import OutputError
from deftrade.files import manifests

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_BATCH = re.compile(
    r"batch\.json|status\.csv|summary\.(csv|md)|(comparison|data)_dictionary\.csv|(indicators|courses|status)\.parquet"
    r"|lock/[^/]+/scenario\.lock(\.yaml|/[^/]+\.parquet)"
    r"|runs/[^/]+-[0-9]+\.(parquet|failed\.json)"
    r"|(courses_)?comparison\.(parquet|csv)|comparison\.(json|md)|figures/(forest|course|courses)-[^/]+\.(png|svg)"
)
_HIDDEN = re.compile(r"(.*/)?\.[^/]+\.part(\.\w+)?", re.DOTALL)
_KEPT = ".kept"
"""What is added to the name of a stranger's file where the new result has a file of its name."""


def is_of_batch(name: str) -> bool:
    """Return whether a batch, or the comparison in its folder, has files of this name."""
    return _BATCH.fullmatch(name) is not None


def names_in(folder: Path) -> list[str]:
    """Return everything below a folder but folders, links among it, relative to it."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not path.is_dir()
    )


def strangers(folder: Path) -> list[str]:
    """Return the files in a result's folder that are neither of it nor half-written ones of ours.

    An unfinished batch has no manifest yet: its files are known by their names.
    """
    try:
        own = {*manifests.read(folder).get("files", ()), manifests.NAME}
    except OutputError:
        own = {manifests.NAME}
    return [
        name
        for name in names_in(folder)
        if name not in own and not is_of_batch(name) and not _HIDDEN.fullmatch(name)
    ]


def bring_over(old: Path, folder: Path) -> None:
    """Move what is a stranger's out of a result that is replaced into the one that replaces it."""
    names = strangers(old)
    for name in names:
        target = folder / name
        if target.exists() or target.is_symlink():
            target = target.with_name(f"{target.name}{_KEPT}")
        target.parent.mkdir(parents=True, exist_ok=True)
        (old / name).rename(target)
    tell(folder, names)


def tell(folder: Path, names: Sequence[str]) -> None:
    """Say which files of strangers were left in a folder."""
    if names:
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        warnings.warn(
            f"{folder} holds files that are not the result's own; they were left there:"
            f" {', '.join(names[:3])}{more}",
            stacklevel=2,
        )
