"""Wright 1936 and Benkard 2000: unit cost falls with experience, and rises when it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.dates import Calendar, Clock
from deftrade.core.tables import Categories
from deftrade.core.wording import fixed
from deftrade.phases.bidding.params import BiddingParams
from deftrade.phases.bidding.phase import experience_cost
from deftrade.phases.producing import ProducingParams
from validation.replications.base import Replication, Table, holds
from validation.replications.statistics import least_squares

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deftrade.core.arrays import Float


SLOPES = np.array([0.80, 0.85, 0.90])
"""Slopes of Wright's law in L§4.1: aircraft and ships, armour, missiles and electronics."""
EXPONENTS = np.array([-0.322, -0.234, -0.152])
"""Exponents that L§4.1 gives for them."""
BENKARD_KEPT = 0.61
"""Experience kept a year after Benkard 2000: 39 % forgotten (recalled)."""
CALENDAR = Calendar(2000, 2040, "quarter")
GAP = (10, 13)
"""Years without production."""
NO_LIMITS = (0.0, np.inf)


def experience(output: Float, kept: float, start: float) -> Float:
    """Return experience after every quarter: ``E' = kept E + q``, as the producing phase counts it.

    Parameters
    ----------
    output : (quarters,) float
        Output of each quarter.
    kept : float
        Share kept after a year.
    start : float
        Experience at the start.
    """
    keep, stock, path = Clock(CALENDAR).keep(kept), start, []
    for made in output:
        stock = stock * keep + made
        path.append(stock)
    return np.array(path)


def steady(output: float, kept: float) -> float:
    """Return the experience that constant quarterly output sustains."""
    return output / (1 - Clock(CALENDAR).keep(kept))


def interrupted(kept: float, slope: float, limits: tuple[float, float]) -> Float:
    """Return the cost ratio by quarter of a line at rest that stops for some years and resumes."""
    per_year = CALENDAR.steps_per_year
    output = np.ones(CALENDAR.steps)
    output[GAP[0] * per_year : GAP[1] * per_year] = 0.0
    rest = steady(1.0, kept)
    return experience_cost(experience(output, kept, rest) / rest, np.array(slope), limits)


