"""Who joins and leaves an alliance, and what holds it together: hazards, draws and the goal of cohesion."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import product, ratio
from deftrade.core.draws import mix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.allying.params import AllyingParams


WORDS = {
    "opening": "cohesion at the opening",
    "burden": "missed burden target",
    "alignment": "alignment of members",
}
"""What people call the terms of the goal of cohesion."""


def mean_alignment(alignment: Float, member: NDArray[np.bool_]) -> Float:
    """Return each state's mean alignment with members other than itself.

    Parameters
    ----------
    alignment : (states, states) float
    member : (alliances, states) bool

    Returns
    -------
    (alliances, states) float
    """
    weight = member.astype(np.float64)
    own = weight * np.diagonal(alignment)
    return ratio(product(weight, alignment.T) - own, member.sum(axis=1, keepdims=True) - member)


def unity(closeness: Float, member: NDArray[np.bool_]) -> Float:
    """Return the mean alignment of members with each other, shape ``(alliances,)``."""
    return ratio((closeness * member).sum(axis=1), member.sum(axis=1))


class Hazards(NamedTuple):
    """What moves members, all ``(alliances, states)``: yearly hazards and what they come from.

    ``enmity`` is the members' summed hostility towards a state.
    """

    closeness: Float
    enmity: Float
    loose: Float
    strain: Float
    joining: Float
    leaving: Float


def membership_hazards(
    params: AllyingParams, member: NDArray[np.bool_], cohesion: Float, closeness: Float, hostility: Float
) -> Hazards:
    """Return the yearly hazards of joining and leaving.

    Aligned outsiders join where no enemy is inside; members of a loose alliance, and estranged ones,
    leave. Closeness is the mean alignment of every state with the members of every alliance.
    """
    enmity = product(member, hostility)
    hostile = enmity > params.enemy_hostility
    # Where only full alignment would do nobody is more aligned than that.
    welcome = ratio(closeness - params.accession_alignment, np.array(1 - params.accession_alignment))
    joining = params.accession_hazard * welcome.clip(0, 1) * ~hostile * ~member
    strain = (params.exit_alignment - closeness).clip(0, 1)
    loose = (1 - cohesion[:, None]) ** 2
    leaving = params.exit_hazard * (loose + strain) * member
    return Hazards(closeness, enmity, loose, strain, joining, leaving)


def membership_chance(world: World, move: Hazards, params: AllyingParams) -> Float:
    """Return the chance of the step that a state joins or leaves, ``(alliances, states)``."""
    return np.asarray(world.clock.chance((move.joining + move.leaving) * params.settle))


def membership_draws(world: World) -> Float:
    """Return the draws of the step below whose chance states join or leave, ``(alliances, states)``."""
    alliances, states = world.alliances, world.states
    pair = mix(alliances.uid[:, None], states.uid[None, :])
    return world.draws.uniform("allying.membership", pair, world.clock.date_id)


class CohesionTerms(NamedTuple):
    """Terms of the goal that cohesion follows, all ``(alliances,)``, in the order of their sum."""

    opening: Float
    burden: Float
    alignment: Float


def cohesion_terms(world: World, params: AllyingParams, closeness: Float) -> CohesionTerms:
    """Return what the goal of cohesion comes from; closeness is that of the alignment of the step."""
    alliances, member, opening = world.alliances, world.alliances.member, world.dyads.opening_alignment
    then = world.recall(
        "opening unity", (opening, member), lambda: unity(mean_alignment(opening, member), member)
    )
    return CohesionTerms(
        alliances.opening_cohesion,
        -params.gap_effect * alliances.burden_gap,
        params.alignment_effect * (unity(closeness, member) - then),
    )


def cohesion_goal(terms: CohesionTerms) -> Float:
    """Return the goal that cohesion follows, ``(alliances,)``, 0 to 1."""
    return np.asarray((terms.opening + terms.burden + terms.alignment).clip(0, 1))
