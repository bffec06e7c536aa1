"""Governments lend for packages that their firms sell, and are repaid out of the equipment fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import grouped, ratio, total
from deftrade.core.posting import government, households, post
from deftrade.core.tables.codes import Item

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World
    from deftrade.phases.budgeting.params import BudgetingParams


def buyers_share(credit: Float, loan: Float) -> Float:
    """Return the share of payments that comes from the buyer's own fund, 0 to 1.

    Parameters
    ----------
    credit, loan : (contracts,) float
        Share that the seller's government gives, and share that it lends of the rest.
    """
    return (1 - credit) * (1 - loan)


def lend(world: World, rows: Int, own: Float) -> Float:
    """Post what suppliers' governments lend buyers for payments; return it, shape ``(rows,)``.

    The lender takes it from its taxpayers; the buyer's government passes it on to the seller.

    Parameters
    ----------
    rows : (rows,) int
        Contracts that are paid for.
    own : (rows,) float, MUSD
        Payments less export credit.
    """
    contracts, states, size = world.contracts, world.states, len(world.states)
    lent: Float = own * contracts.loan_share[rows]
    given = np.flatnonzero(lent)
    if not len(given):
        return lent
    row, amount = rows[given], lent[given]
    lender, borrower = contracts.supplier[row], contracts.buyer[row]
    post(world, Item.TAX, households(lender), government(lender), amount, row)
    post(world, Item.LOAN, government(lender), government(borrower), amount, row)
    pair, group, place = grouped(lender * size + borrower)
    world.dyads.loans[pair // size, pair % size] += np.bincount(group, amount[place])
    states.fiscal_cost = states.fiscal_cost + total(lender, amount, size)
    return lent


def service_loans(world: World, params: BudgetingParams) -> None:
    """Pay interest on loans and repay part of them, as far as the borrower's fund goes.

    The fund that a loan spared is the fund that repays it, so that a loan moves payments in time
    and is no gift. What cannot be repaid stays owed, and interest that cannot be paid is added to
    the loan. Lenders return what they get to taxpayers.
    """
    dyads, states, clock = world.dyads, world.states, world.clock
    size = len(states)
    lender, borrower = np.divmod(np.flatnonzero(dyads.loans > 0), size)
    if not len(lender):
        return
    owed = dyads.loans[lender, borrower]
    repaid, interest = owed * clock.share(1 / params.loan_years), clock.flow(owed * params.loan_interest)
    asked = total(borrower, repaid + interest, size)
    met = ratio(np.maximum(states.procurement_fund, 0), asked, otherwise=1.0).clip(0, 1)[borrower]
    repaid, added = repaid * met, interest * (1 - met)
    payer, payee = government(borrower), government(lender)
    post(world, Item.LOAN, payee, payer, added)
    post(world, Item.LOAN_REPAYMENT, payer, payee, repaid)
    post(world, Item.LOAN_INTEREST, payer, payee, interest)
    received = total(lender, repaid + interest - added, size)
    every = np.arange(size)
    post(world, Item.TAX, government(every), households(every), received)
    dyads.loans[lender, borrower] = owed - repaid + added
    states.procurement_fund = states.procurement_fund - total(borrower, repaid + interest - added, size)
    states.fiscal_cost = states.fiscal_cost - received
