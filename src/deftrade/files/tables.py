"""Arrow tables as files."""

from __future__ import annotations

import re
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.files.workbook import read_sheet, sheet_names

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    import pyarrow as pa


class Format(StrEnum):
    """A format of tables: Parquet, CSV, CSV as Excel opens it unharmed, or one workbook of them all."""

    PARQUET = "parquet"
    CSV = "csv"
    CSV_EXCEL = "csv-excel"
    XLSX = "xlsx"


WORKBOOK = "tables.xlsx"
"""File of a result that holds its tables as sheets."""

_MARK = b"\xef\xbb\xbf"
"""By which Excel knows that a CSV file is UTF-8."""

_STARTS = "[-=+@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""What a formula may begin with, the wide signs of East Asian keyboards among them."""

_RISKY = f"^('*{_STARTS})"
_MADE_SAFE = re.compile(f"^'('*{_STARTS})")


def ending(form: str) -> str:
    """Return how the files of a format end."""
    return "csv" if form == Format.CSV_EXCEL else form


def format_of(folder: Path, files: Collection[str]) -> Format:
    """Return the format in which the tables of a run's folder are written."""
    if WORKBOOK in files:
        return Format.XLSX
    if "contracts.csv" not in files:
        return Format.PARQUET
    return Format.CSV_EXCEL if _is_marked(folder / "contracts.csv") else Format.CSV


def write_table(table: pa.Table, path: Path, *, for_excel: bool = False) -> None:
    """Write a table as Parquet or, by the file's ending, as CSV.

    Parameters
    ----------
    table : Table
        The table.
    path : Path
        The file; its folder is made if it is missing.
    for_excel : bool
        Whether CSV begins with a byte-order mark and text that Excel would take for a formula has an
        apostrophe in front, which `read_csv` takes away again. Numbers are left alone.
    """
    import pyarrow.csv
    import pyarrow.parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix != ".csv":
        pyarrow.parquet.write_table(table, path, **parquet_options(table.schema))
        return
    with path.open("wb") as file:
        file.write(_MARK if for_excel else b"")
        pyarrow.csv.write_csv(_safe(_plain(table)) if for_excel else _plain(table), file)


def find_table(folder: Path, place: str) -> Path | None:
    """Return the file of a folder that holds a table, by its place without ending; None without one."""
    for kind in ("parquet", "csv"):
        if (file := folder / f"{place}.{kind}").is_file():
            return file
    book = folder / WORKBOOK
    return book if book.is_file() and Path(place).name in sheet_names(book) else None


def read_rows(file: Path, name: str, *, is_wordy: bool = False) -> pd.DataFrame:
    """Return a table from its file: Parquet, CSV, or a sheet of a workbook.

    Parameters
    ----------
    file : Path
        From `find_table`.
    name : str
        Name of the table, by which a workbook has its sheet.
    is_wordy : bool
        Whether a cell without text is an empty word rather than a missing value.
    """
    import pandas as pd

    if file.suffix == ".parquet":
        return pd.read_parquet(file)
    if file.suffix == ".csv":
        return read_csv(file, is_wordy=is_wordy)
    sheet = read_sheet(file, name)
    words = [column for column in sheet if not pd.api.types.is_numeric_dtype(sheet[column].dtype)]
    return sheet.fillna(dict.fromkeys(words, "")) if is_wordy else sheet


def read_csv(file: Path, *, is_wordy: bool = False) -> pd.DataFrame:
    """Return a CSV file of `write_table`, whether it was written for Excel or not.

    Arrow reads it, as numbers keep their bits there; with pandas that depends on its version.
    """
    import pyarrow as pa
    import pyarrow.csv

    try:
        with pyarrow.csv.open_csv(file) as opened:
            names = opened.schema.names
        options = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
        )
        table = pyarrow.csv.read_csv(file, convert_options=options)
    except (OSError, pa.ArrowInvalid) as error:
        raise OutputError(f"{file} is no whole table: {str(error).splitlines()[0]}") from error
    is_marked = _is_marked(file)
    columns = [_typed(column, is_marked=is_marked, is_wordy=is_wordy) for column in table.columns]
    frame: pd.DataFrame = pa.table(columns, names=names).to_pandas()
    return frame


def _typed(words: pa.ChunkedArray, *, is_marked: bool, is_wordy: bool) -> pa.ChunkedArray:
    """Return a column of a CSV file as numbers where all of it is, else as words."""
    import pyarrow as pa

    if not is_wordy or words.null_count < len(words):
        for kind in (pa.int64(), pa.uint64(), pa.float64(), pa.bool_()):
            with suppress(pa.ArrowInvalid):
                return words.cast(kind)
    said = words.to_pylist()
    if is_marked:
        said = [word and _MADE_SAFE.sub(r"\1", word) for word in said]
    return pa.chunked_array([pa.array([word or "" for word in said] if is_wordy else said, pa.string())])


def parquet_options(schema: pa.Schema) -> dict[str, Any]:
    """Return the encodings that keep Parquet files of this schema small."""
    import pyarrow as pa

    floats = [field.name for field in schema if pa.types.is_floating(field.type)]
    words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
    return {
        "compression": "zstd",
        "use_dictionary": words,
        "column_encoding": dict.fromkeys(floats, "BYTE_STREAM_SPLIT") or None,
    }


def _plain(table: pa.Table) -> pa.Table:
    """Return a table with dictionaries written out as words."""
    import pyarrow as pa

    fields = [
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))


def _safe(table: pa.Table) -> pa.Table:
    """Return a table in which no text begins as a formula does."""
    import pyarrow as pa
    import pyarrow.compute

    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            safe = pyarrow.compute.replace_substring_regex(table[field.name], _RISKY, r"'\1")
            table = table.set_column(place, field, safe)
    return table


def _is_marked(file: Path) -> bool:
    """Return whether a file begins with a byte-order mark."""
    with file.open("rb") as opened:
        return opened.read(len(_MARK)) == _MARK
