"""Read a YAML file into plain data that knows where everything stands."""

from __future__ import annotations

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


def read(path: Path, reference: Position | None = None) -> Document:
    """Read a YAML file.

    Parameters
    ----------
    path : Path
        File to read.
    reference : Position, optional
        Where another file names this one.

    Raises
    ------
    ScenarioError
        With every fault found; a syntax error hides what follows it.
    """
    document, faults = scan(path, reference)
    if faults or document is None:
        raise ScenarioError(faults)
    return document


def scan(path: Path, reference: Position | None = None) -> tuple[Document | None, list[Fault]]:
    """Return what could be read of a YAML file and all its faults, raising nothing.

    There is no document if the file cannot be read, is not YAML or is no mapping.
    """
    try:
        source = load(path, MAX_BYTES, _ADVICE, reference)
    except ScenarioError as error:
        return None, list(error.faults)
    root, faults = build(source)
    return (Document(source, root) if root else None), faults
