"""The conditional logit of McFadden, by maximum likelihood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int


ITERATIONS = 50
CLOSE = 1e-9
"""Step of the coefficients at which Newton's method has arrived."""


class Choices(NamedTuple):
    """Alternatives of many choices, one row each, sorted by choice.

    Parameters
    ----------
    start : (choices,) int
        First row of each choice.
    chosen : (choices,) int
        Row that was chosen.
    features : (rows, features) float
    weight : (choices,) float
        Weight of each choice, mean one.
    """

    start: Int
    chosen: Int
    features: Float
    weight: Float


class Fitted(NamedTuple):
    """What was estimated.

    Parameters
    ----------
    coefficients, errors : (features,) float
        Estimates and standard errors (sandwich form, which holds under weights too).
    fit : float
        McFadden's R² against equal chances.
    hit : float
        Share of choices whose likeliest alternative was chosen, unweighted.
    """

    coefficients: Float
    errors: Float
    fit: float
    hit: float


def estimate(choices: Choices) -> Fitted:
    """Return the estimate of a conditional logit by Newton's method.

    Raises
    ------
    ValueError
        The likelihood has no maximum within reach: a feature separates the choices, or two
        features are the same.
    """
    features = choices.features - choices.features.mean(axis=0)
    choices = choices._replace(features=features)
    beta = np.zeros(features.shape[1])
    for _ in range(ITERATIONS):
        scores, information = _derivatives(choices, beta)
        move = _solve(information, scores.sum(axis=0))
        # A bounded step keeps the first rounds from overshooting.
        beta = beta + move * min(1.0, 5.0 / float(np.abs(move).max() + 1e-300))
        if np.abs(move).max() < CLOSE:
            break
    else:
        raise ValueError(f"no maximum of the likelihood within {ITERATIONS} steps")
    scores, information = _derivatives(choices, beta)
    inverse = _solve(information, np.eye(len(beta)))
    errors = np.sqrt(np.diagonal(inverse @ (scores.T @ scores) @ inverse))
    return Fitted(beta, errors, *_goodness(choices, beta))


def _solve(matrix: Float, right: Float) -> Float:
    """Return the solution of a linear system, or say that there is none."""
    try:
        return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    except np.linalg.LinAlgError as error:
        raise ValueError(
            "the likelihood has no single maximum: two features are the same, one never differs, or one"
            " separates the choices"
        ) from error


def probabilities(choices: Choices, beta: Float) -> Float:
    """Return the chance of every alternative, shape ``(rows,)``."""
    value = choices.features @ beta
    counts = np.diff(choices.start, append=len(value))
    value = np.exp(value - np.repeat(np.maximum.reduceat(value, choices.start), counts))
    return value / np.repeat(np.add.reduceat(value, choices.start), counts)


def _derivatives(choices: Choices, beta: Float) -> tuple[Float, Float]:
    """Return weighted scores, ``(choices, features)``, and the information matrix."""
    chance = probabilities(choices, beta)
    features, weight = choices.features, choices.weight
    mean = np.add.reduceat(chance[:, None] * features, choices.start, axis=0)
    scores = weight[:, None] * (features[choices.chosen] - mean)
    counts = np.diff(choices.start, append=len(chance))
    second = (features * (chance * np.repeat(weight, counts))[:, None]).T @ features
    return scores, second - (mean * weight[:, None]).T @ mean


def _goodness(choices: Choices, beta: Float) -> tuple[float, float]:
    """Return McFadden's R² and the share of first choices that hit."""
    chance = probabilities(choices, beta)
    counts = np.diff(choices.start, append=len(chance))
    reached = float(choices.weight @ np.log(chance[choices.chosen]))
    nothing = float(choices.weight @ -np.log(counts))
    best = np.maximum.reduceat(chance, choices.start)
    return 1 - reached / nothing, float((chance[choices.chosen] >= best).mean())
