"""Plants deliver what capacity, parts and money allow; fleets grow, age and stay ready or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.phase import phase
from deftrade.core.posting import Party, civil, government, post
from deftrade.core.tables import (
    Alliances,
    Categories,
    Contracts,
    Dyads,
    Firms,
    Fleets,
    Lines,
    Obligations,
    Postings,
    States,
    Tenders,
)
from deftrade.core.tables.codes import Item, Sector
from deftrade.phases.producing.consequences import pay_royalties, run_plants
from deftrade.phases.producing.extending import extend_service
from deftrade.phases.producing.fulfilling import credit_offsets
from deftrade.phases.producing.maintaining import age_fleets, keep_ready, receive, retire
from deftrade.phases.producing.params import ProducingParams
from deftrade.phases.producing.training import train_people
from deftrade.phases.producing.working import advance_work, pay_suppliers, plan_work
from deftrade.phases.shared.contracts import cancel_embargoed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.world import World


@phase(
    ProducingParams,
    reads=(
        Alliances.kind,
        Alliances.member,
        Alliances.cohesion,
        Alliances.technology_sharing,
        Categories.lifetime,
        Categories.declining_balance,
        Categories.labour_intensity,
        Categories.capacity_growth,
        Categories.market_price,
        Categories.quality_effect,
        Dyads.embargo_years,
        Dyads.support_embargo_years,
        Dyads.veto_years,
        Firms.home,
        Firms.margin,
        Firms.mark_up,
        Firms.workers,
        Firms.workload,
        Firms.civil_revenue,
        Firms.is_active,
        Fleets.holder,
        Fleets.origin,
        Fleets.category,
        Fleets.support_need,
        Fleets.donated,
        Lines.uid,
        Lines.firm,
        Lines.home,
        Lines.category,
        Lines.design_origin,
        Lines.component_source,
        Lines.component_share,
        Lines.is_active,
        States.rung,
        States.technology_release,
        States.support_budget,
        States.life_extension,
        Contracts.buyer,
        Contracts.supplier,
        Contracts.line,
        Contracts.firm,
        Contracts.partner,
        Contracts.category,
        Contracts.kind,
        Contracts.mode,
        Contracts.fleet,
        Contracts.source_fleet,
        Contracts.volume,
        Contracts.quality,
        Contracts.price,
        Contracts.rent_share,
        Contracts.credit_share,
        Contracts.loan_share,
        Contracts.package_share,
        Contracts.down_payment,
        Contracts.lead,
        Contracts.span,
        Contracts.local_share,
        Tenders.status,
        Obligations.firm,
        Obligations.beneficiary,
        Obligations.category,
        Obligations.amount,
        Obligations.horizon,
        Obligations.contract,
    ),
    writes=(
        Contracts.progress,
        Contracts.paid,
        Contracts.delivered,
        Contracts.status,
        Contracts.stalled,
        Contracts.ended,
        Dyads.deliveries,
        Dyads.relation,
        Dyads.exports,
        Dyads.loans,
        Firms.cash,
        Firms.revenue,
        Firms.export_revenue,
        Firms.output,
        Firms.component_output,
        Firms.rents,
        Firms.bought_in,
        Firms.costs,
        Fleets.volume,
        Fleets.quality,
        Fleets.age,
        Fleets.readiness,
        Fleets.support_received,
        Fleets.support_contract,
        Fleets.support_tender,
        Fleets.recent_deliveries,
        Fleets.delivered,
        Fleets.retired,
        Fleets.extended,
        Fleets.lost,
        Fleets.transferred,
        Fleets.loss_share,
        Lines.capacity,
        Lines.load,
        Lines.parts,
        Lines.fill,
        Lines.backlog,
        Lines.output,
        Lines.experience,
        Obligations.credited,
        Obligations.spent,
        Obligations.penalised,
        Obligations.years_left,
        Obligations.is_open,
        States.procurement_fund,
        States.technology_fund,
        States.commitments,
        States.extended_share,
        States.fleet_stretch,
        States.usable_capability,
        States.readiness,
        States.fiscal_cost,
        States.package_training,
        States.learning_licensed,
        States.learning_offset,
        States.learning_purchased,
        States.production_experience,
    ),
    appends=(Postings,),
)
def producing(world: World, params: ProducingParams) -> None:
    """Work, deliver, pay, credit offsets, support fleets, retire what is worn out."""
    cancel_embargoed(world, params.stall_patience)
    plan = plan_work(world, params)
    done = advance_work(world, params, plan)
    receive(world, done)
    pay_suppliers(world, params, plan, done)
    pay_royalties(world, params.royalty_rate)
    credit_offsets(world, params, done)
    train_people(world, params, done)
    _sell_civil(world)
    overhaul = extend_service(world, params, done.support_paid)
    _buy_operations(world, done.support_paid + overhaul)
    run_plants(world, params, plan, done)
    _adapt_plants(world, params)
    retire(world)
    age_fleets(world)
    keep_ready(world, params)


def _sell_civil(world: World) -> None:
    """Post what firms sell outside defence, and what it costs them at the same margin."""
    firms, clock = world.firms, world.clock
    sales = np.where(firms.is_active, clock.flow(firms.civil_revenue), 0.0)
    cost = sales / (1 + firms.margin)
    firms.revenue = firms.revenue + sales
    firms.costs = firms.costs + cost
    firms.cash = firms.cash + sales - cost
    makers = _firm_party(world, np.arange(len(firms)))
    post(world, Item.CIVIL_SALES, civil(firms.home), makers, sales)
    post(world, Item.MATERIALS, makers, civil(firms.home), cost)


def _firm_party(world: World, rows: NDArray[np.int64]) -> Party:
    """Return firms as a party to payments."""
    return Party(Sector.FIRM, rows, world.firms.home[rows])


def _buy_operations(world: World, spent: NDArray[np.float64]) -> None:
    """Spend what support and overhaul leave of the operations budget in the civil economy."""
    states = world.states
    rows = np.arange(len(states))
    post(
        world,
        Item.OPERATIONS,
        government(rows),
        civil(rows),
        states.support_budget - spent,
    )


def _adapt_plants(world: World, params: ProducingParams) -> None:
    """Let capacity follow the load within ceilings, and experience grow and fade.

    Capacity after L§4.5: growth is bounded by a ceiling whatever the order book, and the ceiling is
    higher for simple series products than for complex platforms.
    """
    lines, clock = world.lines, world.clock
    # Full order books call for plant too: schedules quoted by backlog would hide the shortage.
    wanted = np.maximum(lines.load / params.utilisation, lines.backlog / params.backlog_years)
    ceiling = clock.grow(np.maximum(world.categories.capacity_growth, params.capacity_floor))
    most = ceiling[lines.category]
    least = clock.grow(-params.capacity_shrink)
    lines.capacity = np.where(
        lines.is_active, wanted.clip(lines.capacity * least, lines.capacity * most), lines.capacity
    )
    lines.experience = lines.experience * clock.keep(params.experience_kept) + lines.output
