"""Run a scenario and keep its state every so many years, from which explanations can start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.results import Results
from deftrade.simulation import save, start, step

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deftrade.scenario.resolved import Scenario


def simulate_keeping(
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
