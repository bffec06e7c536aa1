"""The scenario format ``deftrade: 1``, generated from the declared columns and parameters.

Defaults, limits, units and meanings are read from the declarations and stand nowhere else. The
models hold what a file says; `deftrade.scenario.resolve` turns them into arrays.
"""

from __future__ import annotations

from typing import Annotated, Any

from annotated_types import Ge, Le
from pydantic import AfterValidator, BeforeValidator, Field, create_model, model_validator
from pydantic.fields import FieldInfo

from deftrade.core.dates import STEPS_PER_YEAR
from deftrade.core.params import Group
from deftrade.core.table import Bounds, Column, Table
from deftrade.core.tables import (
    FLOWS,
    ON_REQUEST,
    SECTIONS,
    SERIES,
    Alliances,
    Categories,
    Dyads,
    Firms,
    States,
)
from deftrade.core.tables.codes import LEAST_QUALITY, SOURCES, AllianceKind
from deftrade.core.wording import bounds, exact
from deftrade.phases import Params
from deftrade.scenario.events.kinds import EventEntry
from deftrade.scenario.resolved import Outputs
from deftrade.scenario.schema_types import (
    AllianceRow,
    CategoryRow,
    Choice,
    FirmRow,
    OwnName,
    Quantity,
    StateOrAll,
    StateRow,
    Strict,
    Unfit,
    Whole,
    Written,
    by_name,
    dated,
)
from deftrade.scenario.values import describe
from deftrade.scenario.yaml.characters import unseen

FORMAT = 1
"""Version of the format that this release reads."""
KINDS_OF_ALLIANCE = tuple(kind.name.lower() for kind in AllianceKind)
KEPT = (*SERIES, *FLOWS, *ON_REQUEST)
"""Series that a scenario may ask for."""
EVERY = ("step", *STEPS_PER_YEAR)
MOST_FOREIGN = 0.9
"""Largest foreign content of a line: final assembly is always at home."""
LARGEST_SEED = 2**63 - 1
LONGEST = 200
"""Most years that a scenario may last."""
LONGEST_TITLE = 200
"""Most characters of a title."""


# Fields from declarations


def settable(table: type[Table], *roles: str) -> tuple[Column[Any], ...]:
    """Return the columns of a table in these roles."""
    return tuple(column for column in table.columns if column.role in roles)


def settable_tables() -> list[type[Table]]:
    """Return the tables that a scenario may set something of, those with levers first."""
    tables = [table for table in SECTIONS.values() if settable(table, "given", "lever")]
    return sorted(tables, key=lambda table: not settable(table, "lever"))


def limits(column: Column[Any]) -> Bounds:
    """Return the declared limits of a column that a scenario may set."""
    if column.bounds is None:
        raise ValueError(f"{column.path} may be set but declares no bounds")
    return column.bounds


def _describe(meaning: str, unit: str, low: float, high: float, default: float | None) -> str:
    """Return what editors show beside a quantity."""
    usual = "required" if default is None else f"default {exact(default, unit)}"
    return f"{meaning}. {bounds(unit, low, high)}; {usual}"


def _field(column: Column[Any], *, may_be_dated: bool) -> tuple[Any, Any]:
    """Return the type and field of a column in an entry of the file."""
    bounds = limits(column)
    value = Quantity(column.unit, bounds.low, bounds.high)
    named = [axis for axis in column.axes if axis != "states"]
    kind: Any = Annotated[float, value]
    if named:
        kind = by_name(value, named[0], may_be_dated=may_be_dated)
    elif may_be_dated:
        kind = dated(value)
    text = _describe(column.meaning, column.unit, bounds.low, bounds.high, bounds.default)
    required = bounds.default is None and not may_be_dated
    return kind, Field(description=text) if required else Field(None, description=text)


def _fields(table: type[Table], *roles: str, may_be_dated: bool = False) -> dict[str, Any]:
    """Return the fields of all settable columns of a table."""
    return {column.name: _field(column, may_be_dated=may_be_dated) for column in settable(table, *roles)}


def given_values(entry: Strict, table: type[Table]) -> list[tuple[Column[Any], Any]]:
    """Return the columns that an entry of the file sets, with their values."""
    return [
        (column, getattr(entry, column.name))
        for column in settable(table, "given", "lever")
        if column.name in entry.model_fields_set
    ]


