"""Goods are diverted where rule is weak; checks deter and find; findings are remembered; rivals learn."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, play_until, running

from deftrade.core.tables.codes import DecisionKind
from deftrade.phases import Params
from deftrade.phases.monitoring import MonitoringParams
from deftrade.phases.monitoring.phase import diversion_risk

SURE = {"diversion_hazard": 1.0, "deterrence": 0.0, "detection": 1.0}


def exposed(checks=0.0):
    """Return a world of misrule in which every foreign contract has delivered something."""
    world = next_step(opened())
    world.states.governance[:], world.states.internal_conflict[:] = 0.0, 1.0
    world.states.end_use_checks[:] = checks
    rows = running(world, foreign=True)
    world.contracts.delivered[rows] = world.contracts.volume[rows] / 2
    return world


def has_diversion(world):
    return world.states.diversions.sum() > 0


def watched(world, years, **changes):
    """Return yearly diversions by exporter, drawn over many dates."""
    total = np.zeros(len(world.states))
    for _ in range(round(4 * years)):
        play(next_step(world), "monitoring", **changes)
        total += world.states.diversions
        world.clock.step += 1
    return total


def test_risk_comes_from_misrule_and_more_so_in_conflict():
    governance, conflict = np.array([1.0, 0.0, 0.0, 0.5]), np.array([1.0, 0.0, 1.0, 0.5])
    assert diversion_risk(governance, conflict, 0.4) == pytest.approx([0, 0.4, 1, 0.35])


def test_well_governed_buyers_divert_nothing():
    world = exposed()
    world.states.governance[:] = 1.0
    assert watched(world, 3, **SURE).sum() == 0


def test_checks_deter():
    loose, strict = (
        watched(exposed(0.0), 10, diversion_hazard=0.2),
        watched(exposed(0.5), 10, diversion_hazard=0.2),
    )
    assert strict.sum() < 0.4 * loose.sum()
    assert loose.sum() > 10


def test_checks_find_more_of_what_is_diverted():
    found = []
    for checks in (0.0, 1.0):
        world = exposed(checks)
        share = np.zeros(2)
        for _ in range(120):
            play(next_step(world), "monitoring", **{**SURE, "detection": 0.1}, check_power=0.6)
            share += (world.states.findings.sum(), world.states.diversions.sum())
            world.clock.step += 1
        found.append(share[0] / share[1])
    assert found[0] == pytest.approx(0.1, abs=0.05)
    assert found[1] == pytest.approx(0.64, abs=0.08)


def test_a_finding_raises_the_buyer_s_record_and_the_exporter_s_caution():
    world = exposed()
    before = len(world.decisions)
    world = play_until(has_diversion, world, "monitoring", record_step=0.1, caution_step=0.2, **SURE)
    new = np.arange(before, len(world.decisions))
    rows = world.decisions.row[new[world.decisions.kind[new] == DecisionKind.FINDING]]
    buyer, exporter = world.contracts.buyer[rows], world.contracts.supplier[rows]
    assert len(rows) > 0
    counts = np.bincount(exporter, minlength=6)
    assert world.states.caution == pytest.approx(0.2 * counts)
    assert world.states.diversion_record == pytest.approx(
        np.minimum(0.1 * np.bincount(buyer, minlength=6), 1)
    )


def test_records_and_caution_fade():
    world = next_step(opened())
    world.states.diversion_record[:], world.states.caution[:] = 0.5, 0.5
    play(world, "monitoring", diversion_hazard=0, record_kept=0.6, caution_kept=0.5)
    assert world.states.diversion_record == pytest.approx(0.5 * 0.6**0.25)
    assert world.states.caution == pytest.approx(0.5 * 0.5**0.25)


def test_nothing_found_nothing_remembered():
    blind = {**SURE, "detection": 0, "check_power": 0}
    world = play_until(has_diversion, exposed(), "monitoring", **blind)
    assert world.states.diversion_record.max() == world.states.caution.max() == 0


def test_the_value_diverted_is_what_was_delivered():
    world = exposed()
    before = len(world.decisions)
    world = play_until(has_diversion, world, "monitoring", **SURE)
    new = np.arange(before, len(world.decisions))
    rows = world.decisions.row[new[world.decisions.kind[new] == DecisionKind.DIVERSION]]
    assert world.states.diverted_value.sum() == pytest.approx(world.contracts.price[rows].sum() / 2)


def test_the_exporter_s_rival_gains_part_of_the_gap():
    world = exposed()
    mine = running(world, foreign=True)
    world.contracts.delivered[np.setdiff1d(mine, mine[world.contracts.supplier[mine] == 5])] = 0.0
    gap = world.states.know_how[5] - world.states.know_how[2]  # 2 is the rival of 5
    before = len(world.decisions)
    world = play_until(has_diversion, world, "monitoring", leak=0.1, **SURE)
    new = np.arange(before, len(world.decisions))
    rows = world.decisions.row[new[world.decisions.kind[new] == DecisionKind.DIVERSION]]
    times = np.bincount(world.contracts.category[rows], minlength=3)
    assert times.sum() > 0
    assert world.states.leaked[2] == pytest.approx(0.1 * gap * times)
    assert np.delete(world.states.leaked, 2, axis=0).max() == 0


def test_what_leaks_is_learnt_once():
    world = next_step(opened())
    world.states.leaked[2, 1] = 0.05
    idle = next_step(opened())
    for each in (world, idle):
        play(each, "researching")
        play(each, "monitoring", diversion_hazard=0)
    gain = world.states.know_how - idle.states.know_how
    assert gain[2, 1] == pytest.approx(0.05)
    assert np.count_nonzero(gain) == 1
    assert world.states.leaked.max() == 0


def test_leaked_know_how_raises_the_rival_s_technology():
    """From the diversion to know-how, across steps and phases."""

    def at_risk(world):
        world.states.governance[:], world.states.internal_conflict[:] = 0.0, 1.0

    worlds = [
        advance(opened(), 3, Params(monitoring=MonitoringParams(leak=0.5, leaks=leaks, **SURE)), at_risk)
        for leaks in (0, 1)
    ]
    gain = worlds[1].states.know_how - worlds[0].states.know_how
    assert gain[:3].max() > 0.01


def sanctioned(**changes):
    """Return years of embargo after a diversion was found, and the world."""
    world = exposed()
    world.dyads.alignment[:] = changes.pop("alignment", 0.0)
    world = play_until(has_diversion, world, "monitoring", **SURE, **changes)
    return world.dyads.embargo_years, world


def test_a_finding_may_bring_the_buyer_under_the_exporter_s_embargo():
    years, world = sanctioned(sanction_chance=1.0, sanction_years=4.0)
    log = world.decisions
    found = log.row[log.kind == DecisionKind.FINDING]
    pairs = set(zip(world.contracts.supplier[found], world.contracts.buyer[found], strict=True))
    assert set(zip(*np.nonzero(years), strict=True)) == pairs
    assert years.max() == 4
    assert (log.kind == DecisionKind.DIVERSION_EMBARGO).sum() == len(found)


def test_friends_are_spared_and_chance_zero_spares_all():
    for changes in ({"sanction_chance": 1.0, "alignment": 1.0}, {"sanction_chance": 0.0}):
        years, world = sanctioned(**changes)
        assert years.max() == 0
        assert not (world.decisions.kind == DecisionKind.DIVERSION_EMBARGO).any()


def test_a_longer_embargo_in_force_stays():
    world = exposed()
    world.dyads.embargo_years[:] = 9.0
    world = play_until(has_diversion, world, "monitoring", sanction_chance=1, **SURE)
    assert world.dyads.embargo_years.min() == 9


def test_checks_prevent_what_they_deter_and_nothing_without_deterrence():
    world = exposed(0.25)
    world.states.governance[:] = 0.0
    play(world, "monitoring", diversion_hazard=0.1, deterrence=4.0)
    rows = running(world, foreign=True)
    category = world.contracts.category[rows]
    hazard = 0.1 * (0.5 + world.categories.sensitivity[category])
    chance = [1 - np.exp(-hazard * left / 4) for left in (1.0, np.exp(-1))]
    saved = world.contracts.price[rows] / 2 * (chance[0] - chance[1])
    expected = np.bincount(world.contracts.supplier[rows], weights=saved, minlength=6)
    assert world.states.prevented_by_checks == pytest.approx(expected)
    other = exposed(0.25)
    other.states.governance[:] = 0.0
    play(other, "monitoring", diversion_hazard=0.1, deterrence=4.0, sensitivity_base=2.0)
    assert other.states.prevented_by_checks.sum() > 2 * expected.sum()
    play(next_step(world), "monitoring", diversion_hazard=0.1, deterrence=0.0)
    assert world.states.prevented_by_checks.max() == 0


def test_a_check_has_a_price():
    world = play(exposed(0.5), "monitoring", check_cost=0.1, diversion_hazard=0)
    assert world.states.control_cost == pytest.approx(0.1 * world.states.checks)
    assert world.states.control_cost.sum() > 0


def test_of_equally_hostile_rivals_the_same_learns_in_any_order_of_rows():
    learnt = []
    for first, second in ((1, 2), (2, 1)):
        world = exposed()
        world.dyads.hostility[:] = 0.0
        world.dyads.hostility[:, [first, second]] = 0.4
        world.states.know_how[:] = 1.0
        world.states.know_how[[1, 2]] = 0.2
        uid = np.sort(world.states.uid[[1, 2]])
        world.states.uid[[first, second]] = uid
        world = play_until(has_diversion, world, "monitoring", leak=0.5, **SURE)
        learnt.append((world.states.leaked[first].sum() > 0, world.states.leaked[second].sum() > 0))
    assert learnt == [(True, False), (True, False)]
