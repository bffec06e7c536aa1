"""From resolved values back to what a scenario file says: dates, settings, events."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from deftrade.scenario.events.effect import Imposers
from deftrade.scenario.resolve import axis_names
from deftrade.scenario.schema_types import ALL, ALL_ROWS, Refers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic.fields import FieldInfo

    from deftrade.core.world import Names
    from deftrade.scenario.events.effect import Effect
    from deftrade.scenario.events.kinds import Event
    from deftrade.scenario.resolved import Scenario, Setting

_PARTS = ((1, ""), (4, "Q{}"), (12, "{:02d}"))


def date_text(year: float) -> str:
    """Return a decimal year as a file writes it: ``2031``, ``2031-Q2`` or ``2031-05``.

    Raises
    ------
    ValueError
        It is the beginning of no month.
    """
    whole = math.floor(year)
    for parts, form in _PARTS:
        part = round((year - whole) * parts)
        if part < parts and abs(whole + part / parts - year) < 1e-9:
            return f"{whole}-{form.format(part + 1)}" if form else str(whole)
    raise ValueError(f"the date {year} is the beginning of no month")


def setting_names(setting: Setting, names: Names) -> tuple[str, ...]:
    """Return the names that a setting's index means, such as state and category."""
    along = axis_names(names)
    axes = (setting.column.owner.row_axis, *setting.column.axes)
    return tuple(along[axis][row] for axis, row in zip(axes, setting.index, strict=False))


def timelines(scenario: Scenario) -> dict[tuple[str, ...], dict[float, float]]:
    """Return the policy as values by date, under (column, entity, further names).

    What holds from the start stands at minus infinity if nothing else is dated, else at the start.
    """
    lines: dict[tuple[str, ...], dict[float, float]] = {}
    start = scenario.calendar.start
    for setting in scenario.policy:
        key = (setting.column.path, *setting_names(setting, scenario.world.names))
        lines.setdefault(key, {})[max(setting.year, start)] = setting.value
    return {key: {-math.inf: line[start]} if list(line) == [start] else line for key, line in lines.items()}


def dated_text(line: dict[float, float]) -> Any:
    """Return values by date as a file writes them: one value, or a mapping of date to value."""
    if list(line) == [-math.inf]:
        return line[-math.inf]
    return {date_text(year): value for year, value in sorted(line.items())}


# Events


def plain_event(event: Event, names: Names) -> dict[str, Any]:
    """Return an event as plain data, as a scenario file writes it."""
    return {"at": date_text(event.year), event.kind: plain_effect(event.effect, names)}


def plain_effect(effect: Effect, names: Names) -> dict[str, Any]:
    """Return the particulars of an event with names instead of rows."""
    result: dict[str, Any] = {}
    for name, info in type(effect).model_fields.items():
        value = getattr(effect, name)
        if value is not None:
            result[info.alias or name] = _named(value, _axis(info), names)
    return result


def _named(value: Any, axis: str, names: Names) -> Any:
    """Return names for rows; other values as they are."""
    if isinstance(value, Imposers):
        if value.alliance >= 0:
            return names.alliances[value.alliance]
        states = [names.states[row] for row in value.states]
        return states[0] if len(states) == 1 else states
    if not axis:
        return value
    if isinstance(value, list):
        return [_named(row, axis, names) for row in value]
    return ALL if value == ALL_ROWS else getattr(names, axis)[value]


def _axis(info: FieldInfo) -> str:
    """Return what a field's whole numbers are rows of; empty if it holds none."""
    return next((mark.axis for mark in _marks(info.annotation, info.metadata)), "")


def _marks(kind: Any, metadata: Iterable[Any]) -> Iterable[Refers]:
    """Yield the marks of references anywhere in a type."""
    yield from (mark for mark in metadata if isinstance(mark, Refers))
    if get_origin(kind) is Annotated:
        inner, *marks = get_args(kind)
        yield from _marks(inner, marks)
    else:
        for part in get_args(kind):
            yield from _marks(part, ())
