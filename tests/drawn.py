"""What holds of every figure: its texts stand inside it, beside each other, and nothing is warned of."""

from __future__ import annotations

import re
import warnings
from colorsys import rgb_to_hls
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from deftrade.report.fitting import END

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

SLACK = 1.0
"""Pixels by which a text may reach beyond its figure: how glyphs are rounded."""

RAW = re.compile(r"\b[a-z]+_[a-z_]+\b|\b(?:states|parameters|policy|relations)\.\w")
"""Names of columns and paths, which readers of figures need not know."""


def texts(figure: Figure) -> list[Text]:
    """Return the texts that a reader sees: labels of ticks outside their axis are not drawn."""
    axes_on = [axes for axes in figure.axes if axes.axison]
    every = {id(label) for axes in figure.axes for axis in _axes_of(axes) for label in _labels(axis)}
    seen = {id(label) for axes in axes_on for axis in _axes_of(axes) for label in rows_of(axis)}
    return [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and (id(text) not in every or id(text) in seen)
    ]


def _axes_of(axes: Axes) -> tuple[Axis, Axis]:
    """Return both axes of a panel."""
    return axes.xaxis, axes.yaxis


def _labels(axis: Axis) -> list[Text]:
    """Return every label of ticks that an axis ever had."""
    ticks = (*axis.majorTicks, *axis.minorTicks)
    return [label for tick in ticks for label in (tick.label1, tick.label2)]


def rows_of(axis: Axis) -> list[Text]:
    """Return the labels of ticks that are drawn."""
    low, high = sorted(axis.get_view_interval())
    ticks = axis.get_major_ticks(len(axis.get_majorticklocs()))
    return [tick.label1 for tick in ticks if low <= tick.get_loc() <= high and tick.label1.get_visible()]


def check_drawn(figure: Figure, *, names: str = "") -> None:
    """Draw a figure and check it; names that may hold underscores are given."""
    FigureCanvasAgg(figure)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.canvas.draw()
    width, height = figure.bbox.x1, figure.bbox.y1
    for text in texts(figure):
        box, said = text.get_window_extent(), text.get_text()
        assert box.x0 >= -SLACK, said
        assert box.x1 <= width + SLACK, said
        assert box.y0 >= -SLACK, said
        assert box.y1 <= height + SLACK, said
        assert not RAW.search(re.sub(names, "", said) if names else said), said
        assert r"\mathdefault" not in said
    _check_apart(figure)


def _check_apart(figure: Figure) -> None:
    """Check that names of rows and lines' ends keep to their panels, and headings to their rows."""
    for axes in figure.axes:
        here = axes.get_window_extent()
        others = [other.get_window_extent() for other in figure.axes if other is not axes]
        named = [text for text in axes.texts if text.get_gid() == END]
        labels = [label for label in rows_of(axes.yaxis) if label.get_text()]
        for text in (*named, *labels):
            box = text.get_window_extent()
            assert not any(box.overlaps(other) for other in others), text.get_text()
            assert box.x0 >= here.x1 - SLACK or box.x1 <= here.x0 + SLACK, text.get_text()
        shown = [label.get_text() for label in labels]
        assert len(set(shown)) == len(shown), shown


def hue_word(colour: str) -> str:
    """Return what people call a colour, by its hue."""
    hue, _, strength = rgb_to_hls(*to_rgb(colour))
    degrees = 360 * hue
    if strength < 0.15:
        return "grey"
    limits = ((12, "red"), (48, "orange"), (75, "yellow"), (175, "green"), (260, "blue"), (345, "purple"))
    return next((word for limit, word in limits if degrees < limit), "red")
