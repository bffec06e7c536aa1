"""What users call: experiments on scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from deftrade.errors import ExperimentError
from deftrade.experiments.batch import Batch, Shard, file_name, parse_shard
from deftrade.experiments.replicate import Cell, Keep
from deftrade.experiments.running import run_batch
from deftrade.scenario.loading import load
from deftrade.scenario.resolved import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.experiments.result import BatchResult


def ensemble(
    scenario: Scenario | str | Path,
    runs: int = 100,
    *,
    seed: int | None = None,
    years: int | None = None,
    out: str | Path | None = None,
    keep: str = "focus",
    every: str = "year",
    engine: str = "processes",
    workers: int | None = None,
    scheduler: str | None = None,
    shard: str | Shard | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Callable[[int, int], None] | None = None,
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
    out : str or Path, optional
        Folder in which the ensemble gets its own; without it, all stays in memory.
    keep, every : str
        Courses to keep: of the ``focus`` state or ``all``, by ``year`` or ``step``.
    engine : str
        ``processes``, ``serial`` or ``dask``.
    workers : int, optional
        Processes; without it, one a core.
    scheduler : str, optional
        Address of a dask scheduler.
    shard : str or Shard, optional
        Run only this part, such as ``"2/4"``.
    resume, force : bool
        Go on with an unfinished ensemble in ``out``, or start anew.
    progress : callable, optional
        Called after every run with runs done and runs in all.

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
    chosen = _loaded(scenario, seed, years)
    batch = Batch((Cell(file_name(chosen.name), chosen),), chosen.seed, runs, Keep(keep, every))
    part = parse_shard(shard) if isinstance(shard, str) else shard
    return run_batch(
        batch,
        None if out is None else batch.place(Path(out), part),
        engine=engine,
        workers=workers,
        scheduler=scheduler,
        shard=part,
        resume=resume,
        force=force,
        progress=progress,
    )


def _loaded(scenario: Scenario | str | Path, seed: int | None, years: int | None) -> Scenario:
    """Return a scenario with the seed and length that are asked for."""
    if not isinstance(scenario, Scenario):
        return load(scenario, seed=seed, years=years)
    if years is not None and years < 1:
        raise ExperimentError(f"a run cannot have {years} years; allowed: 1 or more")
    chosen = scenario if seed is None else scenario.with_seed(seed)
    return chosen if years is None else chosen.with_years(years)
