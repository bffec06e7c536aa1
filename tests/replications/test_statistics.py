"""Fits, ranks and intervals against numbers worked out by hand."""

import numpy as np
import pytest

from validation.replications.statistics import least_squares, paired, rank_correlation


def test_a_line_is_found_again():
    x = np.array([0.0, 1.0, 2.0, 3.0])
    line = least_squares(2 + 3 * x, x)
    assert line.coefficients == pytest.approx([2, 3])
    assert line.errors == pytest.approx([0, 0], abs=1e-9)
    assert line.fit == pytest.approx(1)


def test_errors_are_whites():
    # Mean of 1, 2, 3, 6: residuals −2, −1, 0, 3; HC1 variance 14 / 16 · 4 / 3.
    line = least_squares(np.array([1.0, 2.0, 3.0, 6.0]))
    assert line.coefficients == pytest.approx([3])
    assert line.errors == pytest.approx([np.sqrt(14 / 16 * 4 / 3)])


def test_ranks_count_and_ties_have_no_order():
    assert rank_correlation(np.array([1.0, 2.0, 9.0]), np.array([5.0, 6.0, 7.0])) == pytest.approx(1)
    assert np.isnan(rank_correlation(np.array([1.0, 2.0]), np.array([5.0, 5.0])))


def test_the_interval_of_pairs_is_students():
    estimate = paired(np.array([1.0, 3.0]))
    assert estimate.mean == 2
    assert estimate.high - 2 == pytest.approx(12.706, rel=1e-4)
    assert 2 - estimate.low == pytest.approx(12.706, rel=1e-4)
