"""What a batch comes to, as it is read and told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deftrade.experiments.batch.folder import failures, read_plan
from deftrade.experiments.batch.played import Played
from deftrade.experiments.batch.summaries import to_dict, to_html
from deftrade.files import manifests


@dataclass(frozen=True, repr=False)
class BatchResult(Played):
    """A finished batch, or a finished shard of one; `Played` has its parameters."""

    def to_dict(self) -> dict[str, Any]:
        """Return its summary as plain data: what was run, what failed, every indicator over the runs."""
        return to_dict(self)

    def _repr_html_(self) -> str:
        """Return a summary of the batch as HTML."""
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
