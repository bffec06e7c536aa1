"""Trade in lines that add up, read off the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import ratio, total, total2
from deftrade.core.crossings import crossings
from deftrade.core.tables import States
from deftrade.core.tables.codes import SOLD, Item, Sector, TradeLine

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.crossings import Crossings
    from deftrade.core.table import Column
    from deftrade.core.world import World


COLUMNS: dict[TradeLine, tuple[Column[np.float64], Column[np.float64]]] = {
    TradeLine.EQUIPMENT: (States.exports_equipment, States.imports_equipment),
    TradeLine.SECOND_HAND: (States.exports_second_hand, States.imports_second_hand),
    TradeLine.SUPPORT: (States.exports_support, States.imports_support),
    TradeLine.TECHNOLOGY: (States.exports_technology, States.imports_technology),
    TradeLine.COMPONENTS: (States.exports_components, States.imports_components),
    TradeLine.WORK_SHARES: (States.receipts_work_shares, States.payments_work_shares),
    TradeLine.OFFSETS: (States.receipts_offsets, States.payments_offsets),
}
"""The columns of every line: received by the exporter, paid by the importer."""

_MADE = (TradeLine.EQUIPMENT.value, TradeLine.SUPPORT.value)
_INPUTS = (Item.COMPONENTS.value, Item.ROYALTY.value)


def count_trade(world: World) -> None:
    """Read every line of trade, its sums and the value added in exports off the ledger."""
    states, seen = world.states, crossings(world)
    shape = (len(TradeLine), len(states))
    received = total2(seen.line, seen.exporter, seen.amount, shape)
    paid = total2(seen.line, seen.importer, seen.amount, shape)
    states.exports_equipment = received[TradeLine.EQUIPMENT]
    states.imports_equipment = paid[TradeLine.EQUIPMENT]
    states.exports_second_hand = received[TradeLine.SECOND_HAND]
    states.imports_second_hand = paid[TradeLine.SECOND_HAND]
    states.exports_support = received[TradeLine.SUPPORT]
    states.imports_support = paid[TradeLine.SUPPORT]
    states.exports_technology = received[TradeLine.TECHNOLOGY]
    states.imports_technology = paid[TradeLine.TECHNOLOGY]
    states.exports_components = received[TradeLine.COMPONENTS]
    states.imports_components = paid[TradeLine.COMPONENTS]
    states.receipts_work_shares = received[TradeLine.WORK_SHARES]
    states.payments_work_shares = paid[TradeLine.WORK_SHARES]
    states.receipts_offsets = received[TradeLine.OFFSETS]
    states.payments_offsets = paid[TradeLine.OFFSETS]
    credit = slice(seen.credited, None)
    states.exports_credit = total(seen.exporter[credit], seen.amount[credit], len(states))
    states.imports_credit = total(seen.importer[credit], seen.amount[credit], len(states))
    many = len(SOLD)
    states.exports, states.imports = received[:many].sum(axis=0), paid[:many].sum(axis=0)
    states.receipts_abroad = received.sum(axis=0) - states.exports_credit
    states.payments_abroad = paid.sum(axis=0) - states.imports_credit
    states.exports_value_added = states.exports - foreign_content(world, seen)


def foreign_content(world: World, seen: Crossings) -> Float:
    """Return what of exports was made or owned abroad, shape ``(states,)``, MUSD.

    Of a price, the buyer's work share is taken off by contract, and of the rest the share that
    foreign components and royalties have in the step's output and rents of the firm that sells,
    whatever of it goes abroad. What is sold as components, know-how or used is counted as made at
    home.
    """
    firms, postings, contracts = world.firms, world.postings, world.contracts
    is_input = np.isin(postings.item, _INPUTS) & (postings.payer_state != postings.payee_state)
    bought = np.flatnonzero(is_input & (postings.payer_sector == Sector.FIRM.value))
    inputs = total(postings.payer[bought], postings.amount[bought], len(firms))
    inside = ratio(inputs, firms.output + firms.rents).clip(0, 1)
    made = np.flatnonzero(np.isin(seen.line, _MADE))
    row = seen.posting[made]
    contract, maker = postings.contract[row], postings.payee[row]
    shared = contracts.local_share[contract] * (1 - contracts.rent_share[contract])
    foreign = shared + (1 - shared) * inside[maker]
    return total(seen.exporter[made], seen.amount[made] * foreign, len(world.states))
