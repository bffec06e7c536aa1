"""States order what they lack and can pay, alone or in pools, on conditions that policy sets."""

import numpy as np
import pytest
from tests.phases.stories import advance, in_need, next_step, opened, play, running, tenders_since

from deftrade.core.tables.codes import ContractKind, ContractStatus, DecisionKind, TenderStatus
from deftrade.phases.tendering.params import TenderingParams
from deftrade.phases.tendering.planning import band_top, retirement_rate, steady_volume

ALONE = 0.0


def ready(states=None, pooled=ALONE):
    """Return a world whose states are about to order, alone unless told."""
    world = play(in_need(next_step(opened()), states), "budgeting")
    world.alliances.pooled_share[:] = pooled
    return world


def ordered(world, **changes):
    """Return the rows of equipment tenders that a round of tendering publishes."""
    before = len(world.tenders)
    play(world, "tendering", **changes)
    return tenders_since(world, before)


def test_retirement_is_the_declining_balance_over_the_service_life():
    rate = retirement_rate(np.array([1.65, 1.65, 2.0]), np.array([16.5, 33.0, 20.0]))
    assert rate == pytest.approx([0.1, 0.05, 0.1])


def test_the_steady_volume_is_what_spending_replaces():
    volume = steady_volume(
        np.array([100.0]), np.array([0.5, 0.5]), np.array([0.1, 0.05]), np.array([[2.0, 1.0]])
    )
    assert volume == pytest.approx(np.array([[250, 1000]]))


def test_the_order_band_lies_around_the_mean_stock():
    assert band_top(TenderingParams(trigger=0.2, trigger_spread=0)) == pytest.approx(1 / 0.9)
    wide = 0.2 * np.exp(1.5 * 0.25)
    assert band_top(TenderingParams(trigger=0.2, trigger_spread=0.5)) == pytest.approx(1 / (1 - wide / 2))
    assert band_top(TenderingParams(trigger=1, trigger_spread=1)) == pytest.approx(2)
    assert band_top(TenderingParams(trigger=1, trigger_spread=1, least_stock=0.25)) == pytest.approx(4)


def test_a_state_that_lost_its_fleets_orders_in_every_category():
    world = ready(states=2)
    rows = ordered(world)
    mine = rows[world.tenders.buyer[rows] == 2]
    assert sorted(world.tenders.category[mine]) == [0, 1, 2]


def test_a_need_is_counted_once():
    world = ready()
    assert len(ordered(world)) > 0
    assert len(ordered(world)) == 0


def test_what_is_on_order_is_no_gap():
    world = ready(states=2)
    rows = ordered(world)
    mine = rows[world.tenders.buyer[rows] == 2]
    left = world.states.target_volume[2, 0] - world.states.on_order[2, 0]
    play(world, "tendering")
    assert world.states.on_order[2, 0] == pytest.approx(world.tenders.volume[mine][0])
    assert left > 0


def test_no_room_in_the_budget_no_order():
    world = ready()
    world.states.commitments[2] = 1e9
    rows = ordered(world)
    assert 2 not in world.tenders.buyer[rows]
    assert 3 in world.tenders.buyer[rows]


def test_all_orders_together_stay_within_the_room():
    world = ready()
    rows = ordered(world, commitment_years=1, exchange_weight=0)
    asked = np.bincount(world.tenders.buyer[rows], weights=world.tenders.value[rows], minlength=6)
    room = world.states.procurement_fund + 4 * world.states.procurement_budget
    assert np.all(asked <= room * (1 + 1e-9))


def importing(tightness):
    """Return a world that must order, in which states 0, 1 and 2 make nothing themselves."""
    world = ready()
    world.lines.is_active[np.isin(world.lines.home, (0, 1, 2))] = False
    world.states.exchange_tightness[:] = tightness
    world.states.procurement_fund[:] = 0.0
    world.contracts.paid[:] = world.contracts.price[:]
    return world


def orders(world, **changes):
    """Return what each state orders where budgets do not bind, MUSD."""
    rows = ordered(world, commitment_years=20, **changes)
    return np.bincount(world.tenders.buyer[rows], weights=world.tenders.value[rows], minlength=6)


