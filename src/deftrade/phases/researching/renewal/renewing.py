"""How firms pay owners, are rescued, merge, close and start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import total
from deftrade.core.posting import Party, government, households, post
from deftrade.core.tables.codes import ContractStatus, Item, Sector
from deftrade.phases.contracting.founding import by_id
from deftrade.phases.researching.renewal.closing import close
from deftrade.phases.researching.renewal.entering import enter
from deftrade.phases.researching.renewal.merging import merge
from deftrade.phases.researching.renewal.privatising import trade_shares
from deftrade.phases.researching.renewal.rescuing import is_last, rescue

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.researching.params import ResearchingParams


def renew(world: World, params: ResearchingParams) -> None:
    """Close the firms' books of the step, rescue, close and start firms."""
    firms = world.firms
    firms.profit = firms.revenue - firms.costs
    firms.smoothed_revenue = smoothed_receipts(world, params)
    trade_shares(world, params)
    _pay_owners(world, params)
    short = (firms.cash < distress_limit(firms.smoothed_revenue, params)) & firms.is_active
    public = (firms.state_share >= params.public_share) | is_last(world)
    aided = public & (world.states.recapitalisation[firms.home] > 0)
    rescue(world, np.flatnonzero(short & aided))
    close(world, params, by_id(world, short & ~aided))
    merge(world, params)
    enter(world, params)


def smoothed_receipts(world: World, params: ResearchingParams) -> Float:
    """Return yearly receipts smoothed over some years, those of the step included, ``(firms,)``."""
    firms, clock = world.firms, world.clock
    step = clock.share(params.revenue_memory)
    return firms.smoothed_revenue + step * (clock.per_year(firms.revenue) - firms.smoothed_revenue)


def distress_limit(receipts: Float, params: ResearchingParams) -> Float:
    """Return the cash below which firms of such receipts are in distress, ``(firms,)``."""
    return params.distress * receipts


def _pay_owners(world: World, params: ResearchingParams) -> None:
    """Pay out cash above the buffer to state and private owners."""
    firms, states = world.firms, world.states
    kept = params.buffer * firms.smoothed_revenue + advances(world)
    spare = np.maximum(firms.cash - kept, 0)
    dividend = spare * world.clock.share(params.payout)
    firms.cash = firms.cash - dividend
    rows = np.arange(len(firms))
    public = dividend * firms.state_share
    owner = Party(Sector.FIRM, rows, firms.home)
    post(world, Item.DIVIDENDS, owner, government(firms.home), public)
    post(world, Item.DIVIDENDS, owner, households(firms.home), dividend - public)
    state = np.arange(len(states))
    received = total(firms.home, public, len(states))
    # State dividends relieve taxpayers.
    post(world, Item.TAX, government(state), households(state), received)
    states.fiscal_cost = states.fiscal_cost - received


def advances(world: World) -> Float:
    """Return what buyers paid ahead of the work done, shape ``(firms,)``, MUSD: it is no profit."""
    contracts = world.contracts
    rows = np.flatnonzero((contracts.status == ContractStatus.ACTIVE) & (contracts.firm >= 0))
    done = contracts.progress[rows] / (contracts.lead[rows] + contracts.span[rows])
    ahead = np.maximum(contracts.paid[rows] - contracts.price[rows] * done, 0)
    return total(contracts.firm[rows], ahead, len(world.firms))
