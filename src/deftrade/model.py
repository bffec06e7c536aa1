"""Mesa's view of a run: a model whose agents look into the world's columns."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np

from deftrade.core.tables import Alliances, Firms, States
from deftrade.scenario.resolved import Scenario
from deftrade.simulation import start, step

if TYPE_CHECKING:
    from types import FrameType

    from deftrade.core.table import Column, Table
    from deftrade.core.world import World
    from deftrade.results.run import Run

Reporter = Callable[["DefenceTradeModel"], Any]


class View(mesa.Agent):
    """One row of a table as a Mesa agent; its properties are the table's columns.

    A property looks the value up when it is read: a number, or a read-only array over the
    column's further axes. Unlike Mesa's ``unique_id``, the column ``uid`` is the same in all runs.

    Parameters
    ----------
    model : DefenceTradeModel
        The model whose world is looked into.
    row : int
        Row of the table; it stays the agent's for the whole run.
    """

    declared: ClassVar[type[Table]]
    """The table whose rows are seen."""
    model: DefenceTradeModel

    def __init_subclass__(cls, *, table: type[Table] | None = None, **more: Any) -> None:
        super().__init_subclass__(**more)
        if table is not None:
            cls.declared = table
            for column in table.columns:
                setattr(cls, column.name, _look_up(column))

    def __init__(self, model: DefenceTradeModel, row: int) -> None:
        super().__init__(model)
        self.row = row

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def name(self) -> str:
        """Name in the scenario."""
        names: list[str] = getattr(self.model.world.names, _place(self.declared))
        return names[self.row]


def _place(table: type[Table]) -> str:
    """Return the name under which a world holds a table."""
    return table.__name__.lower()


def _look_up(column: Column[Any]) -> property:
    """Return a read-only property for a column."""
    place = column.table.lower()

    def look(view: View) -> Any:
        # Through the gate, so that a phase of a user's own is held to what it declares.
        value = column.__get__(getattr(view.model.world, place), View)[view.row]
        if not column.axes:
            return value.item()
        value.flags.writeable = False
        return value

    look.__doc__ = f"{column.meaning} [{column.unit}]."
    return property(look)


class State(View, table=States):
    """A state: buyer, owner, licensing authority, sponsor of research and ally."""

    @property
    def firms(self) -> list[Firm]:
        """Trading firms at home here."""
        return [firm for firm in self.model.firms.values() if firm.state is self]


class Firm(View, table=Firms):
    """A firm that trades; one that closes is removed from the model."""

    @property
    def state(self) -> State:
        """Home state, the agent; ``home`` is its row."""
        return self.model.states[int(self.model.world.firms.home[self.row])]


class Alliance(View, table=Alliances):
    """An alliance; ``member`` has one flag a state."""

    @property
    def states(self) -> list[State]:
        """Members."""
        member = self.model.world.alliances.member[self.row]
        return [self.model.states[int(row)] for row in np.flatnonzero(member)]


def _total(column: Column[Any], model: DefenceTradeModel) -> float:
    """Return a column's sum over all rows; of a flow that of the whole step."""
    if column.kind == "flow" and model.run.scenario.calendar.steps_per_row > 1:
        return float(model.run.record.last(column.table.lower(), column.name).sum())
    return float(column.__get__(_table(model, column), View).sum())


def _table(model: DefenceTradeModel, column: Column[Any]) -> Table:
    """Return the table of a model's world that holds a column."""
    table: Table = getattr(model.world, column.table.lower())
    return table


def _date(model: DefenceTradeModel) -> str:
    """Return the date of the last step."""
    return model.date


def _trading(model: DefenceTradeModel) -> int:
    """Return how many firms trade."""
    return len(model.firms)


def _median_burden(model: DefenceTradeModel) -> float:
    """Return the military burden of the state in the middle."""
    return float(np.median(model.world.states.burden))


def _mean_cohesion(model: DefenceTradeModel) -> float:
    """Return the mean cohesion of alliances, nan where there are none."""
    cohesion = model.world.alliances.cohesion
    return float(cohesion.mean()) if len(cohesion) else float("nan")


REPORTERS: dict[str, Reporter] = {
    "date": _date,
    "milex": partial(_total, States.milex),
    "exports": partial(_total, States.exports),
    "usable_capability": partial(_total, States.usable_capability),
    "jobs_direct": partial(_total, States.jobs_direct),
    "jobs_net": partial(_total, States.jobs_net),
    "diversions": partial(_total, States.diversions),
    "output": partial(_total, Firms.output),
    "firms": _trading,
    "median_burden": _median_burden,
    "mean_cohesion": _mean_cohesion,
}
"""What the model's data collector keeps each step, of all states together; flows are the step's."""