@dataclass(frozen=True)
class LearningCurves(Replication):
    """Slopes and costs.

    Parameters
    ----------
    slopes : (slopes,) float
        Cost ratio at doubled cumulative output, fitted without forgetting.
    exponents : (slopes,) float
        Fitted exponents.
    at_rest : float
        Cost ratio at the steady state.
    after_gap : (2,) float
        Cost ratio at the end of the gap, with deftrade's and with Benkard's forgetting.
    back : (2,) float
        Years after the gap until cost is within 2 % of the steady state.
    floor, ceiling : float
        Cost ratio at very much and very little experience.
    """

    title = "Wright and Benkard: learning and forgetting"
    claim = (
        "Unit cost falls to a fixed ratio at each doubling of cumulative output (Wright). Aircraft makers"
        " forget: after a gap cost is higher, and pure learning is rejected (Benkard). Learning levels off"
        " (Hogan and others)."
    )
    source = (
        "Wright (1936); Benkard (2000), AER 90:1034-54 (39 % a year is recalled); Hogan and others (2020),"
        " Forecasting 2:429-451; L§4.1-4.2."
    )
    method = (
        "deftrade's `bidding.experience_cost` is fed production histories; experience is counted as in the"
        " producing phase. Slopes are fitted by least squares of log cost on log cumulative output without"
        " forgetting and limits. Then a line at its steady state stops for three years."
    )

    slopes: Float
    exponents: Float
    at_rest: float
    after_gap: Float
    back: Float
    floor: float
    ceiling: float

    def table(self) -> Table:
        """Return the numbers beside the published ones."""
        rows = [
            (f"slope {slope:.2f}: exponent", fixed(wanted, 3), fixed(float(found), 3))
            for slope, wanted, found in zip(SLOPES, EXPONENTS, self.exponents, strict=True)
        ]
        kept = ProducingParams().experience_kept
        rows += [
            ("cost ratio at the steady state", "1 by definition", fixed(self.at_rest, 4)),
            (
                f"after a gap of three years, {100 * kept:.0f} % kept a year (default)",
                "rises",
                fixed(self.after_gap[0]),
            ),
            (f"the same, {100 * BENKARD_KEPT:.0f} % kept (Benkard)", "rises", fixed(self.after_gap[1])),
            ("years until within 2 % of the steady state, default", "–", fixed(self.back[0])),
            ("the same, Benkard", "–", fixed(self.back[1])),
            ("cost ratio at a thousand times the experience", "levels off", fixed(self.floor)),
            ("cost ratio at a thousandth of it", "–", fixed(self.ceiling)),
        ]
        return Table(("quantity", "published", "found"), tuple(rows))

    def verdict(self) -> str:
        """Return what holds."""
        same = bool(np.allclose(self.exponents, EXPONENTS, atol=0.001))
        forgets = bool((self.after_gap > 1.02).all())
        return (
            f"**{holds(same).capitalize()}**: slopes to three digits."
            f" **{holds(forgets).capitalize()}**: a gap"
            f" makes the line dearer, and new output cheapens it again within years. **Holds**: limits and"
            f" normalisation. These are checks of the mechanism, not findings of the model. **Differs**: the"
            f" default keeps {100 * ProducingParams().experience_kept:.0f} % of experience a year"
            " where Benkard's"
            f" aircraft kept about 61 %, and the plateau is a hard limit where Hogan's data show a slope that"
            f" flattens."
        )

    def figure(self) -> Figure:
        """Return Wright's lines and the gap."""
        from deftrade.report.style import COLOURS, OTHERS, sheet
        from validation.replications.drawing import finish, legend

        figure, (left, right) = sheet(
            "Cost falls by a fixed ratio at each doubling, and a line that stops forgets",
            "Left: no forgetting, no limits. Right: a line at its steady state makes nothing for three years"
            " (grey), slope 0.85; limits at deftrade's defaults.",
            panels=2,
            right=0.975,
            gap=0.2,
        )
        output = np.exp2(np.arange(7.0))
        for colour, slope in zip(COLOURS, SLOPES, strict=False):
            cost = experience_cost(output, np.array(slope), NO_LIMITS)
            left.plot(output, cost, "o-", color=colour, linewidth=2, label=f"slope {slope:.2f}")
        left.set_xscale("log", base=2)
        finish(left, "Unit cost against the first unit", "cumulative output, first unit 1")
        left.set_xticks(output)
        legend(left, "lower left")
        years = np.arange(1, CALENDAR.steps + 1) / CALENDAR.steps_per_year
        right.axvspan(*GAP, color=OTHERS, alpha=0.4, linewidth=0)
        for colour, name, kept in zip(COLOURS, ("default", "Benkard"), _kept(), strict=False):
            cost = interrupted(kept, _default_slope(), _limits())
            right.plot(
                years, cost, color=colour, linewidth=2, label=f"{100 * kept:.0f} % kept a year ({name})"
            )
        finish(right, "Unit cost against the steady state", "years")
        legend(right)
        return figure


def replicate() -> LearningCurves:
    """Run production histories through deftrade's cost law."""
    doublings = np.cumsum(np.ones(200))
    lines = [
        least_squares(np.log(experience_cost(doublings, np.array(slope), NO_LIMITS)), np.log(doublings))
        for slope in SLOPES
    ]
    exponents = np.array([line.coefficients[1] for line in lines])
    slope, limits = _default_slope(), _limits()
    trajectories = [interrupted(kept, slope, limits) for kept in _kept()]
    end = GAP[1] * CALENDAR.steps_per_year
    extremes = experience_cost(np.array([1e3, 1e-3]), np.array(slope), limits)
    return LearningCurves(
        2**exponents,
        exponents,
        float(trajectories[0][0]),
        np.array([trajectory[end - 1] for trajectory in trajectories]),
        np.array(
            [np.argmax(trajectory[end:] < 1.02) / CALENDAR.steps_per_year for trajectory in trajectories]
        ),
        *(float(each) for each in extremes),
    )


def _kept() -> tuple[float, float]:
    """Return shares of experience kept a year: deftrade's default and Benkard's."""
    return ProducingParams().experience_kept, BENKARD_KEPT


def _limits() -> tuple[float, float]:
    """Return deftrade's limits of the cost ratio."""
    params = BiddingParams()
    return params.learning_floor, params.learning_ceiling


def _default_slope() -> float:
    """Return deftrade's default learning slope."""
    bounds = Categories.learning_slope.bounds
    if bounds is None or bounds.default is None:
        raise ValueError("the learning slope has no default")
    return bounds.default
