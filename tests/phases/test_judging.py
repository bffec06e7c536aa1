"""The eight criteria are scored from the state of the world, weighted, and set against benefits."""

import numpy as np
import pytest
from tests.phases.stories import opened

from deftrade.core.tables.codes import CRITERIA, AllianceKind
from deftrade.phases.licensing import LicensingParams
from deftrade.phases.licensing.judging import (
    Case,
    base_weights,
    criteria_scores,
    regime_denials,
    share_findings,
    strictness,
)
from deftrade.phases.licensing.margins import Grounds, benefit, margin, margin_terms, risk


def case(world, exporter=5, buyer=0, category=0, backlog=0.0, params=None):
    rows = [np.array([value]) for value in (exporter, buyer, category)]
    shared = share_findings(world, params or LicensingParams(), world.dyads.denial_memory)
    return Case(*rows, np.array([backlog]), shared)


def terms(world, params, criteria=None, **of):
    """Return the terms of a balance test of one case without luck."""
    one = case(world, params=params, **of)
    grounds = Grounds(
        scores=criteria_scores(one) if criteria is None else criteria,
        weights=one.shared.weight[one.exporter],
        sensitivity=world.categories.sensitivity[one.category],
        alignment=world.dyads.alignment[one.exporter, one.buyer],
        backlog_years=one.backlog_years,
        plight=one.shared.plight[one.buyer],
        strictness=np.ones(1),
        draw=np.array([0.5]),
    )
    return margin_terms(grounds, params)


def scores(world, **of):
    values = criteria_scores(case(world, **of))[0]
    return dict(zip(CRITERIA, values, strict=True))


def harmless():
    """Return a world in which no criterion speaks against state 0."""
    world = opened()
    world.states.governance[0], world.states.internal_conflict[0] = 1.0, 0.0
    world.states.polity[0], world.states.burden[0] = 1.0, 0.0
    world.states.diversion_record[0] = 0.0
    world.dyads.hostility[0], world.dyads.embargo_years[:] = 0.0, 0.0
    return world


def test_nothing_speaks_against_a_harmless_buyer():
    assert set(scores(harmless()).values()) == {0.0}


def test_embargoes_by_others_meet_the_first_criterion():
    world = harmless()
    world.dyads.embargo_years[[1, 2], 0] = 2
    assert scores(world)["obligations"] == pytest.approx(2 / 3)
    world.dyads.embargo_years[1:, 0] = 2
    assert scores(world)["obligations"] == 1


def test_misrule_and_conflict_count_together():
    world = harmless()
    world.states.governance[0], world.states.internal_conflict[0] = 0.4, 0.5
    found = scores(world)
    assert found["human_rights"] == pytest.approx(0.6 * 0.75)
    assert found["internal_situation"] == pytest.approx(0.5)
    assert found["diversion"] == pytest.approx(0.6 * (0.4 + 0.3))


def test_a_record_of_diversion_counts_for_behaviour_and_risk():
    world = harmless()
    world.states.diversion_record[0] = 0.4
    assert scores(world)["buyer_behaviour"] == pytest.approx(0.2)
    assert scores(world)["diversion"] == pytest.approx(0.4)


def test_what_misrule_and_deeds_count_for_can_be_set():
    world = harmless()
    world.states.governance[0], world.states.internal_conflict[0] = 0.0, 0.5
    world.states.polity[0], world.states.diversion_record[0] = 0.0, 0.4
    plain = scores(world)
    assert plain["human_rights"] == pytest.approx(0.75)
    assert plain["buyer_behaviour"] == pytest.approx(0.7)
    other = scores(world, params=LicensingParams(rights_base=0.2, record_weight=0.9))
    assert other["human_rights"] == pytest.approx(0.6)
    assert other["buyer_behaviour"] == pytest.approx(0.9 * 0.4 + 0.1)


def test_tension_nearby_is_regional_instability():
    world = harmless()
    world.dyads.hostility[0, 3] = 0.5
    assert scores(world)["regional_stability"] == pytest.approx(0.5 * world.dyads.proximity[0, 3])


def test_hostility_to_the_exporter_s_ally_counts_by_cohesion():
    world = harmless()
    world.alliances.cohesion[0] = 0.6
    world.dyads.hostility[0, 3] = 0.5
    assert scores(world, exporter=5)["allies_security"] == pytest.approx(0.3)
    assert scores(world, exporter=1)["allies_security"] == 0
    assert scores(world, exporter=3)["allies_security"] == pytest.approx(0.5)


def test_a_heavy_burden_is_beyond_economic_capacity():
    world = harmless()
    world.states.burden[0] = 0.04
    assert scores(world)["economic_capacity"] == pytest.approx(0.5)


