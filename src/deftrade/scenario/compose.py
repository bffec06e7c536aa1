"""Compose a scenario from its parents and its policy modules.

``extends`` names one parent, relative to the file, and so on along a chain. ``policy.include``
lists modules: files that hold what stands under ``policy:``. The rules:

- Mappings merge key by key, the child over the parent. Lists and plain values are replaced whole,
  ``events`` too: a child that has ``events`` drops its parent's, one without keeps them.
- A dated value such as ``{2027: 30%, 2030: 40%}`` counts as one value and is replaced whole.
- Nothing over a value that is inherited is a fault: a blank, null or empty mapping would leave the
  value standing unseen. ``remove`` beside ``extends`` lists the paths that are taken out of the
  parent first; ``[]`` stands for an empty list.
- A file's own ``policy`` overrides the modules it includes, and both override its parent. Two
  modules of one file must not set the same value.
- Every value keeps its place, so faults name the file that it came from.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deftrade.core.tables import POLICY
from deftrade.errors import Fault, ScenarioError
from deftrade.scenario.overlay import Overlay
from deftrade.scenario.removing import REMOVE, without
from deftrade.scenario.values import describe, is_date
from deftrade.scenario.yaml.files import Source
from deftrade.scenario.yaml.nodes import Entry, Node, unfold
from deftrade.scenario.yaml.places import KeyPath, Places, Position, dotted
from deftrade.scenario.yaml.text import Document, scan

MAX_CHAIN = 16
MAX_MODULES = 64
MODULE_KEYS = set(POLICY)
"""What a policy module may hold."""
_TELLING = ("deftrade", "price_year", "extends", "world", "policy", *POLICY)
"""Keys by which a file is known for a scenario or a module, whatever its faults."""
_NOTHING = "nothing stands here, over what {} gives; leave the line out to keep that"


@dataclass(frozen=True)
class InputFile:
    """A file that a scenario was read from.

    Parameters
    ----------
    path : Path
        Where it was read.
    file : str
        Its name in messages.
    sha256 : str
        Hash of its bytes; empty for one that Python gives as plain data.
    """

    path: Path
    file: str
    sha256: str


@dataclass(frozen=True)
class Composed:
    """A scenario with its parents and modules merged in.

    Parameters
    ----------
    data : dict
        Plain data, without ``extends`` and ``policy.include``.
    places : Places
        Where every key and value stands, whichever file it came from.
    inputs : tuple of InputFile
        The files read, the scenario first, then its modules, then its parents likewise.
    """

    data: dict[str, Any]
    places: Places
    inputs: tuple[InputFile, ...]

    def beside(self, path: KeyPath, name: str) -> Path:
        """Return the file that the value at ``path`` names, relative to the file it stands in."""
        file = self.places.values[path].file
        return next(given.path.parent / name for given in self.inputs if given.file == file)


def is_module(path: Path) -> bool:
    """Return whether a file is a policy module by itself: it holds levers and nothing else.

    One that has them under ``policy:`` is meant as a module too, and told so when it is read.
    """
    document, _ = scan(path)
    keys = document.root.entries.keys() if document else set()
    return bool(keys) and (keys <= MODULE_KEYS or keys == {"policy"})


def resolve(path: Path | Document, modules: Sequence[Path] = (), over: Sequence[Overlay] = ()) -> Composed:
    """Read a scenario, its parents and its modules, and merge them.

    Parameters
    ----------
    path : Path or Document
        Scenario file; or one that Python gives as plain data.
    modules : sequence of Path
        Policy modules to lay over it, as a child that extends it and includes them would.
    over : sequence of Overlay
        Single values to lay over all of it.

    Raises
    ------
    ScenarioError
        With the faults of all files that could be reached.
    """
    composer = _Composer()
    layers = [*composer.above(modules), *composer.chain(path)]
    if composer.faults or not layers:
        raise ScenarioError(composer.faults)
    merged = layers[-1]
    for layer in reversed(layers[:-1]):
        merged, faults = without(merged, layer.entries.get(REMOVE))
        own = layer.without(REMOVE)
        composer.faults += [*faults, *_price_years(own, merged), *_silences(own, merged)]
        merged = _merge(own, merged)
    if composer.faults:
        raise ScenarioError(composer.faults)
    for each in over:
        merged = each.lay(merged, _merge)
    data, places = unfold(merged)
    return Composed(data, places, tuple(composer.inputs.values()))


@dataclass
class _Composer:
    """Reads the files of a scenario and collects their faults.

    Parameters
    ----------
    faults : list of Fault
        What is wrong in any of them.
    inputs : dict of str to InputFile
        The files read, by their names in messages.
    """

    faults: list[Fault] = field(default_factory=list)
    inputs: dict[str, InputFile] = field(default_factory=dict)

    def chain(self, first: Path | Document) -> list[Node]:
        """Return one layer a file, the scenario first; it ends early after a fault."""
        layers: list[Node] = []
        files: dict[str, str] = {}
        named: Position | None = None
        given = first if isinstance(first, Document) else None
        following: Path | None = first.source.path if isinstance(first, Document) else first
        while following is not None and self._may_extend(following, named, files):
            document = self._note(given) if given else self._read(following, named)
            given = None
            if document is None:
                break
            files[os.path.realpath(following)] = document.source.file
            layers.append(self._layer(document))
            named, following = self._parent(document)
        return layers

    def above(self, modules: Sequence[Path]) -> list[Node]:
        """Return the layer of modules that no file includes, if there are any."""
        merged: Node | None = None
        for path in modules:
            document = self._read(path, None)
            if document is None:
                continue
            self.faults += _module_faults(document)
            merged = self._join(merged, document.root, ("policy",)) if merged else document.root
        return [] if merged is None else [Node(merged.place, {"policy": Entry(merged.place, merged)})]

    def _may_extend(self, path: Path, named: Position | None, files: dict[str, str]) -> bool:
        """Return whether a parent may be read, noting a circular or overlong chain."""
        if named is None or "\0" in str(path):
            return True
        true_path = os.path.realpath(path)
        names = list(files.values())
        if true_path in files:
            cycle = [*names[list(files).index(true_path) :], files[true_path]]
            problem = f"the scenarios extend each other in a circle: {' → '.join(cycle)}"
        elif len(files) >= MAX_CHAIN:
            problem = f"more than {MAX_CHAIN} scenarios extend each other"
        else:
            return True
        self.faults.append(named.fault(problem, path=("extends",)))
        return False

    def _read(self, path: Path, named: Position | None) -> Document | None:
        """Return a document, noting its faults and hash."""
        document, faults = scan(path, named, _TELLING)
        self.faults += faults
        return self._note(document) if document else None

    def _note(self, document: Document) -> Document:
        """Note where a document comes from, and return it."""
        source = document.source
        self.inputs[source.file] = InputFile(source.path, source.file, source.sha256)
        return document

    def _layer(self, document: Document) -> Node:
        """Return a file's content, its modules merged beneath its own policy."""
        root = document.root.without("extends")
        if REMOVE in root.entries and "extends" not in document.root.entries:
            problem = "nothing is inherited here that could be taken out; this belongs beside extends:"
            self.faults.append(root.entries[REMOVE].place.fault(problem, path=(REMOVE,)))
        policy = root.entries.get("policy")
        include = policy.node.entries.get("include") if policy else None
        if policy is None or include is None:
            return root
        modules = self._modules(include.node, document)
        own = policy.node.without("include")
        if modules:
            self.faults += _silences(own, modules, ("policy",)) if own.entries else ()
            own = _merge(own, modules)
        merged = own if own.entries else Node(policy.place, {}, said=False)
        return root.having("policy", Entry(policy.place, merged))

    def _parent(self, document: Document) -> tuple[Position | None, Path | None]:
        """Return where a file names its parent, and the parent."""
        entry = document.root.entries.get("extends")
        if entry is None or entry.node.content is None:
            return None, None
        name = self._file_name(entry.node, ("extends",))
        return entry.node.place, None if name is None else document.source.path.parent / name

    def _file_name(self, node: Node, path: KeyPath) -> str | None:
        """Return a node as the name of a file, noting if it is none."""
        if isinstance(node.content, str) and node.content:
            return node.content
        problem = "this must be the name of one file, relative to this file"
        found = describe(node.content)
        self.faults.append(node.place.fault(problem, path=path, found=found))
        return None

    def _modules(self, include: Node, document: Document) -> Node | None:
        """Return the modules that a file includes, merged."""
        path: KeyPath = ("policy", "include")
        if include.content is None:
            return None
        if not isinstance(include.content, list) or len(include.content) > MAX_MODULES:
            problem = f"this must be a list of at most {MAX_MODULES} files, such as [offsets.yaml]"
            found = describe(include.content) if not isinstance(include.content, list) else ""
            self.faults.append(include.place.fault(problem, path=path, found=found))
            return None
        merged: Node | None = None
        seen: set[str] = set()
        for index, item in enumerate(include.content):
            module = self._module(item, (*path, index), document.source, seen)
            if module and merged:
                merged = self._join(merged, module, ("policy",))
            merged = merged or module
        return merged

    def _module(self, item: Node, path: KeyPath, source: Source, seen: set[str]) -> Node | None:
        """Return the content of one module."""
        name = self._file_name(item, path)
        if name is None:
            return None
        where = source.path.parent / name
        true_path = "" if "\0" in name else os.path.realpath(where)
        if true_path in seen:
            self.faults.append(item.place.fault("this module is included twice", path=path, found=name))
            return None
        seen.add(true_path)
        document = self._read(where, item.place)
        if document is None:
            return None
        self.faults += _module_faults(document)
        return document.root

    def _join(self, first: Node, second: Node, path: KeyPath) -> Node:
        """Return two modules merged; a value that both set is a fault."""
        if _is_empty_heading(first, second) or _is_empty_heading(second, first):
            return second if first.content is None else first
        if not (_merges(first) and _merges(second)):
            problem = f"two included modules set this; the other stands at {first.place}"
            self.faults.append(second.place.fault(problem, path=path))
            return first
        entries = dict(first.entries)
        for key, entry in second.entries.items():
            mine = entries.get(key)
            if mine is None:
                entries[key] = entry
            else:
                entries[key] = Entry(mine.place, self._join(mine.node, entry.node, (*path, key)))
        return Node(first.place, entries)


