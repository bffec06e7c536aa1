"""What a state can still commit: money for all orders, foreign exchange for those from abroad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.arrays import ratio, total
from deftrade.phases.lending import buyers_share
from deftrade.phases.making import has_lines
from deftrade.tables.codes import ContractKind, ContractStatus, TenderStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.phases.tendering import TenderingParams
    from deftrade.world import World

    Float = NDArray[np.float64]
    Int = NDArray[np.int64]


def afford(world: World, params: TenderingParams, buyer: Int, category: Int, value: Float) -> Float:
    """Return the share of each requirement that money and foreign exchange allow.

    Parameters
    ----------
    buyer, category, value : (requirements,)
        Who wants to order what, for how much, MUSD.
    """
    size = len(world.states)
    room = money_room(world, params)
    imported = ~has_lines(world)[buyer, category]
    left = foreign_room(room, _abroad(world), scarcity(world, params), params.exchange_weight)
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


def money_room(world: World, params: TenderingParams) -> Float:
    """Return the money a state may still commit, shape ``(states,)``, MUSD."""
    states, tenders = world.states, world.tenders
    running = np.flatnonzero(
        (tenders.status < TenderStatus.SIGNED) & (tenders.kind == ContractKind.EQUIPMENT)
    )
    asked = total(tenders.buyer[running], tenders.value[running], len(states))
    ahead = params.commitment_years * world.clock.per_year(states.procurement_budget)
    return states.procurement_fund + ahead - states.commitments - asked


def scarcity(world: World, params: TenderingParams) -> Float:
    """Return how scarce foreign exchange is, ``(states,)``; rents of dear oil ease it."""
    states, env = world.states, world.environment
    oil = params.oil_exchange * states.oil_share * (env.oil_gap + env.oil_shock)
    tight = states.exchange_tightness + states.exchange_strain - oil
    return np.asarray(tight.clip(0, 1), dtype=np.float64)


def _abroad(world: World) -> Float:
    """Return what is committed abroad: owed on contracts, and tendered for where nothing is made."""
    states, tenders, contracts = world.states, world.tenders, world.contracts
    signed = np.flatnonzero(
        (contracts.status == ContractStatus.ACTIVE)
        & (contracts.kind == ContractKind.EQUIPMENT)
        & (contracts.buyer != contracts.supplier)
    )
    share = buyers_share(contracts.credit_share[signed], contracts.loan_share[signed])
    owed = (contracts.price[signed] - contracts.paid[signed]) * share
    running = np.flatnonzero(
        (tenders.status < TenderStatus.SIGNED) & (tenders.kind == ContractKind.EQUIPMENT)
    )
    buyer = tenders.buyer[running]
    chosen = (tenders.status[running] > TenderStatus.OPEN) & (tenders.exporter[running] != buyer)
    imported = chosen | ~has_lines(world)[buyer, tenders.category[running]]
    asked = total(buyer[imported], tenders.value[running[imported]], len(states))
    return total(contracts.buyer[signed], owed, len(states)) + asked
