"""Every lever, given number and parameter in rows: what `deftrade describe` shows.

The other ways of putting a scenario in words or plain data can be imported from here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from deftrade.core.table import Column
from deftrade.scenario.changes_text import diff
from deftrade.scenario.digests import treatment_digest, world_digest
from deftrade.scenario.lock import lock, lock_tables
from deftrade.scenario.schema import (
    limits,
    parameter_groups,
    parameter_limits,
    parameter_source,
    parameter_unit,
    settable,
    settable_tables,
)

__all__ = [
    "Described",
    "describe",
    "diff",
    "lock",
    "lock_tables",
    "treatment_digest",
    "world_digest",
]


class Described(NamedTuple):
    """One number that a scenario may set.

    Parameters
    ----------
    path : str
        Where it stands in a file, such as ``policy.states.NAME.offset_rate``.
    role : str
        ``lever``, ``given`` or ``parameter``.
    unit : str
        One of the closed list of units.
    default : float or None
        Value where none is set; None if one must be given.
    low, high : float
        Limits.
    source : str
        Where the default comes from.
    meaning : str
        What it is, in one sentence.
    """

    path: str
    role: str
    unit: str
    default: float | None
    low: float
    high: float
    source: str
    meaning: str


def describe() -> list[Described]:
    """Return every lever, given number and parameter, levers first."""
    columns = [column for table in settable_tables() for column in settable(table, "given", "lever")]
    columns.sort(key=lambda column: column.role != "lever")
    return [_column(column) for column in columns] + list(_parameters())


def _column(column: Column[Any]) -> Described:
    """Return the row of a column."""
    bounds = limits(column)
    section = column.owner.section
    named = column.role == "lever" and column.owner.single
    place = f"policy.{section}" if column.role == "lever" else f"world.{section}"
    path = f"{place}.NAME.{column.name}" if named else f"{place}[].{column.name}"
    axes = [axis for axis in column.axes if axis != "states"]
    by = f", by {axes[0]}" if axes else ""
    return Described(
        path,
        column.role,
        column.unit,
        bounds.default,
        bounds.low,
        bounds.high,
        bounds.source,
        f"{column.meaning}{by}",
    )


def _parameters() -> Iterator[Described]:
    """Yield the rows of the parameters."""
    for name, group in parameter_groups().items():
        for key, info in group.model_fields.items():
            low, high = parameter_limits(info)
            yield Described(
                f"parameters.{name}.{key}",
                "parameter",
                parameter_unit(info),
                float(info.default),
                low,
                high,
                parameter_source(info),
                str(info.description).rstrip("."),
            )
