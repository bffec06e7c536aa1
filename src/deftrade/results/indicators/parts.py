"""What a state's quantity is made of at a step: contracts, upkeep, firms, items; the parts sum to it.

Parts are keyed by stable ids, so that the same part can be found at another date or in another run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from deftrade.core.crossings import crossings
from deftrade.core.tables import States
from deftrade.core.tables.codes import ContractKind, Item, LicenceStatus, Sector
from deftrade.phases.shared.quality import fleet_effect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from deftrade.core.arrays import Float, Int
    from deftrade.core.table import Column
    from deftrade.core.world import World


NO_ID = 0


class Key(NamedTuple):
    """What a part belongs to: its sort, stable id (0 for items), and a word for items."""

    sort: str
    uid: int
    word: str = ""


Parts = dict[Key, float]

OTHER = Key("item", NO_ID, "all else")
"""What no part accounts for."""

PAID_BY_POLICY = (Item.TRAINING, Item.CONTROL_AGENCY, Item.RECAPITALISATION, Item.SHARES)
"""Payments of governments that policy itself sets, without a deal or a firm's decision behind them."""

_COSTS = (*PAID_BY_POLICY, Item.EXPORT_CREDIT, Item.LOAN, Item.INVESTMENT)
"""Payments of governments that policy costs consist of; what they receive for the like is subtracted."""

_RETURNS = (Item.DIVIDENDS, Item.SHARES, Item.LOAN_REPAYMENT, Item.LOAN_INTEREST)


Breakdown = Callable[["World", int, "Float"], Parts]
"""From a world, the row of a state and the work done on every contract to the parts of a column."""

BREAKDOWNS: dict[Column[Any], Breakdown] = {}
"""Columns of states that are broken down exactly, with what breaks them down."""


def breaks_down(column: Column[Any]) -> Callable[[Breakdown], Breakdown]:
    """Declare that a function returns the parts of a column of states."""

    def declare(breakdown: Breakdown) -> Breakdown:
        BREAKDOWNS[column] = breakdown
        return breakdown

    return declare


def breakdowns() -> dict[str, Breakdown]:
    """Return what breaks columns of states down, by the names of the columns."""
    return {column.name: breakdown for column, breakdown in BREAKDOWNS.items()}


def _add(parts: Parts, key: Key, amount: float) -> None:
    """Add an amount to a part; what is nothing is left out."""
    if amount:
        parts[key] = parts.get(key, 0.0) + amount


def _contracts(world: World, rows: Int, amounts: Float, parts: Parts) -> None:
    """Add amounts to contracts by their rows."""
    for row, amount in zip(rows.tolist(), amounts.tolist(), strict=True):
        _add(parts, Key("contract", int(world.contracts.uid[row])), amount)


@breaks_down(States.jobs_direct)
def jobs(world: World, state: int, work: Float) -> Parts:
    """Return the workers of a state's firms by the contracts that they worked on.

    A firm's workers are shared out by the work done in the step; ``work`` is that of every contract,
    MUSD. Parts for foreign makers and overhauls are its other work.
    """
    firms, contracts, lines = world.firms, world.contracts, world.lines
    parts: Parts = {}
    rows = np.flatnonzero(work > 0)
    local = contracts.local_share[rows] * work[rows]
    partner = contracts.partner[rows]
    ally = np.where(partner >= 0, lines.firm[partner], -1)
    for firm in np.flatnonzero(firms.home == state):
        mine, shared = contracts.firm[rows] == firm, ally == firm
        weight = np.where(mine, work[rows] - local, 0.0) + np.where(shared, local, 0.0)
        other = float(firms.component_output[firm])
        whole, workers = float(weight.sum()) + other, float(firms.workers[firm])
        if whole <= 0:
            _add(parts, Key("firm", int(firms.uid[firm])), workers)
            continue
        there = np.flatnonzero(weight)
        _contracts(world, rows[there], weight[there] / whole * workers, parts)
        _add(parts, Key("components", int(firms.uid[firm])), other / whole * workers)
    return parts


