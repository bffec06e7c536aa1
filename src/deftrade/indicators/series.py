"""Indicators, and how most of them are read off the series of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deftrade.results import Results

LATE_YEARS = 5
"""Indicators of level are means over the last years of a run."""


@dataclass(frozen=True)
class Indicator:
    """One number of a run.

    Parameters
    ----------
    name : str
        Its name in tables.
    unit : str
        Unit.
    scope : str
        ``focus`` (the scenario's focus state) or ``world``.
    meaning : str
        What it is.
    measure : callable
        From results to the number.
    lowest, highest : float
        Between which values it lies, whatever happens in a run; a share is at most 1.
    """

    name: str
    unit: str
    scope: str
    meaning: str
    measure: Callable[[Results], float]
    lowest: float = 0.0
    highest: float = inf

    @property
    def limits(self) -> tuple[float, float]:
        """Lowest and highest value that it can have."""
        return self.lowest, min(self.highest, 1.0) if self.unit == "share" else self.highest


def focus_row(results: Results) -> int:
    """Return the row of the scenario's focus state."""
    names = results.world.names.states
    focus = results.scenario.outputs.focus
    return names.index(focus) if focus else 0


def late_rows(results: Results) -> slice:
    """Return the kept rows of the last years."""
    rows = len(results.record.steps)
    return slice(max(1, rows - LATE_YEARS * rows_per_year(results)), rows)


def rows_per_year(results: Results) -> int:
    """Return how many kept rows make a year."""
    yearly = results.scenario.outputs.every == "year"
    return 1 if yearly else results.scenario.calendar.rows_per_year


def level(column: str) -> Callable[[Results], float]:
    """Return a measure: late mean of a state's column."""

    def measure(results: Results) -> float:
        values = results.record.series("states", column)
        return float(values[late_rows(results), focus_row(results)].mean())

    return measure


def pace(column: str) -> Callable[[Results], float]:
    """Return a measure: late yearly pace of a state's flow."""

    def measure(results: Results) -> float:
        values = results.record.series("states", column)[late_rows(results), focus_row(results)]
        return float(values.mean() * rows_per_year(results))

    return measure


def whole(column: str, *, everyone: bool = False) -> Callable[[Results], float]:
    """Return a measure: a flow summed over the run, of the focus state or of all."""

    def measure(results: Results) -> float:
        values = results.record.series("states", column)[1:]
        return float(values.sum() if everyone else values[:, focus_row(results)].sum())

    return measure


def mean(column: str) -> Callable[[Results], float]:
    """Return a measure: mean of a state's column over the run."""

    def measure(results: Results) -> float:
        return float(results.record.series("states", column)[1:, focus_row(results)].mean())

    return measure
