"""What users call: experiments over the points of a design."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from deftrade.errors import ExperimentError
from deftrade.experiments.batch.batch import Batch, file_name
from deftrade.experiments.batch.execution import execution_of
from deftrade.experiments.batch.running import interrupts_noted, run_batch
from deftrade.experiments.design.design import morris_problem
from deftrade.experiments.design.experiment import Experiment
from deftrade.experiments.design.load import load_experiment
from deftrade.experiments.design.outcomes import Outcomes, gather
from deftrade.experiments.robustness.robustness import Robustness, judge
from deftrade.experiments.sensitivity.sensitivity import METHODS, Sensitivity, measure
from deftrade.experiments.sweep.sweep import Sweep

if TYPE_CHECKING:
    from typing import Unpack

    from deftrade.experiments.batch.execution import Execution, ExecutionOptions
    from deftrade.experiments.batch.result import BatchResult

Kind = Literal["sweep", "sensitivity", "robustness"]
Kept = TypeVar("Kept", Sweep, Sensitivity, Robustness)


def sweep(
    experiment: Experiment | str | Path,
    *,
    runs: int | None = None,
    out: str | Path | None = None,
    execution: Execution | None = None,
    **options: Unpack[ExecutionOptions],
) -> Sweep:
    """Return how outcomes change over the points of an experiment's design.

    Parameters
    ----------
    experiment : Experiment, str or Path
        A loaded experiment, or its file.
    runs : int, optional
        Runs per point instead of the file's.
    out : str or Path, optional
        Folder in which the batch gets its own and the answer one beside it, with tables and figures;
        without it, all stays in memory.
    execution : Execution, optional
        How the runs are played; without it, in processes of this machine, one a core.
    **options
        Single fields of it: ``engine``, ``workers``, ``scheduler``, ``resume``, ``force`` and
        ``progress``, as `deftrade.Execution` describes them.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        What is asked for cannot be done.

    Examples
    --------
    >>> from deftrade import sweep
    >>> sweep("scenarios/experiments/offset_grid.yaml").to_frame()  # doctest: +SKIP
    """
    how = _for_answer(execution_of(sweep, execution, options))
    return _kept(Sweep(_outcomes(prepared(experiment, runs), out, how)))


def sensitivity(
    experiment: Experiment | str | Path,
    method: str = "",
    *,
    runs: int | None = None,
    points: int | None = None,
    out: str | Path | None = None,
    execution: Execution | None = None,
    **options: Unpack[ExecutionOptions],
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
    out : str or Path, optional
        Folder in which the batch gets its own and the answer one beside it, with tables and figures;
        without it, all stays in memory.
    execution : Execution, optional
        How the runs are played; without it, in processes of this machine, one a core.
    **options
        Single fields of it: ``engine``, ``workers``, ``scheduler``, ``resume``, ``force`` and
        ``progress``, as `deftrade.Execution` describes them.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        What is asked for cannot be done.
    """
    how = _for_answer(execution_of(sensitivity, execution, options))
    asked, chosen = for_method(prepared(experiment, runs), method, points)
    return _kept(measure(_outcomes(asked, out, how), chosen))


def robustness(
    experiment: Experiment | str | Path,
    *,
    runs: int | None = None,
    out: str | Path | None = None,
    execution: Execution | None = None,
    **options: Unpack[ExecutionOptions],
) -> Robustness:
    """Return how policies do over uncertain worlds: satisficing, regret, and where they fail.

    Parameters
    ----------
    experiment : Experiment, str or Path
        A loaded experiment with goals, or its file.
    runs : int, optional
        Runs per point instead of the file's.
    out : str or Path, optional
        Folder in which the batch gets its own and the answer one beside it, with tables and figures;
        without it, all stays in memory.
    execution : Execution, optional
        How the runs are played; without it, in processes of this machine, one a core.
    **options
        Single fields of it: ``engine``, ``workers``, ``scheduler``, ``resume``, ``force`` and
        ``progress``, as `deftrade.Execution` describes them.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        What is asked for cannot be done.
    """
    how = _for_answer(execution_of(robustness, execution, options))
    loaded = prepared(experiment, runs)
    check_goals(loaded)
    return _kept(judge(_outcomes(loaded, out, how)))


def run_shard(
    kind: Kind,
    experiment: Experiment | str | Path,
    method: str = "",
    *,
    runs: int | None = None,
    points: int | None = None,
    out: str | Path | None = None,
    execution: Execution,
) -> BatchResult:
    """Play one part of a design's runs; merged with the others, the whole is found and answered.

    Parameters
    ----------
    kind : str
        What is to be asked of the whole: ``sweep``, ``sensitivity`` or ``robustness``.
    experiment, method, runs, points, out
        As in `sensitivity`.
    execution : Execution
        How it is played, and which part.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        What is asked for cannot be done.
    """
    asked = prepared(experiment, runs)
    if kind == "sensitivity":
        asked, _ = for_method(asked, method, points)
    elif kind == "robustness":
        check_goals(asked)
    return _play(batch_of(asked), out, execution)


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
    """Return the batch that plays an experiment: its cells, root seed and number of runs."""
    cells = experiment.cells(experiment.lay_out())
    label = file_name(experiment.name)
    return Batch(tuple(cells), experiment.seed, experiment.runs, label=label, files=experiment.files)


def _for_answer(execution: Execution) -> Execution:
    """Return how to play what is to be answered, refused where that is a part."""
    if execution.shard is not None:
        raise ExperimentError("a shard of a design has no answer yet; play all, then ask again")
    return execution


def _play(batch: Batch, out: str | Path | None, execution: Execution) -> BatchResult:
    """Play a batch, or a shard of it, into its folder or into memory."""
    folder = None if out is None else batch.place(Path(out), execution.shard)
    with interrupts_noted(batch, folder, execution.shard):
        return run_batch(batch, folder, execution)


def _outcomes(experiment: Experiment, out: str | Path | None, execution: Execution) -> Outcomes:
    """Return the outcomes of an experiment after playing it."""
    result = _play(batch_of(experiment), out, execution)
    return gather(experiment, experiment.lay_out(), result.to_frame("indicators"), result)


def _kept(answer: Kept) -> Kept:
    """Return an answer after writing it beside its batch, if that is on disk."""
    if answer.batch is not None and answer.batch.folder is not None:
        from deftrade.experiments.answers.files import keep_answer

        keep_answer(answer)
    return answer
