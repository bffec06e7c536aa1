"""Running contracts: their terms, how they end before their time, and what reopens a tender."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import at_pairs, total
from deftrade.core.tables import Tenders
from deftrade.core.tables.codes import ContractKind, ContractStatus, TenderStatus
from deftrade.phases.shared.lending import buyers_share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World


class Terms(NamedTuple):
    """What was agreed in active contracts and does not move while work advances, all ``(active,)``.

    ``length`` is lead and span in years; ``allowed`` is 0 where an embargo stops the work, else 1.
    """

    rows: Int
    buyer: Int
    supplier: Int
    firm: Int
    kind: NDArray[np.int8]
    price: Float
    credit_share: Float
    length: Float
    allowed: Float


def terms_of(world: World, rows: Int) -> Terms:
    """Return parties, price, credit, years and permission of contracts by row, one element each."""
    contracts = world.contracts
    buyer, supplier, kind = contracts.buyer[rows], contracts.supplier[rows], contracts.kind[rows]
    return Terms(
        rows,
        buyer,
        supplier,
        contracts.firm[rows],
        kind,
        contracts.price[rows],
        contracts.credit_share[rows],
        contracts.lead[rows] + contracts.span[rows],
        _allowed(world, supplier, buyer, kind),
    )


def _allowed(world: World, supplier: Int, buyer: Int, kind: NDArray[np.int8]) -> Float:
    """Return 0 where an embargo stops a running contract, else 1."""
    dyads = world.dyads
    stopped = np.where(
        kind == int(ContractKind.SUPPORT),
        at_pairs(dyads.support_embargo_years > 0, supplier, buyer),
        at_pairs(dyads.embargo_years > 0, supplier, buyer),
    )
    return np.where(stopped, 0.0, 1.0)


def cancel(world: World, rows: Int) -> None:
    """End contracts before their time and take them out of order books and commitments."""
    if not len(rows):
        return
    contracts, lines, states = world.contracts, world.lines, world.states
    contracts.status[rows] = ContractStatus.CANCELLED
    contracts.ended[rows] = world.clock.step
    kind = contracts.kind[rows]
    length = contracts.lead[rows] + contracts.span[rows]
    worth = contracts.price[rows] * (1 - contracts.rent_share[rows])
    left = worth * (1 - contracts.progress[rows] / length)
    work = (contracts.line[rows] >= 0) & (kind != ContractKind.TECHNOLOGY.value)
    lines.backlog = np.maximum(lines.backlog - total(contracts.line[rows[work]], left[work], len(lines)), 0)
    equipment = kind == ContractKind.EQUIPMENT.value
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


def cancel_embargoed(world: World, patience: float) -> None:
    """Cancel support that an embargo on it ends, and other contracts whose stop buyers wait out no more."""
    contracts = world.contracts
    active = np.flatnonzero(contracts.status == ContractStatus.ACTIVE.value)
    is_support = contracts.kind[active] == ContractKind.SUPPORT.value
    if world.dyads.support_embargo_years.any():
        cancel_cut_support(world, active[is_support])
    cancel_stalled(world, active[~is_support], patience)


def cancel_cut_support(world: World, support: Int) -> None:
    """Cancel support contracts that an embargo on support ends, so that the holder looks elsewhere."""
    contracts, dyads = world.contracts, world.dyads
    cut = at_pairs(dyads.support_embargo_years, contracts.supplier[support], contracts.buyer[support]) > 0
    cancel(world, support[cut])


def cancel_stalled(world: World, active: Int, patience: float) -> None:
    """Count the years that embargoes have stopped contracts, and cancel what buyers give up."""
    contracts, embargo = world.contracts, world.dyads.embargo_years
    stalled = np.zeros(len(active))
    if embargo.any():
        stopped = np.flatnonzero(at_pairs(embargo, contracts.supplier[active], contracts.buyer[active]) > 0)
        stalled[stopped] = contracts.stalled[active[stopped]] + world.clock.elapsed()
    contracts.stalled[active] = stalled
    cancel(world, active[stalled > patience])


REOPENED = (Tenders.status, Tenders.volume, Tenders.value)
"""What a phase that calls `reopen` writes; it reads `REMEMBERED`."""


REMEMBERED = (Tenders.kind, Tenders.wanted_volume, Tenders.wanted_value)


def reopen(world: World, tender: NDArray[np.int64]) -> None:
    """Open tenders again for what was wanted before the lost offer was chosen, ``(n,)`` rows."""
    tenders = world.tenders
    tenders.status[tender] = int(TenderStatus.OPEN)
    equipment = tender[tenders.kind[tender] == int(ContractKind.EQUIPMENT)]
    tenders.volume[equipment] = tenders.wanted_volume[equipment]
    tenders.value[equipment] = tenders.wanted_value[equipment]
