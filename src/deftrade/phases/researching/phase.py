"""Research, learning by several channels, rungs, product quality, and the renewal of firms."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import ratio, saturate, total, total2
from deftrade.core.phase import phase
from deftrade.core.posting import Party, civil, government, households, post
from deftrade.core.tables import (
    Alliances,
    Categories,
    Contracts,
    Decisions,
    Environment,
    Firms,
    Fleets,
    Lines,
    Obligations,
    Postings,
    States,
)
from deftrade.core.tables.codes import CLIPS, AllianceKind, Item, Sector
from deftrade.phases.contracting.founding import is_own
from deftrade.phases.researching.climbing import bounded_progress, climb
from deftrade.phases.researching.params import ResearchingParams
from deftrade.phases.researching.pooling import joint_research
from deftrade.phases.researching.renewal.renewing import renew

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World


_FRONTIER = CLIPS.index("frontier")


@phase(
    ResearchingParams,
    reads=(
        Alliances.kind,
        Alliances.member,
        Obligations.amount,
        Obligations.contract,
        Obligations.credited,
        Contracts.line,
        Contracts.partner,
        Alliances.technology_sharing,
        Alliances.cohesion,
        Alliances.joint_research,
        Categories.uid,
        Categories.demand_share,
        Categories.quality_growth,
        Categories.rung_design,
        Firms.research_intensity,
        Firms.privatisation,
        Fleets.holder,
        Fleets.category,
        Fleets.volume,
        Fleets.quality,
        Lines.load,
        Lines.category,
        Lines.home,
        Lines.output,
        States.uid,
        States.burden,
        States.research_share,
        States.opening_research_effort,
        States.research_budget,
        States.procurement_budget,
        States.technology_purchase_share,
        States.research_subsidy,
        States.substitution_programme,
        States.recapitalisation,
        States.opening_research_stock,
        States.production_experience,
        States.learning_licensed,
        States.learning_offset,
        States.learning_purchased,
        States.leaked,
        Contracts.buyer,
        Contracts.kind,
        Contracts.price,
        Contracts.rent_share,
        Contracts.paid,
        Contracts.credit_share,
        Contracts.loan_share,
        Contracts.lead,
        Contracts.span,
        Contracts.progress,
    ),
    writes=(
        Categories.frontier_quality,
        Environment.clipped,
        Environment.considered,
        Firms.cash,
        Firms.civil_revenue,
        Firms.costs,
        Firms.revenue,
        Firms.profit,
        Firms.sanction_years,
        Firms.state_share,
        Firms.smoothed_revenue,
        Lines.is_active,
        Lines.design_origin,
        Lines.firm,
        Lines.quality,
        Lines.component_share,
        Lines.backlog,
        States.commitments,
        States.fiscal_cost,
        States.know_how,
        States.research_stock,
        States.rung,
        States.technology_fund,
        States.employed,
        Contracts.firm,
        Contracts.status,
        Contracts.ended,
        Obligations.firm,
        Obligations.is_open,
        Obligations.penalised,
    ),
    appends=(Postings, Decisions, Firms, Lines),
)
def researching(world: World, params: ResearchingParams) -> None:
    """Spend on research, learn, climb rungs, improve products, and let firms come and go."""
    _spend(world, params)
    _learn(world, params)
    _improve(world, params)
    _replace_designs(world, params)
    _substitute(world, params)
    renew(world, params)


def _spend(world: World, params: ResearchingParams) -> None:
    """Pay grants and firms' own research, and add both to research stocks."""
    states, firms = world.states, world.firms
    size = len(states)
    saved = _saved_for_purchases(world, params)
    grants = states.research_budget - saved
    sales = firms.revenue * firms.is_active
    weight = ratio(sales, total(firms.home, sales, size)[firms.home])
    grant = grants[firms.home] * weight
    placed = total(firms.home, grant, size)
    rows, homes = np.arange(size), firms.home
    makers = Party(Sector.FIRM, np.arange(len(firms)), homes)
    post(world, Item.RESEARCH_GRANT, government(homes), makers, grant)
    post(world, Item.RESEARCH_GRANT, government(rows), civil(rows), np.where(placed > 0, 0.0, grants))
    effort = states.burden * states.research_share
    public = ratio(effort, states.opening_research_effort, otherwise=1.0)
    planned = sales * firms.research_intensity
    own, subsidy = own_research(planned, public[homes], states.research_subsidy[homes], params.crowd_in)
    post(world, Item.TAX, households(rows), government(rows), total(homes, subsidy, size))
    post(world, Item.RESEARCH_GRANT, government(homes), makers, subsidy)
    post(world, Item.OWN_RESEARCH, makers, civil(homes), own + grant + subsidy)
    states.fiscal_cost = states.fiscal_cost + total(homes, subsidy, size)
    firms.cash = firms.cash - own
    firms.revenue = firms.revenue + grant + subsidy
    firms.costs = firms.costs + own + grant + subsidy
    spent = total(homes, own + subsidy, size) + grants
    _add_to_stocks(world, params, spent + joint_research(world, grants, params))


