"""Who makes what, and whose line is the largest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World


def largest_lines(world: World) -> Int:
    """Return the largest active line of every state and category, -1 none, ``(states, categories)``."""
    lines, shape = world.lines, (len(world.states), len(world.categories))
    home, category, uid, size, active = lines.home, lines.category, lines.uid, lines.capacity, lines.is_active

    def find() -> Int:
        return _largest(home * shape[1] + category, uid, np.where(active, size, -np.inf), shape)

    return np.asarray(world.recall("largest lines", (size, active, home, category, uid), find))


def _largest(place: Int, uid: NDArray[np.uint64], size: Float, shape: tuple[int, int]) -> Int:
    """Return the row with the largest size at each place, -1 where there is none; minus infinity is none."""
    most = np.full(shape[0] * shape[1], -np.inf)
    np.maximum.at(most, place, size)
    largest = np.flatnonzero((size >= most[place]) & (size > -np.inf))
    # Of lines of equal size the last by id wins.
    largest = largest[uid[largest].argsort()]
    best = np.full(len(most), -1)
    best[place[largest]] = largest
    return best.reshape(shape)


def has_lines(world: World) -> Bool:
    """Return where a state makes a category, ``(states, categories)``."""
    lines = world.lines
    made = np.zeros((len(world.states), len(world.categories)), dtype=bool)
    active = np.flatnonzero(lines.is_active)
    made[lines.home[active], lines.category[active]] = True
    return made
