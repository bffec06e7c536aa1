"""End-use checks, diversions and what follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import total
from deftrade.core.phase import phase
from deftrade.core.posting import Verdict, log
from deftrade.core.tables import (
    Applications,
    Categories,
    Contracts,
    Decisions,
    Dyads,
    Postings,
    States,
    Tenders,
)
from deftrade.core.tables.codes import ContractKind, ContractStatus, DecisionKind
from deftrade.phases.licensing.agency import pay_agency
from deftrade.phases.monitoring.params import MonitoringParams
from deftrade.phases.monitoring.preventing import measure_refusals

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World


@phase(
    MonitoringParams,
    reads=(
        Applications.tender,
        Applications.exporter,
        Applications.buyer,
        Applications.category,
        Applications.kind,
        Applications.line,
        Applications.value,
        Applications.decided,
        Applications.status,
        Categories.lead_time,
        Categories.delivery_span,
        Categories.labour_intensity,
        Categories.sensitivity,
        Contracts.uid,
        Contracts.buyer,
        Contracts.supplier,
        Contracts.category,
        Contracts.kind,
        Contracts.status,
        Contracts.signed,
        Contracts.tender,
        Contracts.delivered,
        Contracts.volume,
        Contracts.price,
        Dyads.alignment,
        Dyads.hostility,
        States.uid,
        States.governance,
        States.internal_conflict,
        States.know_how,
        States.end_use_checks,
        States.productivity,
        Tenders.years,
    ),
    writes=(
        Dyads.embargo_years,
        States.diversion_record,
        States.caution,
        States.leaked,
        States.checks,
        States.diversions,
        States.diverted_value,
        States.findings,
        States.control_cost,
        States.fiscal_cost,
        States.jobs_forgone,
        States.prevented_by_checks,
        States.prevented_by_refusals,
        States.refused_supplied,
    ),
    appends=(Decisions, Postings),
)
def monitoring(world: World, params: MonitoringParams) -> None:
    """Draw diversions of exported goods, find some of them, and let records and rivals respond."""
    states, contracts, clock = world.states, world.contracts, world.clock
    size = len(states)
    states.leaked = 0.0
    states.diversion_record = states.diversion_record * clock.keep(params.record_kept)
    states.caution = states.caution * clock.keep(params.caution_kept)
    rows = np.flatnonzero(contracts.status == int(ContractStatus.ACTIVE))
    rows = rows[(contracts.kind[rows] == int(ContractKind.EQUIPMENT)) & (contracts.delivered[rows] > 0)]
    buyer, exporter = contracts.buyer[rows], contracts.supplier[rows]
    abroad = np.flatnonzero(exporter != buyer)
    rows, buyer, exporter = rows[abroad], buyer[abroad], exporter[abroad]
    checks = states.end_use_checks
    states.checks = total(exporter, clock.flow(checks)[exporter], size)
    pay_agency(world, params.check_cost * states.checks)
    unchecked = _unchecked_hazard(world, params, buyer, contracts.category[rows])
    left = deterred(checks, params)
    chance = clock.chance(unchecked * left[exporter])
    luck = world.draws.uniform("monitoring.diversion", contracts.uid[rows], clock.date_id)
    _account(world, params, rows[luck < chance])
    saved = _value_delivered(world, rows) * (clock.chance(unchecked) - chance)
    states.prevented_by_checks = total(exporter, saved, size)

    def hazard_of(exporter: Int, buyer: Int, category: Int) -> Float:
        unchecked = _unchecked_hazard(world, params, buyer, category)
        return np.asarray(unchecked * left[exporter], dtype=np.float64)

    measure_refusals(world, hazard_of)


def deterred(checked: Float, params: MonitoringParams) -> Float:
    """Return the share of the hazard that is left where a share of exports is checked, shape as given."""
    return np.asarray(elementary.exp(-params.deterrence * checked), dtype=np.float64)


def _unchecked_hazard(world: World, params: MonitoringParams, buyer: Int, category: Int) -> Float:
    """Return the hazard of diversion without checks, shape ``(orders,)``, 1/yr."""
    states = world.states
    risk = diversion_risk(states.governance, states.internal_conflict, params.misrule_base)
    sensitivity = params.sensitivity_base + world.categories.sensitivity
    return np.asarray((params.diversion_hazard * risk)[buyer] * sensitivity[category], dtype=np.float64)


def _value_delivered(world: World, rows: Int) -> Float:
    """Return the price of what contracts have delivered, shape ``(rows,)``, MUSD."""
    contracts = world.contracts
    price = contracts.price[rows] * contracts.delivered[rows] / contracts.volume[rows]
    return np.asarray(price, dtype=np.float64)


def diversion_risk(governance: Float, conflict: Float, base: float) -> Float:
    """Return relative risk of diversion from misrule and conflict, 0 to 1, shape as given."""
    risk = (1 - governance) * (base + (1 - base) * conflict)
    return np.asarray(risk.clip(0, 1), dtype=np.float64)


def _account(world: World, params: MonitoringParams, rows: Int) -> None:
    """Count diversions, find some, and pass on what they teach."""
    states, contracts, clock = world.states, world.contracts, world.clock
    buyer, exporter = contracts.buyer[rows], contracts.supplier[rows]
    size = len(states)
    value = _value_delivered(world, rows)
    states.diversions = total(exporter, 1.0, size)
    states.diverted_value = total(exporter, value, size)
    _leak(world, params, rows)
    log(world, DecisionKind.DIVERSION, buyer, contracts.uid[rows], rows, Verdict(1, exporter, value))
    chance = (
        params.detection + (1 - params.detection) * params.check_power * (states.end_use_checks[exporter])
    )
    luck = world.draws.uniform("monitoring.finding", contracts.uid[rows], clock.date_id)
    found = luck < chance
    states.findings = total(exporter[found], 1.0, size)
    raised = states.diversion_record + params.record_step * total(buyer[found], 1.0, size)
    states.diversion_record = np.minimum(raised, 1.0)
    states.caution = states.caution + params.caution_step * states.findings
    log(
        world,
        DecisionKind.FINDING,
        exporter[found],
        contracts.uid[rows[found]],
        rows[found],
        Verdict(1, buyer[found], value[found]),
    )
    _sanction(world, params, rows[found])


def _sanction(world: World, params: MonitoringParams, rows: Int) -> None:
    """Let exporters whose goods were found diverted stop arming the buyer for some years."""
    contracts, dyads = world.contracts, world.dyads
    buyer, exporter = contracts.buyer[rows], contracts.supplier[rows]
    chance = params.sanction_chance * (1 - dyads.alignment[exporter, buyer].clip(0, 1))
    luck = world.draws.uniform("monitoring.sanction", contracts.uid[rows], world.clock.date_id)
    hit = np.flatnonzero(luck < chance)
    pair = exporter[hit], buyer[hit]
    left = dyads.embargo_years.copy()
    left[pair] = np.maximum(left[pair], params.sanction_years)
    dyads.embargo_years = left
    log(
        world,
        DecisionKind.DIVERSION_EMBARGO,
        exporter[hit],
        contracts.uid[rows[hit]],
        rows[hit],
        Verdict(1, buyer[hit], chance[hit] - luck[hit]),
    )


def _leak(world: World, params: MonitoringParams, rows: Int) -> None:
    """Let the exporter's most hostile rival learn from diverted goods."""
    states, contracts = world.states, world.contracts
    exporter, category = contracts.supplier[rows], contracts.category[rows]
    # Of equally hostile rivals the first by id learns: rows must not matter.
    order = np.argsort(states.uid)
    rival = order[world.dyads.hostility[exporter][:, order].argmax(axis=1)]
    hostile = world.dyads.hostility[exporter, rival] > 0
    gap = states.know_how[exporter, category] - states.know_how[rival, category]
    gained = params.leaks * params.leak * np.maximum(gap, 0) * hostile
    np.add.at(states.leaked, (rival, category), gained)
