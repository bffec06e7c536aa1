"""Support tenders: every fleet needs maintenance, training and overhaul from somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.keys import mix
from deftrade.params import Group, param
from deftrade.phases.packaging import awaits_support
from deftrade.tables.codes import ContractKind

if TYPE_CHECKING:
    from deftrade.world import World


class SupportParams(Group):
    """Parameters of support tenders."""

    support_years: float = param(4.0, "year", 0.5, 20, "assumption: multi-year framework")
    """Mean duration of a support contract."""
    smallest_support: float = param(3.0, "MUSD/yr", 0, 1000, "assumption: below it, own workshops")
    """Support need below which no contract is sought."""


def support_tenders(world: World, params: SupportParams) -> None:
    """Publish support tenders for fleets without contract; the value covers its whole duration."""
    fleets, categories, tenders = world.fleets, world.categories, world.tenders
    replacement = fleets.volume * categories.market_price[fleets.category]
    need = replacement * categories.support_rate[fleets.category]
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
    # Durations differ so that renewals do not come in waves.
    years = params.support_years * (0.5 + world.luck.uniform("tendering.support", uid))
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
