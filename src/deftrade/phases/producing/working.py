"""How work on contracts advances, who is paid for it and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import at_pairs, pick, ratio, total, total2
from deftrade.core.posting import Party, civil, government, households, post
from deftrade.core.tables.codes import SOURCES, ContractKind, ContractStatus, Item, Mode, Sector
from deftrade.phases.shared.contracts import terms_of
from deftrade.phases.shared.lending import buyers_share, lend
from deftrade.phases.shared.lines import largest_lines

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World
    from deftrade.phases.producing.params import ProducingParams
    from deftrade.phases.shared.contracts import Terms


class Plan(NamedTuple):
    """Active contracts, what was agreed in them and the work that is due, all ``(active,)``.

    ``years`` of schedule are due, worth ``pace`` a year, and plants do the share ``fill`` of it.
    ``local`` is the share of work that ``partner`` does, a line as ``line`` is. ``made`` are the
    places of the contracts that plants work on at all, ``(made,)``.
    """

    rows: Int
    years: Float
    pace: Float
    fill: Float
    terms: Terms
    line: Int
    partner: Int
    local: Float
    rent: Float
    made: Int


class Work(NamedTuple):
    """What was done on active contracts, all ``(active,)``, and support paid by state."""

    rows: Int
    value: Float
    delivered: Float
    support_paid: Float


def plan_work(world: World, params: ProducingParams) -> Plan:
    """Share capacity, workers and parts over the work that is due."""
    contracts, lines, firms = world.contracts, world.lines, world.firms
    rows = np.flatnonzero(contracts.status == ContractStatus.ACTIVE.value)
    terms = terms_of(world, rows)
    years = np.minimum(world.clock.elapsed(), terms.length - contracts.progress[rows])
    rent = contracts.rent_share[rows]
    pace = terms.price * (1 - rent) / terms.length
    line, partner = contracts.line[rows], contracts.partner[rows]
    made = (line >= 0) & (terms.kind != ContractKind.TECHNOLOGY.value)
    local = contracts.local_share[rows]
    size = len(lines)
    # Work that an embargo stops, or that is done and only waits for payment, is no load.
    due = world.clock.per_year(pace * years) * terms.allowed
    own, shared = np.flatnonzero(made), np.flatnonzero(partner >= 0)
    lines.load = total(line[own], (due * (1 - local))[own], size) + total(
        partner[shared], due[shared] * local[shared], size
    )
    staffed = ratio(firms.workers, firms.workload, otherwise=1.0).clip(0, 1)[lines.firm]
    room = ratio(lines.capacity, lines.load, otherwise=1.0)
    lines.parts = parts = _parts(world, params)
    service = np.minimum(room, 1.0) * staffed
    lines.fill = service * parts
    # Spare parts are a matter of support embargoes; parts for new equipment do not stop workshops.
    support = terms.kind == ContractKind.SUPPORT.value
    fill = np.ones(len(rows))
    fill[own] = np.where(support[own], service[line[own]], lines.fill[line[own]])
    # A slow partner delays its own share, not the whole.
    shared = np.flatnonzero(local)
    slow = pick(lines.fill, partner[shared], 1.0)
    fill[shared] = (1 - local[shared]) * fill[shared] + local[shared] * slow
    return Plan(rows, years, pace, fill * terms.allowed, terms, line, partner, local, rent, own)


def _parts(world: World, params: ProducingParams) -> Float:
    """Return the share of output that foreign parts allow, shape ``(lines,)``."""
    lines, dyads = world.lines, world.dyads
    source, home = lines.component_source, lines.home[:, None]
    if not (dyads.veto_years.any() or dyads.embargo_years.any()):
        return np.ones(len(lines))
    withheld = (at_pairs(dyads.veto_years, source, home) > 0) | (
        at_pairs(dyads.embargo_years, source, home) > 0
    )
    missing = (lines.component_share * (withheld & (source >= 0))).sum(axis=1)
    return np.asarray((1 - params.critical_content * missing).clip(0, 1), dtype=np.float64)


def advance_work(world: World, params: ProducingParams, plan: Plan) -> Work:
    """Advance contracts as far as plants and the buyers' money allow, and pay for it."""
    contracts, terms, size = world.contracts, plan.terms, len(world.states)
    rows, length = terms.rows, terms.length
    down, paid, before = contracts.down_payment[rows], contracts.paid[rows], contracts.progress[rows]
    step = plan.years * plan.fill
    due = _due(terms.price, down, paid, (before + step) / length)
    own = due * buyers_share(terms.credit_share, contracts.loan_share[rows])
    purse = terms.kind * np.int64(size) + terms.buyer
    means = _means(world, params, own, purse)
    progress = before + step * means
    # A contract is finished when no year of its schedule is left, rounding aside.
    progress = np.where(length - progress < 1e-9, length, progress)
    value = plan.pace * (progress - before)
    contracts.progress[rows] = progress
    payment = np.minimum(_due(terms.price, down, paid, progress / length), due * means)
    paid = paid + payment
    contracts.paid[rows] = paid
    _pay(world, terms, purse, payment)
    delivered = _deliver(world, terms, progress, params.spared)
    over = np.flatnonzero((progress >= length) & (terms.price - paid <= 1e-9 * terms.price))
    _complete(world, params, rows[over])
    spent = total(purse, payment, len(ContractKind) * size).reshape(-1, size)
    return Work(rows, value, delivered, spent[ContractKind.SUPPORT])


