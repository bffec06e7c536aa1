"""What an offer is worth to its buyer: what is seen of it, the terms of utility, and their sum.

The terms are a pure function of plain arrays and parameters. The phase sums them, and explanations read
them. A term is negative where it counts against an offer.
"""

from __future__ import annotations

from math import e
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import at_pairs, pick, total2
from deftrade.core.tables.codes import ContractKind, Mode
from deftrade.phases.shared.packages import compared_price

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World
    from deftrade.phases.selecting.addressing import Addressed
    from deftrade.phases.selecting.params import SelectingParams


_EQUIPMENT = int(ContractKind.EQUIPMENT)
_LICENSED, _SECOND_HAND, _CODEVELOPMENT = (
    int(mode) for mode in (Mode.LICENSED, Mode.SECOND_HAND, Mode.CODEVELOPMENT)
)

WORDS = {
    "pool": "preference of the pool",
    "price": "price",
    "quality": "quality",
    "simplicity": "taste for simple equipment",
    "delay": "schedule",
    "record": "experience in the category",
    "size": "size of the exporter",
    "home": "offer from home",
    "margin": "preference for home",
    "distance": "distance",
    "polity": "difference of polity",
    "pact": "alliance",
    "alignment": "alignment",
    "enmity": "hostility",
    "supplier": "habit: supplied before",
    "same_category": "habit: same category before",
    "offset": "offset",
    "licence": "licence to build",
    "backfill": "stepping in after a refusal",
    "maker": "maker of the fleet",
    "used": "used equipment",
}
"""What people call the terms, in the order in which they are told."""


class Nations(NamedTuple):
    """What utility depends on of states: all ``(states,)``, the record ``(states, categories)``.

    ``quality_effect`` is that of what is bought, ``(categories,)``.
    """

    gdp: Float
    polity: Float
    productivity: Float
    alliance_preference: Float
    domestic_margin: Float
    export_credit: Float
    record: Float
    quality_effect: Float


class Features(NamedTuple):
    """What utility depends on: of states, of usual prices ``(categories,)``, of each offer ``(offers,)``.

    ``asked`` is what the tender is worth that an offer of support answers; ``package_price`` the price
    for comparison against what is asked; ``is_made`` marks new foreign equipment, which credit can
    finance; ``courted`` is the exporter's hostility towards the last refuser.
    """

    nations: Nations
    market_price: Float
    buyer: Int
    exporter: Int
    category: Int
    at_home: Bool
    is_equipment: Bool
    is_made: Bool
    is_used: Bool
    is_maker: Bool
    grants_licence: Bool
    asked: Float
    volume: Float
    price: Float
    concession: Float
    package_price: Float
    quality: Float
    stretch: Float
    distance: Float
    allied: Float
    alignment: Float
    hostility: Float
    bought: Float
    bought_alike: Float
    offset_rate: Float
    courted: Float
    pool: Float


class HomeTerms(NamedTuple):
    """Terms of home offers alone, in the order of their sum."""

    home: Float
    margin: Float


class ForeignTerms(NamedTuple):
    """Terms of foreign offers alone, in the order of their sum."""

    distance: Float
    polity: Float
    pact: Float
    alignment: Float
    enmity: Float
    supplier: Float
    same_category: Float
    licence: Float
    offset: Float
    backfill: Float
    pool: Float


class CommonTerms(NamedTuple):
    """Terms of all offers, in the order of their sum."""

    record: Float
    size: Float
    price: Float
    quality: Float
    simplicity: Float
    delay: Float
    used: Float
    maker: Float


class UtilityTerms(NamedTuple):
    """Terms of the utility of offers, all ``(offers,)``: those at home or abroad are of use there only."""

    home: HomeTerms
    foreign: ForeignTerms
    common: CommonTerms


def utility_terms(seen: Features, params: SelectingParams) -> UtilityTerms:
    """Return what each term adds to the value of every offer."""
    return UtilityTerms(_home_terms(seen, params), _foreign_terms(seen, params), _common_terms(seen, params))


def _home_terms(seen: Features, params: SelectingParams) -> HomeTerms:
    """Return what only home offers answer to."""
    margin = params.home_margin * seen.nations.domestic_margin
    return HomeTerms(np.full(len(seen.buyer), params.home), margin[seen.buyer])


def _foreign_terms(seen: Features, params: SelectingParams) -> ForeignTerms:
    """Return what only foreign offers answer to."""
    nations = seen.nations
    return ForeignTerms(
        -params.distance * elementary.log(seen.distance),
        -params.polity * np.abs(nations.polity[seen.exporter] - nations.polity[seen.buyer]),
        (params.allied * nations.alliance_preference)[seen.buyer] * seen.allied,
        params.alignment * seen.alignment,
        -params.enmity * seen.hostility,
        np.multiply(params.supplier, seen.bought > params.recent_floor),
        np.multiply(params.same_category, seen.bought_alike > params.recent_floor),
        np.multiply(params.licence, seen.grants_licence),
        params.offset * seen.offset_rate,
        params.backfill * seen.courted,
        seen.pool,
    )


