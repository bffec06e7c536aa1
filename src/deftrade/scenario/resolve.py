"""From a validated file to arrays: the world, the policy settings, the parameters."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables import ENTITIES, POLICY, Dyads
from deftrade.core.tables.codes import CRITERIA, SOURCES
from deftrade.core.world import Names
from deftrade.phases import Params
from deftrade.scenario.resolved import Setting, WorldSpec
from deftrade.scenario.schema import KINDS_OF_ALLIANCE, given_parameters, given_values, limits, settable
from deftrade.scenario.schema_types import ALL_ROWS, ALWAYS, DEFAULT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.table import Column, Table

    Values = dict[Column[Any], NDArray[Any]]

SAME_STATE = {"distance": 1.0, "alignment": 1.0}
"""What stands on the diagonal of dyads, where no file says anything; else 0."""


def axis_names(names: Names) -> dict[str, Sequence[str]]:
    """Return the names along every axis that a scenario may address."""
    return {**vars(names), "criteria": CRITERIA}


# The world


def resolve_world(world: Any) -> WorldSpec:
    """Return the arrays of a validated ``world`` section."""
    lines = [(row, line) for row, firm in enumerate(world.firms) for line in firm.lines]
    lines += [(line.firm, line) for line in world.lines]
    names = Names(
        states=[entry.name for entry in world.states],
        categories=[entry.name for entry in world.categories],
        firms=[entry.name for entry in world.firms],
        alliances=[entry.name for entry in world.alliances],
    )
    names.lines = [line_name(names.firms[firm], names.categories[line.category]) for firm, line in lines]
    sources, shares = _components([line for _, line in lines])
    return WorldSpec(
        names=names,
        values=_values(world, names),
        firm_home=_whole(firm.home for firm in world.firms),
        line_firm=_whole(firm for firm, _ in lines),
        line_category=_whole(line.category for _, line in lines),
        line_design=_whole(-1 if line.design is None else line.design for _, line in lines),
        line_quality=np.array(
            [math.nan if line.quality is None else line.quality for _, line in lines]
        ).reshape(-1),
        line_weight=np.array([line.weight for _, line in lines], dtype=np.float64),
        component_source=sources,
        component_share=shares,
        alliance_kind=_whole(KINDS_OF_ALLIANCE.index(one.kind) for one in world.alliances),
        alliance_member=_membership(world.alliances, len(names.states)),
        seed=world.seed,
    )


def line_name(firm: str, category: str) -> str:
    """Return a line's name, such as ``Avia: fighters``."""
    return f"{firm}: {category}"


def _whole(values: Any) -> NDArray[np.int64]:
    """Return whole numbers as an array."""
    return np.fromiter(values, dtype=np.int64)


