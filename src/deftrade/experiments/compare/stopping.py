"""When to stop: a fixed-width sequential interval, in batches and with a least number of pairs."""

from __future__ import annotations

from math import ceil, isfinite
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.errors import ExperimentError
from deftrade.experiments.compare.findings import chosen_indicators
from deftrade.experiments.statistics import LEVEL, estimate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FEWEST = 20
"""Pairs before the rule may stop.

assumption: with fewer, the spread is known so badly that the rule stops too soon (Chow and Robbins
1965 show that the coverage is right for narrow widths only).
"""

BATCH = 10
"""Fewest further pairs at a time.

assumption: looking after every pair costs merged tables each time and gains nothing.
"""


class Until(NamedTuple):
    """What precision is wanted.

    Parameters
    ----------
    indicator : str
        Of the mean paired difference of this indicator, for every policy.
    half : float
        Half-width of its 95 % interval, in the indicator's unit.
    """

    indicator: str
    half: float


def parse_until(text: str) -> Until:
    """Return what ``INDICATOR=HALF`` asks for.

    Raises
    ------
    ExperimentError
        It is not of that form, there is no such indicator, or the half-width is not above 0.
    """
    name, _, value = text.partition("=")
    try:
        half = float(value)
    except ValueError:
        half = float("nan")
    if not (isfinite(half) and half > 0):
        raise ExperimentError(
            f"--until {text}: allowed is INDICATOR=HALF-WIDTH, such as jobs_net=500, with a number above 0"
        )
    chosen_indicators([name.strip()])
    return Until(name.strip(), half)


def is_narrow(differences: ArrayLike, half: float) -> bool:
    """Return whether pairs are enough for a half-width, by the rule of Chow and Robbins (1965).

    The rule asks for ``reach² (s² + 1/n) <= half² n`` and here also for an interval that is no wider
    on either side, as skew can make it. Adding ``1/n`` (in units of the half-width, so that the
    rule does not depend on the quantity's unit) keeps a few equal first pairs from stopping it.

    Parameters
    ----------
    differences : (n,) float
        Policy less baseline; nan leaves a pair out.
    half : float
        Half-width wanted.
    """
    from scipy.stats import t

    found = estimate(differences)
    pairs = int(found.pairs[0])
    if pairs < FEWEST:
        return False
    if found.moved[0] == 0:
        return True
    variance = (float(found.spread[0]) / half) ** 2
    reach = float(t.ppf((1 + LEVEL) / 2, pairs - 1))
    sides = np.array([found.high[0] - found.mean[0], found.mean[0] - found.low[0]])
    return reach**2 * (variance + 1 / pairs) <= pairs and bool(np.all(sides <= half))


def unmet(until: Until, differences: NDArray[np.float64]) -> tuple[str, ...]:
    """Return what to say where the last runs did not bring the precision that was asked for.

    Parameters
    ----------
    until : Until
        What was asked for.
    differences : (n, policies) float
        What there is.
    """
    if all(is_narrow(column, until.half) for column in differences.T):
        return ()
    found = estimate(differences)
    reach = np.maximum(found.high - found.mean, found.mean - found.low)
    widest = f"reaches {reach.max():.4g} either way" if np.isfinite(reach).all() else "cannot be given"
    return (
        f"the precision asked for, {until.indicator}={until.half:g}, was not reached with {len(differences)}"
        f" pairs: the interval {widest}; allow more by --max-runs and --resume",
    )


def next_runs(differences: ArrayLike, half: float, runs: int, most: int) -> int:
    """Return to how many runs to go on, at least `BATCH` more, at most half as many again and ``most``.

    Parameters
    ----------
    differences : (n, policies) float
        What is there.
    half : float
        Half-width wanted.
    runs, most : int
        Runs so far and at most.
    """
    from scipy.stats import norm

    spread = float(np.nanmax(np.append(estimate(differences).spread, 0.0)))
    guess = ceil((float(norm.ppf((1 + LEVEL) / 2)) * spread / half) ** 2) if isfinite(spread) else runs
    step = min(max(guess - runs, BATCH), max(runs // 2, BATCH))
    return min(runs + step, most)
