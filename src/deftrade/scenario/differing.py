"""How two scenarios differ, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.phases import Params
from deftrade.scenario.locking import line_rows
from deftrade.scenario.plain import ROW_AXIS, date_text, plain_event, timelines
from deftrade.scenario.resolving import ENTITIES, axis_names
from deftrade.scenario.schema import parameter_groups, parameter_unit, settable
from deftrade.scenario.schema_types import shown
from deftrade.table import Column, Table
from deftrade.tables import Alliances, Categories, Dyads, Firms, States

if TYPE_CHECKING:
    from deftrade.scenario.resolved import Scenario

SECTIONS: dict[type[Table], str] = {
    States: "states",
    Firms: "firms",
    Alliances: "alliances",
    Dyads: "relations",
    Categories: "categories",
}
"""Tables by the key that files use for their entries."""
_SHOWN = 10


def diff(first: Scenario, second: Scenario) -> list[str]:
    """Return in words how the second scenario differs from the first; empty if it does not."""
    return [
        *_frame(first, second),
        *_names(first, second),
        *_world(first, second),
        *_structure(first, second),
        *_policy(first, second),
        *_events(first, second),
        *_parameter_changes(first.params, second.params),
    ]


def _frame(first: Scenario, second: Scenario) -> Iterator[str]:
    """Yield differences of time, price year, seeds and outputs."""
    a, b = first.calendar, second.calendar
    pairs = [
        ("start", a.start, b.start),
        ("end", a.end, b.end),
        ("step", a.step, b.step),
        ("price year", first.price_year, second.price_year),
        ("seed", first.seed, second.seed),
        ("world seed", first.world.seed, second.world.seed),
        ("series kept", ", ".join(first.outputs.series), ", ".join(second.outputs.series)),
        ("kept every", first.outputs.every, second.outputs.every),
        ("focus", first.outputs.focus or "the first", second.outputs.focus or "the first"),
    ]
    yield from (f"{name}: {one} → {other}" for name, one, other in pairs if one != other)


def _names(first: Scenario, second: Scenario) -> Iterator[str]:
    """Yield entities that only one scenario has."""
    for sort in ENTITIES:
        one: list[str] = getattr(first.world.names, sort)
        other: list[str] = getattr(second.world.names, sort)
        for words, only in (
            ("only in the first", [name for name in one if name not in set(other)]),
            ("only in the second", [name for name in other if name not in set(one)]),
        ):
            if only:
                yield f"world: {sort} {words}: {_cut(only)}"
        if set(one) == set(other) and one != other:
            yield f"world: {sort} stand in another order"


def _cut(items: list[str]) -> str:
    """Return names as one line, a long list cut."""
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more


def _world(first: Scenario, second: Scenario) -> Iterator[str]:
    """Yield differences of the opening values of entities that both have."""
    for table, section in SECTIONS.items():
        for column in settable(table, "given", "lever"):
            changes = _changes(column, "states" if table is Dyads else section, first, second)
            found = list(changes)
            yield from found[:_SHOWN]
            if len(found) > _SHOWN:
                yield f"world: {column.name} differs in {len(found) - _SHOWN} more places"


def _changes(column: Column[Any], rows: str, first: Scenario, second: Scenario) -> Iterator[str]:
    """Yield the changed values of one column, by names."""
    axes = (rows, *column.axes)
    grids, labels = [], []
    for axis in axes:
        one, other = _axis(first, axis), _axis(second, axis)
        place = {name: row for row, name in enumerate(other)}
        common = [name for name in one if name in place]
        labels.append(common)
        known = {name: row for row, name in enumerate(one)}
        grids.append(([known[name] for name in common], [place[name] for name in common]))
    before = first.world.values[column][np.ix_(*(grid[0] for grid in grids))]
    after = second.world.values[column][np.ix_(*(grid[1] for grid in grids))]
    for index in zip(*np.nonzero(before != after), strict=True):
        who = ", ".join(labels[axis][row] for axis, row in enumerate(index))
        change = f"{shown(before[index], column.unit)} → {shown(after[index], column.unit)}"
        yield f"world: {column.name} of {who}: {change}"


def _axis(scenario: Scenario, axis: str) -> list[str]:
    """Return the names along an axis."""
    names = scenario.world.names
    along = {**axis_names(names), "firms": names.firms, "alliances": names.alliances}
    return list(along[axis])


def _structure(first: Scenario, second: Scenario) -> Iterator[str]:
    """Yield differences of lines, homes and membership of entities that both have."""
    for sort in ("firms", "alliances", "lines"):
        one, other = _facts(first, sort), _facts(second, sort)
        changed = [name for name in one if name in other and one[name] != other[name]]
        if changed:
            what = {"firms": "homes", "alliances": "kind or members", "lines": "particulars"}[sort]
            yield f"world: {what} of {sort} differ: {_cut(changed)}"
        if sort == "lines" and one.keys() != other.keys():
            lonely = sorted(one.keys() ^ other.keys())
            yield f"world: lines that only one scenario has: {_cut(lonely)}"


def _facts(scenario: Scenario, sort: str) -> dict[str, Any]:
    """Return what is comparable about firms, alliances or lines, by name."""
    world = scenario.world
    names = world.names
    if sort == "firms":
        return {name: names.states[world.firm_home[row]] for row, name in enumerate(names.firms)}
    if sort == "alliances":
        return {
            name: (int(world.alliance_kind[row]),
                   {names.states[member] for member in np.flatnonzero(world.alliance_member[row])})
            for row, name in enumerate(names.alliances)
        }  # fmt: skip
    return {f"{row['firm']}: {row['category']}": row for row in line_rows(world)}


def _policy(first: Scenario, second: Scenario) -> Iterator[str]:
    """Yield differences of levers over time."""
    one, other = timelines(first), timelines(second)
    for key in sorted(one.keys() | other.keys()):
        if one.get(key) != other.get(key):
            path, *who = key
            name = path.split(".")[1]
            before = _over_time(one.get(key), key, first)
            after = _over_time(other.get(key), key, second)
            yield f"policy: {name} of {', '.join(who)}: {before} → {after}"


def _over_time(line: dict[float, float] | None, key: tuple[str, ...], scenario: Scenario) -> str:
    """Return a lever's values over time in words."""
    path, *who = key
    table = next(table for table in SECTIONS if table.__name__ == path.split(".")[0])
    column = next(column for column in table.columns if column.path == path)
    if line is None:
        return f"{_opening(column, table, who, scenario)}as the world has it"
    parts = []
    for year, value in sorted(line.items()):
        since = "" if math.isinf(year) else f" from {date_text(year)}"
        parts.append(f"{shown(value, column.unit)}{since}")
    return ", ".join(parts)


