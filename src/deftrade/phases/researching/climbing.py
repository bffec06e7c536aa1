"""How states climb the ladder of production, and how near the frontier they are as fast as it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import saturate
from deftrade.core.params import Group, param
from deftrade.core.tables.codes import RUNGS

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World


class ClimbParams(Group):
    """Parameters of the ladder."""

    rung_pace: float = param(0.2, "1/yr", 0, 2, "L§6: 5-10 years a rung, from memory", rest=0.0)
    """Rungs climbed a year at most."""
    rung_decay: float = param(0.25, "1", 0, 1, "assumption: skills are lost more slowly than won")
    """Pace of falling down the ladder against climbing it."""
    rung_experience: float = param(30, "MUSD", 0.1, 1e5, "assumption: rungs need practice")
    """Production experience at which half of the missing practice is made up."""
    unpractised: float = param(0.5, "share", 0, 1, "assumption: half is in the papers, half in the hands")
    """Share of know-how that counts towards a rung without any practice."""
    relatedness: float = param(0.05, "share", 0, 1, "assumption: some skills serve every category")
    """Share of the experience in other categories that counts as practice; 0 lets none count."""


def climb(world: World, params: ClimbParams) -> None:
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
    return np.asarray((progress - excess * relative) / absorb, dtype=np.float64)


def ladder(relative: Float, experience: Float, params: ClimbParams) -> Float:
    """Return the rung that know-how and practice support, 0 to 8.

    After the ladder of production of Krause (1992) and Bitzinger (2003): without practice at home
    only part of the know-how counts.
    """
    practised = params.unpractised + (1 - params.unpractised) * saturate(experience, params.rung_experience)
    return np.asarray(RUNGS * (relative * practised).clip(0, 1), dtype=np.float64)
