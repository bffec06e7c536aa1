"""What states make by reproducing what they operate, before they can design."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.arrays import ratio, total2
from deftrade.params import Group, param

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from deftrade.world import World

    Float = NDArray[np.float64]


class ReproduceParams(Group):
    """Parameters of reproduction."""

    copy_hazard: float = param(
        0.2, "1/yr", 0, 2, "calibrated: 3 % of mere importers export in 15 years (SIPRI)", rest=0.0
    )
    """Yearly hazard that a state below the design rung without a line reproduces what it operates."""
    copy_stock: float = param(5, "MUSD", 0, 1e5, "assumption: a quarter of a development programme")
    """Research stock from which reproduction is possible."""
    copy_quality: float = param(0.6, "share", 0, 1, "assumption: simpler than what is copied")
    """Quality of a reproduction against what the state operates."""


def copied_quality(world: World, params: ReproduceParams) -> Float:
    """Return the quality of what a state could reproduce, ``(states, categories)``; 0 where it has nothing.

    Krause (1992): producers of the third tier reproduce what exists without the know-how behind it.
    The pattern is the mean of what a state operates.
    """
    fleets = world.fleets
    shape = world.states.know_how.shape
    volume = total2(fleets.holder, fleets.category, fleets.volume, shape)
    quality = total2(fleets.holder, fleets.category, fleets.volume * fleets.quality, shape)
    return params.copy_quality * ratio(quality, volume)