def test_large_requirements_are_bought_in_batches():
    whole = orders(ready(), largest_order=10)
    world = ready()
    rows = ordered(world, commitment_years=20, largest_order=0.1)
    batch = 0.1 * 4 * world.states.procurement_budget[world.tenders.buyer[rows]]
    assert np.all(world.tenders.value[rows] <= np.maximum(batch, 100) * (1 + 1e-9))
    assert world.tenders.value[rows].sum() < whole.sum() / 2
    # What is not bought now is still a gap.
    left = world.states.target_volume - world.states.on_order
    assert left.min() > 0


def short_orders(world, **changes):
    """Return what each state orders where one year's budget is all that it may commit, MUSD."""
    rows = ordered(world, commitment_years=1, largest_order=10, **changes)
    return np.bincount(world.tenders.buyer[rows], weights=world.tenders.value[rows], minlength=6)


def test_scarce_foreign_exchange_limits_orders_that_only_imports_can_serve():
    world = importing(0.5)
    plenty, budget = short_orders(importing(0.0)), 4 * world.states.procurement_budget
    scarce = short_orders(world, exchange_weight=0.4)
    assert plenty == pytest.approx(budget)
    assert scarce == pytest.approx(plenty * (0.8, 0.8, 0.8, 1, 1, 1))


@pytest.mark.parametrize("column", ["oil_gap", "oil_shock"])
def test_dear_oil_brings_oil_states_foreign_exchange(column):
    values = []
    for price in (0.0, 1.0):
        world = importing(1.0)
        world.environment.oil_gap[:] = world.environment.oil_shock[:] = 0.0
        getattr(world.environment, column)[:] = price
        world.states.oil_share[:] = (0.5, 0, 0, 0, 0, 0)
        values.append(short_orders(world, exchange_weight=0.4, oil_exchange=1))
    assert values[1] == pytest.approx(values[0] * (0.8 / 0.6, 1, 1, 1, 1, 1))


def test_only_equipment_under_way_is_on_order():
    world = next_step(opened())
    play(world, "budgeting", "tendering")
    contracts, tenders = world.contracts, world.tenders
    rows = running(world)
    due = (contracts.volume - contracts.delivered)[rows]
    expected = np.zeros((6, 3))
    np.add.at(expected, (contracts.buyer[rows], contracts.category[rows]), due)
    waiting = (tenders.status < TenderStatus.SIGNED) & (tenders.kind == ContractKind.EQUIPMENT)
    fresh = waiting & (tenders.opened == world.clock.step)
    old = np.flatnonzero(waiting & ~fresh)
    np.add.at(expected, (tenders.buyer[old], tenders.category[old]), tenders.volume[old])
    assert world.states.on_order == pytest.approx(expected)
    assert due.sum() > 0


def test_small_needs_wait_until_they_are_worth_a_contract():
    world = ready()
    world.categories.smallest_order[1] = 1e6
    rows = ordered(world)
    assert set(world.tenders.category[rows]) == {0, 2}


def test_a_threatened_state_orders_earlier():
    """The triggers of the same states fall when threat has risen."""
    calm, alarmed = opened(), opened()
    for world in (calm, alarmed):
        next_step(world)
        world.alliances.pooled_share[:] = 0
        play(world, "budgeting")
    alarmed.states.threat[:] = 16 * alarmed.states.opening_threat
    few, many = ordered(calm), ordered(alarmed, urgency=1)
    assert len(many) > len(few)


def test_stale_tenders_are_withdrawn_and_logged():
    world = ready(states=2)
    rows = ordered(world)
    world.clock.step += 8
    play(next_step(world), "tendering", patience=2)
    assert np.all(world.tenders.status[rows] == TenderStatus.WITHDRAWN)
    logged = world.decisions.row[world.decisions.kind == DecisionKind.WITHDRAWAL]
    assert set(rows) <= set(logged)


def test_offsets_are_asked_of_large_orders_only():
    world = ready()
    world.states.offset_rate[:] = 0.6
    world.states.offset_threshold[:] = (0, 0, 0, 1e5, 1e5, 1e5)
    rows = ordered(world)
    assert world.tenders.value[rows].max() < 1e5
    bound = world.tenders.buyer[rows] < 3
    assert bound.any()
    assert world.tenders.offset_rate[rows] == pytest.approx(np.where(bound, 0.6, 0))


