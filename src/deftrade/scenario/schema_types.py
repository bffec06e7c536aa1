"""Types that a scenario's schema is made of: quantities, dates, dated values, names of entities.

Each is a pydantic type that reads what people write, knows its limits from the declarations and
describes itself to editors. Names become row numbers; they and the dates are checked against a
`Context`, which the loader gathers from the file before it validates.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo, WithJsonSchema
from pydantic_core import core_schema

from deftrade.core.tables import ENTITIES, POLICY
from deftrade.core.tables.codes import CRITERIA
from deftrade.core.wording import bounds
from deftrade.scenario.values import InvalidValue, describe, is_date, parse_date, parse_number
from deftrade.scenario.yaml.characters import unseen
from deftrade.scenario.yaml.places import KeyPath

ALWAYS = ""
"""Key under which a plain value stands where dated values or values by name may stand."""
DEFAULT = "default"
"""Key that stands for all names that are not given."""
ALL = "all"
"""Word that stands for all states, in events and in policy."""
ALL_ROWS = -2
"""Row number of `ALL`."""

LONGEST_NAME = 60
"""Most characters of a name."""
NUMBER_PATTERN = r"^\s*[-+−]?[0-9.][0-9 _.]*(e[-+]?[0-9]+)?\s*(%|[A-Za-z$].*)?$"
DATE_PATTERN = r"^[0-9]{4}(-[Qq][1-4]|-(0[1-9]|1[0-2]))?$"


class Strict(BaseModel):
    """A mapping of a scenario file: nothing unknown, nothing coerced."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Written(Strict):
    """A mapping whose fields are written out, each with its meaning under it."""

    # Not for generated models: pydantic would look for their source, which takes long.
    model_config = ConfigDict(use_attribute_docstrings=True)


class Unfit(InvalidValue):
    """A value that cannot stand where it stands.

    Parameters
    ----------
    problem, found, allowed : str
        As for `InvalidValue`.
    names : tuple of str
        Names that may stand here, from which the nearest is looked up.
    below : tuple
        Path from the value that was being checked to the part that is at fault.
    """

    def __init__(
        self,
        problem: str,
        found: str = "",
        allowed: str = "",
        *,
        names: tuple[str, ...] = (),
        below: KeyPath = (),
    ) -> None:
        super().__init__(problem, found, allowed)
        self.names = names
        self.below = below


@dataclass(frozen=True)
class Context:
    """What values of a file are checked against.

    Parameters
    ----------
    rows : mapping of str to mapping of str to int
        For ``states``, ``firms``, ``alliances``, ``categories`` the row of each name; a sort that
        is missing is unknown and not checked.
    start, end : float
        Dates of the scenario; infinite if unknown.
    """

    rows: Mapping[str, Mapping[str, int]]
    start: float = -math.inf
    end: float = math.inf


SORTS = {section: table.single for section, table in (POLICY | ENTITIES).items()}
"""Sorts of named entities, and what one is called."""


# Quantities


class _Reads:
    """Mark of a type that reads a raw value itself and describes itself to editors."""

    def read(self, raw: object) -> Any:
        """Return the value, or raise `InvalidValue`."""
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of what may stand in a file."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return self.schema()


@dataclass(frozen=True)
class Quantity(_Reads):
    """A number in a unit and within limits, as people write it."""

    unit: str
    low: float
    high: float

    def read(self, raw: object) -> float:
        """Return the number in its unit."""
        number = parse_number(raw, self.unit)
        if not self.low <= number <= self.high:
            allowed = bounds(self.unit, self.low, self.high)
            raise Unfit("the value is out of range", describe(raw), allowed)
        return number

    def schema(self) -> dict[str, Any]:
        """Return the schema of a number, or of text such as ``2.5 bn USD``."""
        return {
            "anyOf": [
                {"type": "number", "minimum": self.low, "maximum": self.high},
                {"type": "string", "pattern": NUMBER_PATTERN},
            ]
        }


