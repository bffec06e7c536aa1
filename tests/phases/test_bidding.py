"""Release policy screens, cost follows experience, price follows cost, and a budget buys fewer, better."""

import numpy as np
import pytest
from tests.phases.stories import in_need, next_step, opened, play, tenders_since

from deftrade.core.tables.codes import ContractKind, ContractStatus, LicenceStatus, Mode
from deftrade.phases.bidding.params import BiddingParams
from deftrade.phases.bidding.phase import experience_cost, scarcity_markup


def market(kind=ContractKind.EQUIPMENT, prepare=None):
    """Return a world with fresh tenders of one kind and nothing else on the market."""
    world = next_step(opened())
    world.alliances.pooled_share[:] = 0.0
    in_need(world)
    if prepare is not None:
        prepare(world)
    play(world, "budgeting")
    before = len(world.tenders)
    play(world, "tendering")
    world.tenders.status[:before] = 4
    for other in ContractKind:
        if other != kind:
            world.tenders.status[tenders_since(world, before, other)] = 4
    return world


def bids(world, *, buyer=None, exporter=None, used=False):
    """Return the rows of bids by buyer and exporter."""
    table = world.bids
    rows = (table.mode == Mode.SECOND_HAND) == used
    if buyer is not None:
        rows &= world.tenders.buyer[table.tender] == buyer
    if exporter is not None:
        rows &= table.exporter == exporter
    return np.flatnonzero(rows)


def unit_price(world, rows):
    return world.bids.price[rows] / world.bids.volume[rows]


def test_cost_falls_with_experience_and_rises_when_it_is_forgotten():
    slope = np.array([0.8, 0.8, 0.8, 0.8])
    cost = experience_cost(np.array([1.0, 2.0, 4.0, 0.5]), slope, (0.1, 5))
    assert cost == pytest.approx([1, 0.8, 0.64, 1.25])


def test_learning_and_forgetting_level_off():
    cost = experience_cost(np.array([1e6, 0.0]), np.array([0.8, 0.8]), (0.6, 1.6))
    assert cost == pytest.approx([0.6, 1.6])


def test_a_long_order_book_raises_the_price_up_to_a_limit():
    params = BiddingParams(normal_backlog=2, scarcity=0.1)
    markup = scarcity_markup(np.array([0.0, 2.0, 4.0, 5.0, np.inf]), params)
    assert markup == pytest.approx([1, 1, 1.1, 1.15, 1.2])


def test_unit_cost_grows_with_quality_and_wages():
    world = next_step(opened())
    world.lines.experience[:] = world.lines.opening_experience
    world.lines.quality[:] = world.states.know_how[:] = 2.0
    world.states.wage_pressure[:] = (0, 0, 0, 0, 0, 0.5)
    play(world, "bidding", quality_cost=2, wage_share=0.4)
    leader = world.lines.home == 5
    assert world.lines.unit_cost[~leader] == pytest.approx(4)
    assert world.lines.unit_cost[leader] == pytest.approx(4 * 1.2)


def test_an_embargo_bars_offers_and_spares_home():
    world = market()
    world.dyads.embargo_years[5, 2] = 3
    world.dyads.embargo_years[2, 2] = 3
    play(world, "bidding", release_hostility=1)
    released = world.bids.is_released
    assert not released[bids(world, buyer=2, exporter=5)].any()
    assert released[bids(world, buyer=1, exporter=5)].all()
    assert released[bids(world, buyer=2, exporter=2)].all()


def test_hostile_exporters_offer_nothing():
    world = market()
    play(world, "bidding", release_hostility=0.3, release_alignment=-1)
    released = world.bids.is_released
    assert not released[bids(world, buyer=0, exporter=3)].any()
    assert released[bids(world, buyer=0, exporter=4)].all()


def test_opposed_blocs_withhold_sensitive_goods_only():
    world = market()
    world.categories.sensitivity[:] = (0.9, 0.1, 0.1)
    world.dyads.alignment[5, 1] = -0.8
    play(world, "bidding", release_hostility=1, release_alignment=-0.5)
    rows = bids(world, buyer=1, exporter=5)
    sensitive = world.tenders.category[world.bids.tender[rows]] == 0
    assert np.array_equal(world.bids.is_released[rows], ~sensitive)


def test_a_sanctioned_firm_cannot_export():
    world = market()
    world.firms.sanction_years[world.firms.home == 5] = 2
    play(world, "bidding", release_hostility=1, release_alignment=-1)
    assert not world.bids.is_released[bids(world, buyer=1, exporter=5)].any()
    assert world.bids.is_released[bids(world, buyer=5, exporter=5)].all()


def test_states_far_from_the_exporter_get_simpler_versions():
    world = market()
    world.states.release_ceiling[5] = 0.5
    world.dyads.alignment[5, 0], world.dyads.alignment[5, 1] = -0.2, 1.0
    world.lines.quality[world.lines.home == 5] = 1.0
    play(world, "bidding")
    assert world.bids.quality[bids(world, buyer=0, exporter=5)] == pytest.approx(0.5)
    assert world.bids.quality[bids(world, buyer=1, exporter=5)] == pytest.approx(1.0)
    assert world.bids.quality[bids(world, buyer=5, exporter=5)] == pytest.approx(1.0)


def test_better_units_cost_more_so_money_buys_fewer():
    world = market()
    world.lines.quality[world.lines.home == 5] = 1.0
    world.lines.quality[world.lines.home == 4] = 0.5
    world.states.release_ceiling[:] = 1.0
    play(world, "bidding", quality_cost=3)
    good, plain = bids(world, buyer=0, exporter=5), bids(world, buyer=0, exporter=4)
    assert unit_price(world, good).min() > 3 * unit_price(world, plain).max()
    assert np.all(world.bids.price <= world.tenders.value[world.bids.tender] * (1 + 1e-9))
    assert world.bids.volume[good].sum() < world.bids.volume[plain].sum()