def _module_faults(document: Document) -> Iterable[Fault]:
    """Yield what a policy module must not hold."""
    reasons = {
        "include": "a module cannot include others; list them in the scenario",
        "extends": "a module cannot extend another; list both in the scenario's policy.include",
        REMOVE: "a module takes nothing out; list it beside the scenario's extends:",
        "policy": "a module holds what stands under policy:; leave this heading out",
    }
    for key, problem in reasons.items():
        if key in document.root.entries:
            yield document.root.entries[key].place.fault(problem, path=(key,))


def _merges(node: Node) -> bool:
    """Return whether a node is a mapping that is no dated value."""
    entries = node.entries
    if not isinstance(node.content, dict):
        return False
    return not entries or not all(is_date(key) for key in entries)


def _is_empty_heading(node: Node, other: Node) -> bool:
    """Return whether a node has nothing under it where ``other`` has a mapping or nothing."""
    return node.content is None and (other.content is None or _merges(other))


def _merge(child: Node, parent: Node) -> Node:
    """Return a child's tree laid over its parent's."""
    if not (_merges(child) and _merges(parent)):
        return child
    entries = dict(parent.entries)
    for key, entry in child.entries.items():
        theirs = entries.get(key)
        node = _merge(entry.node, theirs.node) if theirs else entry.node
        entries[key] = Entry(entry.place, node)
    return Node(child.place, entries)


def _silences(child: Node, parent: Node, path: KeyPath = ()) -> Iterator[Fault]:
    """Yield the blanks, nulls and empty mappings of a child over something of its parent's."""
    for key, entry in child.entries.items():
        theirs = parent.entries.get(key)
        if theirs is None or theirs.node.content in (None, {}, []):
            continue
        below = (*path, key)
        if entry.node.content in (None, {}) and entry.node.said:
            problem = _NOTHING.format(theirs.place)
            taken = f"remove: [{dotted(below)}] beside extends takes it out"
            yield entry.place.fault(problem, path=below, found=describe(entry.node.content), allowed=taken)
        elif _merges(entry.node) and _merges(theirs.node):
            yield from _silences(entry.node, theirs.node, below)


def _price_years(child: Node, parent: Node) -> Iterable[Fault]:
    """Yield the fault of a child that states another price year than its parent."""
    mine, theirs = child.entries.get("price_year"), parent.entries.get("price_year")
    if mine and theirs and mine.node.content not in (None, theirs.node.content):
        problem = f"the parent has another price year, at {theirs.node.place}"
        found, allowed = describe(mine.node.content), describe(theirs.node.content)
        yield mine.node.place.fault(problem, path=("price_year",), found=found, allowed=allowed)
