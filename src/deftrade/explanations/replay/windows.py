"""Indicators that can be broken down: which column they read, over which steps, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from deftrade.errors import ExplanationError
from deftrade.results.indicators import INDICATORS, LATE, LATE_YEARS, Span
from deftrade.results.indicators.parts import breakdowns

if TYPE_CHECKING:
    from deftrade.scenario.resolved import Scenario


class Window(NamedTuple):
    """An indicator of the focus state as a sum over steps times a factor."""

    column: str
    unit: str
    meaning: str
    steps: frozenset[int]
    factor: float


def window_of(indicator: str, scenario: Scenario) -> Window:
    """Return how an indicator is read.

    Raises
    ------
    ExplanationError
        There is no such indicator, or it is no sum of contracts, fleets or items.
    """
    item = next((item for item in INDICATORS if item.name == indicator), None)
    if item is None:
        raise ExplanationError(
            f"there is no indicator {indicator!r}; these can be traced: {', '.join(breakdowns())}"
        )
    column, calendar = item.reading.column, scenario.calendar
    if column is None or item.parts is None:
        raise ExplanationError(
            f"{indicator} is no sum of contracts, fleets or payments that could be traced;"
            f" these are: {', '.join(breakdowns())}"
        )
    many, meaning = calendar.steps, item.meaning
    if item.reading.span is Span.LATE:
        many = min(LATE_YEARS * calendar.steps_per_year, calendar.steps)
        span = f"mean of the last {many / calendar.steps_per_year:g} years"
        meaning = meaning.replace(LATE, span)
    factor = {"sum": 1.0, "mean": 1 / many, "pace": calendar.steps_per_year / many}[item.reading.taken]
    steps = frozenset(range(calendar.steps - many, calendar.steps))
    return Window(column.name, item.unit, meaning, steps, factor)
