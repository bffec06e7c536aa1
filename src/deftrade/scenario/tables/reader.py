"""A small, strict reader for the CSV tables beside a scenario."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from deftrade.errors import Fault, ScenarioError
from deftrade.scenario.yaml.characters import composed
from deftrade.scenario.yaml.files import Source, load
from deftrade.scenario.yaml.places import Position

MAX_BYTES = 20_000_000
_ADVICE = "leave out rows and columns that the scenario does not need"
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9][0-9 ]*,[0-9]+ ?%?")
_THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?: ?[^0-9 .].*)?")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_FIGURE = re.compile(r"[-+]?[0-9]*[.,]?[0-9]+(?:e[-+]?[0-9]+)?")
_YEAR = re.compile(r"[12][0-9]{3}")
_LONGEST_PREAMBLE = 40
_LOOKED_AT = 1050
_MARKS = re.compile("[,;\t]")
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
    header_line : int
        Line of the header.
    """

    source: Source
    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    lines: list[int]
    delimiter: str
    header_line: int

    @property
    def sha256(self) -> str:
        """Hash of the file's bytes."""
        return self.source.sha256

    def at(self, row: int, column: str) -> Position:
        """Return the position of a cell; row -1 is the header."""
        line = self.lines[row] if row >= 0 else self.header_line
        return _cell(self.source, line, self.columns.index(column), self.delimiter)

    def renamed(self, columns: tuple[str, ...]) -> CsvTable:
        """Return the table under other names of its columns; those named by empty text are left out."""
        names = dict(zip(self.columns, columns, strict=True))
        rows = [{names[old]: cell for old, cell in row.items() if names[old]} for row in self.rows]
        return replace(self, columns=columns, rows=rows)

    def fault(self, row: int, column: str, problem: str, *, allowed: str | Iterable[str] = "") -> Fault:
        """Return a fault at a cell, or at a column's name if row is -1."""
        found = self.rows[row][column] if row >= 0 else column
        place = self.at(row, column)
        return place.fault(problem, path=(column,), found=found, allowed=allowed)


def read_csv(
    path: Path,
    position_of_reference: Position | None = None,
    *,
    skip: int = 0,
    known: Collection[str] = (),
) -> CsvTable:
    """Read a table.

    The delimiter is a comma, or a semicolon if the header has more of those or a first line
    ``sep=;`` says so. Rows without any text are passed over, columns likewise. A cell stays on one
    line.

    Parameters
    ----------
    path : Path
        File to read.
    position_of_reference : Position, optional
        Where the scenario names the file; a missing file is reported there.
    skip : int
        Lines above the header that are no part of the table.
    known : collection of str
        Names of columns that are wanted; a header without any may be a line above the header.

    Raises
    ------
    ScenarioError
        With all faults: header, ragged rows, quotes, decimal commas.
    """
    return parse(
        load(path, MAX_BYTES, _ADVICE, position_of_reference, _told_by(known) if known else bool),
        skip=skip,
        known=known,
    )


def parse(source: Source, *, skip: int = 0, known: Collection[str] = ()) -> CsvTable:
    """Return the table that a text holds; see `read_csv`."""
    first = _header_line(source, skip)
    said = _SEPARATOR_LINE.fullmatch(source.lines[first - 1])
    if said:
        first = _header_line(source, first)
    delimiter = said[1] if said and said[1] in ",;" else _delimiter(source, first)
    _refuse_preamble(source, first, delimiter, known)
    columns, faults = _header(source, first, delimiter)
    table = CsvTable(source, columns, [], [], delimiter, first)
    for line in range(first + 1, len(source.lines) + 1):
        try:
            cells = _split(source, line, delimiter)
        except ScenarioError as error:
            faults += error.faults
            continue
        if any(cells):
            faults += _row_faults(table, line, cells)
            table.rows.append({name: cell for name, cell in zip(columns, cells, strict=False) if name})
            table.lines.append(line)
    if faults:
        raise ScenarioError(faults)
    return table


def _told_by(known: Collection[str]) -> Callable[[str], bool]:
    """Return what tells by its columns whether a text is one of our tables; an empty one says nothing."""
    return lambda text: (
        not text.strip()
        or any(_is_header(_MARKS.split(line), known) for line in text.split("\n", _LOOKED_AT)[:_LOOKED_AT])
    )


def _is_header(cells: Collection[str], known: Collection[str]) -> bool:
    """Return whether the cells of a line are names of our columns, two at least where it has as many."""
    heads = {composed(cell.strip(' "\ufeff\r')) for cell in cells} - {""}
    return len(heads & set(known)) >= min(2, max(len(heads), 1))


def _header_line(source: Source, skip: int) -> int:
    """Return the first line with text after those that are skipped."""
    for line, text in enumerate(source.lines[skip:], start=skip + 1):
        if text.strip():
            return line
    raise ScenarioError([source.at(1, 1).fault("the table is empty; a header is needed")])


def _refuse_preamble(source: Source, first: int, delimiter: str, known: Collection[str]) -> None:
    """Refuse a table above whose header other lines stand, and say where the header seems to be.

    Raises
    ------
    ScenarioError
        Naming the line that looks like the header.
    """
    heads = [cell for cell in _split(source, first, delimiter) if cell]
    if not known or set(heads) & set(known):
        return
    for line in range(first + 1, min(first + _LONGEST_PREAMBLE, len(source.lines)) + 1):
        # Above the header commas may stand in sentences, and the table may use semicolons.
        cells = [cell for cell in _loosely(source, line) if cell]
        if set(cells) & set(known) or (len(cells) > max(len(heads), 2) and all(map(_is_head, cells))):
            problem = (
                f"the first lines are no table; line {line} looks like the header: write skip: {line - 1}"
                " beside csv:, and columns: where names differ"
            )
            raise ScenarioError([source.at(first, 1).fault(problem)])


def _loosely(source: Source, line: int) -> list[str]:
    """Return the cells of a line whose delimiter is not known; none where quotes are odd."""
    text = source.lines[line - 1]
    try:
        return _split(source, line, ";" if text.count(";") > text.count(",") else ",")
    except ScenarioError:
        return []


def _is_head(cell: str) -> bool:
    """Return whether a cell may be a column's name: a word, or a year."""
    return not _FIGURE.fullmatch(cell) or bool(_YEAR.fullmatch(cell))


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
        if name not in columns[:index] if name else _is_empty(source, line, index, delimiter):
            continue
        problem = "two columns have this name" if name else "a column has no name"
        if not name and not index:
            problem += "; if it numbers the rows, write the table without its index"
        place = _cell(source, line, index, delimiter)
        faults.append(place.fault(problem, found=name))
    return columns, faults


def _is_empty(source: Source, header: int, index: int, delimiter: str) -> bool:
    """Return whether a column has no cell with text, so that it may be passed over."""
    for line in range(header + 1, len(source.lines) + 1):
        try:
            cells = _split(source, line, delimiter)
        except ScenarioError:
            continue  # reported with its row
        if len(cells) > index and cells[index]:
            return False
    return True


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
    return [composed(cell.strip()) for cell in cells]


def _row_faults(table: CsvTable, line: int, cells: list[str]) -> Iterable[Fault]:
    """Yield what is wrong with a row."""
    width = len(table.columns)
    if len(cells) > width and not any(cells[width:]):
        cells = cells[:width]
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
        elif table.delimiter == ";" and _THOUSANDS.fullmatch(cell):
            place = _cell(table.source, line, index, table.delimiter)
            problem = "dots may group thousands here, or be a decimal point; write 450000 or 450.0"
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
