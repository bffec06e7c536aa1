"""Which payment counts where in net jobs: every item has one role."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import total
from deftrade.core.tables.codes import Item, Sector

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World


class Role(Enum):
    """Where payments count; the words of the table in the documentation."""

    TAX = "lost: what households pay the treasury, less what it pays them back, times c"
    REALLOCATION = "lost: in full, as it was spent on civil work"
    BORROWING = "lost: times λ_B"
    HOUSEHOLDS = "carried: what governments pay households, times c"
    LENDERS = "carried: what governments pay lenders, times λ_B, as what they lent counts"
    CIVIL = (
        "carried: what governments and other states pay civil firms; what civil firms pay abroad in its place"
        " is taken off; paid to defence firms, in their workers"
    )
    PASSED_ON = "carried: what governments pay civil firms, or defence firms for work they pass on to them"
    WORKERS = "carried: in the workers of defence firms, who do the work it pays"
    INSIDE = "in the multipliers: what firms at home pay one another, their workers and owners"
    NOWHERE = "nowhere: it employs nobody, or what it employs is civil anyway"


ROLES: dict[Item, Role] = {
    Item.TAX: Role.TAX,
    Item.BORROWING: Role.BORROWING,
    Item.REALLOCATION: Role.REALLOCATION,
    Item.PERSONNEL: Role.HOUSEHOLDS,
    Item.OPERATIONS: Role.CIVIL,
    Item.RESEARCH_GRANT: Role.PASSED_ON,
    Item.EQUIPMENT: Role.WORKERS,
    Item.SUPPORT: Role.WORKERS,
    Item.TECHNOLOGY: Role.WORKERS,
    Item.SECOND_HAND: Role.NOWHERE,  # a treasury's: it returns what it earns, which counts as tax
    Item.COMPONENTS: Role.CIVIL,
    Item.WORK_SHARE: Role.WORKERS,
    Item.OFFSET_SPENDING: Role.CIVIL,
    Item.OFFSET_PENALTY: Role.NOWHERE,  # returned to households, which counts as tax
    Item.MATERIALS: Role.INSIDE,
    Item.WAGES: Role.INSIDE,
    Item.OWN_RESEARCH: Role.INSIDE,
    Item.CIVIL_SALES: Role.NOWHERE,  # no worker counted in defence firms does them
    Item.DIVIDENDS: Role.INSIDE,
    Item.RECAPITALISATION: Role.NOWHERE,  # covers losses: the wages behind them are counted
    Item.EXPORT_CREDIT: Role.WORKERS,
    Item.TRAINING: Role.CIVIL,
    Item.REPAYMENT: Role.LENDERS,
    Item.LOAN: Role.NOWHERE,  # between governments; lenders' taxes and refunds count
    Item.LOAN_REPAYMENT: Role.NOWHERE,
    Item.LOAN_INTEREST: Role.NOWHERE,
    Item.INTEREST: Role.LENDERS,
    Item.SHARES: Role.TAX,  # so that a sale whose proceeds are returned moves nothing
    Item.INVESTMENT: Role.PASSED_ON,
    Item.OVERHAUL: Role.CIVIL,
    Item.CONTROL_AGENCY: Role.HOUSEHOLDS,
    Item.ROYALTY: Role.CIVIL,
}
"""The role of every item: the computation and the table of the documentation are read off it."""


class Payments(NamedTuple):
    """What a step's final payments come to, all ``(states,)``, MUSD a year.

    ``households``, ``lenders`` and ``civil`` carry jobs; ``taxes``, ``reallocated`` and ``borrowed`` cost
    some.
    """

    households: Float
    lenders: Float
    civil: Float
    taxes: Float
    reallocated: Float
    borrowed: Float


_PLACE = {role: place for place, role in enumerate(Role)}
_ROLE = np.array([_PLACE[ROLES[item]] for item in Item], dtype=np.int64)


def final_payments(world: World) -> Payments:
    """Return what of the step's ledger carries and costs jobs at home."""
    postings, size = world.postings, len(world.states)
    role, amount = _ROLE.take(postings.item), postings.amount
    payer, payee = postings.payer_state, postings.payee_state
    by_government = postings.payer_sector == Sector.GOVERNMENT.value
    by_households = postings.payer_sector == Sector.HOUSEHOLDS.value
    to_civil = postings.payee_sector == Sector.CIVIL.value
    from_civil = postings.payer_sector == Sector.CIVIL.value
    abroad = payer != payee

    def add(where: Int, state: Int) -> Float:
        return total(state[where], amount[where], size)

    def at(which: Role) -> Int:
        return np.flatnonzero(role == _PLACE[which])

    tax, civil, passed = at(Role.TAX), at(Role.CIVIL), at(Role.PASSED_ON)
    paid, back = tax[by_households[tax]], tax[by_government[tax]]
    final = civil[to_civil[civil] & (by_government[civil] | abroad[civil])]
    instead = civil[from_civil[civil] & abroad[civil]]
    public = passed[by_government[passed]]
    housed, repaid = at(Role.HOUSEHOLDS), at(Role.LENDERS)
    return Payments(*(
        np.asarray(world.clock.per_year(each))
        for each in (
            add(housed[by_government[housed]], payer),
            add(repaid[by_government[repaid]], payer),
            add(final, payee) - add(instead, payer) + add(public, payer),
            add(paid, payer) - add(back, payee),
            add(at(Role.REALLOCATION), payee),
            add(at(Role.BORROWING), payee),
        )
    ))  # fmt: skip
