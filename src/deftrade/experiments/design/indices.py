"""Sensitivity indices of one outcome: Morris' elementary effects and Sobol's shares of variance."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.draws import identify
from deftrade.experiments.batch.summaries import CONFIDENCE
from deftrade.experiments.design.design import MORRIS_LEVELS
from deftrade.experiments.design.salib import problem, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.core.arrays import Float
    from deftrade.experiments.design.noise import NoiseShare


RESAMPLES = 1000
"""Bootstrap samples behind an interval, as SALib's own examples take."""
FEW = 10
"""Trajectories or base points below which a bootstrap has too little to draw from (assumption)."""


class Morris(NamedTuple):
    """Elementary effects by factor: change of the outcome over a factor's whole range.

    Parameters
    ----------
    size, low, high : (factors,) float
        Mean of absolute effects (mu*) with its interval, in the outcome's unit; its ends are nan
        with too few trajectories for a bootstrap.
    mean : (factors,) float
        Mean of effects (mu): its sign is the direction.
    spread : (factors,) float
        Their standard deviation (sigma): large where the effect depends on other factors or bends;
        nan with one trajectory.
    """

    size: Float
    low: Float
    high: Float
    mean: Float
    spread: Float


class Sobol(NamedTuple):
    """Shares of the outcome's variance by factor.

    No true share lies below 0 or above 1, so intervals are cut there, though never short of their
    own estimate. Their ends are nan with too few base points for a bootstrap.

    Parameters
    ----------
    total, low, high : (factors,) float
        Total index (ST) with its interval: alone and together with other factors.
    first, first_low, first_high : (factors,) float
        First-order index (S1) with its interval: alone.
    """

    total: Float
    low: Float
    high: Float
    first: Float
    first_low: Float
    first_high: Float


@dataclass(frozen=True)
class Measured:
    """The indices of one outcome of one policy.

    Parameters
    ----------
    policy, indicator : str
        Whose outcome.
    found : Morris, Sobol or None
        The indices; none where the outcome does not vary.
    noise : NoiseShare
        How much of the variance is luck.
    runs : int
        Runs at every point that the indices rest on.
    """

    policy: str
    indicator: str
    found: Morris | Sobol | None
    noise: NoiseShare
    runs: int


def morris(names: Sequence[str], unit: Float, y: Float, seed: int, scale: Float | None = None) -> Morris:
    """Return elementary effects (Morris 1991; mu* of Campolongo, Cariboni and Saltelli 2007).

    Parameters
    ----------
    names : sequence of str
        The factors.
    unit : (points, factors) float
        The trajectories, in the unit cube.
    y : (points,) float
        The outcome.
    seed : int
        Seed of the bootstrap.
    scale : (factors,) float, optional
        By what effects per unit become effects of the whole range.
    """
    require()
    from SALib.analyze import morris as salib

    trajectories = len(y) // (len(names) + 1)
    with warnings.catch_warnings():
        if trajectories == 1:  # NumPy warns of a spread that nobody can know; nan says so already
            warnings.simplefilter("ignore", RuntimeWarning)
        found = salib.analyze(
            problem(names), unit, y, conf_level=CONFIDENCE, num_resamples=RESAMPLES,
            num_levels=MORRIS_LEVELS, seed=_draw(seed),
        )  # fmt: skip
    whole = np.ones(len(names)) if scale is None else scale
    size, half, mean, spread = (
        np.asarray(found[key]) * whole for key in ("mu_star", "mu_star_conf", "mu", "sigma")
    )
    half = half if trajectories >= FEW else np.full(len(names), np.nan)
    return Morris(size, np.maximum(size - half, 0.0), size + half, mean, spread)


def sobol(names: Sequence[str], y: Float, seed: int) -> Sobol:
    """Return Sobol indices (Saltelli et al. 2010 for S1, Jansen 1999 for ST).

    Parameters
    ----------
    names : sequence of str
        The factors.
    y : (points,) float
        The outcome at the points of Saltelli's design.
    seed : int
        Seed of the bootstrap.
    """
    require()
    from SALib.analyze import sobol as salib

    found = salib.analyze(
        problem(names), y, calc_second_order=False, conf_level=CONFIDENCE,
        num_resamples=RESAMPLES, seed=_draw(seed),
    )  # fmt: skip
    is_enough = len(y) // (len(names) + 2) >= FEW
    total, first = np.asarray(found["ST"]), np.asarray(found["S1"])
    half, first_half = (
        np.asarray(found[key]) if is_enough else np.full(len(names), np.nan) for key in ("ST_conf", "S1_conf")
    )
    return Sobol(total, *_cut(total, half), first, *_cut(first, first_half))


def _cut(share: Float, half: Float) -> tuple[Float, Float]:
    """Return the ends of the intervals of shares, cut at 0 and 1 but not short of the estimates."""
    low, high = np.maximum(share - half, 0.0), np.minimum(share + half, 1.0)
    return np.minimum(low, share), np.maximum(high, share)


def varies(y: Float) -> bool:
    """Return whether an outcome varies by more than rounding; indices of a constant mean nothing."""
    return bool(np.ptp(y) > 1e-12 * max(float(np.abs(y).max()), 1e-12))


def _draw(seed: int) -> int:
    """Return the seed of the bootstrap, apart from that of the design."""
    return identify("bootstrap", seed) % 2**32
