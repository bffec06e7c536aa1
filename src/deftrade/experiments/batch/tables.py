"""The merged tables of a batch, in canonical order, gathered a replicate at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.experiments.batch.trajectories import described
from deftrade.files.hashing import StreamedHash
from deftrade.files.tables import parquet_options, write_table
from deftrade.files.writing import whole_file
from deftrade.results.indicators import INDICATORS

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from deftrade.experiments.batch.replicate import Outcome

NAMES = ("indicators", "courses", "status")
"""Tables of every batch."""

_GROUP = 1 << 12
"""Rows that a Parquet file takes at a time; fewer wait in memory."""

_PIECES = 64
"""Pieces that wait as they came; a piece of one row takes as much memory as one of a hundred."""

UNHASHED = ("seconds", "error")
"""Columns of the status that differ between equal batches."""

_UNITS = {indicator.name: indicator.unit for indicator in INDICATORS}


class Tables:
    """Gathers outcomes into tables; see `Tables.add`.

    Parameters
    ----------
    sinks : mapping of str to callable
        For each table of `NAMES`, what takes its next rows.
    """

    def __init__(self, sinks: Mapping[str, Any]) -> None:
        self._sinks = sinks
        self._hashes = {name: StreamedHash() for name in NAMES}

    def add(self, outcome: Outcome) -> None:
        """Add an outcome's rows to every table, and to the tables' hashes."""
        for name, piece in _pieces(outcome):
            hashed = piece.drop_columns(UNHASHED) if name == "status" else piece
            self._hashes[name].update(hashed)
            self._sinks[name](piece)

    def content(self) -> dict[str, str]:
        """Return the hash of every table's values; of the status, without times and faults."""
        return {name: state.hexdigest() for name, state in self._hashes.items()}


def in_memory(outcomes: Iterable[Outcome]) -> tuple[dict[str, pa.Table], dict[str, str]]:
    """Return the tables of outcomes in canonical order, and the hashes of their values."""
    pieces: dict[str, list[pa.Table]] = {name: [] for name in NAMES}
    tables = Tables({name: kept.append for name, kept in pieces.items()})
    for outcome in outcomes:
        tables.add(outcome)
    return {name: joined(name, kept) for name, kept in pieces.items()}, tables.content()


def to_folder(outcomes: Iterable[Outcome], folder: Path) -> dict[str, str]:
    """Write the tables of outcomes in canonical order and return the hashes of their values."""
    with ExitStack() as stack:
        writers = {}
        for name in NAMES:
            partial = stack.enter_context(whole_file(folder / f"{name}.parquet"))
            writers[name] = stack.enter_context(_Writer(partial, schema(name)))
        tables = Tables({name: writer.take for name, writer in writers.items()})
        for outcome in outcomes:
            tables.add(outcome)
    import pyarrow.parquet

    status = pyarrow.parquet.read_table(folder / "status.parquet")
    with whole_file(folder / "status.csv") as partial:
        # Its ending decides the format, which the hidden name lacks.
        named = partial.with_name(f"{partial.name}.csv")
        write_table(status, named)
        named.replace(partial)
    return tables.content()


def schema(name: str) -> pa.Schema:
    """Return the columns of a table, with units and meanings in field metadata."""
    import pyarrow as pa

    word, whole, number = pa.string(), pa.int64(), pa.float64()
    own: list[tuple[str, Any, str, str]] = [
        ("cell", word, "", "Name of the scenario within the batch"),
        ("run", whole, "", "Run index; equal ones have equal seeds in all cells"),
        ("seed", whole, "", "The run's luck"),
    ]
    if name == "courses":
        timed = {"row": whole, "date": word, "year": whole, "state": word}
        own += [
            (column, timed.get(column, number), facts["unit"], facts["meaning"])
            for column, facts in described().items()
        ]
    elif name == "indicators":
        own += [
            ("indicator", word, "", "Name of the indicator"),
            ("value", number, "", "Value, in the unit beside it"),
            ("unit", word, "", "Unit of the value"),
        ]
    else:
        own += [
            ("status", word, "", "done or failed"),
            ("seconds", number, "", "Time that the run took, s"),
            ("residual", number, "1", "Largest residual of any law, relative to turnover"),
            ("content", word, "", "Hash of the run's values"),
            ("error", word, "", "Last line of a failed run's traceback"),
        ]
    return pa.schema(
        [pa.field(column, kind, metadata={"unit": unit, "meaning": told}) for column, kind, unit, told in own]
    )


class _Writer:
    """Writes pieces to a Parquet file in groups of some size, so that few rows are in memory."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        import pyarrow.parquet

        words = [field.name for field in schema if str(field.type) == "string"]
        options = parquet_options(schema) | {"use_dictionary": words}
        self._writer = pyarrow.parquet.ParquetWriter(path, schema, **options)
        self._schema = schema
        self._held: list[pa.Table] = []
        self._rows = 0

    def __enter__(self) -> _Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        self._writer.close()

    def take(self, piece: pa.Table) -> None:
        """Hold rows back until they fill a row group, then write them."""
        self._held.append(piece)
        self._rows += piece.num_rows
        if self._rows >= _GROUP:
            self._flush()
        elif len(self._held) >= _PIECES:
            self._held = [self._whole()]

    def _whole(self) -> pa.Table:
        """Return the rows held back as one table."""
        import pyarrow as pa

        return pa.concat_tables(self._held).combine_chunks()

    def _flush(self) -> None:
        """Write the rows held back as one row group."""
        if self._held:
            rows = self._whole()
            if rows.column_names != self._schema.names:
                raise OutputError(
                    "another version of deftrade played these runs, with other columns: only that one can"
                    " merge them or go on with them"
                )
            self._writer.write_table(rows.cast(self._schema), row_group_size=_GROUP)
        self._held, self._rows = [], 0


def joined(name: str, pieces: list[pa.Table]) -> pa.Table:
    """Return pieces as one table with its declared columns."""
    import pyarrow as pa

    if not pieces:
        return schema(name).empty_table()
    return pa.concat_tables(pieces).combine_chunks().cast(schema(name))


def _pieces(outcome: Outcome) -> Iterator[tuple[str, pa.Table]]:
    """Yield the rows of a replicate in each table."""
    import pyarrow as pa

    if outcome.trajectories is not None:
        names, values = list(outcome.indicators), list(outcome.indicators.values())
        yield (
            "indicators",
            _with_key(
                pa.table({
                    "indicator": pa.array(names, pa.string()),
                    "value": pa.array(values, pa.float64()),
                    "unit": pa.array([_UNITS[indicator] for indicator in names], pa.string()),
                }),
                outcome,
            ),
        )  # fmt: skip
        yield "courses", _with_key(outcome.trajectories, outcome)
    row = {
        "status": pa.array(["done" if outcome.ok else "failed"]),
        "seconds": pa.array([outcome.seconds], pa.float64()),
        "residual": pa.array([outcome.residual], pa.float64()),
        "content": pa.array([outcome.content]),
        "error": pa.array([outcome.reason]),
    }
    yield "status", _with_key(pa.table(row), outcome)


def _with_key(table: pa.Table, outcome: Outcome) -> pa.Table:
    """Return rows with the columns in front that say which replicate they are of."""
    import pyarrow as pa

    count = table.num_rows
    for place, (name, value) in enumerate(
        (("cell", outcome.cell), ("run", outcome.run), ("seed", outcome.seed))
    ):
        table = table.add_column(place, name, pa.repeat(value, count))
    return table
