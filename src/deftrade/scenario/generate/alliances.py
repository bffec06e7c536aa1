"""Alliances of generated worlds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables import Alliances
from deftrade.core.tables.codes import AllianceKind
from deftrade.scenario.generate.draws import alliance_words, default, purpose_id, ranks, share_of, standard
from deftrade.scenario.generate.states import LEADER

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.table import Column
    from deftrade.scenario.generate.relations import Relations
    from deftrade.scenario.generate.spec import RelationsSpec
    from deftrade.scenario.generate.states import Nations


_GREAT = ("Pact", "Bloc", "Procurement Pool", "Research Programme", "Control Regime")
_GREAT_KINDS = (
    AllianceKind.DEFENCE_PACT,
    AllianceKind.DEFENCE_PACT,
    AllianceKind.PROCUREMENT_POOL,
    AllianceKind.RESEARCH_PROGRAMME,
    AllianceKind.CONTROL_REGIME,
)


@dataclass(frozen=True)
class Leagues:
    """Alliances with their levers.

    Parameters
    ----------
    names : list of str
    kind : (alliances,) int
        Codes of `AllianceKind`.
    member : (alliances, states) bool
    values : dict of Column to (alliances,) float
        Cohesion and the levers that differ from their defaults.
    """

    names: list[str]
    kind: Int
    member: Bool
    values: dict[Column[Any], Float]


def ally(spec: RelationsSpec, nations: Nations, relations: Relations) -> Leagues:
    """Return the alliances: the great pact and what belongs to it, the rival bloc, regional ones.

    An alliance that would have fewer than two members is left out.
    """
    pacts, pools = spec.regional_pacts, spec.regional_pools
    titles = [*_GREAT, *["Defence Treaty"] * pacts, *["Procurement Community"] * pools]
    kind = np.array(
        [*_GREAT_KINDS] + [AllianceKind.DEFENCE_PACT] * pacts + [AllianceKind.PROCUREMENT_POOL] * pools,
        dtype=np.int64,
    )
    member = np.stack(
        _great_leagues(spec, nations, relations)
        + [_regional_league(spec, nations, relations, place) for place in range(pacts + pools)]
    )
    words = alliance_words(len(titles), nations.draws)
    values = _league_values(spec, kind)
    kept = np.flatnonzero(member.sum(axis=1) >= 2)
    return Leagues(
        [f"{words[row]} {titles[row]}" for row in kept],
        kind[kept],
        member[kept],
        {column: value[kept] for column, value in values.items()},
    )


def _great_leagues(spec: RelationsSpec, nations: Nations, relations: Relations) -> list[Bool]:
    """Return members of the alliances that `_GREAT` names, ``(states,)`` each."""
    size = len(nations.uid)
    weight = spec.member_size * standard(nations.gdp)
    research = np.where(relations.pact, nations.development + weight, -np.inf)
    control = nations.governance + weight + spec.regime_pact * relations.pact
    # The pool gathers round the largest member but the leader.
    pool = relations.pact & (np.arange(size) != LEADER)
    host = int(np.argmax(np.where(pool, nations.gdp, 0.0)))
    return [
        relations.pact,
        relations.bloc,
        _top(np.where(pool, -nations.distance[host], -np.inf), share_of(size, spec.pool_size, 2)),
        _top(research, share_of(size, spec.programme_size, 2)),
        _top(control, share_of(size, spec.regime_size, 2)),
    ]


def _top(score: Float, count: int) -> Bool:
    """Return the ``count`` highest finite scores as a mask."""
    return (ranks(-score) < count) & np.isfinite(score)


def _regional_league(spec: RelationsSpec, nations: Nations, relations: Relations, place: int) -> Bool:
    """Return the members of a regional alliance: aligned neighbours outside the two blocs."""
    draws, uid, size = nations.draws, nations.uid, len(nations.uid)
    free = ~relations.pact & ~relations.bloc
    draw = np.where(
        free,
        draws.uniform("generating.league", uid, purpose_id(str(place)))
        + spec.member_size * standard(nations.gdp),
        -np.inf,
    )
    founder = int(np.argmax(draw))
    closeness = relations.alignment[founder] - nations.distance[founder] / spec.region_radius
    closeness[~free | (relations.hostility[founder] > 0)] = -np.inf
    closeness[founder] = np.inf
    return (ranks(-closeness) < share_of(size, spec.regional_size, 3)) & (closeness > -np.inf)


def _league_values(spec: RelationsSpec, kind: Int) -> dict[Column[Any], Float]:
    """Return cohesion and levers; pledges are the great pact's, pooling is what pools do."""
    row = np.arange(len(kind))
    bloc = _GREAT.index("Bloc")
    own = (row < len(_GREAT)) & (row != bloc)
    pools = kind == AllianceKind.PROCUREMENT_POOL
    research = kind == AllianceKind.RESEARCH_PROGRAMME
    return {
        Alliances.cohesion: np.where(own, spec.pact_cohesion, spec.other_cohesion),
        Alliances.burden_target: np.where(row == _GREAT.index("Pact"), spec.pact_pledge, 0.0),
        Alliances.pooled_share: np.where(pools, default(Alliances.pooled_share), 0.0),
        Alliances.technology_sharing: np.where(research, default(Alliances.technology_sharing), 0.0),
    }
