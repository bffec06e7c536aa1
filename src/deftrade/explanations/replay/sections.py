"""What explanations are made of: headings with sentences and tables, for terminals and notebooks."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from deftrade.core.wording import markdown_cell


@dataclass(frozen=True)
class Grid:
    """A small table in words.

    Parameters
    ----------
    headers : tuple of str
        Names of the columns.
    rows : tuple of tuples of str
        Cells; all columns but the first are aligned to the right where ``numbers`` says so.
    numbers : tuple of int
        Columns aligned to the right.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()

    def text(self) -> str:
        """Return the table as Markdown whose columns are aligned."""
        cells = [tuple(map(markdown_cell, row)) for row in (self.headers, *self.rows)]
        widths = [max(3, *(len(row[place]) for row in cells)) for place in range(len(self.headers))]
        lines = [self._line(row, widths) for row in cells]
        marks = ["-" * (width - 1) + (":" if place in self.numbers else "-")
                 for place, width in enumerate(widths)]  # fmt: skip
        return "\n".join([lines[0], f"| {' | '.join(marks)} |", *lines[1:]])

    def _line(self, row: tuple[str, ...], widths: list[int]) -> str:
        """Return one row of Markdown."""
        cells = [
            cell.rjust(width) if place in self.numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return f"| {' | '.join(cells)} |"

    def html(self) -> str:
        """Return the table as HTML."""
        head = "".join(f"<th>{escape(cell)}</th>" for cell in self.headers)
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


@dataclass(frozen=True)
class Section:
    """A heading with sentences, then tables."""

    heading: str
    sentences: tuple[str, ...]
    grids: tuple[Grid, ...] = ()

    def text(self, level: int = 2) -> str:
        """Return the section as Markdown with a heading of a level."""
        parts = [f"{'#' * level} {self.heading}"]
        if self.sentences:
            parts.append("\n".join(f"- {sentence}" for sentence in self.sentences))
        return "\n\n".join([*parts, *(grid.text() for grid in self.grids)])

    def html(self) -> str:
        """Return the section as HTML."""
        points = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.sentences)
        grids = "".join(grid.html() for grid in self.grids)
        return f"<h3>{escape(self.heading)}</h3><ul>{points}</ul>{grids}"
