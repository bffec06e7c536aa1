"""Single values laid over a scenario, and whole scenarios, as Python or the command line give them.

They become nodes like those of a file, so that the same checks hold for them; their place is what
the user wrote.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from deftrade.errors import ScenarioError
from deftrade.scenario.values import describe
from deftrade.scenario.yaml.builder import MAX_DEPTH, build
from deftrade.scenario.yaml.characters import composed
from deftrade.scenario.yaml.files import Source
from deftrade.scenario.yaml.nodes import Entry, Node
from deftrade.scenario.yaml.places import KeyPath, Position
from deftrade.scenario.yaml.text import Document

Merge = Callable[[Node, Node], Node]
"""How a child's tree is laid over its parent's."""

DICTIONARY = "dictionary"
"""Name in messages of a scenario that Python gives as plain data."""

_EXAMPLE = "a path such as policy.states.Noor.offset_rate or world.states.Noor.gdp"
_PART = re.compile(r"""\[(?P<row>[^\[\]]*)\]|\.?(?:'(?P<one>[^']*)'|"(?P<two>[^"]*)"|(?P<plain>[^.\[\]]+))""")


@dataclass(frozen=True)
class Overlay:
    """A value to be laid over a scenario.

    Parameters
    ----------
    path : tuple
        Where it goes; rows of a list are found by number or by name.
    value : Node
        The value.
    """

    path: KeyPath
    value: Node

    def lay(self, root: Node, merge: Merge) -> Node:
        """Return a scenario's tree with the value in it.

        Raises
        ------
        ScenarioError
            The path leads nowhere.
        """
        return self._put(root, 0, merge)

    def _put(self, node: Node | None, depth: int, merge: Merge) -> Node:
        """Return a node with the value in it, below so many parts of the path."""
        if depth == len(self.path):
            return self.value if node is None else merge(self.value, node)
        part = self.path[depth]
        if node is not None and isinstance(node.content, list):
            rows = list(node.content)
            row = self._row(rows, depth)
            rows[row] = self._put(rows[row], depth + 1, merge)
            return Node(node.place, rows)
        if node is not None and not isinstance(node.content, dict | None):
            raise self._fault("one value stands here, with nothing below it", depth, describe(node.content))
        if isinstance(part, int):
            raise self._fault("no list stands here", depth + 1)
        place = self.value.place
        entry = node.entries.get(part) if node else None
        below = self._put(entry.node if entry else None, depth + 1, merge)
        base = node if node and node.entries else Node(place, {})
        return base.having(part, Entry(entry.place if entry else place, below))

    def _row(self, rows: list[Node], depth: int) -> int:
        """Return which row of a list a part of the path means."""
        part = self.path[depth]
        if isinstance(part, int):
            if part < len(rows):
                return part
            raise self._fault(f"the list has {len(rows)} rows, counted from 0", depth + 1)
        names = [str(row.entries["name"].node.content) if "name" in row.entries else "" for row in rows]
        if part in names:
            return names.index(part)
        raise self._fault(
            "no row of this list has this name", depth + 1, part, [name for name in names if name]
        )

    def _fault(self, problem: str, depth: int, found: str = "", names: Iterable[str] = ()) -> ScenarioError:
        """Return the fault of a path at one of its parts."""
        allowed = list(names)
        place = self.value.place
        return ScenarioError(
            [place.fault(problem, path=self.path[:depth], found=found, allowed=allowed or "")]
        )


def overlay(path: str, value: Any) -> Overlay:
    """Return a value to be laid over a scenario.

    Parameters
    ----------
    path : str
        Dotted path; names with dots stand in quotes.
    value : object
        Text as files have it, a number, or a mapping or list of them.

    Raises
    ------
    ScenarioError
        There is no such path, or no file could hold the value.
    """
    shown = value if isinstance(value, str | int | float) else describe(value)
    place = Position(f"set {path}={shown}", 0, 0)
    parts = _parts(path, place)
    _refuse_nothing(value, place, parts)
    return Overlay(parts, node_of(value, place, parts))