@pytest.mark.parametrize(
    ("term", "value", "premium"),
    [("offset_rate", 0.5, 0.1), ("local_share", 0.4, 0.1), ("wants_licence", True, 0.12)],
)
def test_conditions_raise_foreign_prices_and_not_home_ones(term, value, premium):
    names = {"licence_release": 0, "offset_premium": 0.2, "local_premium": 0.25, "licence_premium": 0.12}
    prices = []
    for wanted in (0, value):
        world = market()
        world.tenders.offset_rate[:], world.tenders.local_share[:] = 0, 0
        world.tenders.wants_licence[:], world.tenders.accepts_used[:] = False, False
        getattr(world.tenders, term)[:] = wanted
        play(world, "bidding", **names)
        prices.append(unit_price(world, np.arange(len(world.bids))))
        home = world.bids.exporter == world.tenders.buyer[world.bids.tender]
    assert prices[1][~home] == pytest.approx(prices[0][~home] * (1 + premium))
    assert prices[1][home] == pytest.approx(prices[0][home])


def test_pool_partners_share_fixed_cost():
    single, joint = market(), market()
    joint.tenders.partners[:] = 4
    play(single, "bidding", fixed_share=0.2, pool_exponent=0.5)
    play(joint, "bidding", fixed_share=0.2, pool_exponent=0.5)
    new = bids(single)
    assert unit_price(joint, new) == pytest.approx(unit_price(single, new) * 0.9)


def test_used_equipment_is_cheap_and_limited_to_what_is_released():
    world = market()
    world.tenders.accepts_used[:] = world.tenders.kind == ContractKind.EQUIPMENT
    world.states.second_hand_release[:] = (0, 0, 0, 0, 0, 0.1)
    fleets = world.fleets
    own = (fleets.holder == 5) & (fleets.origin == 5)
    fleets.volume[own], fleets.quality[own] = 40.0, 1.0
    world.states.know_how[5] = 1.0
    play(world, "bidding", used_price=0.4)
    rows = bids(world, used=True)
    assert len(rows) > 0
    assert set(world.bids.exporter[rows]) == {5}
    assert 5 not in world.tenders.buyer[world.bids.tender[rows]]
    assert unit_price(world, rows) == pytest.approx(0.4)
    assert world.bids.volume[rows].max() <= 4


def test_used_equipment_is_not_offered_again_where_its_licence_was_refused():
    world = market()
    world.tenders.accepts_used[:] = world.tenders.kind == ContractKind.EQUIPMENT
    world.states.second_hand_release[:] = (0, 0, 0, 0, 0.1, 0.1)
    fleets = world.fleets
    own = (fleets.holder >= 4) & (fleets.origin == fleets.holder)
    fleets.volume[own], fleets.quality[own] = 40.0, 1.0
    play(world, "bidding")
    offered = {(world.bids.tender[row], world.bids.exporter[row]) for row in bids(world, used=True)}
    lost = next(tender for tender, exporter in offered if {(tender, 4), (tender, 5)} <= offered)
    application = world.applications.append(1)
    world.applications.tender[application] = lost
    world.applications.exporter[application] = 5
    world.applications.status[application] = LicenceStatus.REFUSED
    world.tenders.refusals[lost] = 1
    world.bids.clear()
    play(world, "bidding")
    again = {(world.bids.tender[row], world.bids.exporter[row]) for row in bids(world, used=True)}
    assert offered - again == {(lost, 5)}


def test_nobody_offers_used_equipment_to_who_does_not_want_it():
    world = market()
    world.tenders.accepts_used[:] = False
    play(world, "bidding")
    assert len(bids(world, used=True)) == 0


def test_know_how_comes_from_leaders_who_release_it():
    def with_funds(world):
        world.states.technology_fund[:] = (0, 100, 0, 0, 0, 0)
        world.contracts.status[world.contracts.kind == ContractKind.TECHNOLOGY] = ContractStatus.COMPLETED
        world.states.technology_release[:] = (1, 1, 1, 1, 0, 1)

    world = market(ContractKind.TECHNOLOGY, with_funds)
    play(world, "bidding", technology_gap=0.03, release_hostility=1, release_alignment=-1)
    rows = bids(world, buyer=1)
    lead = world.states.know_how[:, world.tenders.category[world.bids.tender[rows[0]]]]
    expected = {state for state in (2, 3, 5) if lead[state] > lead[1] + 0.03}
    assert set(world.bids.exporter[rows]) == expected
    assert world.bids.price[rows] == pytest.approx(100)


def test_an_embargo_on_support_bars_support_alone():
    def unsupported(world):
        world.fleets.volume[:] = 1000.0
        world.fleets.support_contract[:] = world.fleets.support_tender[:] = -1

    world = market(ContractKind.SUPPORT, unsupported)
    world.dyads.support_embargo_years[5, 1] = 2
    play(world, "bidding", release_hostility=1, release_alignment=-1)
    assert len(bids(world, buyer=1, exporter=5)) > 0
    assert not world.bids.is_released[bids(world, buyer=1, exporter=5)].any()
    assert world.bids.is_released[bids(world, buyer=0, exporter=5)].all()


def test_buyers_learn_the_market_price_with_a_delay():
    world = next_step(opened())
    before = world.categories.market_price.copy()
    world.firms.margin[:] = 1.0
    play(world, "bidding", price_memory=0)
    assert world.categories.market_price == pytest.approx(before)
    play(world, "bidding", price_memory=0.9)
    assert np.all(world.categories.market_price > before)
