"""Indices of functions whose true indices are known, by the same steps as for scenarios."""

import numpy as np
import pytest

from deftrade.errors import ExperimentError
from deftrade.experiments.design import salib
from deftrade.experiments.design.design import lay_out, unit_points
from deftrade.experiments.design.factors import Factor
from deftrade.experiments.design.indices import morris, sobol, varies
from deftrade.experiments.design.noise import balanced, noise_share
from deftrade.experiments.design.targets import Parameter

NAMES = ("x", "y", "z")
FACTORS = tuple(
    Factor(Parameter(f"parameters.a.{name}", "1", -4, 4, name, "a", name), -np.pi, np.pi) for name in NAMES
)
# Ishigami and Homma (1990) with a = 7, b = 0.1: the variances in closed form.
A, B = 7.0, 0.1
V1, V2, V13 = 0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, B**2 * np.pi**8 * (1 / 18 - 1 / 50)
VARIANCE = V1 + V2 + V13
FIRST = np.array([V1, V2, 0]) / VARIANCE
TOTAL = np.array([V1 + V13, V2, V13]) / VARIANCE


def ishigami(points):
    x, y, z = points.T
    return np.sin(x) + A * np.sin(y) ** 2 + B * z**4 * np.sin(x)


def test_sobol_finds_the_true_indices_of_ishigami():
    found = sobol(NAMES, ishigami(lay_out("saltelli", FACTORS, 2048, 3)), 3)
    assert found.total == pytest.approx(TOTAL, abs=0.04)
    assert found.first == pytest.approx(FIRST, abs=0.04)
    assert ((found.low <= TOTAL) & (found.high >= TOTAL)).all()
    assert ((found.first_low <= FIRST) & (found.first_high >= FIRST)).all()


def test_intervals_narrow_with_more_points():
    wide = sobol(NAMES, ishigami(lay_out("saltelli", FACTORS, 128, 3)), 3)
    narrow = sobol(NAMES, ishigami(lay_out("saltelli", FACTORS, 2048, 3)), 3)
    assert (narrow.high - narrow.low < wide.high - wide.low).all()


def test_intervals_of_shares_are_cut_at_both_ends_but_hold_their_estimates():
    found = sobol(NAMES, ishigami(lay_out("saltelli", FACTORS, 16, 3)), 3)
    for share, low, high in (found[:3], found[3:]):
        assert (low >= np.minimum(share, 0)).all()
        assert (high <= np.maximum(share, 1)).all()
        assert ((low <= share) & (share <= high)).all()


def test_morris_finds_the_slopes_of_a_plane():
    unit = unit_points("morris", 3, 10, 1)
    found = morris(NAMES, unit, unit @ np.array([3.0, -2.0, 0.0]), 1)
    assert found.size == pytest.approx([3, 2, 0], abs=1e-9)
    assert found.mean == pytest.approx([3, -2, 0], abs=1e-9)
    assert found.spread == pytest.approx([0, 0, 0], abs=1e-9)
    assert found.high == pytest.approx(found.low, abs=1e-9)


def test_morris_sees_that_effects_of_ishigami_depend_on_where_things_stand():
    unit = unit_points("morris", 3, 100, 1)
    found = morris(NAMES, unit, ishigami(lay_out("morris", FACTORS, 100, 1)), 1)
    assert (found.spread > 0.5 * found.size).all()
    assert found.size[2] < found.size[0]


def test_a_constant_does_not_vary():
    assert not varies(np.full(5, 1 / 3))
    assert not varies(np.zeros(5))
    assert varies(np.array([0.0, 1e-9]))


def test_without_salib_the_error_names_the_command(monkeypatch):
    monkeypatch.setattr(salib, "find_spec", lambda name: None)
    with pytest.raises(ExperimentError, match=r'pip install "deftrade\[sensitivity\]"'):
        unit_points("morris", 3, 5, 1)


def test_luck_is_split_from_factors_as_it_was_mixed():
    rng = np.random.default_rng(2)
    points, runs = 400, 50
    values = (
        rng.normal(size=(points, 1)) * 3 + rng.normal(size=(1, runs)) * 2 + rng.normal(size=(points, runs))
    )
    found = noise_share(values)
    assert found.single == pytest.approx(5 / 14, abs=0.1)
    assert found.remaining == pytest.approx((1 / runs) / (9 + 1 / runs), rel=0.2)


def test_luck_common_to_all_points_leaves_no_noise():
    found = noise_share(np.arange(5.0)[:, None] + np.array([0.0, 10.0, -3.0]))
    assert found.remaining == pytest.approx(0, abs=1e-12)
    assert found.single > 0.5


def test_single_runs_cannot_tell_luck():
    assert np.isnan(noise_share(np.arange(5.0)[:, None])).all()


def test_only_runs_that_succeeded_everywhere_count():
    values = np.array([[1.0, np.nan, 3.0], [4.0, 5.0, 6.0]])
    assert balanced(values).tolist() == [[1, 3], [4, 6]]