def _saved_for_purchases(world: World, params: ResearchingParams) -> Float:
    """Set research money aside to buy know-how where there is an industry, a seller and room."""
    states, firms = world.states, world.firms
    planned = states.research_budget * states.technology_purchase_share
    industry = total(firms.home, firms.is_active, len(states)) > 0
    # Who leads in everything finds no seller, and a fund that finds none is not filled for ever.
    leads = (states.know_how >= states.know_how.max(axis=0)).all(axis=1)
    full = states.technology_fund >= params.fund_years * world.clock.per_year(planned)
    saved = np.where(industry & ~leads & ~full, planned, 0.0)
    states.technology_fund = states.technology_fund + saved
    return saved


def own_research(planned: Float, public: Float, subsidy: Float, crowd_in: float) -> tuple[Float, Float]:
    """Return firms' own research and the subsidy on it, both ``(firms,)``, MUSD.

    Moretti, Steinwender and Van Reenen (2025): ten per cent more public research brings five to six
    per cent more private.

    Parameters
    ----------
    planned : (firms,) float, MUSD
        Own research without any change of public research.
    public : (firms,) float
        Public research at home, per GDP, against the opening.
    subsidy : (firms,) float
        What the state adds to own research, as a share of it; it works like public research.
    crowd_in : float
        Elasticity.
    """
    raised = planned * elementary.power(public * (1 + subsidy), crowd_in)
    return raised, raised * subsidy


def _add_to_stocks(world: World, params: ResearchingParams, spent: Float) -> None:
    """Divide research among categories by home output, or by demand where there is none."""
    states, lines, clock = world.states, world.lines, world.clock
    shape = states.research_stock.shape
    made = total2(lines.home, lines.category, lines.output, shape)
    own = ratio(made, made.sum(axis=1, keepdims=True))
    focus = np.where(made.sum(axis=1, keepdims=True) > 0, own, world.categories.demand_share)
    states.research_stock = states.research_stock * clock.keep(params.stock_kept) + spent[:, None] * focus


class Channels(NamedTuple):
    """How full each channel of learning is, all ``(states, categories)``, 0 to 1."""

    licensed: Float
    offset: Float
    purchased: Float
    alliance: Float


def _learn(world: World, params: ResearchingParams) -> None:
    """Move know-how by own effort and catch-up, and rungs after it."""
    states, categories, clock, env = (
        world.states,
        world.categories,
        world.clock,
        world.environment,
    )
    growth = categories.quality_growth * params.frontier_growth
    # The gap is that before the frontier moves: what it gains in the step is nobody's to catch up yet.
    relative = states.know_how / categories.frontier_quality
    categories.frontier_quality = categories.frontier_quality * clock.grow(growth)
    frontier = categories.frontier_quality
    effort = ratio(states.research_stock, states.opening_research_stock, otherwise=1.0)
    own = growth * elementary.power(effort, params.own_growth)
    absorb = absorptive_capacity(
        states.research_stock * (1 - params.stock_kept)
        + states.production_experience * params.practice_weight,
        params,
    )
    half = params.channel_half
    channels = Channels(
        saturate(clock.per_year(states.learning_licensed), half),
        saturate(clock.per_year(states.learning_offset), half),
        saturate(clock.per_year(states.learning_purchased), half),
        _alliance_lead(world),
    )
    own = bounded_progress(own, absorb, growth, relative)
    rate = growth_rate(own, absorb, channels, relative, params)
    raised = states.know_how * clock.grow(rate) + states.leaked
    env.clipped[0, _FRONTIER] += np.count_nonzero(raised > frontier * (1 + 1e-9))
    env.considered[0, _FRONTIER] += raised.size
    states.know_how = np.minimum(raised, frontier)
    climb(world, params)


