"""Debt is no free lunch: its rate rises with it, lenders end at a ceiling, and it defers what taxes cost."""

from itertools import product

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, twin

from deftrade.core.tables import States
from deftrade.core.tables.codes import Item
from deftrade.phases import Params
from deftrade.phases.accounting import AccountingParams
from deftrade.phases.budgeting import BudgetingParams
from deftrade.phases.budgeting.borrowing import finance_budget, interest_rate, lent, steady_debt

QUIET = {"gdp_spread": 0, "oil_spread": 0, "taste_spread": 0}
PLAIN = BudgetingParams(interest=0.02, debt_premium=0.03, debt_reference=0.5)


def financed(share, years=1, **changes):
    """Return a world in which all states borrow ``share`` of their spending for some years."""
    world = opened()
    world.states.debt_financing[:] = share
    world.states.reallocation_financing[:] = 0
    return advance(world, years, Params(budgeting=BudgetingParams(**QUIET, **changes)))


def ends(name):
    """Return the ends of a parameter's bounds."""
    schema = BudgetingParams.model_json_schema()["properties"][name]
    return schema["minimum"], schema["maximum"]


def test_the_rate_rises_by_three_basis_points_a_point_above_the_reference():
    rate = interest_rate(np.array([0.0, 0.5, 0.51, 1.5]), PLAIN)
    assert rate == pytest.approx([0.02, 0.02, 0.0203, 0.05])


def test_without_premium_the_rate_is_constant_to_the_bit():
    world = financed(0.9, debt_premium=0, interest=0.04)
    assert np.all(world.states.interest_rate == 0.04)
    assert np.array_equal(world.states.interest, 0.25 * (0.04 * world.states.debt))


def test_defence_debt_pays_its_own_rate_and_what_it_adds_to_that_of_other_debt():
    world = next_step(opened())
    states = world.states
    states.debt[:], states.debt_financing[:], states.other_debt[:] = 0.1 * states.gdp, 0.0, 0.6
    play(world, "budgeting", debt_repayment=0, interest=0.02, debt_premium=0.03, debt_reference=0.5, **QUIET)
    share = states.debt_share
    assert states.interest_rate == pytest.approx(0.02 + 0.03 * (0.1 + share))
    due = (states.interest_rate * share + 0.03 * share * 0.6) * states.gdp / 4
    assert states.interest == pytest.approx(due)


def test_other_debt_makes_defence_debt_dearer_and_ends_it_sooner():
    world = next_step(opened())
    world.states.other_debt[:] = (0, 0.5, 1.0, 1.3, 1.45, 3.0)
    world.states.debt_financing[:] = 0.5
    play(world, "budgeting", debt_ceiling=1.5, debt_reserve=0.3, **QUIET)
    states = world.states
    assert np.all(np.diff(states.interest_rate[1:]) > 0)
    borrowed = world.postings.amount[world.postings.item == Item.BORROWING]
    met = np.zeros(6)
    met[: len(borrowed)] = borrowed / (0.5 * states.milex)[: len(borrowed)]
    assert met[:3] == pytest.approx(1)
    assert 1 > met[3] > met[4] > met[5] == 0
    assert states.debt[5] < opened().states.debt[5]


def test_what_is_not_lent_is_taxed():
    def taxes(share):
        world = next_step(opened())
        world.states.debt[:], world.states.reallocation_financing[:] = 0, 0
        world.states.procurement_fund[:] = 0
        world.states.other_debt[:], world.states.debt_financing[:] = 3.0, share
        play(world, "budgeting", **QUIET)
        return world.postings.amount[world.postings.item == Item.TAX].sum()

    assert taxes(0.9) == pytest.approx(taxes(0.0))


def test_lenders_lend_the_whole_far_from_the_ceiling_and_two_halves_as_the_whole():
    wanted = np.array([0.0, 1.0, 5.0, 8.0, 40.0, 1e6])
    found = lent(wanted, np.full(6, 10.0), np.full(6, 5.0))
    assert np.array_equal(found[:3], wanted[:3])
    assert np.all(np.diff(found) > 0)
    assert found[-1] <= 10
    half = lent(wanted / 2, np.full(6, 10.0), np.full(6, 5.0))
    assert half + lent(wanted / 2, 10.0 - half, np.full(6, 5.0)) == pytest.approx(found)


