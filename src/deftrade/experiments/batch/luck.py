"""Further runs of a scenario beside the one that is shown: light ones, as an ensemble plays them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.experiments.batch.batch import Batch, file_name
from deftrade.experiments.batch.engines import run_tasks
from deftrade.experiments.batch.execution import Execution
from deftrade.experiments.batch.replicate import Cell
from deftrade.results.luck import NO_LUCK, Luck

if TYPE_CHECKING:
    from deftrade.experiments.batch.execution import Progress
    from deftrade.scenario.resolved import Scenario

_HERE = 2_000
"""States times steps times runs up to which starting processes would take longer than the runs."""


def play_luck(
    scenario: Scenario, runs: int, *, workers: int | None = None, progress: Progress | None = None
) -> Luck:
    """Play further runs of a scenario and return what came of them, the same for any number of workers.

    Parameters
    ----------
    scenario : Scenario
        With the seed of the run that is shown, from which those of the others follow as in an ensemble.
    runs : int
        How many; 0 plays none.
    workers : int, optional
        Processes; without it, one a core.
    progress : callable, optional
        Called at the start and after every run with runs done and runs in all.
    """
    if not runs:
        return NO_LUCK
    batch = Batch((Cell(file_name(scenario.name), scenario),), scenario.seed, runs)
    size = len(scenario.world.names.states) * scenario.calendar.steps * runs
    engine = "serial" if workers is None and size <= _HERE else "processes"
    execution = Execution(engine, workers, progress=progress)
    execution.tell(0, runs)
    found = []
    for outcome in run_tasks(batch.tasks(), execution):
        found.append(outcome)
        execution.tell(len(found), runs)
    done = sorted((each for each in found if each.ok), key=lambda each: each.run)
    return Luck(
        runs,
        tuple(each.run for each in done),
        tuple(each.seed for each in done),
        tuple(each.indicators for each in done),
    )
