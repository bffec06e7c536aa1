"""Replications without a run: burden sharing, arms races, learning."""

import numpy as np
import pytest

from deftrade.phases.budgeting import BudgetingParams
from validation.replications import learning_curves, olson_zeckhauser, richardson

GNP = np.array([100.0, 10.0, 1.0])
NONE = np.zeros(3)


@pytest.fixture(scope="module")
def burdens():
    return olson_zeckhauser.replicate()


@pytest.fixture(scope="module")
def races():
    return richardson.replicate()


def test_the_table_of_1964_gives_the_published_correlation(burdens):
    assert burdens.observed == pytest.approx(0.490, abs=0.001)


def test_without_publicness_everybody_bears_the_same():
    assert olson_zeckhauser.equilibrium(GNP, NONE, 0.0) == pytest.approx(np.full(3, 0.05))


def test_best_replies_meet_the_first_order_condition():
    need, publicness, private = np.array([0.0, 0.01, 0.02]), 0.6, 0.95
    burden = olson_zeckhauser.equilibrium(GNP, need, publicness, private)
    total = burden @ GNP
    gain = (1 - private) * ((1 - publicness) / (burden - need) + publicness * GNP / total)
    assert gain == pytest.approx(private / (1 - burden), rel=1e-6)


def test_a_lone_member_answers_as_if_all_were_private():
    assert olson_zeckhauser.equilibrium(GNP[:1], NONE[:1], 0.7) == pytest.approx([0.05])


def test_common_tastes_let_the_large_bear_more(burdens):
    assert np.nanmin(burdens.laboratory[0]) >= 0.5
    assert (np.diff(burdens.leader) > 0).all()


def test_nobody_is_at_zero_and_ranks_are_unique(burdens):
    assert burdens.lowest > 0
    assert burdens.unique
    assert burdens.at_zero > 0  # what the linear form would give


def test_a_threat_gradient_brings_the_correlation_to_about_zero(burdens):
    half = burdens.laboratory[olson_zeckhauser.GRADIENTS.index(0.5)]
    assert np.abs(half).max() < 0.4
    steeper = np.diff(burdens.laboratory[:, 1:], axis=0)
    assert (steeper <= 0.05).all()


def test_exposure_is_a_common_rule_of_distance():
    names = [each.name for each in olson_zeckhauser.MEMBERS]
    near = dict(zip(names, olson_zeckhauser.exposure(2500.0), strict=True))
    assert near["Denmark"] > near["France"] > near["Portugal"] > near["Canada"] > near["United States"]
    place = np.array([0.0])
    assert olson_zeckhauser.great_circle(place, place, np.array([[0.0, 90.0]])) == pytest.approx(
        np.array([[np.pi / 2 * 6371]])
    )


def test_deftrades_own_form_has_the_sign_and_no_member_at_zero(burdens):
    assert (burdens.own_form[0, 1:] > 0.5).all()
    assert np.isnan(burdens.own_form[0, 0])  # without spill-in all burdens are equal


def test_richardsons_line():
    slope, zero, fit = richardson.growth_law(richardson.TOTALS)
    assert slope == pytest.approx(0.73, abs=0.005)
    assert zero == pytest.approx(194, abs=1.5)
    assert fit > 0.998


@pytest.mark.parametrize(
    ("reaction", "fatigue", "stable"),
    [((0.2, 0.2), (0.3, 0.3), True), ((0.4, 0.4), (0.3, 0.3), False), ((0.9, 0.1), (0.2, 0.9), True)],
)
def test_richardsons_condition(reaction, fatigue, stable):
    assert richardson.is_stable(reaction, fatigue) is stable
    assert (fatigue[0] * fatigue[1] > reaction[0] * reaction[1]) is stable


def test_burdens_settle_exactly_where_the_radius_is_below_one(races):
    assert races.agreement == 1
    assert races.decided
    assert races.converged.any()
    assert not races.converged.all()


def test_the_neighbour_multiplier_is_missed_at_default_reaction(races):
    assert races.multiplier == pytest.approx(1 / (1 - BudgetingParams().reaction ** 2))
    assert 1 < races.multiplier < 2


def test_wrights_slopes_come_back_without_forgetting():
    found = learning_curves.replicate()
    assert found.slopes == pytest.approx(learning_curves.SLOPES)
    assert found.exponents == pytest.approx(learning_curves.EXPONENTS, abs=0.001)


def test_a_gap_makes_a_line_dearer_and_output_heals_it():
    found = learning_curves.replicate()
    assert found.at_rest == pytest.approx(1)
    # Three years at 61 % leave 0.227 of experience.
    assert found.after_gap[1] == pytest.approx(0.61 ** (3 * np.log2(0.85)), rel=1e-6)
    assert 1 < found.after_gap[0] < found.after_gap[1]
    assert (found.back > 0).all()


def test_learning_has_a_floor_and_forgetting_a_ceiling():
    found = learning_curves.replicate()
    assert found.floor < 1 < found.ceiling
    assert learning_curves.interrupted(0.01, 0.85, (found.floor, found.ceiling)).max() == found.ceiling
