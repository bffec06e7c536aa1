"""The date axis, and the only place where yearly rates meet the step length."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from deftrade.core import elementary

if TYPE_CHECKING:
    from numpy.typing import NDArray

Amount = TypeVar("Amount", float, "NDArray[np.float64]")

STEPS_PER_YEAR = {"year": 4, "quarter": 4, "month": 12}
"""Step lengths a scenario may choose, and how many steps of a year are computed.

What waits for a next step must not wait a whole year: years are kept, but computed in quarters.
"""


@dataclass(frozen=True)
class Calendar:
    """The dates of a run: ``steps`` computed steps from ``start``, the end exclusive.

    Parameters
    ----------
    start : int
        First year.
    end : int
        Year that is no longer simulated.
    step : str
        ``quarter``, ``month`` or ``year``.
    """

    start: int
    end: int
    step: str = "quarter"

    @cached_property
    def steps_per_year(self) -> int:
        """Number of steps that are computed in a year."""
        return STEPS_PER_YEAR[self.step]

    @property
    def rows_per_year(self) -> int:
        """Number of steps that are kept of a year; a year is kept as one."""
        return 1 if self.step == "year" else self.steps_per_year

    @property
    def steps_per_row(self) -> int:
        """Number of computed steps that are taken and kept as one."""
        return self.steps_per_year // self.rows_per_year

    @property
    def steps(self) -> int:
        """Number of computed steps of the run."""
        return (self.end - self.start) * self.steps_per_year

    @property
    def rows(self) -> int:
        """Number of steps that are kept of the run."""
        return (self.end - self.start) * self.rows_per_year

    def label(self, step: int) -> str:
        """Return the name of the date under which a computed step is kept, such as ``2031-Q1``."""
        year, part = divmod(step, self.steps_per_year)
        if self.step == "year":
            return str(self.start + year)
        mark = f"Q{part + 1}" if self.step == "quarter" else f"{part + 1:02d}"
        return f"{self.start + year}-{mark}"

    def year(self, step: int) -> float:
        """Return the decimal year at which a computed step opens."""
        return self.start + step / self.steps_per_year

    def years(self, closed: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the calendar year of rows kept after so many computed steps.

        It is that of their labels; the opening closes the year before the first step.

        Examples
        --------
        >>> Calendar(2025, 2030).years(np.array([0, 1, 4, 5]))
        array([2024, 2025, 2025, 2026])
        """
        return np.asarray(self.start + (closed - 1) // self.steps_per_year, dtype=np.int64)

    def closes(self, closed: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the decimal years at which rows kept after so many computed steps close."""
        return np.asarray(self.start + closed / self.steps_per_year, dtype=np.float64)

    def step_at(self, year: float) -> int:
        """Return the first computed step that opens at or after a decimal year."""
        return int(np.ceil((year - self.start) * self.steps_per_year - 1e-9))

    def due(self, year: float) -> int:
        """Return the computed step in which a run applies what policy sets from a decimal year on.

        What is not dated (minus infinity), or dated before the start, holds from the opening: step 0.
        What falls after the end gets a step that the run does not reach. Events are not policy: one
        before the start does not happen, so they go by `step_at`.

        Examples
        --------
        >>> calendar = Calendar(2025, 2030, "quarter")
        >>> calendar.due(2026.5), calendar.due(2020), calendar.due(float("-inf"))
        (6, 0, 0)
        """
        return self.step_at(year) if year > self.start else 0


@dataclass
class Clock:
    """Where a run stands, and the conversions from per-year numbers to this step.

    Phases call these methods and never see the step length itself.

    Parameters
    ----------
    calendar : Calendar
        The date axis.
    step : int
        Computed steps completed; negative while a world settles before its opening date.
    stride : int
        Calendar steps taken at once; more than one only in the coarse part of settling.
    """

    calendar: Calendar
    step: int = 0
    stride: int = 1

    @property
    def _dt(self) -> float:
        """Length of a step, years."""
        return self.stride / self.calendar.steps_per_year

    def advance(self) -> None:
        """Move the clock on by one step."""
        self.step += self.stride

    @property
    def date_id(self) -> np.uint64:
        """Id of today's date, for shocks that belong to a date."""
        return np.uint64(self.step % 2**63)

    @property
    def today(self) -> str:
        """Label of the step being simulated."""
        return self.calendar.label(self.step)

    def flow(self, per_year: Amount) -> Amount:
        """Return what a yearly flow comes to in one step: the rate times the step's years."""
        return per_year * self._dt

    def per_year(self, flow: Amount) -> Amount:
        """Return a step's flow as a rate per year."""
        return flow / self._dt

    def share(self, rate: Amount) -> Amount:
        """Return the share of a gap or stock that a yearly share ``rate`` removes in one step."""
        return 1.0 - elementary.power(1.0 - rate, self._dt)

    def chance(self, hazard: Amount) -> Amount:
        """Return the probability of an event with yearly ``hazard`` in one step."""
        return 1.0 - elementary.exp(-hazard * self._dt)

    def keep(self, persistence: Amount) -> Amount:
        """Return the persistence over a step of a process with yearly ``persistence``."""
        return elementary.power(persistence, self._dt)

    def spread(self, deviation: float, persistence: float) -> float:
        """Return the spread of a step's shocks that keeps an AR(1)'s stationary ``deviation``."""
        kept = elementary.power(persistence, self._dt)
        return float(deviation * np.sqrt(1.0 - kept**2))

    def grow(self, rate: Amount) -> Amount:
        """Return the growth factor of one step at a yearly growth ``rate``."""
        return elementary.power(1.0 + rate, self._dt)

    def elapsed(self) -> float:
        """Return the years that pass in a step."""
        return self._dt

    def since(self, step: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the years that have passed since earlier steps, shape as given."""
        return np.asarray((self.step - step) / self.calendar.steps_per_year, dtype=np.float64)
