"""Tables as sheets of one Excel workbook, read back with the same values.

A workbook is written here and not by a library: those at hand keep 16 digits of a number where its
bits need 17, take text that begins with ``=`` for a formula, and date what they write.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from deftrade.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

MOST_ROWS = 1_048_576
"""Rows of a sheet that Excel opens, the headings among them."""

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EMPTY = "<c/>"
_EXACT = 2**53
_IDS = re.compile("-?[0-9]{1,20}")
"""Whole numbers that Excel would round, ids are such, stand as text, a column at a time."""


def write_workbook(sheets: Mapping[str, pa.Table], path: Path) -> None:
    """Write tables as sheets; text is text whatever it begins with, and what is missing is empty.

    Parameters
    ----------
    sheets : mapping of str to Table
        Tables by the names of their sheets, at most `MOST_ROWS` with the headings.
    path : Path
        The file.
    """
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, text in _frame_of(list(sheets)).items():
            file.writestr(_member(name), _HEAD + text)
        for number, table in enumerate(sheets.values(), start=1):
            with file.open(_member(f"xl/worksheets/sheet{number}.xml"), "w") as sheet:
                sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                for row in _rows(table):
                    sheet.write(f"<row>{row}</row>".encode())
                sheet.write(b"</sheetData></worksheet>")


def read_sheet(path: Path, name: str) -> pd.DataFrame:
    """Return a sheet of a workbook.

    Raises
    ------
    OutputError
        There is no such sheet, the file is no workbook, or the reader of workbooks is not installed.
    """
    import pandas as pd

    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise OutputError(f"{path}: workbooks need openpyxl: pip install 'deftrade[xlsx]'") from error
    try:
        book = load_workbook(path, read_only=True)
    except (OSError, BadZipFile, KeyError, ValueError) as error:
        raise OutputError(f"{path} is no whole workbook") from error
    try:
        if name not in book.sheetnames:
            raise OutputError(f"{path}: no sheet {name!r}; there are {', '.join(book.sheetnames)}")
        heads, *rows = book[name].iter_rows(values_only=True)
        columns = map(_whole, zip(*rows, strict=True)) if rows else ([] for _ in heads)
        return pd.DataFrame(dict(zip(map(str, heads), columns, strict=True)))
    finally:
        book.close()


def _whole(values: tuple[Any, ...]) -> list[Any]:
    """Return a column of a sheet, with whole numbers for those that stand as text."""
    said = [value for value in values if value is not None]
    if not all(isinstance(value, str) and _IDS.fullmatch(value) for value in said):
        return list(values)
    whole = [value if value is None else int(value) for value in values]
    return whole if any(value and abs(value) > _EXACT for value in whole) else list(values)


def sheet_names(path: Path) -> list[str]:
    """Return the names of the sheets of a workbook that `write_workbook` wrote."""
    from xml.etree import ElementTree

    try:
        with ZipFile(path) as file:
            book = ElementTree.fromstring(file.read("xl/workbook.xml"))
    except (OSError, BadZipFile, KeyError, ElementTree.ParseError) as error:
        raise OutputError(f"{path} is no whole workbook") from error
    return [str(sheet.get("name")) for sheet in book.iter(f"{{{_MAIN}}}sheet")]


def _member(name: str) -> ZipInfo:
    """Return a part of a workbook, dated alike whenever it is written."""
    part = ZipInfo(name)
    part.compress_type = ZIP_DEFLATED
    return part


def _frame_of(names: list[str]) -> dict[str, str]:
    """Return the parts of a workbook that say which sheets it has."""
    kinds, sheets, links = [], [], []
    for number, name in enumerate(names, start=1):
        part = f"worksheets/sheet{number}.xml"
        kinds.append(f'<Override PartName="/xl/{part}" ContentType="{_SHEET}.worksheet+xml"/>')
        sheets.append(f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>')
        links.append(f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="{part}"/>')
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
        f"{''.join(kinds)}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{''.join(sheets)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{''.join(links)}</Relationships>",
    }


def _rows(table: pa.Table) -> Iterator[str]:
    """Yield the cells of the headings, then those of every row."""
    yield "".join(map(_text, table.column_names))
    yield from map("".join, zip(*map(_cells, table.columns), strict=True))


def _cells(column: pa.ChunkedArray) -> list[str]:
    """Return the cells of a column."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind) or pa.types.is_string(kind):
        words = column.cast(pa.string()).to_pylist()
        cells = {word: _text(word) for word in set(words)}
        return [cells[word] for word in words]
    values = column.to_pylist()
    if pa.types.is_boolean(kind):
        return [_EMPTY if value is None else f'<c t="b"><v>{value:d}</v></c>' for value in values]
    if pa.types.is_integer(kind) and any(value is not None and abs(value) > _EXACT for value in values):
        return [_text(None if value is None else str(value)) for value in values]
    return [_EMPTY if _is_missing(value) else f"<c><v>{value!r}</v></c>" for value in values]


def _is_missing(value: Any) -> bool:
    """Return whether a number is missing, or not a number."""
    return value is None or value != value


def _text(word: str | None) -> str:
    """Return the cell of a word."""
    if not word:
        return _EMPTY
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(word)}</t></is></c>'
