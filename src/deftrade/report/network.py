"""The trade network: who sold how much to whom in the last years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import FancyArrowPatch

from deftrade.core.wording import money, percent
from deftrade.report import style
from deftrade.report.trajectories import focus_name, holds, largest, late_span, late_trade
from deftrade.results.indicators import focus_row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float, Int
    from deftrade.results.results import Results


MOST_STATES = 15
MOST_TIES = 45
MOST_OWN_TIES = 16
"""Limits above which a network can no longer be read."""


def network(results: Results) -> Figure | None:
    """Return the network of sales; none where nothing was traded."""
    matrix = late_trade(results)
    whole = float(matrix.sum())
    if not whole:
        return None
    row, name = focus_row(results), focus_name(results)
    shown = _chosen(matrix, row)
    seller = int(np.argmax(matrix.sum(axis=1)))
    first = f"{results.world.names.states[seller]} sold most, {percent(matrix[seller].sum() / whole)}"
    title = (
        f"{first} of world exports; {'it' if seller == row else name} sold {money(matrix[row].sum())} a year"
        f" and bought {money(matrix[:, row].sum())} in {late_span(results)}"
    )
    figure, (axes,) = style.sheet(title, _note(results, matrix, shown, name))
    panel = axes.get_position()
    axes.set_position((0.02, panel.y0 - 0.05, 0.96, panel.height + 0.1))
    places = _circle(_by_ties(matrix[np.ix_(shown, shown)], int(np.flatnonzero(shown == row)[0])))
    _draw_ties(axes, matrix[np.ix_(shown, shown)], places, shown == row)
    _draw_states(axes, results, matrix, shown, places)
    axes.set_xlim(-2.35, 2.35)
    axes.set_ylim(-1.2, 1.2)
    axes.set_aspect("equal")
    axes.axis("off")
    return figure


def _note(results: Results, matrix: Float, shown: Int, name: str) -> str:
    """Return what widths, colours and omissions mean."""
    part = matrix[np.ix_(shown, shown)].sum() / matrix.sum()
    left_out = len(matrix) - len(shown)
    scope = f" The {len(shown)} largest traders, {percent(part)} of trade." if left_out else ""
    return (
        f"Arrows run from exporter to importer, width by sales in {late_span(results)}; the "
        f"smallest are left out. Blue: exports of {name}; orange: its imports.{scope} {holds('exports')}"
    )


def _chosen(matrix: Float, row: int) -> Int:
    """Return the states shown: the focus state and the largest traders."""
    turnover = matrix.sum(axis=0) + matrix.sum(axis=1)
    turnover[row] = np.inf
    return np.sort(np.argsort(-turnover, kind="stable")[:MOST_STATES])


def _by_ties(matrix: Float, start: int) -> Int:
    """Return an order round the circle that puts large partners side by side."""
    both = matrix + matrix.T
    order, left = [start], set(range(len(matrix))) - {start}
    while left:
        nearest = max(sorted(left), key=lambda place: both[order[-1], place])
        order.append(nearest)
        left.remove(nearest)
    return np.array(order)


def _circle(order: Int) -> Float:
    """Return places on the unit circle, the first of the order on top."""
    places = np.empty((len(order), 2))
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(order)) / len(order)
    places[order] = np.stack((np.cos(angle), np.sin(angle)), axis=1)
    return places


def _draw_ties(axes: Axes, matrix: Float, places: Float, mine: NDArray[np.bool_]) -> None:
    """Draw the largest ties as bent arrows, those of the focus state on top."""
    own = matrix * (mine[:, None] | mine)
    ties = _largest(matrix - own, MOST_TIES) + _largest(own, MOST_OWN_TIES)
    widest = matrix.max()
    for seller, buyer in ties:
        colour = style.BLUE if mine[seller] else style.ORANGE if mine[buyer] else style.OTHERS
        is_mine = bool(mine[seller] or mine[buyer])
        width = 0.5 + 7.5 * float(np.sqrt(matrix[seller, buyer] / widest))
        axes.add_patch(
            FancyArrowPatch(
                tuple(places[seller]),
                tuple(places[buyer]),
                connectionstyle="arc3,rad=0.18",
                arrowstyle=f"simple,head_width={1.6 * width + 2},head_length={width + 4},tail_width={width}",
                shrinkA=9,
                shrinkB=11,
                color=colour,
                alpha=0.85 if is_mine else 0.6,
                linewidth=0,
                zorder=3 if is_mine else 2,
            )
        )


def _largest(matrix: Float, count: int) -> list[tuple[int, int]]:
    """Return the pairs with the largest values, the largest last."""
    order = largest(matrix.ravel(), count)[::-1]
    sellers, buyers = np.unravel_index(order, matrix.shape)
    return list(zip(sellers.tolist(), buyers.tolist(), strict=True))


def _draw_states(axes: Axes, results: Results, matrix: Float, shown: Int, places: Float) -> None:
    """Draw states as discs by turnover, with names outside the circle."""
    turnover = (matrix.sum(axis=0) + matrix.sum(axis=1))[shown]
    focus = shown == focus_row(results)
    size = 40 + 320 * turnover / turnover.max()
    colours = [style.FOCUS if mine else style.QUIET for mine in focus]
    axes.scatter(places[:, 0], places[:, 1], s=size, c=colours, edgecolors="white", linewidths=1.2, zorder=4)
    for state, place, mine in zip(shown, places, focus, strict=True):
        side = "left" if place[0] > 0.1 else "right" if place[0] < -0.1 else "center"
        axes.text(
            place[0] * 1.12,
            place[1] * 1.13,
            results.world.names.states[state],
            ha=side,
            va="center",
            size=10,
            color=style.FOCUS if mine else style.INK,
            weight="bold" if mine else "normal",
            zorder=5,
        )
