"""How the states of a run went over time, as one tidy Arrow table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables import States
from deftrade.errors import ExperimentError
from deftrade.results.frames import Added
from deftrade.results.indicators import focus_row
from deftrade.results.record import recorded_columns
from deftrade.results.timing import DATE, WHEN

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.core.table import Column
    from deftrade.results.results import Results


WHEN_AND_WHO = (*(column.name for column in WHEN), States.single)
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
        Columns ``row, date, year, time, state``, then every recorded column of states.
    """
    import pyarrow as pa

    names = results.world.names.states
    states = list(range(len(names))) if keep.states == "all" else [focus_row(results)]
    per_row, dates, closed = _axis(results, keep)
    calendar = results.scenario.calendar
    count = len(dates)
    row = np.repeat(np.arange(count), len(states))
    arrays = [
        _numbers(row),
        _words([date for date in dates for _ in states]),
        _numbers(calendar.years(closed)[row]),
        _numbers(calendar.closes(closed)[row]),
        _words([names[state] for _ in dates for state in states]),
    ]
    columns = results.record.columns["states"]
    for column in columns:
        values = results.record.series("states", column.name)[:, states]
        arrays.append(_numbers(_thinned(values, per_row, column.aggregation).ravel()))
    return pa.Table.from_arrays(arrays, names=[*WHEN_AND_WHO, *(column.name for column in columns)])


def described() -> dict[str, dict[str, str]]:
    """Return unit, kind, meaning and aggregation of every column of trajectories."""
    who = Added(States.single, "", "identity", States.single.capitalize())
    date = replace(DATE, meaning="Year or step in which flows fell and at whose close stocks were taken")
    facts = {
        own.name: {key: getattr(own, key) for key in ("unit", "kind", "meaning", "aggregation")}
        for own in (*(date if column is DATE else column for column in WHEN), who)
    }
    return facts | {column.name: _facts(column) for column in recorded_columns(States)}


def _facts(column: Column[Any]) -> dict[str, str]:
    """Return unit, kind, meaning and aggregation that a column declares."""
    way = "sum" if column.kind in ("stock", "flow") else "mean"
    meaning = f"{column.meaning}; {way} of categories" if column.axes else column.meaning
    return {"unit": column.unit, "kind": column.kind, "meaning": meaning, "aggregation": column.aggregation}


def _axis(results: Results, keep: Keep) -> tuple[int, list[str], NDArray[np.int64]]:
    """Return recorded rows to a kept one, and labels of the kept rows and the computed steps before them."""
    calendar, steps = results.scenario.calendar, np.array(results.record.steps)
    is_thin = results.scenario.outputs.every == "year"
    if keep.every == "step" and not is_thin:
        return 1, results.dates(), steps
    per_row = 1 if is_thin else calendar.rows_per_year
    closed = steps[::per_row]
    return per_row, ["opening", *map(str, calendar.years(closed)[1:].tolist())], closed


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
