"""What a batch comes to: tables of all its runs, on disk or in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade.experiments.folder import failures, planned, read_plan
from deftrade.experiments.tables import NAMES
from deftrade.files import manifests

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from deftrade.experiments.replicate import Key, Outcome


@dataclass(frozen=True)
class BatchResult:
    """A finished batch, or a finished shard of one.

    Parameters
    ----------
    plan : dict
        What it is a batch of: ``name``, ``root``, ``runs``, ``cells`` and more.
    content : dict of str to str
        Hash of the values of every table; order, workers, resuming and shards leave them equal.
    failed : tuple of Outcome
        Runs that did not come to their end.
    folder : Path or None
        Where it stands; None if it is in memory.
    is_new : bool
        False if it was there already, whole and undamaged, and was kept.
    """

    plan: dict[str, Any]
    content: dict[str, str]
    failed: tuple[Outcome, ...] = ()
    folder: Path | None = None
    is_new: bool = True
    _tables: dict[str, pa.Table] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Short name."""
        return str(self.plan["name"])

    @property
    def cells(self) -> tuple[str, ...]:
        """Names of the scenarios."""
        return tuple(cell["name"] for cell in self.plan["cells"])

    @property
    def runs(self) -> int:
        """Runs of each cell."""
        return int(self.plan["runs"])

    @cached_property
    def keys(self) -> list[Key]:
        """Which replicates it holds, in canonical order."""
        return planned(self.plan)

    def at(self, folder: Path) -> BatchResult:
        """Return the batch after its folder was moved."""
        return replace(self, folder=folder)

    def table(self, name: str) -> pa.Table:
        """Return ``indicators``, ``courses`` or ``status`` as an Arrow table with units.

        Raises
        ------
        KeyError
            There is no such table.
        """
        if name not in NAMES:
            raise KeyError(f"no table {name!r}; there are {', '.join(NAMES)}")
        if self.folder is None:
            return self._tables[name]
        import pyarrow.parquet

        return pyarrow.parquet.read_table(self.folder / f"{name}.parquet")

    def to_frame(self, name: str = "indicators") -> pd.DataFrame:
        """Return a table as a tidy DataFrame, units and meanings in ``.attrs``."""
        table = self.table(name)
        frame = table.to_pandas()
        for note in ("unit", "meaning"):
            frame.attrs[f"{note}s"] = {
                column.name: column.metadata[note.encode()].decode() for column in table.schema
            }
        return frame

    def to_dict(self) -> dict[str, Any]:
        """Return its summary as plain data: what was run, what failed, every indicator over the runs."""
        from deftrade.experiments.summaries import to_dict

        return to_dict(self)

    def __repr__(self) -> str:
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"BatchResult({', '.join(self.cells)}: {self.runs} runs each{failed})"

    def _repr_html_(self) -> str:
        """Return what notebooks show."""
        from deftrade.experiments.summaries import to_html

        return to_html(self)


def read_batch(folder: str | Path) -> BatchResult:
    """Return a finished batch from its folder.

    Raises
    ------
    OutputError
        The folder is no batch, or one that is not finished.
    """
    folder = Path(folder)
    plan, manifest = read_plan(folder), manifests.read(folder)
    return BatchResult(plan, manifest["content"], failures(folder, manifest["failed"]), folder, is_new=False)
