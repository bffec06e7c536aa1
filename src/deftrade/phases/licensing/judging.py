"""The eight licensing criteria, scored from the state of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import at_pairs
from deftrade.core.tables.codes import CRITERIA, AllianceKind

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World
    from deftrade.phases.licensing.params import LicensingParams


_ALLIES_SECURITY = CRITERIA.index("allies_security")


class Case(NamedTuple):
    """What is judged: exporter, buyer, category, backlog in years; all ``(cases,)``."""

    exporter: Int
    buyer: Int
    category: Int
    backlog_years: Float
    shared: Shared

    def only(self, rows: Int) -> Case:
        """Return the cases of some rows, in the order of the rows."""
        exporter, buyer, category = self.exporter[rows], self.buyer[rows], self.category[rows]
        return Case(exporter, buyer, category, self.backlog_years[rows], self.shared)


class Shared(NamedTuple):
    """What all cases of a step share.

    ``against`` and ``denials`` are the matrices of `hostility_to_friends` and `regime_denials`;
    ``profile`` scores every buyer by the criteria, the security of the exporter's allies aside, and
    ``weight`` holds every exporter's weights of them, ``(states, 8)``; ``plight`` is what the risen
    threat to a buyer adds to the benefit, ``(states,)``.
    """

    against: Float
    denials: Float
    profile: Float
    weight: Float
    plight: Float


def share_findings(world: World, params: LicensingParams, denied: Float) -> Shared:
    """Return what all cases of a step share; ``denied`` is the memory of denials, ``(states, states)``."""
    states = world.states
    threat = states.threat / np.maximum(states.opening_threat, 1e-12)
    return Shared(
        hostility_to_friends(world),
        regime_denials(world, denied),
        _profile(world, params),
        base_weights(params) * states.criterion_weight,
        params.balance * (threat - 1).clip(-1, 1),
    )


def _profile(world: World, params: LicensingParams) -> Float:
    """Return what each buyer scores whoever exports, ``(states, 8)``, 0 to 1: zero for criterion 5."""
    states, dyads, size = world.states, world.dyads, len(world.states)
    embargoes = np.bincount(np.flatnonzero(dyads.embargo_years > 0) % size, minlength=size)
    tension = (dyads.hostility * dyads.proximity).sum(axis=1)
    misrule = 1 - states.governance
    conflict = states.internal_conflict
    record = states.diversion_record
    scores = (
        embargoes / params.embargoes_for_full,
        misrule * (params.rights_base + (1 - params.rights_base) * conflict),
        conflict,
        tension,
        np.zeros(size),
        params.record_weight * record + (1 - params.record_weight) * misrule * (1 - states.polity),
        record + misrule * (params.misrule_base + (1 - params.misrule_base) * conflict),
        states.burden / params.burden_for_full,
    )
    return np.stack(scores, axis=1).clip(0, 1)


def hostility_to_friends(world: World) -> Float:
    """Return the column state's hostility to the row state and its allies, ``(states, states)``.

    Allies count by the pact in which hostility to the members, times cohesion, is greatest.
    """
    dyads, alliances = world.dyads, world.alliances
    result = dyads.hostility.T.copy()
    for row in np.flatnonzero(alliances.kind == int(AllianceKind.DEFENCE_PACT)):
        member = np.flatnonzero(alliances.member[row])
        felt = alliances.cohesion[row] * dyads.hostility[:, member].sum(axis=1)
        result[member] = np.maximum(result[member], felt)
    return result


def criteria_scores(case: Case) -> Float:
    """Return the eight criteria of EU Common Position 2008/944, shape ``(cases, 8)``, 0 to 1."""
    scores = case.shared.profile[case.buyer]
    scores[:, _ALLIES_SECURITY] = at_pairs(case.shared.against, case.exporter, case.buyer).clip(0, 1)
    return scores


def base_weights(params: LicensingParams) -> Float:
    """Return the weights of the criteria, shape ``(8,)``, in the order of the Common Position."""
    return np.array(
        [
            params.weight_obligations,
            params.weight_human_rights,
            params.weight_internal_situation,
            params.weight_regional_stability,
            params.weight_allies_security,
            params.weight_buyer_behaviour,
            params.weight_diversion,
            params.weight_economic_capacity,
        ]
    )


def regime_denials(world: World, denied: Float) -> Float:
    """Return how far fellow members of control regimes refused a buyer lately, ``(states, states)``.

    Members of the Wassenaar Arrangement (1996) and the EU tell each other of denials and consult
    before they undercut one. 0 is none, 1 a recent denial in a regime of full cohesion. ``denied`` is the
    memory of the denials of each, row by buyer.
    """
    alliances = world.alliances
    result = np.zeros_like(denied)
    for row in np.flatnonzero(alliances.kind == int(AllianceKind.CONTROL_REGIME)):
        member = np.flatnonzero(alliances.member[row])
        known = denied[member]
        others = known.sum(axis=0) - known
        result[member] = np.maximum(result[member], alliances.cohesion[row] * others.clip(0, 1))
    return result


class StrictnessTerms(NamedTuple):
    """Terms of strictness, ``(cases,)``: the agency's own, what is set for the buyer, denials of others."""

    own: Float
    towards: Float
    consulted: Float


def strictness_terms(own: Float, towards: Float, denials: Float, no_undercut: float) -> StrictnessTerms:
    """Return what each thing adds to how strictly risk is weighed."""
    # An agency that judges nothing is not moved by the denials of others.
    return StrictnessTerms(own, towards, no_undercut * denials * (own + towards > 0))


def strictness_of(terms: StrictnessTerms) -> Float:
    """Return how strictly risk is weighed, ``(cases,)``; never below zero."""
    return np.asarray(np.maximum(terms.own + terms.towards, 0) + terms.consulted, dtype=np.float64)


def strictness(world: World, params: LicensingParams, case: Case, no_undercut: float) -> Float:
    """Return how strictly the exporter's agency weighs risk, shape ``(cases,)``."""
    own = world.states.export_strictness + _stance(world, params)
    towards = at_pairs(world.dyads.buyer_strictness, case.exporter, case.buyer)
    denials = at_pairs(case.shared.denials, case.exporter, case.buyer)
    return strictness_of(strictness_terms(own[case.exporter], towards, denials, no_undercut))


def _stance(world: World, params: LicensingParams) -> Float:
    """Return what findings and the leaders in office add to strictness, ``(states,)``.

    Leaders relax part of it at most. Both count where there is any control at all.
    """
    states = world.states
    strict = states.export_strictness
    stance = np.maximum(states.control_stance, -params.relaxation * strict)
    return np.where(strict > 0, states.caution + stance, 0.0)
