"""What a state's budget can keep, what it has and ordered, and when the gap is worth an order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import total2
from deftrade.core.draws import mix
from deftrade.core.tables.codes import ContractKind, ContractStatus, TenderStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Bool, Float
    from deftrade.core.world import World
    from deftrade.phases.tendering.params import TenderingParams


_EQUIPMENT, _TECHNOLOGY = int(ContractKind.EQUIPMENT), int(ContractKind.TECHNOLOGY)


class Orders(NamedTuple):
    """Rows of equipment that is on the way and who buys technology.

    ``asked`` are running equipment tenders, ``signed`` active equipment contracts; ``learns`` marks
    states with a technology tender or contract, ``(states,)``.
    """

    asked: NDArray[np.int64]
    signed: NDArray[np.int64]
    learns: Bool


def look_around(world: World) -> Orders:
    """Return what is on the way, looked up once a step."""
    tenders, contracts = world.tenders, world.contracts
    running = np.flatnonzero(tenders.status < int(TenderStatus.SIGNED))
    active = np.flatnonzero(contracts.status == int(ContractStatus.ACTIVE))
    tendered, kind = tenders.kind[running], contracts.kind[active]
    learns = np.zeros(len(world.states), dtype=bool)
    learns[tenders.buyer[running[tendered == _TECHNOLOGY]]] = True
    learns[contracts.buyer[active[kind == _TECHNOLOGY]]] = True
    return Orders(running[tendered == _EQUIPMENT], active[kind == _EQUIPMENT], learns)


class Stocks(NamedTuple):
    """Volumes in CU and the price, all of shape ``(states, categories)``."""

    target: Float
    gap: Float
    value: Float
    is_open: Bool


def take_stock(world: World, params: TenderingParams, orders: Orders) -> Stocks:
    """Return targets, gaps and their value by state and category."""
    states, categories, clock = world.states, world.categories, world.clock
    fleets, contracts, tenders = world.fleets, world.contracts, world.tenders
    shape = states.on_order.shape
    volume = total2(fleets.holder, fleets.category, fleets.volume, shape)
    active, running = orders.signed, orders.asked
    due = contracts.volume[active] - contracts.delivered[active]
    signed = total2(contracts.buyer[active], contracts.category[active], due, shape)
    asked = total2(tenders.buyer[running], tenders.category[running], tenders.volume[running], shape)
    states.on_order = ordered = signed + asked
    price = states.usual_price
    annual = clock.per_year(states.procurement_budget)
    retirement = retirement_rate(categories.declining_balance, categories.lifetime)
    states.target_volume = target = (
        band_top(params)
        * steady_volume(annual, categories.demand_share, retirement, price)
        * states.fleet_stretch
    )
    horizon = categories.lead_time + categories.delivery_span / 2
    # What overhaul keeps in service need not be bought.
    kept = volume * elementary.power(1 - retirement * (1 - states.extended_share), horizon)
    gap = target - kept - ordered
    return Stocks(target, gap, gap * price, asked > 0)


def retirement_rate(balance: Float, lifetime: Float) -> Float:
    """Return the yearly retirement rate of a service life (BEA; Fraumeni 1997), ``(categories,)``."""
    return balance / lifetime


def band_top(params: TenderingParams) -> float:
    r"""Return the top of the order band against the volume that spending keeps on average.

    Stocks fall from the top by a lognormal trigger before they are filled up again (L§3.6). Seen
    at a random moment a long wait is likelier than a short one, so the mean stock lies half of
    :math:`E[T^2]/E[T] = \tilde T e^{1.5 \sigma^2}` below the top.
    """
    square = params.trigger_spread**2
    mean = params.trigger * elementary.exp(square + square / 2)
    return float(1 / max(1 - mean / 2, params.least_stock))


def steady_volume(spending: Float, shares: Float, retirement: Float, price: Float) -> Float:
    """Return the volume at which retirement absorbs spending, shape ``(states, categories)``, CU.

    Parameters
    ----------
    spending : (states,) float, MUSD/yr
    shares, retirement : (categories,) float
    price : (states, categories) float, MUSD/CU
    """
    return spending[:, None] * shares / (retirement * price)


def order_triggers(world: World, params: TenderingParams) -> Float:
    """Draw the triggers of every state's next orders, ``(states, categories)``, share of target.

    Small triggers make top-ups, large ones programmes. A trigger is drawn once, when the order
    before it is placed.
    """
    states, categories = world.states, world.categories
    uid = mix(states.uid[:, None], categories.uid[None, :], states.tender_ordinal)
    return triggers(world, params, uid)


def triggers(world: World, params: TenderingParams, uid: NDArray[np.uint64]) -> Float:
    """Return the triggers that belong to the ids of requirements, shape as given, share of target."""
    luck = world.draws.normal("tendering.trigger", uid)
    return np.asarray(params.trigger * elementary.exp(params.trigger_spread * luck), dtype=np.float64)
