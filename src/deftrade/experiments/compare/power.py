"""How much more would tell: what pairs can detect, and how many a question needs.

Student's t on paired differences; SciPy's noncentral t and root finder, as the power functions of
statsmodels (0.14 and 0.15) return nan for effects of many standard deviations.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import count
from math import ceil, inf, isfinite, nan, sqrt

from deftrade.experiments.statistics import least_p

POWER = 0.8
"""Chance of finding a true difference of the size asked about."""

ALPHA = 0.05
"""Chance of finding one that is not there."""

MOST_PAIRS = 100_000
"""Above this, an answer is out of reach and no number is given."""

_LARGEST_EFFECT = 1e4
"""Standard deviations that bound the search; two pairs detect less at any usual error."""


def detectable(spread: float, pairs: int, alpha: float = ALPHA, power: float = POWER) -> float:
    """Return the smallest true mean difference that so many pairs find.

    Parameters
    ----------
    spread : float
        Standard deviation of the differences, in the quantity's unit.
    pairs : int
        Pairs at hand; fewer than two detect nothing: nan.
    alpha, power : float
        Chance of a false and of a true finding.
    """
    if pairs < 2 or not isfinite(spread):
        return nan
    return spread * _effect(pairs, alpha, power)


@lru_cache(maxsize=256)
def _effect(pairs: int, alpha: float, power: float) -> float:
    """Return the difference that pairs detect, in standard deviations."""
    from scipy.optimize import brentq

    return float(brentq(lambda effect: _power(effect, pairs, alpha) - power, 0.0, _LARGEST_EFFECT))


def _power(effect: float, pairs: float, alpha: float) -> float:
    """Return the chance that a two-sided t test finds an effect, with the right sign.

    Parameters
    ----------
    effect : float
        Mean difference in standard deviations, not negative.
    pairs : float
        Pairs, two at least.
    alpha : float
        Chance of finding an effect that is not there.
    """
    from scipy.stats import nct, t

    return float(nct.sf(t.isf(alpha / 2, pairs - 1), pairs - 1, effect * sqrt(pairs)))


def pairs_to_tell(mean: float, spread: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """Return how many pairs tell a mean difference from zero, if the true one is that mean.

    Returns
    -------
    float
        A whole number, two at least; infinite where more than `MOST_PAIRS` are needed or the mean is
        zero; nan where mean or spread is unknown.
    """
    from scipy.optimize import brentq

    if not (isfinite(mean) and isfinite(spread)):
        return nan
    if mean == 0 or spread == 0:
        return inf if mean == 0 else 2.0
    effect = min(abs(mean) / spread, _LARGEST_EFFECT)
    if _power(effect, MOST_PAIRS, alpha) < power:
        return inf
    if _power(effect, 2, alpha) >= power:
        return 2.0
    return float(ceil(brentq(lambda pairs: _power(effect, pairs, alpha) - power, 2, MOST_PAIRS)))


def fewest_moved(questions: int, alpha: float = ALPHA) -> int:
    """Return how many pairs must move, at the least, before any of so many open questions can be told.

    With fewer, not even a sign test of pairs that all moved the same way stands Holm's correction.
    """
    return next(moved for moved in count(1) if max(questions, 1) * least_p(moved) < alpha)
