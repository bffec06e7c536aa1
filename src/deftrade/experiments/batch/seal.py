"""The end of a batch on disk: merged tables, then the manifest that makes the folder whole."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.experiments.batch import folder as folders
from deftrade.experiments.batch.page import write_page
from deftrade.experiments.batch.result import BatchResult, read_batch
from deftrade.experiments.batch.tables import to_folder
from deftrade.files import manifests
from deftrade.files.strangers import strangers, tell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deftrade.experiments.batch.batch import Batch
    from deftrade.experiments.batch.execution import Shard
    from deftrade.experiments.batch.replicate import Outcome


def finished(batch: Batch, folder: Path, shard: Shard | None, *, retry: bool) -> BatchResult | None:
    """Return the batch that stands in a folder if it is this one, whole and undamaged.

    Parameters
    ----------
    batch : Batch
        What is asked for.
    folder : Path
        Where it would stand.
    shard : Shard or None
        The part that is asked for.
    retry : bool
        Whether a batch with failed runs counts as unfinished.
    """
    try:
        plan, data = folders.read_plan(folder), manifests.read(folder)
    except OutputError:
        return None
    same = plan["digest"] == batch.digest and plan["runs"] == batch.runs
    if not same or plan["shard"] != (list(shard) if shard else None) or (retry and data["failed"]):
        return None
    return None if manifests.damages(folder, data) else read_batch(folder)


def finish_folder(folder: Path) -> BatchResult:
    """Write the merged tables and the manifest of a folder that holds every replicate of its plan.

    Raises
    ------
    OutputError
        Replicates are missing or damaged, or the disk refuses.
    """
    plan = folders.read_plan(folder)
    failed: list[tuple[str, int]] = []
    seconds = [0.0]

    def outcomes() -> Iterator[Outcome]:
        for key in folders.planned(plan):
            outcome = folders.renewed(folder, key)
            if outcome is None:
                raise OutputError(f"{folder} is not finished: run {key.run} of {key.cell} is missing")
            seconds[0] += outcome.seconds
            if not outcome.ok:
                failed.append(outcome.key)
            yield outcome

    try:
        content = to_folder(outcomes(), folder)
        with suppress(OSError):  # a shard without runs keeps no empty folder
            (folder / folders.RUNS).rmdir()
        result = BatchResult(plan, content, folders.failures(folder, failed), folder)
        write_page(result, folder)
        manifests.write(_manifest(plan, content, failed, seconds[0], folder), folder)
    except OSError as error:
        raise OutputError(f"results could not be written to {folder}: {error}") from error
    tell(folder, strangers(folder))
    return result


def _manifest(
    plan: dict[str, Any], content: dict[str, str], failed: list[Any], seconds: float, folder: Path
) -> dict[str, Any]:
    """Return the manifest of a batch whose other files stand in a folder."""
    facts = {
        "kind": "batch",
        "batch": {
            key: plan[key] for key in ("name", "digest", "shard", "root", "runs", "openings", "keep", "cells")
        },
        "content": content,
        "failed": [list(key) for key in failed],
        "timings": {"runs": round(seconds, 3)},
    }
    own = folders.own_files(folder, plan)
    return manifests.build("batch", manifests.Origin.of(plan), facts, folder, own)
