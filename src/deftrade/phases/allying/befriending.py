"""Programmes that run between two states bring them closer, up to a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import ratio, saturate, total
from deftrade.core.params import Group, param
from deftrade.core.tables.codes import ContractKind, ContractStatus, Mode

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World


class BefriendParams(Group):
    """Parameters of joint work."""

    programme_effect: float = param(0.01, "1/yr", 0, 1, "assumption: L§8 mixed, so smaller than deliveries")
    """Goodwill gained a year by each side of large licensed or shared programmes."""
    programme_half: float = param(0.1, "share", 0.001, 10, "assumption: one large programme among several")
    """Joint work, in years of the buyer's equipment budget, at which half of that is gained."""


def joint_work(world: World, params: BefriendParams) -> Float:
    """Return how much work two states do together, ``(states, states)``, 0 to 1.

    Rows are suppliers, columns buyers. Licensed production, co-development and technology contracts count
    at their yearly value against the buyer's equipment budget.
    """
    contracts, states = world.contracts, world.states
    size = len(states)
    rows = np.flatnonzero(
        (contracts.status == ContractStatus.ACTIVE.value)
        & (
            (contracts.mode == Mode.LICENSED.value)
            | (contracts.mode == Mode.CODEVELOPMENT.value)
            | (contracts.kind == ContractKind.TECHNOLOGY.value)
        )
    )
    rows = rows[contracts.buyer[rows] != contracts.supplier[rows]]
    yearly = contracts.price[rows] / (contracts.lead[rows] + contracts.span[rows])
    # Few pairs work together: the rest has nothing to divide.
    pair, which = np.unique(contracts.supplier[rows] * size + contracts.buyer[rows], return_inverse=True)
    budget = world.clock.per_year(states.procurement_budget)
    relative = ratio(total(which, yearly, len(pair)), budget[pair % size])
    joint = np.zeros(size * size)
    joint[pair] = saturate(relative, params.programme_half)
    return joint.reshape(size, size)