@breaks_down(States.exports)
def exports(world: World, state: int, work: Float) -> Parts:
    """Return what a state sold abroad by contract, MUSD; parts and royalties by item."""
    return _traded(world, crossings(world).exporter == state)


@breaks_down(States.imports)
def imports(world: World, state: int, work: Float) -> Parts:
    """Return what a state bought abroad by contract, MUSD; parts and royalties by item."""
    return _traded(world, crossings(world).importer == state)


def _traded(world: World, mine: NDArray[np.bool_]) -> Parts:
    """Return what was sold across borders by contract or item."""
    postings, seen = world.postings, crossings(world)
    sold = seen.sold()
    parts: Parts = {}
    for row in seen.posting[sold[mine[sold]]]:
        contract, amount = int(postings.contract[row]), float(postings.amount[row])
        item = Item(int(postings.item[row])).name.lower()
        if contract >= 0:
            _add(parts, Key("contract", int(world.contracts.uid[contract])), amount)
        else:
            _add(parts, Key("item", NO_ID, item), amount)
    return parts


@breaks_down(States.usable_capability)
def capability(world: World, state: int, work: Float) -> Parts:
    """Return a state's usable capability by the contracts that delivered it, less what is not ready.

    A fleet's strength is shared out by volume delivered; what was there before is its old stock.
    """
    fleets, contracts = world.fleets, world.contracts
    parts: Parts = {}
    able = fleet_effect(world)
    delivered = np.flatnonzero((contracts.kind == ContractKind.EQUIPMENT) & (contracts.delivered > 0))
    for fleet in np.flatnonzero((fleets.holder == state) & (fleets.volume > 0)):
        strength = float(fleets.volume[fleet] * able[fleet])
        rows = delivered[contracts.fleet[delivered] == fleet]
        came = contracts.delivered[rows]
        old = max(float(fleets.volume[fleet] - came.sum()), 0.0)
        whole = float(came.sum()) + old
        _contracts(world, rows, came / whole * strength, parts)
        uid = int(fleets.uid[fleet])
        _add(parts, Key("stock", uid), old / whole * strength)
        _add(parts, Key("upkeep", uid), -strength * (1 - float(fleets.readiness[fleet])))
    return parts


@breaks_down(States.fiscal_cost)
def fiscal_cost(world: World, state: int, work: Float) -> Parts:
    """Return what policy cost a state's treasury by item, credit by contract, MUSD."""
    postings = world.postings
    parts: Parts = {}
    pays = (postings.payer_sector == Sector.GOVERNMENT) & (postings.payer_state == state)
    gets = (postings.payee_sector == Sector.GOVERNMENT) & (postings.payee_state == state)
    for side, items, sign in ((pays, _COSTS, 1.0), (gets, _RETURNS, -1.0)):
        for row in np.flatnonzero(side & np.isin(postings.item, items)):
            contract = int(postings.contract[row])
            item = Item(int(postings.item[row]))
            amount = sign * float(postings.amount[row])
            if contract >= 0 and item == Item.EXPORT_CREDIT:
                _add(parts, Key("contract", int(world.contracts.uid[contract])), amount)
            else:
                _add(parts, Key("item", NO_ID, item.name.lower()), amount)
    return parts


@breaks_down(States.business_forgone)
def business_forgone(world: World, state: int, work: Float) -> Parts:
    """Return the value of a state's refused applications of the step, MUSD."""
    table = world.applications
    refused = (table.decided == world.clock.step) & (table.status == LicenceStatus.REFUSED)
    rows = np.flatnonzero(refused & (table.exporter == state))
    return {Key("licence", int(table.uid[row])): float(table.value[row]) for row in rows}


def largest(parts: Parts, most: int) -> Iterator[tuple[Key, float]]:
    """Yield the parts of largest absolute value, largest first."""
    yield from sorted(parts.items(), key=lambda pair: (-abs(pair[1]), pair[0]))[:most]


def less(after: Parts, before: Parts) -> Parts:
    """Return by how much each part rose from before to after; parts that held are left out."""
    keys = {**after, **before}
    found = {key: after.get(key, 0.0) - before.get(key, 0.0) for key in keys}
    return {key: value for key, value in found.items() if value}
