"""Text that fits a figure: measured, wrapped and shortened, in fonts that this machine has."""

from __future__ import annotations

import re
import warnings
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from matplotlib import font_manager
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

FALLBACKS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans CJK KR", "Source Han Sans SC", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Droid Sans Fallback", "Microsoft YaHei", "SimHei", "Yu Gothic", "MS Gothic",
    "Malgun Gothic", "PingFang SC", "Hiragino Sans", "Apple SD Gothic Neo", "Arial Unicode MS",
    "Noto Sans Devanagari", "Nirmala UI", "Mangal", "Kohinoor Devanagari", "Lohit Devanagari",
    "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Thai", "Noto Sans Tamil", "Noto Sans Bengali",
)  # fmt: skip
"""Fonts that are asked, in this order, for signs that Matplotlib's own font lacks."""

MISSING = "□"
"""What stands for a sign that no font here has."""

MISSING_NOTE = (
    f"{MISSING}: signs of names that no font of this computer has; a font such as Noto Sans CJK shows them."
)
NOTE = "note"
"""Mark (gid) of the text below a figure, to which remarks are added."""

END = "end"
"""Mark (gid) of a name at the end of a line."""

DOTS = 120
"""Dots an inch of figures that are written."""

_BREAK = re.compile(r" (?!(?:bn|m|thousand|USD|CU)\b)")
"""Where lines may end: not between a number and its unit."""

_EDGE = 0.05
"""Inches between text and the edge of a figure, or what stands beside it."""

_LEAST = 4
"""Letters that stay of a name, however little room there is."""


@cache
def families() -> list[str]:
    """Return Matplotlib's font and those of `FALLBACKS` that this machine has."""
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return ["DejaVu Sans", *(name for name in FALLBACKS if name in known)]


@cache
def _signs() -> frozenset[int]:
    """Return the code points that the fonts can show."""
    files = [font_manager.findfont(FontProperties(family=[name])) for name in families()]
    return frozenset().union(*(font_manager.get_font(file).get_charmap() for file in files))


def drawable(text: str) -> str:
    """Return a text in which `MISSING` stands for every sign that no font here has."""
    return "".join(sign if sign == "\n" or ord(sign) in _signs() else MISSING for sign in text)


@contextmanager
def _no_warnings() -> Iterator[None]:
    """Keep what Matplotlib says about scripts that it does not shape from the user: the note says it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


@lru_cache(maxsize=4096)
def width(text: str, size: float, weight: str = "normal") -> float:
    """Return how wide a line of text is, inches."""
    font = FontProperties(family=families(), size=size, weight=weight)
    with _no_warnings():
        wide, *_ = _renderer().get_text_width_height_descent(drawable(text), font, ismath=False)  # type: ignore[no-untyped-call]
    return float(wide) / DOTS


@cache
def _renderer() -> RendererAgg:
    """Return what measures text as it is drawn."""
    return RendererAgg(8, 8, DOTS)  # type: ignore[no-untyped-call]


def widest(texts: list[str], size: float, weight: str = "normal") -> float:
    """Return the width of the widest of some lines, inches; 0 without any."""
    return max((width(text, size, weight) for text in texts), default=0.0)


def shortened(text: str, room: float, size: float, weight: str = "normal") -> str:
    """Return a name that is no wider than a room; what is left out, is left out of its middle."""
    kept = len(text)
    short = text
    while kept > _LEAST and width(short, size, weight) > room:
        kept -= 1
        tail = kept // 2
        short = f"{text[: kept - tail].rstrip()}…{text[len(text) - tail :].lstrip()}"
    return short


def wrapped(text: str, room: float, size: float, weight: str = "normal", most: int = 9) -> str:
    """Return a text in lines no wider than a room; what is beyond the last one is left out."""
    lines = [""]
    for word in _BREAK.split(text):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and width(longer, size, weight) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    lines = [shortened(line, room, size, weight) for line in lines]
    if len(lines) > most:
        rest = " ".join(lines[most - 1 :])
        lines = [*lines[: most - 1], shortened(rest, room, size, weight)]
    return "\n".join(lines)


class Sheet(Figure):
    """A figure whose texts are fitted before it is drawn, whoever draws it."""

    is_fitted = False

    def draw(self, renderer: Any) -> None:
        """Draw the figure; the first time, fit its texts."""
        with _no_warnings():
            if not self.is_fitted:
                self.is_fitted = True
                _fit(self)
            super().draw(renderer)


def _fit(figure: Figure) -> None:
    """Have every text of a figure said literally, in signs that there are, and inside its room."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            _name_ticks(axis, drawable)
    if _say_literally(figure):
        for note in (text for text in figure.texts if text.get_gid() == NOTE):
            note.set_text(f"{note.get_text()}\n{MISSING_NOTE}")
    figure.draw_without_rendering()
    for axes in figure.axes:
        _fit_heading(figure, axes)
        _fit_rows(figure, axes)
    figure.draw_without_rendering()
    for text in figure.findobj(Text):
        _fit_text(figure, text)


