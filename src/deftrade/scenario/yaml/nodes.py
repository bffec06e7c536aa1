"""The tree between YAML and plain data: every value with its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deftrade.scenario.yaml.places import KeyPath, Places, Position

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A value under a key, and where the key stands."""

    place: Position
    node: Node


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands.

    Parameters
    ----------
    place : Position
        Where the value begins.
    content : dict, list or scalar
        Entries by key, nodes in order, or a plain value.
    size : int
        Values and keys that the node holds, itself included.
    height : int
        Levels of nesting at and below the node; a scalar has none.
    said : bool
        Whether the file holds it; a mapping left empty by what was taken from it says nothing.
    """

    place: Position
    content: dict[str, Entry] | list[Node] | Scalar
    size: int = 1
    height: int = 0
    said: bool = True

    @property
    def entries(self) -> dict[str, Entry]:
        """Entries of a mapping; none of anything else."""
        return self.content if isinstance(self.content, dict) else {}

    def without(self, key: str) -> Node:
        """Return a mapping without one of its keys."""
        entries = {name: entry for name, entry in self.entries.items() if name != key}
        return Node(self.place, entries, self.size, self.height)

    def having(self, key: str, entry: Entry) -> Node:
        """Return a mapping with one entry set; a key that it holds keeps its turn."""
        return Node(self.place, {**self.entries, key: entry}, self.size, self.height)


def unfold(root: Node) -> tuple[Any, Places]:
    """Return a tree as plain data, nothing shared, and the index of its places."""
    places = Places({}, {})
    return _unfold(root, (), places), places


def _unfold(node: Node, path: KeyPath, places: Places) -> Any:
    """Return one node as plain data and note its places."""
    places.values[path] = node.place
    if isinstance(node.content, dict):
        data = {}
        for key, entry in node.content.items():
            places.keys[*path, key] = entry.place
            data[key] = _unfold(entry.node, (*path, key), places)
        return data
    if isinstance(node.content, list):
        return [_unfold(item, (*path, index), places) for index, item in enumerate(node.content)]
    return node.content
