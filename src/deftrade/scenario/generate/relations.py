"""Blocs, rivalries, alignment and burdens of generated states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core import elementary
from deftrade.scenario.generate.draws import normal_quantiles, ranks, share_of, standard
from deftrade.scenario.generate.states import LEADER, RIVAL

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.scenario.generate.spec import BurdenSpec, GenerateSpec, RelationsSpec
    from deftrade.scenario.generate.states import Nations


@dataclass(frozen=True)
class Relations:
    """How states stand to each other.

    Parameters
    ----------
    pact, bloc : (states,) bool
        Members of the great pact and of the rival bloc.
    hostility, alignment : (states, states) float
    """

    pact: Bool
    bloc: Bool
    hostility: Float
    alignment: Float


def relate(spec: GenerateSpec, nations: Nations) -> Relations:
    """Return pact and bloc of each state, and hostility and alignment between states."""
    relations = spec.relations
    pact, bloc = _blocs(relations, nations)
    hostility = _hostility(relations, nations, pact, bloc)
    return Relations(pact, bloc, hostility, _alignment(relations, nations, (pact, bloc), hostility))


def _blocs(spec: RelationsSpec, nations: Nations) -> tuple[Bool, Bool]:
    """Return the great pact of rich democracies and the bloc of the rival's clients."""
    draws, uid, size = nations.draws, nations.uid, len(nations.uid)
    rivals = [RIVAL, nations.challenger]
    affinity = (
        nations.polity
        + nations.development
        + spec.member_size * standard(nations.gdp)
        + spec.member_noise * draws.normal("generating.pact", uid)
    )
    affinity[LEADER], affinity[rivals] = np.inf, -np.inf
    pact = (ranks(-affinity) < share_of(size, spec.pact_members, 2)) & (affinity > -np.inf)
    near = nations.distance[:, rivals].min(axis=1) / spec.region_radius
    client = (
        -nations.polity
        - spec.client_distance * near
        + spec.member_noise * draws.normal("generating.bloc", uid)
    )
    client[pact], client[rivals] = -np.inf, np.inf
    bloc = ranks(-client) < share_of(size, spec.bloc_members, 2)
    return pact, bloc & ~pact


def _hostility(spec: RelationsSpec, nations: Nations, pact: Bool, bloc: Bool) -> Float:
    """Return hostility: rivalries of neighbours, coolness of blocs, enmity of leaders."""
    nearness = elementary.exp(-nations.distance / spec.rivalry_reach)
    opposed = np.outer(pact, bloc) | np.outer(bloc, pact)
    hostility = np.where(opposed, spec.bloc_hostility + spec.border_hostility * nearness, 0.0)
    for rival in (RIVAL, nations.challenger):
        hostility[LEADER, rival] = hostility[rival, LEADER] = spec.leaders_hostility
    first, second, level = _rivalries(spec, nations, pact, bloc)
    hostility[first, second] = np.maximum(hostility[first, second], level)
    hostility[second, first] = np.maximum(hostility[second, first], level)
    np.fill_diagonal(hostility, 0.0)
    return hostility.clip(0, 1)


def _rivalries(spec: RelationsSpec, nations: Nations, pact: Bool, bloc: Bool) -> tuple[Int, Int, Float]:
    """Return pairs of rival neighbours and their hostility."""
    draws, uid = nations.draws, nations.uid
    first, second = np.triu_indices(len(uid), 1)
    score = (
        draws.gumbel("generating.rivalry", uid[first], uid[second])
        - nations.distance[first, second] / spec.rivalry_reach
    )
    score[(pact[first] & pact[second]) | (bloc[first] & bloc[second])] = -np.inf
    chosen = np.argsort(-score, kind="stable")[: round(spec.rivalries * len(uid))]
    chosen = chosen[np.isfinite(score[chosen])]
    draw = draws.uniform("generating.rivalry/level", uid[first[chosen]], uid[second[chosen]])
    level = spec.rivalry_low + (spec.rivalry_high - spec.rivalry_low) * draw
    return first[chosen], second[chosen], level


def _alignment(spec: RelationsSpec, nations: Nations, blocs: tuple[Bool, Bool], hostility: Float) -> Float:
    """Return alignment by distance in outlook, common pacts and regions, and hostility."""
    draws, uid, (pact, bloc) = nations.draws, nations.uid, blocs
    own = (
        spec.outlook_lean
        + spec.outlook_polity * (nations.polity - 0.5)
        + spec.outlook_spread * draws.normal("generating.outlook", uid)
    )
    outlook = np.select([pact, bloc], [spec.outlook_bloc, -spec.outlook_bloc], own).clip(-1, 1)
    apart = np.abs(outlook[:, None] - outlook)
    together = np.outer(pact, pact) | np.outer(bloc, bloc)
    low, high = np.minimum(uid[:, None], uid), np.maximum(uid[:, None], uid)
    alignment = (
        spec.alignment_base
        - spec.alignment_distance * apart
        + spec.alignment_pact * together
        + spec.alignment_region * (nations.region[:, None] == nations.region)
        - spec.alignment_hostility * hostility
        + spec.alignment_spread * draws.normal("generating.alignment", low, high)
    ).clip(-1, 1)
    np.fill_diagonal(alignment, 1.0)
    return alignment


def burdens(spec: BurdenSpec, nations: Nations, relations: Relations, regimes: tuple[float, float]) -> Float:
    """Return military burdens, ``(states,)``.

    The marginal distribution is the lognormal of the spec, whatever the seed: states take its
    quantiles in the order of a score of regime, pact, size, rivalry and luck. The few largest
    spenders are set.

    Parameters
    ----------
    regimes : (float, float)
        Polity below which a state is an autocracy, and from which it is a democracy.
    """
    draws, uid = nations.draws, nations.uid
    autocracy, democracy = regimes
    typical = np.select(
        [relations.pact, nations.polity < autocracy, nations.polity >= democracy],
        [spec.pact, spec.autocracy, spec.democracy],
        spec.anocracy,
    )
    rivalry = relations.hostility / (1 + nations.distance / spec.reach)
    noise = np.where(relations.pact, spec.pact_spread, spec.within)
    score = (
        elementary.log(typical)
        + spec.size * elementary.log(nations.gdp / np.median(nations.gdp)) * ~relations.pact
        + spec.rivalry * rivalry.max(axis=1)
        + noise * draws.normal("generating.burden", uid)
    )
    # Without this the spec's typical burdens, of different years, would shift the pact's rank.
    score[~relations.pact] += elementary.log(spec.median) - np.median(score[~relations.pact])
    burden = spec.median * elementary.exp(spec.spread * normal_quantiles(len(uid))[ranks(score)])
    powers = np.arange(RIVAL + 1, min(RIVAL + 1 + spec.powers, len(uid)))
    burden[powers] = np.sqrt(burden[powers] * spec.power)
    burden[LEADER], burden[RIVAL] = spec.leader, spec.rival
    burden[nations.challenger] = spec.challenger
    return burden
