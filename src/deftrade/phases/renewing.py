"""How firms pay owners, are rescued, merge, close and start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.arrays import total
from deftrade.params import param
from deftrade.phases.ending import cancel, release_obligations
from deftrade.phases.founding import Plant, by_id, largest_firm, open_line
from deftrade.phases.investing import InvestParams, affordable_capacity, is_affordable, pay_for_plant
from deftrade.phases.merging import MergeParams, hand_over, merge
from deftrade.phases.owning import OwnParams, trade_shares
from deftrade.phases.reproducing import ReproduceParams, copied_quality
from deftrade.posting import Party, Verdict, government, households, log, post
from deftrade.tables.codes import ContractStatus, DecisionKind, Item, Sector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.world import World

    Float = NDArray[np.float64]
    Int = NDArray[np.int64]


class RenewParams(OwnParams, InvestParams, MergeParams, ReproduceParams):
    """Parameters of the renewal of firms."""

    newcomer_experience: float = param(0.1, "share", 0.001, 1, "assumption: little at the start")
    """Experience of a new line against what its cost norm supposes."""
    buffer: float = param(0.25, "year", 0, 5, "assumption: a quarter of yearly receipts in cash")
    """Cash, in years of receipts, that firms keep before they pay owners."""
    payout: float = param(0.5, "1/yr", 0, 1, "assumption: owners are paid within two years")
    """Yearly share of cash above the buffer that is paid to owners."""
    distress: float = param(-0.5, "year", -5, 0, "assumption: lenders wait a few months")
    """Cash, in years of receipts, below which a firm is in distress."""
    public_share: float = param(0.5, "share", 0, 1, "by definition: half of the shares decide")
    """Share of the state in a firm from which it counts as public and may be rescued."""
    exit_hazard: float = param(0.5, "1/yr", 0, 10, "assumption: distress lasts about two years", rest=0.0)
    """Yearly hazard that a firm in distress closes or is taken over."""
    entry_hazard: float = param(
        0.08, "1/yr", 0, 2, "assumption: L§6, a decade from capability to entry", rest=0.0
    )
    """Yearly hazard that a state at the design rung without a line opens one."""
    entry_stock: float = param(20, "MUSD", 0, 1e5, "assumption: a development programme")
    """Research stock from which entry is possible."""
    entry_capacity: float = param(15, "MUSD/yr", 0.1, 1e5, "assumption: a first small plant")
    """Smallest capacity of a new line."""
    entry_share: float = param(0.2, "share", 0, 2, "assumption: planned for part of home demand")
    """Capacity of a new line as a share of the home state's yearly demand in the category."""
    revenue_memory: float = param(0.5, "1/yr", 0, 1, "assumption: two-year view")
    """Yearly share by which smoothed receipts follow present ones."""


def renew(world: World, params: RenewParams) -> None:
    """Close the firms' books of the step, rescue, close and start firms."""
    firms = world.firms
    firms.profit = firms.revenue - firms.costs
    firms.smoothed_revenue = smoothed_receipts(world, params)
    trade_shares(world, params)
    _pay_owners(world, params)
    short = (firms.cash < distress_limit(firms.smoothed_revenue, params)) & firms.is_active
    public = (firms.state_share >= params.public_share) | _is_last(world)
    aided = public & (world.states.recapitalisation[firms.home] > 0)
    _rescue(world, np.flatnonzero(short & aided))
    _close(world, params, by_id(world, short & ~aided))
    merge(world, params)
    _enter(world, params)


def smoothed_receipts(world: World, params: RenewParams) -> Float:
    """Return yearly receipts smoothed over some years, those of the step included, ``(firms,)``."""
    firms, clock = world.firms, world.clock
    step = clock.share(params.revenue_memory)
    return firms.smoothed_revenue + step * (clock.per_year(firms.revenue) - firms.smoothed_revenue)


def distress_limit(receipts: Float, params: RenewParams) -> Float:
    """Return the cash below which firms of such receipts are in distress, ``(firms,)``."""
    return params.distress * receipts


def exit_draws(world: World, rows: Int) -> Float:
    """Return the draws of firms below whose chance those in distress close, ``(rows,)``."""
    return world.luck.uniform("researching.exit", world.firms.uid[rows], world.clock.date_id)


def exit_chance(world: World, params: RenewParams) -> float:
    """Return the chance of the step that a firm in distress closes or is taken over."""
    return world.clock.chance(params.exit_hazard)


def _is_last(world: World) -> NDArray[np.bool_]:
    """Return where a firm is the last of its state: a government does not let it go."""
    firms = world.firms
    many = np.bincount(firms.home[firms.is_active], minlength=len(world.states))
    return np.asarray(many[firms.home] <= 1)


def _pay_owners(world: World, params: RenewParams) -> None:
    """Pay out cash above the buffer to state and private owners."""
    firms, states = world.firms, world.states
    kept = params.buffer * firms.smoothed_revenue + advances(world)
    spare = np.maximum(firms.cash - kept, 0)
    dividend = spare * world.clock.share(params.payout)
    firms.cash = firms.cash - dividend
    rows = np.arange(len(firms))
    public = dividend * firms.state_share
    owner = Party(Sector.FIRM, rows, firms.home)
    post(world, Item.DIVIDENDS, owner, government(firms.home), public)
    post(world, Item.DIVIDENDS, owner, households(firms.home), dividend - public)
    state = np.arange(len(states))
    received = total(firms.home, public, len(states))
    # State dividends relieve taxpayers.
    post(world, Item.TAX, government(state), households(state), received)
    states.fiscal_cost = states.fiscal_cost - received


