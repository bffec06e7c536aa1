"""Buyers choose: first make, buy or wait, then the exporter, whose line bid already."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade import elementary
from deftrade.arrays import cells, is_among, pick, total, total2
from deftrade.keys import mix
from deftrade.params import Group, param
from deftrade.phase import phase
from deftrade.phases.choosing import BUY, MAKE, WAIT, Choice, Offers, choose, won_if_released
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


_EQUIPMENT = int(ContractKind.EQUIPMENT)
_LICENSED, _SECOND_HAND, _CODEVELOPMENT = (
    int(mode) for mode in (Mode.LICENSED, Mode.SECOND_HAND, Mode.CODEVELOPMENT)
)
_SELECTED, _APPROVED = int(TenderStatus.SELECTED), int(TenderStatus.APPROVED)
_PRODUCT = np.zeros(len(Mode), dtype=np.uint64)
"""Which product of an exporter an offer is, by mode: new, used, yet to be developed; each has its luck."""
_PRODUCT[[_SECOND_HAND, _CODEVELOPMENT]] = 1, 2


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
        Tenders.wanted_volume,
        Tenders.wanted_value,
        Tenders.application,
    ),
    appends=(Decisions,),
)
def selecting(world: World, params: SelectingParams) -> None:
    """Value all offers, let pool partners agree, and take the best way if it beats waiting."""
    bids, tenders = world.bids, world.tenders
    if not len(bids):
        return
    made_to = _addressed(world)
    tender, group = made_to.tender, made_to.group
    value = _agree_in_pools(world, made_to, _values(world, params, made_to))
    bids.score = score = value + params.noise * _taste(world, made_to)
    way = np.where(_is_made(world, made_to), MAKE, BUY)
    offers = Offers(group, way, value, score)
    # The estimates of L§3.1 are of choice among exporters: luck has unit scale there, and more between ways.
    between = params.noise / params.nest
    luck = between * _way_luck(world, made_to)
    waiting = params.wait + between * world.luck.gumbel(
        "selecting.wait", tenders.uid[tender], tenders.rounds[tender]
    )
    released = bids.is_released
    choice = choose(offers.only(released), len(tender), params.noise, luck, waiting)
    asked = np.bincount(group[released], minlength=len(tender)) > 0
    bought = choice.way != WAIT
    tenders.rounds[tender[asked & ~bought]] += 1
    lost = won_if_released(offers, released, params.noise, luck, waiting)
    _count_withheld(world, lost[bought[group[lost]]])
    _award(world, tender[bought], choice, bought)


class Addressed(NamedTuple):
    """Whom offers are made to.

    ``tender`` are the tenders with offers, in order, with the ``key`` of the taste of each, ``(tenders,)``:
    the id of the joint requirement or of the tender; ``group`` is the place of each offer's tender there.
    Buyer, exporter, category and pool of each offer, and the ``joint`` offers, follow.
    """

    tender: Int
    key: NDArray[np.uint64]
    group: Int
    buyer: Int
    exporter: Int
    category: Int
    pool: Int
    joint: Int


def _addressed(world: World) -> Addressed:
    """Return whom this step's offers are made to."""
    bids, tenders = world.bids, world.tenders
    # Open tenders are recent: numbers counted from the oldest keep the arrays short.
    oldest = bids.tender.min()
    place = bids.tender - oldest
    is_there = np.bincount(place) > 0
    tender = np.flatnonzero(is_there) + oldest
    group = (np.cumsum(is_there) - 1)[place]
    pool = tenders.pool[tender]
    key = np.where(pool >= 0, tenders.pool_key[tender], tenders.uid[tender])
    buyer, category, pool = tenders.buyer[tender][group], tenders.category[tender][group], pool[group]
    return Addressed(tender, key, group, buyer, bids.exporter, category, pool, np.flatnonzero(pool >= 0))


