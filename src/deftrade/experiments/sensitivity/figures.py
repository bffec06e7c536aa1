"""Tornado figures: factors by how much they move an outcome, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter

from deftrade.core.wording import number, percent, quantity
from deftrade.experiments.design.indices import Morris
from deftrade.experiments.design.wording import UNITS, subject
from deftrade.report.fitting import widest
from deftrade.report.style import BLUE, GRID, INK, QUIET, SKY, WIDTH, sheet
from deftrade.results.indicators import title as title_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.figure import Figure

    from deftrade.experiments.design.experiment import Experiment
    from deftrade.experiments.design.indices import Measured, Sobol

MOST_BARS = 12
"""Factors that a tornado shows."""
_SIZE = 9
_LEFT = 0.42
"""Most of the width that names of factors take."""
_MORRIS = (
    "Bars: mean size of the change over a factor's whole range (mu*); {interval}. "
    "Diamond: mean change with its sign (mu); away from the bar's end, effects go both ways."
)
_SOBOL = (
    "Bars: share of variance, alone (dark) and together with others (light); {interval}. "
    "Shares overlap where factors act together, so they may add to more than one."
)


def figures(experiment: Experiment, measured: Sequence[Measured]) -> Iterator[tuple[str, Figure]]:
    """Yield file names without ending and tornados, one an outcome that varies."""
    several = len(experiment.policies) > 1
    for one in measured:
        if one.found is not None:
            name = f"{one.indicator}-{one.policy}" if several else one.indicator
            yield name, tornado(experiment, one)


def tornado(experiment: Experiment, one: Measured) -> Figure:
    """Draw the indices of one outcome, largest on top."""
    found = one.found
    assert found is not None
    order = np.argsort(-found[0], kind="stable")[:MOST_BARS]
    factors = experiment.factors
    is_morris = isinstance(found, Morris)
    unit = UNITS[one.indicator]
    lead = quantity(float(found[0][order[0]]), unit) if is_morris else percent(float(found[0][order[0]]))
    name = subject(experiment, one.policy, title_of(one.indicator))
    title = f"{factors[order[0]].title} moves {name} most: {lead}{'' if is_morris else ' of variance'}"
    figure, (axes,) = sheet(title, _note(found), right=0.96)
    names = [factors[place].title for place in order]
    axes.set_position(_beside(names))
    places = np.arange(len(order))[::-1]
    axes.barh(places, found[0][order], color=BLUE if is_morris else SKY, height=0.62)
    if _has_intervals(found):
        axes.hlines(places, found.low[order], found.high[order], color=INK, linewidth=1.4)
    if isinstance(found, Morris):
        axes.plot(found.mean[order], places, linestyle="", marker="D", color=INK, markersize=4.5)
        axes.axvline(0, color=QUIET, linewidth=0.9)
    else:
        axes.barh(places, np.clip(found.first[order], 0, None), color=BLUE, height=0.62)
    axes.set_yticks(places, names)
    heading = f"change of {name}, {unit}" if is_morris else f"share of the variance of {name}"
    axes.set_title(heading, loc="left", size=10, color=INK, pad=8)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=_SIZE, labelcolor=INK)
    axes.grid(axis="x", color=GRID, linewidth=0.9)
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: number(value, 2) if is_morris else percent(value))
    )
    return figure


def _beside(names: list[str]) -> tuple[float, float, float, float]:
    """Return the place of a panel beside names: left, bottom, width and height, shares of the figure."""
    left = min(max(widest(names, _SIZE) / WIDTH + 0.04, 0.1), _LEFT)
    return left, 0.2, 0.96 - left, 0.58


def _has_intervals(found: Morris | Sobol) -> bool:
    """Return whether the points were enough for intervals."""
    return bool(np.isfinite(found.low).all())


def _note(found: Morris | Sobol) -> str:
    """Return the caption: what bars, lines and diamonds mean."""
    if isinstance(found, Morris):
        interval = "line: 95 % interval" if _has_intervals(found) else "too few trajectories for intervals"
        return _MORRIS.format(interval=interval)
    interval = (
        "line: 95 % interval of the whole" if _has_intervals(found) else "too few base points for intervals"
    )
    return _SOBOL.format(interval=interval)
