"""Compare policies: load them, check that the comparison is fair, run them in pairs, judge."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from deftrade.errors import ExperimentError
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.execution import execution_of
from deftrade.experiments.batch.folder import LOCKS, PLAN, read_plan
from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.batch.result import read_batch
from deftrade.experiments.batch.running import interrupts_noted, run_batch
from deftrade.experiments.batch.tables import NAMES
from deftrade.experiments.compare.comparison import Comparison, compare_result
from deftrade.experiments.compare.fairness import cells_of, check_comparable
from deftrade.experiments.compare.files import check_as_written, check_family, holds_answer, write_comparison
from deftrade.experiments.compare.findings import chosen_indicators
from deftrade.experiments.compare.pairs import indicators_by_run
from deftrade.experiments.compare.stopping import FEWEST, Until, is_narrow, next_runs, parse_until, unmet
from deftrade.files.locking import NAME as LOCK_FILE
from deftrade.scenario.compose import is_module
from deftrade.scenario.load import load
from deftrade.scenario.resolved import Scenario
from deftrade.scenario.shipped import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Unpack

    import numpy as np

    from deftrade.experiments.batch.execution import Execution, ExecutionOptions
    from deftrade.experiments.batch.result import BatchResult

RUNS = 200
"""Pairs that are run unless told otherwise: so many that intervals of skewed indicators cover as they say.

