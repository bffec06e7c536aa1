"""The runs of a batch side by side: arrays in which row ``k`` of every cell has the same luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.experiments.batch.trajectories import WHEN_AND_WHO

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.experiments.batch.result import BatchResult


@dataclass(frozen=True)
class Trajectories:
    """How the focus state went in every run.

    Parameters
    ----------
    dates : tuple of str
        Labels of the rows, the opening first.
    years : (rows,) int
        Their calendar years; of the opening, the year before the first.
    times : (rows,) float
        Decimal years at their close.
    columns, units : tuple of str
        Quantities.
    values : dict of str to (runs, rows, columns) float
        By cell; nan where a run failed.
    """

    dates: tuple[str, ...]
    years: NDArray[np.int64]
    times: Float
    columns: tuple[str, ...]
    units: tuple[str, ...]
    values: dict[str, Float]


def indicators_by_run(result: BatchResult, names: tuple[str, ...]) -> dict[str, Float]:
    """Return indicators by cell, ``(runs, k)`` float; nan where a run failed.

    Parameters
    ----------
    result : BatchResult
        A whole batch.
    names : tuple of str
        Which indicators, in which order.
    """
    table = result.table("indicators")
    column, known = _codes(table, "indicator", names)
    place = {name: np.full((result.runs, len(names)), np.nan) for name in result.cells}
    value, run = table["value"].to_numpy(), table["run"].to_numpy()
    cell, _ = _codes(table, "cell", result.cells)
    for code, name in enumerate(result.cells):
        mine = known & (cell == code)
        place[name][run[mine], column[mine]] = value[mine]
    return place


def trajectories_by_run(result: BatchResult) -> Trajectories:
    """Return the trajectories of each cell's focus state, run by run."""
    table = result.table("courses")
    columns = tuple(name for name in table.column_names if name not in (*WHEN_AND_WHO, "cell", "run", "seed"))
    focus = {cell["name"]: cell["focus"] for cell in result.plan["cells"]}
    cell, _ = _codes(table, "cell", result.cells)
    state, _ = _codes(table, "state", tuple(dict.fromkeys(focus.values())))
    states = list(dict.fromkeys(focus.values()))
    run, row = table["run"].to_numpy(), table["row"].to_numpy()
    rows = int(row.max(initial=-1)) + 1
    numbers = np.stack([table[name].to_numpy() for name in columns], axis=1)
    values = {}
    for code, name in enumerate(result.cells):
        mine = (cell == code) & (state == states.index(focus[name]))
        values[name] = np.full((result.runs, rows, len(columns)), np.nan)
        values[name][run[mine], row[mine]] = numbers[mine]
    return Trajectories(*_axis(table, rows), columns, _units(table, columns), values)


def _axis(table: pa.Table, rows: int) -> tuple[tuple[str, ...], NDArray[np.int64], Float]:
    """Return the labels, calendar years and closes of rows."""
    row = table["row"].to_numpy()
    first = np.searchsorted(np.sort(row), np.arange(rows))
    order = np.argsort(row, kind="stable")[first]
    dates = table["date"].take(order).to_pylist()
    return tuple(dates), table["year"].to_numpy()[order], table["time"].to_numpy()[order]


def _units(table: pa.Table, columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the units of columns."""
    return tuple((table.schema.field(name).metadata or {}).get(b"unit", b"").decode() for name in columns)


def _codes(table: pa.Table, column: str, words: tuple[str, ...]) -> tuple[Any, Any]:
    """Return the place of a column's words in a list, and which of them are in it."""
    import pyarrow as pa
    import pyarrow.compute

    found = pyarrow.compute.index_in(table[column], value_set=pa.array(words, pa.string()))
    codes = found.fill_null(-1).to_numpy()
    return codes, codes >= 0
