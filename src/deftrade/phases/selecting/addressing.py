"""Whom a step's offers are made to, and how partners of a joint requirement take them as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import is_among
from deftrade.core.draws import mix
from deftrade.core.tables.codes import Mode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World


_SECOND_HAND = int(Mode.SECOND_HAND)
PRODUCT = np.zeros(len(Mode), dtype=np.uint64)
"""Which product of an exporter an offer is, by mode: new, used, yet to be developed; each has its luck."""
PRODUCT[[_SECOND_HAND, int(Mode.CODEVELOPMENT)]] = 1, 2


class Addressed(NamedTuple):
    """Whom offers are made to.

    ``tender`` are the tenders with offers, in order, with the ``key`` of the taste of each, ``(tenders,)``:
    the id of the joint requirement or of the tender; ``group`` is the place of each offer's tender there.
    Buyer, exporter, category and pool of each offer, and the ``joint`` offers, follow.
    """

    tender: Int
    key: NDArray[np.uint64]
    group: Int
    buyer: Int
    exporter: Int
    category: Int
    pool: Int
    joint: Int


def address(world: World) -> Addressed:
    """Return the tenders bid for, and tender, buyer, exporter, category and pool of every bid."""
    bids, tenders = world.bids, world.tenders
    # Open tenders are recent: numbers counted from the oldest keep the arrays short.
    oldest = bids.tender.min()
    place = bids.tender - oldest
    is_there = np.bincount(place) > 0
    tender = np.flatnonzero(is_there) + oldest
    group = (np.cumsum(is_there) - 1)[place]
    pool = tenders.pool[tender]
    key = np.where(pool >= 0, tenders.pool_key[tender], tenders.uid[tender])
    buyer, category, pool = tenders.buyer[tender][group], tenders.category[tender][group], pool[group]
    return Addressed(tender, key, group, buyer, bids.exporter, category, pool, np.flatnonzero(pool >= 0))


def made_at_home(world: World, made_to: Addressed) -> Bool:
    """Return which offers are made at home, in joint requirements at a partner's home, ``(bids,)``."""
    joint = made_to.joint
    made = np.asarray(made_to.exporter == made_to.buyer)
    key = mix(made_to.key[made_to.group[joint]], world.states.uid[made_to.exporter[joint]])
    made[joint] = is_among(key, key[made[joint]]) & (world.bids.mode[joint] != _SECOND_HAND)
    return made


def agree_in_pools(world: World, made_to: Addressed, value: Float) -> Float:
    """Return values with an exporter's the same for all partners of a joint requirement: their mean."""
    joint = made_to.joint
    if not len(joint):
        return value
    key = mix(
        made_to.key[made_to.group[joint]],
        world.states.uid[made_to.exporter[joint]],
        PRODUCT[world.bids.mode[joint]],
    )
    _, group = np.unique(key, return_inverse=True)
    sums = np.bincount(group, weights=value[joint])
    agreed = value.copy()
    agreed[joint] = sums[group] / np.bincount(group)[group]
    return agreed
