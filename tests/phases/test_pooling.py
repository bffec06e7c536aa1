"""Members of research programmes learn from what the others find, for what they pay in."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, twin
from tests.worlds import TRADING

from deftrade.core.tables.codes import AllianceKind
from deftrade.phases.researching import ResearchingParams
from deftrade.phases.researching.pooling import joint_research, spill_over


def programme(share=0.2):
    """Return a world whose second alliance, of states 0 to 2, does research together."""
    world = next_step(opened())
    world.alliances.kind[1] = AllianceKind.RESEARCH_PROGRAMME
    world.alliances.joint_research[:] = share
    world.alliances.technology_sharing[:], world.alliances.cohesion[:] = 0.5, 0.8
    return world


def test_others_research_counts_as_far_as_shared_and_paid_for():
    learnt = spill_over(np.array([1.0, 10.0, 9.0]), 0.5, 3.0)
    assert learnt == pytest.approx([1.5, 5.0, 5.5])
    assert not spill_over(np.array([1.0, 10.0]), 0.5, 0.0).any()
    assert not spill_over(np.array([1.0, 10.0]), 0.0, 3.0).any()


def test_only_programmes_share_and_only_among_members():
    world = programme()
    grants = np.full(6, 100.0)
    learnt = joint_research(world, grants, ResearchingParams(joint_access=10))
    assert learnt == pytest.approx([16, 16, 16, 0, 0, 0])
    world.alliances.kind[1] = AllianceKind.PROCUREMENT_POOL
    assert not joint_research(world, grants, ResearchingParams()).any()


def test_what_is_shared_is_in_the_research_stock_and_no_money_is_spent_twice():
    joint, alone = programme(), programme(0.0)
    for world in (joint, alone):
        world.states.research_budget[:] = 100.0
        world.states.technology_purchase_share[:] = 0.0
        play(world, "researching", joint_access=10)
    gain = (joint.states.research_stock - alone.states.research_stock).sum(axis=1)
    assert gain == pytest.approx([16, 16, 16, 0, 0, 0])
    assert joint.postings.amount.sum() == pytest.approx(alone.postings.amount.sum())


def test_know_how_gains_and_nothing_moves_without_access():
    def played(share, access):
        world = twin(programme(share))
        chosen = TRADING.researching.model_copy(update={"joint_access": access})
        return advance(world, 2, TRADING.model_copy(update={"researching": chosen}))

    assert played(0.8, 3.0).states.know_how[1].sum() > played(0.0, 3.0).states.know_how[1].sum()
    off, shut = played(0.0, 3.0), played(0.8, 0.0)
    assert np.array_equal(off.states.research_stock, shut.states.research_stock)
    assert np.array_equal(off.states.know_how, shut.states.know_how)
