"""Indicators of the whole world: alliances, markets, suppliers, burdens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables.codes import Mode
from deftrade.results.indicators.control import WORLD_CONTROL
from deftrade.results.indicators.series import LATE, Indicator, late, late_rows, over_run, rows_per_year

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.results.run import Kept


def _cohesion(results: Kept) -> float:
    """Return the late mean cohesion of all alliances."""
    if not len(results.world.alliances):
        return 0.0
    return float(results.record.series("alliances", "cohesion")[late_rows(results)].mean())


def _average_share(results: Kept) -> Float:
    """Return exporters' shares of world exports over the last years, largest first."""
    exports = results.record.series("states", "exports")[late_rows(results)].sum(axis=0)
    whole = exports.sum()
    return np.sort(exports / whole if whole else exports)[::-1]


def _top_five(results: Kept) -> float:
    """Return the top five exporters' share."""
    # Shares that are all there are may add up to a little more than the whole.
    return min(float(_average_share(results)[:5].sum()), 1.0)


def tie_matrix(results: Kept) -> NDArray[np.bool_]:
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


def _tie_persistence(results: Kept) -> float:
    """Return the chance that a tie of one year is there in the next."""
    ties = tie_matrix(results)
    before, after = ties[:-1], ties[1:]
    return float((before & after).sum() / max(before.sum(), 1))


def _top_supplier(results: Kept) -> float:
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


def _median_burden(results: Kept) -> float:
    """Return the late median burden of all states."""
    burden = results.record.series("states", "burden")[late_rows(results)]
    return float(np.median(burden.mean(axis=0)))


def _jobs_per_output(results: Kept) -> float:
    """Return direct and indirect jobs per MUSD of defence output a year, world."""
    late = late_rows(results)
    series = results.record.series
    jobs = series("states", "jobs_direct")[late] + series("states", "jobs_indirect")[late]
    made = series("firms", "output")[late] + series("firms", "component_output")[late]
    output = np.nansum(made, axis=1) * rows_per_year(results)
    return float(jobs.sum(axis=1).mean() / max(output.mean(), 1e-12))


def _used_share(results: Kept) -> float:
    """Return second-hand deliveries as a share of all cross-border deliveries over the run."""
    contracts = results.world.contracts
    abroad = (contracts.buyer != contracts.supplier) & (contracts.signed >= 0)
    used = abroad & (contracts.mode == Mode.SECOND_HAND)
    return float(contracts.delivered[used].sum() / max(contracts.delivered[abroad].sum(), 1e-12))


WORLD = (
    Indicator("cohesion", "share", "world", f"Mean cohesion of alliances, {LATE}", late(_cohesion)),
    *WORLD_CONTROL,
    Indicator(
        "top_five_exporters",
        "share",
        "world",
        f"Share of the five largest exporters, {LATE}",
        late(_top_five),
        headline=160,
        among=5,
        of_few="Share of all exporters: there are no more than five states",
    ),
    Indicator(
        "tie_persistence",
        "share",
        "world",
        "Chance that a supplier tie lasts a year",
        over_run(_tie_persistence),
    ),
    Indicator(
        "top_supplier_share",
        "share",
        "world",
        f"Share of the main supplier, 50 largest importers, {LATE}",
        late(_top_supplier),
        among=50,
        of_few="Share of the main supplier, all importers",
    ),
    Indicator(
        "median_burden",
        "share",
        "world",
        f"Median burden, {LATE}",
        late(_median_burden),
        headline=170,
    ),
    Indicator(
        "jobs_per_output",
        "jobs/MUSD",
        "world",
        f"Direct and indirect jobs per MUSD output, {LATE}",
        late(_jobs_per_output),
    ),
    Indicator(
        "used_share",
        "share",
        "world",
        "Second-hand share of deliveries abroad",
        over_run(_used_share),
    ),
)
"""What becomes of the world."""
