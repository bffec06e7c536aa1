"""A batch that was played: its plan and the tables of all its runs, on disk or in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from deftrade.experiments.batch.folder import planned
from deftrade.experiments.batch.tables import NAMES
from deftrade.results.timing import table_as_now

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from deftrade.experiments.batch.replicate import Key, Outcome


@dataclass(frozen=True)
class Played:
    """A finished batch, or a finished shard of one, without any way to show it.

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
        """Name of the batch, as its files begin."""
        return str(self.plan["name"])

    @property
    def cells(self) -> tuple[str, ...]:
        """Names of the cells, in the plan's order."""
        return tuple(cell["name"] for cell in self.plan["cells"])

    @property
    def runs(self) -> int:
        """Number of replicates of each cell."""
        return int(self.plan["runs"])

    @cached_property
    def keys(self) -> list[Key]:
        """Which replicates it holds, in canonical order."""
        return planned(self.plan)

    def at(self, folder: Path) -> Self:
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

        return table_as_now(pyarrow.parquet.read_table(self.folder / f"{name}.parquet"))

    def to_frame(self, name: str = "indicators") -> pd.DataFrame:
        """Return a table as a tidy DataFrame, units and meanings in ``.attrs``."""
        table = self.table(name)
        frame = table.to_pandas()
        for note in ("unit", "meaning"):
            frame.attrs[f"{note}s"] = {
                column.name: column.metadata[note.encode()].decode() for column in table.schema
            }
        return frame

    def __repr__(self) -> str:
        failed = f", {len(self.failed)} failed" if self.failed else ""
        return f"{type(self).__name__}({', '.join(self.cells)}: {self.runs} runs each{failed})"
