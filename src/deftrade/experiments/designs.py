"""What users call: experiments over the points of a design."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade.errors import ExperimentError
from deftrade.experiments.batch import Batch, file_name
from deftrade.experiments.design import morris_problem
from deftrade.experiments.experiment import Experiment
from deftrade.experiments.loading import load_experiment
from deftrade.experiments.outcomes import Outcomes, gather
from deftrade.experiments.robustness import Robustness, judge
from deftrade.experiments.running import run_batch
from deftrade.experiments.sensitivity import METHODS, Sensitivity, measure
from deftrade.experiments.sweep import Sweep

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.experiments.batch import Shard
    from deftrade.experiments.result import BatchResult


@dataclass(frozen=True)
class Playing:
    """How the runs of a design are played; nothing of it changes a value.

    Parameters
    ----------
    out : Path or None
        Folder in which the batch gets its own; without it, all stays in memory.
    engine, workers, scheduler
        See `deftrade.experiments.engines.run_tasks`.
    shard : Shard or None
        Play only this part; it answers nothing yet.
    resume, force : bool
        Go on with an unfinished batch in ``out``, or start anew.
    """

    out: Path | None = None
    engine: str = "processes"
    workers: int | None = None
    scheduler: str | None = None
    shard: Shard | None = None
    resume: bool = False
    force: bool = False

    def place(self, batch: Batch) -> Path | None:
        """Return the folder of a batch, none if it stays in memory."""
        return None if self.out is None else batch.place(self.out, self.shard)


def sweep(experiment: Experiment | str | Path, *, runs: int | None = None, **playing: Any) -> Sweep:
    """Return how outcomes change over the points of an experiment's design.

    Parameters
    ----------
    experiment : Experiment, str or Path
        A loaded experiment, or its file.
    runs : int, optional
        Runs per point instead of the file's.
    **playing
        How to play: see `Playing`; and ``progress``, called with runs done and runs in all.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        What is asked for cannot be done.

    Examples
    --------
    >>> from deftrade import sweep
    >>> sweep("scenarios/experiments/offset_grid.yaml").to_frame()  # doctest: +SKIP
    """
    return Sweep(_outcomes(prepared(experiment, runs), **playing))


def sensitivity(
    experiment: Experiment | str | Path,
    method: str = "",
    *,
    runs: int | None = None,
    points: int | None = None,
    **playing: Any,
) -> Sensitivity:
    """Return which factors move an experiment's outcomes, by Morris or Sobol.

    Parameters
    ----------
    experiment : Experiment, str or Path
        A loaded experiment, or its file.
    method : str
        ``morris`` or ``sobol``; empty takes that of the experiment's design, if it is one of them.
    runs, points : int, optional
        Runs per point, and trajectories (Morris) or base points (Sobol), instead of the file's.
    **playing
        How to play: see `Playing`; and ``progress``, called with runs done and runs in all.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        What is asked for cannot be done.
    """
    asked, chosen = for_method(prepared(experiment, runs), method, points)
    return measure(_outcomes(asked, **playing), chosen)


def robustness(experiment: Experiment | str | Path, *, runs: int | None = None, **playing: Any) -> Robustness:
    """Return how policies do over uncertain worlds: satisficing, regret, and where they fail.

    Parameters
    ----------
    experiment : Experiment, str or Path
        A loaded experiment with goals, or its file.
    runs : int, optional
        Runs per point instead of the file's.
    **playing
        How to play: see `Playing`; and ``progress``, called with runs done and runs in all.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        What is asked for cannot be done.
    """
    loaded = prepared(experiment, runs)
    check_goals(loaded)
    return judge(_outcomes(loaded, **playing))


def for_method(experiment: Experiment, method: str = "", points: int | None = None) -> tuple[Experiment, str]:
    """Return the experiment with the design that a method needs, and the method.

    Raises
    ------
    ExperimentError
        There is no such method, or the size does not fit it.
    """
    chosen = method or experiment.design
    if chosen not in METHODS:
        raise ExperimentError(
            f"the design {chosen} has no sensitivity indices; choose a method: {', '.join(METHODS)}"
        )
    size = experiment.points if points is None else points
    if size < 1 or (chosen == "sobol" and size & (size - 1)):
        below = 1 << max(size.bit_length() - 1, 0)
        allowed = f"a power of two, such as {below} or {2 * below}" if chosen == "sobol" else "1 or more"
        raise ExperimentError(f"the method {chosen} cannot take {size} points; allowed: {allowed}")
    if chosen == "morris" and (problem := morris_problem(experiment.factors)):
        raise ExperimentError(problem)
    return experiment.with_design(METHODS[chosen], size), chosen


def check_goals(experiment: Experiment) -> None:
    """Refuse an experiment that does not say what success is.

    Raises
    ------
    ExperimentError
        It has no goals.
    """
    if not experiment.goals:
        raise ExperimentError(
            f"{experiment.name} has no goals: robustness needs thresholds, such as"
            " goals: {jobs_direct: {at_least: 1 000 jobs}}"
        )


def prepared(experiment: Experiment | str | Path, runs: int | None = None) -> Experiment:
    """Return a loaded experiment with the runs that are asked for."""
    loaded = experiment if isinstance(experiment, Experiment) else load_experiment(experiment)
    return loaded if runs is None else loaded.with_runs(runs)


def batch_of(experiment: Experiment) -> Batch:
    """Return the batch of all runs of a design."""
    cells = experiment.cells(experiment.lay_out())
    label = file_name(experiment.name)
    return Batch(tuple(cells), experiment.seed, experiment.runs, label=label, files=experiment.files)


def play(batch: Batch, playing: Playing, progress: Callable[[int, int], None] | None = None) -> BatchResult:
    """Play a batch, or a shard of it; ``progress`` is called with runs done and runs in all."""
    return run_batch(
        batch,
        playing.place(batch),
        engine=playing.engine,
        workers=playing.workers,
        scheduler=playing.scheduler,
        shard=playing.shard,
        resume=playing.resume,
        force=playing.force,
        progress=progress,
    )


def outcomes_of(experiment: Experiment, batch: BatchResult) -> Outcomes:
    """Return what a batch of an experiment came to."""
    return gather(experiment, experiment.lay_out(), batch.to_frame("indicators"), batch)


def _outcomes(
    experiment: Experiment,
    *,
    out: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    **playing: Any,
) -> Outcomes:
    """Return the outcomes of an experiment after playing it."""
    how = Playing(None if out is None else Path(out), **playing)
    if how.shard is not None:
        raise ExperimentError("a shard of a design has no answer yet; play all, then ask again")
    return outcomes_of(experiment, play(batch_of(experiment), how, progress))
