"""An explanation: sentences and tables for people, plain data for machines."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from deftrade.errors import ExplanationError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from deftrade.explanations.lineage import Lineage


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
        cells = (self.headers, *self.rows)
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


@dataclass(frozen=True)
class Explanation:
    """Why something happened.

    Parameters
    ----------
    title : str
        What is explained, in one sentence.
    sections : tuple of Section
        The explanation for people.
    data : dict
        The same for machines: plain numbers, words, lists and mappings.
    lineage : Lineage or None
        The chains to an indicator's difference between two runs, where that was asked for.
    """

    title: str
    sections: tuple[Section, ...]
    data: dict[str, Any] = field(default_factory=dict)
    lineage: Lineage | None = field(default=None, repr=False, compare=False)

    def __str__(self) -> str:
        return self.text()

    def text(self, level: int = 1) -> str:
        """Return the explanation as Markdown, its title a heading of a level."""
        told = [section.text(level + 1) for section in self.sections]
        return "\n\n".join([f"{'#' * level} {self.title}", *told])

    def _repr_html_(self) -> str:
        return f"<h2>{escape(self.title)}</h2>{''.join(section.html() for section in self.sections)}"

    def plot(self) -> Figure:
        """Return the chains from policy to an indicator's difference between two runs as a figure.

        Raises
        ------
        ExplanationError
            No indicator was traced: it explains something else, or none was named.
        """
        if self.lineage is None:
            raise ExplanationError(
                "a figure shows the chains to an indicator: explain_between(a, b, indicator) has one"
            )
        from deftrade.explanations.drawing import chains

        return chains(self.lineage, self.title)

    def to_dict(self) -> dict[str, Any]:
        """Return title, data and the sentences by heading as plain data for JSON."""
        told = {section.heading: list(section.sentences) for section in self.sections}
        return {"title": self.title, **self.data, "told": told}
