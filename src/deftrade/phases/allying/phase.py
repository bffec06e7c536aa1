"""Alignment moves with trade and refusals; alliances gain, lose and bind members."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import product, ratio, saturate, spread_evenly, total
from deftrade.core.phase import phase
from deftrade.core.posting import Verdict, log
from deftrade.core.tables import Alliances, Contracts, Decisions, Dyads, Environment, Firms, States
from deftrade.core.tables.codes import CLIPS, AllianceKind, DecisionKind
from deftrade.phases.allying.befriending import joint_work
from deftrade.phases.allying.params import AllyingParams
from deftrade.phases.allying.uniting import (
    cohesion_goal,
    cohesion_terms,
    mean_alignment,
    membership_chance,
    membership_draws,
    membership_hazards,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World


_ALIGNMENT = CLIPS.index("alignment")


@phase(
    AllyingParams,
    reads=(
        Alliances.uid,
        Alliances.kind,
        Alliances.opening_cohesion,
        Alliances.burden_target,
        Contracts.buyer,
        Contracts.supplier,
        Contracts.kind,
        Contracts.mode,
        Contracts.status,
        Contracts.price,
        Contracts.lead,
        Contracts.span,
        Dyads.relation,
        Dyads.licensed_refused,
        Dyads.opening_warmth,
        Dyads.opening_alignment,
        Dyads.hostility,
        Dyads.exports,
        States.uid,
        States.burden,
        States.procurement_budget,
    ),
    writes=(
        Alliances.cohesion,
        Alliances.member,
        Alliances.members,
        Alliances.burden_gap,
        Alliances.internal_share,
        Dyads.alignment,
        Dyads.alignment_anchor,
        Dyads.allied,
        Dyads.goodwill,
        Dyads.embargo_years,
        Dyads.support_embargo_years,
        Dyads.veto_years,
        Environment.clipped,
        Environment.considered,
        Firms.sanction_years,
        States.control_stance,
    ),
    appends=(Decisions,),
)
def allying(world: World, params: AllyingParams) -> None:
    """Update goodwill, alignment, membership and cohesion; let embargoes lapse."""
    _change_leaders(world, params)
    _align(world, params)
    if len(world.alliances):
        closeness = mean_alignment(world.dyads.alignment, world.alliances.member)
        if _move_members(world, params, closeness):
            closeness = mean_alignment(world.dyads.alignment, world.alliances.member)
        _hold_together(world, params, closeness)
    world.dyads.allied = allied_ties(world)
    _lapse(world)


def _change_leaders(world: World, params: AllyingParams) -> None:
    """Shift alignment anchors and licensing practice of states whose leaders change."""
    states, dyads, clock, draws = world.states, world.dyads, world.clock, world.draws
    draw = draws.uniform("allying.leader", states.uid, clock.date_id)
    changed = np.flatnonzero(draw < clock.chance(params.leader_hazard * params.settle))
    if not len(changed):
        return
    uid = states.uid
    shifts = params.leader_spread * draws.normal("allying.turn", uid[changed, None], uid, clock.date_id)
    dyads.alignment_anchor = turned(dyads.alignment_anchor, changed, shifts)
    stance = draws.normal("allying.stance", states.uid[changed], clock.date_id)
    states.control_stance[changed] = params.leader_control * stance + 0.0
    log(
        world,
        DecisionKind.LEADER_CHANGE,
        changed,
        states.uid[changed],
        changed,
        Verdict(chosen=1),
    )


def turned(anchor: Float, changed: Int, shifts: Float) -> Float:
    """Return alignment anchors after changes of leaders, ``(states, states)``.

    Where both leaders of a pair change at once both shifts count, whoever is named first.

    Parameters
    ----------
    anchor : (states, states) float
    changed : (turns,) int
        States whose leaders change.
    shifts : (turns, states) float
        By how much each turns to the others; what it turns to itself is ignored.
    """
    own = shifts.copy()
    own[np.arange(len(changed)), changed] = 0.0
    theirs = np.zeros_like(own)
    theirs[:, changed] = own[:, changed].T
    rows = (anchor[changed] + own + theirs).clip(-1, 1)
    result = anchor.copy()
    result[:, changed] = rows.T
    result[changed] = rows
    return result


def _align(world: World, params: AllyingParams) -> None:
    """Add the year's goodwill, each effect switchable, and move alignment."""
    states, dyads, clock, env = world.states, world.dyads, world.clock, world.environment
    yearly = clock.per_year(states.procurement_budget)
    # Of few pairs anything is resented: of others nothing need be taken off.
    by, at = np.divmod(np.flatnonzero((dyads.licensed_refused != 0) | (dyads.embargo_years > 0)), len(states))
    refused = ratio(dyads.licensed_refused[by, at], yearly[at]).clip(0, 1)
    embargoed = dyads.embargo_years[by, at] > 0
    resented = params.refusal_effect * refused + clock.flow(params.embargo_effect) * embargoed
    # The opening alignment already reflects the trade and the enemies of the time.
    mutual = clock.flow(standing_warmth(world, params) - dyads.opening_warmth)
    mutual[by, at] -= resented
    mutual[at, by] -= resented
    mutual *= params.settle
    np.fill_diagonal(mutual, 0.0)
    # Saturation: goodwill near its ends moves less.
    mutual *= 1 - np.abs(dyads.goodwill)
    dyads.goodwill *= clock.keep(params.goodwill_kept)
    dyads.goodwill += mutual
    # Friends of long standing and old foes have little room to move.
    goal = 1 - np.abs(dyads.alignment_anchor)
    goal *= dyads.goodwill
    goal += dyads.alignment_anchor
    env.clipped[0, _ALIGNMENT] += np.count_nonzero(goal > 1) + np.count_nonzero(goal < -1)
    env.considered[0, _ALIGNMENT] += goal.size
    gap = goal.clip(-1, 1, out=goal)
    gap -= dyads.alignment
    gap *= clock.share(params.alignment_pace)
    dyads.alignment += gap


