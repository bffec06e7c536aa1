"""Who finances the budget, and what public debt costs: a rate that rises with it, and lenders with an end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import ratio
from deftrade.core.posting import civil, finance, government, households, post
from deftrade.core.tables.codes import Item

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.budgeting.params import BudgetingParams


def finance_budget(world: World, params: BudgetingParams) -> None:
    """Borrow, cut other budgets, and tax the rest; repay debt and pay interest on it."""
    states, clock = world.states, world.clock
    rows = np.arange(len(states))
    repaid = states.debt * clock.share(params.debt_repayment)
    kept = states.debt - repaid
    room, reserve = debt_room(states.other_debt, states.gdp, params)
    borrowed = lent(states.milex * states.debt_financing, room - kept, reserve)
    moved = states.milex * states.reallocation_financing
    states.debt = kept + borrowed
    state = government(rows)
    post(world, Item.BORROWING, finance(rows), state, borrowed)
    post(world, Item.REALLOCATION, civil(rows), state, moved)
    post(world, Item.TAX, households(rows), state, states.milex - borrowed - moved + repaid)
    post(world, Item.REPAYMENT, state, finance(rows), repaid)
    _pay_interest(world, params)


def _pay_interest(world: World, params: BudgetingParams) -> None:
    """Pay lenders, who are households in the end, interest out of taxes."""
    states = world.states
    rows = np.arange(len(states))
    states.debt_share = states.debt / states.gdp
    before = interest_rate(states.other_debt, params)
    states.interest_rate = interest_rate(states.other_debt + states.debt_share, params)
    dearer = (states.interest_rate - before) * states.other_debt * states.gdp
    due = world.clock.flow(states.interest_rate * states.debt + dearer)
    states.interest = due
    post(world, Item.TAX, households(rows), government(rows), due)
    post(world, Item.INTEREST, government(rows), finance(rows), due)
    post(world, Item.INTEREST, finance(rows), households(rows), due)


def interest_rate(debt: Float, params: BudgetingParams) -> Float:
    r"""Return the real rate on public debt, shape ``(states,)``, 1/yr.

    .. math:: r = r_0 + \varphi \max(0, d - \bar d)

    Linear in debt as in Gamber and Seliski (2019) and Plante, Richter and Zubairy (2025).

    Parameters
    ----------
    debt : (states,) float
        All public debt, share of GDP.
    """
    return params.interest + params.debt_premium * np.maximum(debt - params.debt_reference, 0.0)


def debt_room(other_debt: Float, gdp: Float, params: BudgetingParams) -> tuple[Float, Float]:
    """Return the largest defence debt that lenders hold, and the room below it in which they tire, MUSD."""
    return np.maximum(params.debt_ceiling - other_debt, 0.0) * gdp, params.debt_reserve * gdp


def lent(wanted: Float, room: Float, reserve: Float) -> Float:
    r"""Return what lenders lend of what is wanted, shape ``(states,)``, MUSD.

    Of the next sum they lend the whole where there is more room than `reserve`, and below it the
    share that is left: :math:`dB/dw = \min(1, R/S)`, solved exactly. So debt never passes its ceiling,
    more wanted is never less lent, and two halves of a sum are lent as the whole.

    Parameters
    ----------
    wanted : (states,) float, MUSD
        What the government would borrow.
    room : (states,) float, MUSD
        Ceiling less debt; below nothing nobody lends.
    reserve : (states,) float, MUSD
        Room below which lenders tire.
    """
    room = np.maximum(room, 0.0)
    whole = np.minimum(wanted, np.maximum(room - reserve, 0.0))
    tired = np.minimum(room, reserve)
    return np.asarray(whole + tired * (1 - elementary.exp(-(wanted - whole) / reserve)))


def steady_debt(world: World, params: BudgetingParams, years: float) -> Float:
    """Return `years` times the debt at which repayment is what is borrowed, ``(states,)``, MUSD.

    Debt that is never repaid has no steady state: it is counted from the opening.
    """
    states = world.states
    wanted = states.burden * states.gdp * states.debt_financing
    room, reserve = debt_room(states.other_debt, states.gdp, params)
    free = ratio(wanted, params.debt_repayment)
    tired = ratio(room * wanted, params.debt_repayment * reserve + wanted)
    steady = np.minimum(free, tired)
    return np.asarray(np.minimum(years * steady, room))
