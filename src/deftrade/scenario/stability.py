"""Whether states' reactions to each other settle: an arms race without end is refused at load."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import ratio
from deftrade.core.tables import Alliances, Dyads, States
from deftrade.core.tables.codes import AllianceKind
from deftrade.phases.budgeting.phase import reaction_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.phases import Params
    from deftrade.scenario.resolved import WorldSpec

_SHOWN = 5


class Reaction(NamedTuple):
    """How strongly burdens react to each other, and the states that drive it most."""

    radius: float
    cluster: tuple[str, ...]


def reaction(world: WorldSpec, params: Params) -> Reaction:
    """Return the spectral radius of the reaction system and its leading cluster.

    Richardson (1960): the system settles if and only if the radius is below one. Strength is
    measured by opening expenditure, to which opening forces are proportional.
    """
    matrix = reaction_matrix(*influence(world, params), params.budgeting)
    if not len(matrix):
        return Reaction(0.0, ())
    values, vectors = np.linalg.eig(matrix)
    lead = int(np.argmax(np.abs(values)))
    weight = np.abs(vectors[:, lead])
    order = np.argsort(-weight, kind="stable")
    drivers = [row for row in order if weight[row] >= weight.max() / 2][:_SHOWN]
    return Reaction(float(np.abs(values[lead])), tuple(world.names.states[row] for row in drivers))


def influence(world: WorldSpec, params: Params) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each column state's share in the row state's threat and in its spill-in.

    Returns
    -------
    threat_share, ally_share : (states, states) float
    """
    values = world.values
    near = 1 / (1 + values[Dyads.distance] / params.assessing.reach)
    strength = values[States.gdp] * values[States.burden]
    pact = world.alliance_kind == AllianceKind.DEFENCE_PACT
    member = world.alliance_member[pact]
    cohesion = values[Alliances.cohesion][pact]
    both = member[:, :, None] & member[:, None, :]
    tie = (both * cohesion[:, None, None]).max(axis=0, initial=0.0)
    threat = values[Dyads.hostility] * near * strength
    allies = tie * near * strength
    for parts in (threat, allies):
        np.fill_diagonal(parts, 0.0)
    background = params.assessing.background * strength
    return (
        ratio(threat, (background + threat.sum(axis=1))[:, None]),
        ratio(allies, (strength + allies.sum(axis=1))[:, None]),
    )
