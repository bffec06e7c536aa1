"""Tables of results for files: units and meanings travel along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from deftrade.files.manifests import OUTPUT_FORMAT
from deftrade.record import ON_REQUEST, SERIES
from deftrade.results import RECORDS
from deftrade.tables import Applications, Contracts, Decisions, Dyads, Obligations, Postings, Tenders
from deftrade.tiv import VOLUME

if TYPE_CHECKING:
    from deftrade.results import Results
    from deftrade.table import Column, Table

_HOMES: dict[str, type[Table]] = {
    **SERIES,
    **ON_REQUEST,
    "flows": Dyads,
    "accounts": Postings,
    "contracts": Contracts,
    "licences": Applications,
    "decisions": Decisions,
    "tenders": Tenders,
    "obligations": Obligations,
}

_TIME = ("row", "date", "year")

_ADDED = {
    "row": ("count", "identity", "Kept row of the series: 0 is the opening"),
    "date": ("", "date", "Step in which flows fell and at whose close stocks were taken"),
    "year": ("year", "date", "Decimal year at the close of the step"),
    "number": ("id", "identity", "Row number, by which other tables refer to this one"),
    "state": ("", "identity", "State"),
    "firm": ("", "identity", "Firm"),
    "alliance": ("", "identity", "Alliance"),
    "exporter": ("", "identity", "Exporting state"),
    "importer": ("", "identity", "Importing state"),
    "category": ("", "identity", "What was delivered"),
    "contract": ("id", "identity", "Number in contracts"),
    "volume": ("CU", "flow", VOLUME),
    "indicator": ("", "identity", "Name of the indicator"),
    "value": ("", "index", "Value of the indicator, in the unit beside it"),
    "unit": ("", "identity", "Unit of the value"),
    "scope": ("", "identity", "Whether the value is of the focus state or of the world"),
    "meaning": ("", "identity", "What the value is"),
    "item": ("", "identity", "What was paid for; change_in_balance is what was kept, sign turned"),
    "government": ("MUSD", "flow", "Received less paid by governments"),
    "firms": ("MUSD", "flow", "Received less paid by defence firms"),
    "households": ("MUSD", "flow", "Received less paid by households"),
    "civil": ("MUSD", "flow", "Received less paid by civil industry"),
    "finance": ("MUSD", "flow", "Received less paid by lenders"),
    "abroad": ("MUSD", "flow", "Received less paid by all other states, in dealings with this one"),
}
"""Unit, kind and meaning of columns that are not declared in `deftrade.tables`."""


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
    series = [name for name in (*SERIES, *ON_REQUEST, "flows") if name in results.scenario.outputs.series]
    return [*series, *RECORDS, "indicators"]


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
    """Return a data dictionary as a table."""
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
    declared, part = _declaration(name, column)
    if declared is None:
        unit, kind, meaning = _ADDED[column]
        return Entry(name, column, unit, kind, meaning, "sum" if kind == "flow" else "last")
    unit, meaning = declared.unit, declared.meaning
    if isinstance(values.dtype, pd.CategoricalDtype):
        unit = ""
        meaning = re.sub("; -1 (for )?", "; empty means ", meaning)
        if meaning.startswith("Code of"):
            meaning = f"One of {', '.join(map(str, values.cat.categories))}"
    if name == "flows":
        meaning = meaning.replace("row state", "exporter").replace("column state", "importer")
    if part:
        meaning = f"{meaning} ({part.replace('_', ' ')})"
    elif name in SERIES and declared.axes:
        way = "sum" if declared.kind in ("stock", "flow") else "mean"
        meaning = f"{meaning}; {way} of categories"
    return Entry(name, column, unit, declared.kind, meaning, declared.aggregation)


def _declaration(name: str, column: str) -> tuple[Column[Any] | None, str]:
    """Return the declaration behind a column of results, and the part of an axis it shows."""
    if name not in _HOMES or (column in _TIME and name in (*SERIES, *ON_REQUEST, "flows")):
        return None, ""
    declared = {item.name: item for item in _HOMES[name].columns}
    if column in declared:
        return declared[column], ""
    for item in declared.values():
        if item.axes and column.startswith(f"{item.name}_"):
            return item, column.removeprefix(f"{item.name}_")
    return None, ""
