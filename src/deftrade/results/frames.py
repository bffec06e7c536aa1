"""From what a run kept to tidy tables: names and words in place of row numbers and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables import Dyads, Postings
from deftrade.core.tables.codes import CRITERIA
from deftrade.results.record import ACCOUNT_KEYS, OPEN

if TYPE_CHECKING:
    from enum import IntEnum

    import pandas as pd
    from numpy.typing import NDArray

    from deftrade.core.table import Column, Table
    from deftrade.results.run import Kept


@dataclass(frozen=True)
class Added:
    """A column of results that no table of the world declares.

    Parameters
    ----------
    name, unit, kind, meaning : str
        As `deftrade.core.table.Column` has them; the unit is empty for words and dates.
    """

    name: str
    unit: str
    kind: str
    meaning: str

    @property
    def aggregation(self) -> str:
        """How values of several steps combine: last or sum."""
        return "sum" if self.kind == "flow" else "last"


def series(results: Kept, name: str) -> pd.DataFrame:
    """Return a series: one row a kept step and entity, told by its name or by what it refers to."""
    import pandas as pd

    columns = results.record.columns[name]
    arrays = {column.name: results.record.series(name, column.name) for column in columns}
    shape = next(iter(arrays.values())).shape
    row = np.repeat(np.arange(shape[0]), shape[1])
    place = np.tile(np.arange(shape[1]), shape[0])
    frame = pd.DataFrame(
        {
            **_time(results, row),
            **_who(results, getattr(results.world, name), place),
            **(_home(results, place) if name == "firms" else {}),
            **{key: values.ravel() for key, values in arrays.items()},
        }
    )
    present = ~np.isnan(next(iter(arrays.values())).ravel())
    if name == "firms":
        present &= _is_open(results, row, place)
    return _described(frame[present].reset_index(drop=True), columns)


def flows(results: Kept) -> pd.DataFrame:
    """Return flows between states by date, exporter and importer; all-zero rows are left out."""
    import pandas as pd

    kept = results.record.flows()
    names = results.world.names.states
    frame = pd.DataFrame(
        {
            **_time(results, kept["row"]),
            "exporter": _categories(kept["exporter"], categories=names),
            "importer": _categories(kept["importer"], categories=names),
            "exports": kept["exports"],
            "deliveries": kept["deliveries"],
        }
    )
    return _described(frame, (Dyads.exports, Dyads.deliveries))


def accounts(results: Kept) -> pd.DataFrame:
    """Return payments summed by item, sectors and states."""
    import pandas as pd

    names = results.world.names.states
    kept = results.record.accounts(len(names))
    calendar = results.scenario.calendar
    stride = calendar.steps_per_row
    dates = [calendar.label(step) for step in range(-stride, results.world.clock.step, stride)]
    data: dict[str, Any] = {"date": _categories(kept["row"], categories=dates, ordered=True)}
    for key in ACCOUNT_KEYS:
        codes = Postings.by_name[key].codes
        data[key] = _categories(kept[key], categories=names) if codes is None else _decode(kept[key], codes)
    data["amount"] = kept["amount"]
    return _described(pd.DataFrame(data), (Postings.amount,))


def records(results: Kept, table: type[Table]) -> pd.DataFrame:
    """Return a record table of the world as it stands at the end, numbered."""
    import pandas as pd

    rows: Table = getattr(results.world, table.__name__.lower())
    data: dict[str, Any] = {"number": np.arange(len(rows))}
    for column in table.columns:
        data.update(_words(results, column, rows))
    return _described(pd.DataFrame(data), table.columns)


def indicators(results: Kept) -> pd.DataFrame:
    """Return every indicator of the run with value, unit and meaning, a row each."""
    import pandas as pd

    from deftrade.results.indicators import measure

    return pd.DataFrame(
        [
            {
                "indicator": item.name,
                "value": value,
                "unit": item.unit,
                "scope": item.scope,
                "meaning": item.meaning,
            }
            for item, value in measure(results)
        ]
    )


def _time(results: Kept, row: NDArray[np.int64]) -> dict[str, Any]:
    """Return the time columns of kept rows."""
    steps = np.array(results.record.steps)
    calendar = results.scenario.calendar
    dates = _categories(row, categories=results.dates(), ordered=True)
    return {
        "row": row,
        "date": dates,
        "year": calendar.years(steps)[row],
        "time": calendar.closes(steps)[row],
    }


def _who(results: Kept, table: Table, place: NDArray[np.int64]) -> dict[str, Any]:
    """Return the columns that name the entities of a series."""
    names = vars(results.world.names)
    if table.single:
        return {table.single: _categories(place, categories=names[table.section])}
    return {
        column.name: _categories(table.gate.open[column][place], categories=names[column.refers.lower()])
        for column in table.columns
        if column.refers.lower() in names
    }


def _home(results: Kept, place: NDArray[np.int64]) -> dict[str, Any]:
    """Return the home states of firms, and the dates at which they closed."""
    label, closed = results.scenario.calendar.label, results.record.closed()
    steps = np.unique(closed[closed != OPEN])
    dates = [label(int(step) - 1) for step in steps]
    # The computed steps of a year share its label.
    words = list(dict.fromkeys(dates))
    codes = np.array([*map(words.index, dates), -1])[np.searchsorted(steps, closed)]
    return {
        "state": _categories(results.world.firms.home[place], categories=results.world.names.states),
        "closed": _categories(codes[place], categories=words, ordered=True),
    }


def _is_open(results: Kept, row: NDArray[np.int64], place: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which rows of firms are no later than the one in which the firm closed."""
    began = np.array([-1, *results.record.steps[:-1]])
    return np.asarray(began[row] < results.record.closed()[place])


def _words(results: Kept, column: Column[Any], table: Table) -> dict[str, Any]:
    """Return one column in words; a column with an axis becomes several."""
    values = table.gate.open[column][: len(table)]
    if column.codes is not None:
        return {column.name: _decode(values, column.codes)}
    if column.kind == "date":
        return {column.name: _labels(values, results.scenario.calendar.label)}
    names = vars(results.world.names).get(column.refers.lower())
    if names is not None:
        return {column.name: _categories(values, categories=names)}
    if column.axes:
        return {f"{column.name}_{criterion}": values[:, place] for place, criterion in enumerate(CRITERIA)}
    return {column.name: values.copy()}


def _categories(codes: NDArray[Any], categories: list[str], *, ordered: bool = False) -> Any:
    """Return codes as words of a list; -1 is missing."""
    import pandas as pd

    return pd.Categorical.from_codes(codes.tolist(), categories=pd.Index(categories), ordered=ordered)


def _decode(values: NDArray[Any], codes: type[IntEnum]) -> Any:
    """Return members of a closed list as words."""
    return _categories(values, categories=[member.name.lower() for member in codes])


def _labels(values: NDArray[Any], label: Any) -> Any:
    """Return step numbers as date labels; unset dates are empty."""
    steps, inverse = np.unique(values, return_inverse=True)
    words = ["" if step < -(2**30) else label(int(step)) for step in steps]
    # The computed steps of a year share its label.
    place = {word: number for number, word in enumerate(dict.fromkeys(words))}
    codes = np.array([place[word] for word in words], dtype=np.int64)
    return _categories(codes[inverse], categories=list(place)) if words else []


def _described(frame: pd.DataFrame, columns: tuple[Column[Any], ...]) -> pd.DataFrame:
    """Attach units and meanings to a frame."""
    frame.attrs["units"] = {column.name: column.unit for column in columns}
    frame.attrs["meanings"] = {column.name: column.meaning for column in columns}
    return frame
