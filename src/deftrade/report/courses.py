"""How a quantity went year by year: what figures draw and the summary tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.indicators import focus_row
from deftrade.record import SERIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.results import Results

    Float = NDArray[np.float64]

LATE_YEARS = 5
"""Years at the end of a run over which partners and ties are summed."""


@dataclass(frozen=True)
class Course:
    """One column of all entities of a table by year.

    Parameters
    ----------
    years : (points,) float
        Stocks: the opening, then the close of each year. Everything else: the middle of each year.
    values : (points, entities) float
        Closing values of stocks, sums of flows, means of everything else; nan before an entity
        exists.
    opens : bool
        Whether the first point is the opening.
    """

    years: Float
    values: Float
    opens: bool

    def of(self, row: int) -> tuple[float, float]:
        """Return an entity's first and last value."""
        return float(self.values[0, row]), float(self.values[-1, row])

    @property
    def begins(self) -> str:
        """When the first value holds, in words."""
        return "at the opening" if self.opens else f"in {int(self.years[0])}"

    @property
    def ends(self) -> str:
        """When the last value holds, in words."""
        return f"at the end of {self.last_year}" if self.opens else f"in {self.last_year}"

    @property
    def last_year(self) -> int:
        """The last simulated year."""
        return int(np.ceil(self.years[-1])) - 1


def rows_per_year(results: Results) -> int:
    """Return how many kept rows make a year."""
    yearly = results.scenario.outputs.every == "year"
    return 1 if yearly else results.scenario.calendar.steps_per_year


def course(results: Results, column: str, table: str = "states") -> Course:
    """Return the yearly course of a column of a series table."""
    values = results.record.series(table, column)
    declared = {item.name: item for item in SERIES[table].columns}[column]
    per_year = rows_per_year(results)
    years = (len(values) - 1) // per_year
    start = results.scenario.calendar.start
    if declared.aggregation == "last":
        return Course(start + np.arange(years + 1.0), values[:: per_year][: years + 1], True)
    by_year = values[1 : years * per_year + 1].reshape(years, per_year, values.shape[1])
    combined = by_year.sum(axis=1) if declared.aggregation == "sum" else by_year.mean(axis=1)
    return Course(start + np.arange(years) + 0.5, combined, False)


def focus_name(results: Results) -> str:
    """Return the name of the focus state."""
    return results.world.names.states[focus_row(results)]


def has_series(results: Results, *names: str) -> bool:
    """Return whether all these series were kept."""
    return all(name in results.scenario.outputs.series for name in names)


def late_trade(results: Results) -> Float:
    """Return payments for exports over the last years, MUSD, ``(exporters, importers)``."""
    flows = results.record.flows()
    size = len(results.world.names.states)
    first = len(results.record.steps) - LATE_YEARS * rows_per_year(results)
    late = flows["row"] >= max(first, 1)
    matrix = np.zeros((size, size))
    np.add.at(matrix, (flows["exporter"][late], flows["importer"][late]), flows["exports"][late])
    return matrix


def late_span(results: Results) -> str:
    """Return the years over which `late_trade` sums, such as ``2045–2049``."""
    calendar = results.scenario.calendar
    first = max(calendar.start, calendar.end - LATE_YEARS)
    return f"{first}–{calendar.end - 1}" if first < calendar.end - 1 else f"{first}"


def largest(values: Float, count: int) -> NDArray[np.int64]:
    """Return the places of the largest positive values, largest first."""
    order = np.argsort(-values, kind="stable")[:count]
    return order[values[order] > 0]
