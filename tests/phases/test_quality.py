"""What quality costs and what it does: better never buys less, in formulas and in one step."""

import numpy as np
import pytest
from tests.phases.stories import in_need, next_step, opened, play, twin
from tests.worlds import small_scenario

from deftrade.phases.bidding.params import BiddingParams
from deftrade.phases.producing.maintaining import mix_quality
from deftrade.phases.shared.quality import effect, product_cost, quality_of, version_cost

PARAMS = BiddingParams()
EFFECT = 2.83
QUALITIES = np.linspace(0.05, 1.5, 60)
SETTINGS = [PARAMS, BiddingParams(know_how_saving=0), BiddingParams(know_how_saving=1, quality_cost=2)]


def test_cost_where_know_how_equals_quality_is_the_power_of_quality():
    cost = product_cost(QUALITIES, QUALITIES, np.full(60, EFFECT), PARAMS)
    assert cost == pytest.approx(QUALITIES**2.5, rel=1e-12)


def test_without_saving_and_reach_know_how_costs_and_saves_nothing():
    params = BiddingParams(know_how_saving=0, reach_cost=0)
    cost = product_cost(np.full(60, 0.7), QUALITIES, np.full(60, EFFECT), params)
    assert np.all(cost == cost[0])
    assert cost[0] == pytest.approx(0.7**2.5)


@pytest.mark.parametrize("params", SETTINGS, ids=["default", "no saving", "full saving"])
def test_capability_a_unit_of_money_never_falls_with_the_makers_know_how(params):
    for quality in (0.1, 0.5, 1.0, 1.3):
        cost = product_cost(np.full(60, quality), QUALITIES, np.full(60, EFFECT), params)
        assert np.all(np.diff(cost) <= 0)


@pytest.mark.parametrize("params", SETTINGS, ids=["default", "no saving", "full saving"])
def test_capability_a_unit_of_money_never_falls_with_quality_up_to_know_how(params):
    known = np.full(60, 1.5)
    worth = effect(QUALITIES, EFFECT) / product_cost(QUALITIES, known, np.full(60, EFFECT), params)
    assert np.all(np.diff(worth) >= -1e-12 * worth[1:])


def test_beyond_know_how_quality_costs_more_than_it_does():
    beyond = np.linspace(0.6, 1.2, 20)
    worth = effect(beyond, EFFECT) / product_cost(beyond, np.full(20, 0.5), np.full(20, EFFECT), PARAMS)
    assert np.all(np.diff(worth) < 0)


def test_a_fuller_export_version_buys_more_capability_for_the_money():
    share = np.linspace(0.1, 1, 30)
    worth = effect(share, EFFECT) / version_cost(share, PARAMS)
    assert np.all(np.diff(worth) > 0)
    assert version_cost(np.array([1.0]), PARAMS)[0] == 1


def test_nothing_can_do_nothing_and_quality_is_found_again():
    assert effect(np.array([0.0, 1.0]), EFFECT).tolist() == [0.0, 1.0]
    assert quality_of(effect(QUALITIES, EFFECT), EFFECT) == pytest.approx(QUALITIES)


def offers(world, **levers):
    """Return the world's bids on new foreign equipment after levers are set, and its capability a MUSD."""
    for name, value in levers.items():
        getattr(world.states, name)[:] = value
    play(world, "bidding")
    bids = world.bids
    new = np.flatnonzero((bids.volume > 0) & (bids.line >= 0))
    exponent = world.categories.quality_effect[world.tenders.category[bids.tender[new]]]
    worth = bids.volume[new] * effect(bids.quality[new], exponent) / bids.price[new]
    return dict(zip(zip(bids.tender[new], bids.exporter[new], strict=True), worth, strict=True))


def market():
    """Return a world that asks for equipment, whose lines make what their homes know."""
    world = play(in_need(next_step(opened())), "budgeting")
    world.lines.quality[:] = world.states.know_how[world.lines.home, world.lines.category]
    return play(world, "tendering")


def test_lower_ceilings_of_exporters_lower_what_money_buys_in_one_step():
    world = market()
    full, lesser = (offers(twin(world), release_ceiling=ceiling) for ceiling in (1.0, 0.6))
    assert full.keys() == lesser.keys()
    assert full
    assert all(lesser[key] <= full[key] * (1 + 1e-12) for key in full)
    assert any(lesser[key] < 0.99 * full[key] for key in full)


def test_less_know_how_of_makers_lowers_what_money_buys_in_one_step():
    world = market()
    less = twin(world)
    less.states.know_how[:] *= 0.7
    able, unable = offers(world), offers(less)
    assert able.keys() == unable.keys()
    assert able
    assert all(unable[key] <= able[key] * (1 + 1e-12) for key in able)
    assert any(unable[key] < 0.99 * able[key] for key in able)


def test_what_is_delivered_to_a_fleet_adds_what_it_can_do():
    """Mixing plain units into a good fleet must not take from what the fleet could do before."""
    world = next_step(opened())
    contracts, fleets = world.contracts, world.fleets
    row = np.flatnonzero(contracts.fleet >= 0)[:1]
    fleet = contracts.fleet[row]
    exponent = world.categories.quality_effect[fleets.category[fleet]]
    world.gate.unlock()
    fleets.quality[fleet], contracts.quality[row] = 1.0, 0.1
    kept = fleets.volume.copy()
    volume = kept[fleet].copy()
    whole = kept.copy()
    whole[fleet] += volume
    mix_quality(world, row, volume, kept, whole)
    before, after = kept[fleet], whole[fleet] * effect(fleets.quality[fleet], exponent)
    assert after == pytest.approx(before + volume * effect(np.array([0.1]), exponent))


def test_one_doubling_of_experience_lowers_unit_cost_by_five_to_twenty_per_cent():
    slopes = small_scenario(years=1).world.values
    slope = next(array for column, array in slopes.items() if column.path == "Categories.learning_slope")
    assert np.all((slope >= 0.80) & (slope <= 0.95)), "L§4: Hartley, 5-20 % a doubling"
