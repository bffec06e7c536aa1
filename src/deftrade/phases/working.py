"""How work on contracts advances, who is paid for it and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.arrays import pick, ratio, total, total2
from deftrade.params import Group, param
from deftrade.phases.lending import buyers_share, lend
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
    written_off: float = param(0.01, "share", 0, 0.5, "assumption: nobody waits for the last per cent")
    """Missing share of a volume with which a contract that is paid and due is complete."""


class Plan(NamedTuple):
    """Active contracts and their pace, all ``(active,)``; fill is per line."""

    rows: Int
    years: Float
    pace: Float
    fill: Float


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
    length = contracts.lead[rows] + contracts.span[rows]
    years = np.minimum(world.clock.elapsed(), length - contracts.progress[rows])
    pace = contracts.price[rows] / length
    made = (contracts.line[rows] >= 0) & (contracts.kind[rows] != ContractKind.TECHNOLOGY)
    local = contracts.local_share[rows]
    shared = contracts.partner[rows] >= 0
    size = len(lines)
    # Work that an embargo stops, or that is done and only waits for payment, is no load.
    allowed = _allowed(world, rows)
    due = world.clock.per_year(pace * years) * allowed
    lines.load = total(contracts.line[rows[made]], (due * (1 - local))[made], size) + total(
        contracts.partner[rows[shared]], (due * local)[shared], size
    )
    staffed = ratio(firms.workers, firms.workload, otherwise=1.0).clip(0, 1)[lines.firm]
    room = ratio(lines.capacity, lines.load, otherwise=1.0)
    lines.parts = _parts(world, params)
    service = np.minimum(room, 1.0) * staffed
    lines.fill = service * lines.parts
    # Spare parts are a matter of support embargoes; parts for new equipment do not stop workshops.
    support = contracts.kind[rows] == ContractKind.SUPPORT
    line = contracts.line[rows]
    fill = np.where(support, pick(service, line, 1.0), pick(lines.fill, line, 1.0))
    fill = np.where(made, fill, 1.0)
    partner = pick(lines.fill, contracts.partner[rows], 1.0)
    # A slow partner delays its own share, not the whole.
    joint = (1 - local) * fill + local * partner
    return Plan(rows, years, pace, joint * allowed)


def _parts(world: World, params: WorkParams) -> Float:
    """Return the share of output that foreign parts allow, shape ``(lines,)``."""
    lines, dyads = world.lines, world.dyads
    source, home = lines.component_source, lines.home[:, None]
    withheld = (dyads.veto_years[source, home] > 0) | (dyads.embargo_years[source, home] > 0)
    missing = (lines.component_share * (withheld & (source >= 0))).sum(axis=1)
    return np.asarray((1 - params.critical_content * missing).clip(0, 1), dtype=np.float64)


def _allowed(world: World, rows: Int) -> Float:
    """Return 0 where an embargo stops a running contract, else 1."""
    contracts, dyads = world.contracts, world.dyads
    supplier, buyer = contracts.supplier[rows], contracts.buyer[rows]
    support = contracts.kind[rows] == ContractKind.SUPPORT
    stopped = np.where(
        support,
        dyads.support_embargo_years[supplier, buyer] > 0,
        dyads.embargo_years[supplier, buyer] > 0,
    )
    return np.where(stopped, 0.0, 1.0)


def advance_work(world: World, params: WorkParams, plan: Plan) -> Work:
    """Advance contracts as far as plants and the buyers' money allow, and pay for it."""
    contracts, states = world.contracts, world.states
    rows, size = plan.rows, len(states)
    buyer, kind = contracts.buyer[rows], contracts.kind[rows]
    length = contracts.lead[rows] + contracts.span[rows]
    wanted = contracts.progress[rows] + plan.years * plan.fill
    due = _due(world, rows, wanted / length)
    own = due * buyers_share(contracts.credit_share[rows], contracts.loan_share[rows])
    means = _means(world, params, own, buyer, kind)
    progress = contracts.progress[rows] + plan.years * plan.fill * means
    # A contract is finished when no year of its schedule is left, rounding aside.
    progress = np.where(length - progress < 1e-9, length, progress)
    value = plan.pace * (progress - contracts.progress[rows])
    contracts.progress[rows] = progress
    payment = np.minimum(_due(world, rows, progress / length), due * means)
    _pay(world, rows, payment)
    delivered = _deliver(world, rows)
    unpaid = contracts.price[rows] - contracts.paid[rows]
    missing = contracts.volume[rows] - contracts.delivered[rows]
    whole = (kind != ContractKind.EQUIPMENT) | (missing <= params.written_off * contracts.volume[rows])
    paid_up = unpaid <= 1e-9 * contracts.price[rows]
    finished = rows[(progress >= length) & paid_up & whole]
    contracts.status[finished] = ContractStatus.COMPLETED
    contracts.ended[finished] = world.clock.step
    support = kind == ContractKind.SUPPORT
    paid = total(buyer[support], payment[support], size)
    return Work(rows, value, delivered, paid)


