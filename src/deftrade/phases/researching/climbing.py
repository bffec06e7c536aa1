"""How states climb the ladder of production, and how near the frontier they are as fast as it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import ratio, saturate
from deftrade.core.tables.codes import RUNGS

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.researching.params import ResearchingParams


def climb(world: World, params: ResearchingParams) -> None:
    """Move rungs towards what know-how and practice support."""
    states = world.states
    practice = related(states.production_experience, params.relatedness)
    goal = ladder(states.know_how / world.categories.frontier_quality, practice, params)
    step = world.clock.flow(params.rung_pace)
    states.rung = states.rung + (goal - states.rung).clip(-params.rung_decay * step, step)


def related(experience: Float, share: float) -> Float:
    """Return experience with part of that in other categories, ``(states, categories)``, MUSD."""
    return experience + share * (experience.sum(axis=1, keepdims=True) - experience)


def bounded_progress(own: Float, absorb: Float, growth: Float, relative: Float) -> Float:
    """Return own progress that cannot carry beyond the frontier, before absorption.

    What exceeds the frontier's own growth fades out on the way there: at the frontier nobody is faster
    than it.

    Parameters
    ----------
    own : (states, categories) float, 1/yr
    absorb, relative : (states, categories) float
        Absorptive capacity, and know-how against the frontier.
    growth : (categories,) float, 1/yr
        Growth of the frontier.
    """
    progress = own * absorb
    excess = np.maximum(progress - growth, 0.0)
    # Who absorbs nothing makes no progress, whatever it is divided by.
    return ratio(progress - excess * relative, absorb)


def ladder(relative: Float, experience: Float, params: ResearchingParams) -> Float:
    """Return the rung that know-how and practice support, 0 to 8.

    After the ladder of production of Krause (1992) and Bitzinger (2003): without practice at home
    only part of the know-how counts.
    """
    practised = params.unpractised + (1 - params.unpractised) * saturate(experience, params.rung_experience)
    return np.asarray(RUNGS * (relative * practised).clip(0, 1), dtype=np.float64)
