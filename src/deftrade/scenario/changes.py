"""What differs between two scenarios, one thing at a time.

This is the only comparison of scenarios. Who needs it in words, for a refusal, or as causes of what
two runs do differently, reads it from here.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from deftrade.core.tables import ENTITIES
from deftrade.scenario.lock import line_rows
from deftrade.scenario.plain import plain_event, setting_names
from deftrade.scenario.resolve import axis_names
from deftrade.scenario.schema import parameter_groups, parameter_unit, settable, settable_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deftrade.core.table import Column
    from deftrade.scenario.events.kinds import Event
    from deftrade.scenario.resolved import Scenario, Setting

Kind = Literal["frame", "seed", "outputs", "entity", "value", "fact", "policy", "event", "parameter"]
Policy = dict[tuple[str, tuple[str, ...], float], "Setting"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing in which a second scenario differs from a first.

    Parameters
    ----------
    kind : str
        ``frame`` (time, price year, seed of the world), ``seed`` (the run's luck), ``outputs``,
        ``entity`` (only one has it, or their order), ``value`` (an opening value), ``fact`` (home of a
        firm, members of an alliance, particulars of a line), ``policy``, ``event`` or ``parameter``.
    path : str
        What it is: a column such as ``States.gdp``, ``group.name`` of a parameter, the kind of an
        event, the sort of an entity or its fact, a key of the scenario file.
    where : tuple of str
        Names of the entity and of the place on further axes; for an order of entities none.
    old, new : object
        In the first and in the second scenario; None where it is not there. Events as a file writes
        them.
    unit : str
        Of a value, lever or parameter.
    year : float
        Decimal year of an event, or from which a lever has the value; minus infinity is the opening.
    due : int
        Step at which a lever is set or an event happens.
    lever : Column or None
        The lever that policy sets.
    index : tuple of int
        Where it sets the lever, in the second scenario's rows unless only the first sets it.
    event : Event or None
        What happens in one of the two only.
    """

    kind: Kind
    path: str
    where: tuple[str, ...] = ()
    old: Any = None
    new: Any = None
    unit: str = ""
    year: float = -math.inf
    due: int = 0
    lever: Any = None
    index: tuple[int, ...] = ()
    event: Event | None = None

    @property
    def is_world(self) -> bool:
        """Whether it is of world, time or parameters, so that no policy accounts for it."""
        return self.kind in ("frame", "entity", "value", "fact", "parameter")


def changes(first: Scenario, second: Scenario) -> list[Change]:
    """Return in what the second scenario differs from the first; empty if it does not.

    Entities are met by name, levers by name and date, so the order of settings does not matter.

    Parameters
    ----------
    first, second : Scenario
        Of any worlds and time axes.

    Returns
    -------
    list of Change
        Frame, entities, opening values, facts, policy, events, parameters, in this order. Policy
        stands in the second scenario's order, then what only the first has.

    Examples
    --------
    >>> from deftrade import load
    >>> base = load("scenarios/crescent_cooperation.yaml")
    >>> changes(base, base)
    []
    >>> [(change.kind, change.old, change.new) for change in changes(base, base.with_seed(7))]
    [('seed', 1, 7)]
    """
    return [
        *_frame(first, second),
        *_entities(first, second),
        *_values(first, second),
        *_facts(first, second),
        *_policy(first, second),
        *_events(first, second),
        *_parameters(first, second),
    ]


def _frame(first: Scenario, second: Scenario) -> Iterator[Change]:
    """Yield changes of time, price year, seeds and outputs."""
    a, b = first.calendar, second.calendar
    one, other = first.outputs, second.outputs
    pairs: list[tuple[Kind, str, Any, Any]] = [
        ("frame", "time.start", a.start, b.start),
        ("frame", "time.end", a.end, b.end),
        ("frame", "time.step", a.step, b.step),
        ("frame", "price_year", first.price_year, second.price_year),
        ("seed", "seed", first.seed, second.seed),
        ("frame", "world.seed", first.world.seed, second.world.seed),
        ("outputs", "outputs.series", tuple(one.series), tuple(other.series)),
        ("outputs", "outputs.every", one.every, other.every),
        ("outputs", "outputs.focus", one.focus, other.focus),
    ]
    yield from (Change(kind, path, (), old, new) for kind, path, old, new in pairs if old != new)


def _entities(first: Scenario, second: Scenario) -> Iterator[Change]:
    """Yield entities that only one scenario has, and orders that are not the same."""
    for sort in ENTITIES:
        one: list[str] = getattr(first.world.names, sort)
        other: list[str] = getattr(second.world.names, sort)
        ours, theirs = set(one), set(other)
        yield from (Change("entity", sort, (name,), old=name) for name in one if name not in theirs)
        yield from (Change("entity", sort, (name,), new=name) for name in other if name not in ours)
        if ours == theirs and one != other:
            yield Change("entity", sort, (), tuple(one), tuple(other))


