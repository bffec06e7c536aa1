"""Play a batch: what is missing of it, on an engine, into a folder or into memory."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.experiments.batch import folder as folders
from deftrade.experiments.batch.engines import check_engine, run_tasks
from deftrade.experiments.batch.execution import Execution
from deftrade.experiments.batch.result import BatchResult
from deftrade.experiments.batch.seal import finish_folder, finished
from deftrade.experiments.batch.tables import in_memory
from deftrade.files import manifests
from deftrade.files.leftovers import sweep
from deftrade.files.writing import check_place, check_writable, partial_folder, put, stands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deftrade.experiments.batch.batch import Batch
    from deftrade.experiments.batch.execution import Shard
    from deftrade.experiments.batch.replicate import Key, Outcome, Task

USUAL = Execution()
"""How a batch is played unless told otherwise."""


def run_batch(batch: Batch, folder: Path | None = None, execution: Execution = USUAL) -> BatchResult:
    """Play a batch, or the part of it that a folder does not hold yet.

    Parameters
    ----------
    batch : Batch
        What to play.
    folder : Path, optional
        The batch's own folder (see `Batch.place`); without it all stays in memory.
    execution : Execution
        How to play it.

    Returns
    -------
    BatchResult
        A whole one that stands in the folder already is verified and kept.

    Raises
    ------
    ExperimentError
        The engine's packages are missing, or its scheduler does not answer.
    OutputError
        The folder holds something else or an unfinished batch, or the disk refuses.
    """
    tasks = batch.tasks(execution.shard)
    if folder is None:
        return _to_memory(batch, tasks, execution)
    if not execution.force and (kept := finished(batch, folder, execution.shard, retry=execution.resume)):
        return kept
    check_engine(execution)
    done = _prepare(batch, folder, execution)
    left = [task for task in tasks if task.key not in done]
    execution.tell(len(done), len(tasks))
    with closing(run_tasks(batch.in_order_of_play(left), execution)) as outcomes:
        for place, outcome in enumerate(outcomes, start=len(done) + 1):
            folders.keep(folder, outcome)
            execution.tell(place, len(tasks))
    return finish_folder(folder)


@contextmanager
def interrupts_noted(batch: Batch, folder: Path | None, shard: Shard | None = None) -> Iterator[None]:
    """Add to an interrupt the note how many runs are kept, and where."""
    try:
        yield
    except KeyboardInterrupt as interrupt:
        if folder is not None and (folder / folders.PLAN).exists():
            keys = [task.key for task in batch.tasks(shard)]
            done = sum(
                folders.run_file(folder, key).exists() or folders.failed_file(folder, key).exists()
                for key in keys
            )
            interrupt.add_note(f"{done} of {len(keys)} runs are kept in {folder}")
        raise


def _to_memory(batch: Batch, tasks: list[Task], execution: Execution) -> BatchResult:
    """Play tasks and keep their outcomes in memory."""
    outcomes: dict[Key, Outcome] = {}
    execution.tell(0, len(tasks))
    for outcome in run_tasks(batch.in_order_of_play(tasks), execution):
        outcomes[outcome.key] = outcome
        execution.tell(len(outcomes), len(tasks))
    ordered = [outcomes[task.key] for task in tasks]
    tables, content = in_memory(ordered)
    failed = tuple(outcome for outcome in ordered if not outcome.ok)
    shard = list(execution.shard) if execution.shard else None
    plan: dict[str, Any] = {**batch.plan(), "digest": batch.digest, "shard": shard}
    return BatchResult(plan, content, failed, _tables=tables)


def _prepare(batch: Batch, folder: Path, execution: Execution) -> set[Key]:
    """Make a folder ready for a batch and return which replicates it holds, whole.

    Raises
    ------
    OutputError
        It may not be used, or the disk refuses.
    """
    check_writable(folder.parent)
    sweep(folder.parent)
    check_place(folder, force=execution.force)
    if _is_anew(batch, folder, execution):
        with partial_folder(folder) as partial:  # a batch has its plan and its locks from its first moment
            folders.write_plan(batch, partial, execution.shard)
            put(partial, folder)
        return set()
    try:
        (folder / manifests.NAME).unlink(missing_ok=True)  # not whole from here on
        folders.clear_partial(folder)
        folders.write_plan(batch, folder, execution.shard)
    except OSError as error:
        raise OutputError(f"results cannot be written to {folder}: {error.strerror or error}") from error
    return {task.key for task in batch.tasks(execution.shard) if _is_whole(folder, task.key)}


def _is_anew(batch: Batch, folder: Path, execution: Execution) -> bool:
    """Return whether a batch begins in a folder, rather than goes on; refuse what may not be touched."""
    if not stands(folder) or (folder.is_dir() and folders.is_begun(folder)):
        return True
    plan = folders.read_plan(folder)  # not even force deletes what is no batch
    if execution.force and not execution.resume:
        return True
    _check_same(batch, folder, execution, plan)
    return False


def _check_same(batch: Batch, folder: Path, execution: Execution, plan: dict[str, Any]) -> None:
    """Refuse a folder that holds another batch, more of the same one, or, unless told, part of it."""
    other = "choose another --out, or --force to start anew"
    if plan["digest"] != batch.digest:
        raise OutputError(f"{folder} holds another batch ({plan['name']}, root seed {plan['root']}); {other}")
    if plan["shard"] != (list(execution.shard) if execution.shard else None):
        held = "{}/{}".format(*plan["shard"]) if plan["shard"] else "the whole batch"
        raise OutputError(f"{folder} holds another part of this batch ({held}); {other}")
    if plan["runs"] > batch.runs:
        raise OutputError(f"{folder} holds this batch with {plan['runs']} runs, not {batch.runs}; {other}")
    if not execution.resume:
        count = sum(folders.run_file(folder, key).exists() for key in folders.planned(plan))
        raise OutputError(
            f"{folder} holds this batch with {count} of {len(batch.tasks(execution.shard))} runs done;"
            " --resume goes on with it, --force starts anew"
        )


def _is_whole(folder: Path, key: Key) -> bool:
    """Return whether a folder holds a replicate that came to its end, undamaged."""
    try:
        outcome = folders.read_outcome(folder, key)
    except OutputError:
        return False
    return outcome is not None and outcome.ok
