"""Home prices are regulated; abroad few bidders earn a rent, which is no cost."""

import numpy as np
import pytest
from tests.phases.stories import advance, in_need, next_step, opened, play, running, sign, tenders_since
from tests.worlds import TRADING

from deftrade.core.draws import Draws
from deftrade.core.tables.codes import ContractKind, Mode, TenderStatus
from deftrade.phases.bidding.pricing import (
    contested_rents,
    courting,
    main_suppliers,
    rent_factor,
    rent_shares,
)


def test_a_rent_is_shared_by_those_that_bid():
    tender = np.array([0, 0, 0, 1, 2, 2])
    home = np.array([False, False, True, False, False, False])
    released = np.array([True, True, True, True, True, False])
    rent = contested_rents(tender, home, released, 0.15)
    assert rent == pytest.approx([0.05, 0.05, 0, 0.15, 0.15, 0.15])


def test_a_rent_comes_on_top_of_the_regulated_margin():
    margin, rent = np.array([0.1, 0.1]), np.array([0.0, 0.15])
    assert rent_factor(margin, rent) == pytest.approx([1, 1.25 / 1.1])
    assert rent_shares(margin, rent) == pytest.approx([0, 0.15 / 1.25])


def bid_upon(**changes):
    """Return a world with fresh equipment tenders and bids on them."""
    world = play(in_need(next_step(opened())), "budgeting")
    world.alliances.pooled_share[:] = 0
    before = len(world.tenders)
    play(world, "tendering")
    world.tenders.status[:before] = TenderStatus.WITHDRAWN
    play(world, "bidding", **changes)
    return world, tenders_since(world, before)


def unit_prices(world):
    """Return prices a unit, who offers at home, and which offers are new equipment."""
    bids = world.bids
    equipment = bids.volume > 0
    home = world.tenders.buyer[bids.tender] == bids.exporter
    return bids.price[equipment] / bids.volume[equipment], home[equipment], bids.mode[equipment]


def test_offers_abroad_cost_the_rent_more_and_home_offers_and_old_equipment_do_not():
    regulated, _ = bid_upon(rent=0)
    contested, _ = bid_upon(rent=0.3)
    before, home, mode = unit_prices(regulated)
    after, _, _ = unit_prices(contested)
    same = home | (mode == Mode.SECOND_HAND)
    assert after[same] == pytest.approx(before[same])
    assert np.all(after[~same] > before[~same])
    bids = contested.bids
    new = (bids.line >= 0) & (bids.volume > 0)
    rivals = np.bincount(bids.tender[new], weights=bids.is_released[new])[bids.tender[new]]
    margin = contested.firms.margin[contested.lines.firm[bids.line[new]]]
    abroad = contested.tenders.buyer[bids.tender[new]] != bids.exporter[new]
    rent = np.where(abroad, 0.3 / np.maximum(rivals, 1), 0)
    assert bids.rent_share[new] == pytest.approx(rent / (1 + margin + rent))


def test_the_rent_follows_the_offer_into_tender_and_contract():
    world, rows = bid_upon(rent=0.3)
    play(world, "selecting", wait=-50)
    abroad = rows[world.tenders.exporter[rows] != world.tenders.buyer[rows]]
    assert world.tenders.rent_share[abroad].min() > 0
    home = rows[world.tenders.exporter[rows] == world.tenders.buyer[rows]]
    assert np.all(world.tenders.rent_share[home] == 0)


def signed(rent_share):
    """Return a world with one foreign contract signed, and its row."""
    world = next_step(opened())
    price = 80.0 / (1 - rent_share)
    tender = sign(world, 2, 5, 0, price=price, rent_share=rent_share)
    play(world, "contracting", overrun_spread=0)
    return world, int(np.flatnonzero(world.contracts.tender == tender)[-1])


def test_a_rent_is_paid_but_is_no_work_and_costs_nothing():
    """The same work at another price: the same load, output and parts, and more money for the firm."""
    plain, row = signed(0.0)
    rich, same = signed(0.2)
    assert rich.contracts.price[same] == pytest.approx(plain.contracts.price[row] / 0.8)
    assert rich.lines.backlog == pytest.approx(plain.lines.backlog)
    for world in (plain, rich):
        world.states.procurement_fund[:] = 1e6
        play(world, "producing")
    assert rich.lines.load == pytest.approx(plain.lines.load)
    assert rich.lines.output == pytest.approx(plain.lines.output)
    assert rich.firms.bought_in == pytest.approx(plain.firms.bought_in)
    firm = plain.contracts.firm[row]
    more = rich.contracts.paid[same] - plain.contracts.paid[row]
    assert more > 0
    assert rich.firms.revenue[firm] - plain.firms.revenue[firm] == pytest.approx(more)
    assert rich.firms.cash[firm] - plain.firms.cash[firm] == pytest.approx(more)