def _values(first: Scenario, second: Scenario) -> Iterator[Change]:
    """Yield changes of the opening values of entities that both have."""
    for table in settable_tables():
        for column in settable(table, "given", "lever"):
            yield from _column(column, first, second)


def _column(column: Column[Any], first: Scenario, second: Scenario) -> Iterator[Change]:
    """Yield changes of one column, by names."""
    grids, labels = [], []
    for axis in (column.owner.row_axis, *column.axes):
        known = {name: row for row, name in enumerate(axis_labels(first, axis))}
        place = {name: row for row, name in enumerate(axis_labels(second, axis))}
        common = [name for name in known if name in place]
        labels.append(common)
        grids.append(([known[name] for name in common], [place[name] for name in common]))
    before = first.world.values[column][np.ix_(*(grid[0] for grid in grids))]
    after = second.world.values[column][np.ix_(*(grid[1] for grid in grids))]
    for index in zip(*np.nonzero(before != after), strict=True):
        where = tuple(labels[axis][row] for axis, row in enumerate(index))
        yield Change("value", column.path, where, before[index].item(), after[index].item(), column.unit)


def axis_labels(scenario: Scenario, axis: str) -> list[str]:
    """Return the names along an axis of a table, in row order."""
    return list(axis_names(scenario.world.names)[axis])


def _facts(first: Scenario, second: Scenario) -> Iterator[Change]:
    """Yield changes of homes, membership and lines, and lines that only one scenario has."""
    for path, facts in (
        ("firms.home", _homes),
        ("alliances.members", _memberships),
        ("lines.particulars", _lines),
    ):
        one, other = facts(first), facts(second)
        for name in one:
            if name in other and one[name] != other[name]:
                yield Change("fact", path, (name,), one[name], other[name])
        if facts is _lines:
            for name in sorted(one.keys() ^ other.keys()):
                yield Change("entity", "lines", (name,), one.get(name), other.get(name))


def _homes(scenario: Scenario) -> dict[str, Any]:
    """Return the home of every firm."""
    world = scenario.world
    return {name: world.names.states[world.firm_home[row]] for row, name in enumerate(world.names.firms)}


def _memberships(scenario: Scenario) -> dict[str, Any]:
    """Return kind and members of every alliance."""
    world = scenario.world
    names = world.names
    return {
        name: (
            int(world.alliance_kind[row]),
            frozenset(names.states[member] for member in np.flatnonzero(world.alliance_member[row])),
        )
        for row, name in enumerate(names.alliances)
    }


def _lines(scenario: Scenario) -> dict[str, Any]:
    """Return the particulars of every line, by firm and category."""
    return {f"{row['firm']}: {row['category']}": row for row in line_rows(scenario.world)}


def _policy(first: Scenario, second: Scenario) -> Iterator[Change]:
    """Yield values of levers that differ at a date, or that only one scenario sets there."""
    one, other = _settings(first), _settings(second)
    for key in dict.fromkeys((*other, *one)):
        ours, theirs = one.get(key), other.get(key)
        old, new = ours and ours.value, theirs and theirs.value
        setting, scenario = (theirs, second) if theirs else (ours, first)
        if old != new and setting is not None:
            path, where, year = key
            due, lever = scenario.calendar.due(year), setting.column
            yield Change("policy", path, where, old, new, lever.unit, year, due, lever, setting.index)


def _settings(scenario: Scenario) -> Policy:
    """Return the settings by lever, names and date; of several for one date the last, as in a run."""
    start, names = scenario.calendar.start, scenario.world.names
    return {
        (
            setting.column.path,
            setting_names(setting, names),
            setting.year if setting.year > start else -math.inf,
        ): setting
        for setting in scenario.policy
    }


def _events(first: Scenario, second: Scenario) -> Iterator[Change]:
    """Yield events that only one scenario has."""
    one, other = _told(first), _told(second)
    for event, plain in one:
        if all(plain != told for _, told in other):
            due = first.calendar.step_at(event.year)
            yield Change("event", event.kind, old=plain, year=event.year, due=due, event=event)
    for event, plain in other:
        if all(plain != told for _, told in one):
            due = second.calendar.step_at(event.year)
            yield Change("event", event.kind, new=plain, year=event.year, due=due, event=event)


def _told(scenario: Scenario) -> list[tuple[Event, dict[str, Any]]]:
    """Return the events, each with what a file says of it."""
    return [(event, plain_event(event, scenario.world.names)) for event in scenario.events]


def _parameters(first: Scenario, second: Scenario) -> Iterator[Change]:
    """Yield changes of parameters."""
    for name, group in parameter_groups().items():
        one, other = getattr(first.params, name), getattr(second.params, name)
        for key, info in group.model_fields.items():
            before, after = getattr(one, key), getattr(other, key)
            if before != after:
                yield Change("parameter", f"{name}.{key}", (), before, after, parameter_unit(info))
