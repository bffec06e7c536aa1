import warnings

import numpy as np
import pytest

from deftrade.experiments.design import design
from deftrade.experiments.design.factors import Factor
from deftrade.experiments.design.targets import Parameter

RANGED = Factor(Parameter("parameters.a.x", "1", 0, 10, "x", "a", "x"), 2.0, 4.0)
LEVELS = Factor(Parameter("parameters.a.y", "share", 0, 1, "y", "a", "y"), 0.1, 0.5, (0.5, 0.1, 0.2))


def test_a_grid_takes_levels_as_they_are_and_ranges_in_equal_steps():
    points = design.lay_out("grid", (RANGED, LEVELS), 3, 0)
    assert points.tolist() == [[x, y] for x in (2, 3, 4) for y in (0.5, 0.1, 0.2)]
    assert design.size("grid", (RANGED, LEVELS), 3) == 9


def test_the_ends_of_a_range_come_out_exactly():
    factor = Factor(RANGED.target, 0.1, 0.7)
    assert factor.at(np.array([0.0, 1.0])).tolist() == [0.1, 0.7]


@pytest.mark.parametrize(("kind", "count"), [("lhs", 16), ("sobol", 16), ("morris", 48), ("saltelli", 64)])
def test_sampled_designs_stay_in_range_and_follow_the_seed(kind, count):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        points = design.lay_out(kind, (RANGED, LEVELS), 16, 5)
        again = design.lay_out(kind, (RANGED, LEVELS), 16, 5)
        other = design.lay_out(kind, (RANGED, LEVELS), 16, 6)
    assert len(points) == count == design.size(kind, (RANGED, LEVELS), 16)
    assert (points == again).all()
    assert (points != other).any()
    assert points[:, 0].min() >= 2
    assert points[:, 0].max() <= 4
    assert set(points[:, 1]) <= {0.5, 0.1, 0.2}


def test_a_latin_hypercube_has_one_point_in_every_slice():
    unit = design.unit_points("lhs", 3, 20, 1)
    assert (np.sort((unit * 20).astype(int), axis=0) == np.arange(20)[:, None]).all()


def test_sobol_points_are_balanced():
    unit = design.unit_points("sobol", 3, 32, 1)
    assert (np.sort((unit * 32).astype(int), axis=0) == np.arange(32)[:, None]).all()


def test_morris_changes_one_factor_at_a_time():
    unit = design.unit_points("morris", 3, 5, 1).reshape(5, 4, 3)
    moved = np.abs(np.diff(unit, axis=1)) > 1e-12
    assert (moved.sum(axis=2) == 1).all()
    assert (moved.sum(axis=1) == 1).all()


def test_morris_takes_only_levels_that_its_steps_cross_evenly():
    assert "parameters.a.y has 3" in design.morris_problem((RANGED, LEVELS))
    two = Factor(LEVELS.target, 0.1, 0.5, (0.1, 0.5))
    assert design.morris_problem((RANGED, two)) == ""
    unit = design.unit_points("morris", 2, 6, 1)
    jumps = np.abs(np.diff(design.spread((RANGED, two), unit)[:, 1].reshape(6, 3), axis=1)).max(axis=1)
    assert jumps == pytest.approx(0.4)  # every trajectory crosses from one level to the other
    assert design.morris_scale((RANGED, two)).tolist() == [1, design.MORRIS_STEP]
