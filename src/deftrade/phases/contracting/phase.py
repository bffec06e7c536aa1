"""Approved offers become contracts: schedule, overrun, offsets, local partner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import pick
from deftrade.core.draws import mix
from deftrade.core.phase import phase
from deftrade.core.tables import (
    Alliances,
    Categories,
    Contracts,
    Decisions,
    Dyads,
    Firms,
    Fleets,
    Lines,
    Obligations,
    States,
    Tenders,
)
from deftrade.core.tables.codes import ContractKind, ContractStatus, Mode, TenderStatus
from deftrade.phases.bidding.releasing import kept_share, readiness_between
from deftrade.phases.contracting.founding import found_licensees
from deftrade.phases.contracting.params import ContractingParams
from deftrade.phases.shared.contracts import REMEMBERED, REOPENED, reopen
from deftrade.phases.shared.lending import buyers_share
from deftrade.phases.shared.lines import has_lines, largest_lines
from deftrade.phases.shared.packages import begin_support, promise_support

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World


_EQUIPMENT, _SUPPORT, _TECHNOLOGY = (
    int(kind) for kind in (ContractKind.EQUIPMENT, ContractKind.SUPPORT, ContractKind.TECHNOLOGY)
)
_OFF_THE_SHELF, _LICENSED = int(Mode.OFF_THE_SHELF), int(Mode.LICENSED)
_SECOND_HAND, _CODEVELOPMENT = int(Mode.SECOND_HAND), int(Mode.CODEVELOPMENT)


@phase(
    ContractingParams,
    reads=(
        Alliances.kind,
        Alliances.member,
        Alliances.cohesion,
        Alliances.technology_sharing,
        Categories.uid,
        Categories.lead_time,
        Categories.delivery_span,
        Categories.market_price,
        Categories.support_rate,
        Dyads.support_embargo_years,
        States.uid,
        States.export_credit,
        States.package_loan,
        States.technology_release,
        Firms.smoothed_revenue,
        Tenders.uid,
        Tenders.buyer,
        Tenders.category,
        *REMEMBERED,
        Tenders.exporter,
        Tenders.line,
        Tenders.mode,
        Tenders.fleet,
        Tenders.price,
        Tenders.rent_share,
        Tenders.concession,
        Tenders.quality,
        Tenders.package_share,
        Tenders.stretch,
        Tenders.years,
        Tenders.local_share,
        Tenders.wants_licence,
        Tenders.partners,
        Tenders.offset_rate,
    ),
    writes=(
        *REOPENED,
        Tenders.closed,
        States.commitments,
        States.usual_price,
        Dyads.fleet_row,
        Lines.backlog,
        Fleets.support_contract,
    ),
    appends=(Contracts, Obligations, Fleets, Firms, Lines, Decisions),
)
def contracting(world: World, params: ContractingParams) -> None:
    """Sign every approved tender."""
    tenders = world.tenders
    begin_support(world)
    tender = np.flatnonzero(tenders.status == int(TenderStatus.APPROVED))
    alive = pick(world.lines.is_active, tenders.line[tender], True)
    # Where the seller has closed since, the buyer asks the market again.
    reopen(world, tender[~alive])
    tender = tender[alive]
    if not len(tender):
        return
    tenders.status[tender] = int(TenderStatus.SIGNED)
    tenders.closed[tender] = world.clock.step
    rows = _sign(world, params, tender)
    promise_support(world, params, rows)
    _schedule(world, params, rows)
    _attach_fleets(world, rows)
    _find_partners(world, params, rows)
    _owe_offsets(world, params, rows)
    _count_in(world, params, rows)


def _sign(world: World, params: ContractingParams, tender: Int) -> Int:
    """Append contracts with the terms of their tenders; overruns show in the price."""
    tenders, contracts, states = world.tenders, world.contracts, world.states
    rows = contracts.append(len(tender))
    contracts.uid[rows] = uid = tenders.uid[tender]
    contracts.tender[rows] = tender
    contracts.buyer[rows] = buyer = tenders.buyer[tender]
    contracts.supplier[rows] = supplier = tenders.exporter[tender]
    contracts.line[rows] = line = tenders.line[tender]
    made = line >= 0
    contracts.firm[rows] = pick(world.lines.firm, line, -1)
    contracts.category[rows] = tenders.category[tender]
    contracts.kind[rows] = kind = tenders.kind[tender]
    contracts.mode[rows] = mode = tenders.mode[tender]
    contracts.volume[rows] = tenders.volume[tender]
    contracts.quality[rows] = tenders.quality[tender]
    contracts.planned_price[rows] = price = tenders.price[tender]
    contracts.rent_share[rows] = tenders.rent_share[tender]
    equipment = kind == _EQUIPMENT
    overrun = cost_growth(mode, world.draws.normal("contracting.overrun", uid), params)
    contracts.price[rows] = price * np.where(equipment, overrun, 1.0)
    abroad = buyer != supplier
    credit = states.export_credit[supplier] + tenders.concession[tender]
    contracts.credit_share[rows] = np.where(equipment & abroad & made, credit, 0.0)
    contracts.down_payment[rows] = np.where(equipment, params.down_payment, 0.0)
    contracts.signed[rows] = world.clock.step
    return rows


def cost_growth(mode: NDArray[np.int8], luck: Float, params: ContractingParams) -> Float:
    """Return the ratio of final to planned price, lognormal, shape ``(contracts,)``.

    Arena et al. (2006) find a mean of 1.46 for US development programmes, as co-development is;
    production contracts, which the others are, grow less.
    """
    spread = np.full(len(Mode), params.overrun_spread)
    spread[_SECOND_HAND] = 0.0
    mean = np.zeros(len(Mode))
    mean[_OFF_THE_SHELF] = params.overrun_off_the_shelf
    mean[_LICENSED] = params.overrun_licensed
    mean[int(Mode.DOMESTIC)] = params.overrun_domestic
    mean[_CODEVELOPMENT] = elementary.log1p(params.overrun_codevelopment) - params.overrun_spread**2 / 2
    return elementary.exp(mean[mode] + spread[mode] * luck)


def _schedule(world: World, params: ContractingParams, rows: Int) -> None:
    """Set lead and span in years, with slips."""
    contracts, categories = world.contracts, world.categories
    category, mode, kind = contracts.category[rows], contracts.mode[rows], contracts.kind[rows]
    luck = world.draws.normal("contracting.slip", contracts.uid[rows])
    # The mean time is the category's: early deliveries and late ones weigh alike.
    slip = elementary.exp(params.slip_spread * luck - params.slip_spread**2 / 2)
    pace = np.ones(len(Mode))
    pace[_LICENSED], pace[_SECOND_HAND] = params.licensed_delay, params.used_delay
    tender, slower = contracts.tender[rows], pace[mode]
    stretch = world.tenders.stretch[tender]
    joint = np.flatnonzero(mode == _CODEVELOPMENT)
    partners = world.tenders.partners[tender[joint]]
    development = np.ones(len(rows))
    development[joint] = params.codevelopment_delay * elementary.power(partners, params.partner_delay)
    lead = categories.lead_time[category] * slower * slip * stretch * development
    size = contracts.planned_price[rows] * (1 - contracts.rent_share[rows]) / params.span_value
    span = categories.delivery_span[category] * slower * stretch * delivery_length(size, params)
    support = kind == _SUPPORT
    contracts.lead[rows] = np.where(kind == _EQUIPMENT, lead, 0.0)
    span = np.where(support, world.tenders.years[tender], span)
    contracts.span[rows] = np.where(kind == _TECHNOLOGY, params.technology_years, span)


def delivery_length(size: Float, params: ContractingParams) -> Float:
    """Return years from first to last delivery against the category's own, by size, ``(contracts,)``.

    Parameters
    ----------
    size : (contracts,) float
        Price against that of a deal that takes as long as the category says.
    """
    return np.asarray(
        elementary.power(size, params.span_growth).clip(params.shortest_span, 1.0), dtype=np.float64
    )


def _attach_fleets(world: World, rows: Int) -> None:
    """Point equipment at the fleet that will receive it, making new fleets where needed."""
    contracts, dyads, fleets = world.contracts, world.dyads, world.fleets
    kind = contracts.kind[rows]
    support = rows[kind == _SUPPORT]
    contracts.fleet[support] = fleet = world.tenders.fleet[contracts.tender[support]]
    fleets.support_contract[fleet] = support
    rows = rows[kind == _EQUIPMENT]
    holder, origin = contracts.buyer[rows], contracts.supplier[rows]
    category = contracts.category[rows]
    shape = dyads.fleet_row.shape
    place = (holder * shape[1] + origin) * shape[2] + category
    missing = place[dyads.fleet_row.reshape(-1)[place] < 0]
    if len(missing):
        add_fleets(world, *np.unravel_index(np.unique(missing), shape))
    contracts.fleet[rows] = dyads.fleet_row.reshape(-1)[place]
    used = rows[contracts.mode[rows] == _SECOND_HAND]
    maker = contracts.supplier[used]
    contracts.source_fleet[used] = dyads.fleet_row[maker, maker, contracts.category[used]]


def add_fleets(world: World, holder: Int, origin: Int, category: Int) -> Int:
    """Append empty fleets and enter them in the index; return their rows."""
    fleets, states = world.fleets, world.states
    rows = fleets.append(len(holder))
    fleets.holder[rows] = holder
    fleets.origin[rows] = origin
    fleets.category[rows] = category
    fleets.uid[rows] = mix(states.uid[holder], states.uid[origin], world.categories.uid[category])
    world.dyads.fleet_row[holder, origin, category] = rows
    return rows


def _find_partners(world: World, params: ContractingParams, rows: Int) -> None:
    """Give the work share to the buyer's largest line; without one, only a licence founds it."""
    contracts, tenders = world.contracts, world.tenders
    tender, mode, supplier = contracts.tender[rows], contracts.mode[rows], contracts.supplier[rows]
    buyer, category = contracts.buyer[rows], contracts.category[rows]
    kept = _kept(world, buyer, category, supplier, tenders.wants_licence[tender] & (mode == _OFF_THE_SHELF))
    found_licensees(world, params, rows)
    partner = largest_lines(world)[buyer, category]
    joint = mode == _CODEVELOPMENT
    bought = (mode == _OFF_THE_SHELF) | (mode == _LICENSED) | joint
    shares = bought & (contracts.kind[rows] == _EQUIPMENT) & (supplier != buyer)
    wanted = tenders.local_share[tender] * kept
    # Who develops together shares the work: at least an n-th each.
    part = 1 / tenders.partners[tender]
    wanted = np.where(joint, np.maximum(wanted, part), wanted)
    share = np.where(shares & (partner >= 0), wanted, 0.0)
    contracts.local_share[rows] = share
    contracts.partner[rows] = np.where(share > 0, partner, -1)