def _way_luck(world: World, made_to: Addressed) -> Float:
    """Return the luck of making and of buying, shape ``(tenders, 2)``."""
    return world.luck.gumbel("selecting.way", made_to.key[:, None], np.array([[MAKE, BUY]]))


def _taste(world: World, made_to: Addressed) -> Float:
    """Return the taste shock of every offer, shape ``(bids,)``."""
    exporter = world.states.uid[made_to.exporter]
    return world.luck.gumbel(
        "selecting.taste", made_to.key, exporter, _PRODUCT[world.bids.mode], group=made_to.group
    )


def _is_made(world: World, made_to: Addressed) -> Bool:
    """Return which offers are made at home, in joint requirements at a partner's home, ``(bids,)``."""
    joint = made_to.joint
    made = np.asarray(made_to.exporter == made_to.buyer)
    key = mix(made_to.key[made_to.group[joint]], world.states.uid[made_to.exporter[joint]])
    made[joint] = is_among(key, key[made[joint]]) & (world.bids.mode[joint] != _SECOND_HAND)
    return made


def _values(world: World, params: SelectingParams, made_to: Addressed) -> Float:
    """Return the value of every offer to its buyer without luck, shape ``(bids,)``."""
    bids, tenders, states = world.bids, world.tenders, world.states
    tender, group, exporter = made_to.tender, made_to.group, made_to.exporter
    home = made_to.buyer == exporter
    foreign = _foreign_terms(world, params, made_to)
    domestic = params.home + params.home_margin * states.domestic_margin
    equipment = (tenders.kind[tender] == _EQUIPMENT)[group]
    market = bids.volume * world.categories.market_price[made_to.category]
    usual = np.where(equipment, market, tenders.value[tender][group])
    # Price against the usual price has no unit, so that small deals do not look cheap.
    made = ~home & (bids.line >= 0) & equipment
    credit = np.where(made, states.export_credit[exporter] + bids.concession, 0.0)
    compared = bids.price * (1 - credit) * compared_price(world, params.loan_value)
    dear = elementary.log(compared / np.maximum(usual, 1e-12))
    poverty = (1 - states.productivity / params.rich_productivity).clip(0, 1)
    taste = params.quality - params.poor_quality * poverty
    record = params.record * elementary.log1p(_records(world) / params.record_floor)
    size = params.exporter_gdp * elementary.log(states.gdp / states.gdp.mean())
    maker = pick(world.fleets.origin, tenders.fleet[tender], -1)[group] == exporter
    return (
        np.where(home, domestic[made_to.buyer], foreign)
        + cells(record, exporter, made_to.category)
        + size[exporter]
        - params.price * dear
        + taste[made_to.buyer] * elementary.log(np.maximum(bids.quality, 1e-9))
        - params.delay * elementary.log(bids.stretch)
        + params.used * (bids.mode == _SECOND_HAND)
        + params.maker * maker
    )


def _foreign_terms(world: World, params: SelectingParams, made_to: Addressed) -> Float:
    """Return what only foreign offers answer to, shape ``(bids,)``."""
    states, dyads, tenders, mode = world.states, world.dyads, world.tenders, world.bids.mode
    tender, group, buyer, exporter = made_to.tender, made_to.group, made_to.buyer, made_to.exporter
    # Matrices are read by flat numbers: what the exporter is to the buyer, and the other way round.
    there, back = exporter * len(states) + buyer, buyer * len(states) + exporter
    hostility = dyads.hostility.reshape(-1)
    fleet = dyads.fleet_row.reshape(-1).take(back * len(world.categories) + made_to.category)
    recent = pick(world.fleets.recent_deliveries, fleet, 0.0) > params.recent_floor
    pact = (params.allied * states.alliance_preference)[buyer] * dyads.allied.reshape(-1).take(there)
    refuser = tenders.refuser[tender][group]
    left = np.flatnonzero(refuser >= 0)
    courted = np.zeros(len(group))
    courted[left] = cells(dyads.hostility, exporter[left], refuser[left])
    grants = (mode == _LICENSED) | (mode == _CODEVELOPMENT)
    return (
        -params.distance * elementary.log(dyads.distance.reshape(-1).take(there))
        - params.polity * np.abs(states.polity[exporter] - states.polity[buyer])
        + pact
        + params.alignment * dyads.alignment.reshape(-1).take(back)
        - params.enmity * hostility.take(back)
        + params.supplier * (dyads.relation.reshape(-1).take(there) > params.recent_floor)
        + params.same_category * recent
        + params.licence * (tenders.wants_licence[tender][group] & grants)
        + (params.offset * tenders.offset_rate[tender])[group]
        + params.backfill * courted
        + _pool_bonus(world, made_to)
    )


