"""How a quantity went year by year: what figures draw and the summary tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables import SERIES, States
from deftrade.results.indicators import LATE, focus_row, windows
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


@dataclass(frozen=True)
class Compared:
    """One column of all entities of a table in the two spans of `windows`.

    Parameters
    ----------
    early, late : (entities,) float
        Means over the steps of each, flows as yearly paces; early ones are nan in a run that is too
        short for two spans.
    """

    early: Float
    late: Float

    def of(self, row: int) -> tuple[float, float]:
        """Return an entity's early and late value, in the column's unit."""
        return float(self.early[row]), float(self.late[row])


def compared(results: Results, column: str, table: str = "states") -> Compared:
    """Return a column of a series table in the first years and in the last, as indicators measure it."""
    values = results.record.series(table, column)
    declared = {item.name: item for item in SERIES[table].columns}[column]
    pace = rows_per_year(results) if declared.aggregation == "sum" else 1
    spans = windows(results)
    late = values[spans.late].mean(axis=0) * pace
    early = values[spans.early].mean(axis=0) * pace if spans.are_two else np.full_like(late, np.nan)
    return Compared(early, late)


def spans_told(results: Results) -> str:
    """Return which years the sentences and titles of a run compare, such as a figure's note needs."""
    spans = windows(results)
    if not spans.are_two:
        return f"means of {years_told(spans.late_years)}, too few years for a comparison"
    return f"means of {years_told(spans.early_years)} against {years_told(spans.late_years)}"


def holds(*columns: str) -> str:
    """Return what columns of states hold, as they declare it, for a reader of a page or a figure."""
    declared = (States.by_name[column] for column in columns)
    return " ".join(f"{item.title.capitalize()}: {item.meaning[0].lower()}{item.meaning[1:]}."
                    for item in declared)  # fmt: skip


def late_told(results: Results) -> str:
    """Return what ``last 5 years`` in the meaning of an indicator is in a run."""
    return f"{LATE.capitalize()}: mean of {late_span(results)}."


def years_told(years: tuple[int, int]) -> str:
    """Return a span of years, such as ``2045–2049``, or the only one."""
    first, last = years
    return f"{first}–{last}" if first < last else f"{first}"


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
    """Return what was sold in the last years, MUSD a year, ``(exporters, importers)``."""
    flows, late = results.record.flows(), windows(results).late
    size = len(results.world.names.states)
    inside = (flows["row"] >= late.start) & (flows["row"] < late.stop)
    matrix = np.zeros((size, size))
    place = flows["exporter"][inside], flows["importer"][inside]
    np.add.at(matrix, place, flows["exports"][inside])
    return matrix * rows_per_year(results) / (late.stop - late.start)


def late_span(results: Results) -> str:
    """Return the years of `late_trade` and of late values, such as ``2045–2049``."""
    return years_told(windows(results).late_years)


def largest(values: Float, count: int) -> NDArray[np.int64]:
    """Return the places of the largest positive values, largest first."""
    order = np.argsort(-values, kind="stable")[:count]
    return order[values[order] > 0]