def _kept(world: World, buyer: Int, category: Int, supplier: Int, withheld: NDArray[np.bool_]) -> Float:
    """Return the share of the work demanded that is left to buyers, ``(contracts,)``."""
    share = np.ones(len(buyer))
    rows = np.flatnonzero(withheld)
    able = has_lines(world)[buyer[rows], category[rows]]
    released = readiness_between(world, supplier[rows], buyer[rows])
    share[rows] = kept_share(withheld[rows], released, able)
    return share


def _owe_offsets(world: World, params: ContractingParams, rows: Int) -> None:
    """Append an obligation for every foreign contract with an offset clause."""
    contracts, obligations = world.contracts, world.obligations
    rate = world.tenders.offset_rate[contracts.tender[rows]]
    bound = (
        (rate > 0)
        & (contracts.kind[rows] == _EQUIPMENT)
        & (contracts.supplier[rows] != contracts.buyer[rows])
        & (contracts.firm[rows] >= 0)
    )
    rows, rate = rows[bound], rate[bound]
    new = obligations.append(len(rows))
    obligations.contract[new] = rows
    obligations.firm[new] = contracts.firm[rows]
    obligations.beneficiary[new] = contracts.buyer[rows]
    obligations.category[new] = contracts.category[rows]
    obligations.amount[new] = rate * contracts.price[rows]
    obligations.horizon[new] = obligations.years_left[new] = params.offset_years
    obligations.is_open[new] = 1


