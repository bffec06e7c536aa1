"""Programmes that run between two states bring them closer, up to a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import ratio, saturate, total
from deftrade.core.tables.codes import ContractKind, ContractStatus, Mode

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.allying.params import AllyingParams


def joint_work(world: World, params: AllyingParams) -> Float:
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
