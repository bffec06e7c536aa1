"""What a package adds to an offer, and when two suppliers' systems do not go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import at_pairs, ratio, total2
from deftrade.core.tables.codes import ContractKind

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World
    from deftrade.phases.bidding.matching import Match
    from deftrade.phases.bidding.params import BiddingParams


_EQUIPMENT, _SUPPORT = int(ContractKind.EQUIPMENT), int(ContractKind.SUPPORT)


def package_shares(world: World, params: BiddingParams, match: Match) -> Float:
    """Return the share that a package adds to the price of each offer, shape ``(offers,)``."""
    share = world.categories.package_share[match.category]
    is_large = world.tenders.value[match.tender] >= params.package_value
    return np.where(is_large & (match.exporter != match.buyer), share, 0.0)


class Rivalry(NamedTuple):
    """Whose equipment buyers hold, and whom exporters take for rivals.

    ``held`` is sensitive capability by holder and maker, CU; ``rival`` says whether the row state takes
    the column state for a rival; ``exposed`` holds exporters by buyers where rivals made so much that
    the exporter may keep its own away. All are ``(states, states)``, ``sensitive`` is ``(categories,)``.
    """

    held: Float
    rival: Bool
    exposed: Bool
    sensitive: Bool


def find_rivals(world: World, params: BiddingParams, sensitive: float) -> Rivalry:
    """Return what exporters look at before they show what rivals could learn from."""
    fleets, size = world.fleets, len(world.states)
    is_sensitive = world.categories.sensitivity >= sensitive
    rival = world.dyads.hostility >= params.rival_hostility
    capability = fleets.volume * fleets.quality * is_sensitive[fleets.category]
    held = total2(fleets.holder, fleets.origin, capability, (size, size))
    exposed = np.zeros((size, size), dtype=bool)
    wary = np.flatnonzero(rival.any(axis=1))
    feared = np.flatnonzero(rival.any(axis=0))
    made = rival[np.ix_(wary, feared)].astype(np.float64) @ held[:, feared].T
    # Few buyers hold much that rivals of an exporter made: only they are looked at closely.
    exposed[wary] = made * (1 + 1e-9) > params.incompatible_share * held.sum(axis=1)
    return Rivalry(held, rival, exposed, is_sensitive)


def incompatible(world: World, params: BiddingParams, rivalry: Rivalry, match: Match) -> Bool:
    """Return which offers an exporter withholds as the buyer's fleets are its rivals' make.

    Only goods in which the exporter leads the rival have secrets to lose beside the rival's
    equipment: whoever is behind has something to learn there, and sells.
    """
    result = np.zeros(len(match.tender), dtype=bool)
    wary = at_pairs(rivalry.exposed, match.exporter, match.buyer) & rivalry.sensitive[match.category]
    asked = np.flatnonzero(wary & (match.exporter != match.buyer))
    # What was sold before is still looked after.
    asked = asked[world.tenders.kind[match.tender[asked]] != _SUPPORT]
    if not len(asked):
        return result
    exporter, category = match.exporter[asked], match.category[asked]
    know_how = world.states.know_how
    behind = know_how.T[category] < know_how[exporter, category][:, None]
    share = rival_share(rivalry.held, rivalry.rival[exporter] & behind, match.buyer[asked])
    result[asked] = share > params.incompatible_share
    return result


def rival_share(held: Float, rivals: Bool, holder: Int) -> Float:
    """Return the share of a holder's capability that an exporter's rivals made, ``(offers,)``.

    Parameters
    ----------
    held : (states, states) float, CU
        Capability by holder and maker; what the holder made itself is nobody's rival's.
    rivals : (offers, states) bool
        Makers that are rivals of the exporter that offers.
    holder : (offers,) int
    """
    foreign = held[holder]
    owned = foreign.sum(axis=1)
    foreign[np.arange(len(holder)), holder] = 0.0
    made = (foreign * rivals).sum(axis=1)
    return np.minimum(ratio(made, owned), 1.0)
