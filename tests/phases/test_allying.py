"""Trade, refusals and threats move alignment; alignment and burdens move alliances; embargoes lapse."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play

from deftrade.core.tables.codes import CLIPS, AllianceKind, ContractStatus, DecisionKind, Mode
from deftrade.phases.allying.params import AllyingParams
from deftrade.phases.allying.phase import allied_ties, standing_warmth, turned
from deftrade.phases.allying.uniting import mean_alignment

CALM = {"leader_hazard": 0, "accession_hazard": 0, "exit_hazard": 0}


def without_history():
    """Return a world without trade, programmes, hostility, refusals or embargoes."""
    world = next_step(opened())
    for column in ("relation", "hostility", "licensed_refused", "embargo_years", "goodwill"):
        getattr(world.dyads, column)[:] = 0.0
    world.dyads.opening_warmth[:] = 0.0
    world.contracts.status[:] = ContractStatus.COMPLETED
    return world


def test_mean_alignment_leaves_a_state_itself_out():
    alignment = np.array([[9.0, 0.2, 0.4], [0.2, 9.0, 0.6], [0.4, 0.6, 9.0]])
    member = np.array([[True, True, False]])
    assert mean_alignment(alignment, member) == pytest.approx(np.array([[0.2, 0.2, 0.5]]))


def test_ties_are_the_cohesion_of_the_strongest_common_pact():
    world = opened()
    world.alliances.kind[:] = AllianceKind.DEFENCE_PACT
    world.alliances.member[1, 5] = True
    world.alliances.cohesion[:] = (0.6, 0.4)
    ties = allied_ties(world)
    assert ties[3, 4] == ties[4, 5] == 0.6
    assert ties[0, 5] == ties[0, 1] == 0.4
    assert ties[0, 3] == 0
    assert np.all(np.diagonal(ties) == 0)


def test_pools_are_no_pacts():
    world = opened()
    world.alliances.kind[:] = AllianceKind.PROCUREMENT_POOL
    assert allied_ties(world).max() == 0


def test_deliveries_bring_goodwill_in_both_directions():
    world = without_history()
    world.dyads.relation[5, 0] = 10.0
    play(world, "allying", delivery_effect=0.08, **CALM)
    expected = np.zeros((6, 6))
    expected[5, 0] = expected[0, 5] = 0.02
    assert world.dyads.goodwill == pytest.approx(expected)


def test_only_a_supplier_s_share_counts():
    world = without_history()
    world.dyads.relation[[4, 5], 0] = (10.0, 30.0)
    play(world, "allying", delivery_effect=0.08, **CALM)
    assert world.dyads.goodwill[[4, 5], 0] == pytest.approx([0.005, 0.015])


def test_refusals_embargoes_and_common_threats_move_goodwill():
    world = without_history()
    world.states.procurement_budget[:] = 25.0
    world.dyads.licensed_refused[5, 0] = 50.0  # half of a year's budget
    world.dyads.embargo_years[4, 1] = 2.0
    world.dyads.hostility[[2, 3], 0] = 1.0
    effects = {"refusal_effect": 0.1, "embargo_effect": 0.2, "threat_effect": 0.08}
    play(world, "allying", **effects, **CALM)
    goodwill = world.dyads.goodwill
    assert goodwill[5, 0] == goodwill[0, 5] == pytest.approx(-0.05)
    assert goodwill[4, 1] == pytest.approx(-0.05)
    assert goodwill[2, 3] == pytest.approx(0.02)
    assert goodwill[0, 1] == 0


def test_trade_and_threats_of_the_opening_are_in_its_alignment_already():
    world = next_step(opened())
    world.dyads.opening_warmth = standing_warmth(world, AllyingParams())
    world.dyads.goodwill[:] = world.dyads.embargo_years[:] = world.dyads.licensed_refused[:] = 0.0
    assert world.dyads.opening_warmth.max() > 0
    play(world, "allying", **CALM)
    assert np.abs(world.dyads.goodwill).max() == 0


EFFECTS = ("delivery_effect", "refusal_effect", "embargo_effect", "threat_effect", "programme_effect")


@pytest.mark.parametrize("effect", EFFECTS)
def test_every_effect_may_be_switched_off(effect):
    off = dict.fromkeys(EFFECTS, 0)
    world = without_history()
    abroad = np.flatnonzero(world.contracts.buyer != world.contracts.supplier)[0]
    world.contracts.mode[abroad], world.contracts.status[abroad] = Mode.LICENSED, ContractStatus.ACTIVE
    world.dyads.relation[5, 0] = 10.0
    world.dyads.licensed_refused[5, 0] = 1e6
    world.dyads.embargo_years[4, 1] = 2.0
    world.dyads.hostility[[2, 3], 0] = 1.0
    world.states.procurement_budget[:] = 25.0
    play(world, "allying", **off, **CALM)
    assert np.all(world.dyads.goodwill == 0)
    play(world, "allying", **{**off, effect: 0.5}, **CALM)
    assert np.any(world.dyads.goodwill != 0)


def test_goodwill_saturates_and_fades():
    world = without_history()
    world.dyads.goodwill[5, 0] = world.dyads.goodwill[0, 5] = 0.5
    world.dyads.relation[5, 0] = 10.0
    play(world, "allying", delivery_effect=0.08, goodwill_kept=0.81, **CALM)
    assert world.dyads.goodwill[5, 0] == pytest.approx(0.5 * 0.81**0.25 + 0.02 * 0.5)


def test_alignment_follows_its_anchor_and_goodwill_as_far_as_there_is_room():
    world = without_history()
    world.dyads.alignment_anchor[:] = 0.3
    world.dyads.alignment[:] = 0.0
    world.dyads.goodwill[5, 0], world.dyads.alignment_anchor[5, 0] = 0.4, 0.9
    play(world, "allying", alignment_pace=0.5, goodwill_kept=1, **CALM)
    step = 1 - 0.5**0.25
    assert world.dyads.alignment[1, 2] == pytest.approx(0.3 * step)
    assert world.dyads.alignment[5, 0] == pytest.approx((0.9 + 0.4 * 0.1) * step)
    assert world.environment.clipped[0, CLIPS.index("alignment")] == 0


def test_a_new_leader_shifts_anchors_on_both_sides():
    world = next_step(opened())
    before = world.dyads.alignment_anchor.copy()
    for _ in range(12):
        play(next_step(world), "allying", **{**CALM, "leader_hazard": 2}, leader_spread=0.01)
        world.clock.step += 1
    anchor = world.dyads.alignment_anchor
    turns = np.count_nonzero(world.decisions.kind == DecisionKind.LEADER_CHANGE)
    assert turns > 10
    assert anchor == pytest.approx(anchor.T)
    assert 0.005 < np.abs(anchor - before).max() < 0.02 * turns
    assert np.diagonal(anchor) == pytest.approx(np.diagonal(before))


def memberships_after(world, **changes):
    """Return the members of the alliances after many draws."""
    for _ in range(60):
        play(next_step(world), "allying", **{**CALM, "alignment_pace": 0, "cohesion_pace": 0, **changes})
        world.clock.step += 1
    return world.alliances.member


def test_aligned_outsiders_join_and_enemies_do_not():
    world = opened()
    world.dyads.alignment[:] = 0.9
    world.dyads.hostility[:] = 0.0
    world.dyads.hostility[3:, 1] = 0.5
    member = memberships_after(world, accession_hazard=1)
    assert member[0, [0, 2]].all()
    assert not member[0, 1]
    kinds = world.decisions.kind
    assert np.count_nonzero(kinds == DecisionKind.ACCESSION) >= 2


def test_the_closer_an_outsider_the_likelier_it_joins():
    joined = []
    for closeness in (0.4, 0.9):
        world = opened()
        world.dyads.alignment[:], world.dyads.hostility[:] = closeness, 0.0
        joined.append(memberships_after(world, accession_hazard=0.05, accession_alignment=0.35).sum())
    assert joined[0] < joined[1]


def test_strangers_stay_outside():
    world = opened()
    world.dyads.alignment[:] = 0.2
    member = memberships_after(world, accession_hazard=1, accession_alignment=0.35)
    assert member.sum() == 6


def test_estranged_members_leave_but_the_last_two_stay():
    world = opened()
    world.dyads.alignment[:] = -0.5
    world.alliances.cohesion[:] = 0.0
    member = memberships_after(world, exit_hazard=0.5)
    assert np.all(member.sum(axis=1) == 2)
    assert DecisionKind.EXIT in world.decisions.kind


def test_like_minded_members_of_a_cohesive_alliance_stay():
    world = opened()
    world.dyads.alignment[:] = 0.9
    world.alliances.cohesion[:] = 1.0
    assert memberships_after(world, exit_hazard=2).sum() == 6


def test_missed_burden_targets_cost_cohesion():
    world = next_step(opened())
    world.alliances.burden_target[0] = 0.05
    world.states.burden[:] = (0.02, 0.02, 0.02, 0.05, 0.04, 0.03)
    before = world.alliances.cohesion.copy()
    play(world, "allying", cohesion_pace=1, gap_effect=10, alignment_effect=0, **CALM)
    assert world.alliances.burden_gap == pytest.approx([0.01, 0])
    assert world.alliances.cohesion - before == pytest.approx([-0.1, 0])


def test_risen_alignment_among_members_holds_them_together():
    world = next_step(opened())
    world.dyads.goodwill[:] = 0.0
    world.dyads.alignment[:] = world.dyads.opening_alignment[:] = 0.3
    world.dyads.alignment[3:, 3:] = 0.5
    before = world.alliances.cohesion.copy()
    play(world, "allying", cohesion_pace=1, alignment_pace=0, alignment_effect=0.5, **CALM)
    assert world.alliances.cohesion - before == pytest.approx([0.1, 0])


def test_the_share_of_trade_inside_is_read_off():
    world = next_step(opened())
    world.dyads.exports[:] = 0.0
    world.dyads.exports[5, 3], world.dyads.exports[0, 3] = 30.0, 10.0
    play(world, "allying", **CALM)
    assert world.alliances.internal_share == pytest.approx([0.75, 0])
    assert world.alliances.members == pytest.approx([3, 3])


def test_embargoes_vetoes_and_sanctions_count_down_to_zero():
    world = next_step(opened())
    world.dyads.embargo_years[5, 0], world.dyads.veto_years[5, 1] = 1.0, 0.1
    world.dyads.support_embargo_years[5, 2], world.firms.sanction_years[0] = 0.75, 0.5
    play(world, "allying", **CALM)
    assert world.dyads.embargo_years[5, 0] == 0.75
    assert world.dyads.veto_years[5, 1] == 0
    assert world.dyads.support_embargo_years[5, 2] == 0.5
    assert world.firms.sanction_years[0] == 0.25


def test_an_embargo_estranges_for_years():
    """From the embargo to alignment, over many steps."""
    peace, cut = opened(), opened()
    cut.dyads.embargo_years[5, 0] = 2.0
    advance(peace, 2)
    advance(cut, 2)
    assert cut.dyads.embargo_years[5, 0] == 0
    assert cut.dyads.alignment[0, 5] < peace.dyads.alignment[0, 5] - 0.02
    advance(peace, 1)
    advance(cut, 1)
    assert cut.dyads.alignment[0, 5] < peace.dyads.alignment[0, 5] - 0.02


def stances(**changes):
    """Return the stances in control after some years, and who changed leaders at last."""
    world = next_step(opened())
    for _ in range(12):
        play(next_step(world), "allying", **{**CALM, "leader_hazard": 2, **changes})
        world.clock.step += 1
    return world.states.control_stance.copy(), world


def test_a_new_leader_brings_another_licensing_practice_until_the_next():
    stance, world = stances(leader_control=0.2)
    assert 0.02 < np.abs(stance).mean() < 0.5
    play(next_step(world), "allying", **CALM, leader_control=0.2)
    assert np.array_equal(world.states.control_stance, stance)


def test_leaders_without_a_stance_change_no_practice():
    stance, world = stances(leader_control=0)
    assert np.count_nonzero(world.decisions.kind == DecisionKind.LEADER_CHANGE) > 10
    assert not stance.any()
    assert not np.signbit(stance).any()


def test_two_new_leaders_of_a_pair_count_alike_whoever_is_named_first():
    anchor = np.array([[0.0, 0.9, 0.2], [0.9, 0.0, -0.4], [0.2, -0.4, 0.0]])
    shifts = np.array([[9.0, 0.3, 0.1], [-0.3, 9.0, -0.8]])
    result = turned(anchor, np.array([0, 1]), shifts)
    assert result == pytest.approx(np.array([[0.0, 0.9, 0.3], [0.9, 0.0, -1.0], [0.3, -1.0, 0.0]]))
    assert np.array_equal(turned(anchor, np.array([1, 0]), shifts[::-1]), result)
