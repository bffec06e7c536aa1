"""Run a scenario into a folder, with its state every so many years if explanations are to start there."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any

from deftrade.report.files import check_folder, write_run
from deftrade.results.luck import NO_LUCK
from deftrade.results.results import Results
from deftrade.scenario.load import load
from deftrade.simulation import save, start, step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from deftrade.report.files import Written
    from deftrade.results.luck import Luck
    from deftrade.scenario.resolved import Scenario


def run_into(
    out: str | Path,
    scenario: str | Path,
    *,
    seed: int | None = None,
    years: int | None = None,
    settings: Mapping[str, Any] | None = None,
    snapshots: int | None = None,
    table_format: str = "parquet",
    force: bool = False,
    command: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
    luck: Callable[[Scenario], Luck] | None = None,
) -> tuple[Results, Written]:
    """Load a scenario, run it to its end, and write everything it leaves into a folder of its own.

    Parameters
    ----------
    out : str or Path
        Folder in which results have their folders; made if it is missing.
    scenario : str or Path
        Its file.
    seed : int, optional
        The run's luck, instead of the file's.
    years : int, optional
        Run only the first years.
    settings : mapping of str to object, optional
        Single values to lay over the scenario, by path.
    snapshots : int, optional
        Years from one state that is kept with the result to the next; without it none is kept.
    table_format, force, command
        As in `deftrade.report.files.write_run`.
    progress : callable, optional
        Called after every step with steps done and steps in all.
    luck : callable, optional
        Plays further runs of the scenario once it has come to its end.

    Raises
    ------
    ScenarioError, OutputError
        What is asked for cannot be done; found before the run as far as it can be.
    """
    began = perf_counter()
    loaded = load(scenario, seed=seed, years=years, settings=settings)
    timings = {"loading": perf_counter() - began}
    check_folder(loaded, Path(out), force=force)
    began = perf_counter()
    with TemporaryDirectory() as kept:
        states = None if snapshots is None else Path(kept)
        results = simulate_with_states(loaded, states, snapshots or 1, progress=progress)
        timings["simulating"] = perf_counter() - began
        began = perf_counter()
        others = NO_LUCK if luck is None else luck(loaded)
        timings["luck"] = perf_counter() - began
        written = write_run(
            results,
            Path(out),
            table_format=table_format,
            force=force,
            timings=timings,
            command=command,
            states=states,
            luck=others,
        )
    return results, written


def simulate_with_states(
    scenario: Scenario,
    states: Path | None,
    years: int,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Results:
    """Run a scenario to its end.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    states : Path or None
        Folder for the states, named by the date at which they stand; None keeps none.
    years : int
        Years from one kept state to the next.
    progress : callable, optional
        Called after every step with steps done and steps in all.
    """
    run, calendar = start(scenario), scenario.calendar
    every = years * calendar.steps_per_year
    while not run.is_done:
        step(run)
        now = run.world.clock.step
        if states is not None and now % every == 0 and not run.is_done:
            save(run, states / f"{calendar.label(now)}.npz")
        if progress is not None:
            progress(now, calendar.steps)
    return Results(run)
