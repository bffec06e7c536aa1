"""What quality costs and what it does: the one place of both.

Volume counts equipment at the cost of the price year. What it can do, its capability, is volume times
quality to the power of the category's `quality_effect`. Cost rises with quality more slowly than that where
the maker knows how (`quality_cost`): a budget buys fewer units of better equipment, and more capability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import at_pairs
from deftrade.core.tables.codes import LEAST_QUALITY

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World
    from deftrade.phases.bidding.params import BiddingParams


def effect(quality: Float, exponent: Float) -> Float:
    """Return what a unit of volume can do against one of quality 1, CE/CU, of the shape of ``quality``.

    Parameters
    ----------
    quality : float
        Zero where there is nothing.
    exponent : float
        `Categories.quality_effect` of what it is.
    """
    some = np.asarray(quality) > 0
    return np.where(some, elementary.power(np.where(some, quality, 1.0), exponent), 0.0)


def fleet_effect(world: World) -> Float:
    """Return what a unit of every fleet can do, ``(fleets,)``, CE/CU."""
    fleets = world.fleets
    return effect(fleets.quality, world.categories.quality_effect[fleets.category])


def quality_of(worth: Float, exponent: Float) -> Float:
    """Return the quality at which a unit can do so much: `effect` the other way round."""
    return effect(worth, 1 / exponent)


def product_cost(quality: Float, know_how: Float, exponent: Float, params: BiddingParams) -> Float:
    r"""Return the cost of a unit before learning and wages, MUSD/CU.

    .. math:: q^\alpha (q/k)^{\sigma (\kappa - \alpha) + \rho [q > k]}

    Alpha is `quality_cost` and kappa the ``exponent``; who knows more than the product asks for makes it
    more cheaply, and who knows less pays for the reach.

    Parameters
    ----------
    quality, know_how : float
        Of the product and of its maker in the category.
    exponent : float
        `Categories.quality_effect`.
    """
    made = np.maximum(quality, LEAST_QUALITY)
    reach = made / np.maximum(know_how, LEAST_QUALITY)
    steep = params.know_how_saving * (exponent - params.quality_cost) + params.reach_cost * (reach > 1)
    return np.asarray(elementary.power(made, params.quality_cost) * elementary.power(reach, steep))


def cost_at_home(world: World, home: Int, category: Int, quality: Float, params: BiddingParams) -> Float:
    """Return `product_cost` of products of states with what these know, all ``(products,)``."""
    known = at_pairs(world.states.know_how, home, category)
    return product_cost(quality, known, world.categories.quality_effect[category], params)


def version_cost(share: Float, params: BiddingParams) -> Float:
    """Return what an export version of a share of the product's quality costs against the product.

    Leaving things out saves less than it takes away: the elasticity is below `quality_effect`.
    """
    return np.asarray(elementary.power(share, params.version_cost))
