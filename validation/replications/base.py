"""What every replication hands back: numbers, a table, a verdict in words and a figure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, NamedTuple

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Table(NamedTuple):
    """Rows of text under a header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Return the table in Markdown; the first column is text, the others are numbers."""
        rule = ("---", *("---:" for _ in self.header[1:]))
        return "\n".join("| " + " | ".join(row) + " |" for row in (self.header, rule, *self.rows))


class Replication(ABC):
    """A published result beside what deftrade, or a laboratory form of it, gives."""

    title: ClassVar[str]
    """What is replicated."""
    claim: ClassVar[str]
    """What was published."""
    source: ClassVar[str]
    """Where, and how sure its numbers are."""
    method: ClassVar[str]
    """How it is replicated."""

    @abstractmethod
    def table(self) -> Table:
        """Return the numbers beside the published ones."""

    @abstractmethod
    def verdict(self) -> str:
        """Return in words what holds and what misses."""

    @abstractmethod
    def figure(self) -> Figure:
        """Return the figure."""


def holds(truth: bool) -> str:
    """Return the word for a check."""
    return "holds" if truth else "misses"
