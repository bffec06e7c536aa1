"""Economies, regimes and places of generated states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core import elementary
from deftrade.core.draws import Draws, identities
from deftrade.scenario.generate.draws import even, normal_quantiles, share_of, standard, state_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float, Int
    from deftrade.scenario.generate.spec import EconomySpec, GenerateSpec, RelationsSpec, SocietySpec


EARTH_RADIUS = 6371.0
"""Mean radius of the Earth in km."""
LEADER, RIVAL = 0, 1
"""Rows of the two largest economies."""


@dataclass(frozen=True)
class Nations:
    """What is known of states before they meet; arrays are ``(states,)`` unless said.

    Parameters
    ----------
    draws : Draws
        The world's draws.
    names : list of str
        Names, in order of GDP but for noise.
    uid : (states,) uint64
        Ids of the names.
    challenger : int
        Row of the rival's partner.
    region : (states,) int
        Region on the globe.
    distance : (states, states) float
        Kilometres between capitals, 1 from oneself.
    gdp, development, polity, oil, governance, conflict, growth, productivity, tightness : array
        Economy and society; development runs from 0, poorest, to 1, richest.
    """

    draws: Draws
    names: list[str]
    uid: NDArray[np.uint64]
    challenger: int
    region: Int
    distance: Float
    gdp: Float
    development: Float
    polity: Float
    oil: Float
    governance: Float
    conflict: Float
    growth: Float
    productivity: Float
    tightness: Float


def draw_nations(spec: GenerateSpec, draws: Draws) -> Nations:
    """Return names, places, economy, regime and conflict of the states of a generated world."""
    names = state_names(spec.states, draws)
    uid = identities("state", names)
    challenger = min(spec.relations.challenger_rank, spec.states) - 1
    region, distance = _places(spec.relations, draws, uid)
    economy, society = spec.economy, spec.society
    gdp = _gdp(economy, draws, uid)
    polity = _polity(society, draws, uid, region, challenger)
    oil = _oil(economy, society, draws, uid, polity)
    development = _development(economy, draws, uid, region, challenger, (gdp, polity, oil))
    governance = (
        society.governance_floor
        + society.governance_development * development
        + society.governance_polity * polity
        + society.governance_spread * draws.normal("generating.governance", uid)
    ).clip(0, 1)
    behind = 1 - development
    growth = (
        economy.growth_frontier
        + economy.growth_catch_up * behind
        + economy.growth_spread * draws.normal("generating.growth", uid)
    )
    span = economy.tightness_high - economy.tightness_low
    return Nations(
        draws=draws,
        names=names,
        uid=uid,
        challenger=challenger,
        region=region,
        distance=distance,
        gdp=gdp,
        development=development,
        polity=polity,
        oil=oil,
        governance=governance,
        conflict=_conflict(society, draws, uid, governance),
        growth=growth,
        productivity=economy.productivity_low
        * elementary.power(economy.productivity_high / economy.productivity_low, development),
        tightness=economy.tightness_low + span * behind * (1 - oil),
    )


def _places(spec: RelationsSpec, draws: Draws, uid: NDArray[np.uint64]) -> tuple[Int, Float]:
    """Return regions and distances: regions on a spiral round the globe, states scattered in them."""
    middle = np.arange(spec.regions)
    height = spec.latitude_limit * (2 * (middle + 0.5) / spec.regions - 1)
    turns = middle * (0.5 * (3 - np.sqrt(5.0)))  # by the golden angle
    around = np.sqrt(1 - height**2)
    centre = np.stack(
        [around * elementary.cosine(turns), around * elementary.cosine(turns - 0.25), height], 1
    )
    weight = draws.exponential("generating.region/size", middle)
    pull = elementary.log(weight + 0.5) + draws.gumbel("generating.region", uid[:, None], middle)
    # The two giants live apart.
    pull[RIVAL, np.argmax(pull[LEADER])] = -np.inf
    region = np.argmax(pull, axis=1)
    scatter = draws.normal("generating.place", uid[:, None], np.arange(3))
    place = centre[region] + spec.region_radius / EARTH_RADIUS * scatter
    place /= np.sqrt((place**2).sum(axis=1, keepdims=True))
    x, y, z = place.T
    cosine = np.outer(x, x) + np.outer(y, y) + np.outer(z, z)
    distance = np.maximum(EARTH_RADIUS * elementary.arccos(cosine.clip(-1, 1)), 1.0)
    np.fill_diagonal(distance, 1.0)
    return region, distance


def _gdp(spec: EconomySpec, draws: Draws, uid: NDArray[np.uint64]) -> Float:
    """Return GDP: two giants, then the quantiles of a lognormal that ends below them."""
    body = normal_quantiles(len(uid) - 2, spec.gdp_ceiling)[::-1]
    noise = spec.gdp_noise * draws.normal("generating.gdp", uid[2:])
    others = elementary.exp(spec.gdp_spread * body + noise)
    others *= (1 - spec.leader_gdp - spec.rival_gdp) / others.sum()
    return spec.gdp_total * np.concatenate(([spec.leader_gdp, spec.rival_gdp], others))


def _regional(draws: Draws, purpose: str, region: Int) -> Float:
    """Return a standard normal draw that states of a region share."""
    return draws.normal(purpose, region)


def _polity(spec: SocietySpec, draws: Draws, uid: NDArray[np.uint64], region: Int, challenger: int) -> Float:
    """Return polity, spread evenly between its ends; leader and rivals are set."""
    score = draws.normal("generating.polity", uid) + spec.polity_region * _regional(
        draws, "generating.polity/region", region
    )
    polity = spec.polity_low + (spec.polity_high - spec.polity_low) * even(score)
    polity[LEADER] = spec.leader_polity
    polity[[RIVAL, challenger]] = spec.rival_polity
    return polity


def _oil(
    economy: EconomySpec,
    society: SocietySpec,
    draws: Draws,
    uid: NDArray[np.uint64],
    polity: Float,
) -> Float:
    """Return the share of rents in GDP: none in most states, large in a few, often autocracies."""
    score = draws.normal("generating.oil", uid) - society.oil_autocracy * standard(polity)
    # The leaders' economies are too large to live on oil.
    score[[LEADER, RIVAL]] = -np.inf
    rich = np.argsort(-score, kind="stable")[: share_of(len(uid), economy.oil_states)]
    oil = np.zeros(len(uid))
    draw = draws.uniform("generating.oil/rents", uid[rich]) + draws.uniform("generating.oil/more", uid[rich])
    oil[rich] = economy.oil_rents * draw
    return oil


def _development(
    spec: EconomySpec,
    draws: Draws,
    uid: NDArray[np.uint64],
    region: Int,
    challenger: int,
    known: tuple[Float, Float, Float],
) -> Float:
    """Return development, spread evenly from 0 to 1; ``known`` are GDP, polity and oil."""
    gdp, polity, oil = known
    score = (
        spec.development_size * standard(gdp)
        + spec.development_polity * standard(polity)
        + spec.development_oil * oil
        + spec.development_region * _regional(draws, "generating.development/region", region)
        + draws.normal("generating.development", uid)
    )
    development = even(score)
    development[LEADER] = spec.leader_development
    development[[RIVAL, challenger]] = spec.rival_development
    return development


def _conflict(spec: SocietySpec, draws: Draws, uid: NDArray[np.uint64], governance: Float) -> Float:
    """Return internal conflict: serious in the worst governed states, with luck."""
    severity = draws.exponential("generating.conflict/severity", uid)
    score = draws.normal("generating.conflict", uid) - standard(governance)
    score[[LEADER, RIVAL]] = -np.inf
    torn = np.argsort(-score, kind="stable")[: share_of(len(uid), spec.conflict_states)]
    conflict = spec.peace_level * severity
    conflict[torn] = spec.conflict_severity * severity[torn]
    return conflict
