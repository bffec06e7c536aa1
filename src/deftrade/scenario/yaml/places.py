"""Places in users' files: positions, and the index from a key's path to its position."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from deftrade.errors import Fault
from deftrade.scenario.yaml.nearest import listing
from deftrade.scenario.yaml.nearest import nearest as nearest_name

KeyPath = tuple[str | int, ...]
"""Path of a value: keys are text, places in a list are whole numbers."""

_PLAIN_KEY = re.compile(r"[\w-]+")


def dotted(path: KeyPath) -> str:
    """Return a path as people write it, such as ``events[0].embargo.from``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            key = part if _PLAIN_KEY.fullmatch(part) else f"'{part}'"
            text += f".{key}" if text else key
    return text


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file.

    Parameters
    ----------
    file : str
        File name as the user would write it.
    line, column : int
        Counted from 1; line 0 means the file as a whole.
    source : str
        The line itself.
    is_strange : bool
        Whether the file is none of ours, so that nothing of what it holds is told.
    """

    file: str
    line: int
    column: int
    source: str = field(default="", repr=False, compare=False)
    is_strange: bool = field(default=False, repr=False, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def fault(
        self,
        problem: str,
        *,
        path: KeyPath = (),
        found: str = "",
        allowed: str | Iterable[str] = "",
        nearest: str = "",
    ) -> Fault:
        """Return a fault at this place.

        A list of allowed names is cut to a readable length, and the name nearest to ``found`` is
        looked up in it.
        """
        if not isinstance(allowed, str):
            names = list(allowed)
            nearest = nearest or nearest_name(found, names)
            allowed = listing(names, "" if self.is_strange else found)
        if self.is_strange:
            return Fault(self.file, self.line, self.column, "", problem, allowed=allowed)
        return Fault(
            file=self.file,
            line=self.line,
            column=self.column,
            path=dotted(path),
            problem=problem,
            found=found,
            allowed=allowed,
            nearest=nearest,
            source=self.source,
        )


@dataclass(frozen=True)
class Places:
    """Where every key and every value of a scenario stands.

    Parameters
    ----------
    keys, values : dict of path to Position
        The empty path is the file itself and has a value position only.
    """

    keys: dict[KeyPath, Position]
    values: dict[KeyPath, Position]

    def at(self, path: KeyPath, *, key: bool = False) -> Position:
        """Return the position of the value at ``path``, or of its key.

        A path that the files do not hold (a missing key) gives the key of its nearest ancestor.
        """
        exact = self.keys.get(path) if key else None
        exact = exact or self.values.get(path)
        if exact:
            return exact
        for length in range(len(path) - 1, 0, -1):
            parent = path[:length]
            found = self.keys.get(parent) or self.values.get(parent)
            if found:
                return found
        return self.values[()]

    def fault(
        self,
        path: KeyPath,
        problem: str,
        *,
        key: bool = False,
        found: str = "",
        allowed: str | Iterable[str] = "",
        nearest: str = "",
    ) -> Fault:
        """Return a fault at the value of ``path``, or at its key."""
        place = self.at(path, key=key)
        return place.fault(problem, path=path, found=found, allowed=allowed, nearest=nearest)
