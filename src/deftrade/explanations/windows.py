"""Indicators that can be broken down: which column they read, over which steps, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from deftrade.errors import ExplanationError
from deftrade.explanations.parts import MEASURES
from deftrade.indicators import INDICATORS, LATE_YEARS

if TYPE_CHECKING:
    from deftrade.scenario.resolved import Scenario

_WHOLE = ("fiscal_cost", "business_forgone")
"""Indicators that sum over the run; the other ones are late means or paces."""


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
    known = {item.name: item for item in INDICATORS}
    if indicator not in known:
        raise ExplanationError(
            f"there is no indicator {indicator!r}; these can be traced: {', '.join(MEASURES)}"
        )
    if indicator not in MEASURES:
        raise ExplanationError(
            f"{indicator} is no sum of contracts, fleets or payments that could be traced;"
            f" these are: {', '.join(MEASURES)}"
        )
    item, calendar = known[indicator], scenario.calendar
    if indicator in _WHOLE:
        return Window(indicator, item.unit, item.meaning, frozenset(range(calendar.steps)), 1.0)
    many = min(LATE_YEARS * calendar.steps_per_year, calendar.steps)
    steps = frozenset(range(calendar.steps - many, calendar.steps))
    per_year = calendar.steps_per_year if item.unit.endswith("/yr") else 1
    span = f"mean of the last {many / calendar.steps_per_year:g} years"
    meaning = item.meaning.replace("late mean", span)
    return Window(indicator, item.unit, meaning, steps, per_year / many)
