"""What every sector of every state holds: the stocks that payments move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import total, total2
from deftrade.core.tables.codes import Sector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.world import World


def held_balances(world: World) -> NDArray[np.float64]:
    """Return balances as the world's arrays hold them, ``(sectors, states)``, MUSD.

    Governments hold their funds, firms their cash. Households, civil industry and lenders hold what
    they received less what they paid since the opening: the counterpart of the others.
    """
    states, firms = world.states, world.firms
    held = {
        Sector.GOVERNMENT: states.procurement_fund + states.technology_fund,
        Sector.FIRM: total(firms.home, firms.cash, len(states)),
        Sector.HOUSEHOLDS: states.household_balance,
        Sector.CIVIL: states.civil_balance,
        Sector.FINANCE: states.finance_balance,
    }
    return np.array([held[sector] for sector in Sector])


def net_receipts(world: World) -> NDArray[np.float64]:
    """Return the step's receipts less payments from postings, ``(sectors, states)``, MUSD."""
    postings, shape = world.postings, (len(Sector), len(world.states))
    amount = postings.amount
    # Wide codes: products of narrow ones run over.
    payee, payer = postings.payee_sector.astype(np.int64), postings.payer_sector.astype(np.int64)
    received = total2(payee, postings.payee_state, amount, shape)
    return received - total2(payer, postings.payer_state, amount, shape)