def _say_literally(figure: Figure) -> bool:
    """Have no text read as mathematics, as a name may hold dollars; return whether a sign is missing."""
    found = False
    ticks = [text for axes in figure.axes for text in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    for text in (*figure.findobj(Text), *ticks):
        assert isinstance(text, Text)
        text.set_parse_math(False)
        text.set_fontfamily(families())
        text.set_text(drawable(text.get_text()))
        found = found or MISSING in text.get_text()
    return found


def _name_ticks(axis: Axis, said: Callable[[str], str]) -> None:
    """Say the names of rows or columns otherwise; numbers on an axis are not touched."""
    if isinstance(axis.get_major_locator(), FixedLocator):
        names = [label.get_text() for label in axis.get_ticklabels()]
        axis.set_ticks(axis.get_majorticklocs(), [said(name) for name in names])


def _fit_heading(figure: Figure, axes: Axes) -> None:
    """Wrap the heading of a panel in two lines where it would run into the next panel."""
    said = axes.get_title(loc="left")
    headings = [
        child for child in axes.get_children() if isinstance(child, Text) and child.get_text() == said
    ]
    if not said or not headings:
        return
    here = axes.get_window_extent()
    edges = [other.get_window_extent().x0 for other in figure.axes if other is not axes]
    ahead = [edge for edge in edges if edge > here.x1]
    room = (min(ahead, default=figure.bbox.x1) - here.x0) / figure.dpi - 2 * _EDGE
    for heading in headings:
        heading.set_text(wrapped(said, room, float(heading.get_fontsize()), most=2))


def _fit_rows(figure: Figure, axes: Axes) -> None:
    """Shorten names of rows to the room left of a panel."""
    here = axes.get_window_extent().x0
    behind = [_right_of(other) for other in figure.axes if other.get_window_extent().x1 < here]
    room = (here - max(behind, default=figure.bbox.x0)) / figure.dpi - 3 * _EDGE
    sizes = [float(label.get_fontsize()) for label in axes.get_yticklabels()]
    if sizes:
        _name_ticks(axes.yaxis, lambda name: shortened(name, room, sizes[0]))


def _right_of(axes: Axes) -> float:
    """Return where a panel and the names at its lines' ends end, pixels."""
    ends = [text.get_window_extent().x1 for text in axes.texts if text.get_gid() == END]
    return max([axes.get_window_extent().x1, *ends])


def _fit_text(figure: Figure, text: Text) -> None:
    """Shorten a text that would run over the edge of the figure, or into the next panel."""
    if not text.get_visible() or not text.get_text() or "\n" in text.get_text():
        return
    box = text.get_window_extent()
    left, right = figure.bbox.x0, _room_ends(figure, text)
    edge = _EDGE * figure.dpi
    if box.x0 >= left + edge / 2 and box.x1 <= right - edge / 2:
        return
    over = max(left + edge - box.x0, box.x1 - right + edge)
    over *= 2 if text.get_horizontalalignment() == "center" else 1
    weight = str(text.get_fontweight())
    text.set_text(
        shortened(text.get_text(), (box.width - over) / figure.dpi, float(text.get_fontsize()), weight)
    )


def _room_ends(figure: Figure, text: Text) -> float:
    """Return where the room of a text ends: at the next panel for a line's name, else at the edge."""
    if text.get_gid() != END or not isinstance(text, Annotation) or text.axes is None:
        return float(figure.bbox.x1)
    here = text.axes.get_window_extent().x1
    ahead = [axes.get_tightbbox() for axes in figure.axes if axes.get_window_extent().x0 > here]
    return float(min([box.x0 for box in ahead if box is not None], default=figure.bbox.x1))
