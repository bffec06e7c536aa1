"""Indicators: what a run comes to, one number each."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from deftrade.indicators.control import CONTROL, WORLD_CONTROL, refusal_rates
from deftrade.indicators.series import (
    LATE_YEARS,
    Indicator,
    focus_row,
    late_rows,
    level,
    pace,
    rows_per_year,
    whole,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.results import Results

    Float = NDArray[np.float64]


def _friendships(results: Results) -> float:
    """Return the focus state's mean alignment with others at the end."""
    row = focus_row(results)
    alignment = np.delete(results.world.dyads.alignment[row], row)
    return float(alignment.mean()) if alignment.size else 0.0


def _memberships(results: Results) -> float:
    """Return how many alliances the focus state is in at the end."""
    return float(results.world.alliances.member[:, focus_row(results)].sum())


def _cohesion(results: Results) -> float:
    """Return the late mean cohesion of all alliances."""
    if not len(results.world.alliances):
        return 0.0
    return float(results.record.series("alliances", "cohesion")[late_rows(results)].mean())


def _average_share(results: Results) -> Float:
    """Return exporters' shares of world exports over the last years, largest first."""
    exports = results.record.series("states", "exports")[late_rows(results)].sum(axis=0)
    whole = exports.sum()
    return np.sort(exports / whole if whole else exports)[::-1]


def _top_five(results: Results) -> float:
    """Return the top five exporters' share."""
    return float(_average_share(results)[:5].sum())


