"""What a state can still commit: money for all orders, foreign exchange for those from abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import ratio, total
from deftrade.core.tables.codes import TenderStatus
from deftrade.phases.shared.lending import buyers_share

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World
    from deftrade.phases.tendering.params import TenderingParams
    from deftrade.phases.tendering.planning import Orders


class Requirements(NamedTuple):
    """Who wants to order what, for how much, MUSD, and whether it must come from abroad.

    All are ``(requirements,)``.
    """

    buyer: Int
    value: Float
    imported: Bool


def afford(world: World, params: TenderingParams, orders: Orders, made: Bool, wanted: Requirements) -> Float:
    """Return the share of each requirement that money and foreign exchange allow.

    Parameters
    ----------
    orders : Orders
        What is on the way.
    made : (states, categories) bool
        Where a state makes a category.
    wanted : Requirements
    """
    size = len(world.states)
    buyer, value, imported = wanted
    room = money_room(world, params, orders)
    left = foreign_room(room, _abroad(world, orders, made), scarcity(world, params), params.exchange_weight)
    wished = total(buyer[imported], value[imported], size)
    share = ratio(np.maximum(left, 0), wished, otherwise=1.0).clip(0, 1)
    share = np.where(imported, share[buyer], 1.0)
    asked = total(buyer, value * share, size)
    paid_for = ratio(np.maximum(room, 0), asked, otherwise=1.0).clip(0, 1)
    return np.asarray(share * paid_for[buyer], dtype=np.float64)


def foreign_room(room: Float, abroad: Float, scarce: Float, weight: float) -> Float:
    """Return what may still be committed abroad, MUSD, below zero where it is too much already.

    All that could be committed abroad is the room plus what is committed there; scarcity takes a
    share of it. Without scarcity there is no limit but the room.

    Parameters
    ----------
    room : (states,) float, MUSD
        Money left for any order.
    abroad : (states,) float, MUSD
        Commitments abroad, signed and tendered.
    scarce : (states,) float, share
    weight : float
        Share that full scarcity takes.
    """
    limit = (1 - weight * scarce) * (room + abroad) - abroad
    return np.where(weight * scarce > 0, limit, np.inf)


def money_room(world: World, params: TenderingParams, orders: Orders) -> Float:
    """Return the money a state may still commit, shape ``(states,)``, MUSD."""
    states, tenders = world.states, world.tenders
    asked = total(tenders.buyer[orders.asked], tenders.value[orders.asked], len(states))
    ahead = params.commitment_years * world.clock.per_year(states.procurement_budget)
    return states.procurement_fund + ahead - states.commitments - asked


def scarcity(world: World, params: TenderingParams) -> Float:
    """Return how scarce foreign exchange is, ``(states,)``; rents of dear oil ease it."""
    states, env = world.states, world.environment
    oil = params.oil_exchange * states.oil_share * (env.oil_gap + env.oil_shock)
    tight = states.exchange_tightness + states.exchange_strain - oil
    return np.asarray(tight.clip(0, 1), dtype=np.float64)


def _abroad(world: World, orders: Orders, made: Bool) -> Float:
    """Return what is committed abroad: owed on contracts, and tendered for where nothing is made."""
    states, tenders, contracts = world.states, world.tenders, world.contracts
    signed, running = orders.signed, orders.asked
    signed = signed[contracts.buyer[signed] != contracts.supplier[signed]]
    share = buyers_share(contracts.credit_share[signed], contracts.loan_share[signed])
    owed = (contracts.price[signed] - contracts.paid[signed]) * share
    buyer = tenders.buyer[running]
    is_chosen = tenders.status[running] > int(TenderStatus.OPEN)
    imported = (is_chosen & (tenders.exporter[running] != buyer)) | ~made[buyer, tenders.category[running]]
    asked = total(buyer[imported], tenders.value[running[imported]], len(states))
    return total(contracts.buyer[signed], owed, len(states)) + asked
