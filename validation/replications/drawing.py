"""Axes of replications in the house style: a horizontal axis that is not time, bands, references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from matplotlib.gridspec import GridSpec
from matplotlib.ticker import AutoLocator, ScalarFormatter

from deftrade.report.style import QUIET, dress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def finish(axes: Axes, label: str, below: str, *, percents: bool = False) -> None:
    """Give axes their heading, the name of the horizontal quantity and plain ticks on it."""
    limits = axes.get_xlim()
    dress(axes, label, percents=percents)
    axes.set_xlim(limits)
    axes.xaxis.set_major_locator(AutoLocator())
    axes.xaxis.set_major_formatter(ScalarFormatter())
    axes.set_xlabel(below, size=9, color=QUIET)


def mark(axes: Axes, height: float, text: str) -> None:
    """Draw a published value as a dashed line with its name."""
    axes.axhline(height, color=QUIET, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.annotate(
        text,
        (0.99, height),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3),
        textcoords="offset points",
        size=8.5,
        color=QUIET,
        ha="right",
    )


def make_room(figure: Figure, panels: list[Axes], left: float) -> None:
    """Move the left edge of panels, for long names at their sides."""
    for axes in panels:
        place = axes.get_subplotspec()
        grid = axes.get_gridspec()
        if place is not None and isinstance(grid, GridSpec):
            grid.left = left
            axes.set_position(place.get_position(figure))


Place = Literal["best", "lower left", "lower right", "upper left", "upper right"]


def legend(axes: Axes, place: Place = "best") -> None:
    """Write a small legend without a box."""
    axes.legend(loc=place, frameon=False, fontsize=9, labelcolor=QUIET)
