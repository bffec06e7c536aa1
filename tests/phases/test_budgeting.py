"""Income, threat, allies and pledges set the burden, and the budget is split and paid in full."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play

from deftrade.core.tables.codes import CLIPS, Item, Sector
from deftrade.phases import Params
from deftrade.phases.assessing import AssessingParams
from deftrade.phases.budgeting import BudgetingParams
from deftrade.phases.budgeting.phase import Situation, desired_burden, reaction_matrix

QUIET = {"gdp_spread": 0, "oil_spread": 0}
if "taste_spread" in BudgetingParams.model_fields:
    QUIET["taste_spread"] = 0


def situation(anchor, income, threat, allies):
    return Situation(*(np.array([value]) for value in (anchor, income, threat, allies)))


def total_of(world, item):
    postings = world.postings
    return postings.amount[postings.item == item].sum()


def test_the_desired_burden_answers_to_income_threat_and_allies():
    params = BudgetingParams(income_elasticity=1.5, reaction=0.5, free_riding=0.5)
    assert desired_burden(situation(0.02, 4, 9, 4), params) == pytest.approx(0.02 * 2 * 3 / 2)
    assert desired_burden(situation(0.02, 1, 1, 1), params) == pytest.approx(0.02)


def test_nobody_reacts_when_the_elasticities_are_off():
    params = BudgetingParams(income_elasticity=1, reaction=0, free_riding=0)
    assert desired_burden(situation(0.02, 4, 9, 4), params) == pytest.approx(0.02)


def test_reactions_add_threat_and_allies():
    params = BudgetingParams(reaction=0.4, free_riding=0.1)
    threat, allies = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[0.0, 0.5], [0.0, 0.0]])
    assert reaction_matrix(threat, allies, params) == pytest.approx(np.array([[0, 0.45], [0.4, 0]]))


def test_cuts_in_a_recession_are_faster_than_in_calm():
    calm, recession = next_step(opened()), next_step(opened())
    for world in (calm, recession):
        world.states.burden[:] = 2 * world.states.burden_anchor
    recession.states.gdp_gap[:] = -0.2
    falls = [
        2 * world.states.burden_anchor - play(world, "budgeting", **QUIET).states.burden
        for world in (calm, recession)
    ]
    assert np.all(falls[1] > 1.3 * falls[0])


@pytest.mark.parametrize("cause", ["gdp_shock", "oil_shock"])
def test_scheduled_shocks_and_cheap_oil_make_a_recession_too(cause):
    calm, recession = next_step(opened()), next_step(opened())
    for world in (calm, recession):
        world.states.burden[:] = 2 * world.states.burden_anchor
        world.states.oil_share[:] = (0.5, 0.5, 0.5, 0, 0, 0)
    owner = recession.states if cause == "gdp_shock" else recession.environment
    getattr(owner, cause)[:] = -0.5
    for world in (calm, recession):
        play(world, "budgeting", **QUIET)
    faster = recession.states.burden < calm.states.burden * 0.99
    assert faster.tolist() == [True] * 3 + [cause == "gdp_shock"] * 3


def test_a_scheduled_shock_acts_in_full_at_its_date_and_then_fades():
    world = next_step(opened())
    world.states.gdp_gap[:], world.states.gdp_shock[:] = 0.0, -0.1
    play(world, "budgeting", shock_persistence=0.5, **QUIET)
    assert world.states.gdp == pytest.approx(world.states.trend_gdp * np.exp(-0.1))
    play(next_step(world), "budgeting", shock_persistence=0.5, **QUIET)
    assert world.states.gdp == pytest.approx(world.states.trend_gdp * np.exp(-0.1 * 0.5**0.25))


def test_rises_in_a_recession_are_not_faster():
    calm, recession = next_step(opened()), next_step(opened())
    for world in (calm, recession):
        world.states.burden[:] = world.states.burden_anchor / 2
    recession.states.gdp_gap[:] = -0.2
    play(calm, "budgeting", **QUIET)
    play(recession, "budgeting", **QUIET)
    assert recession.states.burden == pytest.approx(calm.states.burden)


def test_the_fiscal_cap_holds_and_is_counted():
    world = next_step(opened())
    world.states.burden[2] = 0.25
    play(world, "budgeting", fiscal_cap=0.2, **QUIET)
    assert world.states.burden[2] == 0.2
    place = CLIPS.index("fiscal_cap")
    assert world.environment.clipped[0, place] == 1
    assert world.environment.considered[0, place] == 6


def test_lines_exhaust_the_budget_and_financing_pays_for_it():
    world = next_step(opened())
    world.states.debt_financing[:], world.states.reallocation_financing[:] = 0.2, 0.3
    play(world, "budgeting", **QUIET)
    states = world.states
    assert states.milex == pytest.approx(states.burden * states.gdp / 4)
    lines = (
        states.personnel_spending + states.support_budget + states.procurement_budget + states.research_budget
    )
    assert lines == pytest.approx(states.milex)
    assert total_of(world, Item.BORROWING) == pytest.approx(0.2 * states.milex.sum())
    assert total_of(world, Item.REALLOCATION) == pytest.approx(0.3 * states.milex.sum())
    assert total_of(world, Item.PERSONNEL) == pytest.approx(states.personnel_spending.sum())


def test_debt_is_borrowed_and_repaid():
    world = next_step(opened())
    world.states.debt[:], world.states.debt_financing[:] = 1000.0, 0.0
    play(world, "budgeting", debt_repayment=0.19, **QUIET)
    assert world.states.debt == pytest.approx(1000 * 0.81**0.25)
    assert total_of(world, Item.REPAYMENT) == pytest.approx(6 * 1000 * (1 - 0.81**0.25))
    payee = world.postings.payee_sector[world.postings.item == Item.REPAYMENT]
    assert np.all(payee == Sector.FINANCE)


def test_dear_oil_makes_oil_states_rich_and_others_not():
    plain, dear = next_step(opened()), next_step(opened())
    for world in (plain, dear):
        world.states.oil_share[:] = (0.5, 0, 0, 0, 0, 0)
    dear.environment.oil_shock[:] = 0.4
    play(plain, "budgeting", **QUIET)
    play(dear, "budgeting", shock_persistence=1, oil_pass_through=0.5, **QUIET)
    gain = dear.states.gdp / plain.states.gdp
    assert gain == pytest.approx([np.exp(0.5 * 0.5 * 0.4), 1, 1, 1, 1, 1])


def test_the_gdp_gap_has_the_declared_stationary_spread():
    world = opened()
    gaps = []
    for _ in range(800):
        play(next_step(world), "budgeting", gdp_spread=0.02, gdp_persistence=0.7)
        gaps.append(world.states.gdp_gap.copy())
        world.clock.step += 1
    assert np.std(gaps) == pytest.approx(0.02, rel=0.15)


def test_shocks_belong_to_a_date_and_average_out():
    world = next_step(opened())
    play(world, "budgeting", gdp_persistence=0, gdp_spread=0.1)
    first = world.states.gdp_gap.copy()
    world.clock.step += 1
    play(next_step(world), "budgeting", gdp_persistence=0, gdp_spread=0.1)
    assert not np.allclose(first, world.states.gdp_gap)
    assert len(np.unique(first)) == 6


@pytest.mark.parametrize("feedback", [-0.5, 0, 0.5])
def test_a_risen_burden_feeds_back_on_trend_growth_as_told(feedback):
    world = next_step(opened())
    world.states.trend_growth[:] = 0.02
    world.states.burden[:3] = world.states.burden_anchor[:3] + 0.01
    before = world.states.trend_gdp.copy()
    world.states.burden[3:] = world.states.burden_anchor[3:]
    play(world, "budgeting", growth_feedback=feedback, **QUIET)
    growth = world.states.trend_gdp / before
    assert growth[:3] == pytest.approx((1.02 + feedback * 0.01) ** 0.25)
    assert growth[3:] == pytest.approx(1.02**0.25)


def test_interest_goes_from_taxpayers_through_lenders_to_households():
    world = next_step(opened())
    world.states.debt[:], world.states.debt_financing[:] = 1000.0, 0.0
    play(world, "budgeting", debt_repayment=0, interest=0.04, debt_premium=0, **QUIET)
    assert world.states.interest == pytest.approx(np.full(6, 10.0))
    assert world.states.debt == pytest.approx(np.full(6, 1000.0))
    assert world.states.debt_share == pytest.approx(1000 / world.states.gdp)
    postings = world.postings
    paid = postings.item == Item.INTEREST
    assert postings.amount[paid] == pytest.approx(np.full(12, 10.0))
    assert sorted(set(postings.payee_sector[paid])) == [Sector.HOUSEHOLDS, Sector.FINANCE]


def test_without_interest_nothing_is_posted():
    world = play(next_step(opened()), "budgeting", interest=0, debt_premium=0, **QUIET)
    assert total_of(world, Item.INTEREST) == 0
    assert not world.states.interest.any()


def test_a_rival_s_build_up_raises_the_burden_unless_nobody_reacts():
    def lead(reaction):
        params = Params(budgeting=BudgetingParams(reaction=reaction, free_riding=0, **QUIET))
        calm, armed = opened(), opened()
        for world in (calm, armed):
            world.dyads.hostility_anchor[:] = world.dyads.hostility
        armed.states.burden_pledge[0] = 0.1  # state 3 is its rival; 3 to 5 are allies
        drift = params.model_copy(update={"assessing": AssessingParams(hostility_drift=0)})
        advance(calm, 5, drift)
        advance(armed, 5, drift)
        return armed.states.burden - calm.states.burden

    matched = lead(0.5)
    assert matched[0] > 0.02
    assert matched[3] > 0.0002
    still = lead(0)
    assert still[0] > 0.02
    assert still[3] == pytest.approx(0, abs=1e-15)
