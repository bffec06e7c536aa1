"""Tables beside a scenario: CSV and Parquet files become the lists that they stand for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any, get_args, get_origin

from deftrade.core.tables.codes import SOURCES
from deftrade.errors import Fault, ScenarioError
from deftrade.scenario.schema import Policy, World
from deftrade.scenario.tables.reader import CsvTable, read_csv
from deftrade.scenario.values import describe

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

    from deftrade.scenario.compose import Composed
    from deftrade.scenario.faults import Located
    from deftrade.scenario.yaml.places import KeyPath

_SEPARATOR = "|"
_LISTS = {"members", "lines", "between"}
_FORMS = ("csv", "parquet")
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
        if len(raw) != 1 or next(iter(raw)) not in _FORMS:
            problem = "a list belongs here, or one file such as {csv: table.csv}"
            found = ", ".join(raw) or "an empty mapping"
            raise ScenarioError([self.located.fault(path, problem, found=found, allowed=_FORMS)])
        form, name = next(iter(raw.items()))
        place = (*path, form)
        if not isinstance(name, str) or not name:
            problem = "the name of a file belongs here"
            raise ScenarioError([self.located.fault(place, problem, found=describe(name))])
        file = self.composed.beside(place, name)
        if form == "parquet":
            return self._parquet(file, place)
        table = read_csv(file, self.located.at(place))
        self.files[file] = table.sha256
        self.located.tables[path] = table
        known = self._header(path, table, model)
        return [_row({name: row[name] for name in known if row[name]}) for row in table.rows]

    def _header(self, path: KeyPath, table: CsvTable, model: type[BaseModel]) -> list[str]:
        """Return the columns that are known, noting those that are not and those that lack."""
        names = {info.alias or name: info for name, info in model.model_fields.items()}
        allowed = [name for name in names if name != "components"]
        allowed += _PARTS if "components" in names else ()
        known = []
        for column in table.columns:
            if column in allowed or column.split(".")[0] in names:
                known.append(column)
            else:
                problem = "this column is not known here"
                self.faults.append(table.fault(-1, column, problem, allowed=allowed))
        given = {column.split(".")[0] for column in known}
        for name, info in names.items():
            if info.is_required() and name not in given:
                self.located.absent.add((path, name))
                place = table.source.at(table.header_line, 1)
                problem = f"a required column is missing: {name}"
                meaning = (info.description or "").removesuffix("; required")
                self.faults.append(place.fault(problem, allowed=meaning))
        return known

    def _parquet(self, file: Path, place: KeyPath) -> list[Any]:
        """Return the rows of a Parquet file."""
        from pyarrow import parquet  # heavy, and few worlds use it

        try:
            self.files[file] = sha256(file.read_bytes()).hexdigest()
            rows: Iterable[dict[str, Any]] = parquet.read_table(file).to_pylist()
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise ScenarioError([self.located.fault(place, f"cannot read {file.name}: {reason}")]) from error
        return [_row({name: value for name, value in row.items() if value not in (None, "")}) for row in rows]


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
