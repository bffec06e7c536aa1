"""Read a YAML file into plain data that knows where everything stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from deftrade.errors import Fault, ScenarioError
from deftrade.scenario.yaml.builder import build
from deftrade.scenario.yaml.files import Source, load
from deftrade.scenario.yaml.nodes import Node, unfold
from deftrade.scenario.yaml.places import Places, Position

MAX_BYTES = 10_000_000
_ADVICE = "keep large tables in CSV files"


@dataclass(frozen=True)
class Document:
    """A YAML file as plain data.

    Parameters
    ----------
    source : Source
        The file.
    root : Node
        Its content with places, for composing.
    """

    source: Source
    root: Node

    @property
    def data(self) -> dict[str, Any]:
        """The content as dictionaries, lists and plain values; nothing is shared."""
        return self._unfolded[0]

    @property
    def places(self) -> Places:
        """Where every key and value stands."""
        return self._unfolded[1]

    @cached_property
    def _unfolded(self) -> tuple[dict[str, Any], Places]:
        return unfold(self.root)


def read(path: Path, reference: Position | None = None, keys: Collection[str] = ()) -> Document:
    """Read a YAML file.

    Parameters
    ----------
    path : Path
        File to read.
    reference : Position, optional
        Where another file names this one.
    keys : collection of str
        What may stand at the left of such a file; of one with none of it nothing is told but places.

    Raises
    ------
    ScenarioError
        With every fault found; a syntax error hides what follows it.
    """
    document, faults = scan(path, reference, keys)
    if faults or document is None:
        raise ScenarioError(faults)
    return document


def scan(
    path: Path, reference: Position | None = None, keys: Collection[str] = ()
) -> tuple[Document | None, list[Fault]]:
    """Return what could be read of a YAML file and all its faults, raising nothing.

    There is no document if the file cannot be read, is not YAML or is no mapping.
    """
    try:
        source = load(path, MAX_BYTES, _ADVICE, reference, _told_by(keys) if keys else bool)
    except ScenarioError as error:
        return None, list(error.faults)
    root, faults = build(source)
    return (Document(source, root) if root else None), faults


def _told_by(keys: Collection[str]) -> Callable[[str], bool]:
    """Return what tells by its keys whether a text is one of ours; an empty one says nothing."""
    known = re.compile(
        rf"""^\ufeff?[{{'"]*({"|".join(map(re.escape, sorted(keys)))})['"]?\s*:""", re.MULTILINE
    )
    return lambda text: not text.strip() or known.search(text) is not None
