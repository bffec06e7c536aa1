"""Exporters' release policy screens, then lines make offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import at_pairs, ratio
from deftrade.core.phase import phase
from deftrade.core.tables import (
    Alliances,
    Applications,
    Bids,
    Categories,
    Dyads,
    Firms,
    Fleets,
    Lines,
    States,
    Tenders,
)
from deftrade.core.tables.codes import LEAST_QUALITY, ContractKind, Mode, TenderStatus
from deftrade.phases.bidding.codeveloping import codeveloped
from deftrade.phases.bidding.matching import Match, find_houses, match_all, match_skilled
from deftrade.phases.bidding.offering import (
    Barriers,
    clear,
    find_barriers,
    is_released,
    offer_technology,
    offer_used,
    write,
)
from deftrade.phases.bidding.packaging import package_shares
from deftrade.phases.bidding.params import BiddingParams
from deftrade.phases.bidding.pricing import (
    Grants,
    concessions,
    contested_rents,
    rent_factor,
    rent_shares,
    with_terms,
)
from deftrade.phases.bidding.releasing import granted, is_confined, kept_share, readiness_between
from deftrade.phases.shared.lines import has_lines
from deftrade.phases.shared.quality import cost_at_home, version_cost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World


_DOMESTIC, _OFF_THE_SHELF = int(Mode.DOMESTIC), int(Mode.OFF_THE_SHELF)


@phase(
    BiddingParams,
    reads=(
        Alliances.kind,
        Alliances.member,
        Alliances.cohesion,
        Alliances.technology_sharing,
        Alliances.codevelopment,
        Applications.tender,
        Applications.exporter,
        Applications.status,
        Categories.learning_slope,
        Categories.lead_time,
        Categories.delivery_span,
        Categories.sensitivity,
        Categories.package_share,
        Categories.quality_effect,
        Categories.frontier_quality,
        Dyads.embargo_years,
        Dyads.support_embargo_years,
        Dyads.hostility,
        Dyads.alignment,
        Dyads.relation,
        Firms.margin,
        Firms.state_share,
        Firms.sanction_years,
        Fleets.uid,
        Fleets.holder,
        Fleets.category,
        Fleets.origin,
        Fleets.volume,
        Fleets.quality,
        Lines.uid,
        Lines.firm,
        Lines.home,
        Lines.design_origin,
        Lines.category,
        Lines.is_active,
        Lines.quality,
        Lines.experience,
        Lines.opening_experience,
        Lines.capacity,
        Lines.backlog,
        States.uid,
        States.productivity,
        States.know_how,
        States.rung,
        States.wage_pressure,
        States.technology_release,
        States.release_ceiling,
        States.second_hand_release,
        Tenders.uid,
        Tenders.buyer,
        Tenders.category,
        Tenders.kind,
        Tenders.fleet,
        Tenders.partners,
        Tenders.pool,
        Tenders.pool_key,
        Tenders.status,
        Tenders.refusals,
        Tenders.volume,
        Tenders.value,
        Tenders.offset_rate,
        Tenders.local_share,
        Tenders.wants_licence,
        Tenders.accepts_used,
    ),
    writes=(Lines.unit_cost, Categories.market_price, Firms.mark_up),
    appends=(Bids,),
)
def bidding(world: World, params: BiddingParams) -> None:
    """Cost the lines, then offer equipment, support, technology and used equipment."""
    lines, firms = world.lines, world.firms
    lines.unit_cost = unit_cost(world, params)
    firms.mark_up = firms.margin * (1 - params.state_discount * firms.state_share)
    price = (
        lines.unit_cost
        * (1 + firms.mark_up[lines.firm])
        * scarcity_markup(ratio(lines.backlog, lines.capacity, otherwise=np.inf), params)
    )
    _learn_prices(world, params, price)
    tenders, houses, barriers = world.tenders, find_houses(world), find_barriers(world, params)
    is_open = np.flatnonzero(tenders.status == int(TenderStatus.OPEN))
    kind = tenders.kind[is_open]
    equipment, support, technology = (
        is_open[kind == int(each)]
        for each in (ContractKind.EQUIPMENT, ContractKind.SUPPORT, ContractKind.TECHNOLOGY)
    )
    makers = match_all(world, houses, equipment)
    makers = makers.only(~is_confined(world, params, makers))
    _offer_new(world, params, barriers, makers, price)
    start = len(world.bids)
    offer_technology(world, params, match_all(world, houses, technology))
    _offer_support(world, params, match_skilled(world, houses, support, params.overhaul_rung))
    offer_used(world, params, is_open, houses.barred)
    clear(world, params, barriers, start)


def unit_cost(world: World, params: BiddingParams) -> Float:
    """Return the cost of a capability unit on every line, shape ``(lines,)``, MUSD/CU."""
    lines, states, categories = world.lines, world.states, world.categories
    learnt = experience_cost(
        lines.experience / lines.opening_experience,
        categories.learning_slope[lines.category],
        (params.learning_floor, params.learning_ceiling),
    )
    wages = 1 + params.wage_share * states.wage_pressure[lines.home]
    return cost_at_home(world, lines.home, lines.category, lines.quality, params) * learnt * wages


def experience_cost(experience: Float, slope: Float, limits: tuple[float, float]) -> Float:
    """Return the cost ratio at an experience ratio, within limits.

    Wright (1936): cost falls to ``slope`` at each doubling; Benkard (2000): experience is forgotten,
    so that the ratio is 1 at the price year's steady state.
    """
    cost = elementary.power(np.maximum(experience, 1e-6), elementary.log2(slope))
    return np.asarray(cost.clip(*limits), dtype=np.float64)


def scarcity_markup(backlog_years: Float, params: BiddingParams) -> Float:
    """Return the price factor of a backlog, between 1 and 1 plus twice the scarcity."""
    excess = (backlog_years / params.normal_backlog - 1).clip(0, 2)
    return 1 + params.scarcity * excess


def _learn_prices(world: World, params: BiddingParams, price: Float) -> None:
    """Let the known market price follow the capacity-weighted price of active lines."""
    lines, categories = world.lines, world.categories
    active = np.flatnonzero(lines.is_active)
    weight = lines.capacity[active]
    size = len(categories)
    mean = ratio(
        np.bincount(lines.category[active], weights=weight * price[active], minlength=size),
        np.bincount(lines.category[active], weights=weight, minlength=size),
        otherwise=np.nan,
    )
    known = np.where(np.isnan(mean), categories.market_price, mean)
    step = world.clock.share(params.price_memory)
    categories.market_price = categories.market_price + step * (known - categories.market_price)


class Product(NamedTuple):
    """Offers of new equipment: mode, quality, price of a unit and rent; all ``(offers,)``."""

    mode: Int
    quality: Float
    unit: Float
    rent: Float


def _offer_new(world: World, params: BiddingParams, barriers: Barriers, match: Match, price: Float) -> None:
    """Offer what is in production, then what consortia would develop."""
    lines = world.lines
    # Where know-how or release is next to nil there is nothing to offer.
    ceiling = world.categories.frontier_quality[match.category] * _released_quality(world, match)
    quality = np.minimum(lines.quality[match.line], ceiling)
    keep = np.flatnonzero(quality >= LEAST_QUALITY)
    joint = codeveloped(world, params, match, price)
    single, quality = match.only(keep), quality[keep]
    both = single.followed_by(joint.match)
    released = is_released(world, params, barriers, both)
    count = len(keep)
    serial = _in_production(world, params, single, price, quality, released[:count])
    size = len(joint.unit)
    next_ = Product(np.full(size, int(Mode.CODEVELOPMENT)), joint.quality, joint.unit, np.zeros(size))
    product: Iterator[Any] = map(np.concatenate, zip(serial, next_, strict=True))
    rows = _write_equipment(world, params, both, Product(*product))
    world.bids.is_released[rows] = released


def _in_production(
    world: World, params: BiddingParams, match: Match, price: Float, quality: Float, released: Bool
) -> Product:
    """Return offers of equipment in production; a budget buys fewer, better units.

    Parameters
    ----------
    quality : (offers,) float
        Quality of the line's product that the exporter lets the buyer have.
    released : (offers,) bool
        Offers that count as rivals.
    """
    tenders, lines = world.tenders, world.lines
    home, own = match.exporter == match.buyer, lines.quality[match.line]
    unit = price[match.line] * version_cost(quality / own, params)
    rent = contested_rents(match.tender, home, released, params.rent)
    asked = np.flatnonzero(tenders.wants_licence[match.tender] & ~home)
    wanting = match.only(asked)
    willing = readiness_between(world, wanting.exporter, wanting.buyer)
    grants = granted(world, params, wanting, willing)
    licensed, kept = np.zeros(len(home), dtype=bool), np.ones(len(home))
    licensed[asked] = grants
    kept[asked] = kept_share(~grants, willing, at_pairs(has_lines(world), wanting.buyer, wanting.category))
    unit = with_terms(world, params, match, unit, Grants(licensed, kept))
    mode = np.where(home, _DOMESTIC, np.where(licensed, int(Mode.LICENSED), _OFF_THE_SHELF))
    return Product(mode, quality, unit, rent)


def _write_equipment(world: World, params: BiddingParams, match: Match, product: Product) -> slice:
    """Append offers of new equipment, as much as the money set aside buys; return their rows."""
    tenders, lines, categories, bids = world.tenders, world.lines, world.categories, world.bids
    tender, line, rent = match.tender, match.line, product.rent
    packaged = package_shares(world, params, match)
    margin = world.firms.margin[lines.firm][line]
    unit = product.unit * (1 + packaged) * rent_factor(margin, rent)
    volume = np.minimum(tenders.volume[tender], tenders.value[tender] / unit)
    cost = unit * volume
    rows = write(world, match)
    bids.mode[rows] = product.mode
    bids.price[rows] = cost
    bids.quality[rows] = product.quality
    bids.volume[rows] = volume
    bids.package_share[rows] = packaged
    usual = (categories.lead_time + categories.delivery_span)[match.category]
    free = (lines.backlog[line] + cost) / np.maximum(lines.capacity, 1e-9)[line]
    bids.stretch[rows] = (free / usual).clip(1.0, params.longest_stretch)
    bids.rent_share[rows] = rent_shares(margin, rent)
    bids.concession[rows] = concessions(world, params, match)
    return rows


def _released_quality(world: World, match: Match) -> Float:
    """Return the share of frontier quality that the exporter lets the buyer have."""
    buyer, exporter = match.buyer, match.exporter
    ceiling = world.states.release_ceiling[exporter]
    closeness = at_pairs(world.dyads.alignment, exporter, buyer).clip(0, 1)
    return np.where(exporter == buyer, 1.0, ceiling + (1 - ceiling) * closeness)


def _offer_support(world: World, params: BiddingParams, match: Match) -> None:
    """Offer support: the maker, the holder's own industry, or another operator of the type."""
    states, tenders, lines, bids = world.states, world.tenders, world.lines, world.bids
    exporter = match.exporter
    origin = world.fleets.origin[tenders.fleet[match.tender]]
    own = exporter == match.buyer
    wage = states.productivity[exporter] / states.productivity[origin]
    wages = 1 - params.support_wage_share + params.support_wage_share * np.minimum(wage, params.dearest_wages)
    cost = wages * np.where(own, params.support_own_cost, 1.0)
    busy = scarcity_markup(ratio(lines.backlog[match.line], lines.capacity[match.line]), params)
    rows = write(world, match)
    bids.mode[rows] = np.where(own, _DOMESTIC, _OFF_THE_SHELF)
    bids.price[rows] = tenders.value[match.tender] * cost * busy
    bids.quality[rows] = np.where(exporter == origin, 1.0, params.third_party_quality)
