"""Richardson 1960: the arms race of 1909-13, and when reactions settle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.wording import fixed
from deftrade.phases.budgeting import BudgetingParams
from deftrade.phases.budgeting.phase import Situation, desired_burden, reaction_matrix
from validation.replications.base import Replication, Table, holds
from validation.replications.statistics import least_squares

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float


TOTALS = np.array([199.2, 204.8, 214.9, 238.7, 289.0])
"""Defence budgets of both blocs, 1909 to 1913, million pounds (L§10 R2, recalled and checked)."""
FIRST_YEAR = 1909
PUBLISHED_SLOPE, PUBLISHED_ZERO = 0.73, 194.0
MULTIPLIER = 2.0
"""Collier and Hoeffler 2002: a rise is more than doubled among neighbours (V40)."""
REACTIONS = np.linspace(0.0, 1.2, 25)
"""Elasticities to a rival's strength, beyond deftrade's bounds at the upper end on purpose."""
SHARES = (1.0, 0.8)
"""Share of the rival in a state's threat; the rest is insecurity without any rival."""
YEARS = 400
START = 1.05
"""Burdens start above their anchor by this factor: stability is a statement about small shocks."""
LARGEST = 1e100


def growth_law(totals: Float) -> tuple[float, float, float]:
    """Return slope, zero and R² of yearly changes on the level at the middle of the year."""
    line = least_squares(np.diff(totals), (totals[1:] + totals[:-1]) / 2)
    constant, slope = line.coefficients
    return float(slope), float(-constant / slope), line.fit


def is_stable(reaction: tuple[float, float], fatigue: tuple[float, float]) -> bool:
    """Return whether Richardson's pair of equations settles, from its eigenvalues.

    ``dx/dt = k y - a x + g, dy/dt = l x - b y + h`` with ``reaction = (k, l)``, ``fatigue = (a, b)``.
    """
    matrix = np.array([[-fatigue[0], reaction[0]], [reaction[1], -fatigue[1]]])
    return bool(np.linalg.eigvals(matrix).real.max() < 0)


def agreement(steps: int = 21) -> float:
    """Return the share of a grid of coefficients where the eigenvalues and ``ab > kl`` agree."""
    grid = np.linspace(0.05, 1.0, steps)
    agree = [
        is_stable((k, l), (a, b)) == (a * b > k * l)
        for k in grid
        for l in grid  # noqa: E741 - Richardson's letter
        for a, b in ((0.5, 0.5), (0.2, 0.9))
        if not np.isclose(a * b, k * l)
    ]
    return float(np.mean(agree))


def radius(share: float, params: BudgetingParams) -> float:
    """Return the spectral radius of the reaction of two rivals."""
    threat = share * (1 - np.eye(2))
    matrix = reaction_matrix(threat, np.zeros((2, 2)), params)
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def race(share: float, params: BudgetingParams, start: float = START, years: int = YEARS) -> Float:
    """Return log burdens, against their anchor, of two equal rivals, ``(years + 1, 2)``.

    Every year burdens close the share `adjustment` of the gap to `desired_burden`. The first
    state starts above the anchor. Burdens that have exploded stay at the largest number.
    """
    anchor, ones = np.ones(2), np.ones(2)
    burden = np.array([start, 1.0])
    path = [burden]
    for _ in range(years):
        threat = (1 - share) + share * burden[::-1]
        wanted = desired_burden(Situation(anchor, ones, threat, ones), params)
        burden = (burden * (wanted / burden) ** params.adjustment).clip(1 / LARGEST, LARGEST)
        path.append(burden)
    return np.log(np.array(path))


