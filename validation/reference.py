"""Tables of the documentation, written from the declarations so that they cannot go stale.

A page holds blocks that open with a line such as ``<!-- generated: phases -->`` and close with
``<!-- end -->``. What stands between is written here; ``python -m validation.renew reference`` puts it there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from deftrade.core.laws import LAWS
from deftrade.core.params import OpeningParams
from deftrade.core.tables import ALL, codes
from deftrade.core.wording import exact
from deftrade.errors import DeftradeError
from deftrade.phases import ORDER
from deftrade.phases.accounting.counting import ROLES, Role
from deftrade.results.indicators import INDICATORS
from deftrade.scenario.events.kinds import KINDS
from validation import rooms
from validation.layers import PACKAGE

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from deftrade.core.params import Group
    from deftrade.core.table import Column

BLOCK = re.compile(r"(?<=<!-- generated: )([\w-]+)( -->\n)(.*?)(?=<!-- end -->)", re.DOTALL)
"""A block: its name, the end of its opening line, and what is written here."""


class PageError(DeftradeError):
    """A page asks for a table that nobody writes."""


def renew(text: str) -> str:
    """Return the text of a page with every generated block written anew.

    Raises
    ------
    PageError
        A block has an unknown name.
    """
    return BLOCK.sub(_write, text)


def _write(block: re.Match[str]) -> str:
    """Return one block's name and its present content."""
    name, opening, _ = block.groups()
    if name not in GENERATED:
        raise PageError(f"no table is called {name!r}; there are {', '.join(GENERATED)}")
    return f"{name}{opening}\n{GENERATED[name]()}\n"


# Markdown


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    """Return text that may stand in a cell."""
    return " ".join(text.split()).replace("|", "\\|")


def _code(name: str) -> str:
    """Return a name in code style."""
    return f"`{name}`"


def _sections(parts: Iterable[tuple[str, str]]) -> str:
    """Return titled parts, one under the other."""
    return "\n".join(f"### {title}\n\n{body}" for title, body in parts)


def _first_line(documented: object) -> str:
    """Return the first line of a docstring."""
    return (documented.__doc__ or "").strip().splitlines()[0]


# Phases


def _by_table(columns: Iterable[Column[Any]]) -> str:
    """Return columns grouped by table, such as ``States: gdp, burden``."""
    groups: dict[str, list[str]] = {}
    for column in columns:
        groups.setdefault(column.table, []).append(column.name)
    return "; ".join(
        f"{table}: {', '.join(_code(name) for name in names)}" for table, names in groups.items()
    )


def phases_in_brief() -> str:
    """Return the phases in order with what they do."""
    rows = ([str(place), _code(phase.name), phase.meaning] for place, phase in enumerate(ORDER, start=1))
    return _table(("", "phase", "what it does"), rows)


def phases() -> str:
    """Return the phases with the tables they read, the columns they set and the rows they add."""
    rows = []
    for place, phase in enumerate(ORDER, start=1):
        read = ", ".join(dict.fromkeys(column.table for column in phase.reads))
        added = ", ".join(table.__name__ for table in phase.appends) or "–"
        rows.append(
            [str(place), _code(phase.name), phase.meaning, read, _by_table(phase.writes) or "–", added]
        )
    return _table(("", "phase", "what it does", "reads from", "sets", "adds rows to"), rows)


def access() -> str:
    """Return every column that each phase may read, set or add."""
    parts = []
    for phase in ORDER:
        added = ", ".join(table.__name__ for table in phase.appends)
        body = f"{phase.meaning}\n\n- reads {_by_table(phase.reads)}\n"
        body += f"- sets {_by_table(phase.writes)}\n" if phase.writes else ""
        parts.append((phase.name, body + (f"- adds rows to {added}\n" if added else "")))
    return _sections(parts)


# Columns


def _limits(column: Column[Any]) -> list[str]:
    """Return a column's default, bounds and source."""
    bounds = column.bounds
    if bounds is None:
        return ["", "", ""]
    default = "required" if bounds.default is None else exact(bounds.default, column.unit)
    return [
        default,
        f"{exact(bounds.low, column.unit)} to {exact(bounds.high, column.unit)}",
        bounds.source,
    ]


def _shape(column: Column[Any]) -> str:
    """Return a column's name with its further axes, such as ``rung[categories]``."""
    return _code(f"{column.name}[{', '.join(column.axes)}]" if column.axes else column.name)


def columns() -> str:
    """Return the columns of every table."""
    parts = []
    for table in ALL:
        rows = (
            [_shape(column), column.unit, column.kind, column.role, column.meaning]
            for column in table.columns
        )
        body = f"{_first_line(table)} Rows are {_SORTS[table.sort]}.\n\n"
        parts.append((table.__name__, body + _table(("column", "unit", "kind", "role", "meaning"), rows)))
    return _sections(parts)


