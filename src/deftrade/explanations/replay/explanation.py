"""An explanation: sentences and tables for people, plain data for machines."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from deftrade.errors import ExplanationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from deftrade.explanations.replay.sections import Section


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
    drawing : callable or None
        Draws the chains to an indicator's difference between two runs, where that was asked for.
    """

    title: str
    sections: tuple[Section, ...]
    data: dict[str, Any] = field(default_factory=dict)
    drawing: Callable[[], Figure] | None = field(default=None, repr=False, compare=False)

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
        if self.drawing is None:
            raise ExplanationError(
                "a figure shows the chains to an indicator: explain_between(a, b, indicator) has one"
            )
        return self.drawing()

    def to_dict(self) -> dict[str, Any]:
        """Return title, data and the sentences by heading as plain data for JSON."""
        told = {section.heading: list(section.sentences) for section in self.sections}
        return {"title": self.title, **self.data, "told": told}
