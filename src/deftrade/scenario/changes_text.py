"""How two scenarios differ, in words."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Any

from deftrade.core.wording import exact
from deftrade.scenario.changes import axis_labels, changes
from deftrade.scenario.plain import date_text, timelines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deftrade.core.table import Column
    from deftrade.scenario.changes import Change
    from deftrade.scenario.resolved import Scenario

_SHOWN = 10
_FRAME = {
    "time.start": "start",
    "time.end": "end",
    "time.step": "step",
    "price_year": "price year",
    "world.seed": "world seed",
    "outputs.series": "series kept",
    "outputs.every": "kept every",
    "outputs.focus": "focus",
}
"""What the words call what frames a run, where it is not as a file does."""
_FACTS = {
    "firms.home": "homes of firms",
    "alliances.members": "kind or members of alliances",
    "lines.particulars": "particulars of lines",
}


def diff(first: Scenario, second: Scenario) -> list[str]:
    """Return in words how the second scenario differs from the first; empty if it does not."""
    return told(changes(first, second), first, second)


def told(found: Sequence[Change], first: Scenario, second: Scenario) -> list[str]:
    """Return changes between two scenarios in words.

    Parameters
    ----------
    found : sequence of Change
        All that `changes` found, or some, in its order.
    first, second : Scenario
        Between which it found them: a lever that differs is told with all its dates.
    """
    lines: list[str] = []
    for kind, run in groupby(found, key=lambda change: change.kind):
        group = list(run)
        if kind == "policy":
            lines += _policy(group, first, second)
        elif kind in ("entity", "value", "fact"):
            for _, same in groupby(group, key=lambda change: change.path):
                lines += _world(kind, list(same))
        else:
            lines += map(_single, group)
    return lines


def _single(change: Change) -> str:
    """Return a change of frame, event or parameter in words."""
    if change.kind == "event":
        side, plain = ("first", change.old) if change.new is None else ("second", change.new)
        return f"event only in the {side}: {_event(plain, change.path)}"
    if change.kind == "parameter":
        return f"parameter: {change.path}: {_valued(change)}"
    return f"{_FRAME.get(change.path, change.path)}: {_framing(change.old)} → {_framing(change.new)}"


def _valued(change: Change) -> str:
    """Return both values of a change with their unit."""
    return f"{exact(change.old, change.unit)} → {exact(change.new, change.unit)}"


def _framing(value: Any) -> str:
    """Return a value of what frames a run in words."""
    if isinstance(value, tuple):
        return ", ".join(value)
    return "the first" if value == "" else str(value)


def _world(kind: str, group: Sequence[Change]) -> Iterable[str]:
    """Return changes of one column, fact or sort of entity in words."""
    path, names = group[0].path, [", ".join(change.where) for change in group]
    if kind == "fact":
        return [f"world: {_FACTS[path]} differ: {_cut(names)}"]
    if kind == "entity":
        return _entities(path, group)
    column = path.split(".")[1]
    first = zip(names[:_SHOWN], group, strict=False)
    lines = [f"world: {column} of {who}: {_valued(change)}" for who, change in first]
    more = [f"world: {column} differs in {len(group) - _SHOWN} more places"] if len(group) > _SHOWN else []
    return [*lines, *more]


def _entities(sort: str, group: Sequence[Change]) -> Iterator[str]:
    """Yield in words which entities of a sort only one scenario has, or that their order differs."""
    if sort == "lines":
        yield f"world: lines that only one scenario has: {_cut([change.where[0] for change in group])}"
        return
    for words, only in (
        ("only in the first", [change.where[0] for change in group if change.new is None]),
        ("only in the second", [change.where[0] for change in group if change.old is None]),
    ):
        if only:
            yield f"world: {sort} {words}: {_cut(only)}"
    if not group[0].where:
        yield f"world: {sort} stand in another order"


def _cut(items: list[str]) -> str:
    """Return names as one line, a long list cut."""
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return ", ".join(items[:_SHOWN]) + more


def _policy(group: Sequence[Change], first: Scenario, second: Scenario) -> Iterator[str]:
    """Yield the levers that differ, each with all its dates in both scenarios."""
    one, other = timelines(first), timelines(second)
    levers = {(change.path, *change.where): change.lever for change in group}
    for key in sorted(levers):
        column, who = levers[key], list(key[1:])
        before = _over_time(one.get(key), column, who, first)
        after = _over_time(other.get(key), column, who, second)
        yield f"policy: {column.name} of {', '.join(who)}: {before} → {after}"


def _over_time(
    line: dict[float, float] | None, column: Column[Any], who: list[str], scenario: Scenario
) -> str:
    """Return a lever's values over time in words."""
    if line is None:
        return f"{_opening(column, who, scenario)}as the world has it"
    parts = []
    for year, value in sorted(line.items()):
        since = "" if math.isinf(year) else f" from {date_text(year)}"
        parts.append(f"{exact(value, column.unit)}{since}")
    return ", ".join(parts)


def _opening(column: Column[Any], who: list[str], scenario: Scenario) -> str:
    """Return a lever's opening value and a comma; nothing if it has several or no such entity."""
    axes = (column.owner.row_axis, *column.axes)
    names = [axis_labels(scenario, axis) for axis in axes]
    if len(who) < len(axes) or any(each not in known for each, known in zip(who, names, strict=True)):
        return ""
    index = tuple(known.index(each) for each, known in zip(who, names, strict=True))
    return f"{exact(scenario.world.values[column][index], column.unit)}, "


def _event(plain: dict[str, Any], kind: str) -> str:
    """Return an event in words."""
    words = ", ".join(f"{key} {_word(value)}" for key, value in plain[kind].items())
    return f"{plain['at']} {kind.replace('_', ' ')}: {words}"


def _word(value: Any) -> str:
    """Return one particular of an event: yes or no, a number, a name, or names joined by and."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " and ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