def _count_in(world: World, params: ContractingParams, rows: Int) -> None:
    """Add new contracts to commitments and order books."""
    contracts, states = world.contracts, world.states
    kind = contracts.kind[rows]
    equipment = kind == _EQUIPMENT
    owed = contracts.price[rows] * buyers_share(contracts.credit_share[rows], contracts.loan_share[rows])
    np.add.at(states.commitments, contracts.buyer[rows][equipment], owed[equipment])
    work = rows[(contracts.line[rows] >= 0) & (kind != _TECHNOLOGY)]
    # A rent is paid for but is no work.
    worth = contracts.price[work] * (1 - contracts.rent_share[work])
    np.add.at(world.lines.backlog, contracts.line[work], worth)
    contracts.status[rows] = int(ContractStatus.ACTIVE)
    _learn_prices(world, params, rows[equipment])


def _learn_prices(world: World, params: ContractingParams, rows: Int) -> None:
    """Let a buyer's usual price follow what its contracts cost, overruns included."""
    contracts, states = world.contracts, world.states
    rows = rows[contracts.volume[rows] > 0]
    buyer, category = contracts.buyer[rows], contracts.category[rows]
    paid = contracts.price[rows] / contracts.volume[rows]
    known = states.usual_price[buyer, category]
    states.usual_price[buyer, category] = known + params.price_learning * (paid - known)