def test_debt_falls_to_no_ceiling_by_a_cliff():
    """A little more debt at the opening is never less debt at the close, for any room."""
    kept = np.linspace(0, 12, 400)
    for wanted in (0.01, 1.0, 100.0):
        close = kept + lent(np.full(400, wanted), 10 - kept, np.full(400, 4.0))
        assert np.all(np.diff(close) > -1e-12)


NAMES = ("debt_repayment", "debt_ceiling", "debt_reserve", "debt_premium", "debt_reference", "interest")


@pytest.mark.parametrize("corner", list(product((0, 1), repeat=3)), ids=str)
def test_debt_is_bounded_and_rises_with_what_is_wanted_at_the_ends_of_all_bounds(corner):
    """Fifty years at the largest burden; the rate, which cannot move debt, stands at its ends as well."""
    place = dict(zip(NAMES, (*corner, corner[0], corner[1], corner[2]), strict=True))
    params = BudgetingParams(**{name: ends(name)[end] for name, end in place.items()})
    ceiling = params.debt_ceiling
    for other in (States.other_debt.bounds.low, 0.5, States.other_debt.bounds.high):
        world = opened()
        states = world.states
        states.gdp, states.debt, states.burden = (
            np.full(6, 1e5),
            np.zeros(6),
            np.full(6, ends("fiscal_cap")[1]),
        )
        states.debt_financing, states.other_debt = np.array([0, 0.04, 0.2, 0.6, 0.9, 1.0]), np.full(6, other)
        states.milex = world.clock.flow(states.burden * states.gdp)
        world = next_step(world)
        for _ in range(200):
            finance_budget(world, params)
            share = world.states.debt / world.states.gdp
            assert np.all(np.diff(share) > -1e-12)
            assert np.all(share + other <= max(ceiling, other) * (1 + 1e-12))
        largest = params.interest + params.debt_premium * max(ceiling, other)
        assert np.all(world.clock.per_year(world.states.interest) <= largest * max(ceiling, other) * 1e5)
        assert np.all(steady_debt(world, params, 5) / 1e5 + other <= max(ceiling, other) * (1 + 1e-12))


def test_the_opening_debt_is_what_stays_where_it_is():
    world = next_step(opened())
    states = world.states
    states.debt_financing, states.burden = np.array([0, 0.04, 0.2, 0.6, 0.9, 1.0]), np.full(6, 0.2)
    states.milex = world.clock.flow(states.burden * states.gdp)
    params = BudgetingParams()
    states.debt = steady_debt(world, params, 1.0)
    opening = states.debt.copy()
    for _ in range(40):
        finance_budget(world, params)
    assert states.debt == pytest.approx(opening, rel=0.02)


def test_financing_by_debt_moves_debt_interest_and_jobs_through_its_channel():
    tax, debt = financed(0.0, 4), financed(0.6, 4)
    assert np.all(debt.states.debt > tax.states.debt)
    assert np.all(debt.states.interest > tax.states.interest)
    assert np.all(debt.states.interest_rate > tax.states.interest_rate)
    assert np.all(debt.states.jobs_net > tax.states.jobs_net)
    assert np.array_equal(debt.states.usable_capability, tax.states.usable_capability)


def test_debt_is_paid_for_in_jobs_later():
    """Repaid and with interest on it, debt costs more jobs a year than taxes in its place would."""

    def jobs(debt, **changes):
        world = opened()
        world.states.debt[:] = debt * world.states.gdp
        world.states.debt_financing[:] = 0
        quiet = Params(budgeting=BudgetingParams(**QUIET, **changes))
        return advance(twin(world), 1, quiet).states.jobs_net

    assert np.all(jobs(0.4) < jobs(0.0))
    assert np.all(jobs(0.4, debt_premium=0.1) < jobs(0.4, debt_premium=0.0))
    assert np.array_equal(jobs(0.0, debt_premium=0.1), jobs(0.0, debt_premium=0.0))


def test_what_borrowing_does_to_jobs_is_off_where_lenders_spend_as_taxpayers_do():
    def jobs(share):
        world = opened()
        world.states.debt_financing[:], world.states.reallocation_financing[:] = share, 0
        same = AccountingParams(crowding_out=0.6, consumption=0.6)
        return advance(world, 2, Params(budgeting=BudgetingParams(**QUIET), accounting=same)).states.jobs_net

    assert jobs(0.9) == pytest.approx(jobs(0.0))
