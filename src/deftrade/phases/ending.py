"""How contracts end before their time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.arrays import total
from deftrade.params import Group, param
from deftrade.phases.lending import buyers_share
from deftrade.tables.codes import ContractKind, ContractStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.world import World

    Int = NDArray[np.int64]


def cancel(world: World, rows: Int) -> None:
    """End contracts before their time and take them out of order books and commitments."""
    contracts, lines, states = world.contracts, world.lines, world.states
    contracts.status[rows] = ContractStatus.CANCELLED
    contracts.ended[rows] = world.clock.step
    kind = contracts.kind[rows]
    length = contracts.lead[rows] + contracts.span[rows]
    worth = contracts.price[rows] * (1 - contracts.rent_share[rows])
    left = worth * (1 - contracts.progress[rows] / length)
    work = (contracts.line[rows] >= 0) & (kind != ContractKind.TECHNOLOGY)
    lines.backlog = np.maximum(lines.backlog - total(contracts.line[rows[work]], left[work], len(lines)), 0)
    equipment = kind == ContractKind.EQUIPMENT
    mine = buyers_share(contracts.credit_share[rows], contracts.loan_share[rows])
    owed = (contracts.price[rows] - contracts.paid[rows]) * mine
    states.commitments = states.commitments - total(
        contracts.buyer[rows[equipment]], owed[equipment], len(states)
    )
    release_obligations(world, np.isin(world.obligations.contract, rows))


def release_obligations(world: World, which: NDArray[np.bool_]) -> None:
    """Write off what is still owed on open obligations, without a fine."""
    obligations = world.obligations
    rows = np.flatnonzero(which & (obligations.is_open == 1))
    owed = obligations.amount[rows] - obligations.credited[rows] - obligations.penalised[rows]
    obligations.penalised[rows] += owed
    obligations.is_open[rows] = 0


class EndParams(Group):
    """Parameters of the end of contracts before their time."""

    stall_patience: float = param(
        1.5, "year", 0, 50, "assumption: buyers look elsewhere after a budget or two"
    )
    """Years that buyers wait for a contract that an embargo stops; then they cancel it. What was paid
    is lost."""


def cancel_stalled(world: World, patience: float) -> None:
    """Count the years that embargoes have stopped contracts, and cancel what buyers give up."""
    contracts, clock = world.contracts, world.clock
    active = np.flatnonzero(
        (contracts.status == ContractStatus.ACTIVE) & (contracts.kind != ContractKind.SUPPORT)
    )
    stopped = world.dyads.embargo_years[contracts.supplier[active], contracts.buyer[active]] > 0
    contracts.stalled[active] = np.where(stopped, contracts.stalled[active] + clock.elapsed(), 0.0)
    cancel(world, active[contracts.stalled[active] > patience])


def cancel_cut_support(world: World) -> None:
    """Cancel support contracts that an embargo on support ends, so that the holder looks elsewhere."""
    contracts = world.contracts
    active = np.flatnonzero(
        (contracts.status == ContractStatus.ACTIVE) & (contracts.kind == ContractKind.SUPPORT)
    )
    cut = world.dyads.support_embargo_years[contracts.supplier[active], contracts.buyer[active]]
    cancel(world, active[cut > 0])
