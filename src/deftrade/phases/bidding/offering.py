"""Offers of know-how and of used equipment, and whom release policy lets exporters make offers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import at_pairs, pick, spread_evenly
from deftrade.core.tables.codes import ContractKind, Mode
from deftrade.phases.bidding.matching import not_refused, pair_up
from deftrade.phases.bidding.packaging import Rivalry, find_rivals, incompatible
from deftrade.phases.bidding.releasing import readiness_between
from deftrade.phases.shared.quality import cost_at_home

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Int
    from deftrade.core.world import World
    from deftrade.phases.bidding.matching import Match
    from deftrade.phases.bidding.params import BiddingParams


class Barriers(NamedTuple):
    """What bars offers, looked up once a step.

    ``cut`` and ``support_cut`` say where hostility or an embargo bars all goods or all support of the
    row state to the column state, ``opposed`` where sensitive goods are barred, all ``(states, states)``;
    ``sanctioned`` are lines of sanctioned firms, ``(lines,)``.
    """

    cut: Bool
    support_cut: Bool
    opposed: Bool
    sanctioned: Bool
    rivalry: Rivalry


def find_barriers(world: World, params: BiddingParams) -> Barriers:
    """Return what bars offers in this step: hostility, embargoes, low alignment, sanctions, rivals."""
    dyads = world.dyads
    hostile = dyads.hostility >= params.release_hostility
    return Barriers(
        hostile | (dyads.embargo_years > 0),
        hostile | (dyads.support_embargo_years > 0),
        dyads.alignment < params.release_alignment,
        world.firms.sanction_years[world.lines.firm] > 0,
        find_rivals(world, params, params.sensitive),
    )


def is_released(world: World, params: BiddingParams, barriers: Barriers, match: Match) -> Bool:
    """Return where release policy lets the exporter offer; home offers always may."""
    pair = match.exporter * len(barriers.cut) + match.buyer
    cut = barriers.cut.reshape(-1).take(pair)
    support = np.flatnonzero(world.tenders.kind[match.tender] == int(ContractKind.SUPPORT))
    cut[support] = barriers.support_cut.reshape(-1)[pair[support]]
    barred = (
        cut
        | (barriers.opposed.reshape(-1).take(pair) & barriers.rivalry.sensitive[match.category])
        | incompatible(world, params, barriers.rivalry, match)
        | pick(barriers.sanctioned, match.line, False)
    )
    return np.asarray(~barred | (match.exporter == match.buyer))


def clear(world: World, params: BiddingParams, barriers: Barriers, start: int) -> None:
    """Write which bids from a row on are released."""
    bids = world.bids
    match = pair_up(world, bids.tender[start:], bids.exporter[start:], bids.line[start:])
    bids.is_released[start:] = is_released(world, params, barriers, match)


def write(world: World, match: Match) -> slice:
    """Append bids with who offers what to whom; return their rows."""
    bids = world.bids
    rows = slice(len(bids), len(bids) + len(match.tender))
    bids.append(len(match.tender))
    bids.tender[rows] = match.tender
    bids.exporter[rows] = match.exporter
    bids.line[rows] = match.line
    return rows


def offer_technology(world: World, params: BiddingParams, match: Match) -> None:
    """Offer know-how where the exporter leads and its policy releases technology."""
    states, tenders, bids = world.states, world.tenders, world.bids
    known = states.know_how
    lead = at_pairs(known, match.exporter, match.category) - at_pairs(known, match.buyer, match.category)
    ahead = np.flatnonzero((lead > params.technology_gap) & (match.exporter != match.buyer))
    match, lead = match.only(ahead), lead[ahead]
    draw = world.draws.uniform("bidding.technology", tenders.uid[match.tender], states.uid[match.exporter])
    willing = np.flatnonzero(draw < readiness_between(world, match.exporter, match.buyer))
    match = match.only(willing)
    rows = write(world, match)
    # A fund buys what it holds: offers differ in what they teach, not in price.
    bids.price[rows] = tenders.value[match.tender]
    bids.quality[rows] = lead[willing]


def offer_used(world: World, params: BiddingParams, is_open: Int, barred: Int) -> None:
    """Offer equipment that makers retire early, from their own fleets, to who accepts it.

    ``is_open`` are the tenders that are open; ``barred`` says who was refused a licence for which, see
    `deftrade.phases.bidding.matching.Houses`.
    """
    tenders, fleets, states, bids = world.tenders, world.fleets, world.states, world.bids
    tender = is_open[tenders.accepts_used[is_open]]
    release = states.second_hand_release
    own = np.flatnonzero(
        (fleets.holder == fleets.origin)
        & (fleets.volume > 0)
        & (fleets.quality > 0)
        & (release > 0)[fleets.holder]
    )
    if not len(tender) or not len(own):
        return
    category = fleets.category[own]
    order = np.argsort(category, kind="stable")
    own = own[order]
    many = np.bincount(category, minlength=len(world.categories))
    first = np.cumsum(many) - many
    kind = tenders.category[tender]
    group, place = spread_evenly(many[kind])
    fleet = own[first[kind][group] + place]
    abroad = np.flatnonzero(fleets.holder[fleet] != tenders.buyer[tender][group])
    fleet = fleet[abroad]
    match = pair_up(world, tender[group[abroad]], fleets.holder[fleet], np.full(len(fleet), -1))
    quality = fleets.quality[fleet]
    offered = fleets.volume[fleet] * release[match.exporter]
    unit = params.used_price * cost_at_home(world, match.exporter, match.category, quality, params)
    wanted = np.minimum(tenders.volume[match.tender], tenders.value[match.tender] / unit)
    volume = np.minimum(wanted, offered)
    keep = np.flatnonzero((volume > 0) & not_refused(world, barred, match.tender, match.exporter))
    match = match.only(keep)
    rows = write(world, match)
    bids.mode[rows] = int(Mode.SECOND_HAND)
    bids.price[rows] = (unit * volume)[keep]
    bids.quality[rows] = quality[keep]
    bids.volume[rows] = volume[keep]
