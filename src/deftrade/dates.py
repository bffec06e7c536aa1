"""The path under which the documentation names `deftrade.core.dates`."""

from deftrade.core.dates import STEPS_PER_YEAR, Amount, Calendar, Clock

__all__ = ["STEPS_PER_YEAR", "Amount", "Calendar", "Clock"]
