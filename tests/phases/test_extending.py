"""Overhaul puts off retirement for a price; older equipment needs more support."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened

from deftrade.core.tables.codes import Item, Sector
from deftrade.phases import Params
from deftrade.phases.producing import ProducingParams
from deftrade.phases.producing.extending import due_to_retire, extend_service, stretched
from deftrade.phases.producing.maintaining import retire
from deftrade.phases.tendering.params import TenderingParams
from deftrade.phases.tendering.supporting import age_factor


def overhauled(share=0.5, budget=1e6, **changes):
    """Return a world whose states overhaul, and what each of them paid."""
    world = next_step(opened())
    world.states.support_budget[:] = budget
    world.states.life_extension[:] = share
    return world, extend_service(world, ProducingParams(**changes), np.zeros(len(world.states)))


def test_need_grows_with_age_about_its_norm():
    params = TenderingParams(age_cost=0.5, age_norm=0.4)
    assert age_factor(np.array([0.0, 0.4, 1.0]), params) == pytest.approx([0.8, 1.0, 1.3])
    assert np.array_equal(age_factor(np.array([0.0, 1.0]), TenderingParams(age_cost=0)), [1.0, 1.0])


def test_due_is_what_the_service_life_takes_after_losses():
    world = next_step(opened())
    world.categories.lifetime[:] = 3.3  # half a year's stock goes a year
    world.fleets.volume[:], world.fleets.loss_share[0] = 100.0, 0.2
    gone = 1 - 0.5**0.25
    assert due_to_retire(world)[:2] == pytest.approx([80 * gone, 100 * gone])


def test_overhaul_keeps_a_share_of_what_is_due_and_costs_a_share_of_buying_new():
    world, cost = overhauled(extension_cost=0.3, extension_ceiling=1)
    fleets = world.fleets
    assert fleets.extended == pytest.approx(0.5 * due_to_retire(world))
    price = 0.3 * world.categories.market_price[fleets.category]
    assert cost == pytest.approx(np.bincount(fleets.holder, weights=fleets.extended * price))
    assert world.states.extended_share[world.states.extended_share > 0] == pytest.approx(0.5)


def test_overhaul_takes_no_more_than_its_part_of_the_operations_budget():
    _, cost = overhauled(budget=0.1, extension_ceiling=0.5)
    assert cost == pytest.approx(0.05)


def test_home_workshops_are_paid_and_where_there_are_none_the_civil_economy():
    world = next_step(opened())
    before = world.firms.cash.copy()
    world.lines.is_active[world.lines.home == 2] = False
    world.states.support_budget[:], world.states.life_extension[:] = 1e6, 0.5
    cost = extend_service(world, ProducingParams(), np.zeros(len(world.states)))
    paid = world.postings.item == Item.OVERHAUL
    assert world.postings.amount[paid].sum() == pytest.approx(cost.sum())
    sector = world.postings.payee_sector[paid]
    assert np.all((sector == Sector.CIVIL) == (world.postings.payee_state[paid] == 2))
    assert set(sector) == {Sector.FIRM, Sector.CIVIL}
    earned = world.postings.amount[paid][sector == Sector.FIRM].sum()
    assert world.firms.revenue.sum() == pytest.approx(earned)
    assert world.firms.component_output.sum() == pytest.approx(earned)
    assert (world.firms.cash - before).sum() == pytest.approx(earned - world.firms.costs.sum())


def test_what_is_kept_is_as_old_as_equipment_gets():
    world, _ = overhauled()
    fleets = world.fleets
    fleets.volume[0], fleets.age[0] = 100.0, 8.0
    fleets.extended[0] = due_to_retire(world)[0] / 2
    due = due_to_retire(world)[0]
    life = world.categories.lifetime[fleets.category[0]]
    retire(world)
    assert fleets.retired[0] == pytest.approx(due / 2)
    kept = 100 - due
    assert fleets.volume[0] == pytest.approx(kept + due / 2)
    assert fleets.age[0] == pytest.approx((kept * 8 + due / 2 * life) / (kept + due / 2), rel=0.01)


def test_stretch_follows_stocks_and_rests_at_one_without_overhaul():
    clock, rate = opened().clock, np.array([0.1])
    assert np.array_equal(stretched(np.ones((1, 1)), np.zeros((1, 1)), rate, clock), [[1.0]])
    once = stretched(np.ones((1, 1)), np.full((1, 1), 0.5), rate, clock)
    assert once == pytest.approx(np.array([[1 + (1 - 0.95**0.25)]]))
    for _ in range(800):
        once = stretched(once, np.full((1, 1), 0.5), rate, clock)
    assert once == pytest.approx(np.array([[2.0]]), abs=1e-3)


def test_without_overhaul_nothing_is_kept_or_paid():
    world, cost = overhauled(share=0.0)
    assert cost.max() == world.fleets.extended.max() == world.states.extended_share.max() == 0
    assert not (world.postings.item == Item.OVERHAUL).any()


def test_service_life_extension_keeps_more_and_older_equipment_for_the_same_procurement():
    """From the lever to fleets, orders and the laws, over years."""

    def extend(world):
        world.states.life_extension[1] = 0.8

    plain, longer = advance(opened(), 8), advance(opened(), 8, before=extend)
    mine = plain.fleets.holder == 1
    theirs = longer.fleets.holder == 1
    assert longer.fleets.volume[theirs].sum() > 1.05 * plain.fleets.volume[mine].sum()
    older = np.average(longer.fleets.age[theirs], weights=longer.fleets.volume[theirs])
    assert older > np.average(plain.fleets.age[mine], weights=plain.fleets.volume[mine])


def test_where_age_costs_nothing_need_does_not_know_it():
    free = Params(tendering=TenderingParams(age_cost=0))

    def older(world):
        world.fleets.age[:] = world.categories.lifetime[world.fleets.category]

    need = [advance(opened(), 0.25, free, before).fleets.support_need for before in (None, older)]
    assert np.array_equal(*need)
    need = [advance(opened(), 0.25, None, before).fleets.support_need for before in (None, older)]
    assert need[1].sum() > 1.1 * need[0].sum()
