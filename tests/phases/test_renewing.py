"""Owners are paid from spare cash; firms in distress are rescued, taken over or closed; some start."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened, play, play_until, running, sign

from deftrade.core.tables.codes import ContractStatus, DecisionKind, Item
from deftrade.phases.researching import ResearchingParams
from deftrade.phases.researching.renewal.entering import copied_quality
from deftrade.phases.researching.renewal.renewing import advances
from deftrade.phases.shared.contracts import cancel

HOME = 3


def renewed(world, **changes):
    """Return the world after a round that can hold no research of its own."""
    world.firms.research_intensity[:] = 0
    return play(world, "researching", **changes)


def closed(world, firm, **changes):
    """Return the world after the first date whose luck ends the firm."""
    world.firms.research_intensity[:] = 0
    return play_until(lambda trial: not trial.firms.is_active[firm], world, "researching", **changes)


def funded(world):
    """Give states the equipment budgets that a year's budgeting would."""
    world.states.procurement_budget[:] = 1000.0
    return world


def firms_at(world, home=HOME):
    return np.flatnonzero((world.firms.home == home) & world.firms.is_active)


def posted(world, item):
    return world.postings.amount[world.postings.item == item].sum()


def broke(world, firm, state_share=0.0):
    """Leave a firm deep in debt."""
    world.firms.cash[firm] = -10 * world.firms.smoothed_revenue[firm] - 10
    world.firms.state_share[firm] = state_share
    return world


def logged(world, kind):
    return np.count_nonzero(world.decisions.kind == kind)


def test_cash_above_the_buffer_goes_to_state_and_private_owners():
    world = next_step(opened())
    cancel(world, np.flatnonzero(world.contracts.status == ContractStatus.ACTIVE))
    world.firms.smoothed_revenue[:], world.firms.cash[:] = 100.0, 25.0
    world.firms.cash[0], world.firms.state_share[0] = 125.0, 0.6
    renewed(world, buffer=0.25, payout=0.75, revenue_memory=0)
    dividend = 100 * (1 - 0.25**0.25)
    assert world.firms.cash[0] == pytest.approx(125 - dividend)
    assert world.firms.cash[1] == pytest.approx(25)
    assert posted(world, Item.DIVIDENDS) == pytest.approx(dividend)
    assert world.states.fiscal_cost[world.firms.home[0]] == pytest.approx(-0.6 * dividend)


def test_advances_of_buyers_are_not_paid_to_owners():
    world = next_step(opened())
    contracts = world.contracts
    cancel(world, np.flatnonzero(contracts.status == ContractStatus.ACTIVE))
    sign(world, 2, 5, 0, price=400.0)
    play(world, "contracting")
    row = running(world)[-1]
    firm = contracts.firm[row]
    contracts.price[row], contracts.paid[row] = 400.0, 180.0
    contracts.progress[row] = (contracts.lead[row] + contracts.span[row]) / 4
    expected = np.zeros(len(world.firms))
    expected[firm] = 80
    assert advances(world) == pytest.approx(expected)
    world.firms.smoothed_revenue[:], world.firms.cash[:] = 0.0, 0.0
    world.firms.cash[firm] = 180.0
    renewed(world, buffer=0, payout=0.75, revenue_memory=0)
    assert posted(world, Item.DIVIDENDS) == pytest.approx(100 * (1 - 0.25**0.25))


def test_a_state_firm_in_distress_is_recapitalised_by_taxpayers():
    world = next_step(opened())
    firm = firms_at(world)[0]
    broke(world, firm, state_share=0.7).states.recapitalisation[HOME] = 0.8
    need = -world.firms.cash[firm]
    before = logged(world, DecisionKind.RECAPITALISATION)
    renewed(world, exit_hazard=10)
    assert world.firms.is_active[firm]
    assert world.firms.cash[firm] == pytest.approx(-0.2 * need)
    assert posted(world, Item.RECAPITALISATION) == pytest.approx(0.8 * need)
    assert world.states.fiscal_cost[HOME] >= 0.8 * need - 50
    assert logged(world, DecisionKind.RECAPITALISATION) == before + 1


def test_what_share_of_the_state_makes_a_firm_public_can_be_set():
    world = next_step(opened())
    firm = firms_at(world)[0]
    broke(world, firm, state_share=0.7).states.recapitalisation[HOME] = 0.8
    renewed(world, exit_hazard=10, public_share=0.75)
    assert posted(world, Item.RECAPITALISATION) == 0


def test_a_private_firm_in_distress_is_taken_over_by_a_home_rival():
    world = next_step(opened())
    firm, rival = firms_at(world)
    lines = np.flatnonzero(world.lines.firm == firm)
    debt, cash = -broke(world, firm).firms.cash[firm], world.firms.cash[rival]
    workers = world.firms.workers[[firm, rival]].sum()
    world = closed(world, firm, exit_hazard=10, payout=0)
    assert np.all(world.lines.firm[lines] == rival)
    assert world.lines.is_active[lines].all()
    assert firm not in world.contracts.firm[running(world)]
    assert world.firms.cash[rival] == pytest.approx(cash - debt)
    assert world.firms.cash[firm] == pytest.approx(0)
    assert world.firms.workers[rival] == pytest.approx(workers)


