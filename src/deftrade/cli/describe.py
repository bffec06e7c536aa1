"""``deftrade describe``: what can be set, what happens, what is measured."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any

import typer

from deftrade.cli.printing import show, show_json, show_records, show_table

Rows = list[dict[str, Any]]


class Section(StrEnum):
    """A topic of `deftrade describe`, as named on the command line."""

    FILE = "file"
    LEVERS = "levers"
    WORLD = "world"
    PARAMETERS = "parameters"
    PHASES = "phases"
    COLUMNS = "columns"
    LAWS = "laws"
    INDICATORS = "indicators"


def describe(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A section (file, levers, world, parameters, phases, columns, laws, indicators), or one"
            " lever, parameter, indicator or column, such as offset_rate; without it, an overview.",
            metavar="NAME",
        ),
    ] = None,
    flow: Annotated[
        bool, typer.Option("--flow", help="Show which phases write and read each column.")
    ] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Show what each lever and event was measured to move.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Show it for machines.")] = False,
) -> None:
    """List levers, parameters, phases, columns, laws and indicators, or tell one of them."""
    section = next((each for each in Section if each.value == name), None)
    if name is not None and section is None:
        _show_named(name, as_json=as_json)
        return
    if flow:
        rows = flow_rows()
    elif evidence:
        rows = evidence_rows()
    else:
        rows = _ROWS[section]() if section else overview_rows()
    if as_json:
        show_json(rows)
        return
    if evidence:
        show_records(evidence_record(row) for row in rows)
        return
    headers = list(rows[0])
    table = [[_cell(row[header]) for header in headers] for row in rows]
    show_table(headers, table, numbers=[
        place for place, header in enumerate(headers) if header in _NUMBERS
    ])  # fmt: skip
    if section is None and not flow:
        show("\nMore: deftrade describe NAME, of a section or of what is in one; --flow; --evidence")


def _show_named(name: str, *, as_json: bool) -> None:
    """Show everything that has a name."""
    from deftrade.cli.named import advice, rows_of

    sections = {each.value: make() for each, make in _ROWS.items()} | {"results": result_rows()}
    rows = rows_of(name, sections)
    if not rows:
        raise typer.BadParameter(advice(name, sections))
    if as_json:
        show_json(rows)
    else:
        show_records({key: _cell(value) for key, value in row.items()} for row in rows)


_NUMBERS = ("default", "low", "high", "count", "reads", "writes")


def _cell(value: Any) -> str:
    """Return a value as the text of a cell."""
    if value is None:
        return "none"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _settable(role: str) -> Rows:
    """Return the rows of what a scenario may set."""
    from deftrade.scenario.describing import describe as described

    return [
        {
            "path": row.path,
            "unit": row.unit,
            "default": row.default,
            "low": row.low,
            "high": row.high,
            "meaning": row.meaning,
            "source": row.source,
        }
        for row in described()
        if row.role == role
    ]


def file_rows() -> Rows:
    """Return the keys of a scenario file, those of its main headings included."""
    from deftrade.scenario.jsonschema import json_schema

    schema = json_schema()
    below = {"time": "Time", "world": "World", "policy": "Policy", "outputs": "OutputsEntry"}
    rows = []
    for key, entry in schema["properties"].items():
        rows.append({"key": key, "meaning": entry.get("description", "").rstrip(".")})
        for part, each in schema["$defs"][below[key]]["properties"].items() if key in below else ():
            rows.append({"key": f"{key}.{part}", "meaning": each.get("description", "").rstrip(".")})
    return rows


def lever_rows() -> Rows:
    """Return a row for every lever: what policy may set and date, with unit, range and default."""
    return _settable("lever")


def world_rows() -> Rows:
    """Return a row for every number that the world of a scenario gives, with unit, range and default."""
    return _settable("given")


def parameter_rows() -> Rows:
    """Return a row for every scientific constant, with unit, range, default and source."""
    return _settable("parameter")


def phase_rows() -> Rows:
    """Return the phases of a step in their order."""
    from deftrade.phases import ORDER

    return [
        {
            "phase": phase.name,
            "reads": len(phase.reads),
            "writes": len(phase.opens),
            "meaning": phase.meaning.rstrip("."),
        }
        for phase in ORDER
    ]


def column_rows() -> Rows:
    """Return every column of every table."""
    from deftrade.core.tables import ALL

    return [
        {
            "column": column.path,
            "unit": column.unit,
            "kind": column.kind,
            "aggregation": column.aggregation,
            "role": column.role,
            "axes": list(column.axes),
            "meaning": column.meaning,
        }
        for table in ALL
        for column in table.columns
    ]


def result_rows() -> Rows:
    """Return the columns of tables of results that no table of the world has."""
    from deftrade.results.outputs import OUTPUTS

    return [
        {
            "column": f"{output.name}.{added.name}",
            "unit": added.unit,
            "kind": added.kind,
            "meaning": added.meaning,
        }
        for output in OUTPUTS
        for added in output.added
    ]


def law_rows() -> Rows:
    """Return the laws that are checked at the close of every step."""
    from deftrade.core.laws import LAWS

    return [
        {"law": law.__name__, "meaning": (law.__doc__ or "").strip().splitlines()[0].rstrip(".")}
        for law in LAWS
    ]


def indicator_rows() -> Rows:
    """Return what a run comes to."""
    from deftrade.results.indicators import INDICATORS

    return [
        {"indicator": item.name, "unit": item.unit, "scope": item.scope, "meaning": item.meaning}
        for item in INDICATORS
    ]


def flow_rows() -> Rows:
    """Return which phases write and read each column, in the order of a step."""
    from deftrade.core.tables import ALL
    from deftrade.phases import ORDER

    rows = []
    for table in ALL:
        for column in table.columns:
            writers = [phase.name for phase in ORDER if column in phase.opens]
            readers = [phase.name for phase in ORDER if column in phase.reads]
            if writers or readers:
                rows.append({"column": column.path, "written by": writers, "read by": readers})
    return rows


def evidence_rows() -> Rows:
    """Return what each lever and event was measured to move, and what is left with its channel cut."""
    from dataclasses import asdict

    from deftrade.report.measured import kept

    return [asdict(row) for row in kept()]


def evidence_record(row: dict[str, Any]) -> dict[str, str]:
    """Return a row of evidence as labelled text; what is moved is named once, in the heading."""
    subject = row["subject"]
    low, high = (row[arm].removeprefix(f"{subject} = ") for arm in ("low", "high"))
    return {
        "row": subject,
        "low": low,
        "high": high,
        "with": "" if row["base"] == "as it is" else row["base"],
        "indicator": f"{row['indicator']} ({row['unit']}), after phase {row['phase']}",
        "expected": f"{row['expected']}, at least {row['least']:.1%}; {row['source']}",
        "measured": f"{row['size']:+.4g}, {row['share']:+.1%}; by seed {' '.join(row['signs'])}",
        "channel": row["channel"],
        "cut by": row["cut"],
        "then left": f"{row['size_cut']:g}",
    }


_ROWS: dict[Section, Callable[[], Rows]] = {
    Section.FILE: file_rows,
    Section.LEVERS: lever_rows,
    Section.WORLD: world_rows,
    Section.PARAMETERS: parameter_rows,
    Section.PHASES: phase_rows,
    Section.COLUMNS: column_rows,
    Section.LAWS: law_rows,
    Section.INDICATORS: indicator_rows,
}

_MEANINGS = {
    Section.FILE: "keys of a scenario file, such as extends, remove and policy.include",
    Section.LEVERS: "what policy sets and may date",
    Section.WORLD: "what the world gives: opening values of states, firms, alliances, relations",
    Section.PARAMETERS: "scientific constants, seldom touched",
    Section.PHASES: "what happens in a step, in order",
    Section.COLUMNS: "every quantity of every table, with its unit",
    Section.LAWS: "balances checked at the close of every step",
    Section.INDICATORS: "what a run comes to",
}


def overview_rows() -> Rows:
    """Return the sections with their sizes."""
    return [
        {"section": section.value, "count": len(make()), "meaning": _MEANINGS[section]}
        for section, make in _ROWS.items()
    ]
