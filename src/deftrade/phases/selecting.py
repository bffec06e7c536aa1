"""Buyers choose: first make, buy or wait, then the exporter, whose line bid already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.arrays import cells, pick, total
from deftrade.keys import mix
from deftrade.params import Group, param
from deftrade.phase import phase
from deftrade.phases.choosing import BUY, MAKE, WAIT, Choice, Offers, choose
from deftrade.phases.packaging import compared_price
from deftrade.posting import Verdict, log
from deftrade.tables import Alliances, Bids, Categories, Decisions, Dyads, Fleets, States, Tenders
from deftrade.tables.codes import ContractKind, DecisionKind, Mode, TenderStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.world import World

    Float = NDArray[np.float64]
    Int = NDArray[np.int64]
    Bool = NDArray[np.bool_]


_GRANTING = (Mode.LICENSED, Mode.CODEVELOPMENT)
"""Modes that let the buyer build what it buys."""


class SelectingParams(Group):
    """Parameters of selecting: logit weights per unit of each feature.

    Estimates are those of L§3.1 weighted by volume, as tenders here are programmes.
    """

    record: float = param(0.61, "1", 0, 2, "L§3.1, weighted by volume: ln category exports 0.61")
    """Weight of the log of the exporter's recent deliveries in the category."""
    record_floor: float = param(5, "CU/yr", 0.01, 1000, "assumption: entrants have a small record")
    """Record that weighs as much as the first steps of an entrant."""
    exporter_gdp: float = param(0.14, "1", 0, 2, "L§3.1, weighted by volume: ln GDP exporter 0.14")
    """Weight of the log of the exporter's GDP."""
    distance: float = param(0.22, "1", 0, 2, "L§3.1, weighted by volume: ln distance -0.22")
    """Weight of the log of distance, subtracted."""
    polity: float = param(0.54, "1", 0, 5, "L§3.1, weighted by volume: polity difference -0.54")
    """Weight of the difference in polity, subtracted."""
    allied: float = param(0.6, "1", 0, 5, "L§3.1, weighted by volume: alliance 0.60")
    """Weight of a defence pact."""
    alignment: float = param(0.5, "1", 0, 5, "assumption: beside the pact itself")
    """Weight of political alignment."""
    enmity: float = param(3.0, "1", 0, 30, "assumption: few arm themselves at their enemies'")
    """Weight of the buyer's hostility towards the exporter, subtracted."""
    supplier: float = param(0.87, "1", 0, 5, "L§3.1, weighted by volume: supplied in five years 0.87")
    """Weight of having supplied anything recently."""
    same_category: float = param(1.45, "1", 0, 5, "L§3.1, weighted by volume: same category 1.45")
    """Weight of having supplied the same category recently."""
    price: float = param(3.0, "1", 0, 10, "calibrated: V32 price elasticity about -1 with L§2c sigma 3-6")
    """Weight of the log of price against the usual price, subtracted."""
    loan_value: float = param(0.25, "share", 0, 1, "assumption: grant element of ten years at two per cent")
    """Share of a package's loan that is worth as much to the buyer as a lower price."""
    quality: float = param(8.5, "1", 0, 30, "calibrated: just above price times the cost of quality")
    """Weight of the log of quality in a rich state."""
    poor_quality: float = param(2.0, "1", 0, 10, "assumption: poor states take the cheaper product")
    """How much less quality weighs in the poorest states."""
    rich_productivity: float = param(0.28, "MUSD/job", 0.05, 1, "V56: European turnover per job")
    """Productivity of a rich state, the yardstick for poverty."""
    delay: float = param(1.5, "1", 0, 10, "assumption: half the weight of price")
    """Weight of the log of the quoted schedule against the usual one, subtracted."""
    offset: float = param(0.6, "1", 0, 5, "assumption: obligations count for the buyer")
    """Weight of the offset rate that exporters promise; equal among foreign offers."""
    home: float = param(4.8, "1", -5, 10, "calibrated: share of domestic procurement")
    """Constant of home offers."""
    home_margin: float = param(3.0, "1", 0, 20, "assumption: price weight times margin")
    """Weight of the domestic margin in favour of home offers."""
    used: float = param(-0.8, "1", -5, 5, "calibrated: V29 second-hand 7-14 % of transfers")
    """Constant of used equipment."""
    wait: float = param(-9.0, "1", -50, 20, "assumption: waiting wins only against poor offers")
    """Value of waiting."""
    licence: float = param(0.35, "1", 0, 5, "assumption: worth the premium that it costs")
    """Weight of an offer that grants the licence that the buyer asked for."""
    backfill: float = param(0.8, "1", 0, 5, "assumption: rivals court a refused buyer")
    """Bonus, per hostility towards the last refuser, of an exporter that steps in."""
    maker: float = param(2.0, "1", 0, 10, "assumption: makers hold data and parts")
    """Bonus of the maker of a fleet when support is chosen."""
    noise: float = param(1.0, "1", 0, 5, "L§3.1: the logit's unit scale")
    """Scale of the taste shocks of exporters; those of ways have it over the dissimilarity."""
    nest: float = param(0.7, "share", 0.05, 1, "assumption: exporters are closer rivals than ways")
    """Dissimilarity of ways: make, buy, wait; 1 is the flat logit."""
    recent_floor: float = param(0.5, "CU/yr", 0, 100, "calibrated: L§3.1 habit of five years, same category")
    """Recent deliveries from which a state counts as a supplier."""


