"""Firms hire towards their workload from a pool of skilled workers that training enlarges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import ratio, total
from deftrade.core.phase import phase
from deftrade.core.posting import Party, civil, government, households, post
from deftrade.core.tables import Categories, Environment, Firms, Lines, Postings, States
from deftrade.core.tables.codes import CLIPS, Item, Sector
from deftrade.phases.hiring.params import HiringParams

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World


_POOL = CLIPS.index("skilled_pool")


@phase(
    HiringParams,
    reads=(
        Categories.labour_intensity,
        Firms.home,
        Firms.is_active,
        Firms.state_share,
        Firms.component_output,
        Lines.firm,
        Lines.category,
        Lines.load,
        Lines.parts,
        Lines.capacity,
        Lines.is_active,
        States.trend_growth,
        States.gdp,
        States.training_places,
        States.package_training,
        States.learning_purchased,
    ),
    writes=(
        Firms.cash,
        Firms.costs,
        Firms.workers,
        Firms.workload,
        States.productivity,
        States.skilled_pool,
        States.employed,
        States.wage_pressure,
        States.fiscal_cost,
        Environment.clipped,
        Environment.considered,
    ),
    appends=(Postings,),
)
def hiring(world: World, params: HiringParams) -> None:
    """Move workforces towards workloads, pay wages, train."""
    firms, lines, states, clock = world.firms, world.lines, world.states, world.clock
    jobs = needed_jobs(
        np.minimum(lines.load, lines.capacity) * lines.parts * lines.is_active,
        world.categories.labour_intensity[lines.category],
        states.productivity[firms.home[lines.firm]],
    )
    parts = clock.per_year(firms.component_output) / states.productivity[firms.home]
    firms.workload = total(lines.firm, jobs, len(firms)) + parts
    goal = firms.workload * (1 + params.overhead)
    most = firms.workers * clock.grow(params.hiring_ceiling) + clock.flow(params.hiring_team)
    layoffs = params.layoff_ceiling * (1 - params.soft_budget * firms.state_share)
    least = firms.workers * clock.grow(-layoffs)
    wanted = np.where(firms.is_active, np.clip(goal, least, most), 0.0)
    _fill_posts(world, params, wanted)
    trend = states.trend_growth * params.productivity_trend
    states.productivity = states.productivity * clock.grow(trend)
    _train(world, params)
    pay = clock.flow(
        firms.workers
        * params.wage_share
        * states.productivity[firms.home]
        * (1 + states.wage_pressure[firms.home])
    )
    firms.cash = firms.cash - pay
    firms.costs = firms.costs + pay
    payer = Party(Sector.FIRM, np.arange(len(firms)), firms.home)
    post(world, Item.WAGES, payer, households(firms.home), pay)


def needed_jobs(load: Float, intensity: Float, productivity: Float) -> Float:
    """Return jobs that a yearly load needs, shape ``(lines,)``.

    Parameters
    ----------
    load : (lines,) float, MUSD/yr
    intensity : (lines,) float, relative
    productivity : (lines,) float, MUSD a job and year
    """
    return load * intensity / productivity


def _fill_posts(world: World, params: HiringParams, wanted: Float) -> None:
    """Fill posts from the skilled pool; where it is short all firms go short alike."""
    firms, states, env = world.firms, world.states, world.environment
    size = len(states)
    growth = np.maximum(wanted - firms.workers, 0)
    base = np.minimum(wanted, firms.workers)
    free = states.skilled_pool - total(firms.home, base, size)
    asked = total(firms.home, growth, size)
    served = ratio(np.maximum(free, 0), asked, otherwise=1.0).clip(0, 1)
    env.clipped[0, _POOL] += np.count_nonzero(served < 1)
    env.considered[0, _POOL] += size
    firms.workers = base + growth * served[firms.home]
    states.employed = total(firms.home, firms.workers, size)
    used = ratio(states.employed, states.skilled_pool)
    states.wage_pressure = params.wage_response * np.maximum(used - params.tight_pool, 0)


def long_run_pool(world: World, params: HiringParams) -> Float:
    """Return the skilled pool that employment and the economy sustain, shape ``(states,)``, jobs."""
    states = world.states
    floor = params.pool_floor * states.gdp / states.productivity
    return np.asarray(states.employed * (1 + params.pool_slack) + floor, dtype=np.float64)


def _train(world: World, params: HiringParams) -> None:
    """Let the pool follow employment, and add the places that policy pays for."""
    states, clock = world.states, world.clock
    follow = clock.share(params.pool_growth)
    goal = long_run_pool(world, params)
    places = clock.flow(states.training_places * states.skilled_pool)
    # Sellers of know-how teach people too; the contract has paid for them.
    taught = params.taught * states.learning_purchased.sum(axis=1)
    pool = states.skilled_pool + follow * (goal - states.skilled_pool) + places
    states.skilled_pool = pool + states.package_training + taught
    cost = places * params.training_cost
    rows = np.arange(len(states))
    post(world, Item.TAX, households(rows), government(rows), cost)
    post(world, Item.TRAINING, government(rows), civil(rows), cost)
    states.fiscal_cost = states.fiscal_cost + cost