def test_weights_follow_published_refusals_and_policy_and_goods_scale_them():
    params = LicensingParams()
    assert base_weights(params).sum() == pytest.approx(1, abs=0.02)
    assert CRITERIA[int(np.argmax(base_weights(params)))] == "obligations"
    world = harmless()
    criteria = np.eye(8)[[6]]
    world.categories.sensitivity[0] = 0.9
    world.states.criterion_weight[5, 6] = 2
    found = risk(terms(world, params, criteria))
    assert found == pytest.approx([params.weight_diversion * 2 * 1.4])
    blind = params.model_copy(update={"sensitivity_base": 0.0})
    assert risk(terms(world, blind, criteria)) == pytest.approx([params.weight_diversion * 2 * 0.9])


def test_benefit_adds_alignment_idle_lines_and_threatened_buyers():
    world = harmless()
    params = LicensingParams(strategic=0.2, commercial=0.1, balance=0.05)
    world.dyads.alignment[5, 0] = 0.5
    world.states.threat[0] = 2 * world.states.opening_threat[0]
    assert benefit(terms(world, params)) == pytest.approx([0.1 + 0.1 + 0.05])
    patient = params.model_copy(update={"normal_backlog": 4.0})
    half = benefit(terms(world, patient, backlog=1.0))
    assert half == pytest.approx([0.1 + 0.075 + 0.05])
    assert benefit(terms(world, params, backlog=100)) == pytest.approx([0.1 + 0.05])


def test_strictness_adds_policy_caution_and_what_is_set_for_the_buyer():
    world = harmless()
    world.states.export_strictness[5], world.states.caution[5] = 1.0, 0.3
    world.dyads.buyer_strictness[5, 0] = 0.5
    assert strictness(world, LicensingParams(), case(world), 0.25) == pytest.approx([1.8])
    world.dyads.buyer_strictness[5, 0] = -5
    assert strictness(world, LicensingParams(), case(world), 0.25) == pytest.approx([0])


def test_members_of_a_control_regime_heed_each_other_s_denials():
    world = harmless()
    world.alliances.kind[0] = AllianceKind.CONTROL_REGIME
    world.alliances.cohesion[0] = 0.5
    world.dyads.denial_memory[:] = 0
    world.dyads.denial_memory[4, 0] = 1
    found = regime_denials(world, world.dyads.denial_memory)
    assert found[[3, 5], 0] == pytest.approx(0.5)
    assert found[4, 0] == 0  # its own denial is no consultation
    assert found[:3].max() == 0
    alone = strictness(world, LicensingParams(), case(world), 0)
    assert strictness(world, LicensingParams(), case(world), 0.4) == pytest.approx(alone + 0.2)


def test_leaders_in_office_add_to_strictness_where_there_is_control():
    world = opened()
    world.states.caution[:] = 0.0
    world.states.export_strictness[4:] = (0.0, 1.0)
    world.states.control_stance[4:] = (0.3, 0.3)
    assert strictness(world, LicensingParams(), case(world, exporter=5), 0) == pytest.approx([1.3])
    assert strictness(world, LicensingParams(), case(world, exporter=4), 0) == pytest.approx([0.0])
    world.states.control_stance[5] = -2.0
    assert strictness(world, LicensingParams(), case(world, exporter=5), 0) == pytest.approx([0.5])
    assert strictness(world, LicensingParams(relaxation=0.2), case(world, exporter=5), 0) == pytest.approx(
        [0.8]
    )


def test_findings_make_no_agency_strict_that_judges_nothing():
    world = opened()
    world.states.export_strictness[5], world.states.caution[5] = 0.0, 0.3
    world.states.control_stance[:] = 0.0
    world.dyads.buyer_strictness[5, 1] = 0.0
    assert strictness(world, LicensingParams(), case(world, 5, 1), 0.25) == pytest.approx(0.0)


@pytest.mark.parametrize("spread", [0.04, 0.08, -0.04])
def test_luck_is_logistic_of_the_declared_spread_and_high_draws_are_lenient(spread):
    draw = np.array([0.5, 0.9, 0.1, 0.75])
    logit = np.array([0, np.log(9), -np.log(9), np.log(3)])
    nothing = np.zeros((4, 8))
    grounds = Grounds(nothing, nothing, *np.zeros((4, 4)), np.ones(4), draw)
    params = LicensingParams().model_copy(update={"judgement_spread": spread})
    terms = margin_terms(grounds, params)
    np.testing.assert_allclose(terms.luck, spread * logit, atol=1e-12)
    even = margin(margin_terms(grounds._replace(draw=np.full(4, 0.5)), params))
    np.testing.assert_allclose(margin(terms) - even, spread * logit, atol=1e-12)
