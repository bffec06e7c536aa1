"""Deliveries fill fleets and habits, plants grow within ceilings, experience fades."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, running, sign

from deftrade.core.tables.codes import ContractKind, ContractStatus, Item, Sector
from deftrade.phases.producing import ProducingParams


def test_a_delivery_is_in_the_fleet_of_its_origin_and_in_the_habit_of_the_pair():
    world = next_step(opened())
    row = running(world, foreign=True)[0]
    contracts = world.contracts
    contracts.progress[row] = contracts.lead[row] + contracts.span[row] / 2
    contracts.delivered[row] = 0.0
    pair = contracts.supplier[row], contracts.buyer[row]
    world.states.procurement_fund[:] = 1e6
    play(world, "producing")
    arrived = contracts.delivered[row]
    assert arrived >= contracts.volume[row] / 2
    assert world.fleets.delivered[contracts.fleet[row]] >= arrived
    assert world.dyads.deliveries[pair] >= arrived
    keep = 0.67**0.25
    assert world.dyads.relation[pair] >= (1 - keep) * arrived * contracts.quality[row] * 4


def test_habits_fade_when_deliveries_end():
    world = next_step(opened())
    world.contracts.status[:] = 1
    before = world.dyads.relation.copy()
    play(world, "producing", habit=0.5)
    assert world.dyads.relation == pytest.approx(before * 0.5**0.25)


def test_plants_grow_within_a_ceiling_however_full_the_order_book():
    world = next_step(opened())
    before = world.lines.capacity.copy()
    for row in running(world):
        world.contracts.price[row] *= 100
    world.categories.capacity_growth[:] = (0.1, 0.05, 0.6)
    play(world, "producing")
    busy = world.lines.load > 2 * before
    assert busy.any()
    ceiling = np.array([1.1, 1.05, 1.6])[world.lines.category[busy]]
    assert world.lines.capacity[busy] == pytest.approx(before[busy] * ceiling**0.25)


def test_settling_plants_grow_as_fast_as_its_floor_whatever_the_category():
    world = next_step(opened())
    before = world.lines.capacity.copy()
    for row in running(world):
        world.contracts.price[row] *= 100
    play(world, "producing", capacity_floor=ProducingParams().settled().capacity_floor)
    busy = world.lines.load > 2 * before
    assert busy.any()
    assert world.lines.capacity[busy] == pytest.approx(before[busy] * 1.5**0.25)


def test_idle_plants_shrink_slowly():
    world = next_step(opened())
    world.contracts.status[:] = 1
    world.lines.backlog[:] = 0
    before = world.lines.capacity.copy()
    play(world, "producing", capacity_shrink=0.2)
    assert world.lines.capacity == pytest.approx(before * 0.8**0.25)


def test_experience_fades_and_gains_output():
    world = next_step(opened())
    before = world.lines.experience.copy()
    play(world, "producing", experience_kept=0.5)
    assert world.lines.experience == pytest.approx(before * 0.5**0.25 + world.lines.output)
    assert world.lines.output.max() > 0


def test_operations_spend_what_support_leaves():
    world = play(next_step(opened()), "budgeting")
    play(world, "producing")
    postings = world.postings
    support = (postings.item == Item.SUPPORT) & (postings.payer_sector == Sector.GOVERNMENT)
    rest = postings.item == Item.OPERATIONS
    spent = postings.amount[support].sum() + postings.amount[rest].sum()
    assert spent == pytest.approx(world.states.support_budget.sum())
    assert 0 < postings.amount[support].sum() < spent


def test_firms_sell_to_civil_customers_too():
    world = next_step(opened())
    world.firms.civil_revenue[0] = 80.0
    play(world, "producing")
    postings = world.postings
    assert postings.amount[postings.item == Item.CIVIL_SALES].sum() == pytest.approx(20)


def test_capability_is_volume_times_the_effect_of_quality_times_readiness():
    world = play(next_step(opened()), "producing")
    fleets = world.fleets
    effect = fleets.quality ** world.categories.quality_effect[fleets.category]
    usable = fleets.volume * effect * fleets.readiness
    for state in range(6):
        mine = fleets.holder == state
        assert world.states.usable_capability[state].sum() == pytest.approx(usable[mine].sum())
    assert np.all((world.states.readiness > 0) & (world.states.readiness <= 1))


def test_aid_arrives_in_the_step_of_its_event():
    plain, aided = next_step(opened()), next_step(opened())
    aided.fleets.donated[3] = 50.0
    play(plain, "producing")
    play(aided, "producing")
    gain = aided.fleets.volume - plain.fleets.volume
    assert gain[3] == pytest.approx(50 * (1 - (1 - (1 - 1.65 / 20) ** 0.25)))
    assert np.delete(gain, 3) == pytest.approx(0)


def test_local_work_teaches_the_buyer():
    world = next_step(opened())
    sign(world, 2, 5, 0, price=400.0, local_share=0.5)
    play(world, "contracting")
    row = running(world)[-1]
    world.states.procurement_fund[:] = 1e6
    world.lines.capacity[:] = 1e4
    before = world.contracts.progress[row]
    play(next_step(world), "producing", explained=0)
    length = world.contracts.lead[row] + world.contracts.span[row]
    done = world.contracts.price[row] * (world.contracts.progress[row] - before) / length
    assert done > 0
    assert world.states.learning_licensed[2, 0] >= 0.5 * done - 1e-9


def test_bought_know_how_is_learnt_while_it_is_paid_for():
    world = next_step(opened())
    world.states.technology_fund[:] = 0.0
    world.states.technology_fund[2] = 1e6
    world.contracts.status[world.contracts.kind == ContractKind.TECHNOLOGY] = ContractStatus.COMPLETED
    sign(world, 2, 5, 1, kind=ContractKind.TECHNOLOGY, price=120.0)
    play(world, "contracting", technology_years=3)
    play(next_step(world), "producing")
    expected = np.zeros((6, 3))
    expected[2, 1] = 120 / 12
    assert world.states.learning_purchased == pytest.approx(expected)
    assert 1e6 - world.states.technology_fund[2] == pytest.approx(10)


def test_an_embargo_stops_deliveries_and_lifting_it_resumes_them():
    world = opened()
    advance(world, 1)
    flow = world.dyads.deliveries.copy()
    np.fill_diagonal(flow, 0)
    exporter, buyer = np.unravel_index(int(np.argmax(flow)), flow.shape)

    def cut(world):
        world.dyads.embargo_years[exporter, buyer] = 1.0

    advance(world, 0.5, before=cut)
    assert world.dyads.deliveries[exporter, buyer] == 0
    world.dyads.embargo_years[:] = 0
    advance(world, 1)
    assert world.dyads.deliveries[exporter, buyer] > 0