@phase(
    SelectingParams,
    reads=(
        Alliances.member,
        Alliances.preference,
        Categories.market_price,
        Bids.tender,
        Bids.exporter,
        Bids.line,
        Bids.mode,
        Bids.price,
        Bids.rent_share,
        Bids.concession,
        Bids.quality,
        Bids.volume,
        Bids.stretch,
        Bids.package_share,
        Bids.is_released,
        Dyads.distance,
        Dyads.alignment,
        Dyads.allied,
        Dyads.relation,
        Dyads.hostility,
        Dyads.fleet_row,
        Fleets.origin,
        Fleets.category,
        Fleets.recent_deliveries,
        States.uid,
        States.gdp,
        States.polity,
        States.productivity,
        States.alliance_preference,
        States.domestic_margin,
        States.export_credit,
        States.package_loan,
        Tenders.uid,
        Tenders.buyer,
        Tenders.category,
        Tenders.kind,
        Tenders.fleet,
        Tenders.pool,
        Tenders.pool_key,
        Tenders.offset_rate,
        Tenders.wants_licence,
        Tenders.refuser,
    ),
    writes=(
        Bids.score,
        States.offers_withheld,
        Tenders.status,
        Tenders.rounds,
        Tenders.exporter,
        Tenders.line,
        Tenders.mode,
        Tenders.price,
        Tenders.rent_share,
        Tenders.concession,
        Tenders.quality,
        Tenders.package_share,
        Tenders.stretch,
        Tenders.volume,
        Tenders.value,
        Tenders.application,
    ),
    appends=(Decisions,),
)
def selecting(world: World, params: SelectingParams) -> None:
    """Value all offers, let pool partners agree, and take the best way if it beats waiting."""
    bids, tenders = world.bids, world.tenders
    if not len(bids):
        return
    value = _agree_in_pools(world, _values(world, params))
    bids.score = value + params.noise * _taste(world)
    # Open tenders are recent: numbers counted from the oldest keep the arrays short.
    tender = np.arange(bids.tender.min(), len(tenders))
    way = np.where(_is_made(world), MAKE, BUY)
    offers = Offers(bids.tender - tender[0], way, value, bids.score)
    # The estimates of L§3.1 are of choice among exporters: luck has unit scale there, and more between ways.
    between = params.noise / params.nest
    luck = between * _way_luck(world, tender)
    waiting = params.wait + between * world.luck.gumbel(
        "selecting.wait", tenders.uid[tender], tenders.rounds[tender]
    )
    choice = choose(offers.only(bids.is_released), len(tender), params.noise, luck, waiting)
    asked = np.zeros(len(tender), dtype=bool)
    asked[offers.group[bids.is_released]] = True
    bought = choice.way != WAIT
    tenders.rounds[tender[asked & ~bought]] += 1
    wished = choose(offers, len(tender), params.noise, luck, waiting)
    _count_withheld(world, wished.offer[bought])
    _award(world, tender[bought], choice, bought)