def _complete(world: World, params: ProducingParams, rows: Int) -> None:
    """End contracts whose work is done and paid, unless equipment is still to come."""
    contracts = world.contracts
    volume = contracts.volume[rows]
    missing = volume - contracts.delivered[rows]
    is_other = contracts.kind[rows] != ContractKind.EQUIPMENT.value
    finished = rows[is_other | (missing <= params.written_off * volume)]
    contracts.status[finished] = ContractStatus.COMPLETED
    contracts.ended[finished] = world.clock.step


def _due(price: Float, down: Float, paid: Float, share: Float) -> Float:
    """Return what is to be paid by a share of work done: down payment, then with progress."""
    owed = price * (down + (1 - down) * share)
    return np.asarray(np.maximum(owed - paid, 0), dtype=np.float64)


def _means(world: World, params: ProducingParams, own: Float, purse: Int) -> Float:
    """Return the share of dues that each contract's budget can meet, shape ``(active,)``.

    Parameters
    ----------
    own : (active,) float, MUSD
        What is due from the buyer's own money.
    purse : (active,) int
        Which money that is: kind of contract times states, and buyer.
    """
    states = world.states
    money = np.empty((len(ContractKind), len(states)))
    money[ContractKind.EQUIPMENT] = states.procurement_fund
    money[ContractKind.SUPPORT] = states.support_budget * params.support_ceiling
    money[ContractKind.TECHNOLOGY] = states.technology_fund
    asked = total(purse, own, money.size)
    share = ratio(money.ravel(), asked, otherwise=1.0).clip(0, 1)
    return np.asarray(share[purse], dtype=np.float64)


def _pay(world: World, terms: Terms, purse: Int, payment: Float) -> None:
    """Pay sellers from the buyers' funds and from export credit."""
    states, firms = world.states, world.firms
    buyer, supplier, firm = terms.buyer, terms.supplier, terms.firm
    credit = payment * terms.credit_share
    own = payment - credit
    size, purses = len(states), len(ContractKind) * len(states)
    lent = lend(world, terms.rows, own)
    spent = total(purse, own - lent, purses).reshape(-1, size)[ContractKind.EQUIPMENT]
    states.procurement_fund -= spent
    states.commitments -= spent
    states.technology_fund -= total(purse, own, purses).reshape(-1, size)[ContractKind.TECHNOLOGY]
    _post_prices(world, terms, own)
    _post_credit(world, terms.rows, credit)
    # The first is nobody: used equipment is sold by governments.
    receipts = total(firm + 1, payment, len(firms) + 1)[1:]
    firms.cash += receipts
    firms.revenue += receipts
    abroad = np.flatnonzero((firm >= 0) & (buyer != supplier))
    firms.export_revenue = total(firm[abroad], payment[abroad], len(firms))
    trade(world, supplier, buyer, payment)


