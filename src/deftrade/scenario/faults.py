"""From pydantic's complaints to faults that name the place in the user's file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from deftrade.core.tables import Alliances, Firms, States
from deftrade.errors import Fault
from deftrade.scenario.schema_types import ALWAYS, Unfit
from deftrade.scenario.values import InvalidValue, describe
from deftrade.scenario.yaml.places import KeyPath, Places, Position

if TYPE_CHECKING:
    from deftrade.scenario.tables.reader import CsvTable

ELSEWHERE = {"ScenarioFile": ("extends", "remove"), "Policy": ("include",), "World": ("generate",)}
"""Keys that a mapping may hold and that are read before it is validated."""
WORLD_ONLY: dict[str, set[str]] = {
    f"{single}Policy": {column.name for column in table.columns if column.role == "given"}
    for single, table in (("State", States), ("Firm", Firms), ("Alliance", Alliances))
}
"""Columns that a world gives and that a policy cannot set, by model of the policy."""
_KEY = "[key]"
_COMPONENT = {"from": "component", "share": "share"}
_WORDS = {
    "missing": "a required key is missing",
    "extra_forbidden": "this key is not known here",
    "model_type": "a mapping of keys to values belongs here",
    "dict_type": "a mapping of keys to values belongs here",
    "list_type": "a list belongs here",
    "bool_type": "true or false belongs here",
    "too_short": "the list is too short",
    "too_long": "the list is too long",
}


@dataclass
class Located:
    """Where values stand, tables beside the scenario and renamed keys included.

    Parameters
    ----------
    places : Places
        Places in the YAML files.
    tables : dict of path to CsvTable
        CSV tables by the path that they fill.
    moved : dict of path to path
        Paths of renamed keys and where they stand in the file.
    absent : set of (path, str)
        Columns that a table lacks and that were reported once for all rows.
    """

    places: Places
    tables: dict[KeyPath, CsvTable] = field(default_factory=dict)
    moved: dict[KeyPath, KeyPath] = field(default_factory=dict)
    absent: set[tuple[KeyPath, str]] = field(default_factory=set)

    def at(self, path: KeyPath, *, key: bool = False) -> Position:
        """Return the position of a value, or of its key."""
        for prefix, table in self.tables.items():
            if path[: len(prefix)] == prefix and len(path) > len(prefix):
                return _cell(table, path[len(prefix) :])
        for new, old in self.moved.items():
            if path[: len(new)] == new:
                return self.places.at((*old, *path[len(new) :]), key=key)
        return self.places.at(path, key=key)

    def fault(
        self,
        path: KeyPath,
        problem: str,
        *,
        key: bool = False,
        found: str = "",
        allowed: str | Iterable[str] = "",
    ) -> Fault:
        """Return a fault at the value of ``path``, or at its key."""
        return self.at(path, key=key).fault(problem, path=path, found=found, allowed=allowed)


def _cell(table: CsvTable, below: KeyPath) -> Position:
    """Return the cell that a path below a table's list means, or the row's first."""
    row, rest = below[0], below[1:]
    if not isinstance(row, int):
        return table.at(-1, table.columns[0])
    names = [".".join(str(part) for part in rest[:2]), str(rest[0]) if rest else ""]
    if len(rest) > 2 and isinstance(rest[1], int):
        names.append(f"{_COMPONENT.get(str(rest[2]), '')}_{rest[1] + 1}")
    column = next((name for name in names if name in table.columns), table.columns[0])
    return table.at(row, column)


def translate(
    error: ValidationError, model: type[BaseModel], located: Located, prefix: KeyPath = ()
) -> Iterator[Fault]:
    """Yield a fault for each complaint.

    Parameters
    ----------
    error : ValidationError
        What pydantic found.
    model : type of BaseModel
        What it validated.
    located : Located
        Where the values stand.
    prefix : tuple
        Path of what was validated.
    """
    for detail in error.errors(include_url=False):
        loc = tuple(part for part in detail["loc"] if part != ALWAYS)
        is_key = bool(loc) and loc[-1] == _KEY
        loc = loc[:-1] if is_key else loc
        fault = _fault(dict(detail), model, located, prefix, loc, is_key=is_key)
        if fault:
            yield fault


def _fault(
    detail: dict[str, Any],
    model: type[BaseModel],
    located: Located,
    prefix: KeyPath,
    loc: KeyPath,
    *,
    is_key: bool,
) -> Fault | None:
    """Return the fault of one complaint; none if it was reported already."""
    path = (*prefix, *loc)
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, InvalidValue):
        below = cause.below if isinstance(cause, Unfit) else ()
        names = cause.names if isinstance(cause, Unfit) else ()
        return located.fault(
            (*path, *below),
            cause.problem,
            key=is_key,
            found=cause.found,
            allowed=names or cause.allowed,
        )
    kind = detail["type"]
    problem = _WORDS.get(kind, detail["msg"])
    if kind == "missing":
        if (path[:-2], str(path[-1])) in located.absent:
            return None
        meaning = _meaning(model, loc)
        return located.fault(path, f"{problem}: {path[-1]}", allowed=meaning.rstrip("."))
    if kind == "extra_forbidden":
        parent = _model_at(model, loc[:-1])
        if parent and path[-1] in WORLD_ONLY.get(parent.__name__, ()):
            problem = "this is part of the world, not of a policy; set it under world:"
            return located.fault(path, problem, key=True)
        names = _keys(parent)
        return located.fault(path, problem, key=True, found=str(path[-1]), allowed=names)
    if isinstance(cause, ValueError):
        return located.fault(path, str(cause))
    return located.fault(path, problem, key=is_key, found=describe(detail.get("input")))


def _keys(model: type[BaseModel] | None) -> tuple[str, ...]:
    """Return the keys that a mapping may hold."""
    if model is None:
        return ()
    own = tuple(info.alias or name for name, info in model.model_fields.items())
    return own + ELSEWHERE.get(model.__name__, ())


def _meaning(model: type[BaseModel], loc: KeyPath) -> str:
    """Return the description of a field that is missing."""
    parent = _model_at(model, loc[:-1])
    if parent is None:
        return ""
    for name, info in parent.model_fields.items():
        if (info.alias or name) == loc[-1]:
            return (info.description or "").removesuffix("; required")
    return ""


def _model_at(model: type[BaseModel], loc: KeyPath) -> type[BaseModel] | None:
    """Return the model of the mapping at a location inside another."""
    kind: Any = model
    for part in loc:
        kind = _step(_plain(kind), part)
    kind = _plain(kind)
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _plain(kind: Any) -> Any:
    """Return a type without its marks and without None."""
    while True:
        origin = get_origin(kind)
        if origin is Annotated:
            kind = get_args(kind)[0]
        elif origin in (Union, UnionType):
            kind = next(part for part in get_args(kind) if part is not NoneType)
        else:
            return kind


def _step(kind: Any, part: str | int) -> Any:
    """Return the type one level further down."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = kind.model_fields.items()
        return next((i.annotation for n, i in fields if part in (n, i.alias)), None)
    arguments = get_args(kind)
    return arguments[-1] if arguments else None