class _OrTable:
    """Mark of a list that may stand in a CSV, Excel or Parquet file instead."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        file = {"type": "string", "description": "File beside the scenario"}
        columns = {"type": "object", "description": "Our names of columns, each with the table's",
                   "additionalProperties": {"type": ["string", "integer"]}}  # fmt: skip
        skip = {"type": "integer", "minimum": 0, "description": "Lines above the header"}
        beside = [
            {"type": "object",
             "properties": {form: file, "columns": columns} | ({} if form == "parquet" else {"skip": skip}),
             "required": [form], "additionalProperties": False}
            for form in ("csv", "xlsx", "parquet")
        ]  # fmt: skip
        return {"anyOf": [handler(core), *beside]}


class _Categories:
    """Mark of a list that may be the word ``default``."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"const": "default"}, handler(core)]}


def _many(model: Any) -> Any:
    """Return the type of a list of entries, which may stand in a table beside the scenario."""
    return Annotated[list[model], _OrTable()]


def _some(entries: list[Any]) -> list[Any]:
    """Refuse a list of categories that says that there are none."""
    if not entries:
        raise Unfit("the world has no categories of equipment", "an empty list", "default, or a list")
    return entries


def _categories(model: Any) -> Any:
    """Return the type of the list of categories, for which one word may stand."""
    return Annotated[list[model], AfterValidator(_some), _OrTable(), _Categories()]


def _of(key: Any, model: Any) -> Any:
    """Return the type of a mapping from keys to entries."""
    return dict[key, model]


# The world


class Component(Written):
    """A share of a line's cost that is bought abroad."""

    source: StateRow = Field(alias="from")
    """State that makes the components."""
    share: Annotated[float, Quantity("share", 0, MOST_FOREIGN)]
    """Share of the line's cost."""


def _components(components: list[Component]) -> list[Component]:
    """Refuse too many sources, one source twice, and too large a sum."""
    if len(components) > SOURCES:
        raise Unfit("a line has too many sources", str(len(components)), f"at most {SOURCES}")
    sources = [part.source for part in components]
    for place, source in enumerate(sources):
        if source >= 0 and source in sources[:place]:
            raise Unfit("this source is given twice", below=(place, "from"))
    foreign = sum(part.share for part in components)
    if foreign > MOST_FOREIGN + 1e-9:
        problem = "the shares of components add to too much"
        raise Unfit(problem, exact(foreign, "share"), f"at most {exact(MOST_FOREIGN, 'share')}")
    return components


class LineEntry(Written):
    """What a firm makes in one category."""

    category: CategoryRow
    """Category of equipment."""
    quality: Annotated[float | None, Quantity("1", LEAST_QUALITY, 10)] = None
    """Quality of what it makes; the home state's know-how if absent."""
    weight: Annotated[float, Quantity("1", 1e-6, 1e6)] = 1.0
    """Size next to the home state's other lines in the category."""
    components: Annotated[list[Component], AfterValidator(_components)] = Field(default_factory=list)
    """Parts from abroad, from at most three states."""
    design: StateRow | None = None
    """State whose licensed design it builds; absent for an own design."""


def _line(raw: object) -> object:
    """Return a line that is only the name of a category as a mapping."""
    return {"category": raw} if isinstance(raw, str) else raw


