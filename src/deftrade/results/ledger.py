"""The transaction-flow matrix: who paid whom for what, with rows and columns that sum to zero.

Godley and Lavoie (2007): every payment stands in one row twice, positive where it is received and
negative where it is paid, so rows sum to zero. What a sector received and did not pay raised its
balance; the last row holds that rise with its sign turned, so columns sum to zero. It is taken from
the funds, cash and balances that the world holds and not from payments: columns sum to zero because
the books balance, not by construction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables.codes import Item
from deftrade.results.frames import Added

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.results.run import Kept


SECTORS = (
    Added("government", "MUSD", "flow", "Received less paid by governments"),
    Added("firms", "MUSD", "flow", "Received less paid by defence firms"),
    Added("households", "MUSD", "flow", "Received less paid by households"),
    Added("civil", "MUSD", "flow", "Received less paid by civil industry"),
    Added("finance", "MUSD", "flow", "Received less paid by lenders"),
    Added("abroad", "MUSD", "flow", "Received less paid by all other states, in dealings with this one"),
)
"""Columns of the matrix: sectors as in `Sector`, then the rest of the world."""

COLUMNS = tuple(sector.name for sector in SECTORS)
"""Their names."""

CHANGE = "change_in_balance"
"""The last row: what a sector's balance rose by, with its sign turned."""

_CREDIT = (Item.BORROWING, Item.REPAYMENT, Item.LOAN, Item.LOAN_REPAYMENT)
ROWS = (
    *(item.name.lower() for item in Item if item not in _CREDIT),
    *(item.name.lower() for item in _CREDIT),
    CHANGE,
)
"""Rows of the matrix: payments, then credit, then the change in balances."""


def flow_cube(accounts: Mapping[str, NDArray[Any]], balances: Float) -> Float:
    """Return the matrices of all steps and states, ``(steps, states, rows, columns)``, MUSD.

    Parameters
    ----------
    accounts : mapping of arrays
        From `Record.accounts`; row 0 is the opening, when nobody pays.
    balances : (steps + 1, sectors, states) float, MUSD
        What each sector held at the opening and at the close of each step.
    """
    steps, sectors, states = balances.shape[0] - 1, balances.shape[1], balances.shape[2]
    cube = np.zeros((steps, states, len(ROWS), sectors + 1))
    place = np.array([ROWS.index(item.name.lower()) for item in Item])[accounts["item"]]
    step, amount = accounts["row"] - 1, accounts["amount"]
    payer, payee = accounts["payer_state"], accounts["payee_state"]
    np.add.at(cube, (step, payee, place, accounts["payee_sector"]), amount)
    np.add.at(cube, (step, payer, place, accounts["payer_sector"]), -amount)
    out = np.flatnonzero(payer != payee)
    np.add.at(cube, (step[out], payee[out], place[out], sectors), -amount[out])
    np.add.at(cube, (step[out], payer[out], place[out], sectors), amount[out])
    rise = np.diff(balances, axis=0).transpose(0, 2, 1)
    cube[:, :, -1, :sectors] = -rise
    cube[:, :, -1, sectors] = rise.sum(axis=2)
    return cube


def _cube(results: Kept) -> Float:
    """Return the matrices of a run."""
    record = results.record
    return flow_cube(record.accounts(len(results.world.names.states)), record.balances())


def step_labels(results: Kept) -> list[str]:
    """Return the date label of every step taken; a year is one."""
    calendar = results.scenario.calendar
    return [calendar.label(step) for step in range(0, results.world.clock.step, calendar.steps_per_row)]


def flow_matrix(results: Kept, date: str | int | None = None, state: str | None = None) -> pd.DataFrame:
    """Return the matrix of some steps and of one state or all; see `Results.flow_matrix`."""
    import pandas as pd

    labels = step_labels(results)
    chosen = [place for place, label in enumerate(labels) if _falls(label, date)]
    if not chosen:
        raise KeyError(f"no step {date!r}; there are {labels[0]} to {labels[-1]}")
    cube = _cube(results)[chosen].sum(axis=0)
    names = results.world.names.states
    if state is not None and state not in names:
        raise KeyError(f"no state {state!r}; there are {', '.join(names)}")
    values = cube.sum(axis=0)[:, :-1] if state is None else cube[names.index(state)]
    columns = list(COLUMNS[: values.shape[1]])
    frame = pd.DataFrame(values, index=pd.Index(ROWS, name="item"), columns=pd.Index(columns, name="sector"))
    frame = frame[(frame != 0).any(axis=1) | (frame.index == CHANGE)]
    frame.attrs["units"] = dict.fromkeys(columns, "MUSD")
    return frame


def _falls(label: str, date: str | int | None) -> bool:
    """Return whether a step is meant: by its label, by its year, or with all."""
    return date is None or str(date) in (label, label.split("-")[0])


def transactions(results: Kept) -> pd.DataFrame:
    """Return the matrices of every step and state below one another, rows of zeros left out."""
    import pandas as pd

    cube = _cube(results)
    step, state, row = np.nonzero((cube != 0).any(axis=3))
    words = {
        "date": (step, step_labels(results), True),
        "state": (state, results.world.names.states, False),
        "item": (row, list(ROWS), False),
    }
    data: dict[str, Any] = {
        name: pd.Categorical.from_codes(codes.tolist(), categories=pd.Index(names), ordered=ordered)
        for name, (codes, names, ordered) in words.items()
    }
    data |= {name: cube[step, state, row, place] for place, name in enumerate(COLUMNS)}
    frame = pd.DataFrame(data)
    frame.attrs["units"] = {sector.name: sector.unit for sector in SECTORS}
    return frame
