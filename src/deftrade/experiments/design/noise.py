"""How much of what varies over a design is luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from deftrade.core.arrays import Float


class NoiseShare(NamedTuple):
    """Shares of variance that are luck; nan where single runs cannot tell.

    Parameters
    ----------
    single : float
        Of one run at a random point: what the factors do not decide.
    remaining : float
        Of the averages over runs: the noise that is left in the indices.
    """

    single: float
    remaining: float


def balanced(values: Float) -> Float:
    """Return the runs that succeeded at every point, ``(points, runs)``: so luck stays common to all."""
    return values[:, np.isfinite(values).all(axis=0)]


def noise_share(values: Float) -> NoiseShare:
    """Return how much of the variance is luck, from a two-way analysis of variance.

    Run k has the same luck at all points. Its common part shifts all points alike and leaves no
    noise in their differences; what is left is the interaction of luck and factors, which falls
    with the number of runs (Searle, Casella and McCulloch 1992, Variance Components).

    Parameters
    ----------
    values : (points, runs) float
        Outcomes, all finite.
    """
    points, runs = values.shape
    if points < 2 or runs < 2:
        return NoiseShare(np.nan, np.nan)
    mean, by_point, by_run = values.mean(), values.mean(axis=1), values.mean(axis=0)
    left = values - by_point[:, None] - by_run[None, :] + mean
    interaction = (left**2).sum() / ((points - 1) * (runs - 1))
    factors = max(runs * ((by_point - mean) ** 2).sum() / (points - 1) - interaction, 0.0) / runs
    common = max(points * ((by_run - mean) ** 2).sum() / (runs - 1) - interaction, 0.0) / points
    whole, averaged = factors + common + interaction, factors + interaction / runs
    if averaged <= np.finfo(float).tiny:
        return NoiseShare(1.0 if whole > 0 else 0.0, 0.0)
    return NoiseShare(float((common + interaction) / whole), float(interaction / runs / averaged))
