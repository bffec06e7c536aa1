"""How figures look: colours, axes, labels at the ends of lines."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator, PercentFormatter

from deftrade.core.wording import number

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from deftrade.core.arrays import Float


BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
VERMILION, PURPLE, SKY = "#D55E00", "#B5659A", "#56B4E9"
COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
"""Okabe and Ito's palette, which readers with any colour vision can tell apart."""

FOCUS = BLUE
OTHERS = "#C3C8CE"
INK = "#22272E"
QUIET = "#6B747E"
GRID = "#E6E8EB"

WIDTH, HEIGHT, DOTS = 9.0, 4.7, 120
FEWEST_BARS = 6
FEWEST_YEARS = 3
_STEPS = [1, 2, 5, 10]
MANY = 20
"""Above this number of entities, those behind the focus become a band."""


@dataclass(frozen=True)
class Ending:
    """A label at the right end of a line."""

    height: float
    text: str
    colour: str
    bold: bool = False


def sheet(
    title: str,
    note: str,
    panels: int = 1,
    *,
    ratios: tuple[float, ...] = (),
    gap: float = 0.42,
    right: float = 0.885,
) -> tuple[Figure, list[Axes]]:
    """Return a figure with its finding as title, a note below and panels side by side.

    Parameters
    ----------
    title, note : str
        The finding, and what a reader needs to know to believe it.
    panels : int
        How many panels stand side by side.
    ratios : tuple of float
        Their widths; empty makes them equal.
    gap : float
        Room between panels, in mean panel widths.
    right : float
        Where the last panel ends, share of the width.
    """
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DOTS, facecolor="white")
    lines = fill(title, 80)
    figure.text(0.012, 0.975, lines, size=12.5, weight="bold", color=INK, va="top")
    figure.text(0.012, 0.02, fill(note, 150), size=8.5, color=QUIET, va="bottom")
    top = 0.80 if "\n" not in lines else 0.755
    grid = figure.add_gridspec(
        1, panels, left=0.075, right=right, top=top, bottom=0.17, wspace=gap,
        width_ratios=ratios or None,
    )  # fmt: skip
    return figure, [figure.add_subplot(grid[0, place]) for place in range(panels)]


def dress(axes: Axes, label: str, *, percents: bool = False, counts: bool = False) -> None:
    """Give axes over years a heading that names quantity and unit, a light grid and no box."""
    axes.set_title(label, loc="left", size=10, color=INK, pad=8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(QUIET)
    axes.tick_params(length=0, labelsize=9.5, labelcolor=QUIET)
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=GRID, linewidth=0.9)
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=_STEPS, integer=counts))
    low, high = axes.get_ylim()
    decimals = 1 if high - low < 0.04 else 0
    percent = PercentFormatter(1, decimals=decimals, symbol=" %")
    axes.yaxis.set_major_formatter(percent if percents else FuncFormatter(_tick))
    first, last = axes.get_xlim()
    if last - first < FEWEST_YEARS:
        axes.set_xlim(np.floor(first + 0.2), np.ceil(last - 0.2))
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=_STEPS, integer=True, min_n_ticks=1))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))


def _tick(value: float, _: int) -> str:
    """Return a tick's label without needless zeros."""
    text = number(value, 3)
    return text.rstrip("0").rstrip(".") if "." in text else text


def backdrop(axes: Axes, years: Float, values: Float, *, skip: int) -> None:
    """Draw all entities but one in grey: as lines, or as a band where they are many.

    Parameters
    ----------
    axes : Axes
        Where to draw.
    years : (points,) float
        Decimal years.
    values : (points, entities) float
        Their values.
    skip : int
        The entity that stands in front.
    """
    others = np.delete(values, skip, axis=1)
    if others.shape[1] <= MANY:
        axes.plot(years, others, color=OTHERS, linewidth=1, zorder=1)
        return
    low, middle, high = np.nanpercentile(others, (10, 50, 90), axis=1)
    axes.fill_between(years, low, high, color=OTHERS, alpha=0.45, linewidth=0, zorder=1)
    axes.plot(years, middle, color=QUIET, linewidth=1.2, linestyle="--", zorder=2)


