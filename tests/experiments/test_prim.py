from itertools import pairwise

import numpy as np
import pytest

from deftrade.experiments.robustness.prim import find_boxes, peelings, quasi_p, seek

POINTS = 400


@pytest.fixture
def x():
    return np.random.default_rng(3).random((POINTS, 5))


def test_a_known_box_is_found(x):
    y = (x[:, 0] < 0.3) & (x[:, 2] > 0.4)
    (box,) = find_boxes(x, y)
    assert box.limits.restricted().tolist() == [True, False, True, False, False]
    assert box.limits.high[0] == pytest.approx(0.3, abs=0.02)
    assert box.limits.low[2] == pytest.approx(0.4, abs=0.02)
    assert box.coverage == 1
    assert box.density > 0.95
    assert np.nanmax(box.chance) < 1e-6
    assert box.reproduced[[0, 2]].tolist() == [1, 1]
    assert box.reproduced[[1, 3, 4]].max() <= 0.1


def test_a_known_box_is_found_through_noise(x):
    rng = np.random.default_rng(4)
    y = ((x[:, 1] > 0.25) & (x[:, 1] < 0.6) & (x[:, 4] > 0.5)) ^ (rng.random(POINTS) < 0.1)
    limits = seek(x, y)
    assert limits.restricted()[[1, 4]].all()
    assert limits.low[1] == pytest.approx(0.25, abs=0.1)
    assert limits.high[1] == pytest.approx(0.6, abs=0.1)
    assert limits.low[4] == pytest.approx(0.5, abs=0.1)


def test_two_boxes_are_found_one_after_the_other(x):
    first, second = (x[:, 0] < 0.35) & (x[:, 2] > 0.4), (x[:, 0] > 0.6) & (x[:, 3] < 0.3)
    boxes = find_boxes(x, first | second)
    assert len(boxes) >= 2
    assert sum(box.coverage for box in boxes) > 0.9
    assert sum(box.coverage for box in boxes) <= 1


def test_levels_are_peeled_one_by_one():
    x = np.array([[a, b] for a in (1, 2, 3, 4) for b in (10, 20, 30)] * 4, dtype=float)
    y = (x[:, 0] >= 3) & (x[:, 1] <= 20)
    (box,) = find_boxes(x, y)
    assert (box.limits.low[0], box.limits.high[1]) == (2.5, 25)
    assert (box.coverage, box.density) == (1, 1)


def test_nothing_is_found_where_nothing_or_everything_fails(x):
    assert find_boxes(x, np.zeros(POINTS, dtype=bool)) == []
    assert find_boxes(x, np.ones(POINTS, dtype=bool)) == []


def test_boxes_only_shrink_along_the_peeling_and_grow_denser(x):
    y = x[:, 0] + x[:, 1] < 0.8
    path = list(peelings(x, y))
    inside = [limits.holds(x) for limits in path]
    assert len(path) > 5
    assert all((later <= earlier).all() for earlier, later in pairwise(inside))
    density = [y[one].mean() for one in inside]
    assert density == sorted(density)


def test_a_limit_that_does_nothing_is_explained_by_chance(x):
    y = x[:, 0] < 0.3
    limits = seek(x, y).moved(3, 0.5, upper=True)
    chance = quasi_p(limits, x, y)
    assert chance[0, 1] < 1e-6
    assert chance[3, 1] > 0.05
    assert np.isnan(chance[[1, 2, 4]]).all()


def test_the_same_points_give_the_same_boxes(x):
    y = (x[:, 0] < 0.5) & (np.random.default_rng(1).random(POINTS) < 0.7)
    one, other = find_boxes(x, y, seed=5), find_boxes(x, y, seed=5)
    assert [repr(box) for box in one] == [repr(box) for box in other]