def tie_matrix(results: Results) -> NDArray[np.bool_]:
    """Return who delivered to whom in each year, ``(years, states, states)`` bool."""
    flows = results.record.flows()
    size = len(results.world.names.states)
    per_year = rows_per_year(results)
    years = max((len(results.record.steps) - 1) // per_year, 1)
    ties = np.zeros((years, size, size), dtype=bool)
    real = (flows["deliveries"] > 0) & (flows["row"] > 0)
    year = (flows["row"][real] - 1) // per_year
    inside = year < years
    ties[year[inside], flows["exporter"][real][inside], flows["importer"][real][inside]] = True
    return ties


def _tie_persistence(results: Results) -> float:
    """Return the chance that a tie of one year is there in the next."""
    ties = tie_matrix(results)
    before, after = ties[:-1], ties[1:]
    return float((before & after).sum() / max(before.sum(), 1))


def _top_supplier(results: Results) -> float:
    """Return the mean top-supplier share of the fifty largest importers over the last years."""
    flows = results.record.flows()
    size = len(results.world.names.states)
    late = flows["row"] >= late_rows(results).start
    matrix = np.zeros((size, size))
    place = (flows["importer"][late], flows["exporter"][late])
    np.add.at(matrix, place, flows["deliveries"][late])
    whole = matrix.sum(axis=1)
    largest = np.argsort(whole, kind="stable")[::-1][:50]
    largest = largest[whole[largest] > 0]
    if not len(largest):
        return 0.0
    return float((matrix[largest].max(axis=1) / whole[largest]).mean())


def _median_burden(results: Results) -> float:
    """Return the late median burden of all states."""
    burden = results.record.series("states", "burden")[late_rows(results)]
    return float(np.median(burden.mean(axis=0)))


def _jobs_per_output(results: Results) -> float:
    """Return direct and indirect jobs per MUSD of defence output a year, world."""
    late = late_rows(results)
    series = results.record.series
    jobs = series("states", "jobs_direct")[late] + series("states", "jobs_indirect")[late]
    made = series("firms", "output")[late] + series("firms", "component_output")[late]
    output = np.nansum(made, axis=1) * rows_per_year(results)
    return float(jobs.sum(axis=1).mean() / max(output.mean(), 1e-12))


def _used_share(results: Results) -> float:
    """Return second-hand deliveries as a share of all cross-border deliveries over the run."""
    contracts = results.world.contracts
    abroad = (contracts.buyer != contracts.supplier) & (contracts.signed >= 0)
    used = abroad & (contracts.mode == 3)
    return float(contracts.delivered[used].sum() / max(contracts.delivered[abroad].sum(), 1e-12))


INDICATORS = (
    Indicator(
        "usable_capability",
        "CU",
        "focus",
        "Usable capability, late mean",
        level("usable_capability"),
    ),
    Indicator("readiness", "share", "focus", "Usable share of capability, late mean", level("readiness")),
    Indicator("burden", "share", "focus", "Military burden, late mean", level("burden")),
    Indicator("exports", "MUSD/yr", "focus", "Exports, late pace", pace("exports")),
    Indicator("imports", "MUSD/yr", "focus", "Imports, late pace", pace("imports")),
    Indicator("jobs_direct", "jobs", "focus", "Direct jobs, late mean", level("jobs_direct")),
    Indicator("jobs_net", "jobs", "focus", "Jobs net of displaced ones, late mean", level("jobs_net"), -inf),
    Indicator(
        "export_jobs",
        "jobs",
        "focus",
        "Direct jobs that exports pay, late mean",
        level("export_jobs"),
    ),
    Indicator(
        "value_added",
        "MUSD/yr",
        "focus",
        "Value added of defence production, late pace",
        pace("value_added"),
        -inf,
    ),
    Indicator("know_how", "1", "focus", "Know-how, mean of categories, late mean", level("know_how")),
    Indicator("rung", "1", "focus", "Rung on the ladder, mean of categories, late mean", level("rung")),
    Indicator(
        "fiscal_cost",
        "MUSD",
        "focus",
        "Net fiscal cost over the run; negative: dividends exceed it",
        whole("fiscal_cost"),
        -inf,
    ),
    Indicator(
        "supplier_concentration",
        "share",
        "focus",
        "Herfindahl index of arms by origin",
        level("supplier_concentration"),
    ),
    Indicator(
        "component_dependence",
        "share",
        "focus",
        "Foreign content of home output",
        level("component_dependence"),
    ),
    *CONTROL,
    Indicator("alignment", "1", "focus", "Mean alignment with others at the end", _friendships, -1.0, 1.0),
    Indicator("memberships", "count", "focus", "Alliances the state is in at the end", _memberships),
    Indicator(
        "conflict_deterrence",
        "1",
        "focus",
        "Conflict risk where strength deters",
        level("conflict_deterrence"),
    ),
    Indicator(
        "conflict_spiral",
        "1",
        "focus",
        "Conflict risk where strength alarms",
        level("conflict_spiral"),
    ),
    Indicator("cohesion", "share", "world", "Mean cohesion of alliances, late", _cohesion),
    *WORLD_CONTROL,
    Indicator("top_five_exporters", "share", "world", "Share of the five largest exporters", _top_five),
    Indicator(
        "tie_persistence",
        "share",
        "world",
        "Chance that a supplier tie lasts a year",
        _tie_persistence,
    ),
    Indicator(
        "top_supplier_share",
        "share",
        "world",
        "Share of the main supplier, 50 largest importers",
        _top_supplier,
    ),
    Indicator("median_burden", "share", "world", "Median burden, late", _median_burden),
    Indicator(
        "jobs_per_output",
        "jobs/MUSD",
        "world",
        "Direct and indirect jobs per MUSD output",
        _jobs_per_output,
    ),
    Indicator("used_share", "share", "world", "Second-hand share of deliveries abroad", _used_share),
)
"""Every indicator, in the order of reports."""


def measure(results: Results) -> Iterator[tuple[Indicator, float]]:
    """Yield every indicator with its value."""
    for indicator in INDICATORS:
        yield indicator, indicator.measure(results)


__all__ = [
    "INDICATORS",
    "LATE_YEARS",
    "Indicator",
    "focus_row",
    "late_rows",
    "measure",
    "refusal_rates",
    "tie_matrix",
]