def _pool_bonus(world: World, made_to: Addressed) -> Float:
    """Return the pool's preference for offers of its members, shape ``(bids,)``."""
    alliances, joint = world.alliances, made_to.joint
    pool = made_to.pool[joint]
    bonus = np.zeros(len(made_to.pool))
    member = alliances.member[pool, made_to.exporter[joint]]
    bonus[joint] = np.where(member, alliances.preference[pool], 0.0)
    return bonus


def _records(world: World) -> Float:
    """Return recent deliveries by exporter and category to all, home included, CU/yr."""
    fleets = world.fleets
    shape = (len(world.states), len(world.categories))
    return total2(fleets.origin, fleets.category, fleets.recent_deliveries, shape)


def _agree_in_pools(world: World, made_to: Addressed, value: Float) -> Float:
    """Return values with an exporter's the same for all partners of a joint requirement: their mean."""
    joint = made_to.joint
    if not len(joint):
        return value
    key = mix(
        made_to.key[made_to.group[joint]],
        world.states.uid[made_to.exporter[joint]],
        _PRODUCT[world.bids.mode[joint]],
    )
    _, group = np.unique(key, return_inverse=True)
    sums = np.bincount(group, weights=value[joint])
    agreed = value.copy()
    agreed[joint] = sums[group] / np.bincount(group)[group]
    return agreed


def _count_withheld(world: World, barred: Int) -> None:
    """Count by exporter what went elsewhere only because release policy barred the best offer.

    ``barred`` are the bids that would have won the awarded tenders if all had been released.
    """
    bids, tenders = world.bids, world.tenders
    world.states.offers_withheld = total(
        bids.exporter[barred], tenders.value[bids.tender[barred]], len(world.states)
    )


def _award(world: World, tender: Int, choice: Choice, group: Bool) -> None:
    """Write the chosen offer's terms; home offers need no licence."""
    bids, tenders = world.bids, world.tenders
    bid = choice.offer[group]
    buyer, exporter, price = tenders.buyer[tender], bids.exporter[bid], bids.price[bid]
    tenders.status[tender] = np.where(exporter == buyer, _APPROVED, _SELECTED)
    tenders.exporter[tender] = exporter
    tenders.line[tender] = bids.line[bid]
    tenders.mode[tender] = bids.mode[bid]
    tenders.price[tender] = price
    tenders.rent_share[tender] = bids.rent_share[bid]
    tenders.concession[tender] = bids.concession[bid]
    tenders.quality[tender] = bids.quality[bid]
    tenders.package_share[tender] = bids.package_share[bid]
    tenders.stretch[tender] = bids.stretch[bid]
    equipment = tenders.kind[tender] == _EQUIPMENT
    tenders.wanted_volume[tender] = tenders.volume[tender]
    tenders.wanted_value[tender] = tenders.value[tender]
    tenders.volume[tender] = np.where(equipment, bids.volume[bid], 0.0)
    tenders.value[tender] = np.where(equipment, price, tenders.value[tender])
    tenders.application[tender] = -1
    runner_up = pick(bids.exporter, choice.runner_up[group], -1)
    log(
        world,
        DecisionKind.AWARD,
        buyer,
        tenders.uid[tender],
        tender,
        Verdict(exporter, runner_up, choice.margin[group]),
    )