@dataclass(frozen=True)
class Whole(_Reads):
    """A whole number within limits."""

    low: int
    high: int

    def read(self, raw: object) -> int:
        """Return the number."""
        allowed = f"{self.low} to {self.high}"
        if isinstance(raw, float) and raw.is_integer() and abs(raw) < 2**53:
            raw = int(raw)  # 2025.0, as spreadsheets and pandas write whole numbers
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise Unfit("a whole number belongs here", describe(raw), allowed)
        if not self.low <= raw <= self.high:
            raise Unfit("the value is out of range", describe(raw), allowed)
        return raw

    def schema(self) -> dict[str, Any]:
        """Return the schema of a whole number."""
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Choice(_Reads):
    """One word out of a list."""

    names: tuple[str, ...]

    def read(self, raw: object) -> str:
        """Return the word."""
        if not isinstance(raw, str) or raw not in self.names:
            problem = "this is none of the words allowed here"
            raise Unfit(problem, describe(raw), names=self.names)
        return raw

    def schema(self) -> dict[str, Any]:
        """Return the schema of the list."""
        return {"enum": list(self.names)}


# Dates


def _date(raw: object, info: ValidationInfo) -> float:
    """Return a date of the scenario as a decimal year."""
    year = parse_date(raw)
    context = info.context
    if isinstance(context, Context) and not context.start <= year < context.end:
        problem = "the date is before the start" if year < context.start else "the date is not before the end"
        allowed = f"from {context.start:g} to before {context.end:g}"
        raise Unfit(problem, describe(raw), allowed)
    return year


def _key_date(raw: object, info: ValidationInfo) -> float:
    """Return a date that is a key; a plain value holds from the start."""
    return -math.inf if raw == ALWAYS else _date(raw, info)


DATE_SCHEMA = {
    "description": "A year (2031), a quarter (2031-Q1) or a month (2031-03)",
    "anyOf": [
        {"type": "integer", "minimum": 1000, "maximum": 9999},
        {"type": "string", "pattern": DATE_PATTERN},
    ],
}
Date = Annotated[float, BeforeValidator(_date), WithJsonSchema(DATE_SCHEMA)]
KeyDate = Annotated[float, BeforeValidator(_key_date)]


def dated(value: Quantity) -> Any:
    """Return the type of a value that may change at dates, as a mapping of date to value."""

    def wrap(raw: object) -> object:
        if not isinstance(raw, dict):
            return {ALWAYS: raw}
        if not raw:
            raise Unfit("a value or dates with values belong here", "an empty mapping")
        _no_date_twice(raw)
        return raw

    number = Annotated[float, value]
    return Annotated[
        dict[KeyDate, number],
        BeforeValidator(wrap),
        WithJsonSchema({"anyOf": [*value.schema()["anyOf"], _by_date(value)]}),
    ]


def _by_date(value: Quantity) -> dict[str, Any]:
    """Return the JSON Schema of a mapping of date to value."""
    return {
        "type": "object",
        "patternProperties": {DATE_PATTERN: value.schema()},
        "additionalProperties": False,
        "minProperties": 1,
    }


def _no_date_twice(raw: dict[str, Any]) -> None:
    """Refuse two spellings of one date."""
    seen: dict[float, str] = {}
    for key in raw:
        if is_date(key) and not key.endswith(("-Q0", "-00")):
            try:
                year = parse_date(key)
            except InvalidValue:
                continue
            if year in seen:
                raise Unfit(f"this is the same date as {seen[year]}", key, below=(key,))
            seen[year] = key


# Values by category or criterion


def by_name(value: Quantity, axis: str, *, may_be_dated: bool) -> Any:
    """Return the type of one value for all names of an axis, or a mapping of name to value."""
    key = Annotated[str, BeforeValidator(_axis_key(axis))]
    inner = dated(value) if may_be_dated else Annotated[float, value]

    def wrap(raw: object) -> object:
        if isinstance(raw, dict) and raw and not all(is_date(name) for name in raw):
            return raw
        return {ALWAYS: raw}

    plain = [*value.schema()["anyOf"], *([_by_date(value)] if may_be_dated else [])]
    by_key: dict[str, Any] = {"type": "object", "additionalProperties": {"anyOf": plain}}
    if axis == "criteria":
        by_key["propertyNames"] = {"enum": [*CRITERIA, DEFAULT]}
    return Annotated[
        dict[key, inner],  # type: ignore[valid-type]
        BeforeValidator(wrap),
        WithJsonSchema({"anyOf": [*plain, by_key]}),
    ]


