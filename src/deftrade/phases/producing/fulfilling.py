"""How sellers discharge offset obligations, or pay for not doing so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import total, total2
from deftrade.core.posting import Party, civil, government, households, post
from deftrade.core.tables.codes import Item, Sector

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World
    from deftrade.phases.producing.params import ProducingParams
    from deftrade.phases.producing.working import Work


def credit_offsets(world: World, params: ProducingParams, done: Work) -> None:
    """Earn credits from work shares and indirect spending; settle what has expired."""
    obligations, clock = world.obligations, world.clock
    rows = np.flatnonzero(obligations.is_open == 1)
    if not len(rows):
        return
    owed = _owed(world, rows)
    direct = np.minimum(params.direct_multiplier * _local_work(world, done, rows), owed)
    pace = obligations.amount[rows] / obligations.horizon[rows] * params.offset_effort
    indirect = np.minimum(clock.flow(pace), owed - direct)
    spending = indirect / params.indirect_multiplier
    obligations.credited[rows] += direct + indirect
    obligations.spent[rows] += spending
    obligations.years_left[rows] -= clock.elapsed()
    _pay(world, params, rows, spending)
    shape = (len(world.states), len(world.categories))
    world.states.learning_offset = total2(
        obligations.beneficiary[rows], obligations.category[rows], direct + indirect, shape
    )
    _settle(world, params, rows)


def _owed(world: World, rows: Int) -> Float:
    """Return credits still to be earned, shape ``(obligations,)``, MUSD."""
    obligations = world.obligations
    return np.asarray(
        obligations.amount[rows] - obligations.credited[rows] - obligations.penalised[rows],
        dtype=np.float64,
    )


def _local_work(world: World, done: Work, rows: Int) -> Float:
    """Return the work share done this step under each obligation's contract, MUSD."""
    contracts = world.contracts
    value = np.zeros(len(contracts))
    value[done.rows] = done.value
    contract = world.obligations.contract[rows]
    return np.asarray(contracts.local_share[contract] * value[contract], dtype=np.float64)


def _pay(world: World, params: ProducingParams, rows: Int, spending: Float) -> None:
    """Post indirect spending; what replaces other purchases costs the seller nothing more."""
    obligations, firms = world.obligations, world.firms
    firm, state = obligations.firm[rows], obligations.beneficiary[rows]
    extra = spending * (1 - params.sourcing_benefit)
    payer = Party(Sector.FIRM, firm, firms.home[firm])
    post(world, Item.OFFSET_SPENDING, payer, civil(state), extra, obligations.contract[rows])
    moved = civil(firms.home[firm])
    post(
        world,
        Item.OFFSET_SPENDING,
        moved,
        civil(state),
        spending - extra,
        obligations.contract[rows],
    )
    _charge(world, firm, extra)


def _settle(world: World, params: ProducingParams, rows: Int) -> None:
    """Close obligations that are met or expired; the missing part is fined."""
    obligations, firms = world.obligations, world.firms
    owed = _owed(world, rows)
    over = (obligations.years_left[rows] <= 1e-9) | (owed <= 1e-9)
    obligations.is_open[rows[over]] = 0
    missed = np.where(over, np.maximum(owed, 0), 0.0)
    obligations.penalised[rows] += missed
    firm, state = obligations.firm[rows], obligations.beneficiary[rows]
    fine = params.penalty_rate * missed
    payer = Party(Sector.FIRM, firm, firms.home[firm])
    post(world, Item.OFFSET_PENALTY, payer, government(state), fine, obligations.contract[rows])
    # Fines are revenue of the treasury, which returns them.
    post(world, Item.TAX, government(state), households(state), fine, obligations.contract[rows])
    _charge(world, firm, fine)


def _charge(world: World, firm: Int, amount: Float) -> None:
    """Book a cost to firms."""
    firms = world.firms
    cost = total(firm, amount, len(firms))
    firms.cash -= cost
    firms.costs += cost
