"""Figures of robustness: how often each policy does well enough, and the worlds in which it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from deftrade.core.wording import percent
from deftrade.report.style import BLUE, GRID, INK, OTHERS, QUIET, VERMILION, WORDS, sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deftrade.core.arrays import Bool, Float
    from deftrade.experiments.design.experiment import Experiment
    from deftrade.experiments.design.factors import Factor
    from deftrade.experiments.robustness.prim import Box


def satisficing(experiment: Experiment, table: pd.DataFrame) -> Figure:
    """Draw in which share of worlds each policy meets all goals.

    Parameters
    ----------
    experiment : Experiment
        What was asked.
    table : pandas.DataFrame
        From `Robustness.to_frame`.
    """
    whole = table[table["goal"] == "all goals"].sort_values("satisfied", kind="stable")
    best = whole.iloc[-1]
    title = (
        f"{experiment.title}: {best['policy']} meets all goals in"
        f" {percent(float(best['satisfied']))} of worlds"
    )
    note = f"{int(best['worlds'])} worlds; lines: 95 % intervals of the shares (Wilson)."
    figure, (axes,) = sheet(title, note, right=0.96)
    axes.set_position((0.2, 0.17, 0.74, 0.6))
    places = np.arange(len(whole))
    axes.barh(places, whole["satisfied"], color=BLUE, height=0.6)
    axes.hlines(places, whole["low"], whole["high"], color=INK, linewidth=1.4)
    axes.set_yticks(places, list(whole["policy"]))
    axes.set_xlim(0, 1)
    _dress(axes, "share of worlds in which all goals are met")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value)))
    axes.grid(axis="x", color=GRID, linewidth=0.9)
    return figure


def worlds(policy: str, factors: Sequence[Factor], points: Float, fails: Bool, box: Box) -> Figure:
    """Draw the worlds in which a policy fails over the two factors that tell most, with the box.

    Parameters
    ----------
    policy : str
        Which policy.
    factors : sequence of Factor
        What differs between the worlds.
    points : (worlds, factors) float
        The worlds, in the factors' units.
    fails : (worlds,) bool
        Where it misses a goal.
    box : Box
        What tells most of its failures apart.
    """
    across, up = _two(box, len(factors))
    title = (
        f"{policy} fails in {percent(float(fails.mean()))} of worlds; the box holds {percent(box.coverage)}"
        f" of the failures, and {percent(box.density)} of its worlds fail"
    )
    missed = WORDS[VERMILION].capitalize()
    note = f"Dots: worlds. {missed}: a goal is missed; grey: all are met. Box: found by PRIM."
    figure, (axes,) = sheet(title, note, right=0.96)
    y = points[:, up] if up != across else np.linspace(0, 1, len(points))
    for chosen, colour in ((~fails, OTHERS), (fails, VERMILION)):
        axes.plot(points[chosen, across], y[chosen], linestyle="", marker="o", markersize=6, color=colour)
    _draw_box(axes, box, across, up)
    _dress(axes, "")
    axes.set_xlabel(factors[across].title, size=9.5, color=QUIET)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: factors[across].shown(value)))
    if up == across:
        axes.set_yticks([])
        return figure
    axes.set_ylabel(factors[up].title, size=9.5, color=QUIET)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: factors[up].shown(value)))
    return figure


def _two(box: Box, factors: int) -> tuple[int, int]:
    """Return the two factors that a box restricts most surely; one alone is completed by another."""
    chance = np.where(np.isnan(box.chance), np.inf, box.chance).min(axis=1)
    first, *others = [int(place) for place in np.argsort(chance, kind="stable")]
    return first, others[0] if factors > 1 else first


def _draw_box(axes: Axes, box: Box, across: int, up: int) -> None:
    """Draw the box, up to the edges of the picture where it has no limit."""
    x_low, x_high = axes.get_xlim()
    y_low, y_high = axes.get_ylim()
    left, right = max(box.limits.low[across], x_low), min(box.limits.high[across], x_high)
    bottom, top = (y_low, y_high)
    if up != across:
        bottom, top = max(box.limits.low[up], y_low), min(box.limits.high[up], y_high)
    axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, facecolor=VERMILION, alpha=0.1,
                             edgecolor=VERMILION, linewidth=1.5))  # fmt: skip


def _dress(axes: Axes, heading: str) -> None:
    """Take the box off axes."""
    axes.set_title(heading, loc="left", size=10, color=INK, pad=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)
    axes.tick_params(length=0, labelsize=9, labelcolor=QUIET)
    axes.set_axisbelow(True)
