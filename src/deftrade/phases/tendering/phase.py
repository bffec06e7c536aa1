"""States compare what they have and ordered with what the budget can keep, and go to market."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import pick, ratio
from deftrade.core.draws import mix
from deftrade.core.phase import phase
from deftrade.core.posting import Verdict, log
from deftrade.core.tables import (
    Alliances,
    Applications,
    Categories,
    Contracts,
    Decisions,
    Environment,
    Fleets,
    Lines,
    States,
    Tenders,
)
from deftrade.core.tables.codes import ContractKind, DecisionKind, LicenceStatus, TenderStatus
from deftrade.phases.shared.lines import has_lines
from deftrade.phases.shared.packages import awaits_support
from deftrade.phases.tendering.affording import Requirements, afford
from deftrade.phases.tendering.params import TenderingParams
from deftrade.phases.tendering.planning import Orders, Stocks, look_around, take_stock, triggers
from deftrade.phases.tendering.reconsidering import reconsider
from deftrade.phases.tendering.supporting import support_tenders

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Int
    from deftrade.core.world import World


@phase(
    TenderingParams,
    reads=(
        Categories.uid,
        Categories.demand_share,
        Categories.smallest_order,
        Categories.lead_time,
        Categories.delivery_span,
        Categories.lifetime,
        Categories.declining_balance,
        Categories.support_rate,
        Categories.rung_assembly,
        Categories.rung_licence,
        Categories.market_price,
        Categories.frontier_quality,
        States.uid,
        States.productivity,
        States.exchange_tightness,
        States.exchange_strain,
        States.oil_share,
        States.know_how,
        States.rung,
        States.threat,
        States.opening_threat,
        States.procurement_budget,
        States.procurement_fund,
        States.commitments,
        States.usual_price,
        States.extended_share,
        States.fleet_stretch,
        States.technology_fund,
        States.localisation_target,
        States.offset_rate,
        States.offset_threshold,
        States.licence_demand,
        Environment.oil_gap,
        Environment.oil_shock,
        Alliances.uid,
        Alliances.member,
        Alliances.pooled_share,
        Contracts.buyer,
        Contracts.supplier,
        Contracts.price,
        Contracts.paid,
        Contracts.credit_share,
        Contracts.loan_share,
        Contracts.category,
        Contracts.kind,
        Contracts.status,
        Contracts.volume,
        Contracts.delivered,
        Contracts.fleet,
        Contracts.support_years,
        Fleets.uid,
        Fleets.holder,
        Fleets.category,
        Fleets.volume,
        Fleets.age,
        Fleets.support_contract,
        Lines.home,
        Lines.category,
        Lines.is_active,
    ),
    writes=(
        Applications.status,
        States.target_volume,
        States.on_order,
        States.order_trigger,
        States.tender_ordinal,
        States.technology_ordinal,
        Fleets.support_need,
        Fleets.support_tender,
        Fleets.support_ordinal,
    ),
    appends=(Tenders, Decisions),
)
def tendering(world: World, params: TenderingParams) -> None:
    """Withdraw or ease stale tenders and publish new ones for equipment, support and technology."""
    _withdraw(world, params)
    made, orders = has_lines(world), look_around(world)
    reconsider(world, params, made)
    stock = take_stock(world, params, orders)
    _publish(world, params, stock, orders, made)
    support_tenders(world, params)
    _technology_tenders(world, params, made.any(axis=1) & ~orders.learns)


def _withdraw(world: World, params: TenderingParams) -> None:
    """End tenders without result within patience or need, and what is still applied for."""
    tenders, applications, clock = world.tenders, world.applications, world.clock
    waiting = np.flatnonzero(tenders.status < int(TenderStatus.APPROVED))
    needless = pick(awaits_support(world), tenders.fleet[waiting], False)
    waited = clock.since(tenders.opened[waiting])
    late = np.flatnonzero(needless | (waited >= params.patience))
    stale, waited = waiting[late], waited[late]
    tenders.status[stale] = TenderStatus.WITHDRAWN
    tenders.closed[stale] = clock.step
    pending = tenders.application[stale]
    pending = pending[pending >= 0]
    pending = pending[applications.status[pending] == int(LicenceStatus.PENDING)]
    applications.status[pending] = LicenceStatus.WITHDRAWN
    log(
        world,
        DecisionKind.WITHDRAWAL,
        tenders.buyer[stale],
        tenders.uid[stale],
        stale,
        Verdict(chosen=0, margin=waited),
    )


class Wants(NamedTuple):
    """Rows of ``(state, category)`` that go to market, and their joint pool (-1 alone)."""

    buyer: Int
    category: Int
    pool: Int


def _wanted(world: World, params: TenderingParams, stock: Stocks) -> Wants:
    """Return who orders what now: alone, or with pool partners that join."""
    states, categories, alliances = world.states, world.categories, world.alliances
    urgency = ratio(states.threat, states.opening_threat, otherwise=1.0).clip(1e-6)
    trigger = states.order_trigger * stock.target * elementary.power(urgency, -params.urgency)[:, None]
    able = ~stock.is_open & (stock.value >= categories.smallest_order)
    wants = able & (stock.gap >= trigger)
    pool = np.full(wants.shape, -1)
    pooled = np.ones(wants.shape)
    state, category = np.nonzero(able)
    uid = mix(states.uid[state], categories.uid[category], states.tender_ordinal[state, category])
    pooled[state, category] = world.draws.uniform("tendering.pool", uid)
    ready = stock.gap >= params.join_share * trigger
    for row in np.flatnonzero(alliances.pooled_share > 0):
        member = alliances.member[row]
        willing = (pooled < alliances.pooled_share[row]) & member[:, None] & able & (pool < 0)
        leads = (wants & willing).any(axis=0)
        joins = willing & leads & ready
        joins &= joins.sum(axis=0) > 1
        pool[joins] = row
        wants |= joins
    buyer, category = np.nonzero(wants)
    return Wants(buyer, category, pool[buyer, category])


def _publish(world: World, params: TenderingParams, stock: Stocks, orders: Orders, made: Bool) -> None:
    """Append equipment tenders as far as the budget and foreign exchange have room."""
    states, categories = world.states, world.categories
    buyer, category, pool = _wanted(world, params, stock)
    smallest, needed = categories.smallest_order[category], stock.value[buyer, category]
    # Large requirements are bought in batches.
    batch = params.largest_order * world.clock.per_year(states.procurement_budget)[buyer]
    allowed = np.minimum(ratio(np.maximum(batch, smallest), needed, otherwise=1.0), 1.0)
    volume, value = stock.gap[buyer, category] * allowed, needed * allowed
    wanted = Requirements(buyer, value, ~made[buyer, category])
    scale = afford(world, params, orders, made, wanted)
    kept = np.flatnonzero(value * scale >= smallest)
    buyer, category, pool = buyer[kept], category[kept], pool[kept]
    volume, value = (volume * scale)[kept], (value * scale)[kept]
    tenders = world.tenders
    state_id, category_id = states.uid[buyer], categories.uid[category]
    ordinal = states.tender_ordinal[buyer, category]
    uid = mix(state_id, category_id, int(ContractKind.EQUIPMENT), ordinal)
    states.tender_ordinal[buyer, category] = ordinal + 1
    later = mix(state_id, category_id, ordinal + 1)
    states.order_trigger[buyer, category] = triggers(world, params, later)
    rows = tenders.append(len(kept))
    tenders.uid[rows] = uid
    tenders.buyer[rows] = buyer
    tenders.category[rows] = category
    tenders.kind[rows] = ContractKind.EQUIPMENT
    tenders.opened[rows] = world.clock.step
    tenders.volume[rows] = volume
    tenders.value[rows] = value
    _set_conditions(world, params, rows, made)
    _join_pools(world, rows, pool)


def _set_conditions(world: World, params: TenderingParams, rows: Int, has_line: Bool) -> None:
    """Set what new tenders demand: licence, work share, offset, used equipment."""
    states, categories, tenders, draws = world.states, world.categories, world.tenders, world.draws
    buyer, category, uid = tenders.buyer[rows], tenders.category[rows], tenders.uid[rows]
    rung = states.rung[buyer, category]
    # Without a line at home there is nobody to share the work with, unless a large order founds one.
    made, value = has_line[buyer, category], tenders.value[rows]
    founds = value >= params.licence_value
    can_assemble = rung >= categories.rung_assembly[category]
    assembles = made & can_assemble
    builds = rung >= categories.rung_licence[category]
    able = (made | founds) & can_assemble
    licensed = able & (draws.uniform("tendering.licence", uid) < states.licence_demand[buyer])
    tenders.wants_licence[rows] = licensed
    starts = params.starter_share * made
    target = states.localisation_target[buyer] * np.where(assembles, 1.0, starts)
    # Building under licence is work at home by itself; below its rung only assembly is.
    work = params.licence_work * np.where(builds, 1.0, params.assembly_work) * licensed
    tenders.local_share[rows] = np.maximum(target, work)
    large = value >= states.offset_threshold[buyer]
    tenders.offset_rate[rows] = np.where(large, states.offset_rate[buyer], 0.0)
    poverty = (1 - states.productivity[buyer] / params.rich_productivity).clip(0, 1)
    tenders.accepts_used[rows] = draws.uniform("tendering.used", uid) < params.used_acceptance * poverty


def _join_pools(world: World, rows: Int, pool: Int) -> None:
    """Give joint tenders their common key and number of partners; single ones stay alone."""
    tenders, alliances = world.tenders, world.alliances
    joint = np.flatnonzero(pool >= 0)
    if not len(joint):
        return
    group = pool[joint] * len(world.categories) + tenders.category[rows[joint]]
    _, inverse, counts = np.unique(group, return_inverse=True, return_counts=True)
    real = counts[inverse] > 1
    joint, partners = joint[real], counts[inverse][real]
    tenders.pool[rows[joint]] = pool[joint]
    tenders.partners[rows[joint]] = partners
    tenders.pool_key[rows[joint]] = mix(
        alliances.uid[pool[joint]],
        world.categories.uid[tenders.category[rows[joint]]],
        world.clock.date_id,
    )


def _technology_tenders(world: World, params: TenderingParams, able: Bool) -> None:
    """Spend filled technology funds where the gap to the frontier is worth most.

    ``able`` are states with an industry that is not learning already, ``(states,)``.
    """
    states, categories, tenders = world.states, world.categories, world.tenders
    buyer = np.flatnonzero(able & (states.technology_fund >= params.technology_fee))
    if not len(buyer):
        return
    behind = 1 - states.know_how[buyer] / categories.frontier_quality
    category = np.argmax(behind * categories.demand_share, axis=1)
    rows = tenders.append(len(buyer))
    tenders.uid[rows] = mix(
        states.uid[buyer],
        categories.uid[category],
        int(ContractKind.TECHNOLOGY),
        states.technology_ordinal[buyer],
    )
    states.technology_ordinal[buyer] += 1
    tenders.buyer[rows] = buyer
    tenders.category[rows] = category
    tenders.kind[rows] = ContractKind.TECHNOLOGY
    tenders.opened[rows] = world.clock.step
    tenders.value[rows] = states.technology_fund[buyer]