def _opening(column: Column[Any], table: type[Table], who: list[str], scenario: Scenario) -> str:
    """Return a lever's opening value and a comma; nothing if it has several or no such entity."""
    axes = (ROW_AXIS[table.__name__], *column.axes)
    names = [_axis(scenario, axis) for axis in axes]
    if len(who) < len(axes) or any(each not in known for each, known in zip(who, names, strict=True)):
        return ""
    index = tuple(known.index(each) for each, known in zip(who, names, strict=True))
    return f"{shown(scenario.world.values[column][index], column.unit)}, "


def _events(first: Scenario, second: Scenario) -> Iterator[str]:
    """Yield events that only one scenario has."""
    one, other = _told(first), _told(second)
    yield from (f"event only in the first: {text}" for text in one if text not in other)
    yield from (f"event only in the second: {text}" for text in other if text not in one)


def _told(scenario: Scenario) -> list[str]:
    """Return the events in words."""
    told = []
    for event in scenario.events:
        plain = plain_event(event, scenario.world.names)
        particulars = plain[event.kind].items()
        words = ", ".join(f"{key} {_word(value)}" for key, value in particulars)
        told.append(f"{plain['at']} {event.kind.replace('_', ' ')}: {words}")
    return told


def _word(value: Any) -> str:
    """Return one particular of an event in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " and ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _parameter_changes(first: Params, second: Params) -> Iterable[str]:
    """Yield differences of parameters."""
    for name, group in parameter_groups().items():
        one, other = getattr(first, name), getattr(second, name)
        for key, info in group.model_fields.items():
            before, after = getattr(one, key), getattr(other, key)
            if before != after:
                unit = parameter_unit(info)
                change = f"{shown(before, unit)} → {shown(after, unit)}"
                yield f"parameter: {name}.{key}: {change}"
