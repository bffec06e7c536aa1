"""The books balance: every law compares records with the arrays that were just updated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import total, total2
from deftrade.core.balances import held_balances, net_receipts
from deftrade.core.crossings import crossings
from deftrade.core.residuals import Balance
from deftrade.core.tables.codes import ContractKind, ContractStatus, Item, LicenceStatus, Sector
from deftrade.errors import LawBrokenError

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World


TOLERANCE = 1e-9
"""Largest residual, relative to turnover, that rounding explains."""

_BOUGHT = (Item.EQUIPMENT, Item.SUPPORT, Item.TECHNOLOGY, Item.SECOND_HAND, Item.EXPORT_CREDIT)
_IS_BOUGHT = np.isin(np.arange(max(Item) + 1), _BOUGHT)


@dataclass(frozen=True)
class Opening:
    """Totals at the opening of a step, kept instead of a copy of the world.

    Parameters
    ----------
    funds : (states,) float, MUSD
        Procurement and technology funds.
    cash : (firms,) float, MUSD
        Cash of firms.
    debt : (states,) float, MUSD
        Defence debt.
    fleet : (fleets,) float, CU
        Volume of every fleet: by holder, category and origin.
    delivered : (contracts,) float, CU
        Volume delivered so far on every contract.
    paid : (contracts,) float, MUSD
        Paid so far on every contract.
    loans : (states, states) float, MUSD
        Loans for packages, by lender and borrower.
    balances : (sectors, states) float, MUSD
        What every sector holds.
    """

    funds: Float
    cash: Float
    debt: Float
    fleet: Float
    delivered: Float
    paid: Float
    loans: Float
    balances: Float


def remember(world: World) -> Opening:
    """Return the totals that the laws compare with at the close of the step."""
    states = world.states
    return Opening(
        states.procurement_fund + states.technology_fund,
        world.firms.cash.copy(),
        states.debt.copy(),
        world.fleets.volume.copy(),
        world.contracts.delivered.copy(),
        world.contracts.paid.copy(),
        world.dyads.loans.copy(),
        held_balances(world),
    )


class Books(NamedTuple):
    """What several laws read in the records of a step, gathered once at its close.

    Parameters
    ----------
    turnover : float, MUSD
        The step's payments in all.
    flows : one (accounts,) float a sector, MUSD
        Receipts less payments of every account of the sector, from postings.
    active : (active,) int
        Contracts under way.
    """

    turnover: float
    flows: list[Float]
    active: Int


def read_books(world: World) -> Books:
    """Return what several laws read in the records."""
    postings = world.postings
    active = np.flatnonzero(world.contracts.status == ContractStatus.ACTIVE.value)
    return Books(float(postings.amount.sum()), _flows(world), active)


def _flows(world: World) -> list[Float]:
    """Return receipts less payments of every account, one array a sector."""
    postings = world.postings
    sizes = np.full(len(Sector), len(world.states))
    sizes[Sector.FIRM] = len(world.firms)
    ends = sizes.cumsum()
    first, size, amount = ends - sizes, int(ends[-1]), postings.amount
    received = total(first.take(postings.payee_sector) + postings.payee, amount, size)
    paid = total(first.take(postings.payer_sector) + postings.payer, amount, size)
    return np.split(received - paid, ends[:-1])


def _risen(now: Float, before: Float) -> Float:
    """Return what rose since the opening; rows that came since opened with nothing."""
    risen = now.copy()
    risen[: len(before)] -= before
    return risen


def _reach(held: Float) -> float:
    """Return the size of what is held, or was ever promised, in all."""
    return float(np.abs(held).sum())


def payments(world: World, opening: Opening, books: Books) -> Balance:
    """No payment is negative: whoever receives is the payee."""
    amount = world.postings.amount
    return Balance(
        np.minimum(amount, 0.0),
        np.zeros(len(amount)),
        books.turnover,
        lambda row: f"posting {row} ({Item(world.postings.item[row]).name.lower()})",
    )


def firm_cash(world: World, opening: Opening, books: Books) -> Balance:
    """Change of firms' cash equals receipts less payments in the ledger."""
    return Balance(
        books.flows[Sector.FIRM],
        _risen(world.firms.cash, opening.cash),
        books.turnover,
        lambda row: f"firm {world.names.firms[row]}",
        _reach(opening.cash),
    )


def public_funds(world: World, opening: Opening, books: Books) -> Balance:
    """Appropriations equal spending plus the change of funds."""
    states = world.states
    held = states.procurement_fund + states.technology_fund - opening.funds
    return Balance(
        books.flows[Sector.GOVERNMENT],
        held,
        books.turnover,
        lambda row: f"state {world.names.states[row]}",
        _reach(opening.funds),
    )