def _common_terms(seen: Features, params: SelectingParams) -> CommonTerms:
    """Return what all offers answer to."""
    nations, exporter = seen.nations, seen.exporter
    usual = np.where(seen.is_equipment, seen.volume * seen.market_price[seen.category], seen.asked)
    # Price against the usual price has no unit, so that small deals do not look cheap.
    credit = np.where(seen.is_made, nations.export_credit[exporter] + seen.concession, 0.0)
    compared = seen.price * (1 - credit) * seen.package_price
    poverty = (1 - nations.productivity / params.rich_productivity).clip(0, 1)
    better = elementary.log(np.maximum(seen.quality, 1e-9))
    record = params.record * elementary.log1p(nations.record / params.record_floor)
    size = params.exporter_gdp * elementary.log(nations.gdp / nations.gdp.mean())
    return CommonTerms(
        at_pairs(record, exporter, seen.category),
        size[exporter],
        # What is given away, as all of a package may be, is not wanted without limit.
        -params.price * elementary.log(np.maximum(compared / np.maximum(usual, 1e-12), 1e-9)),
        params.price * nations.quality_effect[seen.category] * better,
        -(params.poor_quality * poverty)[seen.buyer] * better,
        -params.delay * elementary.log(seen.stretch),
        np.multiply(params.used, seen.is_used),
        np.multiply(params.maker, seen.is_maker),
    )


def utility(terms: UtilityTerms, at_home: Bool) -> Float:
    """Return the value of every offer to its buyer, ``(offers,)``."""
    value = np.where(at_home, _sum(terms.home), _sum(terms.foreign))
    for term in terms.common:
        value += term
    return value


def _sum(terms: tuple[Float, ...]) -> Float:
    """Return the sum of at least two terms, from the first to the last."""
    value = terms[0] + terms[1]
    for term in terms[2:]:
        value += term
    return value


def counted(terms: UtilityTerms, at_home: Bool) -> dict[str, Float]:
    """Return the terms by name, zero at offers that do not answer to them: they sum to `utility`."""
    return {
        **{name: np.where(at_home, term, 0.0) for name, term in terms.home._asdict().items()},
        **{name: np.where(at_home, 0.0, term) for name, term in terms.foreign._asdict().items()},
        **terms.common._asdict(),
    }


class Slopes(NamedTuple):
    """What a logarithmic unit more of price, and of quality, adds to the value of offers, ``(offers,)``."""

    price: Float
    quality: Float


def slopes(seen: Features, params: SelectingParams) -> Slopes:
    """Return how the value of offers answers to their price and quality."""
    unit = np.ones(len(seen.price))
    settings = (
        (seen, seen._replace(price=e * seen.price)),
        (seen._replace(quality=unit), seen._replace(quality=e * unit)),
    )
    found = (tuple(utility(utility_terms(each, params), seen.at_home) for each in pair) for pair in settings)
    return Slopes(*(after - before for before, after in found))


def ratio_for(needed: float, slope: float) -> float:
    """Return the ratio of prices or qualities that adds so much to a value, at a slope that is not zero."""
    return float(elementary.exp(needed / slope))


def see_offers(world: World, params: SelectingParams, made_to: Addressed) -> Features:
    """Return what buyers see of this step's offers."""
    bids, tenders, states, dyads = world.bids, world.tenders, world.states, world.dyads
    tender, group, buyer, exporter = made_to.tender, made_to.group, made_to.buyer, made_to.exporter
    # Matrices are read by flat numbers: what the exporter is to the buyer, and the other way round.
    there, back = exporter * len(states) + buyer, buyer * len(states) + exporter
    fleet = dyads.fleet_row.reshape(-1).take(back * len(world.categories) + made_to.category)
    at_home = buyer == exporter
    is_equipment = (tenders.kind[tender] == _EQUIPMENT)[group]
    mode = bids.mode
    grants = (mode == _LICENSED) | (mode == _CODEVELOPMENT)
    return Features(
        _see_nations(world),
        world.categories.market_price,
        buyer,
        exporter,
        made_to.category,
        at_home,
        is_equipment,
        ~at_home & (bids.line >= 0) & is_equipment,
        mode == _SECOND_HAND,
        pick(world.fleets.origin, tenders.fleet[tender], -1)[group] == exporter,
        tenders.wants_licence[tender][group] & grants,
        tenders.value[tender][group],
        bids.volume,
        bids.price,
        bids.concession,
        compared_price(world, params.loan_value),
        bids.quality,
        bids.stretch,
        dyads.distance.reshape(-1).take(there),
        dyads.allied.reshape(-1).take(there),
        dyads.alignment.reshape(-1).take(back),
        dyads.hostility.reshape(-1).take(back),
        dyads.relation.reshape(-1).take(there),
        pick(world.fleets.recent_deliveries, fleet, 0.0),
        tenders.offset_rate[tender][group],
        _see_courted(world, made_to),
        _see_pool(world, made_to),
    )


def _see_nations(world: World) -> Nations:
    """Return what utility depends on of states; records are recent deliveries to all, home included."""
    states, fleets = world.states, world.fleets
    shape = (len(states), len(world.categories))
    record = total2(fleets.origin, fleets.category, fleets.recent_deliveries, shape)
    return Nations(
        states.gdp,
        states.polity,
        states.productivity,
        states.alliance_preference,
        states.domestic_margin,
        states.export_credit,
        record,
        world.categories.quality_effect,
    )


def _see_courted(world: World, made_to: Addressed) -> Float:
    """Return the exporter's hostility towards who refused the buyer last, ``(offers,)``; 0 if nobody did."""
    refuser = world.tenders.refuser[made_to.tender][made_to.group]
    left = np.flatnonzero(refuser >= 0)
    courted = np.zeros(len(refuser))
    courted[left] = at_pairs(world.dyads.hostility, made_to.exporter[left], refuser[left])
    return courted


def _see_pool(world: World, made_to: Addressed) -> Float:
    """Return the pool's preference for offers of its members, ``(offers,)``."""
    alliances, joint = world.alliances, made_to.joint
    pool = made_to.pool[joint]
    bonus = np.zeros(len(made_to.pool))
    member = alliances.member[pool, made_to.exporter[joint]]
    bonus[joint] = np.where(member, alliances.preference[pool], 0.0)
    return bonus
