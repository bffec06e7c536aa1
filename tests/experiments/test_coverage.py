"""The interval holds the truth as often as it says, on differences as ugly as those of runs."""

import numpy as np
import pytest

from deftrade.experiments.compare.stopping import FEWEST, is_narrow, next_runs
from deftrade.experiments.statistics import estimate

TIMES = 4000


def zeros(rng, shape, share, draws):
    return np.where(rng.random(shape) < share, draws, 0.0)


KINDS = {
    "normal": (lambda rng, shape: rng.normal(0.3, 1, shape), 0.3),
    "heavy tails": (lambda rng, shape: rng.standard_t(3, shape) + 0.2, 0.2),
    "exponential": (lambda rng, shape: rng.exponential(1, shape), 1.0),
    "very skewed": (lambda rng, shape: rng.gamma(0.3, 1, shape), 0.3),
    "log-normal": (lambda rng, shape: rng.lognormal(0, 1, shape), np.exp(0.5)),
    "counts": (lambda rng, shape: rng.poisson(0.3, shape) - rng.poisson(0.2, shape) + 0.0, 0.1),
    "mostly zero": (lambda rng, shape: zeros(rng, shape, 0.2, rng.exponential(1, shape)), 0.2),
    "nearly all zero": (lambda rng, shape: zeros(rng, shape, 0.05, rng.exponential(1, shape)), 0.05),
}


@pytest.mark.parametrize("pairs", [20, 50])
@pytest.mark.parametrize("kind", KINDS)
def test_the_interval_misses_the_truth_seldom(kind, pairs):
    draw, truth = KINDS[kind]
    # Repetitions are columns, so one call judges them all.
    found = estimate(draw(np.random.default_rng(5), (pairs, TIMES)))
    told = np.isfinite(found.low) & (found.moved > 0)
    missed = told & ((found.low > truth) | (found.high < truth))
    # Log-normal differences of 20 pairs are the worst: 7 %; Student's t alone would miss 13 %.
    assert missed.mean() < (0.08 if kind == "log-normal" else 0.06)


def test_students_interval_alone_would_not_do():
    from scipy import stats

    draw, truth = KINDS["very skewed"]
    values = draw(np.random.default_rng(5), (20, TIMES))
    low, high = stats.t.interval(0.95, 19, values.mean(axis=0), stats.sem(values))
    assert ((low > truth) | (high < truth)).mean() > 0.10


def test_no_effect_is_claimed_no_more_often_than_its_error():
    values = np.random.default_rng(6).normal(0, 1, (30, TIMES))
    assert 0.03 < (estimate(values).p < 0.05).mean() < 0.055


def test_stopping_keeps_coverage_and_reaches_the_width():
    rng = np.random.default_rng(7)
    held, taken = 0, []
    for _ in range(300):
        values, runs = rng.exponential(1, 2000), FEWEST
        while not is_narrow(values[:runs], 0.25) and runs < 2000:
            runs = next_runs(values[:runs, None], 0.25, runs, 2000)
        found = estimate(values[:runs])
        held += found.low[0] <= 1 <= found.high[0]
        taken.append(runs)
        assert max(found.high[0] - found.mean[0], found.mean[0] - found.low[0]) <= 0.25
    assert held / 300 > 0.90
    # The normal quantile, a spread of 1 and 0.25 ask for (1.96 / 0.25)^2 = 62 pairs.
    assert 55 < np.mean(taken) < 110


def test_stopping_waits_for_enough_pairs():
    assert not is_narrow(np.full(FEWEST - 1, 1.0), 10.0)
    assert is_narrow(np.full(FEWEST, 1.0), 10.0)
    assert is_narrow(np.zeros(FEWEST), 1e-9)
    assert not is_narrow(np.append(np.zeros(FEWEST), 1.0), 10.0), "one moved pair shows no spread"
    assert next_runs(np.zeros((20, 1)), 1.0, 20, 100) == 30
    assert next_runs(np.random.default_rng(1).normal(0, 100, (20, 1)), 1.0, 20, 25) == 25
