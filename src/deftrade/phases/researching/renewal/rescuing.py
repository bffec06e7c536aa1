"""States rescue firms in distress for a share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import total
from deftrade.core.posting import Party, Verdict, government, households, log, post
from deftrade.core.tables.codes import DecisionKind, Item, Sector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Int
    from deftrade.core.world import World


def is_last(world: World) -> NDArray[np.bool_]:
    """Return where a firm is the last of its state: a government does not let it go."""
    firms = world.firms
    many = np.bincount(firms.home[firms.is_active], minlength=len(world.states))
    return np.asarray(many[firms.home] <= 1)


def rescue(world: World, rows: Int) -> None:
    """Recapitalise firms in distress out of taxes, for a share (soft budgets, Kornai 1986)."""
    firms, states = world.firms, world.states
    home = firms.home[rows]
    aid = -firms.cash[rows] * states.recapitalisation[home]
    firms.cash[rows] += aid
    held = firms.state_share[rows]
    # Money for shares: a private last firm passes into public hands.
    firms.state_share[rows] = np.maximum(held, states.recapitalisation[home])
    bill = total(home, aid, len(states))
    state = np.arange(len(states))
    post(world, Item.TAX, households(state), government(state), bill)
    post(world, Item.RECAPITALISATION, government(home), Party(Sector.FIRM, rows, home), aid)
    states.fiscal_cost = states.fiscal_cost + bill
    log(
        world,
        DecisionKind.RECAPITALISATION,
        home,
        firms.uid[rows],
        rows,
        Verdict(chosen=1, margin=aid),
    )
