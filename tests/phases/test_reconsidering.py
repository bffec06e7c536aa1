"""Buyers ask for less when a tender stays open for long, once, before they give up."""

import numpy as np
import pytest
from tests.phases.stories import advance, in_need, next_step, opened, play, tenders_since, twin

from deftrade.core.tables.codes import DecisionKind, TenderStatus
from deftrade.phases import Params


def demanding():
    """Return a world with fresh tenders that ask for a lot, and their rows."""
    world = play(in_need(next_step(opened())), "budgeting")
    world.alliances.pooled_share[:] = 0
    before = len(world.tenders)
    play(world, "tendering")
    rows = tenders_since(world, before)
    tenders = world.tenders
    tenders.status[:before] = TenderStatus.WITHDRAWN
    tenders.wants_licence[rows], tenders.accepts_used[rows] = True, False
    tenders.offset_rate[rows], tenders.local_share[rows] = 0.6, 0.4
    return world, rows


def later(world, years, **changes):
    """Return the world at tendering some years later."""
    world.clock.step += round(years * world.clock.calendar.steps_per_year)
    return play(next_step(world), "tendering", **changes)


def logged(world):
    """Return the tenders whose reconsideration was logged."""
    mine = world.decisions.kind == DecisionKind.RECONSIDERATION
    return world.decisions.row[mine], world.decisions.margin[mine]


def test_after_a_year_demands_are_lowered_and_that_is_logged():
    world, rows = demanding()
    later(world, 1, reconsider_years=1)
    tenders = world.tenders
    assert not tenders.wants_licence[rows].any()
    assert tenders.accepts_used[rows].all()
    assert tenders.offset_rate[rows] == pytest.approx(0.3)
    assert tenders.local_share[rows] == pytest.approx(0.2)
    assert tenders.is_reconsidered[rows].all()
    row, margin = logged(world)
    assert set(row) == set(rows)
    assert margin == pytest.approx(1.0)


def test_not_before_and_only_once():
    world, rows = demanding()
    later(world, 0.75, reconsider_years=1)
    assert world.tenders.wants_licence[rows].all()
    later(world, 0.25, reconsider_years=1)
    later(world, 0.25, reconsider_years=1)
    assert world.tenders.offset_rate[rows] == pytest.approx(0.3)
    assert len(logged(world)[0]) == len(rows)


def test_a_chosen_offer_keeps_the_terms_that_are_in_its_price():
    world, rows = demanding()
    world.tenders.status[rows[0]] = TenderStatus.SELECTED
    later(world, 1, reconsider_years=1)
    assert world.tenders.wants_licence[rows].sum() == 1
    assert not world.tenders.is_reconsidered[rows[0]]


@pytest.mark.parametrize("years", [2.0, 10.0])
def test_from_patience_on_it_is_off(years):
    world, rows = demanding()
    later(world, 1.75, reconsider_years=years, patience=2)
    later(world, 0.25, reconsider_years=years, patience=2)
    assert np.all(world.tenders.status[rows] == TenderStatus.WITHDRAWN)
    assert not world.tenders.is_reconsidered.any()
    assert not len(logged(world)[0])


def sanctioned(world):
    """Bar all new equipment from abroad to state 0, which makes nothing and is too rich for used."""
    world.firms.sanction_years[:] = 5.0
    world.lines.is_active[world.lines.home == 0] = False
    world.states.productivity[0] = 0.3
    world.states.second_hand_release[:] = 0.5


def test_who_gets_no_new_equipment_takes_used_equipment_in_the_end():
    """With the switch off the same tenders lapse."""
    ends = []
    for years in (1.0, 10.0):
        world = twin(opened())
        world.fleets.volume[world.fleets.holder == 0] *= 0.1
        before = len(world.tenders)
        params = Params()
        group = params.tendering.model_copy(update={"reconsider_years": years})
        advance(world, 3, params.model_copy(update={"tendering": group}), sanctioned)
        rows = tenders_since(world, before)
        rows = rows[world.tenders.buyer[rows] == 0]
        ends.append(np.count_nonzero(world.tenders.status[rows] == TenderStatus.SIGNED))
    assert ends[0] > ends[1] == 0


def test_without_the_licence_no_work_is_asked_for_an_industry_that_is_not_there():
    world, rows = demanding()
    buyer, category = world.tenders.buyer[rows[0]], world.tenders.category[rows[0]]
    world.lines.is_active[(world.lines.home == buyer) & (world.lines.category == category)] = False
    later(world, 1, reconsider_years=1)
    assert world.tenders.local_share[rows[0]] == 0
    assert world.tenders.local_share[rows[1:]] == pytest.approx(0.2)