_SORTS = {"entity": "entities", "record": "records and never removed", "scratch": "cleared every step"}


def _settings(role: str) -> str:
    """Return the columns that a scenario sets in a role."""
    rows = []
    for column in (column for table in ALL for column in table.columns if column.role == role):
        default, span, source = _limits(column)
        rows.append([_code(column.path), column.meaning, default, span, column.unit, source])
    return _table(("column", "meaning", "default", "bounds", "unit", "source"), rows)


def levers() -> str:
    """Return what policy may set and date."""
    return _settings("lever")


def givens() -> str:
    """Return what the world of a scenario gives."""
    return _settings("given")


# Parameters


def _number(value: float) -> str:
    """Return a number as short as it can be written."""
    return f"{value:g}"


def _parameter(path: str, info: FieldInfo) -> list[str]:
    """Return the cells of one parameter."""
    marks = {type(mark).__name__: mark for mark in info.metadata}
    low, high = float(marks["Ge"].ge), float(marks["Le"].le)
    extra: Any = info.json_schema_extra
    unit, source = str(extra["unit"]), str(extra["source"])
    bounds = f"{_number(low)} to {_number(high)}"
    return [_code(path), str(info.description), _number(info.default), bounds, unit, source]


def _parameter_rows(name: str, group: type[Group]) -> Iterator[list[str]]:
    """Yield the rows of a group of parameters."""
    for key, info in group.model_fields.items():
        yield _parameter(f"{name}.{key}", info)


_PARAMETER_HEAD = ("parameter", "meaning", "value", "bounds", "unit", "source")


def parameters() -> str:
    """Return the parameters of every phase."""
    return _sections(
        (phase.name, _table(_PARAMETER_HEAD, _parameter_rows(phase.name, phase.group))) for phase in ORDER
    )


def opening_parameters() -> str:
    """Return the constants of the opening equilibrium."""
    return _table(_PARAMETER_HEAD, _parameter_rows("opening", OpeningParams))


# Events, indicators, laws, codes


def events() -> str:
    """Return the kinds of events with their particulars."""
    rows = []
    for name, kind in KINDS.items():
        fields = (
            f"{_code(info.alias or key)}{'' if info.is_required() else ' (optional)'} {info.description}"
            for key, info in kind.model_fields.items()
        )
        rows.append([_code(name), _first_line(kind), "; ".join(text.rstrip(".") for text in fields)])
    return _table(("event", "what happens", "particulars"), rows)


def indicators() -> str:
    """Return the indicators."""
    rows = ([_code(item.name), item.meaning, item.unit, item.scope] for item in INDICATORS)
    return _table(("indicator", "meaning", "unit", "scope"), rows)


def laws() -> str:
    """Return the laws that every step of every run must obey."""
    return _table(("law", "what must balance"), ([_code(law.__name__), _first_line(law)] for law in LAWS))


def closed_lists() -> str:
    """Return the words that stand for codes in results."""
    lists = [item for item in vars(codes).values() if isinstance(item, type) and issubclass(item, IntEnum)]
    rows = [
        [_code(item.__name__), _first_line(item), ", ".join(_code(member.name.lower()) for member in item)]
        for item in lists
        if item is not IntEnum
    ]
    criteria = ", ".join(_code(name) for name in codes.CRITERIA)
    rows.append(["`CRITERIA`", "Criteria of licensing, in the order of the EU Common Position.", criteria])
    clips = ", ".join(_code(name) for name in codes.CLIPS)
    return _table(("list", "meaning", "words"), [*rows, ["`CLIPS`", "Clipped formulas, counted.", clips]])


def net_jobs() -> str:
    """Return where every payment counts in net jobs, role by role."""
    rows = []
    for role in Role:
        items = ", ".join(_code(item.name.lower()) for item, its in ROLES.items() if its == role)
        side, _, how = role.value.partition(": ")
        rows.append([side, how, items])
    return _table(("side", "what of it", "payments"), rows)


GENERATED: dict[str, Callable[[], str]] = {
    "phases-in-brief": phases_in_brief,
    "phases": phases,
    "access": access,
    "columns": columns,
    "givens": givens,
    "levers": levers,
    "parameters": parameters,
    "opening-parameters": opening_parameters,
    "events": events,
    "indicators": indicators,
    "laws": laws,
    "codes": closed_lists,
    "net-jobs": net_jobs,
    "rooms": lambda: rooms.table(PACKAGE),
}
"""Every table by the name that pages use."""
