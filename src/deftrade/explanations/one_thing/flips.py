"""What would have flipped a choice: the least change of one thing, all else as it was."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import TYPE_CHECKING

import numpy as np

from deftrade.phases.selecting.utility import ratio_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.explanations.one_thing.scoring import Scored

MOST = 60.0
"""Largest advantage that is tried: nobody who needs more was a rival."""


@dataclass(frozen=True)
class Flip:
    """What an offer lacked to be chosen.

    Parameters
    ----------
    offer : int
        Its place among the offers on the tender.
    needed : float
        Score that it lacked; 0 where release alone stood in its way.
    price : float
        Ratio of the price at which it would have been chosen to its own; nan where price counts
        nothing.
    quality : float
        The same of quality.
    is_released : bool
        Whether its exporter let it be sold; without release nothing would have helped.
    """

    offer: int
    needed: float
    price: float
    quality: float
    is_released: bool


def flips(scored: Scored) -> list[Flip]:
    """Return for every offer that lost what would have made it win, the nearest first."""
    chosen = int(scored.choice().offer[0])
    found = [flip_of(scored, offer) for offer in range(len(scored.bid)) if offer != chosen]
    return sorted((flip for flip in found if flip is not None), key=lambda flip: flip.needed)


def flip_of(scored: Scored, offer: int) -> Flip | None:
    """Return what would have made one offer win; None if nothing within `MOST` would."""
    cleared = scored.columns["is_released"].copy()
    was_released = bool(cleared[offer])
    cleared[offer] = True

    def wins(by: float) -> bool:
        better = np.zeros(len(scored.bid))
        better[offer] = by
        return bool(scored.choice(better, cleared).offer[0] == offer)

    if not wins(MOST):
        return None
    needed = 0.0 if wins(0.0) else _least(wins, MOST)
    dearer, better = float(scored.slopes.price[offer]), float(scored.slopes.quality[offer])
    price = ratio_for(needed, dearer) if dearer < 0 else nan
    quality = ratio_for(needed, better) if better > 0 else nan
    return Flip(offer, needed, price, quality if isfinite(quality) else nan, was_released)


def _least(wins: Callable[[float], bool], most: float) -> float:
    """Return the least advantage that wins, by halving; more of it never loses."""
    low, high = 0.0, most
    while high - low > 1e-12 * most:
        middle = (low + high) / 2
        if wins(middle):
            high = middle
        else:
            low = middle
    return high


def waiting_flip(scored: Scored) -> float:
    """Return by how much all offers would have to be worth less for the buyer to wait."""
    chosen = scored.choice()
    if chosen.offer[0] < 0:
        return 0.0
    return _least(lambda by: bool(scored.choice(-by).offer[0] < 0), MOST)