class _LineShort:
    """Mark of a line that may be only the name of a category."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, handler(core)]}


Line = Annotated[LineEntry, BeforeValidator(_line), _LineShort()]


class OwnedLine(LineEntry):
    """A line in a table of its own."""

    firm: FirmRow
    """Firm that owns it."""


class Pair(Written):
    """Two states: ``between`` for both directions, ``from`` and ``to`` for one."""

    between: list[StateRow] | None = None
    """Two states, both directions."""
    source: StateRow | None = Field(None, alias="from")
    """State that acts or feels: the exporter, the imposer."""
    to: StateRow | None = None
    """State towards which."""

    @model_validator(mode="after")
    def _one_way_or_both(self) -> Pair:
        one_way = self.source is not None and self.to is not None
        partly = self.source is not None or self.to is not None
        if (self.between is None) != one_way or (self.between is not None and partly):
            raise Unfit("name the states by between: [A, B], or by from: A and to: B")
        if self.between is not None and len(self.between) != 2:
            raise Unfit("between names two states", str(len(self.between)), below=("between",))
        first, second = self.directions[0]
        if first == second and first >= 0:
            raise Unfit("a state has no relation with itself")
        return self

    @property
    def directions(self) -> list[tuple[int, int]]:
        """The directions that are meant, as rows of who and whom."""
        if self.between is not None:
            first, second = self.between
            return [(first, second), (second, first)]
        assert self.source is not None
        assert self.to is not None
        return [(self.source, self.to)]


def _members(members: list[int]) -> list[int]:
    """Refuse an alliance with one member, and a member given twice."""
    if len(members) < 2:
        raise Unfit("an alliance needs members", str(len(members)), "two members or more")
    for place, member in enumerate(members):
        if member >= 0 and member in members[:place]:
            raise Unfit("this member is given twice", below=(place,))
    return members


_StateEntry = create_model(
    "StateEntry",
    __base__=Strict,
    __doc__="A state at the opening.",
    name=(OwnName, ...),
    **_fields(States, "given", "lever"),
)
_FirmEntry = create_model(
    "FirmEntry",
    __base__=Strict,
    __doc__="A firm at the opening.",
    name=(OwnName, ...),
    home=(StateRow, Field(description="Home state")),
    lines=(list[Line], Field(default_factory=list, description="What it makes")),
    **_fields(Firms, "given", "lever"),
)
_AllianceEntry = create_model(
    "AllianceEntry",
    __base__=Strict,
    __doc__="An alliance at the opening.",
    name=(OwnName, ...),
    kind=(Annotated[str, Choice(KINDS_OF_ALLIANCE)], Field(description="What it is for")),
    members=(
        Annotated[list[StateRow], AfterValidator(_members)],
        Field(description="Member states, two or more"),
    ),
    **_fields(Alliances, "given", "lever"),
)
_CategoryEntry = create_model(
    "CategoryEntry",
    __base__=Strict,
    __doc__="A category of equipment.",
    name=(OwnName, ...),
    **_fields(Categories, "given", "lever"),
)
_RelationEntry = create_model(
    "RelationEntry",
    __base__=Pair,
    __doc__="How two states stand to each other at the opening.",
    **_fields(Dyads, "given", "lever"),
)


World = create_model(
    "World",
    __base__=Strict,
    __doc__="What is: entities and their opening values.",
    seed=(
        Annotated[int, Whole(0, LARGEST_SEED)],
        Field(0, description="Luck of the world itself: generated entities, opening pipelines"),
    ),
    states=(_many(_StateEntry), Field(default_factory=list, description="States")),
    categories=(
        _categories(_CategoryEntry),
        Field(default_factory=list, description="Categories of equipment, or default"),
    ),
    firms=(_many(_FirmEntry), Field(default_factory=list, description="Firms")),
    lines=(
        _many(OwnedLine),
        Field(default_factory=list, description="Lines that are not given with their firms"),
    ),
    alliances=(_many(_AllianceEntry), Field(default_factory=list, description="Alliances")),
    relations=(_many(_RelationEntry), Field(default_factory=list, description="Pairs of states")),
)


# The treatment

_dated_fields = {
    table: _fields(table, "lever", may_be_dated=True) for table in (States, Firms, Alliances, Dyads)
}
_StatePolicy = create_model(
    "StatePolicy", __base__=Strict, __doc__="Levers of a state.", **_dated_fields[States]
)
_FirmPolicy = create_model("FirmPolicy", __base__=Strict, __doc__="Levers of a firm.", **_dated_fields[Firms])
_AlliancePolicy = create_model(
    "AlliancePolicy", __base__=Strict, __doc__="Levers of an alliance.", **_dated_fields[Alliances]
)
_RelationPolicy = create_model(
    "RelationPolicy",
    __base__=Pair,
    __doc__="Levers of one state towards another.",
    **_dated_fields[Dyads],
)
Policy = create_model(
    "Policy",
    __base__=Strict,
    __doc__="What someone chooses; every value may be dated, as {2027: 30%, 2030: 40%}.",
    states=(
        _of(StateOrAll, _StatePolicy),
        Field(default_factory=dict, description="By state; all: for those without a value of their own"),
    ),
    firms=(_of(FirmRow, _FirmPolicy), Field(default_factory=dict, description="By firm")),
    alliances=(
        _of(AllianceRow, _AlliancePolicy),
        Field(default_factory=dict, description="By alliance"),
    ),
    relations=(
        _many(_RelationPolicy),
        Field(default_factory=list, description="By pair of states"),
    ),
)


# Parameters


def parameter_unit(info: FieldInfo) -> str:
    """Return the unit that a parameter declares; 1 where it declares none."""
    extra = info.json_schema_extra
    return str(extra["unit"]) if isinstance(extra, dict) else "1"


def parameter_source(info: FieldInfo) -> str:
    """Return where the default of a parameter's field comes from."""
    extra = info.json_schema_extra
    return str(extra["source"]) if isinstance(extra, dict) else ""


def parameter_limits(info: FieldInfo) -> tuple[float, float]:
    """Return the lowest and highest value of a parameter's field."""
    marks = {type(mark): mark for mark in info.metadata}
    low, high = marks[Ge], marks[Le]
    return float(low.ge), float(high.le)


def mirror(group: type[Group], name: str = "") -> Any:
    """Return the model of what a file may say about a group of parameters, nested ones included."""
    fields: dict[str, Any] = {}
    for key, info in group.model_fields.items():
        fields[key] = _mirrored(key, info)
    name = name or group.__name__
    return create_model(name, __base__=Strict, __doc__=group.__doc__, **fields)