def _due(world: World, rows: Int, share: Float) -> Float:
    """Return what is to be paid by a share of work done: down payment, then with progress."""
    contracts = world.contracts
    down = contracts.down_payment[rows]
    owed = contracts.price[rows] * (down + (1 - down) * share)
    return np.asarray(np.maximum(owed - contracts.paid[rows], 0), dtype=np.float64)


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
        mine = kind == which
        asked = total(buyer[mine], own[mine], size)
        share = ratio(purse, asked, otherwise=1.0).clip(0, 1)
        means[mine] = share[buyer[mine]]
    return means


def _pay(world: World, rows: Int, payment: Float) -> None:
    """Pay sellers from the buyers' funds and from export credit."""
    contracts, states, firms = world.contracts, world.states, world.firms
    contracts.paid[rows] += payment
    buyer, supplier = contracts.buyer[rows], contracts.supplier[rows]
    kind, firm = contracts.kind[rows], contracts.firm[rows]
    credit = payment * contracts.credit_share[rows]
    own = payment - credit
    size = len(states)
    equipment, technology = kind == ContractKind.EQUIPMENT, kind == ContractKind.TECHNOLOGY
    lent = lend(world, rows, own)
    spent = total(buyer[equipment], (own - lent)[equipment], size)
    states.procurement_fund = states.procurement_fund - spent
    states.commitments = states.commitments - spent
    states.technology_fund = states.technology_fund - total(buyer[technology], own[technology], size)
    _post_prices(world, rows, own)
    _post_credit(world, rows, credit)
    maker = firm >= 0
    receipts = total(firm[maker], payment[maker], len(firms))
    firms.cash = firms.cash + receipts
    firms.revenue = firms.revenue + receipts
    abroad = maker & (buyer != supplier)
    firms.export_revenue = total(firm[abroad], payment[abroad], len(firms))
    trade(world, supplier, buyer, own)


def _post_prices(world: World, rows: Int, own: Float) -> None:
    """Post what buyers pay, by item; used equipment is sold by the supplier's government."""
    contracts = world.contracts
    buyer, supplier = contracts.buyer[rows], contracts.supplier[rows]
    kind, firm = contracts.kind[rows], contracts.firm[rows]
    used = firm < 0
    item = np.select(
        [used, kind == ContractKind.TECHNOLOGY, kind == ContractKind.EQUIPMENT],
        [Item.SECOND_HAND, Item.TECHNOLOGY, Item.EQUIPMENT],
        Item.SUPPORT,
    )
    for code in (Item.SECOND_HAND, Item.TECHNOLOGY, Item.EQUIPMENT, Item.SUPPORT):
        these = np.flatnonzero(item == code)
        sector = Sector.GOVERNMENT if code == Item.SECOND_HAND else Sector.FIRM
        payee = Party(sector, np.where(used, supplier, firm)[these], supplier[these])
        post(world, code, government(buyer[these]), payee, own[these], rows[these])
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
    abroad = exporter != importer
    size = len(world.states)
    world.dyads.exports = world.dyads.exports + total2(
        exporter[abroad], importer[abroad], amount[abroad], (size, size)
    )


