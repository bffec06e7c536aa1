"""New plant is paid for before it works, by private investors and the state as they own the firm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.posting import Party, civil, government, households, post
from deftrade.core.tables.codes import Item, Sector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.researching.params import ResearchingParams


def is_affordable(budget: Float, least: float, params: ResearchingParams) -> NDArray[np.bool_]:
    """Return where investors would pay for the smallest plant, shape ``(states,)``.

    Parameters
    ----------
    budget : (states,) float, MUSD/yr
        Equipment budget.
    least : float, MUSD/yr
        Capacity of the smallest plant.
    """
    needed = (params.founding_cost + params.founding_cash) * least * (params.founding_cost > 0)
    return np.asarray(params.founding_funds * budget >= needed)


def affordable_capacity(capacity: float, least: float, budget: float, params: ResearchingParams) -> float:
    """Return the capacity that money allows, MUSD/yr: what was planned, or less, but no less than the least.

    Parameters
    ----------
    capacity, least : float, MUSD/yr
        What the firm plans, and the smallest plant.
    budget : float, MUSD/yr
        Equipment budget of the home state.
    """
    if params.founding_cost <= 0:
        return capacity
    most = params.founding_funds * budget / (params.founding_cost + params.founding_cash)
    return max(least, min(capacity, most))


def pay_for_plant(world: World, params: ResearchingParams, line: int) -> None:
    """Let owners pay in what a new line costs and its first cash, and the firm buy its plant."""
    if params.founding_cost <= 0:
        return
    firms, lines, states = world.firms, world.lines, world.states
    firm = lines.firm[[line]]
    home = firms.home[firm]
    plant = params.founding_cost * lines.capacity[[line]]
    cash = params.founding_cash * lines.capacity[[line]]
    public = (plant + cash) * firms.state_share[firm]
    private = plant + cash - public
    maker = Party(Sector.FIRM, firm, home)
    post(world, Item.TAX, households(home), government(home), public)
    post(world, Item.INVESTMENT, government(home), maker, public)
    post(world, Item.INVESTMENT, households(home), maker, private)
    post(world, Item.INVESTMENT, maker, civil(home), plant)
    firms.cash[firm] += cash
    firms.costs[firm] += plant
    firms.profit[firm] -= plant
    # Owners judge a young firm by the business it was founded for, not by its first receipts.
    firms.smoothed_revenue[firm] += lines.capacity[[line]]
    states.fiscal_cost[home] += public
