"""Support tenders: every fleet needs maintenance, training and overhaul from somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import ratio
from deftrade.core.draws import mix
from deftrade.core.tables.codes import ContractKind
from deftrade.phases.shared.packages import awaits_support

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.tendering.params import TenderingParams


def support_tenders(world: World, params: TenderingParams) -> None:
    """Publish support tenders for fleets without contract; the value covers its whole duration."""
    fleets, categories, tenders = world.fleets, world.categories, world.tenders
    replacement = fleets.volume * categories.market_price[fleets.category]
    relative = ratio(fleets.age, categories.lifetime[fleets.category])
    need = replacement * categories.support_rate[fleets.category] * age_factor(relative, params)
    # What own workshops look after is no need on the market.
    fleets.support_need = np.where(need >= params.smallest_support, need, 0.0)
    rows = np.flatnonzero(
        (fleets.support_contract < 0)
        & (fleets.support_tender < 0)
        & (fleets.support_need > 0)
        & ~awaits_support(world)
    )
    if not len(rows):
        return
    uid = mix(fleets.uid[rows], ContractKind.SUPPORT, fleets.support_ordinal[rows])
    spread, draw = params.support_spread, world.draws.uniform("tendering.support", uid)
    years = params.support_years * (1 - spread + 2 * spread * draw)
    new = tenders.append(len(rows))
    tenders.uid[new] = uid
    tenders.buyer[new] = fleets.holder[rows]
    tenders.category[new] = fleets.category[rows]
    tenders.kind[new] = ContractKind.SUPPORT
    tenders.fleet[new] = rows
    tenders.opened[new] = world.clock.step
    tenders.years[new] = years
    tenders.value[new] = fleets.support_need[rows] * years
    fleets.support_tender[rows] = new
    fleets.support_ordinal[rows] += 1


def age_factor(relative: Float, params: TenderingParams) -> Float:
    """Return support need against that of a fleet of the usual age, shape ``(fleets,)``.

    Parameters
    ----------
    relative : (fleets,) float
        Mean age as a share of service life.
    """
    return np.asarray(1 + params.age_cost * (relative - params.age_norm), dtype=np.float64)
