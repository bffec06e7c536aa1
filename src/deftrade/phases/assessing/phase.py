"""States compare themselves with rivals and allies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import product, ratio
from deftrade.core.phase import phase
from deftrade.core.tables import Categories, Dyads, States
from deftrade.phases.assessing.params import AssessingParams
from deftrade.phases.shared.quality import effect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.world import World


@phase(
    AssessingParams,
    reads=(
        Categories.frontier_quality,
        Categories.quality_effect,
        States.usable_capability,
        States.gdp,
        States.burden,
        States.opening_threat,
        States.opening_strength,
        Dyads.proximity,
        Dyads.allied,
        Dyads.hostility_anchor,
        Dyads.alignment,
        Dyads.opening_alignment,
    ),
    writes=(States.threat, States.spill_in, Dyads.hostility),
)
def assessing(world: World, params: AssessingParams) -> None:
    """Measure threat from rivals and spill-in from allies."""
    states, dyads, clock = world.states, world.dyads, world.clock
    force = strength(
        against_frontier(world).sum(axis=1),
        states.burden * states.gdp,
        params.capability_weight,
    )
    background = params.background * states.opening_strength
    states.threat = background + summed_strength(dyads.hostility * dyads.proximity, force)
    states.spill_in = force + summed_strength(dyads.allied * dyads.proximity, force)
    risen = elementary.log(ratio(states.threat, states.opening_threat, otherwise=1.0).clip(1e-6))
    # Between most states there is no enmity, and none to drift to.
    anchor, hostility = dyads.hostility_anchor, dyads.hostility
    row, column = np.divmod(np.flatnonzero((anchor != 0) | (hostility != 0)), len(states))
    now = hostility[row, column]
    warmer = dyads.alignment[row, column] - dyads.opening_alignment[row, column]
    goal = anchor[row, column] * (1 + params.imbalance_response * elementary.tanh(risen))[row]
    goal = goal * (1 - params.reconciliation * warmer)
    drift = clock.share(params.hostility_drift)
    dyads.hostility[row, column] = (now + drift * (goal - now)).clip(0, 1)


def against_frontier(world: World) -> NDArray[np.float64]:
    """Return usable capability against what the same volume can do at the frontier, CU.

    Progress that all share alarms nobody; the shape is ``(states, categories)``.
    """
    categories = world.categories
    return world.states.usable_capability / effect(categories.frontier_quality, categories.quality_effect)


def strength(
    capability: NDArray[np.float64], spending: NDArray[np.float64], weight: float
) -> NDArray[np.float64]:
    """Return a state's strength as rivals see it, a geometric mean.

    Parameters
    ----------
    capability : (states,) float, CU
        Usable capability against the frontier.
    spending : (states,) float, MUSD/yr
        Military expenditure.
    weight : float
        Weight of capability, 0 to 1.

    Returns
    -------
    (states,) float, index
    """
    result: NDArray[np.float64] = elementary.power(capability, weight) * elementary.power(
        spending, 1 - weight
    )
    return result


def summed_strength(tie: NDArray[np.float64], force: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the strength of others, summed with the tie as weight.

    Weights of Nordhaus, Oneal and Russett (2012) in spirit: hostility times nearness. They are not
    row-normalised: with one rival only, normalised weights would hide a change of hostility. As
    threat enters decisions as a ratio to the opening, the scale does not matter.

    Parameters
    ----------
    tie : (states, states) float
        Row state's tie to the column state; the diagonal is ignored.
    force : (states,) float

    Returns
    -------
    (states,) float
    """
    return np.asarray(product(tie, force) - np.diagonal(tie) * force, dtype=np.float64)
