"""The first sheet of an Excel workbook as the CSV text that it would be saved as."""

from __future__ import annotations

import csv
import io
import warnings
import zlib
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from deftrade.errors import ScenarioError
from deftrade.scenario.yaml.files import Source, display, on_disk, read_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from deftrade.scenario.yaml.places import Position

MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
_DAMAGED = (
    BadZipFile, zlib.error, OSError, EOFError, LookupError, ValueError, TypeError, AttributeError,
    SyntaxError, ArithmeticError, RuntimeError,
)  # fmt: skip
"""What the libraries beneath raise of a file that is no whole workbook, or an encrypted one."""
_ADVICE = "leave out rows, columns and sheets that the scenario does not need"


def read_workbook(path: Path, reference: Position) -> Source:
    """Read the first sheet of a workbook; faults name its rows as lines.

    Raises
    ------
    ScenarioError
        The file is missing, too large or no workbook, or the reader of workbooks is not installed.
    """
    path = on_disk(path)
    data = read_bytes(path, MAX_BYTES, _ADVICE, reference)
    try:
        rows = _rows(data)
    except ImportError as error:
        problem = "workbooks need openpyxl: pip install 'deftrade[xlsx]', or save the sheet as CSV"
        raise ScenarioError([reference.fault(problem)]) from error
    except _DAMAGED as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        problem = f"{display(path)} is no workbook that can be read: {reason}"
        raise ScenarioError([reference.fault(problem)]) from error
    lines = tuple(_line(row) for row in rows) or ("",)
    return Source(path, display(path), "\n".join(lines), lines, sha256(data).hexdigest())


def _rows(data: bytes) -> list[tuple[Any, ...]]:
    """Return the values of the first sheet's cells."""
    from openpyxl import load_workbook  # an extra, and few worlds use it

    with ZipFile(io.BytesIO(data)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED:
            raise ValueError(f"it unpacks to more than {MAX_UNPACKED // 1_000_000} MB")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and validations, which are of no account here
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            if not book.worksheets:
                raise ValueError("it has no sheet")
            return list(book.worksheets[0].iter_rows(values_only=True))
        finally:
            book.close()


def _line(row: tuple[Any, ...]) -> str:
    """Return the cells of a row as a line of CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([_text(cell) for cell in row])
    return text.getvalue() if any(cell is not None for cell in row) else ""


def _text(cell: Any) -> str:
    """Return a cell as text on one line."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())
