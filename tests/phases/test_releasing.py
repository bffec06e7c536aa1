"""Exporters that keep their know-how grant fewer licences, share less work and teach less."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened, play, sign, twin
from tests.phases.test_bidding import bids, market

from deftrade.core.tables.codes import AllianceKind, Mode
from deftrade.phases.bidding.releasing import kept_share, readiness, taught


def test_readiness_is_the_owner_s_own_or_what_an_alliance_shares():
    world = next_step(opened())
    world.states.technology_release[:] = (0.5, 0.5, 0.5, 0.1, 0.1, 0.9)
    world.alliances.technology_sharing[:], world.alliances.cohesion[:] = (0.8, 0.8), (0.5, 0.5)
    ready = readiness(world)
    # 3, 4 and 5 are allied: at least 0.8 x 0.5 among them.
    assert (ready[3, 4], ready[4, 3], ready[5, 4]) == pytest.approx((0.4, 0.4, 0.9))
    assert (ready[3, 0], ready[0, 3]) == pytest.approx((0.1, 0.5))
    world.alliances.kind[:] = AllianceKind.CONTROL_REGIME
    assert readiness(world)[3, 4] == pytest.approx(0.1)


def test_who_withholds_a_licence_shares_work_as_far_as_it_releases_know_how():
    share = kept_share(
        np.array([False, True, True]), np.array([0.2, 0.2, 0.2]), np.array([True, True, False])
    )
    assert share == pytest.approx([1, 0.2, 0])


def test_shared_work_teaches_by_hand_and_by_word():
    assert taught(np.array([0.0, 0.5, 1.0]), 0.4) == pytest.approx([0.6, 0.8, 1.0])
    assert np.array_equal(taught(np.array([0.3, 0.7]), 0.0), [1.0, 1.0])


def licensed_market(release, **changes):
    world = market()
    world.tenders.wants_licence[:], world.tenders.local_share[:] = True, 0.4
    world.tenders.accepts_used[:] = False
    world.states.technology_release[:] = release
    world.alliances.technology_sharing[:] = 0.0
    return play(world, "bidding", **changes)


def test_an_unwilling_exporter_offers_off_the_shelf():
    world = licensed_market((0.5, 0.5, 0.5, 0.5, 0.5, 0.0))
    away = world.bids.exporter != world.tenders.buyer[world.bids.tender]
    theirs = bids(world, exporter=5)
    theirs = theirs[away[theirs]]
    assert len(theirs)
    assert np.all(world.bids.mode[theirs] == Mode.OFF_THE_SHELF)
    assert np.all(licensed_market(1.0).bids.mode[away] == Mode.LICENSED)


def test_where_release_does_not_bind_every_offer_grants_what_is_asked():
    unbound, free = licensed_market(0.1, licence_release=0), licensed_market(1.0, licence_release=1)
    for column in ("mode", "price", "volume", "quality"):
        assert np.array_equal(getattr(unbound.bids, column), getattr(free.bids, column))


def test_without_a_licence_the_work_share_shrinks_with_release():
    world = next_step(opened())
    world.states.technology_release[5] = 0.25
    terms = {"wants_licence": True, "local_share": 0.4}
    tenders = [sign(world, 2, 5, 0, mode=mode, **terms) for mode in (Mode.OFF_THE_SHELF, Mode.LICENSED)]
    play(world, "contracting")
    rows = [np.flatnonzero(world.contracts.tender == row)[-1] for row in tenders]
    assert world.contracts.local_share[rows] == pytest.approx([0.1, 0.4])


def test_buyers_that_asked_for_a_licence_prefer_offers_that_grant_it():
    world = licensed_market((1, 1, 1, 1, 1, 0.0))
    liked, ignored = twin(world), twin(world)
    play(liked, "selecting", licence=0.7), play(ignored, "selecting", licence=0.0)
    gain = liked.bids.score - ignored.bids.score
    assert gain[world.bids.mode == Mode.LICENSED] == pytest.approx(0.7)
    assert gain[world.bids.mode != Mode.LICENSED] == pytest.approx(0.0)


def test_what_the_source_does_not_explain_is_not_learnt():
    world = next_step(opened())
    world.alliances.technology_sharing[:] = 0.0
    tender = sign(world, 2, 5, 0, local_share=0.5, mode=Mode.LICENSED)
    play(world, "contracting")
    assert world.contracts.local_share[world.contracts.tender == tender][-1] == pytest.approx(0.5)
    learnt = []
    for release in (1.0, 0.0):
        other = next_step(twin(world))
        other.states.technology_release[:] = release
        learnt.append(play(other, "producing", explained=0.4).states.learning_licensed.sum())
    assert learnt[1] == pytest.approx(0.6 * learnt[0])
    for release in (1.0, 0.0):
        other = next_step(twin(world))
        other.states.technology_release[:] = release
        learnt.append(play(other, "producing", explained=0.0).states.learning_licensed.sum())
    assert learnt[2] == learnt[3] == learnt[0]
