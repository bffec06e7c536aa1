"""The columns that say when a row was, declared once, and how results of format 1 said it.

Format 1 had no ``time``: its ``year`` was the decimal close, so that the whole part of it was off by one at
every year's end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.results.frames import Added

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    import pyarrow as pa

ROW = Added("row", "count", "identity", "Kept row of the series: 0 is the opening")
DATE = Added("date", "", "date", "Step in which flows fell and at whose close stocks were taken")
YEAR = Added(
    "year", "year", "date", "Calendar year of the date, whole; of the opening, the year before the first step"
)
TIME = Added("time", "year", "date", "Decimal year at the close of the date; of the opening, at its start")

WHEN = (ROW, DATE, YEAR, TIME)
"""Columns with which every series begins."""


def is_of_format_1(columns: Iterable[str]) -> bool:
    """Return whether columns of a series are those of format 1: its year stands where the time does now."""
    names = set(columns)
    return {DATE.name, YEAR.name} <= names and TIME.name not in names


def table_as_now(table: pa.Table) -> pa.Table:
    """Return a table of any output format with the columns that are written now.

    Examples
    --------
    >>> import pyarrow as pa
    >>> old = pa.table({"date": ["opening", "2025-Q1", "2025-Q4"], "year": [2025.0, 2025.25, 2026.0]})
    >>> table_as_now(old).to_pydict()["year"]
    [2024, 2025, 2025]
    """
    if not is_of_format_1(table.column_names):
        return table
    import pyarrow as pa
    import pyarrow.compute

    place = table.column_names.index(YEAR.name)
    time = table.column(place).cast(pa.float64())
    year = pyarrow.compute.subtract(pyarrow.compute.ceil(time), 1.0).cast(pa.int64())
    described = bool(table.schema.field(place).metadata)
    for offset, (added, values) in enumerate(((YEAR, year), (TIME, time))):
        notes = {"unit": added.unit, "kind": added.kind, "meaning": added.meaning} if described else None
        field = pa.field(added.name, values.type, metadata=notes)
        table = table.add_column(place + 1 + offset, field, values)
    return table.remove_column(place)


def frame_as_now(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame of any output format with the columns that are written now, units and meanings too."""
    if not is_of_format_1(frame.columns):
        return frame
    import numpy as np

    time = frame[YEAR.name].astype(np.float64)
    frame = frame.assign(**{YEAR.name: np.ceil(time).astype(np.int64) - 1})
    frame.insert(list(frame.columns).index(YEAR.name) + 1, TIME.name, time)
    for added in (YEAR, TIME):
        for key in ("unit", "meaning"):
            if f"{key}s" in frame.attrs:
                frame.attrs[f"{key}s"][added.name] = getattr(added, key)
    return frame
