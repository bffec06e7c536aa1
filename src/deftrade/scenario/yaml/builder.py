"""From YAML events to a tree of nodes, within bounds.

Depth and size are counted on the event stream, before anything is built from it: PyYAML's own
composers overrun the stack on deep nesting, and a few aliases can stand for billions of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from deftrade.errors import Fault, ScenarioError
from deftrade.scenario.yaml.characters import composed
from deftrade.scenario.yaml.files import Source
from deftrade.scenario.yaml.nodes import Entry, Node, Scalar
from deftrade.scenario.yaml.places import KeyPath, Position
from deftrade.scenario.yaml.scalars import resolve_scalar
from deftrade.scenario.yaml.syntax import explain

MAX_DEPTH = 64
MAX_VALUES = 250_000

# libyaml's parser where it is compiled in: the Python one is many times slower.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")  # PyYAML's Python parser lets them through
_STANDARD_TAG = "tag:yaml.org,2002:"
_MERGE = "merge keys (<<) are not used; write extends: or policy.include, or repeat the values"
_SPLIT = "a comma in braces ends a value, so it split this number; write 2000 km or 2 000 km"
_REST = re.compile(r"[0-9]{3}(?:[^0-9].*)?")
_TAG = "tags are not used in scenarios; put text that begins with ! in quotes"


def build(source: Source) -> tuple[Node | None, list[Fault]]:
    """Return the tree of a YAML file and its faults.

    There is no tree if the file is not YAML, goes beyond the bounds or is no mapping.
    """
    # YAML's directives serve tags only, and the parser's time grows with their number squared.
    for line, text in enumerate(source.lines, start=1):
        if text.startswith("%"):
            return None, [source.at(line, 1).fault("a line cannot begin with %; indent it")]
    builder = _Builder(source)
    try:
        return builder.document(), builder.faults
    except ScenarioError as error:
        return None, [*builder.faults, *error.faults]


class _Builder:
    """Reads events, remembers anchors and collects faults.

    Parameters
    ----------
    source : Source
        The file.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self._events: Iterator[Any] = yaml.parse(source.text, Loader=_PARSER)
        self._anchors: dict[str, Node] = {}
        self._open: set[str] = set()
        self._values = 0

    def document(self) -> Node:
        """Return the tree of the only document; raise the fault that ends the reading."""
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise ScenarioError([self.source.at(1, 1).fault("the file is empty")])
        root = self._node(self._next(), (), 1)
        self._next()
        after = self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            self._blame(self._place(after), "a second document begins here; a file holds one")
        if root.content is None:
            raise ScenarioError([root.place.fault("the file is empty")])
        if not isinstance(root.content, dict):
            problem = "a file must hold keys with values, such as title: My scenario"
            found = "a list" if isinstance(root.content, list) else str(root.content)
            raise ScenarioError([root.place.fault(problem, found=found)])
        return root

    def _next(self) -> Any:
        """Return the next event; what is not YAML ends the reading."""
        try:
            return next(self._events)
        except yaml.YAMLError as error:
            raise ScenarioError([explain(error, self.source)]) from error
        except ValueError as error:  # PyYAML's Python parser does not check every escape
            problem = f"this is not YAML: {error}"
            raise ScenarioError([self.source.at(1, 1).fault(problem)]) from error

    def _place(self, event: Any) -> Position:
        """Return where an event begins."""
        return self.source.at(event.start_mark.line + 1, event.start_mark.column + 1)

    def _blame(self, place: Position, problem: str, path: KeyPath = (), found: str = "") -> None:
        """Note a fault; reading goes on, so that all faults are told at once."""
        self.faults.append(place.fault(problem, path=path, found=found))

    def _spend(self, count: int, depth: int, place: Position, path: KeyPath, who: str) -> None:
        """Count values and levels; beyond the bounds the reading ends."""
        self._values += count
        if depth > MAX_DEPTH:
            problem = f"{who} nests deeper than {MAX_DEPTH} levels"
        elif self._values > MAX_VALUES:
            problem = f"{who} expands to more than {MAX_VALUES:,} keys and values"
            problem += "; keep large tables in CSV files"
        else:
            return
        raise ScenarioError([place.fault(problem, path=path[:4])])

    def _node(self, event: Any, path: KeyPath, depth: int) -> Node:
        """Return the tree that begins with an event; a collection would stand at ``depth``."""
        place = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event.anchor, place, path, depth)
        if event.tag is not None:
            tag = event.tag.replace(_STANDARD_TAG, "!!")
            self._blame(place, _TAG, path, tag)
        if event.anchor is None:
            return self._content(event, place, path, depth)
        self._open.add(event.anchor)
        node = self._content(event, place, path, depth)
        self._open.discard(event.anchor)
        self._anchors[event.anchor] = node
        return node

    def _alias(self, name: str | None, place: Position, path: KeyPath, depth: int) -> Node:
        """Return the anchored tree at the alias's own place."""
        target = self._anchors.get(name or "")
        if name in self._open or target is None:
            problem = (
                "this alias stands inside what it repeats"
                if name in self._open
                else "no anchor of this name comes before; put text that begins with * in quotes"
            )
            self._blame(place, problem, path, f"*{name}")
            return Node(place, None)
        who = f"with the alias *{name} the file"
        self._spend(target.size, depth + target.height - 1, place, path, who)
        return Node(place, target.content, target.size, target.height)

    def _content(self, event: Any, place: Position, path: KeyPath, depth: int) -> Node:
        """Return a scalar, list or mapping."""
        if isinstance(event, yaml.ScalarEvent):
            self._spend(1, 0, place, path, "the file")
            return Node(place, self._scalar(event, place, path))
        self._spend(1, depth, place, path, "the file")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(place, path, depth)
        return self._mapping(place, path, depth)

    def _scalar(self, event: Any, place: Position, path: KeyPath) -> Scalar:
        """Return the value of a scalar; quoted ones and text blocks are text."""
        text = composed(event.value)
        if _HALF_CHARACTER.search(text):
            self._blame(place, "a \\u escape stands for half a character", path)
        if event.style:
            return text
        try:
            return resolve_scalar(text)
        except OverflowError as error:
            self._blame(place, str(error), path, text)
            return None

    def _list(self, place: Position, path: KeyPath, depth: int) -> Node:
        """Return the list whose first item comes next."""
        items: list[Node] = []
        event = self._next()
        while not isinstance(event, yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items)), depth + 1))
            event = self._next()
        return _collection(place, items, items)

    def _mapping(self, place: Position, path: KeyPath, depth: int) -> Node:
        """Return the mapping whose first key comes next; of two equal keys the first counts."""
        entries: dict[str, Entry] = {}
        event = self._next()
        while not isinstance(event, yaml.MappingEndEvent):
            at = self._place(event)
            key = self._key(event, path, depth)
            below = path if key is None else (*path, key)
            node = self._node(self._next(), below, depth + 1)
            if _is_split(entries, key, node):
                self._blame(at, _SPLIT, below, key or "")
            elif key in entries:
                first = entries[key].place
                problem = f"this key is given twice; first at line {first.line}, column {first.column}"
                self._blame(at, problem, below)
            elif key is not None:
                entries[key] = Entry(at, node)
            event = self._next()
        return _collection(place, entries, [entry.node for entry in entries.values()])

    def _key(self, event: Any, path: KeyPath, depth: int) -> str | None:
        """Return a key as text, or None after noting what is wrong with it."""
        place = self._place(event)
        node = self._node(event, path, depth + 1)
        plain = isinstance(event, yaml.ScalarEvent)
        if not plain or not event.value:
            problem = "a key must be a word" if not plain else "a key is missing before the colon"
            self._blame(place, problem, path)
            return None
        if event.value == "<<" and not event.style:
            self._blame(node.place, _MERGE, path)
            return None
        return composed(event.value)


def _is_split(entries: dict[str, Entry], key: str | None, node: Node) -> bool:
    """Return whether a key without a value is the rest of a number that a comma in braces split."""
    if not entries or node.content is not None or not _REST.fullmatch(key or ""):
        return False
    return str(next(reversed(entries.values())).node.content)[-1:].isdecimal()


def _collection(place: Position, content: dict[str, Entry] | list[Node], children: list[Node]) -> Node:
    """Return a list or mapping with its size and height."""
    keys = len(children) if isinstance(content, dict) else 0
    size = 1 + keys + sum(child.size for child in children)
    height = 1 + max((child.height for child in children), default=0)
    return Node(place, content, size, height)
