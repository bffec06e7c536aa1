"""Overhaul keeps equipment in service that was due to retire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import ratio, total, total2
from deftrade.core.posting import Party, civil, government, post
from deftrade.core.tables.codes import Item, Sector
from deftrade.phases.shared.lines import largest_lines

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.dates import Clock
    from deftrade.core.world import World
    from deftrade.phases.producing.params import ProducingParams


def extend_service(world: World, params: ProducingParams, support_paid: Float) -> Float:
    """Overhaul what policy wants of what is due to retire, and return what it cost each state.

    Parameters
    ----------
    support_paid : (states,) float, MUSD
        What support contracts took of the operations budget.

    Returns
    -------
    (states,) float, MUSD
    """
    fleets, states, categories = world.fleets, world.states, world.categories
    holder, category = fleets.holder, fleets.category
    shape = (len(states), len(categories))
    due = due_to_retire(world)
    wanted = states.life_extension[holder] * due
    price = params.extension_cost * categories.market_price[category]
    room = params.extension_ceiling * np.maximum(states.support_budget - support_paid, 0)
    asked = total(holder, wanted * price, shape[0])
    funded = ratio(np.minimum(room, asked), asked, otherwise=1.0)
    fleets.extended = wanted * funded[holder]
    states.extended_share = ratio(
        total2(holder, category, fleets.extended, shape), total2(holder, category, due, shape)
    )
    rate = categories.declining_balance / categories.lifetime
    states.fleet_stretch = stretched(states.fleet_stretch, states.extended_share, rate, world.clock)
    cost = total2(holder, category, fleets.extended * price, shape)
    _pay_workshops(world, params, cost)
    return np.asarray(cost.sum(axis=1), dtype=np.float64)


def stretched(stretch: Float, extended: Float, rate: Float, clock: Clock) -> Float:
    r"""Return the volume that unchanged purchases keep, against a world without overhaul.

    It moves to :math:`1/(1-e)` at the pace :math:`r(1-e)` at which stocks themselves do, so that
    plans ask for no surge of orders.

    Parameters
    ----------
    stretch : (states, categories) float
        The same a step before.
    extended : (states, categories) float
        Share :math:`e` of what is due to retire that overhaul keeps.
    rate : (categories,) float, 1/yr
        Retirement rate :math:`r` without overhaul.
    """
    leaving = 1 - extended
    goal = 1 / leaving
    return np.asarray(stretch + clock.share(rate * leaving) * (goal - stretch), dtype=np.float64)


def due_to_retire(world: World) -> Float:
    """Return the volume that would retire in the step without overhaul, shape ``(fleets,)``, CU."""
    fleets, categories = world.fleets, world.categories
    share = world.clock.share(categories.declining_balance / categories.lifetime)
    left = fleets.volume - fleets.volume * fleets.loss_share
    return np.asarray(left * share[fleets.category], dtype=np.float64)


def _pay_workshops(world: World, params: ProducingParams, cost: Float) -> None:
    """Pay the largest home line in each category, or the civil economy where there is none.

    Parameters
    ----------
    cost : (states, categories) float, MUSD
    """
    firms, lines = world.firms, world.lines
    place = np.flatnonzero(cost)
    state, amount = place // cost.shape[1], cost.ravel()[place]
    line = largest_lines(world).ravel()[place]
    made, other = np.flatnonzero(line >= 0), np.flatnonzero(line < 0)
    firm, paid = lines.firm[line[made]], amount[made]
    workshop = Party(Sector.FIRM, firm, state[made])
    post(world, Item.OVERHAUL, government(state[made]), workshop, paid)
    post(world, Item.OVERHAUL, government(state[other]), civil(state[other]), amount[other])
    size = len(firms)
    earned = total(firm, paid, size)
    firms.component_output += earned
    # Workers are paid by hiring; the rest of cost is bought in.
    bought = earned * np.maximum(1 / (1 + firms.margin) - params.labour_share, 0)
    firms.bought_in += bought
    firms.revenue += earned
    firms.costs += bought
    firms.cash = firms.cash + earned - bought
    payer = Party(Sector.FIRM, np.arange(size), firms.home)
    post(world, Item.MATERIALS, payer, civil(firms.home), bought)
