"""What demands and few rivals add to a regulated price, and what a rival's treasury takes off it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import at_pairs
from deftrade.phases.bidding.codeveloping import shared_cost

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World
    from deftrade.phases.bidding.matching import Match
    from deftrade.phases.bidding.params import BiddingParams


class Grants(NamedTuple):
    """What offers grant: a licence, and the share kept of the work demanded, both ``(offers,)``."""

    licensed: Bool
    kept: Float


def with_terms(world: World, params: BiddingParams, match: Match, unit: Float, grants: Grants) -> Float:
    """Return unit prices with what a tender's demands and partners come to, shape ``(offers,)``."""
    tenders, tender = world.tenders, match.tender
    premium = np.where(
        match.exporter == match.buyer,
        1.0,
        1
        + params.offset_premium * tenders.offset_rate[tender]
        + params.local_premium * tenders.local_share[tender] * grants.kept
        + params.licence_premium * grants.licensed,
    )
    partners = tenders.partners[tender]
    joint = np.ones(len(tender))
    several = np.flatnonzero(partners != 1)
    joint[several] = shared_cost(params.fixed_share, partners[several], params.pool_exponent)
    return np.asarray(unit * premium * joint, dtype=np.float64)


def contested_rents(tender: Int, home: Bool, released: Bool, rent: float) -> Float:
    """Return mark-ups on cost beyond the regulated one, shape ``(offers,)``.

    Home prices are regulated (V55). Abroad the rent of a sole bidder is shared by all that bid, as
    mark-ups are in Cournot competition with equal firms.

    Parameters
    ----------
    tender : (offers,) int
        One offer an exporter and tender.
    home, released : (offers,) bool
        Offers to the own state, and offers that count as rivals.
    rent : float
        Mark-up of a sole bidder.
    """
    place = tender - (tender.min() if len(tender) else 0)
    rivals = np.bincount(place, weights=released)[place]
    return np.where(home, 0.0, rent / np.maximum(rivals, 1.0))


def rent_factor(margin: Float, rent: Float) -> Float:
    """Return what a rent multiplies a price by that holds the regulated margin."""
    return (1 + margin + rent) / (1 + margin)


def rent_shares(margin: Float, rent: Float) -> Float:
    """Return the share of a price that is rent: neither cost nor regulated margin."""
    return rent / (1 + margin + rent)


def main_suppliers(relation: Float) -> Int:
    """Return each buyer's main supplier abroad, -1 none, shape ``(states,)``.

    Parameters
    ----------
    relation : (states, states) float, CU/yr
        Recent deliveries of row to column.
    """
    received = np.ascontiguousarray(relation.T)
    first = received.argmax(axis=1)
    return np.where(received[np.arange(len(first)), first] > 0, first, -1)


def courting(supplier: Int, exporter: Int, hostility: Float, concession: float) -> Float:
    """Return shares of prices that exporters' treasuries take over to win a rival's client.

    Parameters
    ----------
    supplier, exporter : (offers,) int
        The buyer's main supplier (-1 none), and who offers.
    hostility : (states, states) float
        Felt by the row state.
    concession : float
        Share of the price at full hostility.
    """
    return np.where(supplier >= 0, concession * at_pairs(hostility, exporter, supplier.clip(0)), 0.0)


def concessions(world: World, params: BiddingParams, match: Match) -> Float:
    """Return what treasuries add to offers to rivals' clients, share of the price, ``(offers,)``."""
    dyads = world.dyads
    given = courting(
        main_suppliers(dyads.relation)[match.buyer], match.exporter, dyads.hostility, params.concession
    )
    return np.where(match.exporter == match.buyer, 0.0, given)
