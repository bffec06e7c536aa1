"""Tables beside a scenario: CSV, Excel and Parquet files become the lists that they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args, get_origin

from deftrade.core.tables.codes import SOURCES
from deftrade.errors import ScenarioError
from deftrade.scenario.schema import Policy, World
from deftrade.scenario.schema_types import Whole
from deftrade.scenario.tables.columnar import read_parquet
from deftrade.scenario.tables.reader import parse, read_csv
from deftrade.scenario.tables.workbook import read_workbook
from deftrade.scenario.values import InvalidValue, describe
from deftrade.scenario.yaml.characters import composed
from deftrade.scenario.yaml.files import on_disk

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from deftrade.errors import Fault
    from deftrade.scenario.compose import Composed
    from deftrade.scenario.faults import Located
    from deftrade.scenario.yaml.places import KeyPath, Position

_SEPARATOR = "|"
_LISTS = {"members", "lines", "between"}
_SKIP, _COLUMNS = "skip", "columns"
FORMS = ("csv", "xlsx", "parquet")
"""Sorts of files that a list may stand in."""
MOST_SKIPPED = 1000
_INDEX = re.compile("__index_level_[0-9]+__")
_PARTS = tuple(f"{part}_{n + 1}" for n in range(SOURCES) for part in ("component", "share"))


def table_models() -> dict[KeyPath, type[BaseModel]]:
    """Return the model of a row of each list that may stand in a table, by path."""
    models: dict[KeyPath, type[BaseModel]] = {}
    for section, model in (("world", World), ("policy", Policy)):
        for name, info in model.model_fields.items():
            if get_origin(info.annotation) is list:
                models[section, name] = get_args(info.annotation)[0]
    return models


@dataclass
class Expansion:
    """Reads tables and collects faults.

    Parameters
    ----------
    composed : Composed
        The scenario.
    located : Located
        Learns where cells stand.
    faults : list of Fault
        What is wrong in tables.
    files : dict of Path to str
        Tables that were read, with their hashes.
    broken : set of path
        Lists whose tables could not be read.
    """

    composed: Composed
    located: Located
    faults: list[Fault] = field(default_factory=list)
    files: dict[Path, str] = field(default_factory=dict)
    broken: set[KeyPath] = field(default_factory=set)

    def expand(self, data: dict[str, Any]) -> None:
        """Replace references to tables by their rows, in place; a bad table's key is removed."""
        for path, model in table_models().items():
            section = data.get(str(path[0]))
            raw = section.get(path[1]) if isinstance(section, dict) else None
            if not isinstance(section, dict) or not isinstance(raw, dict):
                continue
            name = str(path[1])
            try:
                section[name] = self._rows(path, raw, model)
            except ScenarioError as error:
                self.faults += error.faults
                self.broken.add(path)
                del section[name]

    def _rows(self, path: KeyPath, raw: dict[str, Any], model: type[BaseModel]) -> list[Any]:
        """Return the rows of one table."""
        form, name = self._reference(path, raw)
        place = (*path, form)
        file = on_disk(self.composed.beside(place, name))
        wanted = _Wanted(model)
        renamed = self._renamed(path, raw.get(_COLUMNS), wanted)
        if form == "parquet":
            return self._parquet(path, file, wanted, renamed)
        skip = self._skip(path, raw.get(_SKIP, 0))
        known = (*wanted.columns, *renamed)
        position = self.located.at(place)
        if form == "xlsx":
            table = parse(read_workbook(file, position), skip=skip, known=known)
        else:
            table = read_csv(file, position, skip=skip, known=known)
        self.files[file] = table.sha256
        names = [renamed.get(column, "" if renamed and column not in wanted else column)
                 for column in table.columns]  # fmt: skip
        table = table.renamed(tuple(names))
        self.located.tables[path] = table
        self._note_absent(path, wanted, names, table.source.at(table.header_line, 1))
        self.faults += _unknown(wanted, names, lambda column: table.at(-1, column))
        return [_row({name: row[name] for name in row if name in wanted and row[name]}) for row in table.rows]

    def _reference(self, path: KeyPath, raw: dict[str, Any]) -> tuple[str, str]:
        """Return the form and the name of the file that a list stands in."""
        forms = [key for key in raw if key in FORMS]
        options = (_SKIP, _COLUMNS) if forms and forms[0] != "parquet" else (_COLUMNS,)
        if len(forms) != 1 or not set(raw) <= {*forms, *options}:
            problem = "a list belongs here, or one file such as {csv: table.csv}"
            found = ", ".join(raw) or "an empty mapping"
            allowed = (*FORMS, *options) if forms else FORMS
            raise ScenarioError([self.located.fault(path, problem, found=found, allowed=allowed)])
        name = raw[forms[0]]
        if not isinstance(name, str) or not name:
            problem = "the name of a file belongs here"
            raise ScenarioError([self.located.fault((*path, forms[0]), problem, found=describe(name))])
        return forms[0], name

    def _skip(self, path: KeyPath, raw: object) -> int:
        """Return how many lines stand above the header."""
        try:
            return Whole(0, MOST_SKIPPED).read(raw)
        except InvalidValue as error:
            place = (*path, _SKIP)
            fault = self.located.fault(place, error.problem, found=error.found, allowed=error.allowed)
            raise ScenarioError([fault]) from error

    def _renamed(self, path: KeyPath, raw: object, wanted: _Wanted) -> dict[str, str]:
        """Return our names of a table's columns by theirs."""
        if raw is None:
            return {}
        if not isinstance(raw, dict) or not raw:
            problem = "our names with the table's belong here, such as {gdp: GDP 2023}"
            raise ScenarioError([self.located.fault((*path, _COLUMNS), problem, found=describe(raw))])
        faults = []
        for name, theirs in raw.items():
            place = (*path, _COLUMNS, name)
            if name not in wanted:
                problem = "this column is not known here"
                faults.append(
                    self.located.fault(place, problem, key=True, found=name, allowed=wanted.columns)
                )
            elif not isinstance(theirs, str | int) or isinstance(theirs, bool) or theirs == "":
                problem = "the name of a column in the table belongs here"
                faults.append(self.located.fault(place, problem, found=describe(theirs)))
        if faults:
            raise ScenarioError(faults)
        return {str(theirs): name for name, theirs in raw.items()}

    def _note_absent(self, path: KeyPath, wanted: _Wanted, names: Iterable[str], place: Position) -> None:
        """Note required columns that a table lacks, once for all its rows."""
        given = {column.split(".")[0] for column in names}
        for name, info in wanted.fields.items():
            if info.is_required() and name not in given:
                self.located.absent.add((path, name))
                problem = f"a required column is missing: {name}"
                meaning = (info.description or "").removesuffix("; required")
                self.faults.append(place.fault(problem, allowed=meaning))

    def _parquet(self, path: KeyPath, file: Path, wanted: _Wanted, renamed: dict[str, str]) -> list[Any]:
        """Return the rows of a Parquet file; the index that pandas adds is passed over."""
        place = (*path, "parquet")
        position = self.located.at(place)
        try:
            rows, self.files[file] = read_parquet(file, position)
        except ValueError as error:
            reason = str(error).splitlines()[0]
            raise ScenarioError([self.located.fault(place, f"cannot read {file.name}: {reason}")]) from error
        names = {
            theirs: renamed.get(theirs, theirs)
            for theirs in (rows[0] if rows else {})
            if not _INDEX.fullmatch(theirs) and (not renamed or theirs in renamed or theirs in wanted)
        }
        if rows and not any(name in wanted for name in names.values()):
            problem = "none of its columns is known here"
            raise ScenarioError([position.fault(problem, allowed=wanted.columns)])
        if rows:
            self._note_absent(path, wanted, names.values(), position)
        self.faults += _unknown(wanted, names.values(), lambda _: position)
        kept = {theirs: name for theirs, name in names.items() if name in wanted}
        return [
            _row({name: _cell(row[theirs]) for theirs, name in kept.items() if row[theirs] not in (None, "")})
            for row in rows
        ]


