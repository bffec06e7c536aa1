"""Tables of results for files: units and meanings travel along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from deftrade.core.tables import FLOWS, SERIES
from deftrade.files.manifests import OUTPUT_FORMAT
from deftrade.results.frames import Added
from deftrade.results.outputs import OUTPUTS, output

if TYPE_CHECKING:
    from deftrade.core.table import Column
    from deftrade.results.outputs import Output
    from deftrade.results.results import Results

DICTIONARY = "data_dictionary.csv"
"""File of a result that says what every column is."""


@dataclass(frozen=True)
class Entry:
    """One row of the data dictionary.

    Parameters
    ----------
    table, column : str
        Where the column stands.
    unit : str
        Unit; empty for words and dates.
    kind : str
        stock, flow, rate, share, index, identity or date.
    meaning : str
        What it is.
    aggregation : str
        How values of several steps combine: last, sum or mean.
    """

    table: str
    column: str
    unit: str
    kind: str
    meaning: str
    aggregation: str


def output_names(results: Results) -> list[str]:
    """Return the names of the tables of a result: its series, the records, the indicators."""
    asked = results.scenario.outputs.series
    return [each.name for each in OUTPUTS if each.name in asked or not each.is_series]


def arrow_table(results: Results, name: str) -> pa.Table:
    """Return a table of results with unit, kind, meaning and aggregation in field metadata.

    Parameters
    ----------
    results : Results
        A finished run.
    name : str
        One of `output_names`.
    """
    frame = results.to_frame(name)
    fields, arrays = [], []
    for column in frame.columns:
        array = _array(frame[column])
        entry = _entry(name, column, frame[column])
        notes = {key: getattr(entry, key) for key in ("unit", "kind", "meaning", "aggregation")}
        fields.append(pa.field(column, array.type, metadata=notes))
        arrays.append(array)
    about = {"deftrade_output": str(OUTPUT_FORMAT), "table": name}
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=about))


def dictionary(tables: dict[str, pa.Table]) -> list[Entry]:
    """Return the data dictionary of tables, read off their metadata."""
    return [
        Entry(name, field.name, **{key.decode(): note.decode() for key, note in notes.items()})
        for name, table in tables.items()
        for field in table.schema
        for notes in (field.metadata,)
    ]


def entries_table(entries: list[Entry]) -> pa.Table:
    """Return a data dictionary as an Arrow table, a row an entry."""
    return pa.Table.from_pylist([vars(entry) for entry in entries])


def _array(values: pd.Series[Any]) -> pa.Array:
    """Return a frame's column as an Arrow array; words become a dictionary."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes = values.cat.codes.to_numpy(dtype=np.int32)
        words = pa.array(values.cat.categories.astype(str).tolist(), type=pa.string())
        indices = pa.array(codes, mask=codes < 0)
        return pa.DictionaryArray.from_arrays(indices, words, ordered=bool(values.cat.ordered))
    if values.dtype.kind in "biuf":
        return pa.array(values.to_numpy(), from_pandas=True)
    return pa.array(values.tolist(), type=pa.string())


def _entry(name: str, column: str, values: pd.Series[Any]) -> Entry:
    """Return the dictionary entry of a column of a frame."""
    declared, part = _declaration(output(name), column)
    unit, meaning = declared.unit, declared.meaning
    if isinstance(declared, Added):
        return Entry(name, column, unit, declared.kind, meaning, declared.aggregation)
    if isinstance(values.dtype, pd.CategoricalDtype):
        unit = ""
        meaning = re.sub("; -1 (for )?", "; empty means ", meaning)
        if declared.codes is not None:
            meaning = f"One of {', '.join(map(str, values.cat.categories))}"
    if name in FLOWS:
        meaning = meaning.replace("row state", "exporter").replace("column state", "importer")
    if part:
        meaning = f"{meaning} ({part.replace('_', ' ')})"
    elif name in SERIES and declared.axes:
        way = "sum" if declared.kind in ("stock", "flow") else "mean"
        meaning = f"{meaning}; {way} of categories"
    return Entry(name, column, unit, declared.kind, meaning, declared.aggregation)


def _declaration(of: Output, column: str) -> tuple[Column[Any] | Added, str]:
    """Return the declaration behind a column of results, and the part of an axis it shows."""
    for added in of.added:
        if added.name == column:
            return added, ""
    declared = of.table.by_name if of.table else {}
    if column in declared:
        return declared[column], ""
    return next(
        (item, column.removeprefix(f"{item.name}_"))
        for item in declared.values()
        if item.axes and column.startswith(f"{item.name}_")
    )
