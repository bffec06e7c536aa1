"""One function for each statistic of a table of deliveries, whether a register's or a run's.

States are those that trade in the year or window at hand. Weights are volumes. Ties lighter than `FLOOR`
are none: a register rounds such volumes to zero.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from validation.facts.deliveries import Deliveries

FLOOR = 2e-5
"""Share of the world's deliveries in a year below which a pair has no tie: half a million TIV of about
25,000 million, what SIPRI's register rounds to zero."""
WINDOW = 5
"""Years over which shares and main suppliers are taken."""
YEARS = 10
"""Years over which annual figures are averaged."""
LARGEST = 50
"""Importers whose main supplier counts."""


def totals(keys: NDArray[np.generic], volume: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return volumes by key, largest first."""
    _, place = np.unique(keys, return_inverse=True)
    summed: NDArray[np.float64] = np.bincount(place, weights=volume).astype(np.float64)
    return np.sort(summed)[::-1]


def _shares(keys: NDArray[np.generic], volume: NDArray[np.float64]) -> NDArray[np.float64]:
    found = totals(keys, volume)
    return found / found.sum()


def leader(table: Deliveries) -> float:
    """Return the largest exporter's share of a window (V03)."""
    late = table.late(WINDOW)
    return float(_shares(late.exporter, late.volume)[0])


def top_exporters(table: Deliveries) -> float:
    """Return the five largest exporters' share of a window (V01)."""
    late = table.late(WINDOW)
    return float(_shares(late.exporter, late.volume)[:5].sum())


def top_ten_exporters(table: Deliveries) -> float:
    """Return the ten largest exporters' share of a window (V02)."""
    late = table.late(WINDOW)
    return float(_shares(late.exporter, late.volume)[:10].sum())


def top_importers(table: Deliveries) -> float:
    """Return the five largest importers' share of a window (V05)."""
    late = table.late(WINDOW)
    return float(_shares(late.importer, late.volume)[:5].sum())


def exporter_concentration(table: Deliveries) -> float:
    """Return the Herfindahl index of exporters, of 10,000 (V04)."""
    late = table.late(WINDOW)
    return float((_shares(late.exporter, late.volume) ** 2).sum() * 1e4)


def importer_concentration(table: Deliveries) -> float:
    """Return the Herfindahl index of importers, of 10,000 (V05)."""
    late = table.late(WINDOW)
    return float((_shares(late.importer, late.volume) ** 2).sum() * 1e4)


def ties(table: Deliveries) -> list[set[tuple[str, str]]]:
    """Return who delivered to whom in each of the last years."""
    late, found = table.late(YEARS), []
    for year in range(int(late.year.min()), int(late.year.max()) + 1):
        now = late.where(late.year == year)
        pairs: dict[tuple[str, str], float] = {}
        for exporter, importer, volume in zip(now.exporter, now.importer, now.volume, strict=True):
            pair = str(exporter), str(importer)
            pairs[pair] = pairs.get(pair, 0) + float(volume)
        found.append({pair for pair, volume in pairs.items() if volume >= FLOOR * now.volume.sum()})
    return found


def exporters_a_year(table: Deliveries) -> float:
    """Return how many states export in a year (V07)."""
    return float(np.mean([len({exporter for exporter, _ in now}) for now in ties(table)]))


def importers_a_year(table: Deliveries) -> float:
    """Return how many states import in a year (V07)."""
    return float(np.mean([len({importer for _, importer in now}) for now in ties(table)]))


def density(table: Deliveries) -> float:
    """Return ties out of those possible among the states that trade in the year (V08)."""
    sizes = [(len(now), len({state for pair in now for state in pair})) for now in ties(table)]
    return float(np.mean([count / (size * (size - 1)) for count, size in sizes]))


def reciprocity(table: Deliveries) -> float:
    """Return the share of ties that go both ways within a year (V09)."""
    return float(np.mean([sum(pair[::-1] in now for pair in now) / len(now) for now in ties(table)]))


def persistence(table: Deliveries) -> float:
    """Return the share of ties that are there in the next year too (V12)."""
    years = ties(table)
    kept = sum(len(now & after) for now, after in pairwise(years))
    return kept / sum(map(len, years[:-1]))


def main_supplier(table: Deliveries) -> float:
    """Return the main supplier's share, mean of the largest importers (V17)."""
    late = table.late(WINDOW)
    bought = {str(name): late.where(late.importer == name) for name in np.unique(late.importer)}
    largest = sorted(bought.values(), key=lambda rows: -rows.volume.sum())[:LARGEST]
    return float(np.mean([_shares(rows.exporter, rows.volume)[0] for rows in largest]))


def deal_spread(table: Deliveries) -> float:
    """Return the standard deviation of the log volume of orders (V26)."""
    deals = totals(table.order, table.volume)
    return float(np.log(deals[deals > FLOOR * deals.sum() / len(np.unique(table.year))]).std())


def largest_deals(table: Deliveries) -> float:
    """Return the share of volume in the largest tenth of orders (V26)."""
    deals = totals(table.order, table.volume)
    return float(deals[: max(1, len(deals) // 10)].sum() / deals.sum())


def delivery_lag(table: Deliveries) -> float:
    """Return years from order to delivery, new and made abroad, weighted by volume (V27)."""
    new = table.where(~table.is_local & ~table.is_used & np.isfinite(table.ordered))
    return float(np.average(new.year - new.ordered, weights=new.volume))


def local_share(table: Deliveries) -> float:
    """Return the share of volume made in the importing state (V28)."""
    return float(table.volume[table.is_local].sum() / table.volume.sum())


def used_share(table: Deliveries) -> float:
    """Return the share of second-hand volume (V29)."""
    return float(table.volume[table.is_used].sum() / table.volume.sum())


def aircraft_share(table: Deliveries) -> float:
    """Return the share of aircraft in volume (V30)."""
    return float(table.volume[table.category == "aircraft"].sum() / table.volume.sum())
