"""How phases pay and how they log what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.tables.codes import DecisionKind, Item, Rule, Sector

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from deftrade.core.world import World


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
    kept = None if many == len(amounts) else there.nonzero()[0]
    payer_row, payee_row = _pick(payer.row, kept), _pick(payee.row, kept)
    world.postings.add(
        many,
        item=item.value,
        payer_sector=payer.sector.value,
        payer=payer_row,
        payer_state=payer_row if payer.state is payer.row else _pick(payer.state, kept),
        payee_sector=payee.sector.value,
        payee=payee_row,
        payee_state=payee_row if payee.state is payee.row else _pick(payee.state, kept),
        amount=amounts if kept is None else amounts.take(kept),
        contract=_pick(contract, kept),
    )


def _pick(values: ArrayLike, kept: NDArray[np.int64] | None) -> ArrayLike:
    """Return the values that are kept, all of them if nothing says which."""
    if kept is None or isinstance(values, int):
        return values
    column = np.asarray(values)
    return column.take(kept) if column.ndim else column


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
    world.decisions.add(
        len(actor),
        step=world.clock.step,
        kind=kind.value,
        actor=actor,
        subject=subject,
        row=row,
        chosen=verdict.chosen,
        runner_up=verdict.runner_up,
        margin=verdict.margin,
        rule=verdict.rule,
    )