def changed(**values):
    """Return parameters with values of bidding exchanged."""
    params = TRADING
    return params.model_copy(update={"bidding": params.bidding.model_copy(update=values)})


def test_rents_raise_what_imports_cost_and_what_exporters_earn():
    prices = []
    for rent in (0.0, 0.6):
        world = advance(opened(), 4, changed(rent=rent))
        contracts, rows = world.contracts, running(world, foreign=True)
        rows = rows[(contracts.signed[rows] >= 0) & (contracts.line[rows] >= 0)]
        quality = contracts.quality[rows] ** TRADING.bidding.quality_cost
        prices.append(contracts.planned_price[rows].sum() / (contracts.volume[rows] * quality).sum())
    assert prices[1] > 1.04 * prices[0]


def test_the_main_supplier_delivered_most():
    relation = np.array([[0.0, 3, 0], [1, 0, 0], [2, 1, 0]])
    assert main_suppliers(relation).tolist() == [2, 0, -1]


def test_a_concession_answers_to_hostility_towards_the_main_supplier():
    hostility = np.array([[0.0, 0.4], [0.2, 0.0]])
    given = courting(np.array([1, 0, 1, -1]), np.array([0, 1, 1, 0]), hostility, 0.1)
    assert given == pytest.approx([0.04, 0.02, 0, 0])


def courted():
    """Return a world in which 5 supplies 1, and 4 is hostile to 5 or not yet, all else equal."""
    world = opened()
    world.dyads.relation[:, 1] = 0.0
    world.dyads.relation[5, 1] = 10.0
    world.dyads.hostility[4, 5] = 0.0
    return world


def test_a_rival_of_the_main_supplier_pays_for_the_client_s_change():
    offers = []
    for hostile in (0.0, 0.4):
        world = play(in_need(next_step(courted())), "budgeting", "tendering")
        world.dyads.hostility[4, 5] = hostile
        play(world, "bidding", concession=0.2)
        offers.append(world)
    calm, keen = offers
    buyer = keen.tenders.buyer[keen.bids.tender]
    mine = (buyer == 1) & (keen.bids.exporter == 4) & (keen.bids.line >= 0) & (keen.bids.volume > 0)
    assert mine.any()
    assert keen.bids.concession[mine] == pytest.approx(0.08)
    assert np.all(calm.bids.concession[mine] == 0)
    assert keen.bids.price == pytest.approx(calm.bids.price)
    for world in offers:
        play(world, "selecting", noise=0, price=3, enmity=0)
    gained = keen.bids.score - calm.bids.score
    assert gained[mine] == pytest.approx(-3 * np.log(1 - 0.08))
    assert gained[buyer == 4] == pytest.approx(0)


def test_the_concession_adds_to_the_credit_of_the_contract():
    world = next_step(opened())
    world.states.export_credit[5] = 0.1
    tender = sign(world, 2, 5, 0, concession=0.05)
    play(world, "contracting")
    row = np.flatnonzero(world.contracts.tender == tender)[-1]
    assert world.contracts.credit_share[row] == pytest.approx(0.15)


def rivalry(hostile, concession, seeds=3):
    """Return what 5 pays to win the client 3, and the share of its main supplier 4 in orders abroad."""

    def oppose(world):
        """Let 5 be as hostile to 4 as told."""
        world.dyads.hostility[5, 4] = hostile

    cost, orders = 0.0, np.zeros(2)
    for seed in range(seeds):
        world = opened()
        world.draws = Draws(seed)
        contracts = advance(world, 8, changed(concession=concession), oppose).contracts
        client = (contracts.signed >= 0) & (contracts.kind == ContractKind.EQUIPMENT)
        client &= (contracts.buyer == 3) & (contracts.supplier != 3)
        rival, main = client & (contracts.supplier == 5), client & (contracts.supplier == 4)
        cost += (contracts.paid * contracts.credit_share)[rival].sum()
        orders += contracts.price[main].sum(), contracts.price[client].sum()
    return cost, orders[0] / orders[1]


def test_hostile_patrons_compete_for_a_client():
    """More hostile ones keep sensitive goods from who holds the rival's make (`packaging`)."""
    calm_cost, _ = rivalry(0.0, 0.4)
    cost, _ = rivalry(0.4, 0.4)
    assert cost > calm_cost
    off_cost, _ = rivalry(0.4, 0.0)
    assert off_cost == 0
