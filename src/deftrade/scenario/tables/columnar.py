"""Parquet tables under the guard of all input: sizes are read from the file's own account before its rows."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from deftrade.scenario.yaml.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa
    from pyarrow.parquet import FileMetaData, ParquetFile

    from deftrade.scenario.yaml.places import Position

MAX_BYTES = 100_000_000
MAX_UNPACKED = 400_000_000
MAX_ROWS = 1_000_000
MAX_COLUMNS = 500
MAX_CELLS = 12_000_000
LONGEST_TEXT = 1000
"""Most bytes of a text in a cell; a column of one long text is small in a file and large in memory."""
_BATCH = 4096
_ADVICE = "leave out rows and columns that the scenario does not need"


def read_parquet(path: Path, reference: Position) -> tuple[list[dict[str, Any]], str]:
    """Return the rows of a table and the SHA-256 of its file.

    Raises
    ------
    ScenarioError
        The file is missing, no file, or too large.
    ValueError
        It is no Parquet, or larger than the bounds when unpacked.
    """
    from pyarrow import ArrowException, parquet  # heavy, and few worlds use it

    data = read_bytes(path, MAX_BYTES, _ADVICE, reference)
    try:
        table = parquet.ParquetFile(io.BytesIO(data))
        _check(table.metadata)
        words = [column.path for column in table.schema if column.physical_type == "BYTE_ARRAY"]
        table = parquet.ParquetFile(io.BytesIO(data), read_dictionary=words)
        return list(_rows(table)), sha256(data).hexdigest()
    except (ArrowException, OSError) as error:
        raise ValueError(str(error) or "it is damaged") from error


def _check(said: FileMetaData) -> None:
    """Refuse a file that says itself that it is too large."""
    groups = [said.row_group(place) for place in range(said.num_row_groups)]
    chunks = [group.column(place) for group in groups for place in range(group.num_columns)]
    for what, found, most in (
        ("rows", said.num_rows, MAX_ROWS),
        ("columns", said.num_columns, MAX_COLUMNS),
        ("cells", sum(chunk.num_values for chunk in chunks), MAX_CELLS),
        ("bytes when unpacked", sum(chunk.total_uncompressed_size for chunk in chunks), MAX_UNPACKED),
    ):
        if found > most:
            raise ValueError(f"it has {found:,} {what}; allowed: at most {most:,}")


def _rows(table: ParquetFile) -> Iterator[dict[str, Any]]:
    """Yield the rows, after a look at how long their texts are while each stands once."""
    for batch in table.iter_batches(_BATCH):
        for column in batch.columns:
            _check_texts(column)
        yield from batch.to_pylist()


def _check_texts(column: pa.Array) -> None:
    """Refuse texts that would take too much memory once they are spelt out."""
    import pyarrow as pa
    from pyarrow import compute

    kind = column.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        _check_texts(column.flatten())
    elif pa.types.is_struct(kind):
        raise ValueError("a cell holds a table of its own")
    elif pa.types.is_dictionary(kind):
        _check_texts(column.dictionary)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind):
        longest = compute.max(compute.binary_length(column)).as_py() or 0
        if longest > LONGEST_TEXT:
            raise ValueError(f"a text has {longest:,} bytes; allowed: at most {LONGEST_TEXT:,}")
