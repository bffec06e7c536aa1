"""What users call: experiments on scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from deftrade.errors import ExperimentError
from deftrade.experiments.batch.batch import Batch, file_name
from deftrade.experiments.batch.execution import execution_of
from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.batch.running import interrupts_noted, run_batch
from deftrade.experiments.batch.trajectories import Keep
from deftrade.scenario.load import load
from deftrade.scenario.resolved import Scenario

if TYPE_CHECKING:
    from typing import Unpack

    from deftrade.experiments.batch.execution import Execution, ExecutionOptions
    from deftrade.experiments.batch.result import BatchResult


def ensemble(
    scenario: Scenario | str | Path,
    runs: int = 100,
    *,
    seed: int | None = None,
    years: int | None = None,
    openings: int = 0,
    out: str | Path | None = None,
    keep: str = "focus",
    every: str = "year",
    execution: Execution | None = None,
    **options: Unpack[ExecutionOptions],
) -> BatchResult:
    """Run a scenario many times, each time with luck of its own.

    Parameters
    ----------
    scenario : Scenario, str or Path
        A loaded scenario, or its file.
    runs : int
        How many runs. Run ``k`` is the same in any ensemble with the same seed.
    seed : int, optional
        Seed from which those of the runs follow, instead of the scenario's.
    years : int, optional
        Run only the first years.
    openings : int
        Openings that are drawn, each for equally many runs: the entities stay, and what settling makes
        of them (fleets, order books, stocks) is drawn anew. 0 keeps the scenario's own: what the runs
        then say holds for this opening only.
    out : str or Path, optional
        Folder in which the ensemble gets its own; without it, all stays in memory.
    keep, every : str
        Courses to keep: of the ``focus`` state or ``all``, by ``year`` or ``step``.
    execution : Execution, optional
        How the runs are played; without it, in processes of this machine, one a core.
    **options
        Single fields of it: ``engine``, ``workers``, ``scheduler``, ``shard``, ``resume``, ``force``
        and ``progress``, as `deftrade.Execution` describes them.

    Returns
    -------
    BatchResult
        Tables ``indicators``, ``courses`` and ``status`` of all runs.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        What is asked for cannot be done.

    Examples
    --------
    >>> from deftrade import ensemble
    >>> result = ensemble("scenarios/baseline.yaml", runs=2, years=1, engine="serial")
    >>> result.to_frame("status")["status"].tolist()
    ['done', 'done']
    """
    how = execution_of(ensemble, execution, options)
    chosen = _loaded(scenario, seed, years)
    batch = Batch(
        (Cell(file_name(chosen.name), chosen),), chosen.seed, runs, Keep(keep, every), openings=openings
    )
    folder = None if out is None else batch.place(Path(out), how.shard)
    with interrupts_noted(batch, folder, how.shard):
        return run_batch(batch, folder, how)


def _loaded(scenario: Scenario | str | Path, seed: int | None, years: int | None) -> Scenario:
    """Return a scenario with the seed and length that are asked for."""
    if not isinstance(scenario, Scenario):
        return load(scenario, seed=seed, years=years)
    if years is not None and years < 1:
        raise ExperimentError(f"a run cannot have {years} years; allowed: 1 or more")
    chosen = scenario if seed is None else scenario.with_seed(seed)
    return chosen if years is None else chosen.with_years(years)
