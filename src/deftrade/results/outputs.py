"""Tables that results offer: each is declared once, with its columns, its file and how it is made.

A new one is declared here and nowhere else. Columns of a table of the world need no more than their
declaration in `deftrade.core.tables`: what phases write of states, firms, alliances and fleets is kept as
series, and of records every column.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deftrade.core.tables import (
    ON_REQUEST,
    SERIES,
    Applications,
    Contracts,
    Decisions,
    Dyads,
    Obligations,
    Postings,
    States,
    Tenders,
)
from deftrade.results import frames
from deftrade.results.frames import Added
from deftrade.results.ledger import SECTORS, transactions
from deftrade.results.timing import DATE, WHEN
from deftrade.results.tiv import VOLUME, transfers

if TYPE_CHECKING:
    import pandas as pd

    from deftrade.core.table import Table
    from deftrade.results.run import Kept


@dataclass(frozen=True)
class Output:
    """One table of results.

    Parameters
    ----------
    name : str
        What it is called.
    make : callable
        From results to its frame.
    added : tuple of Added
        Its columns that no table of the world declares.
    table : type of Table or None
        The table of the world that declares its other columns.
    folder : str
        Folder of its file inside a result; empty for the result itself.
    ending : str
        Format of its file; empty for the one that the user chooses.
    """

    name: str
    make: Callable[[Kept], pd.DataFrame]
    added: tuple[Added, ...]
    table: type[Table] | None = None
    folder: str = ""
    ending: str = ""

    @property
    def place(self) -> str:
        """Path of its file below a result, without the ending."""
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @property
    def is_series(self) -> bool:
        """Whether it has a row a kept step, and is written where the scenario's outputs name it."""
        return self.folder == SERIES_FOLDER

    def is_kept(self, results: Kept) -> bool:
        """Return whether results offer it: larger series are there only where outputs ask for them."""
        return self.name not in ON_REQUEST or self.name in results.record.columns


def _entity(table: type[Table]) -> Added:
    """Return the column that names the rows of a table."""
    return Added(table.single, "", "identity", table.single.capitalize())


SERIES_FOLDER = "series"
"""Folder of series inside a result."""

NUMBER = Added("number", "id", "identity", "Row number, by which other tables refer to this one")
EXPORTER = Added("exporter", "", "identity", "Exporting state")
IMPORTER = Added("importer", "", "identity", "Importing state")
HOME = Added("state", "", "identity", "Home state of the firm")
CLOSED = Added("closed", "", "date", "Step in which the firm closed, its last row; empty while it trades")


def _series(name: str) -> Output:
    """Return the declaration of a series; entities with names stand in a column of their own."""
    table = (SERIES | ON_REQUEST)[name]
    who = (_entity(table),) if table.single else ()
    more = (HOME, CLOSED) if name == "firms" else ()
    return Output(
        name, lambda results: frames.series(results, name), (*WHEN, *who, *more), table, SERIES_FOLDER
    )


def _records(name: str, table: type[Table]) -> Output:
    """Return the declaration of a record table."""
    return Output(name, lambda results: frames.records(results, table), (NUMBER,), table)


OUTPUTS = (
    *map(_series, (*SERIES, *ON_REQUEST)),
    Output("flows", frames.flows, (*WHEN, EXPORTER, IMPORTER), Dyads, SERIES_FOLDER),
    _records("contracts", Contracts),
    _records("licences", Applications),
    Output("accounts", frames.accounts, (DATE,), Postings),
    Output(
        "transactions",
        transactions,
        (
            DATE,
            _entity(States),
            Added(
                "item",
                "",
                "identity",
                "What was paid for; change_in_balance is what was kept, sign turned",
            ),
            *SECTORS,
        ),
    ),
    Output(
        "tiv",
        transfers,
        (
            DATE,
            EXPORTER,
            IMPORTER,
            Added("category", "", "identity", "What was delivered"),
            Added("contract", "id", "identity", "Number in contracts"),
            VOLUME,
        ),
    ),
    _records("decisions", Decisions),
    _records("tenders", Tenders),
    _records("obligations", Obligations),
    Output(
        "indicators",
        frames.indicators,
        (
            Added("indicator", "", "identity", "Name of the indicator"),
            Added("value", "", "index", "Value of the indicator, in the unit beside it"),
            Added("unit", "", "identity", "Unit of the value"),
            Added("scope", "", "identity", "Whether the value is of the focus state or of the world"),
            Added("meaning", "", "identity", "What the value is"),
        ),
        ending="csv",
    ),
)
"""Every table of results, in the order of reports."""


def output(name: str) -> Output:
    """Return the declaration of a table of results."""
    return next(each for each in OUTPUTS if each.name == name)
