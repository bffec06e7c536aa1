"""How work on contracts advances, who is paid for it and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.arrays import cells, pick, ratio, total, total2
from deftrade.params import Group, param
from deftrade.phases.lending import buyers_share, lend
from deftrade.phases.releasing import readiness, taught
from deftrade.phases.terms import Terms, terms_of
from deftrade.posting import Party, civil, government, households, post
from deftrade.tables.codes import ContractKind, ContractStatus, Item, Mode, Sector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.world import World

    Float = NDArray[np.float64]
    Int = NDArray[np.int64]


class WorkParams(Group):
    """Parameters of work and payment."""

    support_ceiling: float = param(0.6, "share", 0, 1, "assumption: fuel and bases take the rest")
    """Largest share of the operations budget that support contracts may take."""
    critical_content: float = param(3.0, "1", 0, 50, "assumption: few parts stop a whole product")
    """Share of output that stops per share of content that a source withholds."""
    labour_share: float = param(0.35, "share", 0, 1, "assumption: wages and own research in cost")
    """Share of a price that pays a fully used workforce and own research where labour intensity is
    1; bought-in goods, foreign parts included, are the rest of cost."""
    habit: float = param(0.67, "1/yr", 0, 1, "L§3.1: habit of five years, mean age 2.5")
    """Share of the memory of deliveries kept after a year."""
    craft_kept: float = param(0.9, "1/yr", 0, 1, "assumption: national craft fades slowly")
    """Share of a state's production experience kept after a year."""
    royalty_rate: float = param(0.04, "share", 0, 0.3, "assumption: a few per cent of sales are usual")
    """Share of the output of a line with a foreign design that it pays for the design."""
    explained: float = param(0.5, "share", 0, 1, "assumption: half of a craft is learnt by doing it")
    """Share of what licensed and shared work teaches that the source's release of know-how governs."""
    written_off: float = param(0.01, "share", 0, 0.5, "assumption: nobody waits for the last per cent")
    """Missing share of a volume with which a contract that is paid and due is complete."""


class Plan(NamedTuple):
    """Active contracts, the work due on them in years, its yearly value and its fill, all ``(active,)``."""

    rows: Int
    years: Float
    pace: Float
    fill: Float
    terms: Terms


class Work(NamedTuple):
    """What was done on active contracts, all ``(active,)``, and support paid by state."""

    rows: Int
    value: Float
    delivered: Float
    support_paid: Float


def plan_work(world: World, params: WorkParams) -> Plan:
    """Share capacity, workers and parts over the work that is due."""
    contracts, lines, firms = world.contracts, world.lines, world.firms
    rows = np.flatnonzero(contracts.status == ContractStatus.ACTIVE)
    terms = terms_of(world, rows)
    years = np.minimum(world.clock.elapsed(), terms.length - contracts.progress[rows])
    pace = terms.price * (1 - contracts.rent_share[rows]) / terms.length
    line, partner = contracts.line[rows], contracts.partner[rows]
    made = (line >= 0) & (terms.kind != ContractKind.TECHNOLOGY)
    local = contracts.local_share[rows]
    size = len(lines)
    # Work that an embargo stops, or that is done and only waits for payment, is no load.
    due = world.clock.per_year(pace * years) * terms.allowed
    own, shared = np.flatnonzero(made), np.flatnonzero(partner >= 0)
    lines.load = total(line[own], (due * (1 - local))[own], size) + total(
        partner[shared], (due * local)[shared], size
    )
    staffed = ratio(firms.workers, firms.workload, otherwise=1.0).clip(0, 1)[lines.firm]
    room = ratio(lines.capacity, lines.load, otherwise=1.0)
    lines.parts = _parts(world, params)
    service = np.minimum(room, 1.0) * staffed
    lines.fill = service * lines.parts
    # Spare parts are a matter of support embargoes; parts for new equipment do not stop workshops.
    support = terms.kind == ContractKind.SUPPORT
    fill = np.where(support, pick(service, line, 1.0), pick(lines.fill, line, 1.0))
    fill = np.where(made, fill, 1.0)
    # A slow partner delays its own share, not the whole.
    joint = (1 - local) * fill + local * pick(lines.fill, partner, 1.0)
    return Plan(rows, years, pace, joint * terms.allowed, terms)


def _parts(world: World, params: WorkParams) -> Float:
    """Return the share of output that foreign parts allow, shape ``(lines,)``."""
    lines, dyads = world.lines, world.dyads
    source, home = lines.component_source, lines.home[:, None]
    withheld = (cells(dyads.veto_years, source, home) > 0) | (cells(dyads.embargo_years, source, home) > 0)
    missing = (lines.component_share * (withheld & (source >= 0))).sum(axis=1)
    return np.asarray((1 - params.critical_content * missing).clip(0, 1), dtype=np.float64)