class _Wanted:
    """The columns that a table may have: those of a list's entries, flat.

    Parameters
    ----------
    model : type of BaseModel
        What an entry of the list may hold.
    """

    def __init__(self, model: type[BaseModel]) -> None:
        self.fields = {info.alias or name: info for name, info in model.model_fields.items()}
        self.columns = [name for name in self.fields if name != "components"]
        self.columns += _PARTS if "components" in self.fields else ()

    def __contains__(self, column: str) -> bool:
        return column in self.columns or column.split(".")[0] in self.fields


def _unknown(wanted: _Wanted, names: Iterable[str], at: Callable[[str], Position]) -> Iterator[Fault]:
    """Yield the columns that are not known, each once for all rows."""
    for column in names:
        if column and column not in wanted:
            problem = "this column is not known here"
            yield at(column).fault(problem, path=(column,), found=column, allowed=wanted.columns)


def _cell(value: Any) -> Any:
    """Return a cell of a Parquet file, texts in their composed form."""
    if isinstance(value, list):
        return [_cell(part) for part in value]
    return composed(value) if isinstance(value, str) else value


def _row(cells: dict[str, Any]) -> dict[str, Any]:
    """Return a flat row as the mapping that a list in the file would hold."""
    entry: dict[str, Any] = {}
    for name, cell in cells.items():
        head, dot, tail = name.partition(".")
        if name in _LISTS and isinstance(cell, str):
            entry[name] = [part.strip() for part in cell.split(_SEPARATOR)]
        elif name in _PARTS:
            _component(entry, name, cell)
        elif dot and isinstance(entry.setdefault(head, {}), dict):
            entry[head][tail] = cell
        else:
            entry[name] = cell
    return entry


def _component(entry: dict[str, Any], name: str, cell: Any) -> None:
    """Put a flat component column into the list of components."""
    part, _, number = name.partition("_")
    parts = entry.setdefault("components", [])
    while len(parts) < int(number):
        parts.append({})
    parts[int(number) - 1]["from" if part == "component" else "share"] = cell
