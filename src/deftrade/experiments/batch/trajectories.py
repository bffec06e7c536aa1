"""How the states of a run went over time, as one tidy Arrow table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables import States
from deftrade.errors import ExperimentError
from deftrade.results.indicators import focus_row
from deftrade.results.record import recorded_columns

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.core.table import Column
    from deftrade.results.results import Results


TIME = ("row", "date", "year", "state")
"""Columns that say when and who; those of `deftrade.core.tables.States` follow."""

STATES_KEPT = ("focus", "all")
EVERY = ("year", "step")


@dataclass(frozen=True)
class Keep:
    """What is kept of every run beside its indicators.

    Parameters
    ----------
    states : str
        ``focus`` keeps the trajectories of the scenario's focus state, ``all`` those of every state.
    every : str
        ``year`` or ``step``.
    """

    states: str = "focus"
    every: str = "year"

    def __post_init__(self) -> None:
        for name, allowed in (("states", STATES_KEPT), ("every", EVERY)):
            if getattr(self, name) not in allowed:
                raise ExperimentError(
                    f"what is kept, {name}: found {getattr(self, name)!r}; allowed: {', '.join(allowed)}"
                )


def trajectories(results: Results, keep: Keep) -> pa.Table:
    """Return the kept trajectories of a run, one row a date and state, the opening first.

    Parameters
    ----------
    results : Results
        A finished run.
    keep : Keep
        Of whom, and how often. By year, flows are summed, stocks are taken at the close and
        everything else is averaged, as columns declare.

    Returns
    -------
    pyarrow.Table
        Columns ``row, date, year, state``, then every recorded column of states.
    """
    import pyarrow as pa

    names = results.world.names.states
    states = list(range(len(names))) if keep.states == "all" else [focus_row(results)]
    per_row, dates, years = _axis(results, keep)
    count = len(dates)
    row = np.repeat(np.arange(count), len(states))
    arrays = [
        _numbers(row),
        _words([date for date in dates for _ in states]),
        _numbers(years[row]),
        _words([names[state] for _ in dates for state in states]),
    ]
    columns = results.record.columns["states"]
    for column in columns:
        values = results.record.series("states", column.name)[:, states]
        arrays.append(_numbers(_thinned(values, per_row, column.aggregation).ravel()))
    return pa.Table.from_arrays(arrays, names=[*TIME, *(column.name for column in columns)])


def described() -> dict[str, dict[str, str]]:
    """Return unit, kind, meaning and aggregation of every column of trajectories."""
    own = {
        "row": ("count", "identity", "Kept row: 0 is the opening"),
        "date": ("", "date", "Year or step in which flows fell and at whose close stocks were taken"),
        "year": ("year", "date", "Decimal year at the close of the date"),
        "state": ("", "identity", "State"),
    }
    facts = {
        name: {"unit": unit, "kind": kind, "meaning": meaning, "aggregation": "last"}
        for name, (unit, kind, meaning) in own.items()
    }
    return facts | {column.name: _facts(column) for column in recorded_columns(States)}


def _facts(column: Column[Any]) -> dict[str, str]:
    """Return unit, kind, meaning and aggregation that a column declares."""
    way = "sum" if column.kind in ("stock", "flow") else "mean"
    meaning = f"{column.meaning}; {way} of categories" if column.axes else column.meaning
    return {"unit": column.unit, "kind": column.kind, "meaning": meaning, "aggregation": column.aggregation}


def _axis(results: Results, keep: Keep) -> tuple[int, list[str], Float]:
    """Return recorded rows to a kept one, and labels and closing years of the kept rows."""
    calendar, steps = results.scenario.calendar, np.array(results.record.steps)
    is_thin = results.scenario.outputs.every == "year"
    if keep.every == "step" and not is_thin:
        return 1, results.dates(), calendar.start + steps / calendar.steps_per_year
    per_row = 1 if is_thin else calendar.rows_per_year
    years = calendar.start + np.arange((len(steps) - 1) // per_row + 1, dtype=np.float64)
    labels = ["opening", *(str(int(year) - 1) for year in years[1:])]
    return per_row, labels, years


def _thinned(values: Float, per_row: int, aggregation: str) -> Float:
    """Return the opening and then one row for so many recorded ones."""
    if per_row == 1:
        return values
    grouped = values[1:].reshape(-1, per_row, values.shape[1])
    if aggregation == "last":
        later = grouped[:, -1]
    else:
        later = grouped.sum(axis=1) if aggregation == "sum" else grouped.mean(axis=1)
    return np.concatenate((values[:1], later))


def _numbers(values: NDArray[Any]) -> pa.Array:
    """Return numbers as an Arrow array; from the buffer, as `pyarrow.array` would load pandas."""
    import pyarrow as pa

    plain = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(plain.dtype), len(plain), [None, pa.py_buffer(plain)])


def _words(words: list[str]) -> pa.Array:
    """Return words as an Arrow array, without loading pandas."""
    import pyarrow as pa

    encoded = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(words), pa.py_buffer(ends), pa.py_buffer(b"".join(encoded)))
