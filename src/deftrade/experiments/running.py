"""Play a batch: what is missing of it, on an engine, into a folder or into memory."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.experiments import folder as folders
from deftrade.experiments.engines import check_engine, run_tasks
from deftrade.experiments.finishing import finish_folder, finished
from deftrade.experiments.result import BatchResult
from deftrade.experiments.tables import in_memory
from deftrade.files.writing import check_writable, stands

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from deftrade.experiments.batch import Batch, Shard
    from deftrade.experiments.replicate import Key, Outcome, Task

    Progress = Callable[[int, int], None]


def run_batch(
    batch: Batch,
    folder: Path | None = None,
    *,
    engine: str = "processes",
    workers: int | None = None,
    scheduler: str | None = None,
    shard: Shard | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> BatchResult:
    """Play a batch, or the part of it that a folder does not hold yet.

    Parameters
    ----------
    batch : Batch
        What to play.
    folder : Path, optional
        The batch's own folder (see `Batch.place`); without it all stays in memory.
    engine, workers, scheduler
        See `deftrade.experiments.engines.run_tasks`.
    shard : Shard, optional
        Play only this part.
    resume : bool
        Go on with an unfinished batch: play what is missing, what failed, and what is damaged. A
        batch of fewer runs is extended.
    force : bool
        Start anew where another batch or an unfinished one stands.
    progress : callable, optional
        Called at the start and after every run with runs done and runs in all.

    Returns
    -------
    BatchResult
        A whole one that stands in the folder already is verified and kept.

    Raises
    ------
    ExperimentError
        The engine cannot do what is asked.
    OutputError
        The folder holds something else or an unfinished batch, or the disk refuses.
    """
    check_engine(engine, workers, scheduler)
    tasks = batch.tasks(shard)

    def play(left: list[Task]) -> Generator[Outcome, None, None]:
        return run_tasks(batch.in_order_of_play(left), engine, workers, scheduler)

    if folder is None:
        return _to_memory(batch, tasks, shard, play, progress)
    if not force and (kept := finished(batch, folder, shard, retry=resume)):
        return kept
    done = _prepare(batch, folder, shard, resume=resume, force=force)
    left = [task for task in tasks if task.key not in done]
    _tell(progress, len(done), len(tasks))
    with closing(play(left)) as outcomes:
        for place, outcome in enumerate(outcomes, start=len(done) + 1):
            folders.keep(folder, outcome)
            _tell(progress, place, len(tasks))
    return finish_folder(folder)


def _to_memory(
    batch: Batch,
    tasks: list[Task],
    shard: Shard | None,
    play: Callable[[list[Task]], Generator[Outcome, None, None]],
    progress: Progress | None,
) -> BatchResult:
    """Play tasks and keep their outcomes in memory."""
    outcomes: dict[Key, Outcome] = {}
    _tell(progress, 0, len(tasks))
    for outcome in play(tasks):
        outcomes[outcome.key] = outcome
        _tell(progress, len(outcomes), len(tasks))
    ordered = [outcomes[task.key] for task in tasks]
    tables, content = in_memory(ordered)
    failed = tuple(outcome for outcome in ordered if not outcome.ok)
    plan: dict[str, Any] = {**batch.plan(), "digest": batch.digest, "shard": list(shard) if shard else None}
    return BatchResult(plan, content, failed, _tables=tables)


def _prepare(batch: Batch, folder: Path, shard: Shard | None, *, resume: bool, force: bool) -> set[Key]:
    """Make a folder ready for a batch and return which replicates it holds, whole.

    Raises
    ------
    OutputError
        It may not be used, or the disk refuses.
    """
    check_writable(folder.parent)
    if stands(folder):
        plan = folders.read_plan(folder)  # not even force deletes what is no batch
        if force and not resume:
            shutil.rmtree(folder)
        else:
            _check_same(batch, folder, shard, plan, resume=resume)
    try:
        folders.write_plan(batch, folder, shard)
        (folder / "manifest.json").unlink(missing_ok=True)  # not whole from here on
        folders.clear_partial(folder)
    except OSError as error:
        raise OutputError(f"results cannot be written to {folder}: {error.strerror or error}") from error
    return {task.key for task in batch.tasks(shard) if _is_whole(folder, task.key)}


def _check_same(
    batch: Batch, folder: Path, shard: Shard | None, plan: dict[str, Any], *, resume: bool
) -> None:
    """Refuse a folder that holds another batch, more of the same one, or, unless told, part of it."""
    other = "choose another --out, or --force to start anew"
    if plan["digest"] != batch.digest:
        raise OutputError(f"{folder} holds another batch ({plan['name']}, root seed {plan['root']}); {other}")
    if plan["shard"] != (list(shard) if shard else None):
        held = "{}/{}".format(*plan["shard"]) if plan["shard"] else "the whole batch"
        raise OutputError(f"{folder} holds another part of this batch ({held}); {other}")
    if plan["runs"] > batch.runs:
        raise OutputError(f"{folder} holds this batch with {plan['runs']} runs, not {batch.runs}; {other}")
    if not resume:
        count = sum(folders.run_file(folder, key).exists() for key in folders.planned(plan))
        raise OutputError(
            f"{folder} holds this batch with {count} of {len(batch.tasks(shard))} runs done;"
            " --resume goes on with it, --force starts anew"
        )


def _is_whole(folder: Path, key: Key) -> bool:
    """Return whether a folder holds a replicate that came to its end, undamaged."""
    try:
        outcome = folders.read_outcome(folder, key)
    except OutputError:
        return False
    return outcome is not None and outcome.ok


def _tell(progress: Progress | None, done: int, whole: int) -> None:
    """Report progress to whoever asked for it."""
    if progress is not None:
        progress(done, whole)