def _axis_key(axis: str) -> Callable[[object, ValidationInfo], str]:
    """Return the check of a name on an axis."""

    def check(raw: object, info: ValidationInfo) -> str:
        if raw in (ALWAYS, DEFAULT):
            return ALWAYS if raw == ALWAYS else DEFAULT
        if axis == "criteria":
            rows: Mapping[str, int] | None = {name: row for row, name in enumerate(CRITERIA)}
        else:
            rows = info.context.rows.get(axis) if isinstance(info.context, Context) else None
        sort = "criterion" if axis == "criteria" else SORTS[axis]
        if rows is not None and raw not in rows:
            raise unknown(sort, raw, (*rows, DEFAULT))
        return str(raw)

    return check


# Names


def unknown(sort: str, raw: object, names: tuple[str, ...]) -> Unfit:
    """Return the fault of a name that no entity has, with the names that exist."""
    if not isinstance(raw, str):
        return Unfit(f"the name of a {sort} belongs here", describe(raw), names=names)
    return Unfit(f"there is no {sort} of this name", raw, names=names)


def _row(axis: str) -> Callable[[object, ValidationInfo], int]:
    """Return the reading of a name as a row number."""

    def read(raw: object, info: ValidationInfo) -> int:
        context = info.context
        rows = context.rows.get(axis) if isinstance(context, Context) else None
        if rows is None:
            if not isinstance(raw, str):
                raise unknown(SORTS[axis], raw, ())
            return -1
        if not isinstance(raw, str) or raw not in rows:
            raise unknown(SORTS[axis], raw, tuple(rows))
        return rows[raw]

    return read


def state_or_all(raw: object, info: ValidationInfo) -> int:
    """Return a state's row, or the mark of all states."""
    if raw == ALL:
        return ALL_ROWS
    context = info.context if isinstance(info.context, Context) else Context({})
    states = context.rows.get("states")
    if not isinstance(raw, str) or (states is not None and raw not in states):
        raise unknown(SORTS["states"], raw, (*(states or ()), ALL))
    return (states or {}).get(raw, -1)


@dataclass(frozen=True)
class Refers:
    """Mark of a type whose whole numbers are rows of named entities."""

    axis: str


def _name_schema(sort: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "description": f"Name of a {sort}"}


StateRow = Annotated[
    int, BeforeValidator(_row("states")), Refers("states"), WithJsonSchema(_name_schema("state"))
]
StateOrAll = Annotated[
    int,
    BeforeValidator(state_or_all),
    Refers("states"),
    WithJsonSchema({"type": "string", "minLength": 1}),
]
FirmRow = Annotated[
    int, BeforeValidator(_row("firms")), Refers("firms"), WithJsonSchema(_name_schema("firm"))
]
AllianceRow = Annotated[
    int,
    BeforeValidator(_row("alliances")),
    Refers("alliances"),
    WithJsonSchema(_name_schema("alliance")),
]
CategoryRow = Annotated[
    int,
    BeforeValidator(_row("categories")),
    Refers("categories"),
    WithJsonSchema(_name_schema("category")),
]


def _own_name(raw: object) -> str:
    """Return the name that an entity gives itself."""
    if not isinstance(raw, str):
        raise Unfit("a name must be text; put numbers in quotes", describe(raw))
    if not raw.strip() or raw != raw.strip():
        raise Unfit("a name needs letters, without spaces around it", repr(raw))
    if len(raw) > LONGEST_NAME:
        raise Unfit("the name is too long", raw, f"at most {LONGEST_NAME} characters")
    hidden = unseen(raw)
    if hidden:
        raise Unfit(f"the name holds {hidden}; write it without", raw)
    return raw


OwnName = Annotated[
    str,
    BeforeValidator(_own_name),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "description": "Name"}),
]
