"""How makers of foreign designs pay for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.arrays import pick, total
from deftrade.phases.working import largest_lines, royalties, trade
from deftrade.posting import Party, civil, post
from deftrade.tables.codes import Item, Sector

if TYPE_CHECKING:
    from deftrade.world import World


def pay_royalties(world: World, rate: float) -> None:
    """Pay the largest maker of the design's state in the category, or its civil industry.

    Royalties are trade in technology: an export of the state that owns the design.
    """
    lines, firms = world.lines, world.firms
    due = royalties(world, rate)
    line = np.flatnonzero(due)
    amount, payer, home = due[line], lines.firm[line], lines.home[line]
    owner, size = lines.design_origin[line], len(firms)
    paid = total(payer, amount, size)
    firms.cash = firms.cash - paid
    firms.costs = firms.costs + paid
    firms.bought_in = firms.bought_in + paid
    maker = pick(lines.firm, largest_lines(world)[owner, lines.category[line]], -1)
    held = maker >= 0
    debtor = Party(Sector.FIRM, payer[held], home[held])
    post(world, Item.ROYALTY, debtor, Party(Sector.FIRM, maker[held], owner[held]), amount[held])
    debtor = Party(Sector.FIRM, payer[~held], home[~held])
    post(world, Item.ROYALTY, debtor, civil(owner[~held]), amount[~held])
    earned = total(maker[held], amount[held], size)
    firms.cash = firms.cash + earned
    firms.revenue = firms.revenue + earned
    firms.export_revenue = firms.export_revenue + earned
    trade(world, owner, home, amount)
