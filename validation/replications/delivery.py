"""How long after the order equipment arrives: delivery kernels beside L§3.3."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import total
from deftrade.core.tables.codes import Mode
from deftrade.core.wording import fixed
from deftrade.scenario.load import load
from validation.replications.base import Replication, Table, holds
from validation.replications.watching import trade_of

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from validation.replications.watching import Trade


BOUGHT = np.array([4, 14, 15, 17, 14, 10, 9, 5, 4, 3, 1, 1, 3]) / 100
BUILT = np.array([0, 2, 5, 8, 10, 10, 8, 8, 7, 7, 6, 7, 5, 4, 3, 9]) / 100
"""Share of volume delivered k years after the order, new imports and local production; the last
place holds all later years. The published shares of local production add to 0.99."""
KINDS = ("new imports", "built under licence")
PUBLISHED_MEANS = (3.8, 7.5)
"""Mean lag by volume (L§3.3b)."""
ORDERS = (2, 12)
"""Years of the orders that are followed."""
YEARS = 28
CLOSE = 0.15


def kernel(trade: Trade, rows: NDArray[np.bool_], length: int, orders: tuple[int, int] = ORDERS) -> Float:
    """Return the share of volume delivered k calendar years after the order, ``(length,)``.

    Orders of the years ``orders[0]`` to ``orders[1] - 1`` are followed to the end of the run; what
    comes later than the last place is counted there.
    """
    mine = np.flatnonzero(rows & (trade.signed >= orders[0]) & (trade.signed < orders[1]))
    arrived = trade.delivered[:, mine]
    lag = np.arange(len(arrived))[:, None] - trade.signed[mine][None, :]
    place = lag.clip(0, length - 1).ravel()
    amounts = total(place, arrived.ravel(), length)
    return amounts / amounts.sum() if amounts.sum() else amounts


def mean_lag(trade: Trade, rows: NDArray[np.bool_], orders: tuple[int, int] = ORDERS) -> float:
    """Return the mean years from order to delivery, weighted by volume."""
    shares = kernel(trade, rows, len(trade.delivered), orders)
    return float(shares @ np.arange(len(shares)))


def distance(first: Float, second: Float) -> float:
    """Return the share of volume that would have to move between years to make kernels equal."""
    return float(np.abs(first / first.sum() - second / second.sum()).sum() / 2)


@dataclass(frozen=True)
class Delivery(Replication):
    """Kernels of new imports and of production under licence.

    Parameters
    ----------
    kernels : (Float, Float)
        Shares by years after the order.
    means : (float, float)
        Mean lag by volume.
    distances : (float, float)
        Share of volume in the wrong year.
    licensed : float
        Share of production under licence in new volume from abroad.
    """

    title = "From order to delivery"
    claim = (
        "New imports arrive 3.8 years after the order by volume, most in years one to six; equipment built"
        " locally takes 7.5 years, with a long tail."
    )
    source = "L§3.3, own calculation on the SIPRI register, orders of 2000-12; V27, V28."
    method = (
        "Orders of years 2 to 11 of a run of the synthetic world over 28 years are followed. Lags are"
        " calendar year of delivery less calendar year of order, as in the register."
    )

    kernels: tuple[Float, Float]
    means: tuple[float, float]
    distances: tuple[float, float]
    licensed: float

    def table(self) -> Table:
        """Return kernels beside the published ones, percent of volume."""
        longest = max(len(BOUGHT), len(BUILT))
        rows = []
        for name, known, found, mean, lag in zip(
            KINDS, (BOUGHT, BUILT), self.kernels, PUBLISHED_MEANS, self.means, strict=True
        ):
            for who, shares, years in (("published", known, mean), ("found", found, lag)):
                cells = [f"{100 * each:.0f}" for each in shares] + [""] * (longest - len(shares))
                rows.append((f"{name}, {who}", *cells, fixed(years, 1)))
        return Table(("percent of volume after years", *map(str, range(longest)), "mean"), tuple(rows))

    def verdict(self) -> str:
        """Return what holds."""
        words = []
        for name, gap, mean, known in zip(KINDS, self.distances, self.means, PUBLISHED_MEANS, strict=True):
            truth = gap <= CLOSE
            words.append(
                f"**{holds(truth).capitalize()}**: {name} ({100 * gap:.0f} % of volume in the wrong"
                " year; mean"
                f" {fixed(mean, 1)} years against {fixed(known, 1)})."
            )
        return (
            " ".join(words) + " Lead and span of a category are inputs, so the middle of the kernel of"
            " imports echoes them; capacity, slips and the mix of categories are the model's own. Production"
            f" under licence is {100 * self.licensed:.0f} % of new volume from abroad (V28: 26-38 % of all"
            " transfers)."
        )

    def figure(self) -> Figure:
        """Return both kernels beside the published ones."""
        from deftrade.report.style import BLUE, OTHERS, sheet
        from validation.replications.drawing import finish, legend

        figure, panels = sheet(
            f"New imports arrive after {fixed(self.means[0], 1)} years, licensed production after"
            f" {fixed(self.means[1], 1)}; published {PUBLISHED_MEANS[0]} and {PUBLISHED_MEANS[1]}",
            "Share of volume delivered by calendar years after the order; the last bar holds all"
            " later years.",
            panels=2,
            right=0.975,
            gap=0.2,
        )
        for axes, name, known, found in zip(panels, KINDS, (BOUGHT, BUILT), self.kernels, strict=True):
            years = np.arange(len(known))
            axes.bar(years - 0.2, known, 0.4, color=OTHERS, label="published")
            axes.bar(years + 0.2, found, 0.4, color=BLUE, label="simulated")
            finish(axes, f"Share of volume, {name}", "years after the order", percents=True)
            legend(axes, "upper right")
        return figure


def replicate(scenarios: Path, *, years: int = YEARS, seed: int | None = None) -> Delivery:
    """Run the synthetic world and follow its orders."""
    return measure(trade_of(load(scenarios / "world_synthetic.yaml", years=years, seed=seed))[1])


def measure(trade: Trade, orders: tuple[int, int] = ORDERS) -> Delivery:
    """Return the kernels of a run's trade."""
    built = trade.abroad & (trade.mode == Mode.LICENSED)
    groups = (trade.new & ~built, built)
    kernels = tuple(
        kernel(trade, rows, len(known), orders) for rows, known in zip(groups, (BOUGHT, BUILT), strict=True)
    )
    volume = [float(trade.worth[rows & (trade.signed >= 0)].sum()) for rows in groups]
    return Delivery(
        (kernels[0], kernels[1]),
        (mean_lag(trade, groups[0], orders), mean_lag(trade, groups[1], orders)),
        (distance(BOUGHT, kernels[0]), distance(BUILT, kernels[1])),
        volume[1] / sum(volume),
    )
