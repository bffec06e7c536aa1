"""How far exporters let know-how go, in offers as in shared work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core import elementary
from deftrade.core.tables.codes import AllianceKind

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World
    from deftrade.phases.bidding.matching import Match
    from deftrade.phases.bidding.params import BiddingParams


_CONTROL_REGIME = int(AllianceKind.CONTROL_REGIME)


def readiness(world: World) -> Float:
    """Return how readily a state (row) releases know-how to another (column), 0 to 1."""
    rows = np.arange(len(world.states))
    return readiness_between(world, rows[:, None], rows)


def readiness_between(world: World, exporter: Int, buyer: Int) -> Float:
    """Return how readily exporters release know-how to buyers, 0 to 1, shape as both broadcast.

    Among members of an alliance at least what it shares counts, as far as it holds together.
    """
    alliances = world.alliances
    result = np.empty(np.broadcast_shapes(exporter.shape, buyer.shape))
    result[...] = world.states.technology_release[exporter]
    shares = alliances.technology_sharing * alliances.cohesion
    for row in np.flatnonzero((alliances.kind != _CONTROL_REGIME) & (shares > 0)):
        member = alliances.member[row]
        np.copyto(result, shares[row], where=member[exporter] & member[buyer] & (result < shares[row]))
    return result


def granted(world: World, params: BiddingParams, match: Match, released: Float) -> Bool:
    """Return where an exporter abroad would license what a tender is for, ``(offers,)``.

    Parameters
    ----------
    released : (offers,) float
        Readiness of the exporter towards the buyer.
    """
    chance = elementary.power(released, params.licence_release)
    draw = world.draws.uniform(
        "bidding.licence", world.tenders.uid[match.tender], world.states.uid[match.exporter]
    )
    return np.asarray(draw < chance)


def is_confined(world: World, params: BiddingParams, match: Match) -> Bool:
    """Return where a licence keeps a line's new equipment at home, ``(offers,)``.

    The draw belongs to the line: its licence says so or not.
    """
    lines = world.lines
    licensed = np.flatnonzero(lines.design_origin >= 0)
    confined = np.zeros(len(lines), dtype=bool)
    confined[licensed] = world.draws.uniform("bidding.territory", lines.uid[licensed]) < params.territory
    return np.asarray(confined[match.line] & (match.exporter != match.buyer))


def kept_share(withheld: Bool, released: Float, able: Bool) -> Float:
    """Return the share of the work demanded that an offer leaves to the buyer, ``(offers,)``.

    Who withholds the licence shares work only as far as it releases know-how, with an industry
    that exists already.
    """
    return np.where(withheld, released * able, 1.0)


def taught(released: Float, weight: float) -> Float:
    """Return how much shared work teaches against full release.

    Part of a craft is learnt by doing it; the rest, ``weight``, only as far as the source explains.
    """
    return np.asarray(1 - weight + weight * released, dtype=np.float64)
