"""The chains from policy to an indicator's difference as a figure: a lane of boxes for every chain."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, NamedTuple

from deftrade.core.wording import counted, signed
from deftrade.explanations.two_runs.trials import UNTOLD

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deftrade.explanations.two_runs.lineage import Lineage, Step, Strand

WRAPPED = 25
"""Letters in a line of a box."""

ENDS = 2
"""Links that are drawn from either end of a long chain."""

CAUSES = 3
"""Things that policy does, as far as they are written out."""


class Box(NamedTuple):
    """A box of a lane: what it says, and in which colour."""

    text: str
    colour: str


def chains(lineage: Lineage, title: str) -> Figure:
    """Return the chains of a lineage as a figure.

    Every chain is a lane: what policy did, decisions with their dates (what both runs decided
    otherwise, what A alone or B alone decided), and what that made of the indicator.
    """
    from deftrade.report.fitting import Sheet
    from deftrade.report.style import INK, QUIET

    lanes = [_boxes(strand) for strand in lineage.strands]
    figure = Sheet(figsize=(14, 1.3 + 1.9 * max(len(lanes), 1)))
    top = 1 - 0.95 / figure.get_figheight()
    axes = figure.add_axes((0.02, 0.02, 0.96, top))
    figure.text(0.02, 1 - 0.12 / figure.get_figheight(), title, size=13, weight="bold", color=INK, va="top")
    figure.text(0.02, 1 - 0.5 / figure.get_figheight(), _subtitle(lineage), size=9.5, color=QUIET, va="top")
    _lay(axes, lanes)
    return figure


def draw(lineage: Lineage, title: str, stem: Path) -> list[Path]:
    """Draw the chains of a lineage to ``stem`` with the endings ``.png`` and ``.svg``."""
    from deftrade.report.style import save

    figure = chains(lineage, title)
    paths = [stem.with_suffix(f".{kind}") for kind in ("png", "svg")]
    for path in paths:
        save(figure, path)
    return paths


def _subtitle(lineage: Lineage) -> str:
    """Return the difference and the key to the colours."""
    window = lineage.window
    return (
        f"{window.meaning}: {signed(lineage.difference, 3)} {window.unit} in B against A."
        "  Green: decided otherwise; blue: decided in A only; orange: in B only; grey: policy that it needed."
    )


def _boxes(strand: Strand) -> list[Box]:
    """Return the boxes of one chain from left to right."""
    from deftrade.report.style import INK, QUIET

    policy = [fill(f"{cause.mark}: {cause.told}", WRAPPED + 8) for cause in strand.needed.causes[:CAUSES]]
    if len(strand.needed.causes) > CAUSES:
        policy.append(f"and {len(strand.needed.causes) - CAUSES} more")
    boxes = [Box("\n".join(policy) or fill(UNTOLD, WRAPPED), QUIET)]
    record = _record_box(strand)
    if strand.thread.key.sort == "upkeep":
        boxes += record
    steps = strand.steps
    if len(steps) > 2 * ENDS:
        boxes += [_step(step) for step in steps[:ENDS]]
        boxes.append(Box(counted(len(steps) - 2 * ENDS, "more link"), QUIET))
        boxes += [_step(step) for step in steps[-ENDS:]]
    else:
        boxes += [_step(step) for step in steps]
    if strand.thread.key.sort != "upkeep":
        boxes += record
    end = f"{signed(strand.thread.change, 3)}\n{fill(strand.thread.told, WRAPPED)}"
    return [*boxes, Box(end, INK)]


def _record_box(strand: Strand) -> list[Box]:
    """Return the box of the contract's record where the runs differ in it."""
    from deftrade.report.style import GREEN

    record = strand.thread.record
    if not record or record[0] == record[1]:
        return []
    return [
        Box(
            "\n".join(fill(f"{side}: {text}", WRAPPED) for side, text in zip("AB", record, strict=True)),
            GREEN,
        )
    ]


def _step(step: Step) -> Box:
    """Return the box of one decision."""
    from deftrade.report.style import BLUE, GREEN, VERMILION

    pair = step.pair
    colour = BLUE if pair.b is None else VERMILION if pair.a is None else GREEN
    sides = [
        f"{side}: {decision.outcome if decision else '–'}"
        for side, decision in (("A", pair.a), ("B", pair.b))
    ]
    kind = pair.kind.name.lower().replace("_", " ")
    lines = [f"{step.data['date']}, {kind}", step.data["about"], *sides]
    return Box("\n".join(fill(line, WRAPPED) for line in lines), colour)


def _lay(axes: Axes, lanes: list[list[Box]]) -> None:
    """Draw lanes of boxes with arrows between them."""
    from deftrade.report.style import INK, QUIET

    axes.set_axis_off()
    columns = max((len(lane) for lane in lanes), default=1)
    axes.set_xlim(-0.5, max(columns, 4) - 0.5)
    axes.set_ylim(-max(len(lanes), 1) + 0.5, 0.5)
    if not lanes:
        axes.text(0, 0, "No part of it could be traced to a logged decision.", color=QUIET)
    for row, lane in enumerate(lanes):
        for place, box in enumerate(lane):
            axes.annotate(
                box.text,
                (place, -row),
                size=7.5,
                color=INK,
                ha="center",
                va="center",
                bbox={
                    "boxstyle": "round,pad=0.4",
                    "facecolor": "white",
                    "edgecolor": box.colour,
                    "linewidth": 1.6,
                },
                zorder=3,
            )
            if place:
                axes.annotate(
                    "",
                    (place - 0.4, -row),
                    (place - 0.6, -row),
                    arrowprops={"arrowstyle": "-|>", "color": QUIET},
                    zorder=2,
                )
