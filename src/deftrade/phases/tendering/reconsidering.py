"""Buyers whose tender finds no result ask for less before they give up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.posting import Verdict, log
from deftrade.core.tables.codes import ContractKind, DecisionKind, TenderStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.world import World
    from deftrade.phases.tendering.params import TenderingParams


def reconsider(world: World, params: TenderingParams, made: NDArray[np.bool_]) -> None:
    """Lower the demands of equipment tenders that are open for long, once each.

    What is chosen and only waits for its licence keeps its terms: they are in its price.

    Parameters
    ----------
    made : (states, categories) bool
        Where a state makes a category.
    """
    tenders, clock = world.tenders, world.clock
    rows = np.flatnonzero(tenders.status == int(TenderStatus.OPEN))
    rows = rows[(tenders.kind[rows] == int(ContractKind.EQUIPMENT)) & ~tenders.is_reconsidered[rows]]
    waited = clock.since(tenders.opened[rows])
    late = waited >= params.reconsider_years
    rows, waited = rows[late], waited[late]
    tenders.is_reconsidered[rows] = True
    tenders.wants_licence[rows] = False
    tenders.offset_rate[rows] *= params.demands_kept
    # Without the licence there is no plant to be founded, and nobody at home to share the work with.
    buyer = tenders.buyer[rows]
    tenders.local_share[rows] *= params.demands_kept * made[buyer, tenders.category[rows]]
    tenders.accepts_used[rows] = True
    log(
        world,
        DecisionKind.RECONSIDERATION,
        buyer,
        tenders.uid[rows],
        rows,
        Verdict(chosen=1, margin=waited),
    )