A comparison that stops by itself begins with `FEWEST` instead.
"""

MOST_RUNS = 2000
"""Pairs at which sequential stopping gives up unless told otherwise."""


def compare(
    *scenarios: Scenario | str | Path,
    runs: int | None = None,
    seed: int | None = None,
    years: int | None = None,
    openings: int = 0,
    indicators: Sequence[str] | None = None,
    until: str | None = None,
    max_runs: int = MOST_RUNS,
    allow_different_worlds: bool = False,
    out: str | Path | None = None,
    execution: Execution | None = None,
    **options: Unpack[ExecutionOptions],
) -> Comparison:
    """Compare policies with a baseline on pairs of runs that share their luck.

    Parameters
    ----------
    *scenarios : Scenario, str or Path
        The baseline first. After a baseline given as a file, a policy module alone stands for the
        baseline with it.
    runs : int, optional
        Pairs to run; without it 200, or with ``until`` 20 to begin with.
    seed : int, optional
        Seed from which those of the runs follow, instead of the baseline's.
    years : int, optional
        Run only the first years.
    openings : int
        Openings that are drawn, the same for all scenarios and each for equally many pairs: the
        effect is the mean of the openings' means, its interval Student's and Hall's over them. 0
        keeps the baseline's own: what is found then holds for this opening only.
    indicators : sequence of str, optional
        The family of questions asked together: names, ``["all"]``, or without it the main ones.
    until : str, optional
        ``"jobs_net=500"`` runs more pairs, from ``runs`` on, until the 95 % interval of that
        indicator's difference reaches no farther than 500 either way for every policy.
    max_runs : int
        Pairs at which that gives up.
    allow_different_worlds : bool
        Compare scenarios whose worlds or parameters differ; the difference is then not a policy's.
    out : str or Path, optional
        Folder in which the comparison gets its own, with tables and figures; without it, all stays
        in memory.
    execution : Execution, optional
        How the runs are played; without it, in processes of this machine, one a core.
    **options
        Single fields of it: ``engine``, ``workers``, ``scheduler``, ``resume``, ``force`` and
        ``progress``, as `deftrade.Execution` describes them.

    Returns
    -------
    Comparison
        With `Comparison.to_frame`, `Comparison.sentence` and `Comparison.plot`.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        What is asked for cannot be done, or the comparison would not be fair.

    Examples
    --------
    >>> from deftrade import compare
    >>> found = compare("scenarios/baseline.yaml", "scenarios/baseline.yaml", runs=2, years=1,
    ...                 indicators=["jobs_net"], engine="serial")
    >>> found.sentence()
    'policy baseline-2: net jobs: no effect at all: the policy cannot act on it'
    """
    how = execution_of(compare, execution, options)
    if how.shard is not None:
        raise ExperimentError("a shard holds no pairs; run shards first, merge them, then compare the folder")
    wanted = None if until is None else parse_until(until)
    if openings and wanted is not None:
        raise ExperimentError("until adds pairs, not openings; give runs and openings instead")
    first = runs if runs is not None else RUNS if wanted is None else FEWEST
    batch = comparison_batch(
        scenarios,
        first,
        seed=seed,
        years=years,
        openings=openings,
        allow_different_worlds=allow_different_worlds,
    )
    folder = None if out is None else batch.place(Path(out))
    with interrupts_noted(batch, folder):
        return compare_batch(batch, folder, how, indicators=indicators, until=wanted, max_runs=max_runs)


def run_shard(
    *scenarios: Scenario | str | Path,
    runs: int | None = None,
    seed: int | None = None,
    years: int | None = None,
    openings: int = 0,
    allow_different_worlds: bool = False,
    out: str | Path | None = None,
    execution: Execution,
) -> BatchResult:
    """Play one part of a comparison's runs; merged with the others, its folder is compared.

    Parameters
    ----------
    *scenarios, runs, seed, years, openings, allow_different_worlds, out
        As in `compare`.
    execution : Execution
        How it is played, and which part.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        As `compare`.
    """
    batch = comparison_batch(
        scenarios,
        RUNS if runs is None else runs,
        seed=seed,
        years=years,
        openings=openings,
        allow_different_worlds=allow_different_worlds,
    )
    return run_batch(batch, None if out is None else batch.place(Path(out), execution.shard), execution)


def comparison_batch(
    scenarios: Sequence[Scenario | str | Path],
    runs: int,
    *,
    seed: int | None = None,
    years: int | None = None,
    openings: int = 0,
    allow_different_worlds: bool = False,
) -> Batch:
    """Return the batch of a comparison, the baseline first, after checking that it is fair.

    Raises
    ------
    ScenarioError, ExperimentError
        As `compare`.
    """
    cells = cells_of(loaded(scenarios, years))
    check_comparable(cells, allow_different_worlds=allow_different_worlds)
    base, *policies = (cell.name for cell in cells)
    label = f"{policies[0] if len(policies) == 1 else f'{len(policies)}-policies'}-against-{base}"
    root = cells[0].scenario.seed if seed is None else seed
    return Batch(cells, root, runs, label=label, openings=openings)


def loaded(
    scenarios: Sequence[Scenario | str | Path],
    years: int | None = None,
    settings: Mapping[str, Any] | None = None,
) -> list[Scenario]:
    """Return scenarios; a policy module stands for the first scenario with it.

    Parameters
    ----------
    scenarios : sequence of Scenario, str or Path
        As in `compare`.
    years : int, optional
        Cut them to their first years.
    settings : mapping of str to object, optional
        Single values to lay over every scenario that is loaded here, by path.

    Raises
    ------
    ScenarioError, ExperimentError
        They cannot be loaded.
    """
    if years is not None and years < 1:
        raise ExperimentError(f"a run cannot have {years} years; allowed: 1 or more")
    chosen = []
    for given in scenarios:
        if isinstance(given, Scenario):
            chosen.append(given if years is None else given.with_years(years))
        elif chosen and not isinstance(scenarios[0], Scenario) and is_module(shipped(given) or Path(given)):
            chosen.append(load(scenarios[0], years=years, modules=[given], settings=settings))
        else:
            chosen.append(load(given, years=years, settings=settings))
    return chosen


def compare_batch(
    batch: Batch,
    folder: Path | None,
    execution: Execution,
    *,
    indicators: Sequence[str] | None = None,
    until: Until | None = None,
    max_runs: int = MOST_RUNS,
) -> Comparison:
    """Run the batch of a comparison and judge it; see `compare`.

    Parameters
    ----------
    batch : Batch
        From `comparison_batch`.
    folder : Path or None
        Its own folder, where tables and figures are written.
    execution : Execution
        How it is run.
    indicators, until, max_runs
        As in `compare`.

    Raises
    ------
    ExperimentError, OutputError
        As `compare`; also if the answer to other questions about this batch stands in the folder.
    """
    family = chosen_indicators(indicators)
    if folder is not None and not execution.force:
        check_family(folder, family)
    if until is None:
        result = run_batch(batch, folder, execution)
    elif folder is None:
        with tempfile.TemporaryDirectory() as place:
            result = in_memory(run_until(batch, Path(place) / "batch", until, max_runs, execution))
    else:
        result = run_until(batch, folder, until, max_runs, execution)
    comparison = compare_result(result, batch.cells, indicators)
    if until is not None:
        comparison = replace(comparison, notes=unmet(until, differences(result, until.indicator)))
    if folder is not None:
        write_comparison(comparison, folder)
    return comparison


def run_until(batch: Batch, folder: Path, until: Until, max_runs: int, execution: Execution) -> BatchResult:
    """Run more and more pairs until the interval of an indicator is narrow enough, or no more may be run.

    A folder that holds the batch already is gone on with where it stands.
    """
    runs = min(max(batch.runs, FEWEST), max_runs)
    if (execution.resume or not execution.force) and (folder / PLAN).exists():
        runs = max(runs, int(read_plan(folder)["runs"]))
    result = run_batch(replace(batch, runs=runs), folder, execution)
    while runs < max_runs:
        apart = differences(result, until.indicator)
        if all(is_narrow(apart[:, place], until.half) for place in range(apart.shape[1])):
            break
        runs = next_runs(apart, until.half, runs, max_runs)
        result = run_batch(replace(batch, runs=runs), folder, execution.going_on())
    return result


def differences(result: BatchResult, indicator: str) -> np.ndarray:
    """Return the paired differences of an indicator, ``(runs, policies)``."""
    import numpy as np

    base, *policies = indicators_by_run(result, (indicator,)).values()
    return np.concatenate([policy - base for policy in policies], axis=1)


def in_memory(result: BatchResult) -> BatchResult:
    """Return a batch with its tables loaded, so that its folder may go."""
    return replace(result, folder=None, _tables={name: result.table(name) for name in NAMES})


def read_comparison(folder: str | Path, indicators: Sequence[str] | None = None) -> Comparison:
    """Judge a batch that stands in a folder, such as merged shards; its first cell is the baseline.

    Parameters
    ----------
    folder : str or Path
        Folder of a whole batch.
    indicators : sequence of str, optional
        As in `compare`.

    Raises
    ------
    OutputError, ExperimentError
        The folder is no whole batch, its runs are not as they were written, or its cells cannot be
        compared.
    """
    check_as_written(Path(folder), answer=False)
    return of_folder(Path(folder), indicators)


def judge_folder(folder: Path, indicators: Sequence[str] | None = None, *, force: bool = False) -> Comparison:
    """Judge a batch that stands in a folder and write the answer there; one that stands is kept.

    Parameters
    ----------
    folder : Path
        Folder of a whole batch.
    indicators : sequence of str, optional
        As in `compare`.
    force : bool
        Replace the answer that stands there, also one to other questions.

    Raises
    ------
    OutputError, ExperimentError
        As `read_comparison`; also if the answer to other questions stands there, or was changed.
    """
    kept = not force and holds_answer(folder)
    check_as_written(folder, answer=kept)
    if not force:
        check_family(folder, chosen_indicators(indicators))
    comparison = of_folder(folder, indicators)
    if not kept:
        write_comparison(comparison, folder)
    return comparison


def of_folder(place: Path, indicators: Sequence[str] | None) -> Comparison:
    """Return the comparison of a batch that stands in a folder, as it was written."""
    result = read_batch(place)
    cells = tuple(Cell(name, load(place / LOCKS / name / LOCK_FILE)) for name in result.cells)
    check_comparable(cells, allow_different_worlds=True)
    return compare_result(result, cells, indicators)
