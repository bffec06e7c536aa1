"""Taking values out of a parent: the paths that a child lists under ``remove``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deftrade.errors import Fault
from deftrade.scenario.values import describe
from deftrade.scenario.yaml.nodes import Entry, Node
from deftrade.scenario.yaml.places import dotted

REMOVE = "remove"
"""Key beside ``extends`` that lists what is taken out."""
MAX_REMOVED = 1000
_PART = re.compile(r"'([^']+)'|([^.'\[\]]+)")
_LIST = "a list of paths belongs here, such as [policy.states.Noor.offset_rate]"


def without(parent: Node, remove: Entry | None) -> tuple[Node, list[Fault]]:
    """Return a parent's tree without the paths that a child takes out, and what is wrong with them."""
    if remove is None:
        return parent, []
    given = remove.node
    if not isinstance(given.content, list) or not given.content or len(given.content) > MAX_REMOVED:
        return parent, [given.place.fault(_LIST, path=(REMOVE,), found=describe(given.content))]
    faults: list[Fault] = []
    for index, item in enumerate(given.content):
        parts = _parts(item.content)
        fault = _unknown(parent, item, parts, index)
        if fault:
            faults.append(fault)
        else:
            parent = _cut(parent, parts)
    return parent, faults


def _parts(text: object) -> tuple[str, ...]:
    """Return the keys of a dotted path, names with dots in quotes; none if it is no path."""
    if not isinstance(text, str):
        return ()
    found = list(_PART.finditer(text))
    parts = tuple(match[1] or match[2].strip() for match in found)
    spelt = ".".join(match[0] for match in found)
    return parts if spelt == text and all(parts) else ()


def _unknown(parent: Node, item: Node, parts: tuple[str, ...], index: int) -> Fault | None:
    """Return the fault of a path at which nothing stands."""
    path = (REMOVE, index)
    if not parts:
        problem = "this is no path to a key, such as policy.states.Noor.offset_rate"
        return item.place.fault(problem, path=path, found=describe(item.content))
    node = parent
    for depth, part in enumerate(parts):
        if isinstance(node.content, list):
            problem = f"{dotted(parts[:depth])} is a list; it is taken out or given anew as a whole"
            return item.place.fault(problem, path=path, found=str(item.content))
        entry = node.entries.get(part)
        if entry is None:
            where = f"{dotted(parts[:depth])} of the parent" if depth else "the parent"
            problem = f"{where} has nothing of this name to take out"
            return item.place.fault(problem, path=path, found=part, allowed=_keys(node))
        node = entry.node
    return None


def _keys(node: Node) -> Iterator[str]:
    """Yield the keys of a mapping."""
    yield from node.entries


def _cut(node: Node, parts: tuple[str, ...]) -> Node:
    """Return a tree without a path that it has, nor headings that have nothing left."""
    first, *rest = parts
    if not rest:
        return node.without(first)
    entry = node.entries[first]
    below = _cut(entry.node, tuple(rest))
    return node.having(first, Entry(entry.place, below)) if below.entries else node.without(first)
