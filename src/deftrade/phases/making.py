"""Who makes what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.world import World

    Bool = NDArray[np.bool_]


def has_lines(world: World) -> Bool:
    """Return where a state makes a category, ``(states, categories)``."""
    lines = world.lines
    made = np.zeros((len(world.states), len(world.categories)), dtype=bool)
    active = np.flatnonzero(lines.is_active)
    made[lines.home[active], lines.category[active]] = True
    return made