def _deliver(world: World, rows: Int) -> Float:
    """Return the volume delivered this step by schedule progress, shape ``(active,)``."""
    contracts = world.contracts
    share = ((contracts.progress[rows] - contracts.lead[rows]) / contracts.span[rows]).clip(0, 1)
    # What an old fleet could not spare in time does not come under an embargo either.
    equipment = (contracts.kind[rows] == ContractKind.EQUIPMENT) & (_allowed(world, rows) > 0)
    arrived = np.where(equipment, contracts.volume[rows] * share - contracts.delivered[rows], 0.0)
    used = contracts.mode[rows] == Mode.SECOND_HAND
    source = contracts.source_fleet[rows]
    if used.any():
        # Several buyers may draw on one fleet; none can receive what is not there.
        fleet = source[used]
        asked = total(fleet, arrived[used], len(world.fleets))
        share_left = ratio(world.fleets.volume * 0.5, asked, otherwise=1.0).clip(0, 1)
        arrived[used] *= share_left[fleet]
    contracts.delivered[rows] += arrived
    return arrived


def pay_suppliers(world: World, params: WorkParams, done: Work) -> None:
    """Post what sellers pay for work shares, foreign components and materials."""
    contracts, firms, lines = world.contracts, world.firms, world.lines
    rows = done.rows
    made = (contracts.line[rows] >= 0) & (contracts.kind[rows] != ContractKind.TECHNOLOGY)
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
    earned = total(partner[abroad], local[shared][abroad], len(firms))
    firms.export_revenue = firms.export_revenue + earned
    trade(world, contracts.buyer[rows[shared]], contracts.supplier[rows[shared]], local[shared])
    own = total(line, value - local, len(lines)) + total(
        contracts.partner[rows[shared]], local[shared], len(lines)
    )
    lines.output = own
    lines.backlog = np.maximum(lines.backlog - total(line, value, len(lines)), 0.0)
    firms.output = total(lines.firm, own, size)
    cost = own / (1 + firms.margin[lines.firm])
    foreign = cost * lines.component_share.sum(axis=1)
    labour = params.labour_share * world.categories.labour_intensity[lines.category]
    bought = total(lines.firm, np.maximum(cost - labour * own - foreign, 0), size)
    _buy_components(world, cost)
    parts = firms.component_output * np.maximum(1 / (1 + firms.margin) - params.labour_share, 0)
    _spend(world, Item.MATERIALS, bought + parts)
    firms.bought_in = firms.bought_in + bought + parts


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
    best = np.full((len(world.states), len(world.categories)), -1)
    active = np.flatnonzero(lines.is_active)
    active = active[np.lexsort((lines.uid[active], lines.capacity[active]))]
    best[lines.home[active], lines.category[active]] = active
    return best


def run_plants(world: World, params: WorkParams, done: Work) -> None:
    """Remember work and deliveries as experience, relation and learning."""
    contracts, states, dyads, clock = world.contracts, world.states, world.dyads, world.clock
    rows, size = done.rows, len(states)
    shape = (size, len(world.categories))
    buyer, supplier = contracts.buyer[rows], contracts.supplier[rows]
    category, kind = contracts.category[rows], contracts.kind[rows]
    local = contracts.local_share[rows] * done.value
    states.learning_licensed = total2(buyer, category, local, shape)
    bought = kind == ContractKind.TECHNOLOGY
    states.learning_purchased = total2(buyer[bought], category[bought], done.value[bought], shape)
    lines = world.lines
    made = total2(lines.home, lines.category, lines.output, shape)
    states.production_experience = states.production_experience * clock.keep(params.craft_kept) + made
    foreign = buyer != supplier
    dyads.deliveries = total2(supplier[foreign], buyer[foreign], done.delivered[foreign], (size, size))
    keep = clock.keep(params.habit)
    dyads.relation = dyads.relation * keep + (1 - keep) * clock.per_year(dyads.deliveries)
    fleets = world.fleets
    recent = clock.per_year(fleets.delivered + np.maximum(fleets.transferred, 0))
    fleets.recent_deliveries = fleets.recent_deliveries * keep + (1 - keep) * recent
