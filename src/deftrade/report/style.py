"""How figures look: colours, axes, labels at the ends of lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib import rc_context
from matplotlib.ticker import Formatter, FuncFormatter, MaxNLocator

from deftrade.core.wording import NO_BREAK, number
from deftrade.report.fitting import DOTS, END, NOTE, Sheet, widest, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deftrade.core.arrays import Float


BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
VERMILION, PURPLE, SKY = "#D55E00", "#B5659A", "#56B4E9"
WORDS = {
    BLUE: "blue", ORANGE: "orange", GREEN: "green", VERMILION: "orange", PURPLE: "purple", SKY: "light blue"
}  # fmt: skip
"""What captions call a colour."""
COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
"""Okabe and Ito's palette, which readers with any colour vision can tell apart."""

FOCUS = BLUE
OTHERS = "#C3C8CE"
INK = "#22272E"
QUIET = "#6B747E"
GRID = "#E6E8EB"

WIDTH, HEIGHT = 9.0, 4.7
FEWEST_BARS = 6
FEWEST_YEARS = 3
_STEPS = [1, 2, 5, 10]
MANY = 20
"""Above this number of entities, those behind the focus become a band."""
NAMED = 6
"""Up to this number of states, every line has its name."""
LEAST_SPAN = 1e-6
"""Share of its size by which a quantity has to move for an axis to show that it moves."""

_MARGIN, _LEFT = 0.11, 0.075
_TITLE, _TITLE_LONG, _NOTE, _END = 12.5, 11.0, 8.5, 9.5
_YEAR = 0.4
"""Inches for a year below an axis."""
_TICKS, _WIDEST_END = 0.62, 2.8
"""Inches for the numbers left of a panel, and for names at the ends of lines of all panels together."""


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
    gap: float | None = None,
    right: float | None = None,
    ends: Sequence[str] = (),
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
    gap : float, optional
        Room between panels, in mean panel widths; without it, enough for ``ends``.
    right : float, optional
        Where the last panel ends, share of the width; without it, room is left for ``ends``.
    ends : sequence of str
        What will be written at the ends of lines.
    """
    figure = Sheet(figsize=(WIDTH, HEIGHT), dpi=DOTS, facecolor="white")
    room = WIDTH - 2 * _MARGIN
    size = _TITLE if "\n" not in wrapped(title, 2 * room, _TITLE, "bold") else _TITLE_LONG
    lines = wrapped(title, room, size, "bold", most=4)
    below = wrapped(note, room, _NOTE)
    figure.text(_MARGIN / WIDTH, 0.975, lines, size=size, weight="bold", color=INK, va="top")
    figure.text(_MARGIN / WIDTH, 0.02, below, size=_NOTE, color=QUIET, va="bottom", gid=NOTE)
    top = 1 - (0.74 + 0.2 * (lines.count("\n") + 1)) / HEIGHT
    bottom = max(0.8, 0.46 + 0.16 * (below.count("\n") + 1)) / HEIGHT
    names = (
        min(max(widest(list(ends), _END, "bold"), 0.5), _WIDEST_END / (panels if gap is None else 1)) + 0.2
    )
    right = 1 - names / WIDTH if right is None else right
    if gap is None:
        between = names + _TICKS if ends else 1.0
        gap = between * panels / (WIDTH * (right - _LEFT) - between * (panels - 1))
    grid = figure.add_gridspec(
        1, panels, left=_LEFT, right=right, top=top, bottom=bottom, wspace=gap, width_ratios=ratios or None
    )
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
    _widen(axes)
    axes.yaxis.set_major_formatter(Ticks(100, f"{NO_BREAK}%") if percents else Ticks())
    first, last = axes.get_xlim()
    if last - first < FEWEST_YEARS:
        opening = np.floor(first + 0.2)
        axes.set_xlim(opening, max(np.ceil(last - 0.2), opening + 1))
    most = max(min(int(axes.get_position().width * WIDTH / _YEAR), 6), 1)
    axes.xaxis.set_major_locator(MaxNLocator(most, steps=_STEPS, integer=True, min_n_ticks=1))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))


def _widen(axes: Axes) -> None:
    """Show what moves by no more than rounding as level, and not the noise enlarged."""
    low, high = axes.get_ylim()
    middle = (low + high) / 2
    least = LEAST_SPAN * abs(middle) or LEAST_SPAN
    if high - low < least:
        axes.set_ylim(middle - 50 * least, middle + 50 * least)


class Ticks(Formatter):
    """Labels of ticks with as many digits as tell them apart, and no needless zeros.

    Parameters
    ----------
    factor : float
        What values are multiplied by, such as 100 for percent.
    unit : str
        What follows every number.
    """

    def __init__(self, factor: float = 1.0, unit: str = "") -> None:
        self.factor, self.unit = factor, unit
        self.digits = 3

    def format_ticks(self, values: Any) -> list[str]:
        """Return the labels of all ticks."""
        for self.digits in range(3, 8):
            labels = [self(value) for value in values]
            if len(set(labels)) == len(labels):
                break
        return labels

    def __call__(self, value: float, pos: int | None = None) -> str:
        """Return the label of one tick."""
        text = number(value * self.factor, self.digits)
        return (text.rstrip("0").rstrip(".") if "." in text else text) + self.unit


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
    known = np.isfinite(others).any(axis=1)
    years, others = years[known], others[known]
    low, middle, high = np.nanpercentile(others, (10, 50, 90), axis=1)
    axes.fill_between(years, low, high, color=OTHERS, alpha=0.45, linewidth=0, zorder=1)
    axes.plot(years, middle, color=QUIET, linewidth=1.2, linestyle="--", zorder=2)


def backdrop_note(entities: int) -> str:
    """Return what the grey behind the focus state means; nothing where there is none, or names say it."""
    if entities - 1 > MANY:
        return " Grey band: the middle 80 % of the other states; dashed: their median."
    return " Grey: the other states." if entities > NAMED else ""


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
    heights = _inside(_spread([ending.height for ending in shown], gap), gap, low, high)
    for ending, height in zip(shown, heights, strict=True):
        axes.annotate(
            ending.text,
            (1.0, height),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            size=_END,
            color=ending.colour,
            weight="bold" if ending.bold else "normal",
            va="center",
            annotation_clip=False,
            gid=END,
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


def _inside(heights: list[float], gap: float, low: float, high: float) -> list[float]:
    """Return sorted heights moved to between two limits, at least ``gap`` apart."""
    last = len(heights) - 1
    under = [min(height, high - (last - place) * gap) for place, height in enumerate(heights)]
    return [max(height, low + place * gap) for place, height in enumerate(under)]


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
    axes.set_yticks(places, names)
    axes.set_ylim(-0.6, max(len(names), FEWEST_BARS) - 0.4)
    whole = float(values.max()) if len(values) else 1.0
    axes.set_xlim(0, whole * 1.25 or 1)
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
    if path.suffix == ".svg":
        with rc_context({"svg.hashsalt": "deftrade"}):
            figure.savefig(path, format="svg", metadata={"Date": None, "Creator": "deftrade"})
        return
    figure.savefig(path, format="png", dpi=DOTS, metadata={"Software": "deftrade", "Title": title})
