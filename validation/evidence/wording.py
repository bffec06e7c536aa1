"""Treatments and conditions in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from deftrade.core.table import Column
from deftrade.scenario.events.effect import Imposers
from deftrade.scenario.events.kinds import Event
from deftrade.scenario.resolved import Setting
from validation.evidence.conditions import Condition, Treatment
from validation.evidence.running import scenario

_FEW = 3
"""Longer lists are counted."""
_NAMED = {
    **dict.fromkeys(("state", "source", "target", "towards", "between"), "states"),
    "firm": "firms",
    "alliance": "alliances",
    "category": "categories",
}
"""Particulars of events that are rows, and of what."""


def treatment_text(treatment: Treatment) -> str:
    """Return what is chosen and what happens, in words."""
    parts = [
        f"{column.path} = {value:g}{_whose(column, [setting.index for setting in settings])}"
        for (column, value), settings in _groups(treatment.policy)
    ]
    for kind, group in groupby(treatment.events, key=lambda event: event.kind):
        happening = list(group)
        if len(happening) > _FEW:
            parts.append(f"{len(happening)} times {kind}")
        else:
            parts += [_event(event) for event in happening]
    return "; ".join(parts) or "nothing"


def condition_text(condition: Condition) -> str:
    """Return what holds in both arms, in words."""
    parts = [f"{names} = {value:g}" for names, value in _parameters(condition.params)]
    for names, value in _parameters(condition.settled):
        parts.append(f"{names} = {value:g} since before the opening")
    for column, index, value in condition.given:
        parts.append(f"{_place(column, index)} given as {_value(value)}")
    for column, index, value in condition.opening:
        parts.append(f"{_place(column, index)} opens at {_value(value)}")
    if condition.also != Treatment():
        parts.append(treatment_text(condition.also))
    return "; ".join(parts) or "as it is"


def _groups(settings: Iterable[Setting]) -> list[tuple[tuple[Column[Any], float], list[Setting]]]:
    """Return settings of the same lever and value together."""
    groups: dict[tuple[Column[Any], float], list[Setting]] = {}
    for setting in settings:
        groups.setdefault((setting.column, float(setting.value)), []).append(setting)
    return list(groups.items())


def _names(sort: str) -> list[str]:
    """Return the names of rows of a table, none where they have no names."""
    return list(getattr(scenario().world.names, sort, ()))


def _whose(column: Column[Any], places: Sequence[tuple[int, ...]]) -> str:
    """Return whose value it is: nothing for all."""
    if column.table == "Dyads":
        states = _names("states")
        return "".join(f" of {states[one]} towards {states[other]}" for one, other in places)
    names = _names(column.table.lower())
    rows = [place[0] for place in places]
    if len(set(rows)) == len(names):
        return ""
    return f" of {_listed([names[row] for row in rows])}"


def _listed(names: Sequence[str]) -> str:
    """Return names, or their number."""
    return ", ".join(names) if len(names) <= _FEW else f"{len(names)} of them"


def _event(event: Event) -> str:
    """Return an event in words."""
    details = [
        f"{name} {_detail(name, value)}" for name, value in vars(event.effect).items() if value is not None
    ]
    return f"{event.kind} in {event.year:g} ({', '.join(details)})"


def _detail(name: str, value: Any) -> str:
    """Return a particular of an event."""
    if isinstance(value, Imposers):
        return _listed([_names("states")[row] for row in value.states])
    if name in _NAMED:
        rows = value if isinstance(value, list) else [value]
        return _listed([_names(_NAMED[name])[row] for row in rows])
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _parameters(pairs: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Return parameters of the same value together."""
    groups: dict[float, list[str]] = {}
    for name, value in pairs:
        groups.setdefault(value, []).append(name)
    return [(", ".join(dict.fromkeys(names)), value) for value, names in groups.items()]


def _place(column: Column[Any], index: Any) -> str:
    """Return a column and whose it is."""
    if index is Ellipsis:
        return column.path
    first = index[0] if isinstance(index, tuple) else index
    names = _names(column.table.lower()) or _names("states")
    rows = first if isinstance(first, list) else [first]
    return f"{column.path} of {_listed([names[row] for row in rows])}"


def _value(value: Any) -> str:
    """Return a value; flags of states are the names of those that have them."""
    if np.ndim(value) == 0:
        return f"{float(value):g}"
    return _listed([_names("states")[row] for row in np.flatnonzero(value)])
