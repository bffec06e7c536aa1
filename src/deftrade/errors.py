"""The small tree of errors, and how faults in a user's files are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_WIDTH = 100
_FOUND_WIDTH = 60
_SHOWN_FAULTS = 200


class DeftradeError(Exception):
    """Base of every error that deftrade raises on purpose."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a user's file, with its place and what would be right.

    Parameters
    ----------
    file : str
        File name as the user would write it.
    line, column : int
        Place, counted from 1; line 0 means the file as a whole.
    path : str
        Dotted path of the key, such as ``policy.states.Noor.offset_rate``; may be empty.
    problem : str
        What is wrong, in plain words.
    found, allowed, nearest : str
        What stands there, what may stand there, and the likeliest intended name.
    source : str
        The line of the file.
    """

    file: str
    line: int
    column: int
    path: str
    problem: str
    found: str = ""
    allowed: str = ""
    nearest: str = ""
    source: str = ""

    @property
    def place(self) -> str:
        """The place as ``file:line:column``, or the file alone."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        where = f"{_visible(self.path)}: " if self.path else ""
        parts = [f"{_visible(self.place)}: {where}{_visible(self.problem)}"]
        if self.source.strip():
            parts += _pointer(self.source, self.column)
        hints = self._hints()
        return "\n    ".join([*parts, hints] if hints else parts)

    def _hints(self) -> str:
        """Return the line that names what was found, what is allowed and what may be meant."""
        hints = []
        if self.found:
            hints.append(f"found {_cut(_visible(self.found), _FOUND_WIDTH)}")
        if self.allowed:
            hints.append(f"allowed: {_visible(self.allowed)}")
        if self.nearest:
            hints.append(f"did you mean {_visible(self.nearest)}?")
        return "; ".join(hints)

    def _order(self) -> tuple[str, int, int, str, str]:
        """Return the key that sorts faults by file and place."""
        return self.file, self.line, self.column, self.path, self.problem


class ScenarioError(DeftradeError):
    """A scenario and the tables beside it have faults; all of them are reported at once.

    Parameters
    ----------
    faults : iterable of Fault
        The faults; kept without repeats, sorted by file, line and column.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults), key=Fault._order))
        super().__init__(self.faults)

    def __str__(self) -> str:
        files = sorted({fault.file for fault in self.faults})
        count = len(self.faults)
        where = _visible(files[0]) if len(files) == 1 else f"{len(files)} files"
        lines = [f"{count} {'problem' if count == 1 else 'problems'} in {where}"]
        lines += [str(fault) for fault in self.faults[:_SHOWN_FAULTS]]
        if count > _SHOWN_FAULTS:
            lines.append(f"… and {count - _SHOWN_FAULTS} more")
        return "\n".join(lines)


class UndeclaredAccessError(DeftradeError):
    """A phase reads or writes a column that it did not declare."""


class LawBrokenError(DeftradeError):
    """An accounting or physical law of the model does not hold."""


class NotFiniteError(DeftradeError):
    """Values that are each within bounds are together more than a formula bears: no number comes out."""


class OutputError(DeftradeError):
    """A folder for results cannot be used as the user asked."""


class ExperimentError(DeftradeError):
    """An experiment is asked for that cannot be made: a fault of the request, not of a run."""


class StateFileError(DeftradeError):
    """A saved state is damaged or belongs to something else."""


class ExplanationError(DeftradeError):
    """What was asked for cannot be explained: no such thing, another run, or no exact replay."""


def _visible(text: str) -> str:
    """Return text with line breaks and control characters spelt out."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def _cut(text: str, width: int) -> str:
    """Return text of at most ``width`` characters."""
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _pointer(source: str, column: int) -> list[str]:
    """Return a line without its indentation, and a mark under the column.

    A long line is shown from a little before the column.
    """
    indent = len(source) - len(source.lstrip())
    at = max(column - 1 - indent, 0)
    start = indent if at < _WIDTH - 20 else indent + at - _WIDTH // 2
    at -= start - indent
    window = source[start : start + _WIDTH].rstrip()
    shown = "".join(character if character.isprintable() else " " for character in window)
    before = "…" if start > indent else ""
    after = "…" if source[start + _WIDTH :].strip() else ""
    return [f"{before}{shown}{after}", " " * (at + len(before)) + "^"]