def absorptive_capacity(activity: Float, params: ResearchingParams) -> Float:
    """Return absorptive capacity between its floor and 1 (Cohen and Levinthal 1990).

    Parameters
    ----------
    activity : (states, categories) float, MUSD/yr
        Research and production at home.
    """
    floor = params.absorption_floor
    return floor + (1 - floor) * saturate(activity, params.absorption_half)


def growth_rate(
    own: Float, absorb: Float, channels: Channels, relative: Float, params: ResearchingParams
) -> Float:
    r"""Return the yearly growth rate of know-how, shape ``(states, categories)``.

    .. math:: \dot A/A = g + c\,(1 - A/\bar A)

    Logistic diffusion after Benhabib and Spiegel (2005): own progress and the catch-up coefficient
    both scale with absorptive capacity, so that a state below a threshold falls behind; the
    coefficient adds channels, each of which may be zero.
    """
    strength = (
        params.channel_open
        + params.channel_licensed * channels.licensed
        + params.channel_offset * channels.offset
        + params.channel_purchased * channels.purchased
        + params.channel_alliance * channels.alliance
    )
    return own * absorb + params.catch_up * absorb * strength * (1 - relative)


def _alliance_lead(world: World) -> Float:
    """Return how much know-how allies ahead share, shape ``(states, categories)``, 0 to 1."""
    states, alliances = world.states, world.alliances
    result = np.zeros_like(states.know_how)
    shares = alliances.technology_sharing * alliances.cohesion
    for row in np.flatnonzero((alliances.kind != AllianceKind.CONTROL_REGIME) & (shares > 0)):
        member = alliances.member[row]
        best = np.where(member[:, None], states.know_how, 0.0).max(axis=0)
        lead = np.where(member[:, None], (best - states.know_how) > 0, False)
        result = np.maximum(result, lead * shares[row])
    return result


def _improve(world: World, params: ResearchingParams) -> None:
    """Let product quality follow know-how upwards."""
    lines = world.lines
    known = world.states.know_how[lines.home, lines.category]
    step = world.clock.share(params.quality_pace)
    lines.quality = lines.quality + step * np.maximum(known - lines.quality, 0)


def _replace_designs(world: World, params: ResearchingParams) -> None:
    """Let makers that can design put their own product in the place of a licensed one."""
    lines, states, clock = world.lines, world.states, world.clock
    home, category = lines.home, lines.category
    known = states.know_how[home, category]
    needed = world.categories.rung_design[category]
    able = (lines.design_origin >= 0) & is_own(
        states.rung[home, category], needed, known, lines.quality, params.design_parity
    )
    luck = world.draws.uniform("researching.design", lines.uid, clock.date_id)
    chosen = able & lines.is_active & (luck < clock.chance(params.own_design))
    lines.design_origin = np.where(chosen, -1, lines.design_origin)
    lines.quality = np.where(chosen, np.minimum(lines.quality, known), lines.quality)


def _substitute(world: World, params: ResearchingParams) -> None:
    """Replace foreign components where a programme pays for it."""
    states, lines, clock = world.states, world.lines, world.clock
    pace = clock.share(states.substitution_programme[lines.home])
    if not pace.any():
        return
    replaced = lines.component_share * pace[:, None]
    lines.component_share = lines.component_share - replaced
    value = replaced.sum(axis=1) * clock.per_year(lines.output)
    cost = params.substitution_cost * value
    home, size = lines.home, len(states)
    rows = np.arange(size)
    bill = total(home, cost, size)
    post(world, Item.TAX, households(rows), government(rows), bill)
    post(world, Item.RESEARCH_GRANT, government(rows), civil(rows), bill)
    states.fiscal_cost = states.fiscal_cost + bill
