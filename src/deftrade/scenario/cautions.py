"""What a scenario may say but seldom means: numbers whose unit seems to have been forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deftrade.core.tables import Categories, Firms, States
from deftrade.core.wording import bounds
from deftrade.scenario.values import InvalidValue, parse_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deftrade.core.table import Column
    from deftrade.errors import Fault
    from deftrade.scenario.faults import Located

USUAL: dict[Column[Any], tuple[float, float]] = {
    States.gdp: (1_000, 100_000_000),
    States.offset_threshold: (0.5, 5_000),
    Categories.smallest_order: (0.1, 5_000),
    Firms.civil_revenue: (0.5, 500_000),
}
"""Amounts that are common: what lies outside and has no unit may be in billions, or in dollars."""


def cautions(data: Mapping[str, Any], located: Located) -> Iterator[Fault]:
    """Yield amounts without a unit that are far from common ones; naught is an amount of its own.

    Parameters
    ----------
    data : mapping
        A valid scenario as plain data, tables expanded.
    located : Located
        Where values stand.
    """
    for column, usual in USUAL.items():
        section = column.owner.section
        for row, entry in enumerate(_rows(data["world"], section)):
            opening = ("world", section, row, column.name)
            yield from _caution(entry.get(column.name), column, usual, opening, located)
        levers = (data.get("policy") or {}).get(section) or {}
        for name, entry in levers.items():
            given = entry.get(column.name)
            for date, raw in given.items() if isinstance(given, dict) else [(None, given)]:
                path = ("policy", section, name, column.name)
                place = path if date is None else (*path, date)
                yield from _caution(raw, column, usual, place, located)


def _rows(world: Mapping[str, Any], section: str) -> list[Any]:
    """Return the entries of a list of the world."""
    rows = world.get(section)
    return rows if isinstance(rows, list) else []


def _caution(
    raw: Any, column: Column[Any], usual: tuple[float, float], path: tuple[str | int, ...], located: Located
) -> Iterator[Fault]:
    """Yield the caution about one amount, if there is one."""
    if raw is None or (isinstance(raw, str) and any(map(str.isalpha, raw))):
        return
    try:
        number = parse_number(raw, column.unit)
    except InvalidValue:
        return  # values by category stand for themselves
    low, high = usual
    if number and not low <= number <= high:
        plain = f"{number:,.10g}".replace(",", " ")
        yield located.fault(
            path,
            f"a number without a unit is million USD here; write {plain} m USD or bn USD, whichever is meant",
            found=f"{plain}, which is {number / 1000:.6g} bn USD",
            allowed=f"commonly {bounds(column.unit, low, high)}",
        )
