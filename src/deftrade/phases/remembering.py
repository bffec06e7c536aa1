"""What work and deliveries leave behind: practice, learning, habits of trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.arrays import cells, total, total2
from deftrade.phases.releasing import readiness, taught
from deftrade.tables.codes import ContractKind

if TYPE_CHECKING:
    from deftrade.phases.working import Plan, Work, WorkParams
    from deftrade.world import World


def run_plants(world: World, params: WorkParams, plan: Plan, done: Work) -> None:
    """Remember work and deliveries as experience, relation and learning."""
    _learn_from_work(world, params, plan, done)
    lines, states = world.lines, world.states
    made = total2(lines.home, lines.category, lines.output, states.production_experience.shape)
    kept = states.production_experience * world.clock.keep(params.craft_kept)
    states.production_experience = kept + made
    _remember_deliveries(world, params, plan, done)


def _learn_from_work(world: World, params: WorkParams, plan: Plan, done: Work) -> None:
    """Read off shared work and bought know-how by state and category."""
    contracts, states, terms = world.contracts, world.states, plan.terms
    shape = len(states), len(world.categories)
    shared = np.flatnonzero(plan.local)
    buyer, category = terms.buyer[shared], contracts.category[done.rows[shared]]
    teaches = taught(cells(readiness(world), terms.supplier[shared], buyer), params.explained)
    local = plan.local[shared] * done.value[shared]
    states.learning_licensed = total2(buyer, category, local * teaches, shape)
    bought = np.flatnonzero(terms.kind == ContractKind.TECHNOLOGY.value)
    category = contracts.category[done.rows[bought]]
    states.learning_purchased = total2(terms.buyer[bought], category, done.value[bought], shape)


def _remember_deliveries(world: World, params: WorkParams, plan: Plan, done: Work) -> None:
    """Let habits of trade and memories of deliveries follow what came."""
    contracts, dyads, fleets, clock = world.contracts, world.dyads, world.fleets, world.clock
    shape = dyads.deliveries.shape
    keep = clock.keep(params.habit)
    arrived = np.flatnonzero(done.delivered)
    row, volume = done.rows[arrived], done.delivered[arrived]
    # What counts is the capability that came, not the number of plain units.
    capability = volume * contracts.quality[row]
    buyer, supplier = plan.terms.buyer[arrived], plan.terms.supplier[arrived]
    abroad = np.flatnonzero(buyer != supplier)
    importer, exporter = buyer[abroad], supplier[abroad]
    dyads.deliveries = total2(exporter, importer, volume[abroad], shape)
    given = clock.per_year(total2(exporter, importer, capability[abroad], shape))
    dyads.relation *= keep
    dyads.relation += (1 - keep) * given
    recent = clock.per_year(total(contracts.fleet[row], capability, len(fleets)))
    fleets.recent_deliveries = fleets.recent_deliveries * keep + (1 - keep) * recent
