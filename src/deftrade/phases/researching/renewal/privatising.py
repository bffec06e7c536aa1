"""The state sells shares in firms to households, or buys them, at a price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import total
from deftrade.core.posting import government, households, post
from deftrade.core.tables.codes import Item

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.researching.params import ResearchingParams


def trade_shares(world: World, params: ResearchingParams) -> None:
    """Sell or buy the state's shares; receipts relieve taxpayers and purchases burden them.

    Households and the treasury exchange money, so no wealth is made: what follows from ownership
    (jobs kept, mark-ups, rescues, dividends) acts where it is decided.
    """
    firms, states = world.firms, world.states
    pace = firms.privatisation * params.share_trade * firms.is_active
    if not pace.any():
        return
    moved = shares_sold(firms.state_share, world.clock.share(np.abs(pace)), pace > 0)
    worth = params.share_price * firms.smoothed_revenue * moved
    firms.state_share = firms.state_share - moved
    home, size = firms.home, len(states)
    rows = np.arange(size)
    sold, bought = np.maximum(worth, 0), np.maximum(-worth, 0)
    receipts, bill = total(home, sold, size), total(home, bought, size)
    post(world, Item.SHARES, households(home), government(home), sold)
    post(world, Item.TAX, government(rows), households(rows), receipts)
    post(world, Item.TAX, households(rows), government(rows), bill)
    post(world, Item.SHARES, government(home), households(home), bought)
    states.fiscal_cost = states.fiscal_cost + bill - receipts


def shares_sold(held: Float, share: Float, sells: NDArray[np.bool_]) -> Float:
    """Return the share of each firm that the state sells, below 0 if it buys, ``(firms,)``.

    Parameters
    ----------
    held : (firms,) float
        Share that the state owns.
    share : (firms,) float
        Share of its holding, or of the others' where it buys, that changes hands in the step.
    sells : (firms,) bool
    """
    return np.where(sells, held, held - 1) * share
