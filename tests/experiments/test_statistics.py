"""Paired statistics: numbers computed by hand, degenerate cases, families of questions, power."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from deftrade.experiments.compare import power
from deftrade.experiments.statistics import (
    estimate,
    holm,
    least_p,
    share_moved_at_most,
    simultaneous,
    variance_reduction,
)

SYMMETRIC = np.array([1.0, 2.0, 3.0, 4.0, 5.0])


def test_symmetric_differences_have_students_interval():
    found = estimate(SYMMETRIC)
    # Mean 3, variance 10/4, error sqrt(2.5 / 5); t(4) at 97.5 % is 2.7764.
    assert found.mean[0] == 3
    assert found.error[0] == pytest.approx(math.sqrt(0.5))
    half = 2.7764451 * math.sqrt(0.5)
    assert (found.low[0], found.high[0]) == pytest.approx((3 - half, 3 + half))
    assert found.p[0] == pytest.approx(stats.ttest_1samp(SYMMETRIC, 0).pvalue)


def test_skew_stretches_the_interval_to_the_side_of_the_tail_alone():
    tailed = np.array([1.0, 1, 1, 1, 2, 2, 2, 3, 4, 11])
    found = estimate(tailed)
    plain = stats.t.interval(0.95, 9, tailed.mean(), stats.sem(tailed))
    assert found.low[0] == pytest.approx(plain[0])
    assert found.high[0] > plain[1] + 0.5
    mirrored = estimate(-tailed)
    assert (mirrored.low[0], mirrored.high[0]) == pytest.approx((-found.high[0], -found.low[0]))
    # Hall's transformation, written out: the upper end solves g((mean - end) / s) = -t / sqrt(n).
    skew, spread = stats.skew(tailed), tailed.std(ddof=1)
    y = (tailed.mean() - found.high[0]) / spread
    bent = y + skew * y**2 / 3 + skew**2 * y**3 / 27 + skew / 60
    assert bent * math.sqrt(10) == pytest.approx(-stats.t.ppf(0.975, 9))


def test_nothing_moved_is_exactly_zero():
    found = estimate(np.zeros((20, 2)))
    assert found.mean.tolist() == found.low.tolist() == found.high.tolist() == [0.0, 0.0]
    assert found.moved.tolist() == [0, 0]
    assert found.p.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("value", [0.1, -3.3, 1e-200, 1e200])
def test_the_same_difference_in_every_pair_has_no_spread(value):
    found = estimate(np.full(7, value))
    assert found.mean[0] == found.low[0] == found.high[0] == value
    assert (found.spread[0], found.p[0]) == (0.0, 0.0)


def test_one_pair_has_a_mean_and_no_interval():
    found = estimate([3.0])
    assert (found.pairs[0], found.mean[0]) == (1, 3.0)
    assert np.isnan([found.low[0], found.high[0], found.p[0], found.spread[0]]).all()


def test_few_moved_pairs_give_no_interval():
    differences = np.zeros((30, 2))
    differences[:9, 0] = differences[:10, 1] = 1.0
    found = estimate(differences)
    assert np.isnan([found.low[0], found.p[0]]).all()
    assert np.isfinite([found.low[1], found.p[1]]).all()
    assert np.isfinite(estimate([1.0, 2.0, 4.0]).low[0]), "three pairs that all move are few but honest"


def test_what_is_not_finite_leaves_its_pair_out():
    with_gaps = np.array([[1.0, np.nan], [np.nan, np.nan], [2.0, np.nan], [np.inf, np.nan], [4.0, np.nan]])
    found = estimate(with_gaps)
    alone = estimate([1.0, 2.0, 4.0])
    assert found.pairs.tolist() == [3, 0]
    assert found.low[0] == alone.low[0]
    assert np.isnan(found.mean[1])


@given(
    arrays(float, st.tuples(st.integers(2, 30), st.just(3)), elements=st.floats(-1e6, 1e6, width=32)),
    st.floats(1e-3, 1e3),
)
def test_interval_and_p_value_agree_and_follow_the_unit(differences, unit):
    found, scaled = estimate(differences), estimate(differences * unit)
    given_one = np.isfinite(found.low)
    for k in np.flatnonzero(given_one):
        assert found.low[k] <= found.mean[k] <= found.high[k]
        if abs(found.p[k] - 0.05) > 1e-6:
            assert (found.low[k] <= 0 <= found.high[k]) == (found.p[k] > 0.05)
    np.testing.assert_allclose(scaled.high[given_one], found.high[given_one] * unit, rtol=1e-6, atol=1e-9)


def test_holm_by_hand():
    # Sorted .01, .03, .04 of three: .01 * 3, .03 * 2, then no less than before.
    assert holm([0.01, 0.04, 0.03]).tolist() == pytest.approx([0.03, 0.06, 0.06])


def test_the_family_is_what_was_asked_whatever_came_out():
    # As if the one without a p value had 1: .01 * 4, .03 * 3, .04 * 2 but no less than before.
    assert holm([0.01, np.nan, 0.04, 0.03])[[0, 2, 3]].tolist() == pytest.approx([0.04, 0.09, 0.09])
    assert np.isnan(holm([0.01, np.nan])[1])
    assert np.isnan(holm([np.nan])).all()


def test_intervals_of_a_family_are_those_of_a_smaller_error():
    low, high = simultaneous(SYMMETRIC, 10)
    half = stats.t.ppf(1 - 0.05 / 20, 4) * math.sqrt(0.5)
    assert (low[0], high[0]) == pytest.approx((3 - half, 3 + half))


def test_variance_reduction_by_hand():
    base = np.array([[0.0, 1, 5], [2, 1, 5], [4, 1, 5]])
    policy = base + np.array([[0.0, 1, 0], [1, 2, 0], [2, 3, 0]])
    # First column: variances 4 and 9, of the difference 1. Second: only the policy varies.
    assert variance_reduction(base, policy)[:2].tolist() == pytest.approx([13.0, 1.0])
    assert np.isnan(variance_reduction(base, policy)[2])
    assert variance_reduction(base, base + 1)[0] == np.inf


def test_a_share_that_never_showed():
    assert share_moved_at_most(20) == pytest.approx(1 - 0.05 ** (1 / 20))
    assert share_moved_at_most(0) == 1.0


def test_power_agrees_with_statsmodels():
    from statsmodels.stats.power import TTestPower

    test = TTestPower()
    for pairs in (10, 30, 200):
        theirs = test.solve_power(nobs=pairs, alpha=0.05, power=0.8)
        assert power.detectable(2.0, pairs) == pytest.approx(2.0 * theirs, rel=1e-3)
    theirs = test.solve_power(effect_size=0.5, alpha=0.05, power=0.8)
    assert power.pairs_to_tell(0.5, 1.0) == math.ceil(theirs) == 34


def test_power_at_its_ends():
    assert power.pairs_to_tell(0.0, 1.0) == math.inf
    assert power.pairs_to_tell(1e-9, 1.0) == math.inf
    assert power.pairs_to_tell(3.0, 0.0) == 2
    assert power.pairs_to_tell(1e9, 1.0) == 2
    assert math.isnan(power.pairs_to_tell(math.nan, 1.0))
    assert math.isnan(power.detectable(1.0, 1))


@pytest.mark.parametrize(("questions", "moved"), [(0, 6), (1, 6), (2, 7), (17, 10), (34, 11)])
def test_pairs_that_must_move_before_anything_can_be_told(questions, moved):
    assert power.fewest_moved(questions) == moved
    assert max(questions, 1) * least_p(moved - 1) >= power.ALPHA > max(questions, 1) * least_p(moved)