def settles(path: Float) -> bool:
    """Return whether a race has come closer to its anchor in its later half."""
    middle, last = np.abs(path[len(path) // 2]).max(), np.abs(path[-1]).max()
    return bool(last < middle or last < 1e-9)


@dataclass(frozen=True)
class Richardson(Replication):
    """Slope and stability.

    Parameters
    ----------
    slope, zero, fit : float
        Of the budgets of 1909 to 1913.
    agreement : float
        Share of coefficients where eigenvalues and the published condition agree.
    radii : (shares, reactions) float
        Spectral radius of deftrade's reaction of two rivals.
    converged : (shares, reactions) bool
        Whether iterated burdens settle.
    multiplier : float
        Own rise of a lasting shock, after all reactions, at default parameters.
    """

    title = "Richardson: the arms race of 1909-13 and when it settles"
    claim = (
        "The joint budgets of the two blocs grew by 0.73 a year of their excess over 194 million pounds. Two"
        " reacting states settle if and only if the product of their fatigues exceeds that of their"
        " reactions, ab > kl."
    )
    source = "Richardson (1960), Arms and Insecurity; L§1.1, L§10 R2 (table recalled, checked); V39, V40."
    method = (
        "Least squares of the yearly change on the mean of the two years' totals. The condition is checked"
        " against eigenvalues on a grid. For deftrade's own rule, the spectral radius of"
        " `budgeting.reaction_matrix` of two rivals is compared with what iterating"
        " `budgeting.desired_burden` with partial adjustment does, for reactions from 0 to 1.2 (the bounds"
        " of a scenario end at 0.95)."
    )

    slope: float
    zero: float
    fit: float
    agreement: float
    radii: Float
    converged: NDArray[np.bool_]
    multiplier: float

    @property
    def decided(self) -> bool:
        """Whether burdens settle exactly where the radius is below one."""
        clear = ~np.isclose(self.radii, 1.0)
        return bool(((self.radii < 1) == self.converged)[clear].all())

    def table(self) -> Table:
        """Return the numbers beside the published ones."""
        return Table(
            ("quantity", "published", "found"),
            (
                ("slope a year", fixed(PUBLISHED_SLOPE), fixed(self.slope, 3)),
                ("zero, million pounds", fixed(PUBLISHED_ZERO, 0), fixed(self.zero, 1)),
                ("R²", "–", fixed(self.fit, 3)),
                ("eigenvalues agree with ab > kl, share of grid", "1", fixed(self.agreement, 3)),
                (
                    "largest radius at which deftrade's burdens settle",
                    "< 1",
                    fixed(float(self.radii[self.converged].max()), 3),
                ),
                (
                    "smallest radius at which they do not",
                    "> 1",
                    fixed(float(self.radii[~self.converged & (self.radii > 1)].min()), 3),
                ),
                ("multiplier of a lasting rise, default reaction", "> 2 (V40)", fixed(self.multiplier)),
            ),
        )

    def verdict(self) -> str:
        """Return what holds."""
        same = abs(self.slope - PUBLISHED_SLOPE) < 0.01 and abs(self.zero - PUBLISHED_ZERO) < 2
        short = self.multiplier <= MULTIPLIER
        miss = (
            f"**Misses**: at the default reaction a lasting rise of one rival is multiplied by"
            f" {fixed(self.multiplier)} only, where Collier and Hoeffler found more than 2 for neighbours;"
            f" that would take a reaction above 0.71, close to an endless race."
        )
        return (
            f"**{holds(same).capitalize()}**: slope and zero. **{holds(self.agreement == 1).capitalize()}**:"
            f" the stability condition. **{holds(self.decided).capitalize()}**: deftrade's burdens settle"
            f" exactly where the spectral radius is below one, so the check at load refuses the right"
            f" scenarios among rivals. (With allies it is cautious: it adds free riding to reaction where the"
            f" signs would in part cancel.) " + (miss if short else "**Holds**: the multiplier is above 2.")
        )

    def figure(self) -> Figure:
        """Return the line of 1909-13, and races below and above the limit."""
        from deftrade.report.style import BLUE, COLOURS, INK, sheet
        from validation.replications.drawing import finish, legend

        figure, (left, right) = sheet(
            "Budgets of 1909-13 lie on Richardson's line; deftrade's races end where the radius is below one",
            "Left: yearly change of both blocs' budgets over their level. Right: two equal rivals, the first"
            " starts 30 % above its anchor; log deviation of its burden, partial adjustment at the"
            " default pace.",
            panels=2,
            right=0.975,
            gap=0.2,
        )
        levels = (TOTALS[1:] + TOTALS[:-1]) / 2
        left.plot(levels, np.diff(TOTALS), "o", color=BLUE, markersize=7, zorder=3)
        ends = np.array([self.zero, levels.max() * 1.03])
        left.plot(ends, self.slope * (ends - self.zero), color=INK, linewidth=1.3)
        for year, level, change in zip(range(len(levels)), levels, np.diff(TOTALS), strict=True):
            left.annotate(f"{FIRST_YEAR + year}-{(FIRST_YEAR + year + 1) % 100}", (level, change),
                          xytext=(-8, 5), textcoords="offset points", size=8.5, ha="right")  # fmt: skip
        finish(left, "Change in a year, million pounds", "level, million pounds")
        defaults = BudgetingParams()
        for colour, reaction in zip(COLOURS, (0.3, 0.7, 0.95, 1.05), strict=False):
            params = defaults.model_copy(update={"reaction": reaction})
            path = race(1.0, params, start=1.3, years=60)
            right.plot(path[:, 0], color=colour, linewidth=2, label=f"radius {radius(1.0, params):.2f}")
        finish(right, "Log deviation of the burden", "years")
        legend(right)
        return figure


def replicate() -> Richardson:
    """Fit the line and compare radius and convergence."""
    defaults = BudgetingParams()
    settings = [defaults.model_copy(update={"reaction": float(each)}) for each in REACTIONS]
    radii = np.array([[radius(share, params) for params in settings] for share in SHARES])
    converged = np.array([[settles(race(share, params)) for params in settings] for share in SHARES])
    return Richardson(
        *growth_law(TOTALS), agreement(), radii, converged, 1 / (1 - radius(1.0, defaults) ** 2)
    )
