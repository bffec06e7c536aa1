"""What was agreed in running contracts, gathered once a step for all that work and pay by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.arrays import cells
from deftrade.tables.codes import ContractKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.world import World

    Float = NDArray[np.float64]
    Int = NDArray[np.int64]


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
    """Return the terms of active contracts."""
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
        cells(dyads.support_embargo_years > 0, supplier, buyer),
        cells(dyads.embargo_years > 0, supplier, buyer),
    )
    return np.where(stopped, 0.0, 1.0)