def standing_warmth(world: World, params: AllyingParams) -> Float:
    """Return mutual goodwill a year from deliveries, programmes and enemies, ``(states, states)``."""
    dyads = world.dyads
    supplied = ratio(dyads.relation, dyads.relation.sum(axis=0)[None, :])
    pattern = dyads.hostility != 0
    pairs = world.recall("common enemies", (pattern,), lambda: pairs_with_enemies(pattern))
    one_way = params.delivery_effect * supplied
    place, common = pairs.place, shared_enemies(dyads.hostility, pairs)
    one_way.reshape(-1)[place] += params.threat_effect * saturate(common, 1.0)
    one_way += params.programme_effect * joint_work(world, params)
    return np.asarray(one_way + one_way.T, dtype=np.float64)


class Pairs(NamedTuple):
    """Pairs of states that are hostile to the same others; all are places in square matrices.

    Parameters
    ----------
    place : (pairs,) int
        Pairs with a common enemy.
    which : (enmities,) int
        For each pair and enemy, which of ``place`` it is.
    one, other : (enmities,) int
        The hostility of the first and of the second of the pair to that enemy.
    """

    place: Int
    which: Int
    one: Int
    other: Int


def pairs_with_enemies(hostile: NDArray[np.bool_]) -> Pairs:
    """Return the pairs of states with a common enemy, from where the row state is hostile."""
    size = len(hostile)
    enemy, state = np.nonzero(np.ascontiguousarray(hostile.T))
    many = np.bincount(enemy, minlength=size)
    first = np.cumsum(many) - many
    one, place = spread_evenly(many[enemy])
    other = first[enemy[one]] + place
    felt = state * size + enemy
    pair, which = np.unique(state[one] * size + state[other], return_inverse=True)
    return Pairs(pair, which, felt[one], felt[other])


def shared_enemies(hostility: Float, pairs: Pairs) -> Float:
    r"""Return :math:`H H'`, how far two states are hostile to the same others, shape ``(pairs,)``.

    Rivalries are few, so the product is summed over the pairs of states that share an enemy.
    """
    felt = hostility.ravel()
    products = felt.take(pairs.one) * felt.take(pairs.other)
    return total(pairs.which, products, len(pairs.place))


def _move_members(world: World, params: AllyingParams, closeness: Float) -> bool:
    """Draw accession of aligned outsiders and exit of estranged members; return whether any moved."""
    alliances, dyads = world.alliances, world.dyads
    member = alliances.member.copy()
    move = membership_hazards(params, member, alliances.cohesion, closeness, dyads.hostility)
    draw = membership_draws(world)
    margin = membership_chance(world, move, params) - draw
    moved = margin > 0
    if not moved.any():
        return False
    # The last two stay: of several who would leave at once, those with the smaller draws go first.
    rank = np.where(moved & member, draw, np.inf).argsort(axis=1).argsort(axis=1)
    moved &= ~member | (rank < member.sum(axis=1, keepdims=True) - 2)
    alliances.member = member ^ moved
    for kind, which in ((DecisionKind.ACCESSION, ~member), (DecisionKind.EXIT, member)):
        row, state = np.nonzero(moved & which)
        log(
            world,
            kind,
            state,
            alliances.uid[row],
            row,
            Verdict(chosen=1, margin=margin[row, state]),
        )
    return True


def _hold_together(world: World, params: AllyingParams, closeness: Float) -> None:
    """Move cohesion with burden gaps and alignment, and read off membership and trade."""
    alliances, states, dyads, clock = world.alliances, world.states, world.dyads, world.clock
    member = alliances.member
    count = member.sum(axis=1)
    alliances.members = count
    short = np.maximum(alliances.burden_target[:, None] - states.burden, 0) * member
    alliances.burden_gap = ratio(short.sum(axis=1), count)
    goal = cohesion_goal(cohesion_terms(world, params, closeness))
    pace = clock.share(params.cohesion_pace)
    alliances.cohesion = alliances.cohesion + pace * (goal - alliances.cohesion)
    inside = (product(member, dyads.exports) * member).sum(axis=1)
    bought = product(member, dyads.exports.sum(axis=0))
    alliances.internal_share = ratio(inside, bought)


def allied_ties(world: World) -> Float:
    """Return the strongest common defence pact of each pair, its cohesion, ``(states, states)``."""
    alliances = world.alliances
    ties = np.zeros_like(world.dyads.alignment)
    for row in np.flatnonzero(alliances.kind == AllianceKind.DEFENCE_PACT.value):
        member = np.flatnonzero(alliances.member[row])
        block = member[:, None], member
        ties[block] = np.maximum(ties[block], alliances.cohesion[row])
    np.fill_diagonal(ties, 0.0)
    return ties


def _lapse(world: World) -> None:
    """Count down embargoes, vetoes and sanctions."""
    dyads, years = world.dyads, world.clock.elapsed()
    if dyads.embargo_years.any():
        dyads.embargo_years = np.maximum(dyads.embargo_years - years, 0)
    if dyads.support_embargo_years.any():
        dyads.support_embargo_years = np.maximum(dyads.support_embargo_years - years, 0)
    if dyads.veto_years.any():
        dyads.veto_years = np.maximum(dyads.veto_years - years, 0)
    world.firms.sanction_years = np.maximum(world.firms.sanction_years - years, 0)