def test_states_below_assembly_ask_for_a_part_of_their_localisation_target():
    world = ready()
    world.states.localisation_target[:] = 0.4
    world.states.rung[:] = np.array([1, 1, 1, 5, 5, 5])[:, None]
    rows = ordered(world, starter_share=0.25)
    low = world.tenders.buyer[rows] < 3
    assert low.any()
    assert world.tenders.local_share[rows] == pytest.approx(np.where(low, 0.1, 0.4))


def test_who_makes_nothing_in_a_category_asks_for_no_work_in_it():
    world = ready()
    world.states.localisation_target[:], world.states.licence_demand[:] = 0.4, 1.0
    world.states.rung[:] = 8.0
    world.lines.is_active[(world.lines.home == 2) & (world.lines.category == 1)] = False
    rows = ordered(world, licence_value=1e9)
    none = (world.tenders.buyer[rows] == 2) & (world.tenders.category[rows] == 1)
    assert none.sum() == 1
    assert np.array_equal(world.tenders.local_share[rows] > 0, ~none)
    assert np.array_equal(world.tenders.wants_licence[rows], ~none)


def test_licensed_production_is_wanted_where_industry_can_do_it():
    world = ready()
    world.states.licence_demand[:] = 1.0
    world.states.rung[:] = np.array([1, 1, 1, 5, 5, 5])[:, None]
    rows = ordered(world)
    assert np.array_equal(world.tenders.wants_licence[rows], world.tenders.buyer[rows] >= 3)


def test_assembly_of_kits_is_part_of_the_work_of_a_licence():
    world = ready()
    world.states.localisation_target[:], world.states.licence_demand[:] = 0.0, 1.0
    world.categories.rung_assembly[:], world.categories.rung_licence[:] = 2, 6
    world.states.rung[:] = np.array([1, 1, 4, 4, 7, 7])[:, None]
    rows = ordered(world, licence_work=0.4, assembly_work=0.25)
    work = np.array([0.0, 0.0, 0.1, 0.1, 0.4, 0.4])
    assert world.tenders.local_share[rows] == pytest.approx(work[world.tenders.buyer[rows]])


def test_poor_states_accept_used_equipment_and_rich_ones_do_not():
    world = ready()
    world.states.productivity[:] = (0.01, 0.01, 0.01, 0.3, 0.3, 0.3)
    rows = ordered(world, used_acceptance=1.0)
    poor = world.tenders.buyer[rows] < 3
    assert world.tenders.accepts_used[rows][poor].mean() > 0.7
    assert not world.tenders.accepts_used[rows][~poor].any()


def test_pool_partners_order_together_under_one_key():
    world = ready(states=[0, 1, 2], pooled=1.0)
    rows = ordered(world, join_share=0)
    joint = rows[world.tenders.pool[rows] == 1]
    assert len(joint) >= 6
    for category in range(3):
        group = joint[world.tenders.category[joint] == category]
        assert len(set(world.tenders.pool_key[group])) == 1
        assert np.all(world.tenders.partners[group] == len(group))


def test_without_pooling_everyone_orders_alone():
    world = ready(states=[0, 1, 2])
    rows = ordered(world)
    assert np.all(world.tenders.pool[rows] == -1)
    assert np.all(world.tenders.partners[rows] == 1)


def test_a_filled_technology_fund_seeks_know_how_where_the_lag_is_largest():
    world = ready()
    world.states.technology_fund[:] = (0, 0, 100, 0, 0, 0)
    world.contracts.status[world.contracts.kind == ContractKind.TECHNOLOGY] = ContractStatus.COMPLETED
    world.states.know_how[2] = (0.9, 0.2, 0.9)
    before = len(world.tenders)
    play(world, "tendering", technology_fee=50)
    rows = tenders_since(world, before, ContractKind.TECHNOLOGY)
    assert world.tenders.buyer[rows].tolist() == [2]
    assert world.tenders.category[rows].tolist() == [1]
    assert world.tenders.value[rows] == pytest.approx([100])


def test_orders_come_in_lumps_but_all_the_time():
    """Neither every step for everyone, nor all states in one wave."""
    world = opened()
    before = len(world.tenders)
    advance(world, 5)
    opened_at = world.tenders.opened[tenders_since(world, before)]
    counts = np.bincount(opened_at, minlength=20)
    assert counts.max() < 18
    assert np.count_nonzero(counts) > 12