def _post_prices(world: World, terms: Terms, own: Float) -> None:
    """Post what buyers pay, by item; used equipment is sold by the supplier's government."""
    buyer, supplier = terms.buyer, terms.supplier
    is_used, is_paid = terms.firm < 0, own != 0
    used = np.flatnonzero(is_used & is_paid)
    seller, amount = government(supplier[used]), own[used]
    post(world, Item.SECOND_HAND, government(buyer[used]), seller, amount, terms.rows[used])
    is_made = is_paid & ~is_used
    for kind, item in (
        (ContractKind.TECHNOLOGY, Item.TECHNOLOGY),
        (ContractKind.EQUIPMENT, Item.EQUIPMENT),
        (ContractKind.SUPPORT, Item.SUPPORT),
    ):
        these = np.flatnonzero(is_made & (terms.kind == kind.value))
        maker = Party(Sector.FIRM, terms.firm[these], supplier[these])
        post(world, item, government(buyer[these]), maker, own[these], terms.rows[these])
    # What the treasury earns from used equipment it returns to households.
    post(world, Item.TAX, seller, households(supplier[used]), amount)


def _post_credit(world: World, rows: Int, credit: Float) -> None:
    """Post the part of export prices that the suppliers' governments pay, out of taxes."""
    contracts = world.contracts
    granted = np.flatnonzero(credit)
    if not len(granted):
        return
    sponsor, firm = contracts.supplier[rows[granted]], contracts.firm[rows[granted]]
    seller, amount = Party(Sector.FIRM, firm, sponsor), credit[granted]
    post(world, Item.EXPORT_CREDIT, government(sponsor), seller, amount, rows[granted])
    post(world, Item.TAX, households(sponsor), government(sponsor), amount, rows[granted])
    world.states.fiscal_cost += total(sponsor, amount, len(world.states))


def trade(world: World, exporter: Int, importer: Int, amount: Float) -> None:
    """Add what was sold across borders, at whole prices, to the bilateral matrix."""
    exports, abroad = world.dyads.exports, np.flatnonzero(exporter != importer)
    world.dyads.exports += total2(exporter[abroad], importer[abroad], amount[abroad], exports.shape)


def _deliver(world: World, terms: Terms, progress: Float, spared: float) -> Float:
    """Return the volume delivered this step by schedule progress, shape ``(active,)``."""
    contracts, fleets = world.contracts, world.fleets
    # What an old fleet could not spare in time does not come under an embargo either.
    coming = np.flatnonzero((terms.kind == ContractKind.EQUIPMENT.value) & (terms.allowed > 0))
    rows = terms.rows[coming]
    share = ((progress[coming] - contracts.lead[rows]) / contracts.span[rows]).clip(0, 1)
    before = contracts.delivered[rows]
    arrived = contracts.volume[rows] * share - before
    used = np.flatnonzero(contracts.mode[rows] == Mode.SECOND_HAND.value)
    if len(used):
        # Several buyers may draw on one fleet; none can receive what is not there.
        fleet = contracts.source_fleet[rows[used]]
        asked = total(fleet, arrived[used], len(fleets))[fleet]
        arrived[used] *= ratio(fleets.volume[fleet] * spared, asked, otherwise=1.0).clip(0, 1)
    contracts.delivered[rows] = before + arrived
    delivered = np.zeros(len(terms.rows))
    delivered[coming] = arrived
    return delivered


def pay_suppliers(world: World, params: ProducingParams, plan: Plan, done: Work) -> None:
    """Post what sellers pay for work shares, foreign components and materials."""
    firms, lines = world.firms, world.lines
    size, many = len(firms), len(lines)
    line, value = plan.line[plan.made], done.value[plan.made]
    kept, partners = _share_work(world, plan, done.value)
    _earn_rents(world, plan, done.value)
    lines.output = own = total(line, kept[plan.made], many) + partners
    lines.backlog = np.maximum(lines.backlog - total(line, value, many), 0.0)
    firms.output = total(lines.firm, own, size)
    cost = own / (1 + firms.mark_up)[lines.firm]
    # Royalties are bought in, so that at the same price they leave the same profit.
    foreign = cost * lines.component_share.sum(axis=1) + royalties(world, params.royalty_rate)
    labour = (params.labour_share * world.categories.labour_intensity)[lines.category]
    bought = total(lines.firm, np.maximum(cost - labour * own - foreign, 0), size)
    _buy_components(world, cost)
    parts = firms.component_output * np.maximum(1 / (1 + firms.mark_up) - params.labour_share, 0)
    _spend(world, Item.MATERIALS, bought + parts)
    firms.bought_in = firms.bought_in + bought + parts