def public_debt(world: World, opening: Opening, books: Books) -> Balance:
    """Change of defence debt equals borrowing less repayment in the ledger."""
    return Balance(
        -books.flows[Sector.FINANCE],
        world.states.debt - opening.debt,
        books.turnover,
        lambda row: f"state {world.names.states[row]}",
        _reach(opening.debt),
    )


def sector_balances(world: World, opening: Opening, books: Books) -> Balance:
    """Change of every sector's balance equals receipts less payments in the ledger, state by state."""
    size = len(world.states)
    return Balance(
        net_receipts(world).ravel(),
        (held_balances(world) - opening.balances).ravel(),
        books.turnover,
        lambda row: f"{Sector(row // size).name.lower()} of {world.names.states[row % size]}",
        _reach(opening.balances),
    )


def contract_payments(world: World, opening: Opening, books: Books) -> Balance:
    """Payments booked on contracts equal payments in the ledger, contract by contract."""
    postings, contracts = world.postings, world.contracts
    # The first is no contract.
    amount = postings.amount * _IS_BOUGHT.take(postings.item)
    recorded = total(postings.contract + 1, amount, len(contracts) + 1)[1:]
    return Balance(
        recorded,
        _risen(contracts.paid, opening.paid),
        books.turnover,
        lambda row: f"contract {row}",
        _reach(opening.paid),
    )


def loans(world: World, opening: Opening, books: Books) -> Balance:
    """Change of loans between governments equals lending less repayment in the ledger."""
    postings, states, size = world.postings, world.names.states, len(world.states)
    lent = np.flatnonzero(postings.item == Item.LOAN.value)
    repaid = np.flatnonzero(postings.item == Item.LOAN_REPAYMENT.value)
    lender = np.concatenate((postings.payer_state[lent], postings.payee_state[repaid]))
    borrower = np.concatenate((postings.payee_state[lent], postings.payer_state[repaid]))
    amount = np.concatenate((postings.amount[lent], -postings.amount[repaid]))
    recorded = total2(lender, borrower, amount, (size, size))
    return Balance(
        recorded.ravel(),
        (world.dyads.loans - opening.loans).ravel(),
        books.turnover,
        lambda row: f"loans from {states[row // size]} to {states[row % size]}",
        _reach(opening.loans),
    )


def order_book(world: World, opening: Opening, books: Books) -> Balance:
    """Order books of lines equal the work left on their running contracts."""
    contracts, lines = world.contracts, world.lines
    rows = books.active
    works = (contracts.line[rows] >= 0) & (contracts.kind[rows] != ContractKind.TECHNOLOGY.value)
    rows = rows[works]
    length = contracts.lead[rows] + contracts.span[rows]
    worth = contracts.price[rows] * (1 - contracts.rent_share[rows])
    left = worth * (1 - contracts.progress[rows] / length)
    recorded = total(contracts.line[rows], left, len(lines))
    return Balance(
        recorded,
        lines.backlog,
        float(lines.backlog.sum()),
        lambda row: f"line {world.names.lines[row]}",
        _reach(contracts.price),
    )


def commitments(world: World, opening: Opening, books: Books) -> Balance:
    """Commitments of buyers equal what running equipment contracts still cost them."""
    contracts, states = world.contracts, world.states
    rows = books.active
    rows = rows[contracts.kind[rows] == ContractKind.EQUIPMENT.value]
    share = (1 - contracts.credit_share[rows]) * (1 - contracts.loan_share[rows])
    owed = (contracts.price[rows] - contracts.paid[rows]) * share
    return Balance(
        total(contracts.buyer[rows], owed, len(states)),
        states.commitments,
        float(states.commitments.sum()) + books.turnover,
        lambda row: f"state {world.names.states[row]}",
        _reach(contracts.price),
    )


def trade(world: World, opening: Opening, books: Books) -> Balance:
    """The bilateral matrix, exports and imports equal prices paid across borders in the ledger."""
    size, seen = len(world.states), crossings(world)
    sold = seen.sold()
    matrix = total2(seen.exporter[sold], seen.importer[sold], seen.amount[sold], (size, size))
    recorded = np.concatenate((matrix.ravel(), matrix.sum(axis=1), matrix.sum(axis=0)))
    states = world.states
    held = np.concatenate((world.dyads.exports.ravel(), states.exports, states.imports))
    return Balance(recorded, held, books.turnover, _trade_cell(world.names.states))


