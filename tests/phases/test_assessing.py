"""Threat is the hostile strength nearby, spill-in the allied; hostility returns to its anchor."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened, play

from deftrade.phases.assessing.phase import strength, summed_strength


def test_strength_is_a_weighted_geometric_mean_of_forces_and_spending():
    capability, spending = np.array([4.0, 4.0, 4.0]), np.array([9.0, 9.0, 9.0])
    assert strength(capability, spending, 0.5) == pytest.approx([6, 6, 6])
    assert strength(capability, spending, 1.0) == pytest.approx([4, 4, 4])
    assert strength(capability, spending, 0.0) == pytest.approx([9, 9, 9])


def test_the_strength_of_others_is_summed_without_ones_own():
    tie = np.array([[5.0, 0.5, 0.0], [0.2, 9.0, 1.0], [0.0, 0.0, 1.0]])
    assert summed_strength(tie, np.array([10.0, 20.0, 30.0])) == pytest.approx([10, 32, 0])


def test_a_rival_that_arms_threatens_its_rivals_and_nobody_else():
    world = play(next_step(opened()), "assessing")
    before = world.states.threat.copy()
    world.states.usable_capability[3] *= 4
    after = play(next_step(world), "assessing").states.threat
    share = 0.4 * world.dyads.proximity[0, 3]
    strong = np.sqrt(world.states.usable_capability[3].sum() * world.states.burden[3] * world.states.gdp[3])
    assert after[0] - before[0] == pytest.approx(share * strong / 2)
    assert after[[1, 2, 4, 5]] == pytest.approx(before[[1, 2, 4, 5]])


def test_strength_of_a_pact_partner_spills_in():
    world = play(next_step(opened()), "assessing")
    before = world.states.spill_in.copy()
    world.states.usable_capability[5] *= 4
    after = play(next_step(world), "assessing").states.spill_in
    assert np.all(after[[3, 4]] > before[[3, 4]])
    assert after[[0, 1, 2]] == pytest.approx(before[[0, 1, 2]])


def test_a_neighbour_weighs_more_than_a_far_state():
    proximity = opened().dyads.proximity
    assert proximity[0, 1] == pytest.approx(1 / (1 + 1200 / 2500))
    assert proximity[0, 1] > proximity[0, 5] > 0


def test_hostility_returns_to_its_anchor_at_a_yearly_pace():
    world = next_step(opened())
    world.dyads.hostility[0, 1] = 0.8
    for _ in range(4):
        play(world, "assessing", hostility_drift=0.5, imbalance_response=0)
    assert world.dyads.hostility[0, 1] == pytest.approx(0.4)


def test_a_risen_threat_lifts_the_hostility_that_rivals_return_to():
    world = next_step(opened())
    world.states.usable_capability[3] *= 100
    play(world, "assessing", hostility_drift=1, imbalance_response=0.5)
    play(world, "assessing", hostility_drift=1, imbalance_response=0.5)
    assert 0.4 < world.dyads.hostility[0, 3] <= 0.6
    assert world.dyads.hostility[1, 4] == pytest.approx(0.4, rel=0.02)
