"""The few statistics that the replications need."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from deftrade.core.arrays import Float


class Line(NamedTuple):
    """A least-squares fit: coefficients, constant first, their standard errors and R²."""

    coefficients: Float
    errors: Float
    fit: float


class Estimate(NamedTuple):
    """A mean over paired seeds with its 95 % interval."""

    mean: float
    low: float
    high: float


def least_squares(outcome: Float, *regressors: Float) -> Line:
    """Return the ordinary least-squares fit of an outcome on a constant and regressors.

    Parameters
    ----------
    outcome : (n,) float
    regressors : (n,) float each

    Notes
    -----
    Standard errors are robust to heteroscedasticity (White 1980, HC1).
    """
    design = np.column_stack((np.ones(len(outcome)), *regressors))
    inverse = np.linalg.inv(design.T @ design)
    coefficients = inverse @ design.T @ outcome
    left = outcome - design @ coefficients
    freedom = max(len(outcome) - design.shape[1], 1)
    middle = (design * left[:, None] ** 2).T @ design * len(outcome) / freedom
    spread = float(((outcome - outcome.mean()) ** 2).sum())
    return Line(
        coefficients, np.sqrt(np.diagonal(inverse @ middle @ inverse)), 1 - float(left @ left) / spread
    )


def rank_correlation(first: Float, second: Float) -> float:
    """Return Spearman's rank correlation; nan where all values of one variable are equal."""
    from scipy.stats import spearmanr

    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return float("nan")
    return float(spearmanr(first, second).statistic)


def paired(differences: Float) -> Estimate:
    """Return the mean of differences between paired runs with its 95 % interval (Student's t).

    Parameters
    ----------
    differences : (seeds,) float
        At least two.
    """
    from scipy.stats import t

    mean, size = float(differences.mean()), len(differences)
    half = float(t.ppf(0.975, size - 1) * differences.std(ddof=1) / np.sqrt(size))
    return Estimate(mean, mean - half, mean + half)
