"""Nested choice: first an alternative (make, buy or wait), then an offer of that alternative."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import best_of, pick, total

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float, Int


MAKE, BUY, WAIT = 0, 1, 2
"""Alternatives by which to meet a requirement, in the order of the columns below."""
_OFFERED = WAIT
"""How many alternatives consist of offers; waiting has none and comes after them."""


class Offers(NamedTuple):
    """Offers to choose from, all ``(offers,)``; ``score`` is ``value`` plus luck within the alternative."""

    group: Int
    alternative: Int
    value: Float
    score: Float

    def only(self, keep: NDArray[np.bool_]) -> Offers:
        """Return the same offers, of which only those that ``keep`` marks can win."""
        value, score = (np.where(keep, column, -np.inf) for column in (self.value, self.score))
        return self._replace(value=value, score=score)


class Choice(NamedTuple):
    """What each group chose, all ``(groups,)``.

    ``offer`` is -1 where waiting won or nothing was offered. ``margin`` is the utility by which the
    choice won where it was closest, and ``runner_up`` the offer that came second there, -1 for
    waiting or none.
    """

    alternative: Int
    offer: Int
    runner_up: Int
    margin: Float


def inclusive_values(value: Float, nest: Int, size: int, scale: float) -> Float:
    r"""Return what nests are worth before luck, :math:`s \ln \sum_j e^{V_j / s}`, shape ``(size,)``.

    The expected best of a nest whose offers have Gumbel luck of scale ``s``, up to a constant
    (McFadden 1978). Empty nests are worth minus infinity; without luck a nest is worth its best.
    """
    highest = np.full(size, -np.inf)
    np.maximum.at(highest, nest, value)
    if scale == 0:
        return highest
    offered = np.flatnonzero(value > -np.inf)
    # Taken against the best, so that large values do not overflow.
    weight = elementary.exp((value[offered] - highest[nest[offered]]) / scale)
    many = total(nest[offered], weight, size)
    return highest + scale * elementary.log(np.maximum(many, 1.0))


def choose(offers: Offers, size: int, scale: float, luck: Float, waiting: Float) -> Choice:
    """Choose an alternative and an offer for every group, exactly with nested-logit probabilities.

    Within an alternative the offer of the highest score wins. As Gumbel luck is closed under maxima,
    the alternative itself can then be drawn with luck of its own by the inclusive values (Train 2009, ch. 4).

    Parameters
    ----------
    offers : Offers
        A value of minus infinity is no offer. Luck within an alternative has scale ``scale``.
    size : int
        Number of groups.
    scale : float
        Scale of luck within an alternative: dissimilarity times the scale between alternatives, that of
        ``luck``.
    luck : (size, 2) float
        Luck of making and of buying.
    waiting : (size,) float
        Value of waiting, luck included.
    """
    nests = size * _OFFERED
    nest, best, worth = _alternatives(offers, size, scale, luck, waiting)
    rows = np.arange(size)
    alternative = np.argmax(worth, axis=1)
    won = worth[rows, alternative]
    worth[rows, alternative] = -np.inf
    other = np.argmax(worth, axis=1)
    apart = _ahead(won, worth[rows, other])
    winners = np.column_stack((best.reshape(size, _OFFERED), np.full(size, -1)))
    offer = winners[rows, alternative]
    second = _second(offers, nest, nests, best)
    rival = pick(
        np.append(second, -1), np.where(alternative == WAIT, nests, rows * _OFFERED + alternative), -1
    )
    within = _ahead(pick(offers.score, offer, np.inf), pick(offers.score, rival, -np.inf))
    closer = within < apart
    return Choice(
        alternative, offer, np.where(closer, rival, winners[rows, other]), np.where(closer, within, apart)
    )


def _alternatives(
    offers: Offers, size: int, scale: float, luck: Float, waiting: Float
) -> tuple[Int, Int, Float]:
    """Return each offer's nest, each nest's best offer, -1 none, and what alternatives are worth."""
    nests = size * _OFFERED
    nest = offers.group * _OFFERED + offers.alternative
    worth = np.empty((size, _OFFERED + 1))
    inside = inclusive_values(offers.value, nest, nests, scale)
    worth[:, :_OFFERED] = inside.reshape(size, _OFFERED) + luck
    worth[:, WAIT] = waiting
    return nest, best_of(nest, offers.score, nests), worth


def won_if_released(
    offers: Offers, released: NDArray[np.bool_], scale: float, luck: Float, waiting: Float
) -> Int:
    """Return the offers that are not released and would be chosen if all were, in order of groups.

    Other parameters are those of `choose`.
    """
    size = len(waiting)
    best = best_of(offers.group * _OFFERED + offers.alternative, offers.score, size * _OFFERED)
    barred = np.any(((best >= 0) & ~released[best]).reshape(size, _OFFERED), axis=1)
    # Where the best of each alternative is released the choice is as it was.
    groups, rows = np.flatnonzero(barred), np.flatnonzero(barred[offers.group])
    group = (np.cumsum(barred) - 1)[offers.group[rows]]
    asked = Offers(group, offers.alternative[rows], offers.value[rows], offers.score[rows])
    _, best, worth = _alternatives(asked, len(groups), scale, luck[groups], waiting[groups])
    alternative = np.argmax(worth, axis=1)
    bought = np.flatnonzero(alternative != WAIT)
    chosen = rows[best[bought * _OFFERED + alternative[bought]]]
    return chosen[~released[chosen]]


def _second(offers: Offers, nest: Int, nests: int, best: Int) -> Int:
    """Return the second best offer of each nest, -1 none."""
    score = offers.score.copy()
    score[best[best >= 0]] = -np.inf
    return best_of(nest, score, nests)


def _ahead(first: Float, second: Float) -> Float:
    """Return how far the first is ahead; infinity where there is no second."""
    result = np.full(len(first), np.inf)
    there = second > -np.inf
    result[there] = first[there] - second[there]
    return result
