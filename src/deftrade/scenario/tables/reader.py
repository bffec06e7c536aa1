"""A small, strict reader for the CSV tables beside a scenario."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deftrade.errors import Fault, ScenarioError
from deftrade.scenario.yaml.files import Source, load
from deftrade.scenario.yaml.places import Position

MAX_BYTES = 20_000_000
_ADVICE = "leave out rows and columns that the scenario does not need"
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9][0-9 ]*,[0-9]+ ?%?")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')


@dataclass(frozen=True)
class CsvTable:
    """A table of text cells that knows where everything stands.

    Parameters
    ----------
    source : Source
        The file.
    columns : tuple of str
        Names in the header.
    rows : list of dict
        Text by column, spaces around it removed; an empty cell is empty text.
    lines : list of int
        Line of each row.
    delimiter : str
        Comma or semicolon.
    """

    source: Source
    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    lines: list[int]
    delimiter: str

    @property
    def sha256(self) -> str:
        """Hash of the file's bytes."""
        return self.source.sha256

    def at(self, row: int, column: str) -> Position:
        """Return the position of a cell; row -1 is the header."""
        line = self.lines[row] if row >= 0 else self.header_line
        return _cell(self.source, line, self.columns.index(column), self.delimiter)

    @property
    def header_line(self) -> int:
        """Line of the header."""
        return _header_line(self.source)

    def fault(self, row: int, column: str, problem: str, *, allowed: str | Iterable[str] = "") -> Fault:
        """Return a fault at a cell, or at a column's name if row is -1."""
        found = self.rows[row][column] if row >= 0 else column
        place = self.at(row, column)
        return place.fault(problem, path=(column,), found=found, allowed=allowed)


def read_csv(path: Path, position_of_reference: Position | None = None) -> CsvTable:
    """Read a table.

    The delimiter is a comma, or a semicolon if the header has more of those. Rows without any text
    are passed over. A cell stays on one line.

    Parameters
    ----------
    path : Path
        File to read.
    position_of_reference : Position, optional
        Where the scenario names the file; a missing file is reported there.

    Raises
    ------
    ScenarioError
        With all faults: header, ragged rows, quotes, decimal commas.
    """
    source = load(path, MAX_BYTES, _ADVICE, position_of_reference)
    first = _header_line(source)
    delimiter = _delimiter(source, first)
    columns, faults = _header(source, first, delimiter)
    table = CsvTable(source, columns, [], [], delimiter)
    for line in range(first + 1, len(source.lines) + 1):
        try:
            cells = _split(source, line, delimiter)
        except ScenarioError as error:
            faults += error.faults
            continue
        if any(cells):
            faults += _row_faults(table, line, cells)
            table.rows.append(dict(zip(columns, cells, strict=False)))
            table.lines.append(line)
    if faults:
        raise ScenarioError(faults)
    return table


def _header_line(source: Source) -> int:
    """Return the first line with text."""
    for line, text in enumerate(source.lines, start=1):
        if text.strip():
            return line
    raise ScenarioError([source.at(1, 1).fault("the table is empty; a header is needed")])


def _delimiter(source: Source, line: int) -> str:
    """Return the delimiter that the header uses."""
    header = _QUOTED.sub("", source.lines[line - 1])
    if "\t" in header and "," not in header and ";" not in header:
        problem = "columns are separated by tabs; separate them by commas"
        raise ScenarioError([source.at(line, header.index("\t") + 1).fault(problem)])
    return ";" if header.count(";") > header.count(",") else ","


def _header(source: Source, line: int, delimiter: str) -> tuple[tuple[str, ...], list[Fault]]:
    """Return the names of the columns and their faults."""
    columns = tuple(_split(source, line, delimiter))
    faults = []
    for index, name in enumerate(columns):
        if name and name not in columns[:index]:
            continue
        problem = "two columns have this name" if name else "a column has no name"
        place = _cell(source, line, index, delimiter)
        faults.append(place.fault(problem, found=name))
    return columns, faults


def _split(source: Source, line: int, delimiter: str) -> list[str]:
    """Return the cells of a line, spaces around them removed."""
    text = source.lines[line - 1]
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        column = text.find('"') + 1
        problem = "a quote is not closed on its line, or text follows a closing quote"
        if "limit" in str(error):
            column, problem = 1, "a cell is longer than 131,072 characters"
        raise ScenarioError([source.at(line, max(column, 1)).fault(problem)]) from error
    return [cell.strip() for cell in cells]


def _row_faults(table: CsvTable, line: int, cells: list[str]) -> Iterable[Fault]:
    """Yield what is wrong with a row."""
    width = len(table.columns)
    if len(cells) != width:
        problem = f"the row has {_count(len(cells))}, the header {width}"
        if len(cells) > width:
            problem += "; put text with a delimiter in quotes, and write 2.5 rather than 2,5"
        place = _cell(table.source, line, min(width, len(cells) - 1), table.delimiter)
        yield place.fault(problem)
    for index, cell in enumerate(cells[:width]):
        if "," in cell and _DECIMAL_COMMA.fullmatch(cell):
            place = _cell(table.source, line, index, table.delimiter)
            problem = "a comma is not used in numbers; write 2.5 and 1500"
            yield place.fault(problem, path=(table.columns[index],), found=cell)


def _count(cells: int) -> str:
    """Return a number of cells in words."""
    return "1 cell" if cells == 1 else f"{cells} cells"


def _cell(source: Source, line: int, index: int, delimiter: str) -> Position:
    """Return the position of a line's cell, where its text begins."""
    text = source.lines[line - 1]
    start = 0
    for _ in range(index):
        quoted = _QUOTED.match(text, start)
        end = text.find(delimiter, quoted.end() if quoted else start)
        if end < 0:
            break
        start = end + 1
    gap = len(text[start:]) - len(text[start:].lstrip(" "))
    return source.at(line, start + gap + 1)