def advance_work(world: World, params: WorkParams, plan: Plan) -> Work:
    """Advance contracts as far as plants and the buyers' money allow, and pay for it."""
    contracts, terms = world.contracts, plan.terms
    rows, length, kind = terms.rows, terms.length, terms.kind
    down, paid, before = contracts.down_payment[rows], contracts.paid[rows], contracts.progress[rows]
    step = plan.years * plan.fill
    due = _due(terms.price, down, paid, (before + step) / length)
    own = due * buyers_share(terms.credit_share, contracts.loan_share[rows])
    means = _means(world, params, own, terms.buyer, kind)
    progress = before + step * means
    # A contract is finished when no year of its schedule is left, rounding aside.
    progress = np.where(length - progress < 1e-9, length, progress)
    value = plan.pace * (progress - before)
    contracts.progress[rows] = progress
    payment = np.minimum(_due(terms.price, down, paid, progress / length), due * means)
    paid = paid + payment
    contracts.paid[rows] = paid
    _pay(world, terms, payment)
    volume, delivered = contracts.volume[rows], _deliver(world, terms, progress)
    missing = volume - contracts.delivered[rows]
    whole = (kind != ContractKind.EQUIPMENT) | (missing <= params.written_off * volume)
    paid_up = terms.price - paid <= 1e-9 * terms.price
    finished = rows[(progress >= length) & paid_up & whole]
    contracts.status[finished] = ContractStatus.COMPLETED
    contracts.ended[finished] = world.clock.step
    support = np.flatnonzero(kind == ContractKind.SUPPORT)
    spent = total(terms.buyer[support], payment[support], len(world.states))
    return Work(rows, value, delivered, spent)


def _due(price: Float, down: Float, paid: Float, share: Float) -> Float:
    """Return what is to be paid by a share of work done: down payment, then with progress."""
    owed = price * (down + (1 - down) * share)
    return np.asarray(np.maximum(owed - paid, 0), dtype=np.float64)


def _means(world: World, params: WorkParams, own: Float, buyer: Int, kind: NDArray[np.int8]) -> Float:
    """Return the share of dues that each contract's budget can meet, shape ``(active,)``."""
    states, size = world.states, len(world.states)
    purses = (
        (ContractKind.EQUIPMENT, states.procurement_fund),
        (ContractKind.SUPPORT, states.support_budget * params.support_ceiling),
        (ContractKind.TECHNOLOGY, states.technology_fund),
    )
    means = np.ones(len(buyer))
    for which, purse in purses:
        mine = np.flatnonzero(kind == which)
        asked = total(buyer[mine], own[mine], size)
        share = ratio(purse, asked, otherwise=1.0).clip(0, 1)
        means[mine] = share[buyer[mine]]
    return means


def _pay(world: World, terms: Terms, payment: Float) -> None:
    """Pay sellers from the buyers' funds and from export credit."""
    states, firms = world.states, world.firms
    buyer, supplier, firm = terms.buyer, terms.supplier, terms.firm
    credit = payment * terms.credit_share
    own = payment - credit
    size = len(states)
    equipment = np.flatnonzero(terms.kind == ContractKind.EQUIPMENT)
    technology = np.flatnonzero(terms.kind == ContractKind.TECHNOLOGY)
    lent = lend(world, terms.rows, own)
    spent = total(buyer[equipment], (own - lent)[equipment], size)
    states.procurement_fund = states.procurement_fund - spent
    states.commitments = states.commitments - spent
    states.technology_fund = states.technology_fund - total(buyer[technology], own[technology], size)
    _post_prices(world, terms, own)
    _post_credit(world, terms.rows, credit)
    is_made = firm >= 0
    maker = np.flatnonzero(is_made)
    receipts = total(firm[maker], payment[maker], len(firms))
    firms.cash = firms.cash + receipts
    firms.revenue = firms.revenue + receipts
    abroad = np.flatnonzero(is_made & (buyer != supplier))
    firms.export_revenue = total(firm[abroad], payment[abroad], len(firms))
    trade(world, supplier, buyer, own)


def _post_prices(world: World, terms: Terms, own: Float) -> None:
    """Post what buyers pay, by item; used equipment is sold by the supplier's government."""
    buyer, supplier, kind = terms.buyer, terms.supplier, terms.kind
    used = terms.firm < 0
    item = np.select(
        [used, kind == ContractKind.TECHNOLOGY, kind == ContractKind.EQUIPMENT],
        [Item.SECOND_HAND, Item.TECHNOLOGY, Item.EQUIPMENT],
        Item.SUPPORT,
    )
    for code in (Item.SECOND_HAND, Item.TECHNOLOGY, Item.EQUIPMENT, Item.SUPPORT):
        these = np.flatnonzero(item == code)
        is_used = code == Item.SECOND_HAND
        seller, state = terms.firm[these], supplier[these]
        payee = government(state) if is_used else Party(Sector.FIRM, seller, state)
        post(world, code, government(buyer[these]), payee, own[these], terms.rows[these])
    # What the treasury earns from used equipment it returns to households.
    sold = supplier[used]
    post(world, Item.TAX, government(sold), households(sold), own[used])


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
    cost = total(sponsor, amount, len(world.states))
    world.states.fiscal_cost = world.states.fiscal_cost + cost