def _mirrored(key: str, info: FieldInfo) -> tuple[Any, Any]:
    """Return the type and field of a parameter or of a group of them."""
    kind = info.annotation
    if isinstance(kind, type) and issubclass(kind, Group):
        empty = Field(None, description=info.description)
        return mirror(kind, f"{key.capitalize()}{group_suffix(kind)}"), empty
    low, high = parameter_limits(info)
    unit = parameter_unit(info)
    text = _describe(str(info.description).rstrip("."), unit, low, high, info.default)
    value: Any = Whole(int(low), int(high)) if kind is int else Quantity(unit, low, high)
    return Annotated[kind, value], Field(None, description=text)


def group_suffix(group: type[Group]) -> str:
    """Return the ending of the name of a mirrored group."""
    return "Parameters" if group.__name__.endswith("Params") else "Spec"


def parameter_groups() -> dict[str, type[Group]]:
    """Return the class of every group of parameters by its key in a scenario file."""
    groups: dict[str, Any] = {key: info.annotation for key, info in Params.model_fields.items()}
    return groups


def given_parameters(entry: Strict) -> dict[str, Any]:
    """Return what a file says about a group of parameters, nested by group."""
    return entry.model_dump(exclude_unset=True)


Parameters = mirror(Params, "Parameters")


# The file


class Time(Written):
    """The date axis."""

    start: Annotated[int, Whole(1800, 2500)]
    """First year."""
    end: Annotated[int, Whole(1800, 2500)]
    """Year that is no longer simulated."""
    step: Annotated[str, Choice(tuple(STEPS_PER_YEAR))] = "quarter"
    """Length of a step."""

    @model_validator(mode="after")
    def _in_order(self) -> Time:
        if self.end <= self.start:
            raise Unfit(
                "the end is not after the start",
                str(self.end),
                f"{self.start + 1} or later",
                below=("end",),
            )
        if self.end - self.start > LONGEST:
            allowed = f"at most {LONGEST} years"
            raise Unfit("the scenario is too long", f"{self.end - self.start} years", allowed, below=("end",))
        return self


class OutputsEntry(Written):
    """What is kept."""

    series: list[Annotated[str, Choice(KEPT)]] = Field(default_factory=lambda: list(Outputs().series))
    """Series to record; `fleets`, readiness by origin among them, only on request."""
    every: Annotated[str, Choice(EVERY)] = "step"
    """Every step, or the last step of each year with flows summed."""
    focus: StateRow | None = None
    """State that indicators and summary are about; the first if absent."""


def _format(raw: object) -> int:
    """Return the version of the format, the only one there is."""
    if raw != FORMAT or isinstance(raw, bool):
        problem = "this release reads another version of the scenario format"
        raise Unfit(problem, describe(raw), str(FORMAT))
    return FORMAT


def _title(raw: object) -> str:
    """Return the raw value if it is text; refuse a number or a list."""
    if not isinstance(raw, str):
        raise Unfit("a title must be text; put numbers in quotes", describe(raw))
    title = raw.strip()
    if len(title) > LONGEST_TITLE:
        raise Unfit("the title is too long", title, f"at most {LONGEST_TITLE} characters")
    hidden = unseen(title)
    if hidden:
        raise Unfit(f"the title holds {hidden}; write one line without", title)
    return title


ScenarioFile = create_model(
    "ScenarioFile",
    __base__=Strict,
    __doc__="A scenario of deftrade: one world, one treatment, one run.",
    deftrade=(
        Annotated[int, BeforeValidator(_format)],
        Field(description="Version of the scenario format: 1"),
    ),
    title=(
        Annotated[str, BeforeValidator(_title)],
        Field("", description="Title in reports and figures"),
    ),
    time=(Time, Field(description="Date axis: start, end (no longer simulated), step")),
    price_year=(
        Annotated[int, Whole(1900, 2200)],
        Field(description="Year whose dollars the amounts are in"),
    ),
    seed=(
        Annotated[int, Whole(0, LARGEST_SEED)],
        Field(0, description="The run's luck; the world has its own seed"),
    ),
    world=(World, Field(description="What is: states, firms, alliances, relations")),
    policy=(Policy, Field(default_factory=Policy, description="What someone chooses")),
    events=(list[EventEntry], Field(default_factory=list, description="What happens, by date")),
    parameters=(
        Parameters,
        Field(default_factory=Parameters, description="Scientific constants"),
    ),
    outputs=(OutputsEntry, Field(default_factory=OutputsEntry, description="What is kept")),
)
