"""Build a world and let it settle into its opening equilibrium.

Why a settling run: pipelines, order phases, support contracts, offset balances, habits and order
books have to fit each other. An analytic guess gives stocks; a few years of the model itself, with
every trend and shock at rest, draw the rest from the stationary state. Policy and the run's luck
play no part in it, so all treatments of a world start from the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import ratio, total2
from deftrade.opening.compacting import forget_closed
from deftrade.opening.pipelines import fill_pipelines
from deftrade.phases import ORDER
from deftrade.phases.allying.phase import standing_warmth
from deftrade.phases.assessing.phase import against_frontier, strength, summed_strength
from deftrade.phases.budgeting.borrowing import steady_debt
from deftrade.phases.contracting.phase import add_fleets
from deftrade.phases.hiring.phase import long_run_pool
from deftrade.phases.shared.quality import fleet_effect
from deftrade.phases.tendering.planning import order_triggers, retirement_rate, steady_volume

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.params import OpeningParams
    from deftrade.core.world import World
    from deftrade.phases import Params


def guess_stocks(world: World, params: Params, opening: OpeningParams, weight: Float) -> None:
    """Write first guesses of fleets, capacity, workers, cash, funds and debt."""
    states, categories = world.states, world.categories
    states.trend_gdp = states.opening_gdp = states.gdp
    states.burden_anchor = states.burden
    annual = states.burden * states.gdp * states.procurement_share
    states.procurement_fund = opening.opening_fund * annual
    states.debt = steady_debt(world, params.budgeting, opening.debt_years)
    categories.market_price = 1 + world.firms.margin.mean() if len(world.firms) else 1.0
    states.usual_price = np.broadcast_to(categories.market_price, states.usual_price.shape)
    states.order_trigger = order_triggers(world, params.tendering)
    target = steady_volume(
        annual,
        categories.demand_share,
        retirement_rate(categories.declining_balance, categories.lifetime),
        states.usual_price,
    )
    share = _origin_shares(world, params, opening)
    _guess_fleets(world, opening, target * opening.first_stock, share)
    demand = (annual[:, None] * share).sum(axis=1).T * categories.demand_share
    _guess_plants(world, params, opening, demand, weight)
    fill_pipelines(world, params)
    shape = states.know_how.shape
    fleets = world.fleets
    states.usable_capability = total2(
        fleets.holder, fleets.category, fleets.volume * fleet_effect(world) * fleets.readiness, shape
    )


def _origin_shares(world: World, params: Params, opening: OpeningParams) -> Float:
    """Return opening shares of origins in fleets, ``(categories, holders, origins)``.

    The logit of supplier choice without habit and luck, cut to the most likely suppliers; a
    keyed draw makes buyers differ, as habits of the past did.
    """
    states, dyads, lines, choice = world.states, world.dyads, world.lines, params.selecting
    size, kinds, suppliers = len(states), len(world.categories), int(opening.suppliers)
    weight = total2(lines.category, lines.home, np.ones(len(lines)), (kinds, size))
    quality = np.zeros((kinds, size))
    np.maximum.at(quality, (lines.category, lines.home), lines.quality)
    base = (
        (choice.record + choice.exporter_gdp) * elementary.log(states.gdp)
        - choice.distance * elementary.log(dyads.distance)
        - choice.polity * np.abs(states.polity[:, None] - states.polity)
        + choice.alignment * dyads.alignment
        + choice.allied * dyads.allied
    )
    barred = (params.bidding.release_hostility <= dyads.hostility.T) | (
        params.bidding.release_alignment > dyads.alignment.T
    )
    base[barred] = -np.inf
    home = np.arange(size)
    base[home, home] = choice.home + (choice.record + choice.exporter_gdp) * elementary.log(states.gdp)
    luck = world.draws.gumbel(
        "opening.habit",
        states.uid[None, :, None],
        states.uid[None, None, :],
        world.categories.uid[:, None, None],
    )
    value = base[None] + opening.habit_spread * luck + elementary.log(np.maximum(quality, 1e-9))[:, None, :]
    value[np.broadcast_to((weight == 0)[:, None, :], value.shape)] = -np.inf
    if suppliers < size:
        cut = np.partition(value, size - suppliers, axis=2)[:, :, size - suppliers, None]
        value[value < cut] = -np.inf
    best = value.max(axis=2, keepdims=True)
    odds = np.where(np.isfinite(value), elementary.exp(value - np.where(np.isfinite(best), best, 0)), 0.0)
    return ratio(odds, odds.sum(axis=2, keepdims=True))


def _guess_fleets(world: World, opening: OpeningParams, volume: Float, share: Float) -> None:
    """Append opening fleets."""
    category, holder, origin = np.nonzero(share > 0)
    rows = add_fleets(world, holder, origin, category)
    fleets, lines = world.fleets, world.lines
    made = np.zeros((len(world.states), len(world.categories)))
    np.maximum.at(made, (lines.home, lines.category), lines.quality)
    fleets.volume[rows] = volume[holder, category] * share[category, holder, origin]
    fleets.quality[rows] = opening.fleet_quality * made[origin, category]
    fleets.age[rows] = opening.mean_age * world.categories.lifetime[category]
    fleets.readiness[rows] = opening.readiness
    rate = retirement_rate(world.categories.declining_balance, world.categories.lifetime)[category]
    fleets.recent_deliveries[rows] = fleets.volume[rows] * rate
    relation = total2(origin, holder, fleets.recent_deliveries[rows], world.dyads.relation.shape)
    np.fill_diagonal(relation, 0.0)
    world.dyads.relation = relation


def _guess_plants(world: World, params: Params, opening: OpeningParams, demand: Float, weight: Float) -> None:
    """Write capacity, workers, pools, cash and research stocks that fit demand."""
    lines, firms, states, categories = world.lines, world.firms, world.states, world.categories
    shape = (len(states), len(categories))
    whole = total2(lines.home, lines.category, weight, shape)
    part = ratio(weight, whole[lines.home, lines.category])
    output = opening.plant_margin * part * demand[lines.home, lines.category]
    lines.capacity = np.maximum(output / params.producing.utilisation, opening.least_capacity)
    lines.experience = np.maximum(output, opening.least_experience)
    lines.opening_experience = lines.experience
    jobs = output * categories.labour_intensity[lines.category] / states.productivity[lines.home]
    firms.workers = np.bincount(lines.firm, weights=jobs, minlength=len(firms))
    firms.workload = firms.workers
    states.employed = np.bincount(firms.home, weights=firms.workers, minlength=len(states))
    states.skilled_pool = long_run_pool(world, params.hiring)
    firms.smoothed_revenue = (
        np.bincount(lines.firm, weights=output, minlength=len(firms)) + firms.civil_revenue
    )
    firms.cash = opening.opening_cash * firms.smoothed_revenue
    budget = states.burden * states.gdp * states.research_share
    made = total2(lines.home, lines.category, output, shape)
    focus = np.where(
        made.sum(axis=1, keepdims=True) > 0,
        ratio(made, made.sum(axis=1, keepdims=True)),
        categories.demand_share,
    )
    kept = params.researching.stock_kept
    # What is never forgotten has no steady state: it is gathered while the world settles.
    states.research_stock = ratio(budget[:, None] * focus + opening.research_of_output * made, 1 - kept)
    states.production_experience = ratio(made, 1 - params.producing.craft_kept)


def settle(world: World, params: Params, fine_years: int) -> None:
    """Run the phases at rest, then take today's values as the reference of later ones."""
    rest = params.at_rest()
    clock = world.clock
    per_year = clock.calendar.steps_per_year
    _take_references(world, params)
    while clock.step < 0:
        is_coarse = clock.step < -fine_years * per_year
        clock.stride = per_year if is_coarse else 1
        world.gate.unlock()
        world.begin_step()
        for phase in ORDER:
            phase(world, getattr(rest, phase.name))
        clock.advance()
        if is_coarse:
            _take_references(world, params)
    _take_references(world, params)
    world.gate.unlock()
    forget_closed(world)


def _take_references(world: World, params: Params) -> None:
    """Set opening threat, case load, experience and research to what they are now."""
    opening = params.opening
    states, dyads, lines = world.states, world.dyads, world.lines
    world.gate.unlock()
    force = strength(
        against_frontier(world).sum(axis=1),
        states.burden * states.gdp,
        params.assessing.capability_weight,
    )
    states.opening_strength = force
    background = params.assessing.background * force
    states.threat = states.opening_threat = background + summed_strength(
        dyads.hostility * dyads.proximity, force
    )
    states.spill_in = states.opening_spill_in = force + summed_strength(dyads.allied * dyads.proximity, force)
    states.opening_case_load = states.case_load
    lines.opening_experience = np.maximum(lines.experience, opening.least_experience)
    states.opening_research_stock = states.research_stock
    states.opening_trade_deficit = states.trade_deficit
    states.opening_research_effort = states.burden * states.research_share
    dyads.opening_alignment = dyads.alignment
    dyads.opening_warmth = standing_warmth(world, params.allying)
    world.firms.cash = opening.opening_cash * world.firms.smoothed_revenue
    # Counted from the opening: what was paid while settling is no history.
    states.household_balance = states.civil_balance = states.finance_balance = 0.0
