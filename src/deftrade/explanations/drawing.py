"""The chain from policy to an indicator's difference as a timeline, in the house style."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

from deftrade.explanations.naming import signed

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from deftrade.explanations.lineage import Lineage, Step, Strand
    from deftrade.scenario.resolved import Scenario

WRAPPED = 34
"""Letters in a line of a label."""

ENDS = 2
"""Links that are drawn from either end of a long chain."""


def draw(lineage: Lineage, scenario: Scenario, title: str, stem: Path) -> list[Path]:
    """Draw the chains of a lineage to ``stem`` with the endings ``.png`` and ``.svg``.

    Every chain is a lane: policy on the left, decisions at their dates (what both runs decided
    otherwise, what A alone or B alone decided), and at the right end what it made of the indicator.
    """
    from matplotlib.figure import Figure

    from deftrade.report.style import DOTS, INK, QUIET

    lanes = lineage.strands
    figure = Figure(figsize=(13, 2.2 + 2.6 * max(len(lanes), 1)))
    axes = figure.add_axes((0.03, 0.12, 0.94, 0.72))
    figure.text(0.03, 0.95, title, size=13, weight="bold", color=INK, va="top")
    figure.text(0.03, 0.9, _subtitle(lineage), size=9.5, color=QUIET, va="top")
    calendar = scenario.calendar
    for place, strand in enumerate(lanes):
        _lane(axes, strand, -place, calendar.start, calendar.steps_per_year)
    if not lanes:
        axes.text(0.5, 0.5, "No part of it could be traced to a logged decision", ha="center", color=QUIET)
    _dress(axes, scenario, len(lanes))
    paths = [stem.with_suffix(f".{kind}") for kind in ("png", "svg")]
    figure.savefig(paths[0], format="png", dpi=DOTS, metadata={"Software": "deftrade"})
    figure.savefig(paths[1], format="svg", metadata={"Date": None, "Creator": "deftrade"})
    return paths


def _subtitle(lineage: Lineage) -> str:
    """Return the difference and the key to the colours."""
    window = lineage.window
    return (
        f"{window.meaning}: {signed(lineage.difference, 3)} {window.unit} in B against A."
        "  Blue: decided in A only, orange: in B only, green: otherwise in both; grey: policy in force."
    )


def _lane(axes: Axes, strand: Strand, height: int, start: int, per_year: int) -> None:
    """Draw one chain as a lane."""
    from deftrade.report.style import BLUE, GREEN, INK, OTHERS, QUIET, VERMILION

    steps = _ends(strand.steps)
    years = [start + step.pair.step / per_year for step in steps]
    causes = [start + cause.step / per_year for cause in strand.causes]
    axes.plot(causes, [height] * len(causes), "s", color=OTHERS, markersize=8, zorder=2)
    marks = ", ".join(cause.mark for cause in strand.causes)
    first = min(causes, default=years[0] if years else float(start))
    axes.annotate(marks, (first, height), (0, -14), textcoords="offset points", size=8, color=QUIET)
    axes.plot([first, max(years, default=first)], [height, height], color=QUIET, linewidth=1, zorder=1)
    for place, (step, year) in enumerate(zip(steps, years, strict=True)):
        colour = BLUE if step.pair.b is None else VERMILION if step.pair.a is None else GREEN
        axes.plot([year], [height], "o", color=colour, markersize=8, zorder=3)
        offset = 12 + 34 * (place % 2) if place < len(steps) else 12
        axes.annotate(
            fill(step.told, WRAPPED),
            (year, height),
            (0, offset if place % 2 == 0 else -offset),
            textcoords="offset points",
            size=7.5,
            color=INK,
            ha="center",
            va="bottom" if place % 2 == 0 else "top",
            arrowprops={"arrowstyle": "-", "color": OTHERS, "linewidth": 0.6},
        )
    text = f"{signed(strand.thread.change, 3)}\n{fill(strand.thread.told, WRAPPED)}"
    axes.annotate(
        text, (1.0, height), xycoords=("axes fraction", "data"), size=8.5, color=INK, ha="right", va="center"
    )


def _ends(steps: list[Step]) -> list[Step]:
    """Return the first and last links of a long chain."""
    return steps if len(steps) <= 2 * ENDS else [*steps[:ENDS], *steps[-ENDS:]]


def _dress(axes: Axes, scenario: Scenario, lanes: int) -> None:
    """Give axes their dates and take away everything else."""
    from deftrade.report.style import GRID, QUIET

    calendar = scenario.calendar
    span = calendar.end - calendar.start
    axes.set_xlim(calendar.start - 0.08 * span, calendar.end + 0.25 * span)
    axes.set_ylim(-max(lanes, 1) + 0.4, 0.6)
    axes.set_yticks([])
    axes.set_xticks(range(calendar.start, calendar.end + 1, max(1, span // 8)))
    axes.tick_params(colors=QUIET, length=0, labelsize=9)
    axes.grid(axis="x", color=GRID)
    for side in axes.spines.values():
        side.set_visible(False)