def trade(world: World, exporter: Int, importer: Int, amount: Float) -> None:
    """Add cross-border payments for arms-related goods and services to the bilateral matrix."""
    abroad = np.flatnonzero(exporter != importer)
    size = len(world.states)
    world.dyads.exports = world.dyads.exports + total2(
        exporter[abroad], importer[abroad], amount[abroad], (size, size)
    )


def _deliver(world: World, terms: Terms, progress: Float) -> Float:
    """Return the volume delivered this step by schedule progress, shape ``(active,)``."""
    contracts, rows = world.contracts, terms.rows
    share = ((progress - contracts.lead[rows]) / contracts.span[rows]).clip(0, 1)
    # What an old fleet could not spare in time does not come under an embargo either.
    equipment = (terms.kind == ContractKind.EQUIPMENT) & (terms.allowed > 0)
    before = contracts.delivered[rows]
    arrived = np.where(equipment, contracts.volume[rows] * share - before, 0.0)
    used = np.flatnonzero(contracts.mode[rows] == Mode.SECOND_HAND)
    if len(used):
        # Several buyers may draw on one fleet; none can receive what is not there.
        fleet = contracts.source_fleet[rows[used]]
        asked = total(fleet, arrived[used], len(world.fleets))
        share_left = ratio(world.fleets.volume * 0.5, asked, otherwise=1.0).clip(0, 1)
        arrived[used] *= share_left[fleet]
    contracts.delivered[rows] = before + arrived
    return arrived


def pay_suppliers(world: World, params: WorkParams, done: Work) -> None:
    """Post what sellers pay for work shares, foreign components and materials."""
    contracts, firms, lines = world.contracts, world.firms, world.lines
    rows = done.rows
    made = np.flatnonzero((contracts.line[rows] >= 0) & (contracts.kind[rows] != ContractKind.TECHNOLOGY))
    rows, value = rows[made], done.value[made]
    firm, line = contracts.firm[rows], contracts.line[rows]
    local = contracts.local_share[rows] * value
    shared = np.flatnonzero(local)
    partner = pick(lines.firm, contracts.partner[rows[shared]], -1)
    payee = Party(Sector.FIRM, partner, contracts.buyer[rows[shared]])
    payer = Party(Sector.FIRM, firm[shared], contracts.supplier[rows[shared]])
    post(world, Item.WORK_SHARE, payer, payee, local[shared], rows[shared])
    size = len(firms)
    _move(world, firm[shared], partner, local[shared])
    abroad = contracts.buyer[rows[shared]] != contracts.supplier[rows[shared]]
    firms.export_revenue = firms.export_revenue + total(partner[abroad], local[shared][abroad], size)
    trade(world, contracts.buyer[rows[shared]], contracts.supplier[rows[shared]], local[shared])
    own = total(line, value - local, len(lines)) + total(
        contracts.partner[rows[shared]], local[shared], len(lines)
    )
    _earn_rents(world, rows, value)
    lines.output = own
    lines.backlog = np.maximum(lines.backlog - total(line, value, len(lines)), 0.0)
    firms.output = total(lines.firm, own, size)
    cost = own / (1 + firms.mark_up[lines.firm])
    # Royalties are bought in, so that at the same price they leave the same profit.
    foreign = cost * lines.component_share.sum(axis=1) + royalties(world, params.royalty_rate)
    labour = params.labour_share * world.categories.labour_intensity[lines.category]
    bought = total(lines.firm, np.maximum(cost - labour * own - foreign, 0), size)
    _buy_components(world, cost)
    parts = firms.component_output * np.maximum(1 / (1 + firms.mark_up) - params.labour_share, 0)
    _spend(world, Item.MATERIALS, bought + parts)
    firms.bought_in = firms.bought_in + bought + parts


def royalties(world: World, rate: float) -> Float:
    """Return what lines owe for foreign designs on the step's output, shape ``(lines,)``, MUSD."""
    lines = world.lines
    foreign = (lines.design_origin >= 0) & (lines.design_origin != lines.home)
    return np.where(foreign, rate * lines.output, 0.0)


def _earn_rents(world: World, rows: Int, value: Float) -> None:
    """Count the rents that are paid with the work done on contracts."""
    contracts, firms = world.contracts, world.firms
    rent = contracts.rent_share[rows]
    firms.rents = total(contracts.firm[rows], value * rent / (1 - rent), len(firms))


