"""What an indicator is, and how most of them are read off the series of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from math import inf
from typing import TYPE_CHECKING, Any, Literal

from deftrade.results.indicators.parts import BREAKDOWNS

if TYPE_CHECKING:
    from deftrade.core.table import Column
    from deftrade.results.indicators.parts import Breakdown
    from deftrade.results.run import Kept

LATE_YEARS = 5
"""Indicators of level are means over the last years of a run; shorter runs give all they have."""

LATE = f"last {LATE_YEARS} years"
"""How the meaning of an indicator names them."""


class Span(Enum):
    """The part of a run that an indicator looks at."""

    LATE = "the last years"
    RUN = "the whole run"
    END = "the end"


@dataclass(frozen=True)
class Reading:
    """How an indicator is read off a run.

    Parameters
    ----------
    span : Span
        The part of the run that it looks at.
    of : callable
        From results to the number.
    column : Column or None
        The column of the focus state that it takes, if it is no more than that.
    taken : str
        How it takes the column: its ``mean`` or ``sum`` over the steps, its ``pace`` a year; empty
        if it takes none.
    """

    span: Span
    of: Callable[[Kept], float]
    column: Column[Any] | None
    taken: Literal["mean", "sum", "pace", ""]


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
    reading : Reading
        How it is read off a run, and of which part of it.
    lowest, highest : float
        Between which values it lies, whatever happens in a run; a share is at most 1.
    headline : int
        Its place among the indicators of the summary and of the command line's table, which comparisons
        ask about where nobody names any; 0 where it is none of them.
    among : int
        The number of states that it takes, the largest ones, if it takes so many.
    of_few : str
        What it is where there are no more states than that.
    """

    name: str
    unit: str
    scope: str
    meaning: str
    reading: Reading
    lowest: float = 0.0
    highest: float = inf
    headline: int = 0
    among: int = 0
    of_few: str = ""

    def meaning_in(self, states: int) -> str:
        """Return what it is in a world of so many states."""
        return self.of_few if states <= self.among else self.meaning

    @property
    def limits(self) -> tuple[float, float]:
        """Least and greatest possible value, in the indicator's unit."""
        return self.lowest, min(self.highest, 1.0) if self.unit == "share" else self.highest

    @property
    def title(self) -> str:
        """What it is called in words: as the column that it takes, else as its name."""
        column = self.reading.column
        return self.name.replace("_", " ") if column is None else column.title

    @property
    def parts(self) -> Breakdown | None:
        """What it can be broken into: the parts of its column at a step; None if it is no sum."""
        column = self.reading.column
        return None if column is None else BREAKDOWNS.get(column)

    def measure(self, results: Kept) -> float:
        """Return the indicator's value in a run, in its unit."""
        return self.reading.of(results)


def focus_row(results: Kept) -> int:
    """Return the row of the scenario's focus state."""
    names = results.world.names.states
    focus = results.scenario.outputs.focus
    return names.index(focus) if focus else 0


def late_rows(results: Kept) -> slice:
    """Return the slice of kept rows that fall in the last `LATE_YEARS` years."""
    rows = len(results.record.steps)
    return slice(max(1, rows - LATE_YEARS * rows_per_year(results)), rows)


@dataclass(frozen=True)
class Windows:
    """The two spans of years that a run is told by: the last against the first.

    Parameters
    ----------
    early, late : slice
        Kept rows. The late ones are those of `late_rows`, the early ones as many years from the start as
        do not overlap with them; none in a run of `LATE_YEARS` years or fewer.
    early_years, late_years : tuple of int
        First and last calendar year of each; where there is no early one, its last year precedes its first.
    """

    early: slice
    late: slice
    early_years: tuple[int, int]
    late_years: tuple[int, int]

    @property
    def are_two(self) -> bool:
        """Whether there is something to compare the late years with."""
        return self.early.stop > self.early.start


def windows(results: Kept) -> Windows:
    """Return the spans that the summary, the tables and the figures of a run share."""
    late, per_year, start = late_rows(results), rows_per_year(results), results.scenario.calendar.start
    before, end = ((row - 1) // per_year for row in (late.start, late.stop + per_year - 1))
    early = min(before, LATE_YEARS)
    return Windows(
        slice(1, 1 + early * per_year), late, (start, start + early - 1), (start + before, start + end - 1)
    )


def rows_per_year(results: Kept) -> int:
    """Return how many kept rows make a year."""
    yearly = results.scenario.outputs.every == "year"
    return 1 if yearly else results.scenario.calendar.rows_per_year


def late(measure: Callable[[Kept], float]) -> Reading:
    """Return a reading by a measure of the last years."""
    return Reading(Span.LATE, measure, None, "")


def over_run(measure: Callable[[Kept], float]) -> Reading:
    """Return a reading by a measure of the whole run."""
    return Reading(Span.RUN, measure, None, "")


def at_end(measure: Callable[[Kept], float]) -> Reading:
    """Return a reading by a measure of the run's end."""
    return Reading(Span.END, measure, None, "")


def level(column: Column[Any]) -> Reading:
    """Return a reading: the focus state's mean of a column over the last years."""

    def measure(results: Kept) -> float:
        values = results.record.series("states", column.name)
        return float(values[late_rows(results), focus_row(results)].mean())

    return Reading(Span.LATE, measure, column, "mean")


def pace(column: Column[Any]) -> Reading:
    """Read the late yearly pace of a state's flow."""

    def measure(results: Kept) -> float:
        values = results.record.series("states", column.name)[late_rows(results), focus_row(results)]
        return float(values.mean() * rows_per_year(results))

    return Reading(Span.LATE, measure, column, "pace")


def whole(column: Column[Any]) -> Reading:
    """Return a reading: the sum of the focus state's flow over the run."""

    def measure(results: Kept) -> float:
        return float(results.record.series("states", column.name)[1:, focus_row(results)].sum())

    return Reading(Span.RUN, measure, column, "sum")


def whole_world(column: Column[Any]) -> Reading:
    """Read a flow of all states summed over the run."""
    return over_run(lambda results: float(results.record.series("states", column.name)[1:].sum()))


def mean(column: Column[Any]) -> Reading:
    """Read the mean of a state's column over the run."""

    def measure(results: Kept) -> float:
        return float(results.record.series("states", column.name)[1:, focus_row(results)].mean())

    return Reading(Span.RUN, measure, column, "mean")