def _share_work(world: World, plan: Plan, value: Float) -> tuple[Float, Float]:
    """Pay partners for their share of the work.

    Returns
    -------
    kept : (active,) float, MUSD
        Work that is left to the contract's own line.
    shared : (lines,) float, MUSD
        Work that lines do for others.
    """
    lines, terms = world.lines, plan.terms
    shared = np.flatnonzero(plan.local)
    shared = shared[(plan.line[shared] >= 0) & (terms.kind[shared] != ContractKind.TECHNOLOGY.value)]
    local, partner = plan.local[shared] * value[shared], plan.partner[shared]
    seller, maker = terms.firm[shared], pick(lines.firm, partner, -1)
    buyer, supplier = terms.buyer[shared], terms.supplier[shared]
    payer, payee = Party(Sector.FIRM, seller, supplier), Party(Sector.FIRM, maker, buyer)
    post(world, Item.WORK_SHARE, payer, payee, local, terms.rows[shared])
    there = np.flatnonzero(local)
    _move(world, seller[there], maker[there], local[there])
    kept = value.copy()
    kept[shared] -= local
    return kept, total(partner[there], local[there], len(lines))


def royalties(world: World, rate: float) -> Float:
    """Return what lines owe for foreign designs on the step's output, shape ``(lines,)``, MUSD."""
    lines = world.lines
    foreign = (lines.design_origin >= 0) & (lines.design_origin != lines.home)
    return np.where(foreign, rate * lines.output, 0.0)


def _earn_rents(world: World, plan: Plan, value: Float) -> None:
    """Count the rents that are paid with the work done on contracts."""
    firms, made = world.firms, plan.made
    paying = made[plan.rent[made] != 0]
    rent = plan.rent[paying]
    firms.rents = total(plan.terms.firm[paying], value[paying] * rent / (1 - rent), len(firms))


def _move(world: World, payer: Int, payee: Int, amount: Float) -> None:
    """Book a payment between firms."""
    firms = world.firms
    size = len(firms)
    paid, received = total(payer, amount, size), total(payee, amount, size)
    firms.cash = firms.cash - paid + received
    firms.costs += paid
    firms.revenue += received


def _spend(world: World, item: Item, amount: Float) -> None:
    """Post payments of firms to the civil economy at home, shape ``(firms,)``."""
    firms = world.firms
    firms.cash -= amount
    firms.costs += amount
    payer = Party(Sector.FIRM, np.arange(len(firms)), firms.home)
    post(world, item, payer, civil(firms.home), amount)


def _buy_components(world: World, cost: Float) -> None:
    """Buy foreign components from the largest line of the source in the category, or its civil trade."""
    lines, firms = world.lines, world.firms
    shares, sources = lines.component_share.ravel(), lines.component_source.ravel()
    place = np.flatnonzero((sources >= 0) & (shares > 0))
    line, source = place // SOURCES, sources[place]
    buyer, amount = lines.firm[line], cost[line] * shares[place]
    size = len(firms)
    paid = total(buyer, amount, size)
    firms.cash -= paid
    firms.costs += paid
    firms.bought_in += paid
    home = lines.home[line]
    maker = pick(lines.firm, largest_lines(world)[source, lines.category[line]], -1)
    made, civilian = np.flatnonzero(maker >= 0), np.flatnonzero(maker < 0)
    payer, payee = Party(Sector.FIRM, buyer[made], home[made]), Party(Sector.FIRM, maker[made], source[made])
    post(world, Item.COMPONENTS, payer, payee, amount[made])
    payer = Party(Sector.FIRM, buyer[civilian], home[civilian])
    post(world, Item.COMPONENTS, payer, civil(source[civilian]), amount[civilian])
    sold = total(maker[made], amount[made], size)
    firms.component_output = sold
    firms.cash += sold
    firms.revenue += sold
    abroad = made[source[made] != home[made]]
    firms.export_revenue += total(maker[abroad], amount[abroad], size)
    trade(world, source, home, amount)
