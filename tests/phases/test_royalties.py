"""Makers of foreign designs pay for them, out of what they would have bought in; rate 0 is none."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, twin

from deftrade.core.tables.codes import Item
from deftrade.phases import Params
from deftrade.phases.producing.working import royalties


def licensed(world, home=2, owner=5, category=0):
    """Let a state's lines in a category build another state's design; return their rows."""
    lines = np.flatnonzero((world.lines.home == home) & (world.lines.category == category))
    world.lines.design_origin[lines] = owner
    return lines


def with_rate(rate):
    params = Params()
    return params.model_copy(update={"producing": params.producing.model_copy(update={"royalty_rate": rate})})


def test_royalties_are_a_share_of_the_output_of_foreign_designs():
    world = next_step(opened())
    world.lines.output[:] = 50.0
    world.lines.design_origin[0], world.lines.design_origin[1] = 5, world.lines.home[1]
    due = royalties(world, 0.04)
    assert due[0] == pytest.approx(2.0)
    assert np.count_nonzero(due) == 1


def test_the_owner_s_largest_maker_earns_them_as_exports():
    world = next_step(opened())
    made = licensed(world)
    before = twin(world)
    play(world, "producing", royalty_rate=0.1)
    play(before, "producing", royalty_rate=0.0)
    due = 0.1 * world.lines.output[made].sum()
    posted = world.postings.item == Item.ROYALTY
    assert due > 0
    assert world.postings.amount[posted].sum() == pytest.approx(due)
    assert set(world.postings.payee_state[posted]) == {5}
    assert world.dyads.exports[5, 2] - before.dyads.exports[5, 2] == pytest.approx(due)
    gain = (world.firms.cash - before.firms.cash)[world.firms.home == 5]
    assert gain.max() == pytest.approx(due)
    # What the licensee pays it would have spent on materials at home.
    same = world.firms.home == 2
    assert world.firms.cash[same] == pytest.approx(before.firms.cash[same])


def test_without_a_maker_there_the_owner_s_economy_earns_them():
    world = next_step(opened())
    licensed(world)
    world.lines.is_active[(world.lines.home == 5) & (world.lines.category == 0)] = False
    play(world, "producing", royalty_rate=0.1)
    posted = world.postings.item == Item.ROYALTY
    assert world.postings.amount[posted].sum() > 0
    assert set(world.postings.payee_sector[posted]) == {3}


def test_the_books_balance_with_royalties_and_rate_0_is_none():
    paying, free, plain = opened(), opened(), opened()
    licensed(paying), licensed(free)
    advance(paying, 2, with_rate(0.1)), advance(free, 2, with_rate(0.0)), advance(plain, 2, with_rate(0.1))
    assert paying.states.value_added[2] == pytest.approx(free.states.value_added[2], rel=0.1)
    assert (paying.postings.item == Item.ROYALTY).any()
    assert not (free.postings.item == Item.ROYALTY).any()
    assert not (plain.postings.item == Item.ROYALTY).any()
