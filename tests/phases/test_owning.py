"""The state sells and buys shares at a price, and what it owns keeps workers and charges less."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play
from tests.worlds import TRADING

from deftrade.core.tables.codes import Item, Sector
from deftrade.phases.bidding.params import BiddingParams
from deftrade.phases.hiring import HiringParams
from deftrade.phases.researching.renewal.privatising import shares_sold


def posted(world, item):
    return world.postings.amount[world.postings.item == item].sum()


def test_a_pace_sells_what_is_held_or_buys_what_others_hold():
    held, share = np.array([0.8, 0.8, 0.0]), np.array([0.5, 0.5, 0.25])
    moved = shares_sold(held, share, np.array([True, False, False]))
    assert moved == pytest.approx([0.4, -0.1, -0.25])


def test_households_pay_for_shares_and_taxpayers_are_relieved():
    world = next_step(opened())
    world.firms.state_share[:], world.firms.privatisation[0] = 0.8, 0.75
    world.firms.smoothed_revenue[0] = 1000.0
    world.firms.cash[:] = 0.0
    play(world, "researching", share_price=0.5, revenue_memory=0)
    sold = 0.8 * (1 - 0.25**0.25)
    assert world.firms.state_share[0] == pytest.approx(0.8 - sold)
    assert world.firms.state_share[1:] == pytest.approx(0.8)
    assert posted(world, Item.SHARES) == pytest.approx(500 * sold)
    shares = world.postings.item == Item.SHARES
    assert set(world.postings.payee_sector[shares]) == {Sector.GOVERNMENT}
    assert world.states.fiscal_cost[0] == pytest.approx(-500 * sold)


def test_the_state_buys_all_at_once_where_told():
    world = next_step(opened())
    world.firms.privatisation[3] = -1
    cost = 0.8 * world.firms.smoothed_revenue[3]
    play(world, "researching", share_price=0.8, revenue_memory=0)
    assert world.firms.state_share[3] == 1
    assert posted(world, Item.SHARES) == pytest.approx(cost)


def test_dividends_follow_the_shares():
    world = next_step(opened())
    world.firms.state_share[0], world.firms.privatisation[0] = 1.0, 1.0
    world.firms.cash[:] = 0.0
    world.firms.cash[0] = 1e5
    play(world, "researching", share_price=0)
    paid = world.postings.item == Item.DIVIDENDS
    assert set(world.postings.payee_sector[paid]) == {Sector.HOUSEHOLDS}


def test_without_trade_in_shares_the_lever_does_nothing():
    off = TRADING.model_copy(
        update={"researching": TRADING.researching.model_copy(update={"share_trade": 0})}
    )
    plain, sold = opened(), opened()
    for world in (plain, sold):
        world.firms.state_share[:] = 0.6
    sold.firms.privatisation[:] = 0.9
    advance(plain, 1, off)
    advance(sold, 1, off)
    for column in ("cash", "state_share", "workers", "mark_up"):
        assert np.array_equal(getattr(plain.firms, column), getattr(sold.firms, column))


def test_books_balance_while_firms_change_hands():
    world = opened()
    world.firms.state_share[:] = 0.5
    world.firms.privatisation[:] = np.where(np.arange(len(world.firms)) % 2, 0.5, -0.5)
    advance(world, 2)
    assert world.firms.state_share[0] > 0.8
    assert world.firms.state_share[1] < 0.2


def test_state_firms_keep_workers_longer_unless_budgets_are_hard():
    def kept(share, **changes):
        world = next_step(opened())
        world.firms.state_share[:] = share
        world.lines.load[:] = 0
        before = world.firms.workers.sum()
        return play(world, "hiring", layoff_ceiling=0.4, **changes).firms.workers.sum() / before

    assert kept(1.0, soft_budget=0.5) == pytest.approx(0.8**0.25, rel=1e-3)
    assert kept(0.0, soft_budget=0.5) == pytest.approx(0.6**0.25, rel=1e-3)
    assert kept(1.0, soft_budget=0) == kept(0.0, soft_budget=0)


def test_state_firms_ask_a_lower_mark_up_unless_owners_are_alike():
    world = next_step(opened())
    world.firms.state_share[0] = 1.0
    play(world, "bidding", state_discount=0.3)
    assert world.firms.mark_up[0] == pytest.approx(0.7 * world.firms.margin[0])
    assert world.firms.mark_up[1:] == pytest.approx(world.firms.margin[1:])
    play(world, "bidding", state_discount=0)
    assert np.array_equal(world.firms.mark_up, world.firms.margin)


def test_ownership_is_at_rest_while_a_world_settles():
    assert HiringParams().settled().soft_budget == 0
    assert TRADING.researching.settled().share_trade == 0
    assert BiddingParams().state_discount > 0
