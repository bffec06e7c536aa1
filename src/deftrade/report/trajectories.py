"""How a quantity went year by year: what figures draw and the summary tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables import SERIES
from deftrade.results.indicators import LATE_YEARS, focus_row
from deftrade.results.indicators.series import rows_per_year

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.results.results import Results


FEWEST_YEARS = 3
"""Shorter runs are shown step by step, with flows as yearly paces."""


@dataclass(frozen=True)
class Trajectory:
    """One column of all entities of a table over time.

    Parameters
    ----------
    years : (points,) float
        Stocks: the opening, then the close of each year. Everything else: the middle of each year.
    values : (points, entities) float
        Closing values of stocks, sums of flows, means of everything else; nan before an entity
        exists.
    """

    years: Float
    values: Float

    def of(self, row: int) -> tuple[float, float]:
        """Return an entity's first and last value, in the column's unit."""
        return float(self.values[0, row]), float(self.values[-1, row])


def trajectory(results: Results, column: str, table: str = "states", *, yearly: bool = False) -> Trajectory:
    """Return the trajectory of a column of a series table by year.

    Runs of fewer years than `FEWEST_YEARS` are given by step, unless ``yearly``.
    """
    values = results.record.series(table, column)
    declared = {item.name: item for item in SERIES[table].columns}[column]
    per_year = rows_per_year(results)
    years = (len(values) - 1) // per_year
    size = 1 if years < FEWEST_YEARS and not yearly else per_year
    start, spacing = results.scenario.calendar.start, size / per_year
    points = years * per_year // size
    if declared.aggregation == "last":
        return Trajectory(_dates(start, points + 1, spacing), values[::size][: points + 1])
    by_point = values[1 : points * size + 1].reshape(points, size, values.shape[1])
    combined = by_point.mean(axis=1)
    if declared.aggregation == "sum":
        combined *= size / spacing
    return Trajectory(_dates(start + spacing / 2, points, spacing), combined)


def _dates(start: float, points: int, spacing: float) -> Float:
    """Return evenly spaced decimal years."""
    return np.asarray(start + spacing * np.arange(points), dtype=np.float64)


def focus_name(results: Results) -> str:
    """Return the name of the focus state."""
    return results.world.names.states[focus_row(results)]


def has_series(results: Results, *names: str) -> bool:
    """Return whether the record of the run holds all these series."""
    kept = set(results.record.columns)
    if len(results.record.flows()["row"]):
        kept.add("flows")
    return kept.issuperset(names)


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
