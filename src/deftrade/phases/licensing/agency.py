"""What export control costs the state that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.posting import government, households, post
from deftrade.core.tables.codes import Item

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.licensing.params import LicensingParams


def case_work_cost(world: World, params: LicensingParams) -> Float:
    """Return what case work costs: staff in proportion to capacity, shape ``(states,)``, MUSD."""
    states = world.states
    handled = states.licences_filed + states.small_licences
    return np.asarray(params.case_cost * handled * states.case_work_capacity, dtype=np.float64)


def pay_agency(world: World, cost: Float) -> None:
    """Pay officers of export control out of taxes.

    Parameters
    ----------
    cost : (states,) float, MUSD
    """
    states = world.states
    rows = np.arange(len(states))
    post(world, Item.TAX, households(rows), government(rows), cost)
    post(world, Item.CONTROL_AGENCY, government(rows), households(rows), cost)
    states.control_cost = states.control_cost + cost
    states.fiscal_cost = states.fiscal_cost + cost
