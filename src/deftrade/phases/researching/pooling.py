"""Members of research programmes share what part of their research finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables.codes import AllianceKind

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.researching.params import ResearchingParams


def spill_over(joint: Float, shared: float, access: float) -> Float:
    """Return others' joint research that counts as a member's own, shape ``(members,)``, MUSD.

    Spill-overs of cooperative research after d'Aspremont and Jacquemin (1988): a share of what
    others spend lowers own cost as own spending does.

    Parameters
    ----------
    joint : (members,) float, MUSD
        What each pays into joint research.
    shared : float
        Share of it that members release to each other.
    access : float
        Most that a member makes use of, as a multiple of its own part.
    """
    return np.asarray(np.minimum(joint.sum() - joint, access * joint) * shared, dtype=np.float64)


def joint_research(world: World, grants: Float, params: ResearchingParams) -> Float:
    """Return research of fellow members that counts in each state's stocks, ``(states,)``, MUSD.

    Every member pays its own firms, so no money crosses a border and none is spent twice; what
    they find out is known to the others as far as the programme shares and holds together.
    """
    alliances = world.alliances
    result = np.zeros(len(world.states))
    shared = alliances.technology_sharing * alliances.cohesion
    active = (alliances.kind == AllianceKind.RESEARCH_PROGRAMME) & (alliances.joint_research > 0)
    for row in np.flatnonzero(active):
        member = np.flatnonzero(alliances.member[row])
        joint = alliances.joint_research[row] * grants[member]
        result[member] += spill_over(joint, float(shared[row]), params.joint_access)
    return result
