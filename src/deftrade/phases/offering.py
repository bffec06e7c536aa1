"""Offers of know-how and of used equipment, and whom release policy lets exporters make offers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.arrays import cells, pick, spread_evenly
from deftrade.phases.matching import Match
from deftrade.phases.packaging import incompatible
from deftrade.phases.releasing import readiness
from deftrade.tables.codes import Mode, TenderStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.phases.bidding import BiddingParams
    from deftrade.world import World

    Float = NDArray[np.float64]
    Int = NDArray[np.int64]
    Bool = NDArray[np.bool_]


def is_released(world: World, params: BiddingParams, match: Match, embargo: Float) -> Bool:
    """Return where release policy lets the exporter offer; home offers always may.

    ``embargo`` holds the years left of the embargo that counts for the goods offered.
    """
    dyads, tenders = world.dyads, world.tenders
    buyer, exporter = tenders.buyer[match.tender], match.exporter
    sensitive = world.categories.sensitivity[tenders.category[match.tender]] >= params.sensitive
    firm = pick(world.lines.firm, match.line, -1)
    opposed = cells(dyads.alignment, exporter, buyer) < params.release_alignment
    barred = (
        (cells(embargo, exporter, buyer) > 0)
        | (cells(dyads.hostility, exporter, buyer) >= params.release_hostility)
        | (opposed & sensitive)
        | incompatible(world, params, params.sensitive, match)
        | (pick(world.firms.sanction_years, firm, 0.0) > 0)
    )
    return np.asarray(~barred | (exporter == buyer))


def write(world: World, rows: Int, match: Match) -> None:
    """Write who offers what to whom."""
    world.bids.tender[rows] = match.tender
    world.bids.exporter[rows] = match.exporter
    world.bids.line[rows] = match.line


def offer_technology(world: World, params: BiddingParams, match: Match) -> None:
    """Offer know-how where the exporter leads and its policy releases technology."""
    states, tenders = world.states, world.tenders
    category, buyer = tenders.category[match.tender], tenders.buyer[match.tender]
    lead = states.know_how[match.exporter, category] - states.know_how[buyer, category]
    willing = world.luck.uniform("bidding.technology", tenders.uid[match.tender], states.uid[match.exporter])
    keep = (
        (lead > params.technology_gap)
        & (match.exporter != buyer)
        & (willing < readiness(world)[match.exporter, buyer])
    )
    match = match.only(keep)
    rows = world.bids.append(len(match.tender))
    write(world, rows, match)
    # A fund buys what it holds: offers differ in what they teach, not in price.
    world.bids.price[rows] = tenders.value[match.tender]
    world.bids.quality[rows] = lead[keep]
    world.bids.is_released[rows] = is_released(world, params, match, world.dyads.embargo_years)


def offer_used(world: World, params: BiddingParams) -> None:
    """Offer equipment that makers retire early, from their own fleets, to who accepts it."""
    tenders, fleets, states = world.tenders, world.fleets, world.states
    tender = np.flatnonzero((tenders.status == TenderStatus.OPEN) & tenders.accepts_used)
    own = np.flatnonzero(
        (fleets.holder == fleets.origin)
        & (fleets.volume > 0)
        & (fleets.quality > 0)
        & (states.second_hand_release[fleets.holder] > 0)
    )
    if not len(tender) or not len(own):
        return
    own = own[np.argsort(fleets.category[own], kind="stable")]
    many = np.bincount(fleets.category[own], minlength=len(world.categories))
    first = np.cumsum(many) - many
    group, place = spread_evenly(many[tenders.category[tender]])
    fleet = own[first[tenders.category[tender[group]]] + place]
    match = Match(tender[group], fleets.holder[fleet], np.full(len(fleet), -1))
    keep = match.exporter != tenders.buyer[match.tender]
    match, fleet = match.only(keep), fleet[keep]
    offered = fleets.volume[fleet] * states.second_hand_release[match.exporter]
    unit = params.used_price * fleets.quality[fleet] ** params.quality_cost
    wanted = np.minimum(tenders.volume[match.tender], tenders.value[match.tender] / unit)
    volume = np.minimum(wanted, offered)
    match, keep = match.only(volume > 0), volume > 0
    rows = world.bids.append(len(match.tender))
    write(world, rows, match)
    world.bids.mode[rows] = Mode.SECOND_HAND
    world.bids.price[rows] = (unit * volume)[keep]
    world.bids.quality[rows] = fleets.quality[fleet][keep]
    world.bids.volume[rows] = volume[keep]
    world.bids.is_released[rows] = is_released(world, params, match, world.dyads.embargo_years)
