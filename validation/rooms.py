"""Count and draw the rooms of the package: ``python -m validation.rooms``.

Prints files and lines by room, from top to bottom, and the imports between rooms; draws them as arcs,
right where they lead down, left and red where they run back. The exit code is 1 if any does.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from validation.layers import PACKAGE, RANKS, ROOMS, imports, modules, room_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PICTURE = Path("docs") / "images" / "rooms.png"
Edges = Counter[tuple[str, str]]
"""Names imported, by importing and imported room."""


class Size(NamedTuple):
    """How much stands in a room."""

    files: int
    lines: int


def sizes(package: Path) -> dict[str, Size]:
    """Return files and lines by room, from the lowest layer up; what no room claims stands last."""
    found: dict[str, Size] = {}
    for module, path in modules(package).items():
        room = room_of(module) or "face"
        files, lines = found.get(room, Size(0, 0))
        found[room] = Size(files + 1, lines + len(path.read_text(encoding="utf-8").splitlines()))
    return dict(sorted(found.items(), key=lambda item: (RANKS.get(item[0], len(RANKS)), item[0])))


def edges(package: Path) -> tuple[Edges, Edges]:
    """Return the imports between rooms: those that lead down, and those that run back."""
    down: Edges = Counter()
    back: Edges = Counter()
    for each in imports(package):
        source, target = each.rooms
        if source and target and source != target:
            (back if each.runs_back else down)[source, target] += 1
    return down, back


def listing(package: Path) -> str:
    """Return files, lines and imports by room, from top to bottom."""
    counted = sizes(package)
    down, _ = edges(package)
    lines = [f"{'room':14}{'files':>6}{'lines':>8}  imports"]
    for room, size in reversed(counted.items()):
        taken = ", ".join(f"{target} {down[room, target]}" for target in counted if down[room, target])
        lines.append(f"{room:14}{size.files:6}{size.lines:8}  {taken}".rstrip())
    total = Size(*(sum(column) for column in zip(*counted.values(), strict=True)))
    lines.append(f"{'all':14}{total.files:6}{total.lines:8}")
    return "\n".join(lines)


def table(package: Path) -> str:
    """Return a Markdown table of the rooms from top to bottom: what they hold and import from.

    It says nothing of numbers, which change with every line.
    """
    down, _ = edges(package)
    lines = ["| room | what stands in it | imports from |", "| --- | --- | --- |"]
    for room in reversed([room for room in sizes(package) if room in ROOMS]):
        taken = [target for target in reversed(ROOMS) if down[room, target]]
        lines.append(f"| `{room}` | {ROOMS[room].holds} | {', '.join(taken) or '–'} |")
    return "".join(f"{line}\n" for line in lines)


def running_back(package: Path) -> list[str]:
    """Return the imports that run back, one a line."""
    return [
        f"{each.source}.py:{each.line}: {' imports '.join(each.rooms)}"
        f"{', for types alone' if each.typing_only else ''}"
        for each in imports(package)
        if each.runs_back
    ]


def draw(package: Path) -> Figure:
    """Return the rooms from bottom to top with an arc for the imports of each from each."""
    from matplotlib.figure import Figure

    heights = {room: place for place, room in enumerate(room for room in sizes(package) if room != "face")}
    down, back = edges(package)
    # What runs back needs room on the left, where there is any.
    reach = len(heights) / 2.8
    left = reach if back else 1.2
    figure = Figure(figsize=(0.8 * (reach + left), 0.5 * len(heights) + 0.6), layout="constrained")
    axes = figure.subplots()
    for room, height in heights.items():
        axes.text(0, height, room, ha="center", va="center", fontsize=10)
    for kind, side, colour in ((down, 1, "#4c72b0"), (back, -1, "#d62728")):
        for (source, target), count in kind.items():
            _arc(axes, heights[source], heights[target], count, side, colour)
    axes.set(xlim=(-left, reach), ylim=(-0.7, len(heights) - 0.3))
    axes.set_axis_off()
    axes.set_title("Imports between rooms" + f", {back.total()} of them back (red)" * bool(back), fontsize=10)
    return figure


def save(package: Path, picture: Path) -> None:
    """Draw the rooms into a file."""
    draw(package).savefig(picture, dpi=80)


def _arc(axes: Axes, start: int, end: int, count: int, side: int, colour: str) -> None:
    """Draw the imports of one room from another; the head points at what is imported."""
    edge = 1.15 * side
    turn = 0.45 if (start > end) == (side > 0) else -0.45
    axes.annotate(
        "",
        (edge, end + 0.12),
        (edge, start - 0.12),
        arrowprops={
            "arrowstyle": "-|>",
            "color": colour,
            "alpha": 0.6,
            "linewidth": 0.4 + count**0.5 / 4,
            "connectionstyle": f"arc3,rad={-turn}",
        },
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the rooms and draw them."""
    parser = argparse.ArgumentParser(prog="python -m validation.rooms", description=__doc__)
    parser.add_argument("--package", type=Path, default=PACKAGE, help="another deftrade package to look at")
    parser.add_argument("--picture", type=Path, default=PICTURE, help=f"file to draw (default: {PICTURE})")
    options = parser.parse_args(arguments)
    wrong = running_back(options.package)
    print(listing(options.package), *wrong, f"{len(wrong)} imports run back", sep="\n")
    save(options.package, options.picture)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
