"""What of a step's ledger crossed borders in arms trade, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.tables.codes import LINE_OF_ITEM, LINE_OF_KIND, SOLD, ContractKind, Item

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World


_LINE = np.array([LINE_OF_ITEM.get(item, -1) for item in Item], dtype=np.int64)
_LINE_OF_KIND = np.array([LINE_OF_KIND[kind] for kind in ContractKind], dtype=np.int64)


class Crossings(NamedTuple):
    """Payments across borders, all ``(crossings,)``; those from ``credited`` on are export credit.

    ``posting`` is the row in the ledger, ``line`` a code of `TradeLine`.
    """

    posting: Int
    line: Int
    exporter: Int
    importer: Int
    amount: Float
    credited: int

    def sold(self) -> Int:
        """Return the places of what is sold and bought: of exports and imports."""
        return np.flatnonzero(self.line < len(SOLD))


def crossings(world: World) -> Crossings:
    """Return what crossed borders, and the export credit that pays part of prices.

    Credit goes from the exporter's government to its own firm. The price that it pays a part of was
    asked from the buyer's state, so that with it prices are whole.
    """
    postings, contracts = world.postings, world.contracts
    line = _LINE.take(postings.item)
    paid = np.flatnonzero((line >= 0) & (postings.payer_state != postings.payee_state))
    credit = np.flatnonzero(postings.item == Item.EXPORT_CREDIT.value)
    contract = postings.contract[credit]
    rows = np.concatenate((paid, credit))
    return Crossings(
        rows,
        np.concatenate((line[paid], _LINE_OF_KIND.take(contracts.kind[contract]))),
        postings.payee_state[rows],
        np.concatenate((postings.payer_state[paid], contracts.buyer[contract])),
        postings.amount[rows],
        len(paid),
    )