def _refuse_nothing(value: Any, place: Position, path: KeyPath) -> None:
    """Refuse a blank or an empty mapping: over a value that stands there it would say nothing."""
    if value is None or (isinstance(value, str | Mapping) and not value):
        raise ScenarioError([place.fault("a value belongs here", path=path)])
    if isinstance(value, Mapping):
        for key, each in value.items():
            _refuse_nothing(each, place, (*path, str(key)))


def _parts(path: str, place: Position) -> KeyPath:
    """Return the parts of a dotted path."""
    parts: list[str | int] = []
    path, at = composed(path), 0
    while at < len(path):
        found = _PART.match(path, at)
        if found is None or (at == 0 and path[0] in ".["):
            raise ScenarioError([place.fault("this is no path", found=path, allowed=_EXAMPLE)])
        row = found["row"]
        word = next((found[name] for name in ("one", "two", "plain") if found[name] is not None), row)
        parts.append(int(word) if row is not None and word.isascii() and word.isdigit() else str(word))
        at = found.end()
    if not parts:
        raise ScenarioError([place.fault("a path is missing", allowed=_EXAMPLE)])
    return tuple(parts)


def read_setting(text: str) -> tuple[str, Any]:
    """Return path and value of a setting as the command line has it, ``path=value``.

    Raises
    ------
    ScenarioError
        It has no equals sign, or its value is not YAML.

    Examples
    --------
    >>> read_setting("policy.states.Noor.offset_rate={2027: 30%}")
    ('policy.states.Noor.offset_rate', {'2027': '30%'})
    """
    path, sign, value = text.partition("=")
    label = f"set {text}"
    if not sign:
        allowed = "PATH=VALUE, such as policy.states.Noor.offset_rate=30%"
        raise ScenarioError([Position(label, 0, 0).fault("a value is missing", allowed=allowed)])
    line = f"value: {value}"
    source = Source(Path(label), label, line, (line,), "")
    root, faults = build(source)
    if faults or root is None:
        raise ScenarioError(faults)
    return path.strip(), Document(source, root).data.get("value")


def document_of(data: Mapping[Any, Any]) -> Document:
    """Return a scenario given as plain data as if it were a file in the working directory.

    Raises
    ------
    ScenarioError
        It holds what no file could.
    """
    place = Position(DICTIONARY, 0, 0)
    return Document(Source(Path(DICTIONARY), DICTIONARY, "", (), ""), node_of(data, place))


def node_of(value: Any, place: Position, path: KeyPath = ()) -> Node:
    """Return plain data as a tree.

    Parameters
    ----------
    value : object
        Mappings, lists and plain values; NumPy's numbers and paths are plain values too.
    place : Position
        Where all of it stands.
    path : tuple
        Its path, for faults.

    Raises
    ------
    ScenarioError
        It holds what no file could.
    """
    if len(path) > MAX_DEPTH:
        raise ScenarioError([place.fault(f"this nests deeper than {MAX_DEPTH} levels", path=path[:4])])
    value = _plain(value)
    if isinstance(value, Mapping):
        return Node(
            place,
            {
                composed(str(key)): Entry(place, node_of(each, place, (*path, str(key))))
                for key, each in value.items()
            },
        )
    if isinstance(value, list | tuple | np.ndarray):
        return Node(place, [node_of(each, place, (*path, row)) for row, each in enumerate(value)])
    if isinstance(value, float) and not math.isfinite(value):
        raise ScenarioError([place.fault("this is no number", path=path, found=str(value))])
    if value is None or isinstance(value, str | int | float):
        return Node(place, value)
    problem = "text, a number, a list or a mapping belongs here"
    raise ScenarioError([place.fault(problem, path=path, found=type(value).__name__)])


def _plain(value: Any) -> Any:
    """Return a value as a file has it: NumPy's numbers, paths, and text whose marks are not composed."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    return composed(value) if isinstance(value, str) else value