def test_without_a_rival_and_without_rescue_a_firm_closes_and_its_contracts_end():
    world = next_step(opened())
    firm, other = firms_at(world)
    world.firms.is_active[other] = False
    world.states.recapitalisation[HOME] = 0.0
    broke(world, firm)
    lines = np.flatnonzero(world.lines.firm == firm)
    held = np.flatnonzero(
        (world.contracts.status == ContractStatus.ACTIVE) & np.isin(world.contracts.line, lines)
    )
    world = closed(world, firm, exit_hazard=10)
    assert not world.lines.is_active[lines].any()
    assert held.size
    assert np.all(world.contracts.status[held] == ContractStatus.CANCELLED)
    assert world.firms.workers[firm] == 0
    assert world.firms.cash[firm] == 0


def test_the_last_firm_of_a_state_is_not_let_go():
    world = next_step(opened())
    firm, other = firms_at(world)
    world.firms.is_active[other] = False
    world.states.recapitalisation[HOME] = 1.0
    broke(world, firm)
    renewed(world, exit_hazard=10)
    assert world.firms.is_active[firm]
    assert world.firms.state_share[firm] == 1  # money for shares


def test_firms_that_pay_their_way_stay():
    world = next_step(opened())
    world.firms.cash[:] = 1.0
    before = len(world.firms)
    renewed(world, exit_hazard=10, entry_hazard=0)
    assert world.firms.is_active.all()
    assert len(world.firms) == before


def test_distress_does_not_close_a_firm_at_once():
    world = next_step(opened())
    world.states.recapitalisation[:] = 0
    world.firms.cash[:] = -10 * world.firms.smoothed_revenue - 10
    world = closed(world, firms_at(world)[0], exit_hazard=0.5)
    assert 0 < np.count_nonzero(~world.firms.is_active) < len(world.firms) / 2


def vacant(world, home=HOME):
    """Close a category in a state that could design in it, and return the category."""
    category = int(world.lines.category[np.flatnonzero(world.lines.home == home)[0]])
    world.lines.is_active[(world.lines.home == home) & (world.lines.category == category)] = False
    world.states.rung[home], world.states.research_stock[home] = 8.0, 1000.0
    return category


def test_a_capable_state_opens_a_line_where_it_has_none():
    world = next_step(opened())
    category = vacant(world)
    before = len(world.lines)
    renewed(world, entry_hazard=2, entry_share=0.2, entry_capacity=15, rung_pace=0)
    entered = False
    for _ in range(20):
        world.clock.step += 1
        renewed(funded(next_step(world)), entry_hazard=2, rung_pace=0)
        entered = len(world.lines) > before
        if entered:
            break
    assert entered
    assert (world.lines.home[before], world.lines.category[before]) == (HOME, category)
    assert world.lines.quality[before] == pytest.approx(world.states.know_how[HOME, category], rel=0.02)
    assert world.lines.capacity[before] >= 15
    assert world.lines.experience[before] < world.lines.opening_experience[before]
    assert len(world.names.lines) == len(world.lines)


@pytest.mark.parametrize(("lack", "copies"), [("rung", 0), ("research_stock", 2)])
def test_without_rung_or_research_nobody_enters(lack, copies):
    world = next_step(opened())
    vacant(world)
    getattr(world.states, lack)[:] = 0.0
    before = len(world.lines)
    for _ in range(10):
        world.clock.step += 1
        renewed(funded(next_step(world)), entry_hazard=2, copy_hazard=copies, rung_pace=0)
        getattr(world.states, lack)[:] = 0.0
    assert len(world.lines) == before


def test_a_state_without_firms_founds_one():
    world = next_step(opened())
    vacant(world)
    world.firms.is_active[world.firms.home == HOME] = False
    before = len(world.firms)
    for _ in range(20):
        world.clock.step += 1
        renewed(funded(next_step(world)), entry_hazard=2, rung_pace=0)
    assert len(world.firms) > before
    assert world.firms.home[before] == HOME
    assert world.firms.is_active[before]
    assert "State 3" in world.names.firms[before]
    assert world.firms.entered[before] > 0


def operating(world, category, quality):
    """Leave a state that cannot design two fleets of a category, of 30 and 10 CU, and return the rows."""
    fleets = world.fleets
    world.states.rung[HOME], world.states.know_how[HOME] = 0.0, 0.1
    world.states.research_stock[HOME] = 10.0
    fleets.volume[fleets.holder == HOME] = 0.0
    mine = np.flatnonzero((fleets.holder == HOME) & (fleets.category == category))[:2]
    fleets.volume[mine], fleets.quality[mine] = (30.0, 10.0), quality
    return mine


def test_a_copy_has_a_share_of_the_mean_quality_of_what_is_operated():
    world = next_step(opened())
    category = vacant(world)
    operating(world, category, (1.0, 0.6))
    copied = copied_quality(world, ResearchingParams(copy_quality=0.5))
    assert copied[HOME, category] == pytest.approx(0.5 * (30 * 1.0 + 10 * 0.6) / 40)
    assert not np.delete(copied[HOME], category).any()  # there is nothing to copy


@pytest.mark.parametrize(("hazard", "stock"), [(2, 5), (0, 5), (2, 20)])
def test_who_cannot_design_copies_if_it_spent_on_research(hazard, stock):
    world = next_step(opened())
    category = vacant(world)
    before = len(world.lines)
    for _ in range(20):
        world.clock.step += 1
        operating(world, category, (0.9, 0.9))
        terms = {"copy_hazard": hazard, "copy_stock": stock, "copy_quality": 0.5, "catch_up": 0}
        renewed(funded(next_step(world)), entry_hazard=0, rung_pace=0, **terms)
    assert len(world.lines) == before + (hazard > 0 and stock < 10)
    if len(world.lines) > before:
        assert (world.lines.home[before], world.lines.category[before]) == (HOME, category)
        assert world.lines.quality[before] == pytest.approx(0.45)
        assert world.lines.design_origin[before] == -1