def backdrop_note(entities: int) -> str:
    """Return what the grey behind the focus state means."""
    if entities - 1 <= MANY:
        return "Grey: the other states."
    return "Grey band: the middle 80 % of the other states; dashed: their median."


def line(axes: Axes, years: Float, values: Float, colour: str, *, strong: bool = True) -> None:
    """Draw one line in front; a single year becomes a dot."""
    width = 2.6 if strong else 1.9
    marker = "o" if len(years) < 3 else None
    axes.plot(years, values, color=colour, linewidth=width, marker=marker, zorder=3)


def label_ends(axes: Axes, endings: list[Ending]) -> None:
    """Write labels right of the last point, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    gap = 0.062 * (high - low)
    shown = sorted((ending for ending in endings if np.isfinite(ending.height)),
                   key=lambda ending: ending.height)  # fmt: skip
    heights = _spread([ending.height for ending in shown], gap)
    for ending, height in zip(shown, heights, strict=True):
        axes.annotate(
            ending.text,
            (1.0, height),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            size=9.5,
            color=ending.colour,
            weight="bold" if ending.bold else "normal",
            va="center",
            annotation_clip=False,
        )


def _spread(heights: list[float], gap: float) -> list[float]:
    """Return sorted heights moved apart to at least ``gap``, keeping clusters centred."""
    groups: list[list[float]] = []
    for height in heights:
        groups.append([height])
        while len(groups) > 1 and _bottom(groups[-1], gap) < _top(groups[-2], gap) + gap:
            last = groups.pop()
            groups[-1] += last
    return [_bottom(group, gap) + place * gap for group in groups for place in range(len(group))]


def _bottom(group: list[float], gap: float) -> float:
    """Return the lowest place of a centred group."""
    return sum(group) / len(group) - gap * (len(group) - 1) / 2


def _top(group: list[float], gap: float) -> float:
    """Return the highest place of a centred group."""
    return sum(group) / len(group) + gap * (len(group) - 1) / 2


def bars(axes: Axes, names: list[str], values: Float, colours: list[str], label: str) -> None:
    """Draw horizontal bars, largest on top, with their values at the ends."""
    places = np.arange(len(names))[::-1] + max(FEWEST_BARS - len(names), 0)
    is_count = bool(np.all(values == np.round(values)))
    axes.barh(places, values, color=colours, height=0.66)
    axes.set_yticks(places, [fill(name, 18) for name in names])
    axes.set_ylim(-0.6, max(len(names), FEWEST_BARS) - 0.4)
    whole = float(values.max()) if len(values) else 1.0
    axes.set_xlim(0, whole * 1.18 or 1)
    for place, value in zip(places, values, strict=True):
        axes.annotate(number(value, 1 if is_count else 2), (value, place), xytext=(4, 0), va="center",
                      textcoords="offset points", size=9, color=INK)  # fmt: skip
    axes.set_title(label, loc="left", size=10, color=INK, pad=8)
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=9.5, labelcolor=INK, labelbottom=False)


def save(figure: Figure, path: Path, title: str | None = None) -> None:
    """Write a figure as PNG or, by the file's ending, as SVG; equal figures give equal bytes.

    A PNG keeps the title, if one is given, among its data.
    """
    _say_literally(figure)
    if path.suffix == ".svg":
        with rc_context({"svg.hashsalt": "deftrade"}):
            figure.savefig(path, format="svg", metadata={"Date": None, "Creator": "deftrade"})
        return
    figure.savefig(path, format="png", dpi=DOTS, metadata={"Software": "deftrade", "Title": title})


def _say_literally(figure: Figure) -> None:
    """Have no text of a figure read as mathematics: a name may hold dollars."""
    for text in figure.findobj(Text):
        text.set_parse_math(False)
