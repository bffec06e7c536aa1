"""Members of a pool offer to develop the next generation of what they buy together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import pick
from deftrade.core.tables.codes import LEAST_QUALITY
from deftrade.phases.bidding.matching import Match
from deftrade.phases.shared.quality import cost_at_home, product_cost

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World
    from deftrade.phases.bidding.params import BiddingParams


class Programme(NamedTuple):
    """Offers to develop together: who answers whom, quality and price of a unit, ``(offers,)``."""

    match: Match
    quality: Float
    unit: Float


def shared_cost(share: float, partners: Int, exponent: float) -> Float:
    """Return a price against that of a lone buyer, ``(offers,)``.

    A joint fixed cost grows as the number of partners to the power ``exponent``, so that each pays
    that power less one of it: 1/2 is the root rule, contested (Hartley and Braddon 2014; Ford 2022),
    and 1 saves nothing.
    """
    return np.asarray(1 - share * (1 - elementary.power(partners, exponent - 1.0)), dtype=np.float64)


def is_joint(world: World, tender: Int) -> Bool:
    """Return where a joint requirement is also to be met by development, ``(tenders,)``.

    The draw belongs to the joint requirement: all its partners see the same programme.
    """
    tenders = world.tenders
    pool = tenders.pool[tender]
    share = pick(world.alliances.codevelopment, pool, 0.0)
    draw = world.draws.uniform("bidding.codevelopment", tenders.pool_key[tender])
    return np.asarray((tenders.partners[tender] > 1) & (draw < share))


def consortia(world: World, match: Match) -> Match:
    """Return the candidates that lead a consortium: members of the pool, the buyer included."""
    several = match.only(world.tenders.partners[match.tender] > 1)
    joint = several.only(is_joint(world, several.tender))
    return joint.only(world.alliances.member[world.tenders.pool[joint.tender], joint.exporter])


def pooled_know_how(world: World, match: Match) -> Float:
    """Return the best know-how in the pool, at most that of the frontier, ``(offers,)``."""
    states, alliances = world.states, world.alliances
    pool, category = world.tenders.pool[match.tender], match.category
    best = np.zeros((len(alliances), len(world.categories)))
    for row in np.unique(pool):
        best[row] = states.know_how[alliances.member[row]].max(axis=0)
    return np.minimum(best[pool, category], world.categories.frontier_quality[category])


def codeveloped(world: World, params: BiddingParams, match: Match, price: Float) -> Programme:
    """Return what pool members offer to develop with their partners, led by their own lines."""
    tenders, lines = world.tenders, world.lines
    match = consortia(world, match)
    match = match.only(lines.quality[match.line] >= LEAST_QUALITY)
    known = pooled_know_how(world, match)
    quality = params.generation * known
    # A pool without know-how has nothing to develop from.
    able = np.flatnonzero(quality >= LEAST_QUALITY)
    match, known, quality = match.only(able), known[able], quality[able]
    tender, line, partners = match.tender, match.line, tenders.partners[match.tender]
    # A partner's own part of the work, an n-th, costs no more than elsewhere; the leader works at home.
    local = np.maximum(tenders.local_share[tender] - 1 / partners, 0.0)
    terms = params.offset_premium * tenders.offset_rate[tender] + params.local_premium * local
    premium = 1 + terms * (match.exporter != match.buyer)
    effects = world.categories.quality_effect[match.category]
    raised = product_cost(quality, known, effects, params)
    made = cost_at_home(world, match.exporter, match.category, lines.quality[line], params)
    unit = price[line] * raised / made * premium
    unit = unit * shared_cost(params.development_share, partners, params.pool_exponent)
    return Programme(match, quality, unit)
