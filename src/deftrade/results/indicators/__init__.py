"""Indicators: what a run comes to, one number each.

A new one is declared here, in `control` or in `world`, and nowhere else: tables, documents, comparisons,
claims and the summary read the declaration. What breaks a column into parts stands in `parts`.
"""

from __future__ import annotations

import copyreg
from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables import States
from deftrade.results.indicators.control import CONTROL, refusal_rates
from deftrade.results.indicators.series import (
    LATE,
    LATE_YEARS,
    Indicator,
    Reading,
    Span,
    Windows,
    at_end,
    focus_row,
    late_rows,
    level,
    pace,
    whole,
    windows,
)
from deftrade.results.indicators.world import WORLD, tie_matrix

if TYPE_CHECKING:
    from deftrade.results.run import Kept


def _friendships(results: Kept) -> float:
    """Return the focus state's mean alignment with others at the end."""
    row = focus_row(results)
    alignment = np.delete(results.world.dyads.alignment[row], row)
    return float(alignment.mean()) if alignment.size else 0.0


def _memberships(results: Kept) -> float:
    """Return how many alliances the focus state is in at the end."""
    return float(results.world.alliances.member[:, focus_row(results)].sum())


INDICATORS = (
    Indicator(
        "usable_capability",
        "CE",
        "focus",
        f"Usable capability, {LATE}",
        level(States.usable_capability),
        headline=10,
    ),
    Indicator(
        "readiness",
        "share",
        "focus",
        f"Usable share of capability, {LATE}",
        level(States.readiness),
        headline=20,
    ),
    Indicator(
        "burden",
        "share",
        "focus",
        f"Military burden, {LATE}",
        level(States.burden),
        headline=30,
    ),
    Indicator(
        "exports",
        "MUSD/yr",
        "focus",
        f"Exports without work shares and offsets, {LATE}",
        pace(States.exports),
        headline=40,
    ),
    Indicator(
        "imports",
        "MUSD/yr",
        "focus",
        f"Imports without work shares and offsets, {LATE}",
        pace(States.imports),
        headline=50,
    ),
    Indicator(
        "exports_value_added",
        "MUSD/yr",
        "focus",
        f"Value added at home in exports, {LATE}",
        pace(States.exports_value_added),
    ),
    Indicator("jobs_direct", "jobs", "focus", f"Direct jobs, {LATE}", level(States.jobs_direct), headline=60),
    Indicator(
        "jobs_net",
        "jobs",
        "focus",
        f"Jobs net of those displaced at home, {LATE}",
        level(States.jobs_net),
        -inf,
        headline=70,
    ),
    Indicator(
        "export_jobs",
        "jobs",
        "focus",
        f"Direct jobs that exports pay, {LATE}",
        level(States.export_jobs),
    ),
    Indicator(
        "value_added",
        "MUSD/yr",
        "focus",
        f"Value added of defence production, {LATE}",
        pace(States.value_added),
        -inf,
    ),
    Indicator(
        "know_how",
        "1",
        "focus",
        f"Know-how, mean of categories, {LATE}",
        level(States.know_how),
        headline=80,
    ),
    Indicator(
        "rung",
        "1",
        "focus",
        f"Rung on the ladder, mean of categories, {LATE}",
        level(States.rung),
        headline=90,
    ),
    Indicator(
        "fiscal_cost",
        "MUSD",
        "focus",
        "Net fiscal cost over the run; negative: dividends exceed it",
        whole(States.fiscal_cost),
        -inf,
        headline=100,
    ),
    Indicator(
        "supplier_concentration",
        "share",
        "focus",
        f"Herfindahl index of arms by origin, {LATE}",
        level(States.supplier_concentration),
    ),
    Indicator(
        "component_dependence",
        "share",
        "focus",
        f"Foreign content of home output, {LATE}",
        level(States.component_dependence),
        headline=110,
    ),
    *CONTROL,
    Indicator(
        "alignment",
        "1",
        "focus",
        "Mean alignment with others at the end",
        at_end(_friendships),
        -1.0,
        1.0,
    ),
    Indicator(
        "memberships",
        "count",
        "focus",
        "Alliances the state is in at the end",
        at_end(_memberships),
    ),
    Indicator(
        "conflict_deterrence",
        "1",
        "focus",
        f"Conflict risk where strength deters, {LATE}",
        level(States.conflict_deterrence),
    ),
    Indicator(
        "conflict_spiral",
        "1",
        "focus",
        f"Conflict risk where strength alarms, {LATE}",
        level(States.conflict_spiral),
    ),
    *WORLD,
)
"""Every indicator, in the order of reports."""

HEADLINES = tuple(item.name for item in sorted(INDICATORS, key=lambda item: item.headline) if item.headline)
"""Names of the indicators of the summary and of the command line's table; the file holds all."""


def _named(name: str) -> Indicator:
    """Return the indicator of this name."""
    return next(item for item in INDICATORS if item.name == name)


# An indicator is known by its name, as a column is: how it is measured need not travel.
copyreg.pickle(Indicator, lambda item: (_named, (item.name,)))


def title(name: str) -> str:
    """Return what an indicator or a column of states is called in words."""
    known = {column.name: column.title for column in States.columns}
    known |= {item.name: item.title for item in INDICATORS}
    return known.get(name, name.replace("_", " "))


def measure(results: Kept) -> Iterator[tuple[Indicator, float]]:
    """Yield every indicator with its value."""
    for indicator in INDICATORS:
        yield indicator, indicator.measure(results)


__all__ = [
    "HEADLINES",
    "INDICATORS",
    "LATE",
    "LATE_YEARS",
    "Indicator",
    "Reading",
    "Span",
    "Windows",
    "focus_row",
    "late_rows",
    "measure",
    "refusal_rates",
    "tie_matrix",
    "title",
    "windows",
]
