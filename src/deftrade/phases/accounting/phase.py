"""Jobs gross and net, value added, trade, dependence and risk are read off the step's records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.core.arrays import product, ratio, total
from deftrade.core.balances import net_receipts
from deftrade.core.phase import phase
from deftrade.core.tables import Categories, Contracts, Dyads, Firms, Fleets, Lines, Postings, States
from deftrade.core.tables.codes import Sector
from deftrade.phases.accounting.employing import count_jobs
from deftrade.phases.accounting.params import AccountingParams
from deftrade.phases.accounting.trading import COLUMNS, count_trade
from deftrade.phases.shared.quality import fleet_effect

if TYPE_CHECKING:
    from deftrade.core.world import World


@phase(
    AccountingParams,
    reads=(
        Dyads.hostility,
        Dyads.proximity,
        Dyads.allied,
        Firms.home,
        Firms.workers,
        Firms.revenue,
        Firms.export_revenue,
        Firms.output,
        Firms.component_output,
        Firms.rents,
        Firms.bought_in,
        Fleets.holder,
        Fleets.origin,
        Fleets.volume,
        Fleets.quality,
        Fleets.category,
        Categories.quality_effect,
        Lines.home,
        Lines.output,
        Lines.component_share,
        Contracts.buyer,
        Contracts.kind,
        Contracts.local_share,
        Contracts.rent_share,
        Postings.item,
        Postings.amount,
        Postings.contract,
        Postings.payer,
        Postings.payee,
        Postings.payer_sector,
        Postings.payer_state,
        Postings.payee_sector,
        Postings.payee_state,
        States.gdp,
        States.opening_trade_deficit,
        States.productivity,
        States.personnel_spending,
        States.usable_capability,
        States.threat,
        States.opening_threat,
    ),
    writes=(
        States.exports,
        States.imports,
        *(column for pair in COLUMNS.values() for column in pair),
        States.exports_credit,
        States.imports_credit,
        States.exports_value_added,
        States.receipts_abroad,
        States.payments_abroad,
        States.jobs_direct,
        States.jobs_indirect,
        States.jobs_induced,
        States.jobs_civil,
        States.jobs_displaced,
        States.jobs_uniformed,
        States.jobs_net,
        States.export_jobs,
        States.value_added,
        States.household_balance,
        States.civil_balance,
        States.finance_balance,
        States.value_added_net,
        States.trade_deficit,
        States.exchange_strain,
        States.supplier_concentration,
        States.component_dependence,
        States.conflict_deterrence,
        States.conflict_spiral,
    ),
)
def accounting(world: World, params: AccountingParams) -> None:
    """Read the step's results for every state."""
    states, firms, size = world.states, world.firms, len(world.states)
    count_trade(world)
    _measure_dependence(world)
    made = firms.output + firms.rents + firms.component_output - firms.bought_in
    states.value_added = total(firms.home, made, size)
    count_jobs(world, params)
    _strain_exchange(world, params)
    _measure_risk(world)
    received = net_receipts(world)
    states.household_balance = states.household_balance + received[Sector.HOUSEHOLDS]
    states.civil_balance = states.civil_balance + received[Sector.CIVIL]
    states.finance_balance = states.finance_balance + received[Sector.FINANCE]


def _strain_exchange(world: World, params: AccountingParams) -> None:
    """Let foreign exchange grow scarcer where the arms trade deficit has risen."""
    states, clock = world.states, world.clock
    deficit = clock.per_year(states.payments_abroad - states.receipts_abroad) / states.gdp
    step = clock.share(params.exchange_pace)
    states.trade_deficit = states.trade_deficit + step * (deficit - states.trade_deficit)
    risen = states.trade_deficit - states.opening_trade_deficit
    states.exchange_strain = (params.exchange_feedback * risen).clip(-1, 1)


def _measure_dependence(world: World) -> None:
    """Measure concentration of arms by origin, and foreign content of home output."""
    states, fleets, lines = world.states, world.fleets, world.lines
    size = len(states)
    capability = fleets.volume * fleet_effect(world)
    by_origin = total(fleets.holder * size + fleets.origin, capability, size * size)
    matrix = by_origin.reshape(size, size)
    share = ratio(matrix, matrix.sum(axis=1, keepdims=True))
    share *= share
    states.supplier_concentration = share.sum(axis=1)
    foreign = lines.component_share.sum(axis=1) * lines.output
    states.component_dependence = ratio(
        total(lines.home, foreign, size), total(lines.home, lines.output, size)
    )


def _measure_risk(world: World) -> None:
    """Read conflict risk in two forms: strength deters, or strength alarms.

    Deterrence: risk falls with own and allied capability against hostile neighbours'. Spiral:
    risk grows with the arms of both sides. Neither feeds back.
    """
    states, dyads = world.states, world.dyads
    force = states.usable_capability.sum(axis=1)
    felt = dyads.hostility * dyads.proximity
    enemy = product(felt, force)
    friends = product(dyads.allied * dyads.proximity, force)
    states.conflict_deterrence = ratio(enemy, enemy + force + friends)
    exposure = felt.sum(axis=1)
    risen = ratio(states.threat, states.opening_threat, otherwise=1.0)
    states.conflict_spiral = exposure * risen