def _way_luck(world: World, tender: Int) -> Float:
    """Return the luck of making and of buying, shape ``(tenders, 2)``."""
    key = _keys(world, tender)[:, None]
    return world.luck.gumbel("selecting.way", key, np.array([[MAKE, BUY]]))


def _keys(world: World, tender: Int) -> NDArray[np.uint64]:
    """Return the ids that taste belongs to: of the joint requirement, or of the tender."""
    tenders = world.tenders
    return np.where(tenders.pool[tender] >= 0, tenders.pool_key[tender], tenders.uid[tender])


def _taste(world: World) -> Float:
    """Return the taste shock of every offer, shape ``(bids,)``."""
    bids = world.bids
    key = _keys(world, bids.tender)
    return world.luck.gumbel("selecting.taste", key, world.states.uid[bids.exporter], _product(bids.mode))


def _is_made(world: World) -> Bool:
    """Return which offers are made at home, in joint requirements at a partner's home, ``(bids,)``."""
    bids, tenders = world.bids, world.tenders
    made = np.asarray(bids.exporter == tenders.buyer[bids.tender])
    joint = np.flatnonzero(tenders.pool[bids.tender] >= 0)
    key = mix(_keys(world, bids.tender[joint]), world.states.uid[bids.exporter[joint]])
    made[joint] = np.isin(key, key[made[joint]]) & (bids.mode[joint] != Mode.SECOND_HAND)
    return made


def _values(world: World, params: SelectingParams) -> Float:
    """Return the value of every offer to its buyer without luck, shape ``(bids,)``."""
    bids, tenders, states = world.bids, world.tenders, world.states
    buyer, exporter = tenders.buyer[bids.tender], bids.exporter
    kind = tenders.kind[bids.tender]
    home = buyer == exporter
    foreign = _foreign_terms(world, params, buyer, exporter)
    domestic = params.home + params.home_margin * states.domestic_margin[buyer]
    market = bids.volume * world.categories.market_price[tenders.category[bids.tender]]
    usual = np.where(kind == ContractKind.EQUIPMENT, market, tenders.value[bids.tender])
    # Price against the usual price has no unit, so that small deals do not look cheap.
    made = ~home & (bids.line >= 0) & (kind == ContractKind.EQUIPMENT)
    credit = np.where(made, states.export_credit[exporter] + bids.concession, 0.0)
    compared = bids.price * (1 - credit) * compared_price(world, params.loan_value)
    dear = np.log(compared / np.maximum(usual, 1e-12))
    poverty = (1 - states.productivity[buyer] / params.rich_productivity).clip(0, 1)
    taste = params.quality - params.poor_quality * poverty
    record = cells(_records(world), exporter, tenders.category[bids.tender])
    used = bids.mode == Mode.SECOND_HAND
    maker = pick(world.fleets.origin, tenders.fleet[bids.tender], -1) == exporter
    return (
        np.where(home, domestic, foreign)
        + params.record * np.log1p(record / params.record_floor)
        + params.exporter_gdp * np.log(states.gdp[exporter] / states.gdp.mean())
        - params.price * dear
        + taste * np.log(np.maximum(bids.quality, 1e-9))
        - params.delay * np.log(bids.stretch)
        + params.used * used
        + params.maker * maker
    )


def _product(mode: Int) -> Int:
    """Return which product of an exporter an offer is: new, used, yet to be developed.

    Each has its own luck.
    """
    return np.select([mode == Mode.SECOND_HAND, mode == Mode.CODEVELOPMENT], [1, 2], 0)