def _trade_cell(states: list[str]) -> Callable[[int], str]:
    """Return what names a row of the trade law: a pair of states, or one state's total."""
    size = len(states)

    def name(row: int) -> str:
        if row < size * size:
            return f"trade from {states[row // size]} to {states[row % size]}"
        return f"trade of {states[row % size]}"

    return name


def fleet_volumes(world: World, opening: Opening, books: Books) -> Balance:
    """Fleets equal opening less retired and lost, plus deliveries recorded on contracts."""
    contracts, fleets, names = world.contracts, world.fleets, world.names
    size = len(fleets)
    arrived = _risen(contracts.delivered, opening.delivered)
    rows = np.flatnonzero(arrived != 0)
    came = total(contracts.fleet[rows], arrived[rows], size)
    rows = rows[contracts.source_fleet[rows] >= 0]
    left = total(contracts.source_fleet[rows], arrived[rows], size)
    recorded = np.zeros(size)
    recorded[: len(opening.fleet)] = opening.fleet
    recorded = recorded + came - left - fleets.retired - fleets.lost + fleets.donated
    return Balance(
        recorded,
        fleets.volume,
        float(fleets.volume.sum()),
        lambda row: (
            f"{names.categories[fleets.category[row]]} of {names.states[fleets.holder[row]]} "
            f"from {names.states[fleets.origin[row]]}"
        ),
        _reach(opening.fleet),
    )


def offsets(world: World, opening: Opening, books: Books) -> Balance:
    """Closed obligations are credited or fined in full; open ones owe what is left."""
    obligations = world.obligations
    settled = obligations.credited + obligations.penalised
    recorded = np.where(obligations.is_open == 1, np.minimum(settled, obligations.amount), settled)
    held = np.where(obligations.is_open == 1, settled, obligations.amount)
    return Balance(recorded, held, float(obligations.amount.sum()), lambda row: f"obligation {row}")


def applications(world: World, opening: Opening, books: Books) -> Balance:
    """Applications filed equal those granted, refused, withdrawn and pending."""
    table, size = world.applications, len(world.states)
    filed = np.bincount(table.exporter, minlength=size)
    # A status that stands for nothing is none of the four.
    known = (table.status >= 0) & (table.status < len(LicenceStatus))
    held = np.bincount(table.exporter if known.all() else table.exporter[known], minlength=size)
    decided = np.flatnonzero(table.decided == world.clock.step)
    new = np.flatnonzero(table.filed == world.clock.step)
    states = world.states
    pace = states.licences_granted + states.licences_refused
    recorded = (filed, total(table.exporter[decided], 1.0, size), total(table.exporter[new], 1.0, size))
    return Balance(
        np.concatenate(recorded),
        np.concatenate((held, pace, states.licences_filed)),
        float(len(table)),
        lambda row: f"state {world.names.states[row % size]}",
    )


def workforce(world: World, opening: Opening, books: Books) -> Balance:
    """Workers of firms equal the employed of their states, who are in the skilled pool."""
    states, firms = world.states, world.firms
    recorded = total(firms.home, firms.workers, len(states))
    over = np.maximum(states.employed - states.skilled_pool, 0)
    return Balance(
        recorded,
        states.employed + over,
        float(states.employed.sum()),
        lambda row: f"state {world.names.states[row]}",
    )


Law = Callable[["World", Opening, Books], Balance]

LAWS: tuple[Law, ...] = (
    payments,
    firm_cash,
    public_funds,
    public_debt,
    sector_balances,
    contract_payments,
    loans,
    order_book,
    commitments,
    trade,
    fleet_volumes,
    offsets,
    applications,
    workforce,
)
"""Every law, checked at the close of every step."""


def check(world: World, opening: Opening, residuals: dict[str, float]) -> None:
    """Check all laws and keep the largest residual of each.

    Raises
    ------
    LawBrokenError
        A residual exceeds the tolerance; the message names the worst row.
    """
    books = read_books(world)
    for law in LAWS:
        balance = law(world, opening, books)
        residual = balance.residual
        name = law.__name__
        residuals[name] = max(residuals.get(name, 0.0), residual)
        if not residual <= TOLERANCE:
            gap = np.abs(balance.recorded - balance.held)
            worst = int(np.argmax(np.where(np.isnan(gap), np.inf, gap)))
            raise LawBrokenError(
                f"{name.replace('_', ' ')} does not balance in {world.clock.today}: worst row "
                f"{balance.row(worst)}, recorded {balance.recorded[worst]:.6g}, held "
                f"{balance.held[worst]:.6g}, residual {residual:.3g} of turnover "
                f"(tolerance {TOLERANCE:g})"
            )
