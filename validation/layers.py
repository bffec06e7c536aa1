"""The rooms of the package from bottom to top, declared once, and what the source says of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "deftrade"


@dataclass(frozen=True)
class Room:
    """Modules that belong together.

    Parameters
    ----------
    name : str
        What it is called.
    parts : tuple of str
        Its folders and modules, as paths below the package; of several that fit the longest counts.
    holds : str
        What stands in it.
    """

    name: str
    parts: tuple[str, ...]
    holds: str


LAYERS: tuple[tuple[Room, ...], ...] = (
    (
        Room(
            "core",
            ("core", "arrays", "dates", "elementary", "errors"),
            "arrays, keyed draws, dates, parameters, columns and their gate, words for numbers, errors",
        ),
    ),
    (
        Room(
            "tables",
            ("core/tables", "tables"),
            "every column of the world with its unit, bounds and source",
        ),
    ),
    (
        Room(
            "world",
            (
                *(
                    "core/balances",
                    "core/crossings",
                    "core/finite",
                    "core/laws",
                    "core/phase",
                    "core/posting",
                ),
                *("core/residuals", "core/world"),
                *("phase",),
            ),
            "the world, what a phase may touch, payments, the laws",
        ),
    ),
    (Room("phases", ("phases",), "the model: a folder a phase, in `__init__` the year on one screen"),),
    (Room("opening", ("opening",), "how a world settles before its opening date"),),
    (Room("scenario", ("scenario",), "files to scenarios: YAML, tables, events, generated worlds, faults"),),
    (Room("files", ("files",), "whole or absent: writing, hashes, manifests, locks"),),
    (Room("results", ("results",), "what a run keeps: series, records, ledger, indicators"),),
    (Room("simulation", ("simulation",), "the loop: from a scenario to results"),),
    (
        Room("model", ("model",), "the same as a Mesa model"),
        Room("report", ("report",), "what is written of a run: tables, figures, a summary"),
    ),
    (
        Room(
            "experiments",
            ("experiments",),
            "many runs: batches, comparisons, sweeps, sensitivity, robustness, claims",
        ),
        Room("explanations", ("explanations",), "why: replays of a run, one thing in it, two runs"),
    ),
    (Room("provenance", ("provenance",), "what made a result, and whether it still is what it was"),),
    (Room("web", ("web",), "pages and the dashboard, to come"),),
    (Room("cli", ("cli",), "the command line, which calls the Python functions"),),
)
"""A room imports from lower layers alone: not from above, and not from its neighbours in a layer."""

ROOMS = {room.name: room for layer in LAYERS for room in layer}
RANKS = {room.name: rank for rank, layer in enumerate(LAYERS) for room in layer}
"""Place of every room's layer, from the bottom."""

FACE = ("__init__", "__main__")
"""The package's own face, in no room: it may import anything."""


@dataclass(frozen=True)
class Import:
    """A line that imports a module of the package.

    Parameters
    ----------
    source : str
        Importing module, as a path below the package.
    line : int
        Where.
    target : str
        What is imported, such as ``phases/bidding/offers``: a module, or a name in one.
    typing_only : bool
        Whether only type checkers see it.
    """

    source: str
    line: int
    target: str
    typing_only: bool

    @property
    def rooms(self) -> tuple[str, str]:
        """Importing and imported room."""
        return room_of(self.source), room_of(self.target)

    @property
    def runs_back(self) -> bool:
        """Whether it leads up, to a neighbour, or to a place that no room claims."""
        source, target = self.rooms
        if source in ("", target):
            return False
        return not (source in RANKS and target in RANKS and RANKS[target] < RANKS[source])


def room_of(path: str) -> str:
    """Return the room of a path below the package; nothing for its face, the first part if none fits."""
    if path in FACE:
        return ""
    fitting = [
        (len(part), room.name)
        for room in ROOMS.values()
        for part in room.parts
        if path == part or path.startswith(f"{part}/")
    ]
    return max(fitting)[1] if fitting else path.split("/")[0]


def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """Return the modules of a package by their paths below it, without ending."""
    return {
        path.relative_to(package).with_suffix("").as_posix(): path for path in sorted(package.rglob("*.py"))
    }


def imports(package: Path = PACKAGE) -> Iterator[Import]:
    """Yield the imports of a package's modules from one another, those of functions included."""
    for module, path in modules(package).items():
        for node, typing_only in _nodes(ast.parse(path.read_text(encoding="utf-8")), typing_only=False):
            for name in _names(node, module, package.name):
                first, _, rest = name.partition(".")
                if first == package.name and rest != "__version__":
                    yield Import(module, node.lineno, rest.replace(".", "/") or "__init__", typing_only)


def _nodes(node: ast.AST, *, typing_only: bool) -> Iterator[tuple[ast.stmt, bool]]:
    """Yield statements, and whether only type checkers see them."""
    for child in ast.iter_child_nodes(node):
        guards = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        if isinstance(child, ast.stmt):
            yield child, typing_only
        yield from _nodes(child, typing_only=typing_only or guards)


def _names(node: ast.stmt, module: str, package: str) -> Iterator[str]:
    """Yield the absolute dotted names that a statement imports."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        folder = [package, *module.split("/")[:-1]]
        above = folder[: len(folder) - node.level + 1] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        yield from (f"{base}.{alias.name}" for alias in node.names)


def cycles(package: Path = PACKAGE) -> list[set[str]]:
    """Return the groups of modules that import one another in a circle, for types or in functions too.

    Names that a package's folder offers count as imports of the folder. The package's face is left out:
    it names everything.
    """
    known = modules(package)
    graph: dict[str, set[str]] = {name: set() for name in known if name not in FACE}
    for each in imports(package):
        target = _home(each.target, known)
        if each.source in graph and target in graph and target != each.source:
            graph[each.source].add(target)
    reach = {name: _reached(name, graph) for name in graph}
    circles = {frozenset({name, *(o for o in reach[name] if name in reach[o])}) for name in graph}
    return sorted((set(circle) for circle in circles if len(circle) > 1), key=sorted)


def _home(target: str, known: dict[str, Path]) -> str:
    """Return the module that an imported name stands in."""
    while target not in known and f"{target}/__init__" not in known and "/" in target:
        target = target.rpartition("/")[0]
    return target if target in known else f"{target}/__init__"


def _reached(start: str, graph: dict[str, set[str]]) -> set[str]:
    """Return what can be reached from a module along imports."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        fresh = graph[ahead.pop()] - found
        found |= fresh
        ahead += fresh
    return found
