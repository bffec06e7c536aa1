"""Fleets mix what arrives, wear out, and are as ready as the support they get."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, running

from deftrade.core.tables.codes import ContractKind, Mode
from deftrade.phases.producing import ProducingParams
from deftrade.phases.producing.maintaining import age_fleets, keep_ready, ready_goal, receive, retire
from deftrade.phases.producing.working import Work


def delivery(world, fleet, volume, quality=1.0, source=-1):
    """Receive one delivery into a fleet, used if it comes from another fleet."""
    rows = world.contracts.append(1)
    world.contracts.fleet[rows], world.contracts.quality[rows] = fleet, quality
    world.contracts.source_fleet[rows] = source
    world.contracts.mode[rows] = Mode.OFF_THE_SHELF if source < 0 else Mode.SECOND_HAND
    world.contracts.kind[rows] = ContractKind.EQUIPMENT
    world.contracts.span[rows] = world.contracts.price[rows] = 1.0
    receive(world, Work(rows, np.array([1.0]), np.array([volume]), np.zeros(len(world.states))))


def test_readiness_is_own_skill_and_bought_support():
    params = ProducingParams(own_overhaul=0.5, overhaul_start=2)
    covered = np.array([1.0, 0.0, 0.0, 0.0, 0.5, 2.0])
    rung = np.array([0.0, 1.0, 5.0, 8.0, 5.0, 0.0])
    assert ready_goal(covered, rung, params) == pytest.approx([1, 0, 0.25, 0.5, 0.625, 1])


def test_deliveries_mix_quality_age_and_readiness_by_volume():
    world = next_step(opened())
    fleets = world.fleets
    fleets.volume[0], fleets.quality[0], fleets.age[0], fleets.readiness[0] = 30, 0.5, 12, 0.6
    delivery(world, 0, 10.0, quality=0.9)
    assert fleets.volume[0] == 40
    effect = world.categories.quality_effect[fleets.category[0]]
    assert 40 * fleets.quality[0] ** effect == pytest.approx(30 * 0.5**effect + 10 * 0.9**effect)
    assert fleets.age[0] == pytest.approx(9)
    assert fleets.readiness[0] == pytest.approx(0.7)
    assert fleets.delivered[0] == 10


def test_used_equipment_moves_from_one_fleet_to_another():
    world = next_step(opened())
    fleets = world.fleets
    fleets.volume[:2], fleets.age[1] = (10.0, 50.0), 14.0
    before = fleets.volume.sum()
    delivery(world, 0, 5.0, source=1)
    assert fleets.volume[:2] == pytest.approx([15, 45])
    assert fleets.volume.sum() == pytest.approx(before)
    assert fleets.transferred[:2] == pytest.approx([5, -5])
    assert fleets.delivered[:2] == pytest.approx([0, 0])


def test_aid_enters_the_fleet_as_it_is():
    world = next_step(opened())
    world.fleets.volume[0], world.fleets.quality[0], world.fleets.donated[0] = 30, 0.5, 20
    delivery(world, 1, 1.0)
    assert world.fleets.volume[0] == 50
    assert world.fleets.quality[0] == pytest.approx(0.5)


def test_retirement_and_losses_shrink_fleets():
    world = next_step(opened())
    world.categories.lifetime[:] = 3.3  # half a year's stock goes a year
    world.fleets.volume[:] = 100.0
    world.fleets.loss_share[0] = 0.2
    retire(world)
    kept = 0.5**0.25
    assert world.fleets.lost[:2] == pytest.approx([20, 0])
    assert world.fleets.volume[:2] == pytest.approx([80 * kept, 100 * kept])
    assert world.fleets.retired[:2] == pytest.approx([80 * (1 - kept), 100 * (1 - kept)])
    assert world.fleets.loss_share[0] == 0  # a war's loss is a loss once


def test_fleets_age_until_the_end_of_their_life():
    world = next_step(opened())
    world.categories.lifetime[:] = 20.0
    world.fleets.age[:3], world.fleets.volume[:3] = (5.0, 19.9, 5.0), (1.0, 1.0, 0.0)
    age_fleets(world)
    assert world.fleets.age[:3] == pytest.approx([5.25, 20, 0])


def test_an_embargo_on_support_grounds_that_part_of_the_fleets_within_a_year():
    world = opened()
    contracts, fleets = world.contracts, world.fleets
    supported = running(world, ContractKind.SUPPORT, foreign=True)
    supported = supported[contracts.supplier[supported] == fleets.origin[contracts.fleet[supported]]]
    supported = supported[fleets.readiness[contracts.fleet[supported]] > 0.6]
    maker, holder = contracts.supplier[supported[0]], contracts.buyer[supported[0]]

    def cut(world):
        world.states.rung[holder] = 0.0  # no workshops of its own
        world.dyads.embargo_years[maker, holder] = 5.0
        world.dyads.support_embargo_years[maker, holder] = 5.0

    theirs = contracts.fleet[supported[contracts.supplier[supported] == maker]]
    theirs = theirs[(fleets.holder[theirs] == holder) & (fleets.origin[theirs] == maker)]
    before = fleets.readiness[theirs].mean()
    others = (fleets.holder == holder) & (fleets.origin != maker) & (fleets.support_need > 0)
    advance(world, 1.25, before=cut)
    assert before > 0.6
    # Support by others lacks 70 % of its effect without the maker's parts: some 30 % stay ready.
    assert world.fleets.readiness[theirs].max() < 0.36
    assert world.fleets.readiness[np.flatnonzero(others)].mean() > 0.6


def test_support_by_others_lacks_the_maker_s_spare_parts_under_its_embargo():
    ready = []
    for years in (0.0, 5.0):
        world = next_step(opened())
        fleet = np.flatnonzero((world.fleets.holder == 1) & (world.fleets.origin == 5))[0]
        world.dyads.support_embargo_years[5, 1] = years
        world.states.rung[1], world.fleets.readiness[fleet] = 0.0, 1.0
        world.fleets.support_need[fleet], world.fleets.support_received[fleet] = 4.0, 1.0
        keep_ready(world, ProducingParams(readiness_pace=1, spare_parts=0.7))
        ready.append(world.fleets.readiness[fleet])
    assert ready == pytest.approx([1, 0.3])


def test_own_workshops_soften_the_cut():
    def cut(rung):
        def each(world):
            world.states.rung[1] = rung
            world.dyads.embargo_years[:, 1] = world.dyads.support_embargo_years[:, 1] = 5.0
            world.fleets.support_contract[world.fleets.holder == 1] = -1

        return each

    ready = []
    for rung in (0.0, 8.0):
        world = advance(opened(), 1.5, before=cut(rung))
        held = (world.fleets.holder == 1) & (world.fleets.origin != 1) & (world.fleets.support_need > 0)
        ready.append(world.fleets.readiness[held].mean())
    assert ready[0] < 0.2
    assert ready[1] > 0.4


def test_an_arms_embargo_grounds_nothing_unless_it_cuts_support():
    """Readiness by origin, a year and a half after an embargo with and without support cut."""

    def embargo(support):
        def each(world):
            world.states.rung[4] = 0.0  # no workshops of its own
            world.dyads.embargo_years[5, 4] = 5.0
            world.dyads.support_embargo_years[5, 4] = 5.0 if support else 0.0

        return each

    ready = {}
    for support in (False, True):
        fleets = advance(opened(), 1.5, before=embargo(support)).fleets
        held = (fleets.holder == 4) & (fleets.support_need > 0)
        theirs = fleets.origin == 5
        ready[support] = [
            np.average(fleets.readiness[held & which], weights=fleets.volume[held & which])
            for which in (theirs, ~theirs)
        ]
    assert ready[False][0] > 0.8
    assert ready[True][0] < 0.33  # what others' support without the maker's parts keeps ready
    assert ready[True][1] == pytest.approx(ready[False][1], abs=0.02)
    assert ready[True][1] > 0.8