def _foreign_terms(world: World, params: SelectingParams, buyer: Int, exporter: Int) -> Float:
    """Return what only foreign offers answer to, shape ``(bids,)``."""
    states, dyads, tenders, bids = world.states, world.dyads, world.tenders, world.bids
    category = tenders.category[bids.tender]
    rows = dyads.fleet_row.reshape(-1, dyads.fleet_row.shape[2])
    fleet = cells(rows, buyer * len(states) + exporter, category)
    recent = pick(world.fleets.recent_deliveries, fleet, 0.0) > params.recent_floor
    pact = params.allied * states.alliance_preference[buyer] * cells(dyads.allied, exporter, buyer)
    refuser = tenders.refuser[bids.tender]
    courted = np.where(refuser >= 0, cells(dyads.hostility, exporter, refuser.clip(0)), 0.0)
    return (
        -params.distance * np.log(cells(dyads.distance, exporter, buyer))
        - params.polity * np.abs(states.polity[exporter] - states.polity[buyer])
        + pact
        + params.alignment * cells(dyads.alignment, buyer, exporter)
        - params.enmity * cells(dyads.hostility, buyer, exporter)
        + params.supplier * (cells(dyads.relation, exporter, buyer) > params.recent_floor)
        + params.same_category * recent
        + params.licence * (tenders.wants_licence[bids.tender] & np.isin(bids.mode, _GRANTING))
        + params.offset * tenders.offset_rate[bids.tender]
        + params.backfill * courted
        + _pool_bonus(world)
    )


def _pool_bonus(world: World) -> Float:
    """Return the pool's preference for offers of its members, shape ``(bids,)``."""
    alliances, bids = world.alliances, world.bids
    pool = world.tenders.pool[bids.tender]
    bonus = np.zeros(len(bids))
    joint = np.flatnonzero(pool >= 0)
    member = alliances.member[pool[joint], bids.exporter[joint]]
    bonus[joint] = np.where(member, alliances.preference[pool[joint]], 0.0)
    return bonus


def _records(world: World) -> Float:
    """Return recent deliveries by exporter and category to all, home included, CU/yr."""
    fleets = world.fleets
    shape = (len(world.states), len(world.categories))
    flat = fleets.origin * shape[1] + fleets.category
    return total(flat, fleets.recent_deliveries, shape[0] * shape[1]).reshape(shape)


def _agree_in_pools(world: World, value: Float) -> Float:
    """Return values with an exporter's the same for all partners of a joint requirement: their mean."""
    bids, tenders = world.bids, world.tenders
    joint = np.flatnonzero(tenders.pool[bids.tender] >= 0)
    if not len(joint):
        return value
    key = mix(
        tenders.pool_key[bids.tender[joint]],
        world.states.uid[bids.exporter[joint]],
        _product(bids.mode[joint]),
    )
    _, group = np.unique(key, return_inverse=True)
    sums = np.bincount(group, weights=value[joint])
    agreed = value.copy()
    agreed[joint] = sums[group] / np.bincount(group)[group]
    return agreed


def _count_withheld(world: World, wished: Int) -> None:
    """Count by exporter what went elsewhere only because release policy barred the best offer.

    ``wished`` are the bids that would have won the awarded tenders if all had been released.
    """
    bids, tenders = world.bids, world.tenders
    barred = wished[~bids.is_released[wished]]
    world.states.offers_withheld = total(
        bids.exporter[barred], tenders.value[bids.tender[barred]], len(world.states)
    )


def _award(world: World, tender: Int, choice: Choice, group: Bool) -> None:
    """Write the chosen offer's terms; home offers need no licence."""
    bids, tenders = world.bids, world.tenders
    bid = choice.offer[group]
    home = bids.exporter[bid] == tenders.buyer[tender]
    tenders.status[tender] = np.where(home, TenderStatus.APPROVED, TenderStatus.SELECTED)
    tenders.exporter[tender] = bids.exporter[bid]
    tenders.line[tender] = bids.line[bid]
    tenders.mode[tender] = bids.mode[bid]
    tenders.price[tender] = bids.price[bid]
    tenders.rent_share[tender] = bids.rent_share[bid]
    tenders.concession[tender] = bids.concession[bid]
    tenders.quality[tender] = bids.quality[bid]
    tenders.package_share[tender] = bids.package_share[bid]
    tenders.stretch[tender] = bids.stretch[bid]
    equipment = tenders.kind[tender] == ContractKind.EQUIPMENT
    tenders.volume[tender] = np.where(equipment, bids.volume[bid], 0.0)
    tenders.value[tender] = np.where(equipment, bids.price[bid], tenders.value[tender])
    tenders.application[tender] = -1
    runner_up = pick(bids.exporter, choice.runner_up[group], -1)
    log(
        world,
        DecisionKind.AWARD,
        tenders.buyer[tender],
        tenders.uid[tender],
        tender,
        Verdict(bids.exporter[bid], runner_up, choice.margin[group]),
    )
