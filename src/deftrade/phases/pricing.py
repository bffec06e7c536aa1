"""What offers abroad add to the regulated price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.params import Group, param

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Float = NDArray[np.float64]
    Int = NDArray[np.int64]
    Bool = NDArray[np.bool_]


class PricingParams(Group):
    """Parameters of prices abroad."""

    rent: float = param(0.15, "1", 0, 2, "assumption: few makers set prices")
    """Mark-up on cost, beyond the regulated one, of an exporter that no other bids against."""


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
    rivals = np.bincount(tender, weights=released)[tender] if len(tender) else np.zeros(0)
    return np.where(home, 0.0, rent / np.maximum(rivals, 1.0))


def rent_factor(margin: Float, rent: Float) -> Float:
    """Return what a rent multiplies a price by that holds the regulated margin."""
    return (1 + margin + rent) / (1 + margin)


def rent_shares(margin: Float, rent: Float) -> Float:
    """Return the share of a price that is rent: neither cost nor regulated margin."""
    return rent / (1 + margin + rent)
