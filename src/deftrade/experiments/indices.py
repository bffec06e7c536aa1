"""Sensitivity indices of one outcome: Morris' elementary effects and Sobol's shares of variance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.experiments.design import MORRIS_LEVELS
from deftrade.experiments.salib import problem, require
from deftrade.experiments.summaries import CONFIDENCE
from deftrade.keys import identify

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Float = NDArray[np.float64]

RESAMPLES = 1000
"""Bootstrap samples behind an interval, as SALib's own examples take."""


class Morris(NamedTuple):
    """Elementary effects by factor: change of the outcome over a factor's whole range.

    Parameters
    ----------
    size, low, high : (factors,) float
        Mean of absolute effects (mu*) with its interval, in the outcome's unit.
    mean : (factors,) float
        Mean of effects (mu): its sign is the direction.
    spread : (factors,) float
        Their standard deviation (sigma): large where the effect depends on other factors or bends.
    """

    size: Float
    low: Float
    high: Float
    mean: Float
    spread: Float


class Sobol(NamedTuple):
    """Shares of the outcome's variance by factor.

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

    found = salib.analyze(
        problem(names), unit, y, conf_level=CONFIDENCE, num_resamples=RESAMPLES,
        num_levels=MORRIS_LEVELS, seed=_draw(seed),
    )  # fmt: skip
    whole = np.ones(len(names)) if scale is None else scale
    size, half, mean, spread = (
        np.asarray(found[key]) * whole for key in ("mu_star", "mu_star_conf", "mu", "sigma")
    )
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
    total, half = np.asarray(found["ST"]), np.asarray(found["ST_conf"])
    first, first_half = np.asarray(found["S1"]), np.asarray(found["S1_conf"])
    return Sobol(
        total, np.maximum(total - half, 0.0), total + half, first, first - first_half, first + first_half
    )


def varies(y: Float) -> bool:
    """Return whether an outcome varies by more than rounding; indices of a constant mean nothing."""
    return bool(np.ptp(y) > 1e-12 * max(float(np.abs(y).max()), 1e-12))


def _draw(seed: int) -> int:
    """Return the seed of the bootstrap, apart from that of the design."""
    return identify("bootstrap", seed) % 2**32
