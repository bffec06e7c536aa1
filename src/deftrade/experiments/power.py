"""How much more would tell: what pairs can detect, and how many a question needs.

For Student's t on paired differences: power by statsmodels, roots by SciPy.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil, inf, isfinite, nan, sqrt

POWER = 0.8
"""Chance of finding a true difference of the size asked about."""

ALPHA = 0.05
"""Chance of finding one that is not there."""

MOST_PAIRS = 100_000
"""Above this, an answer is out of reach and no number is given."""


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
    from statsmodels.stats.power import TTestPower

    test = TTestPower()
    return float(test.solve_power(nobs=pairs, alpha=alpha / 2, power=power, alternative="larger"))


def pairs_to_tell(mean: float, spread: float, alpha: float = ALPHA, power: float = POWER) -> float:
    """Return how many pairs tell a mean difference from zero, if the true one is that mean.

    Returns
    -------
    float
        A whole number, two at least; infinite where more than `MOST_PAIRS` are needed or the mean is
        zero; nan where mean or spread is unknown.
    """
    from scipy.optimize import brentq
    from statsmodels.stats.power import TTestPower

    if not (isfinite(mean) and isfinite(spread)):
        return nan
    if mean == 0 or spread == 0:
        return inf if mean == 0 else 2.0
    test = TTestPower()

    def lack(pairs: float) -> float:
        # One tail: a finding of the wrong sign is none, and the other tail overflows at large effects.
        found = test.power(abs(mean) / spread, pairs, alpha / 2, alternative="larger")
        return power - float(found)

    if lack(MOST_PAIRS) > 0:
        return inf
    if lack(2) <= 0:
        return 2.0
    # statsmodels' own `solve_power` does not converge on effects of many standard deviations.
    return float(ceil(brentq(lack, 2, MOST_PAIRS)))


def pairs_to_half_width(spread: float, half: float, level: float = 1 - ALPHA) -> float:
    """Return how many pairs give Student's interval a half-width.

    Parameters
    ----------
    spread : float
        Standard deviation of the differences.
    half : float
        Half-width wanted, above 0, in the same unit.
    level : float
        Coverage of the interval.
    """
    from scipy.optimize import brentq
    from scipy.stats import t

    if not isfinite(spread):
        return nan

    def excess(pairs: float) -> float:
        return float(t.ppf((1 + level) / 2, pairs - 1)) * spread / sqrt(pairs) - half

    if excess(2) <= 0:
        return 2.0
    if excess(MOST_PAIRS) > 0:
        return inf
    return float(ceil(brentq(excess, 2, MOST_PAIRS)))
