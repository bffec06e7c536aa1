"""Loans for packages move payments in time; they are serviced out of the fund they spared."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, running

from deftrade.core.tables.codes import Item
from deftrade.phases.budgeting import BudgetingParams
from deftrade.phases.shared.lending import buyers_share, lend, service_loans


def posted(world, item):
    """Return what was posted for an item."""
    return world.postings.amount[world.postings.item == item]


def test_credit_comes_first_and_the_loan_is_part_of_the_rest():
    share = buyers_share(np.array([0.0, 0.1, 0.0, 0.5]), np.array([0.0, 0.0, 0.2, 0.5]))
    assert share == pytest.approx([1.0, 0.9, 0.8, 0.25])


def test_the_supplier_s_taxpayers_lend_part_of_each_payment():
    world = next_step(opened())
    rows = running(world, foreign=True)[:2]
    world.contracts.loan_share[rows] = [0.25, 0.0]
    lender, borrower = world.contracts.supplier[rows[0]], world.contracts.buyer[rows[0]]
    lent = lend(world, rows, np.array([80.0, 50.0]))
    assert lent == pytest.approx([20.0, 0.0])
    assert world.dyads.loans[lender, borrower] == pytest.approx(20)
    assert world.dyads.loans.sum() == pytest.approx(20)
    assert posted(world, Item.LOAN) == pytest.approx([20])
    assert world.states.fiscal_cost[lender] == pytest.approx(20)


def test_a_year_s_service_is_a_tenth_and_interest_out_of_the_fund():
    world = next_step(opened())
    world.clock.stride = 4
    world.dyads.loans[5, 1] = 100.0
    world.states.procurement_fund[1] = 50.0
    service_loans(world, BudgetingParams(loan_years=10, loan_interest=0.02))
    assert world.dyads.loans[5, 1] == pytest.approx(90)
    assert posted(world, Item.LOAN_REPAYMENT) == pytest.approx([10])
    assert posted(world, Item.LOAN_INTEREST) == pytest.approx([2])
    assert world.states.procurement_fund[1] == pytest.approx(38)
    assert world.states.fiscal_cost[5] == pytest.approx(-12)


def test_what_the_fund_cannot_pay_stays_owed():
    world = next_step(opened())
    world.clock.stride = 4
    world.dyads.loans[5, 1], world.dyads.loans[4, 1] = 100.0, 300.0
    world.states.procurement_fund[1] = 24.0
    service_loans(world, BudgetingParams(loan_years=10, loan_interest=0.02))
    assert world.states.procurement_fund[1] == pytest.approx(0, abs=1e-9)
    # A half of what is due is met: 5 and 15 are repaid, unpaid interest of 1 and 3 is added.
    assert world.dyads.loans[[5, 4], 1] == pytest.approx([96, 288])


def test_without_loans_nothing_is_serviced():
    world, other = next_step(opened()), next_step(opened())
    play(world, "budgeting")
    play(other, "budgeting", loan_years=1, loan_interest=0.2)
    assert np.array_equal(world.states.procurement_fund, other.states.procurement_fund)
    assert not world.dyads.loans.any()


def test_the_books_balance_with_loans_in_running_contracts():
    world = opened()
    rows = running(world, foreign=True)
    world.contracts.loan_share[rows] = 0.3
    owed = world.contracts.price[rows] - world.contracts.paid[rows]
    owed *= 1 - world.contracts.credit_share[rows]
    np.subtract.at(world.states.commitments, world.contracts.buyer[rows], 0.3 * owed)
    advance(world, 2)
    assert world.dyads.loans.sum() > 0
    assert np.all(world.dyads.loans >= 0)