def _components(lines: list[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return sources and shares of lines' foreign components, shape ``(lines, SOURCES)``."""
    sources = np.full((len(lines), SOURCES), -1, dtype=np.int64)
    shares = np.zeros((len(lines), SOURCES))
    for row, line in enumerate(lines):
        for place, part in enumerate(line.components):
            sources[row, place] = part.source
            shares[row, place] = part.share
    return sources, shares


def _membership(alliances: list[Any], states: int) -> NDArray[np.bool_]:
    """Return who belongs to what, shape ``(alliances, states)``."""
    member = np.zeros((len(alliances), states), dtype=np.bool_)
    for row, alliance in enumerate(alliances):
        member[row, alliance.members] = True
    return member


def _values(world: Any, names: Names) -> Values:
    """Return the opening value of every given and lever column."""
    along = axis_names(names)
    values: Values = {}
    for key, table in ENTITIES.items():
        values |= entity_values(table, getattr(world, key), along)
    values |= dyad_values(len(names.states))
    for relation in world.relations:
        rows = tuple(np.array(relation.directions).T)
        for column, value in given_values(relation, Dyads):
            values[column][rows] = value
    return values


def entity_values(table: type[Table], entries: Sequence[Any], along: Mapping[str, Sequence[str]]) -> Values:
    """Return defaults with what the entries of a table give."""
    values = blank(table, len(entries), along)
    for row, entry in enumerate(entries):
        for column, value in given_values(entry, table):
            values[column][row] = _spread(value, column, along)
    return values


def blank(table: type[Table], rows: int, along: Mapping[str, Sequence[str]]) -> Values:
    """Return the declared defaults of a table's given and lever columns."""
    values: Values = {}
    for column in settable(table, "given", "lever"):
        shape = (rows, *(len(along[axis]) for axis in column.axes))
        default = limits(column).default
        values[column] = np.full(shape, math.nan if default is None else default, dtype=column.dtype)
    return values


def dyad_values(states: int) -> Values:
    """Return the declared defaults of pairs, and what a state is to itself."""
    values = blank(Dyads, states, {"states": range(states)})  # type: ignore[dict-item]
    settle_diagonal(values)
    return values


def settle_diagonal(values: Values) -> None:
    """Write what a state is to itself, in place."""
    for column in settable(Dyads, "given", "lever"):
        np.fill_diagonal(values[column], SAME_STATE.get(column.name, 0.0))


def _spread(
    value: Any, column: Column[Any], along: Mapping[str, Sequence[str]]
) -> float | NDArray[np.float64]:
    """Return a value, or values by name as an array along the column's axis."""
    if not isinstance(value, dict):
        return float(value)
    names = along[column.axes[0]]
    fallback = value.get(ALWAYS, value.get(DEFAULT, limits(column).default))
    array = np.full(len(names), math.nan if fallback is None else fallback, dtype=np.float64)
    for place, name in enumerate(names):
        if name in value:
            array[place] = value[name]
    return array


# The policy


def resolve_policy(policy: Any, names: Names) -> tuple[Setting, ...]:
    """Return the settings of a validated ``policy`` section, by date."""
    settings = []
    along = axis_names(names)
    for key, table in POLICY.items():
        entries = {row: dict(given_values(entry, table)) for row, entry in getattr(policy, key).items()}
        for_all = entries.pop(ALL_ROWS, {})
        for row in range(len(along[key])) if for_all else entries:
            for column, value in _over(entries.get(row, {}), for_all).items():
                settings += list(_settings(column, (row,), value, along))
    for entry in policy.relations:
        for column, value in given_values(entry, Dyads):
            for direction in entry.directions:
                settings += list(_settings(column, direction, value, along))
    return tuple(sorted(settings, key=setting_order))


def _over(own: dict[Column[Any], Any], for_all: dict[Column[Any], Any]) -> dict[Column[Any], Any]:
    """Return what a state sets over what is set for all: the rules by which a file stands over its parent.

    A value, dated or not, is replaced whole; values by name are replaced name by name.
    """
    merged = {**for_all, **own}
    for column in own.keys() & for_all.keys():
        if _is_by_name(column) and ALWAYS not in own[column] and ALWAYS not in for_all[column]:
            merged[column] = {**for_all[column], **own[column]}
    return merged


def _is_by_name(column: Column[Any]) -> bool:
    """Return whether a lever may have values by the names of an axis, such as categories."""
    return bool(column.axes) and column.axes != ("states",)


def setting_order(setting: Setting) -> tuple[float, str, int, tuple[int, ...]]:
    """Return the sort key of settings: by date, those for all names before those for one."""
    return setting.year, setting.column.path, len(setting.index), setting.index


def _settings(
    column: Column[Any], index: tuple[int, ...], value: Any, along: Mapping[str, Sequence[str]]
) -> Iterator[Setting]:
    """Yield the settings of one lever of one entity or pair."""
    if not _is_by_name(column):
        for year, number in value.items():
            yield Setting(column, index, year, number)
        return
    names = along[column.axes[0]]
    for year, number in value.get(ALWAYS, {}).items():
        yield Setting(column, index, year, number)
    for place, name in enumerate(names):
        for year, number in value.get(name, value.get(DEFAULT, {})).items():
            yield Setting(column, (*index, place), year, number)


# Parameters


def resolve_parameters(parameters: Any) -> Params:
    """Return the declared parameters with what a validated ``parameters`` section sets."""
    return Params.model_validate(given_parameters(parameters))