def _move(world: World, payer: Int, payee: Int, amount: Float) -> None:
    """Book a payment between firms."""
    firms = world.firms
    size = len(firms)
    paid, received = total(payer, amount, size), total(payee, amount, size)
    firms.cash = firms.cash - paid + received
    firms.costs = firms.costs + paid
    firms.revenue = firms.revenue + received


def _spend(world: World, item: Item, amount: Float) -> None:
    """Post payments of firms to the civil economy at home, shape ``(firms,)``."""
    firms = world.firms
    rows = np.arange(len(firms))
    firms.cash = firms.cash - amount
    firms.costs = firms.costs + amount
    post(world, item, Party(Sector.FIRM, rows, firms.home), civil(firms.home), amount)


def _buy_components(world: World, cost: Float) -> None:
    """Buy foreign components from the largest line of the source in the category, or its civil trade."""
    lines, firms = world.lines, world.firms
    line, slot = np.nonzero((lines.component_source >= 0) & (lines.component_share > 0))
    source, buyer = lines.component_source[line, slot], lines.firm[line]
    amount = cost[line] * lines.component_share[line, slot]
    size = len(firms)
    paid = total(buyer, amount, size)
    firms.cash = firms.cash - paid
    firms.costs = firms.costs + paid
    firms.bought_in = firms.bought_in + paid
    maker = pick(lines.firm, largest_lines(world)[source, lines.category[line]], -1)
    made = maker >= 0
    payer = Party(Sector.FIRM, buyer[made], lines.home[line][made])
    seller = Party(Sector.FIRM, maker[made], source[made])
    post(world, Item.COMPONENTS, payer, seller, amount[made])
    payer = Party(Sector.FIRM, buyer[~made], lines.home[line][~made])
    post(world, Item.COMPONENTS, payer, civil(source[~made]), amount[~made])
    sold = total(maker[made], amount[made], size)
    firms.component_output = sold
    firms.cash = firms.cash + sold
    firms.revenue = firms.revenue + sold
    abroad = made & (source != lines.home[line])
    firms.export_revenue = firms.export_revenue + total(maker[abroad], amount[abroad], size)
    trade(world, source, lines.home[line], amount)


def largest_lines(world: World) -> Int:
    """Return the largest active line of every state and category, -1 none, ``(states, categories)``."""
    lines = world.lines
    shape = len(world.states), len(world.categories)
    active = np.flatnonzero(lines.is_active)
    place = lines.home[active] * shape[1] + lines.category[active]
    capacity = lines.capacity[active]
    most = np.full(shape[0] * shape[1], -np.inf)
    np.maximum.at(most, place, capacity)
    largest = np.flatnonzero(capacity >= most[place])
    # Of lines of equal size the last by id wins.
    largest = largest[lines.uid[active[largest]].argsort()]
    best = np.full(len(most), -1)
    best[place[largest]] = active[largest]
    return best.reshape(shape)


def run_plants(world: World, params: WorkParams, done: Work) -> None:
    """Remember work and deliveries as experience, relation and learning."""
    contracts, states, dyads, clock = world.contracts, world.states, world.dyads, world.clock
    rows, size = done.rows, len(states)
    shape = (size, len(world.categories))
    buyer, supplier = contracts.buyer[rows], contracts.supplier[rows]
    category, kind = contracts.category[rows], contracts.kind[rows]
    local = contracts.local_share[rows] * done.value
    teaches = taught(cells(readiness(world), supplier, buyer), params.explained)
    states.learning_licensed = total2(buyer, category, local * teaches, shape)
    bought = np.flatnonzero(kind == ContractKind.TECHNOLOGY)
    states.learning_purchased = total2(buyer[bought], category[bought], done.value[bought], shape)
    lines = world.lines
    made = total2(lines.home, lines.category, lines.output, shape)
    states.production_experience = states.production_experience * clock.keep(params.craft_kept) + made
    foreign = np.flatnonzero(buyer != supplier)
    dyads.deliveries = total2(supplier[foreign], buyer[foreign], done.delivered[foreign], (size, size))
    keep = clock.keep(params.habit)
    # What counts is the capability that came, not the number of plain units.
    capability = done.delivered * contracts.quality[rows]
    given = total2(supplier[foreign], buyer[foreign], capability[foreign], (size, size))
    dyads.relation = dyads.relation * keep + (1 - keep) * clock.per_year(given)
    fleets = world.fleets
    arrived = np.flatnonzero(capability)
    recent = clock.per_year(total(contracts.fleet[rows[arrived]], capability[arrived], len(fleets)))
    fleets.recent_deliveries = fleets.recent_deliveries * keep + (1 - keep) * recent
