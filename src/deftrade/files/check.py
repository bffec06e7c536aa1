"""What a check of a result found: of one run, of a batch, or of an answer to an experiment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Check:
    """What a check of a result found.

    Parameters
    ----------
    folder : Path
        The result.
    files : int
        Files that its manifest names.
    damages : list of str
        Files that were changed, are missing or are not its own, and values that contradict their hashes.
    differences : list of str
        What came out otherwise when it was run again: tables and dates of a run, runs of a batch.
    tables : int
        Tables of a run whose values were compared with a run anew; 0 without one.
    runs : sequence of (str, int), optional
        Cell and number of the runs of a batch that were played again; None for what is no batch.
    """

    folder: Path
    files: int
    damages: list[str]
    differences: list[str] = field(default_factory=list)
    tables: int = 0
    runs: Sequence[tuple[str, int]] | None = None

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found damaged and no value differs on running again."""
        return not self.damages and not self.differences

    def again(self) -> str:
        """Return what running again showed, empty where nothing was run."""
        if self.runs:
            return f"run again, {len(self.runs)} of its runs have the same values"
        return f"run again, all {self.tables} tables have the same values" if self.tables else ""

    def to_dict(self) -> dict[str, Any]:
        """Return folder, files checked, damages and re-runs as plain data, valid JSON."""
        rerun: dict[str, Any] = {"tables_rerun": self.tables}
        if self.runs is not None:
            rerun = {"runs_rerun": [{"cell": cell, "run": run} for cell, run in self.runs]}
        return {
            "folder": str(self.folder),
            "is_sound": self.is_sound,
            "files": self.files,
            "damages": self.damages,
            **rerun,
            "differences": self.differences,
        }
