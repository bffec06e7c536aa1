"""Statistics of runs that no table of deliveries holds: budgets, licences, industry and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.results.results import Results

APART = 5
"""Years between two burdens that are correlated."""


def _burdens(results: Results) -> Float:
    return results.record.series("states", "burden")


def median_burden(results: Results) -> float:
    """Return the median of spending over GDP (V33)."""
    return float(np.median(_burdens(results)[-1]))


def mean_burden(results: Results) -> float:
    """Return the mean of spending over GDP, each state alike (V33)."""
    return float(_burdens(results)[-1].mean())


def top_spenders(results: Results) -> float:
    """Return the five largest spenders' share of the world's spending (V35)."""
    spending = np.sort(_burdens(results)[-1] * results.record.series("states", "gdp")[-1])
    return float(spending[-5:].sum() / spending.sum())


def burden_persistence(results: Results) -> float:
    """Return the correlation of log burdens five years apart (V36)."""
    calendar, log = results.scenario.calendar, np.log(_burdens(results))
    rows = APART * calendar.steps_per_year // calendar.steps_per_row
    return float(np.corrcoef(log[-1], log[-1 - rows])[0, 1])


def refusals(results: Results) -> float:
    """Return refused licences out of all that were filed (V45)."""
    series = results.record.series
    return float(series("states", "small_refusals")[1:].sum() / series("states", "small_licences")[1:].sum())


def profit(results: Results) -> float:
    """Return profit out of revenue, all firms (V55)."""
    series = results.record.series
    return float(np.nansum(series("firms", "profit")[1:]) / np.nansum(series("firms", "revenue")[1:]))


def backlog(results: Results) -> float:
    """Return orders on the books in years of output (V60)."""
    lines = results.world.lines
    return float(lines.backlog.sum() / (lines.output.sum() * results.scenario.calendar.steps_per_year))


def jobs(results: Results) -> float:
    """Return direct and indirect jobs a MUSD of output (V61)."""
    frame = results.to_frame("indicators")
    return float(frame.loc[frame["indicator"] == "jobs_per_output", "value"].iloc[0])
