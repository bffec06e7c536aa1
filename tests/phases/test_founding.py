"""A licence founds a line where industry can assemble; a maker that can design frees itself of it."""

import numpy as np
import pytest
from tests.phases.stories import in_need, next_step, opened, play, sign, tenders_since, twin

from deftrade.core.tables.codes import DecisionKind, Mode, TenderStatus
from deftrade.phases.contracting.founding import is_own

PLAIN = {"overrun_spread": 0, "slip_spread": 0, "overrun_licensed": 0}


def lineless(home=2, category=0):
    """Return a world in which a state makes nothing of a category."""
    world = next_step(opened())
    world.lines.is_active[(world.lines.home == home) & (world.lines.category == category)] = False
    return world


def licensed(world, **terms):
    """Sign a licensed programme of state 2 with state 5 and return its contract."""
    usual = {"mode": Mode.LICENSED, "wants_licence": True, "local_share": 0.4, "price": 400.0, "quality": 0.9}
    tender = sign(world, 2, 5, 0, **{**usual, **terms})
    play(world, "contracting", **PLAIN, kit_share=0.3, licence_plant=1.5, licence_experience=0.2)
    return int(np.flatnonzero(world.contracts.tender == tender)[-1])


def test_a_licensed_programme_founds_a_line_of_the_supplier_s_design():
    world = lineless()
    before = len(world.lines)
    row = licensed(world)
    contracts, lines = world.contracts, world.lines
    assert len(lines) == before + 1 == len(world.names.lines)
    assert (lines.home[before], lines.category[before], lines.design_origin[before]) == (2, 0, 5)
    assert lines.component_source[before, 0] == 5
    assert lines.component_share[before, 0] == pytest.approx(0.3)
    assert lines.quality[before] == pytest.approx(0.9)
    length = contracts.lead[row] + contracts.span[row]
    assert lines.capacity[before] == pytest.approx(1.5 * 0.4 * 400 / length)
    assert lines.experience[before] == pytest.approx(0.2 * lines.opening_experience[before])
    assert contracts.partner[row] == before
    assert contracts.local_share[row] == pytest.approx(0.4)
    mine = np.flatnonzero((world.firms.home == 2) & world.firms.is_active)
    assert lines.firm[before] == mine[np.argmax(world.firms.smoothed_revenue[mine])]
    assert world.decisions.kind[-1] == DecisionKind.LINE_OPENED
    assert (world.decisions.actor[-1], world.decisions.row[-1], world.decisions.chosen[-1]) == (2, before, 5)


def test_a_state_without_firms_founds_one_for_the_licence():
    world = lineless()
    world.firms.is_active[world.firms.home == 2] = False
    world.lines.is_active[world.lines.home == 2] = False
    before = len(world.firms)
    row = licensed(world)
    assert len(world.firms) == before + 1
    assert world.lines.firm[world.contracts.partner[row]] == before


@pytest.mark.parametrize("terms", [{"mode": Mode.OFF_THE_SHELF}, {"local_share": 0.0}])
def test_without_a_licence_or_work_no_line_is_founded(terms):
    world = lineless()
    before = len(world.lines)
    row = licensed(world, **terms)
    assert len(world.lines) == before
    assert world.contracts.partner[row] == -1


def test_where_there_is_a_line_already_it_becomes_the_partner():
    world = next_step(opened())
    before = len(world.lines)
    row = licensed(world)
    assert len(world.lines) == before
    assert world.lines.home[world.contracts.partner[row]] == 2


def test_two_licences_at_once_found_one_line():
    world = lineless()
    before = len(world.lines)
    terms = {"mode": Mode.LICENSED, "wants_licence": True, "local_share": 0.4}
    sign(world, 2, 5, 0, **terms), sign(world, 2, 4, 0, uid=7, **terms)
    play(world, "contracting", **PLAIN)
    assert len(world.lines) == before + 1


@pytest.mark.parametrize(
    ("rung", "value", "wanted"), [(2.5, 0.0, True), (1.5, 0.0, False), (2.5, 1e9, False)]
)
def test_a_large_order_of_a_state_that_assembles_asks_for_a_licence(rung, value, wanted):
    world = in_need(next_step(opened()), 2)
    world.lines.is_active[world.lines.home == 2] = False
    world.alliances.pooled_share[:] = 0.0
    world.states.licence_demand[:], world.states.localisation_target[:] = 1.0, 0.0
    world.states.rung[2] = rung
    play(world, "budgeting")
    before = len(world.tenders)
    play(world, "tendering", licence_value=value, licence_work=0.4)
    mine = tenders_since(world, before)
    mine = mine[world.tenders.buyer[mine] == 2]
    assert len(mine)
    assert (world.tenders.wants_licence[mine] == wanted).all()
    assert world.tenders.local_share[mine] == pytest.approx(0.2 * wanted)


def test_an_own_design_needs_the_rung_and_nearly_the_know_how():
    own = is_own(
        np.array([6, 5.9, 6, 6]), np.full(4, 6.0), np.array([0.8, 0.9, 0.79, 1.0]), np.full(4, 0.9), 0.88
    )
    assert own.tolist() == [True, False, False, True]


def test_makers_able_to_design_replace_the_licensed_design():
    world = next_step(opened())
    able, unable = 0, int(np.flatnonzero(world.lines.home == 1)[0])
    world.lines.design_origin[[able, unable]] = 5
    world.states.rung[:], world.states.rung[0] = 5.0, 8.0
    world.states.know_how[0] = 0.9
    world.lines.quality[[able, unable]] = 0.95
    play(world, "researching", own_design=10, design_parity=0.9, rung_pace=0, catch_up=0, frontier_growth=0)
    freed = 0
    for _ in range(4):
        world.clock.step += 1
        play(next_step(world), "researching", own_design=10, rung_pace=0, catch_up=0, frontier_growth=0)
        freed += world.lines.design_origin[able] == -1
    assert freed
    assert world.lines.quality[able] == pytest.approx(0.9)
    assert world.lines.design_origin[unable] == 5


def test_at_hazard_0_nobody_replaces_a_design():
    world = next_step(opened())
    world.lines.design_origin[world.lines.home == 0] = 5
    world.states.rung[:] = 8.0
    world.states.know_how[:] = 1.0
    kept = twin(world)
    play(kept, "researching", own_design=0.0)
    assert np.array_equal(kept.lines.design_origin, world.lines.design_origin)
    assert world.tenders.status.max() <= TenderStatus.WITHDRAWN
