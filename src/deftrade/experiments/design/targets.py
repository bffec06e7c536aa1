"""What a factor sets: a parameter, a lever of policy or an opening value, found by its path.

Paths are those of scenario files: ``parameters.budgeting.reaction``,
``policy.states.Noor.offset_rate``, ``world.states.Noor.know_how.aircraft`` and, for two states,
``world.relations.between.Noor.Westmark.alignment`` or
``policy.relations.from.Noor.to.Kharan.arms_embargo``. A name with a dot stands in single quotes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from deftrade.core.tables import POLICY, Dyads
from deftrade.scenario.resolve import axis_names, setting_order
from deftrade.scenario.resolved import Setting
from deftrade.scenario.schema import limits, parameter_groups, parameter_limits, parameter_unit, settable
from deftrade.scenario.schema_types import SORTS, Unfit, unknown

if TYPE_CHECKING:
    from deftrade.core.table import Column
    from deftrade.scenario.resolved import Scenario

_PART = re.compile(r"'([^']+)'|([^.']+)")
_PATH = re.compile(r"(?:'[^']+'|[^.']+)(?:\.(?:'[^']+'|[^.']+))*")
ROOTS = ("parameters", "policy", "world")
_SHAPE = "relations.between.A.B.NAME, or relations.from.A.to.B.NAME"


def _words(name: str) -> str:
    """Return a name as words."""
    return name.replace("_", " ")


@dataclass(frozen=True)
class Target:
    """One value of a scenario that an experiment may set.

    Parameters
    ----------
    path : str
        As the user wrote it.
    unit : str
        Unit of the value.
    low, high : float
        Declared bounds.
    meaning : str
        What the value means.
    """

    path: str
    unit: str
    low: float
    high: float
    meaning: str

    @property
    def title(self) -> str:
        """What it is called in words, such as ``offset rate of Noor``."""
        root, *parts = [quoted or plain.strip() for quoted, plain in _PART.findall(self.path)]
        if root == "parameters":
            return _words(f"{parts[1]} ({parts[0]})")
        if parts[0] != Dyads.section:
            return f"{_words(' '.join(parts[2:]))} of {parts[1]}"
        form, first, *second, name = parts
        if form == "between":
            return f"{_words(name)} between {first} and {second[0]}"
        return f"{_words(name)} from {first} to {second[1]}"

    def apply(self, scenario: Scenario, value: float) -> Scenario:
        """Return the scenario with the value set."""
        raise NotImplementedError


@dataclass(frozen=True)
class Parameter(Target):
    """A scientific constant, by group and name."""

    group: str
    name: str

    def apply(self, scenario: Scenario, value: float) -> Scenario:
        """Return the scenario with another value of the parameter."""
        group = getattr(scenario.params, self.group).model_copy(update={self.name: value})
        return replace(scenario, params=scenario.params.model_copy(update={self.group: group}))


@dataclass(frozen=True)
class Lever(Target):
    """A lever of policy from a date on; what policy said of it from that date is replaced.

    Parameters
    ----------
    column : Column
        The lever.
    indices : tuple of tuple of int
        The rows, each with the place on a further axis if one criterion is meant.
    year : float
        Decimal year from which it holds; minus infinity means from the start.
    """

    column: Column[Any]
    indices: tuple[tuple[int, ...], ...]
    year: float = -math.inf

    def apply(self, scenario: Scenario, value: float) -> Scenario:
        """Return the scenario with the lever set."""
        policy = scenario.policy
        for index in self.indices:
            policy = self._set(policy, index, value)
        return replace(scenario, policy=tuple(sorted(policy, key=setting_order)))

    def _set(self, policy: tuple[Setting, ...], index: tuple[int, ...], value: float) -> tuple[Setting, ...]:
        """Return the settings with one index set.

        A later setting for all criteria would undo the value of one; it is set again there.
        """
        years = {self.year}
        kept = []
        for setting in policy:
            same = setting.column == self.column and setting.year >= self.year
            if same and setting.index[: len(index)] == index:
                continue
            kept.append(setting)
            if same and index[: len(setting.index)] == setting.index:
                years.add(setting.year)
        return (*kept, *(Setting(self.column, index, year, value) for year in sorted(years)))


@dataclass(frozen=True)
class Opening(Target):
    """An opening value of the world.

    Parameters
    ----------
    column : Column
        What the world gives.
    indices : tuple of tuple of int
        The places that are set.
    """

    column: Column[Any]
    indices: tuple[tuple[int, ...], ...]

    def apply(self, scenario: Scenario, value: float) -> Scenario:
        """Return the scenario with another world."""
        array = scenario.world.values[self.column].copy()
        for index in self.indices:
            array[index] = value
        world = replace(scenario.world, values={**scenario.world.values, self.column: array})
        return replace(scenario, world=world)


def find_target(path: str, scenario: Scenario, year: float = -math.inf) -> Target:
    """Return what a path means in a scenario.

    Parameters
    ----------
    path : str
        Dotted path.
    scenario : Scenario
        Whose names it uses.
    year : float
        Date from which a lever is set.

    Raises
    ------
    Unfit
        There is no such value; names that are allowed at the part that is wrong go with it.
    """
    if not _PATH.fullmatch(path):
        raise Unfit(
            "this is not a path", path, "names with dots between, such as parameters.budgeting.reaction"
        )
    root, *parts = [quoted or plain.strip() for quoted, plain in _PART.findall(path)]
    if root not in ROOTS:
        raise Unfit("a path begins with one of these", root, names=ROOTS)
    if root == "parameters":
        return _parameter(path, parts)
    column, indices = _column(root, parts, scenario)
    bounds = limits(column)
    common = (path, column.unit, bounds.low, bounds.high, column.meaning)
    if root == "world":
        return Opening(*common, column, indices)
    return Lever(*common, column, indices, year)


def _parameter(path: str, parts: Sequence[str]) -> Parameter:
    """Return the parameter of a path."""
    groups = parameter_groups()
    group = _one_of(parts, 0, tuple(groups), "there is no group of parameters of this name")
    fields = groups[group].model_fields
    name = _one_of(parts, 1, tuple(fields), f"{group} has no parameter of this name")
    _no_more(parts, 2)
    info = fields[name]
    low, high = parameter_limits(info)
    return Parameter(path, parameter_unit(info), low, high, str(info.description).rstrip("."), group, name)


def _column(
    root: str, parts: Sequence[str], scenario: Scenario
) -> tuple[Column[Any], tuple[tuple[int, ...], ...]]:
    """Return the column of a path and the places in it."""
    section = _one_of(parts, 0, (*POLICY, Dyads.section), f"{root} has no such part here")
    roles = ("lever",) if root == "policy" else ("given", "lever")
    names = scenario.world.names
    rows: tuple[tuple[int, ...], ...]
    if section == Dyads.section:
        rows, rest = _pair(parts[1:], names.states)
        table: Any = Dyads
    else:
        row = _row(parts, 1, section, getattr(names, section))
        rows, rest = ((row,),), parts[2:]
        table = POLICY[section]
    columns = {column.name: column for column in settable(table, *roles)}
    sort = "two states" if section == Dyads.section else f"a {SORTS[section]}"
    kind = "lever" if root == "policy" else "opening value"
    column = columns[_one_of(rest, 0, tuple(columns), f"{sort} has no {kind} of this name")]
    further = _further(column, rest[1:], axis_names(names))
    return column, tuple((*row, *further) for row in rows)


def _pair(parts: Sequence[str], states: Sequence[str]) -> tuple[tuple[tuple[int, int], ...], Sequence[str]]:
    """Return the directions between two states, and the parts after them."""
    form = _one_of(parts, 0, ("between", "from"), f"two states are named as {_SHAPE}")
    first = _row(parts, 1, "states", states)
    after = 2
    if form == "from":
        _one_of(parts, 2, ("to",), f"two states are named as {_SHAPE}")
        after = 3
    second = _row(parts, after, "states", states)
    if first == second:
        raise Unfit("a state has no relation with itself", parts[after])
    both = ((first, second), (second, first))
    return (both if form == "between" else both[:1]), parts[after + 1 :]


def _row(parts: Sequence[str], place: int, sort: str, names: Sequence[str]) -> int:
    """Return the row of a named entity."""
    if place >= len(parts):
        raise Unfit(f"the path ends before the name of a {SORTS[sort]}", names=tuple(names))
    if parts[place] not in names:
        raise unknown(SORTS[sort], parts[place], tuple(names))
    return list(names).index(parts[place])


def _further(
    column: Column[Any], parts: Sequence[str], along: Mapping[str, Sequence[str]]
) -> tuple[int, ...]:
    """Return the place on a column's further axis, if the path names one."""
    if not parts or not column.axes or column.axes == ("states",):
        _no_more(parts, 0)
        return ()
    names = tuple(along[column.axes[0]])
    name = _one_of(parts, 0, names, f"there is no such name among {column.axes[0]}")
    _no_more(parts, 1)
    return (names.index(name),)


def _one_of(parts: Sequence[str], place: int, names: tuple[str, ...], problem: str) -> str:
    """Return a part of the path that must be one of these names."""
    if place >= len(parts):
        raise Unfit("the path ends too early; one of these must follow", names=names)
    if parts[place] not in names:
        raise Unfit(problem, parts[place], names=names)
    return parts[place]


def _no_more(parts: Sequence[str], length: int) -> None:
    """Refuse a path that goes on after a value."""
    if len(parts) > length:
        raise Unfit("nothing can follow here in the path", parts[length])
