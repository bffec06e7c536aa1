"""Figures of a sweep: a line with its band, a heat map, or a panel a factor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from deftrade.core.wording import counted, number, quantity
from deftrade.experiments.design.outcomes import comparable, summarise
from deftrade.experiments.design.wording import UNITS, subject
from deftrade.report.style import BLUE, COLOURS, GRID, INK, QUIET, sheet
from deftrade.results.indicators import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.experiments.design.factors import Factor
    from deftrade.experiments.design.outcomes import Outcomes


MOST_PANELS = 4
"""Factors that one figure shows."""
MOST_CELLS = 100
"""Cells of a heat map in which the values can still be read."""


def figures(outcomes: Outcomes) -> Iterator[tuple[str, Figure]]:
    """Yield file names without ending and figures, one an outcome (and policy, for heat maps)."""
    experiment = outcomes.experiment
    for indicator in experiment.indicators:
        if len(experiment.factors) == 1:
            yield indicator, line(outcomes, indicator)
            continue
        for policy in outcomes.policies:
            name = indicator if len(experiment.policies) == 1 else f"{indicator}-{policy}"
            yield name, figure(outcomes, policy, indicator)


def figure(outcomes: Outcomes, policy: str, indicator: str) -> Figure:
    """Draw an outcome of a policy, or of all where there is but one factor, as suits the design."""
    experiment = outcomes.experiment
    if len(experiment.factors) == 1:
        return line(outcomes, indicator)
    is_map = len(experiment.factors) == 2 and experiment.design == "grid"
    return (heat_map if is_map else panels)(outcomes, policy, indicator)


def line(outcomes: Outcomes, indicator: str) -> Figure:
    """Draw an outcome over the only factor, a line with its 95 % band for each policy."""
    experiment = outcomes.experiment
    factor = experiment.factors[0]
    order = np.argsort(outcomes.points[:, 0], kind="stable")
    x = outcomes.points[order, 0]
    figure, (axes,) = sheet(_title(outcomes, indicator), _note(outcomes))
    for colour, policy in zip(_cycle(len(experiment.policies)), outcomes.policies, strict=True):
        mean, low, high, _ = (part[order] for part in summarise(outcomes.of(policy, indicator), axis=1))
        axes.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
        axes.plot(x, mean, color=colour, linewidth=2.4, marker="o", markersize=4, label=policy)
    _dress(axes, factor, f"{subject_of(outcomes, indicator)}, {UNITS[indicator]}")
    if len(experiment.policies) > 1:
        axes.legend(frameon=False, fontsize=9.5, labelcolor=INK)
    return figure


def heat_map(outcomes: Outcomes, policy: str, indicator: str) -> Figure:
    """Draw an outcome over a grid of two factors."""
    points = outcomes.points
    mean, low, high, _ = summarise(outcomes.of(policy, indicator), axis=1)
    (xs, column), (ys, row) = (np.unique(points[:, place], return_inverse=True) for place in (0, 1))
    image = np.full((len(ys), len(xs)), np.nan)
    image[row, column] = mean
    known = image[np.isfinite(image)]
    if not len(known):
        return _nothing(outcomes, policy, indicator)
    sure = np.zeros(image.shape, dtype=bool)
    sure[row, column] = (low > 0) | (high < 0)
    signed = bool(known.min() < 0 < known.max()) or outcomes.experiment.is_paired
    reach = float(np.abs(known).max()) or 1.0
    extremes = (-reach, reach) if signed else (float(known.min()), float(known.max()))
    figure, (axes,) = sheet(_title(outcomes, indicator, policy), _note(outcomes, is_map=True), right=0.98)
    mesh = axes.imshow(image, origin="lower", aspect="auto", cmap="RdBu" if signed else "Blues",
                       vmin=extremes[0], vmax=extremes[1])  # fmt: skip
    bar = figure.colorbar(mesh, ax=axes, pad=0.015, format=FuncFormatter(lambda v, _: number(v, 2)))
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelsize=9, labelcolor=QUIET)
    x_factor, y_factor = outcomes.experiment.factors
    axes.set_xticks(range(len(xs)), [x_factor.shown(value) for value in xs])
    axes.set_yticks(range(len(ys)), [y_factor.shown(value) for value in ys])
    axes.set_xlabel(x_factor.title, size=9.5, color=QUIET)
    axes.set_ylabel(y_factor.title, size=9.5, color=QUIET)
    axes.set_title(f"{subject_of(outcomes, indicator, policy)}, {UNITS[indicator]}", loc="left", size=10,
                   color=INK, pad=8)  # fmt: skip
    axes.tick_params(length=0, labelsize=9, labelcolor=QUIET)
    axes.spines[:].set_visible(False)
    if image.size <= MOST_CELLS:
        _write_cells(axes, image, sure, extremes, is_paired=outcomes.experiment.is_paired)
    return figure


def _nothing(outcomes: Outcomes, policy: str, indicator: str) -> Figure:
    """Return a figure without a map, as no point has runs that succeeded."""
    figure, (axes,) = sheet(_title(outcomes, indicator, policy), _note(outcomes, is_map=True))
    axes.text(0, 0.5, "No point has a run from which it could be told.", color=QUIET)
    axes.set_axis_off()
    return figure


def panels(outcomes: Outcomes, policy: str, indicator: str) -> Figure:
    """Draw an outcome against each factor, a dot a point of the design."""
    factors = outcomes.experiment.factors[:MOST_PANELS]
    mean, low, high, _ = summarise(outcomes.of(policy, indicator), axis=1)
    figure, all_axes = sheet(
        _title(outcomes, indicator, policy), _note(outcomes), len(factors), gap=0.3, right=0.98
    )
    for place, (axes, factor) in enumerate(zip(all_axes, factors, strict=True)):
        x = outcomes.points[:, place]
        axes.vlines(x, low, high, color=BLUE, alpha=0.35, linewidth=1)
        axes.plot(x, mean, linestyle="", marker="o", markersize=4, color=BLUE)
        heading = f"{subject_of(outcomes, indicator, policy)}, {UNITS[indicator]}" if place == 0 else ""
        _dress(axes, factor, heading)
    return figure


def subject_of(outcomes: Outcomes, indicator: str, policy: str = "") -> str:
    """Return the quantity on the axis: an indicator, or its difference from the baseline or for a policy."""
    if policy:
        return subject(outcomes.experiment, policy, title(indicator))
    return f"{title(indicator)} less baseline" if outcomes.experiment.is_paired else title(indicator)


def _write_cells(
    axes: Axes, image: Float, sure: NDArray[np.bool_], extremes: tuple[float, float], *, is_paired: bool
) -> None:
    """Write values into a heat map; bold where an interval of a difference leaves out zero."""
    low, high = extremes
    for (row, column), value in np.ndenumerate(image):
        place = (value - low) / (high - low) if high > low else 0.5
        is_dark = place > 0.8 or (low < 0 and place < 0.2)
        weight = "bold" if is_paired and sure[row, column] else "normal"
        axes.text(column, row, number(float(value), 2), ha="center", va="center", size=9, weight=weight,
                  color="white" if is_dark else INK)  # fmt: skip


def _title(outcomes: Outcomes, indicator: str, policy: str = "") -> str:
    """Return the finding: between which values the outcome moves."""
    policies = [policy] if policy else outcomes.policies
    parts = [summarise(outcomes.of(one, indicator), axis=1) for one in policies]
    means = np.concatenate([comparable(mean, low, outcomes.experiment.runs) for mean, low, *_ in parts])
    unit = UNITS[indicator]
    if not np.isfinite(means).any():
        return f"{outcomes.experiment.title}: too few runs succeeded"
    low, high = quantity(float(np.nanmin(means)), unit), quantity(float(np.nanmax(means)), unit)
    moves = f"is {low} everywhere" if low == high else f"lies between {low} and {high}"
    return f"{outcomes.experiment.title}: {subject_of(outcomes, indicator, policy)} {moves}"


def _note(outcomes: Outcomes, *, is_map: bool = False) -> str:
    """Return the caption: runs, failures, intervals, years and pairing."""
    runs, years = outcomes.experiment.runs, _years(outcomes)
    luck = f"Means of {runs} runs" if runs > 1 else "Single runs, so luck is in them"
    if short := int((outcomes.succeeded() < runs).any(axis=1).sum()):
        luck += f" (runs failed at {counted(short, 'point')})"
    band = "" if runs == 1 else "; bold: the 95 % interval leaves out zero" if is_map else ", 95 % intervals"
    if is_map and not outcomes.experiment.is_paired:
        band = ""
    paired = " Differences from the baseline with the same luck." if outcomes.experiment.is_paired else ""
    return f"{luck}{band}; {years}.{paired}"


def _years(outcomes: Outcomes) -> str:
    """Return the first and last simulated year, such as ``2025 to 2049``."""
    calendar = next(iter(outcomes.experiment.policies.values())).calendar
    return f"{calendar.start} to {calendar.end - 1}"


def _cycle(count: int) -> list[str]:
    """Return a colour for each of some policies."""
    return [COLOURS[place % len(COLOURS)] for place in range(count)]


def _dress(axes: Axes, factor: Factor, heading: str) -> None:
    """Give axes over a factor a heading, a light grid and no box."""
    axes.set_title(heading, loc="left", size=10, color=INK, pad=8)
    axes.set_xlabel(factor.title, size=9, color=QUIET)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)
    axes.tick_params(length=0, labelsize=9, labelcolor=QUIET)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=GRID, linewidth=0.9)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: factor.shown(value)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 2)))
