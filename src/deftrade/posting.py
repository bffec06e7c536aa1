"""How phases pay and how they log what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.tables.codes import DecisionKind, Item, Rule, Sector

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from deftrade.world import World


class Party(NamedTuple):
    """One side of payments: sector, rows in it, and the rows' states."""

    sector: Sector
    row: ArrayLike
    state: ArrayLike


def government(state: ArrayLike) -> Party:
    """Return the governments of states."""
    return Party(Sector.GOVERNMENT, state, state)


def households(state: ArrayLike) -> Party:
    """Return the households of states."""
    return Party(Sector.HOUSEHOLDS, state, state)


def civil(state: ArrayLike) -> Party:
    """Return the civil industries of states."""
    return Party(Sector.CIVIL, state, state)


def finance(state: ArrayLike) -> Party:
    """Return the lenders to states."""
    return Party(Sector.FINANCE, state, state)


def post(
    world: World,
    item: Item,
    payer: Party,
    payee: Party,
    amount: NDArray[np.float64],
    contract: ArrayLike = -1,
) -> None:
    """Record payments of shape ``(n,)``, MUSD; zero amounts are left out.

    A phase that posts declares ``appends=(Postings,)``.
    """
    amounts = np.asarray(amount)
    there = amounts != 0
    many = int(np.count_nonzero(there))
    if not many:
        return
    table = world.postings
    start = table.rows
    table.append(many)
    rows = slice(start, start + many)
    kept = None if many == len(amounts) else np.flatnonzero(there)

    def pick(values: ArrayLike) -> ArrayLike:
        if kept is None:
            return values
        column = np.asarray(values)
        return column.take(kept) if column.ndim else column

    def pick_party(party: Party) -> tuple[ArrayLike, ArrayLike]:
        row = pick(party.row)
        return row, row if party.state is party.row else pick(party.state)

    table.item[rows] = item
    table.payer_sector[rows] = payer.sector
    table.payer[rows], table.payer_state[rows] = pick_party(payer)
    table.payee_sector[rows] = payee.sector
    table.payee[rows], table.payee_state[rows] = pick_party(payee)
    table.amount[rows] = pick(amounts)
    table.contract[rows] = pick(contract)


class Verdict(NamedTuple):
    """What was chosen, the best alternative and by how much it lost."""

    chosen: ArrayLike
    runner_up: ArrayLike = -1
    margin: ArrayLike = 0.0
    rule: ArrayLike = Rule.NONE


def log(
    world: World,
    kind: DecisionKind,
    actor: NDArray[np.int64],
    subject: ArrayLike,
    row: ArrayLike,
    verdict: Verdict,
) -> None:
    """Log decisions of shape ``(n,)``; a phase that logs declares ``appends=(Decisions,)``."""
    if not len(actor):
        return
    table = world.decisions
    rows = table.append(len(actor))
    table.step[rows] = world.clock.step
    table.kind[rows] = kind
    table.actor[rows] = actor
    table.subject[rows] = subject
    table.row[rows] = row
    table.chosen[rows] = verdict.chosen
    table.runner_up[rows] = verdict.runner_up
    table.margin[rows] = verdict.margin
    table.rule[rows] = verdict.rule