def _frame_of_batch() -> FrameType | None:
    """Return the frame of `mesa.batch_run` that makes a model just now, if one does."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__") != "mesa.batchrunner":
        frame = frame.f_back
    return frame


def _check_batch(rng: Any, iteration: int) -> None:
    """Refuse a model of `mesa.batch_run` that has the luck of another one."""
    if isinstance(rng, int | np.integer) and not iteration:
        return
    raise ValueError(
        "mesa.batch_run would play the same luck in every iteration: give rng whole numbers, one a run,"
        ' among its parameters, such as {"scenario": [scenario], "rng": [1, 2, 3]}, and no iterations'
    )


class DefenceTradeModel(mesa.Model):
    """A run as a Mesa model; `step` is the same step that `deftrade.simulate` takes.

    A year is computed in quarters. `REPORTERS` report its flows whole; the flows that agents and
    the world show are those of its last quarter.

    Parameters
    ----------
    scenario : Scenario or path
        From `deftrade.load`, or a file to load.
    rng : int, numpy.random.Generator, numpy.random.SeedSequence or None
        Mesa's source of luck, for shuffles of agents; the scenario's seed if None. A whole number
        is also the run's seed, in place of the scenario's. `mesa.batch_run` needs whole numbers,
        ``{"scenario": [scenario], "rng": [1, 2, 3]}``, as its iterations would all have one luck.
    reporters : mapping of str to callable, optional
        More model reporters, beside `REPORTERS` or in place of those of the same name.

    Attributes
    ----------
    run : Run
        The run under way: world, record, residuals of the laws.
    states, firms, alliances : dict of int to agent
        Agents by row; firms that trade only.
    datacollector : mesa.DataCollector
        One row for the opening and one a step; in `mesa.batch_run`, which counts from the first
        step, none for the opening.

    Raises
    ------
    ValueError
        `mesa.batch_run` would play the same luck again.

    Examples
    --------
    >>> from deftrade import DefenceTradeModel
    >>> model = DefenceTradeModel("scenarios/crescent_cooperation.yaml")
    >>> model.step()
    >>> rich = model.agents_by_type[State].select(lambda state: state.gdp > 1e6)
    >>> rich.agg("exports", sum)  # doctest: +SKIP
    """

    def __init__(
        self,
        scenario: Scenario | str | PathLike[str],
        rng: Any = None,
        reporters: Mapping[str, Reporter] | None = None,
    ) -> None:
        if not isinstance(scenario, Scenario):
            from deftrade.scenario.load import load

            scenario = load(Path(scenario))
        batch = _frame_of_batch()
        if batch is not None:
            _check_batch(rng, batch.f_locals.get("iteration", 0))
        if isinstance(rng, int | np.integer):
            scenario = scenario.with_seed(int(rng))
        super().__init__(rng=scenario.seed if rng is None else rng)
        self.run: Run = start(scenario)
        self.states = {row: State(self, row) for row in self.world.states}
        self.firms: dict[int, Firm] = {}
        self.alliances = {row: Alliance(self, row) for row in self.world.alliances}
        self._follow_firms()
        self.datacollector = mesa.DataCollector(model_reporters={**REPORTERS, **(reporters or {})})
        if batch is None:  # it reads row n - 1 as the n-th step, so that the last would be missing
            self.datacollector.collect(self)
        self.running = not self.run.is_done

    @property
    def world(self) -> World:
        """The world as it stands."""
        return self.run.world

    @property
    def date(self) -> str:
        """Date of the last step taken, such as ``2031-Q1``; ``opening`` before the first."""
        clock = self.world.clock
        return clock.calendar.label(clock.step - 1) if clock.step else "opening"

    def step(self) -> None:
        """Take one step, let firms come and go, and collect.

        ``running`` turns false at the scenario's end; further steps still go on from there.
        """
        step(self.run)
        self._follow_firms()
        self.datacollector.collect(self)
        self.running = not self.run.is_done

    def _follow_firms(self) -> None:
        """Add an agent for each firm that entered, remove those of firms that closed."""
        trading = {int(row) for row in np.flatnonzero(self.world.firms.is_active)}
        for row in sorted(self.firms.keys() - trading):
            self.firms.pop(row).remove()
        for row in sorted(trading - self.firms.keys()):
            self.firms[row] = Firm(self, row)
