"""Elementary functions: near the true values, exact where settings rely on it."""

import numpy as np
import pytest
from scipy.stats import norm

from deftrade.core import elementary
from deftrade.core.arrays import product


@pytest.fixture(scope="module")
def numbers():
    random = np.random.default_rng(1)
    return np.concatenate(
        [10 ** random.uniform(-290, 290, 5000), random.uniform(0.5, 2, 5000), [1.0, 0.5, 2.0]]
    )


@pytest.mark.parametrize(
    ("own", "numpys", "low", "high"),
    [
        (elementary.exp, np.exp, -700, 700),
        (elementary.exp, np.exp, -1, 1),
        (elementary.log1p, np.log1p, 0, 100),
        (elementary.tanh, np.tanh, -4, 4),
        (elementary.logistic, lambda x: 1 / (1 + np.exp(-x)), -8, 8),
        (elementary.arccos, np.arccos, -1, 1),
        (elementary.cosine, lambda turns: np.cos(2 * np.pi * turns), -0.5, 1.5),
    ],
)
def test_values_are_near_the_true_ones(own, numpys, low, high):
    x = np.random.default_rng(2).uniform(low, high, 10_000)
    np.testing.assert_allclose(own(x), numpys(x), rtol=5e-16, atol=2e-15)


def test_logarithms_are_near_the_true_ones(numbers):
    np.testing.assert_allclose(elementary.log(numbers), np.log(numbers), rtol=4e-16, atol=3e-16)
    near = 1 + np.logspace(-15, -4, 50)
    np.testing.assert_allclose(elementary.log(near), np.log(near), rtol=1e-12)


@pytest.mark.parametrize("exponent", [0.3, -0.7, 2.5, 0.5, 0.25, np.array([0.2, 1.5])])
def test_powers_are_near_the_true_ones(exponent):
    base = np.random.default_rng(3).uniform(0.01, 50, (1000, 1))
    np.testing.assert_allclose(elementary.power(base, exponent), base**exponent, rtol=5e-15)


def test_normal_quantiles_are_near_the_true_ones():
    share = np.concatenate(
        [np.logspace(-10, -1, 500), np.linspace(0.1, 0.9, 500), 1 - np.logspace(-10, -1, 500)]
    )
    np.testing.assert_allclose(elementary.normal_quantile(share), norm.ppf(share), rtol=1e-13, atol=1e-14)


def test_settings_that_switch_off_do_so_exactly():
    base = np.array([0.0, 0.3, 1.0, 7.0])
    for exponent in (0, 0.0, np.zeros(4)):
        assert (elementary.power(base, exponent) == 1).all()
    for exponent in (1, 1.0, np.ones(4)):
        assert (elementary.power(base, exponent) == base).all()
    assert elementary.power(0.81, 0.5) == 0.9
    assert elementary.power(0.0, 2.5) == 0
    assert (elementary.power(np.ones(3), np.array([0.3, -2.0, 9.0])) == 1).all()
    assert elementary.exp(0.0) == 1
    assert elementary.log(1.0) == 0
    assert elementary.tanh(0.0) == 0
    assert elementary.logistic(0.0) == 0.5


def test_edges_are_those_of_the_functions():
    assert elementary.exp(-np.inf) == 0
    assert elementary.log(0.0) == -np.inf
    assert np.isnan(elementary.log(-1.0))
    np.testing.assert_array_equal(elementary.arccos([1.0, -1.0]), [0.0, np.pi])
    assert elementary.log(np.zeros((0, 3))).shape == (0, 3)


def test_products_are_those_of_matrices():
    random = np.random.default_rng(4)
    left, right = (
        random.uniform(-1, 1, (4, 7)) * (random.uniform(size=(4, 7)) < 0.5),
        random.normal(size=(7, 5)),
    )
    np.testing.assert_allclose(product(left, right), left @ right, atol=1e-14)
    np.testing.assert_allclose(product(left, right[:, 0]), left @ right[:, 0], atol=1e-14)
    np.testing.assert_allclose(product(left > 0, right), (left > 0).astype(float) @ right, atol=1e-14)