def advances(world: World) -> Float:
    """Return what buyers paid ahead of the work done, shape ``(firms,)``, MUSD: it is no profit."""
    contracts = world.contracts
    rows = np.flatnonzero((contracts.status == ContractStatus.ACTIVE) & (contracts.firm >= 0))
    done = contracts.progress[rows] / (contracts.lead[rows] + contracts.span[rows])
    ahead = np.maximum(contracts.paid[rows] - contracts.price[rows] * done, 0)
    return total(contracts.firm[rows], ahead, len(world.firms))


def _rescue(world: World, rows: Int) -> None:
    """Recapitalise firms in distress out of taxes, for a share (soft budgets, Kornai 1986)."""
    firms, states = world.firms, world.states
    home = firms.home[rows]
    aid = -firms.cash[rows] * states.recapitalisation[home]
    firms.cash[rows] += aid
    held = firms.state_share[rows]
    # Money for shares: a private last firm passes into public hands.
    firms.state_share[rows] = np.maximum(held, states.recapitalisation[home])
    bill = total(home, aid, len(states))
    state = np.arange(len(states))
    post(world, Item.TAX, households(state), government(state), bill)
    post(world, Item.RECAPITALISATION, government(home), Party(Sector.FIRM, rows, home), aid)
    states.fiscal_cost = states.fiscal_cost + bill
    log(
        world,
        DecisionKind.RECAPITALISATION,
        home,
        firms.uid[rows],
        rows,
        Verdict(chosen=1, margin=aid),
    )


def _close(world: World, params: RenewParams, rows: Int) -> None:
    """Let firms in distress be taken over by a home rival, or close and cancel their contracts."""
    firms = world.firms
    for firm in rows[exit_draws(world, rows) < exit_chance(world, params)]:
        rivals = firms.is_active & (firms.home == firms.home[firm])
        rivals[firm] = False
        buyer = largest_firm(world, rivals)
        if buyer >= 0:
            # A sanction goes with the lines.
            firms.sanction_years[buyer] = firms.sanction_years[[firm, buyer]].max()
            hand_over(world, int(firm), buyer)
        else:
            close_down(world, int(firm))
        firms.is_active[firm] = False
        log(
            world,
            DecisionKind.FIRM_EXIT,
            firms.home[[firm]],
            firms.uid[[firm]],
            firm,
            Verdict(chosen=buyer),
        )


def close_down(world: World, firm: int) -> None:
    """Stop a firm's lines, cancel what they were to make and leave its debts with lenders."""
    firms, lines, contracts = world.firms, world.lines, world.contracts
    mine = np.flatnonzero(lines.firm == firm)
    lines.is_active[mine] = False
    held = np.isin(contracts.line, mine) | np.isin(contracts.partner, mine)
    cancel(world, np.flatnonzero(held & (contracts.status == ContractStatus.ACTIVE)))
    release_obligations(world, world.obligations.firm == firm)
    _write_off(world, firm)
    firms.is_active[firm] = False


def _write_off(world: World, firm: int) -> None:
    """Let lenders, here households, lose what a closed firm owes, or its owners have what is left."""
    firms = world.firms
    home = firms.home[[firm]]
    party = Party(Sector.FIRM, np.array([firm]), home)
    cash = firms.cash[[firm]]
    post(world, Item.RECAPITALISATION, households(home), party, np.maximum(-cash, 0))
    post(world, Item.DIVIDENDS, party, households(home), np.maximum(cash, 0))
    firms.cash[firm] = 0.0
    world.states.employed[home] -= firms.workers[firm]
    firms.workers[firm] = 0.0


def _prospects(world: World, params: RenewParams) -> tuple[Float, Float]:
    """Return the hazard of a first line and the quality of its product, both ``(states, categories)``.

    Who can design makes its own; who cannot yet may reproduce what it operates, with less research.
    """
    states = world.states
    copied = copied_quality(world, params)
    designs = states.rung >= world.categories.rung_design
    own = params.entry_hazard * (states.research_stock >= params.entry_stock)
    copying = params.copy_hazard * ((states.research_stock >= params.copy_stock) & (copied > 0))
    quality = np.where(designs, states.know_how, np.maximum(copied, states.know_how))
    return np.where(designs, own, copying), quality


def _enter(world: World, params: RenewParams) -> None:
    """Open a line where none exists and money was spent: of own design, or a copy below its rung."""
    states, categories, lines = world.states, world.categories, world.lines
    budget = world.clock.per_year(states.procurement_budget)
    made = np.zeros(states.rung.shape, dtype=bool)
    active = np.flatnonzero(lines.is_active)
    made[lines.home[active], lines.category[active]] = True
    hazard, quality = _prospects(world, params)
    able = ~made & (hazard > 0)
    able &= is_affordable(budget, params.entry_capacity, params)[:, None]
    state, category = np.nonzero(able)
    luck = world.luck.uniform(
        "researching.entry", states.uid[state], categories.uid[category], world.clock.date_id
    )
    chosen = luck < world.clock.chance(hazard[state, category])
    for home, kind in zip(state[chosen], category[chosen], strict=True):
        at_home = float(budget[home])
        demand = at_home * float(categories.demand_share[kind])
        planned = max(params.entry_capacity, params.entry_share * demand)
        capacity = affordable_capacity(planned, params.entry_capacity, at_home, params)
        plant = Plant(float(quality[home, kind]), capacity, params.newcomer_experience)
        line = open_line(world, int(home), int(kind), plant)
        pay_for_plant(world, params, line)
        firm = world.lines.firm[line]
        log(
            world,
            DecisionKind.FIRM_ENTRY,
            np.array([home]),
            world.firms.uid[[firm]],
            firm,
            Verdict(chosen=kind),
        )
