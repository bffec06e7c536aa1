"""Results of a run as tidy tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.ledger import flow_matrix, transactions
from deftrade.record import ACCOUNT_KEYS
from deftrade.tables.codes import (
    AllianceKind,
    ContractKind,
    ContractStatus,
    DecisionKind,
    Item,
    LicenceStatus,
    Mode,
    Rule,
    Sector,
    TenderStatus,
)

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from deftrade.record import Record
    from deftrade.scenario.resolved import Scenario
    from deftrade.simulation import Run
    from deftrade.table import Column, Table
    from deftrade.world import World

RECORDS = ("contracts", "licences", "accounts", "transactions", "decisions", "tenders", "obligations")
"""Record tables that results offer beside the series."""

_TABLES = {
    "contracts": "contracts",
    "licences": "applications",
    "decisions": "decisions",
    "tenders": "tenders",
    "obligations": "obligations",
}

_CODES: dict[str, type] = {
    "Tenders.kind": ContractKind,
    "Contracts.kind": ContractKind,
    "Applications.kind": ContractKind,
    "Alliances.kind": AllianceKind,
    "Decisions.kind": DecisionKind,
    "Tenders.mode": Mode,
    "Contracts.mode": Mode,
    "Tenders.status": TenderStatus,
    "Contracts.status": ContractStatus,
    "Applications.status": LicenceStatus,
    "Applications.rule": Rule,
    "Decisions.rule": Rule,
    "accounts.item": Item,
    "accounts.payer_sector": Sector,
    "accounts.payee_sector": Sector,
}


class Results:
    """What a run left behind.

    Parameters
    ----------
    run : Run
        A finished run.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.run.scenario

    @property
    def world(self) -> World:
        """The world at the end."""
        return self.run.world

    @property
    def record(self) -> Record:
        """The series that were kept."""
        return self.run.record

    def dates(self) -> list[str]:
        """Return the label of every kept row; the first is the opening."""
        calendar = self.scenario.calendar
        return ["opening", *(calendar.label(step - 1) for step in self.record.steps[1:])]

    def to_frame(self, name: str) -> pd.DataFrame:
        """Return a table as a tidy DataFrame: one row a step and entity, or one row a record.

        Parameters
        ----------
        name : str
            ``states``, ``firms``, ``alliances``, ``flows``, ``contracts``, ``licences``,
            ``accounts``, ``transactions``, ``decisions``, ``tenders``, ``obligations`` or
            ``indicators``; ``fleets`` where the outputs ask for it.

        Returns
        -------
        pandas.DataFrame
            Units and meanings of columns are in ``.attrs["units"]`` and ``.attrs["meanings"]``.
        """
        if name in self.record.columns:
            return self._series(name)
        if name == "flows":
            return self._flows()
        if name == "accounts":
            return self._accounts()
        if name == "transactions":
            return transactions(self)
        if name == "indicators":
            return self._indicators()
        if name in _TABLES:
            return self._records(name)
        known = [*self.record.columns, "flows", *RECORDS, "indicators"]
        raise KeyError(f"no table {name!r}; there are {', '.join(known)}")

    def flow_matrix(self, date: str | int | None = None, state: str | None = None) -> pd.DataFrame:
        """Return the transaction-flow matrix: who paid whom for what.

        Parameters
        ----------
        date : str or int, optional
            A step such as ``"2031-Q1"``, or a year; without it, the whole run.
        state : str, optional
            One state, with a column for all others; without it, the world.

        Returns
        -------
        pandas.DataFrame
            Rows are items of payment and, last, the change in balances; columns are sectors. Amounts
            in MUSD are positive where received and negative where paid; every row and every column
            sums to zero.

        Raises
        ------
        KeyError
            There is no such step or state.
        """
        return flow_matrix(self, date, state)

    def _time(self, row: NDArray[np.int64]) -> dict[str, Any]:
        """Return the time columns of kept rows."""
        steps = np.array(self.record.steps)
        dates = _categories(row, categories=self.dates(), ordered=True)
        years = self.scenario.calendar.start + steps / self.scenario.calendar.steps_per_year
        return {"row": row, "date": dates, "year": years[row]}

    def _series(self, name: str) -> pd.DataFrame:
        """Return a series table."""
        import pandas as pd

        columns = self.record.columns[name]
        arrays = {column.name: self.record.series(name, column.name) for column in columns}
        shape = next(iter(arrays.values())).shape
        row = np.repeat(np.arange(shape[0]), shape[1])
        place = np.tile(np.arange(shape[1]), shape[0])
        frame = pd.DataFrame(
            {
                **self._time(row),
                **self._who(name, place),
                **{key: values.ravel() for key, values in arrays.items()},
            }
        )
        present = ~np.isnan(next(iter(arrays.values())).ravel())
        return _described(frame[present].reset_index(drop=True), columns)

    def _who(self, name: str, place: NDArray[np.int64]) -> dict[str, Any]:
        """Return the columns that name the entities of a series."""
        names = self.world.names
        if name != "fleets":
            return {name[:-1]: _categories(place, categories=getattr(names, name))}
        fleets = self.world.fleets
        return {
            "holder": _categories(fleets.holder[place], categories=names.states),
            "category": _categories(fleets.category[place], categories=names.categories),
            "origin": _categories(fleets.origin[place], categories=names.states),
        }

    def _flows(self) -> pd.DataFrame:
        """Return bilateral flows that are not zero."""
        import pandas as pd

        from deftrade.tables import Dyads

        flows = self.record.flows()
        names = self.world.names.states
        frame = pd.DataFrame(
            {
                **self._time(flows["row"]),
                "exporter": _categories(flows["exporter"], categories=names),
                "importer": _categories(flows["importer"], categories=names),
                "exports": flows["exports"],
                "deliveries": flows["deliveries"],
            }
        )
        return _described(frame, (Dyads.exports, Dyads.deliveries))

    def _accounts(self) -> pd.DataFrame:
        """Return payments summed by item, sectors and states."""
        import pandas as pd

        from deftrade.tables import Postings

        names = self.world.names.states
        accounts = self.record.accounts(len(names))
        calendar = self.scenario.calendar
        stride = calendar.steps_per_row
        dates = [calendar.label(step) for step in range(-stride, self.world.clock.step, stride)]
        data: dict[str, Any] = {"date": _categories(accounts["row"], categories=dates, ordered=True)}
        for key in ACCOUNT_KEYS:
            if key.endswith("state"):
                data[key] = _categories(accounts[key], categories=names)
            else:
                data[key] = _decode(accounts[key], _CODES[f"accounts.{key}"])
        data["amount"] = accounts["amount"]
        return _described(pd.DataFrame(data), (Postings.amount,))

    def _indicators(self) -> pd.DataFrame:
        """Return the indicators of the run."""
        import pandas as pd

        from deftrade.indicators import measure

        return pd.DataFrame(
            [
                {
                    "indicator": item.name,
                    "value": value,
                    "unit": item.unit,
                    "scope": item.scope,
                    "meaning": item.meaning,
                }
                for item, value in measure(self)
            ]
        )

    def _records(self, name: str) -> pd.DataFrame:
        """Return a record table with names and words in place of row numbers and codes."""
        import pandas as pd

        table: Table = getattr(self.world, _TABLES[name])
        data: dict[str, Any] = {"number": np.arange(len(table))}
        for column in table.columns:
            data.update(self._words(column, table))
        return _described(pd.DataFrame(data), table.columns)

    def _words(self, column: Column[Any], table: Table) -> dict[str, Any]:
        """Return one column in words; a column with an axis becomes several."""
        from deftrade.tables.codes import CRITERIA

        values = table.gate.open[column][: len(table)]
        if column.path in _CODES:
            return {column.name: _decode(values, _CODES[column.path])}
        if column.kind == "date":
            return {column.name: _labels(values, self.scenario.calendar.label)}
        names = vars(self.world.names).get(column.refers.lower())
        if names is not None:
            return {column.name: _categories(values, categories=names)}
        if column.axes:
            return {
                f"{column.name}_{criterion}": values[:, place] for place, criterion in enumerate(CRITERIA)
            }
        return {column.name: values.copy()}


def _categories(codes: NDArray[Any], categories: list[str], *, ordered: bool = False) -> Any:
    """Return codes as words of a list; -1 is missing."""
    import pandas as pd

    return pd.Categorical.from_codes(codes.tolist(), categories=pd.Index(categories), ordered=ordered)


def _decode(values: NDArray[Any], code: type) -> Any:
    """Return codes as words."""
    members = list(code)  # type: ignore[call-overload]
    words = [member.name.lower() for member in members]
    return _categories(values, categories=words)


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
