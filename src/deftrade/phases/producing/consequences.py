"""What work leaves behind: royalties to pay, practice, learning and habits of trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import at_pairs, pick, total, total2
from deftrade.core.posting import Party, civil, post
from deftrade.core.tables.codes import ContractKind, Item, Sector
from deftrade.phases.bidding.releasing import readiness, taught
from deftrade.phases.producing.working import royalties, trade
from deftrade.phases.shared.lines import largest_lines

if TYPE_CHECKING:
    from deftrade.core.world import World
    from deftrade.phases.producing.params import ProducingParams
    from deftrade.phases.producing.working import Plan, Work


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


def run_plants(world: World, params: ProducingParams, plan: Plan, done: Work) -> None:
    """Remember work and deliveries as experience, relation and learning."""
    _learn_from_work(world, params, plan, done)
    lines, states = world.lines, world.states
    made = total2(lines.home, lines.category, lines.output, states.production_experience.shape)
    kept = states.production_experience * world.clock.keep(params.craft_kept)
    states.production_experience = kept + made
    _remember_deliveries(world, params, plan, done)


def _learn_from_work(world: World, params: ProducingParams, plan: Plan, done: Work) -> None:
    """Read off shared work and bought know-how by state and category."""
    contracts, states, terms = world.contracts, world.states, plan.terms
    shape = len(states), len(world.categories)
    shared = np.flatnonzero(plan.local)
    buyer, category = terms.buyer[shared], contracts.category[done.rows[shared]]
    teaches = taught(at_pairs(readiness(world), terms.supplier[shared], buyer), params.explained)
    local = plan.local[shared] * done.value[shared]
    states.learning_licensed = total2(buyer, category, local * teaches, shape)
    bought = np.flatnonzero(terms.kind == ContractKind.TECHNOLOGY.value)
    category = contracts.category[done.rows[bought]]
    states.learning_purchased = total2(terms.buyer[bought], category, done.value[bought], shape)


def _remember_deliveries(world: World, params: ProducingParams, plan: Plan, done: Work) -> None:
    """Let habits of trade and memories of deliveries follow what came."""
    contracts, dyads, fleets, clock = world.contracts, world.dyads, world.fleets, world.clock
    shape = dyads.deliveries.shape
    keep = clock.keep(params.habit)
    arrived = np.flatnonzero(done.delivered)
    row, volume = done.rows[arrived], done.delivered[arrived]
    # Records count as the register does, by what came and how good it was, not by what it can do.
    worth = volume * contracts.quality[row]
    buyer, supplier = plan.terms.buyer[arrived], plan.terms.supplier[arrived]
    abroad = np.flatnonzero(buyer != supplier)
    importer, exporter = buyer[abroad], supplier[abroad]
    dyads.deliveries = total2(exporter, importer, volume[abroad], shape)
    given = clock.per_year(total2(exporter, importer, worth[abroad], shape))
    dyads.relation *= keep
    dyads.relation += (1 - keep) * given
    recent = clock.per_year(total(contracts.fleet[row], worth, len(fleets)))
    fleets.recent_deliveries = fleets.recent_deliveries * keep + (1 - keep) * recent
