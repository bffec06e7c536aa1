"""Export control: risk against benefit, with the consent of every state whose parts are inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import at_pairs, pick, ratio, total
from deftrade.core.draws import mix
from deftrade.core.phase import phase
from deftrade.core.posting import Verdict, log
from deftrade.core.tables import (
    Alliances,
    Applications,
    Categories,
    Decisions,
    Dyads,
    Firms,
    Fleets,
    Lines,
    Postings,
    States,
    Tenders,
)
from deftrade.core.tables.codes import ContractKind, DecisionKind, LicenceStatus, Rule, TenderStatus
from deftrade.phases.licensing.agency import case_work_cost, pay_agency
from deftrade.phases.licensing.judging import Case, Shared, criteria_scores, share_findings, strictness
from deftrade.phases.licensing.margins import (
    Grounds,
    MarginTerms,
    benefit,
    expected_margin,
    margin,
    margin_terms,
    risk,
)
from deftrade.phases.licensing.params import LicensingParams
from deftrade.phases.shared.contracts import REMEMBERED, REOPENED, reopen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World


_SUPPORT, _NO_RULE = int(ContractKind.SUPPORT), int(Rule.NONE)
_GRANTED, _REFUSED = int(LicenceStatus.GRANTED), int(LicenceStatus.REFUSED)
_APPROVED = int(TenderStatus.APPROVED)
_EVEN = 1 / 2
"""The draw that is neither good luck nor bad."""


@phase(
    LicensingParams,
    reads=(
        Applications.uid,
        Categories.sensitivity,
        Dyads.embargo_years,
        Dyads.support_embargo_years,
        Dyads.veto_years,
        Dyads.hostility,
        Dyads.proximity,
        Dyads.alignment,
        Alliances.kind,
        Alliances.member,
        Alliances.cohesion,
        Dyads.relation,
        Dyads.buyer_strictness,
        Fleets.origin,
        Firms.sanction_years,
        Lines.firm,
        Lines.component_source,
        Lines.component_share,
        Lines.design_origin,
        Lines.backlog,
        Lines.capacity,
        States.uid,
        States.governance,
        States.polity,
        States.internal_conflict,
        States.burden,
        States.diversion_record,
        States.caution,
        States.control_stance,
        States.threat,
        States.opening_threat,
        States.export_strictness,
        States.criterion_weight,
        States.case_work_capacity,
        States.re_export_rule,
        States.opening_case_load,
        Tenders.uid,
        Tenders.buyer,
        Tenders.category,
        *REMEMBERED,
        Tenders.fleet,
        Tenders.exporter,
        Tenders.line,
        Tenders.price,
    ),
    writes=(
        Applications.waiting,
        States.case_load,
        States.licences_filed,
        States.licences_granted,
        States.licences_refused,
        States.business_forgone,
        States.small_licences,
        States.small_refusals,
        States.control_cost,
        States.fiscal_cost,
        Dyads.licensed_refused,
        Dyads.denial_memory,
        *REOPENED,
        Tenders.application,
        Tenders.rounds,
        Tenders.refusals,
        Tenders.refuser,
    ),
    appends=(Applications, Decisions, Postings),
)
def licensing(world: World, params: LicensingParams) -> None:
    """File applications for chosen foreign offers, work through the queue and decide."""
    _file(world, params)
    applications = world.applications
    memory = world.dyads.denial_memory
    memory[:] = remembered_denials(world, params)
    shared = share_findings(world, params, memory)
    pending = np.flatnonzero(applications.status == int(LicenceStatus.PENDING))
    left = applications.waiting[pending] - world.clock.elapsed()
    applications.waiting[pending] = left
    ripe = pending[left <= 0]
    if len(ripe):
        _decide(world, params, case_of(world, ripe, shared), ripe)
    _small_licences(world, params, shared)
    pay_agency(world, case_work_cost(world, params))


def remembered_denials(world: World, params: LicensingParams) -> Float:
    """Return what is left of the memory of denials at this step's judgements, ``(states, states)``."""
    return world.dyads.denial_memory * world.clock.keep(params.denial_kept)


def _file(world: World, params: LicensingParams) -> None:
    """Append an application for every selected tender that has none."""
    tenders, states, applications, clock = (
        world.tenders,
        world.states,
        world.applications,
        world.clock,
    )
    tender = np.flatnonzero(tenders.status == int(TenderStatus.SELECTED))
    tender = tender[tenders.application[tender] < 0]
    exporter = tenders.exporter[tender]
    filed = total(exporter, 1.0, len(states))
    states.licences_filed = filed
    follow = clock.share(params.load_memory)
    states.case_load = states.case_load + follow * (clock.per_year(filed) - states.case_load)
    rows = applications.append(len(tender))
    applications.uid[rows] = uid = mix(tenders.uid[tender], states.uid[exporter])
    applications.tender[rows] = tender
    applications.exporter[rows] = exporter
    applications.buyer[rows] = tenders.buyer[tender]
    applications.category[rows] = tenders.category[tender]
    applications.line[rows] = tenders.line[tender]
    applications.kind[rows] = tenders.kind[tender]
    applications.value[rows] = tenders.price[tender]
    applications.filed[rows] = clock.step
    staff = params.least_load
    load = (states.case_load + staff) / (states.opening_case_load + staff)
    queue = elementary.power((load / states.case_work_capacity)[exporter], params.queue_exponent)
    work = params.case_years * elementary.exp(params.case_spread * world.draws.normal("licensing.case", uid))
    applications.waiting[rows] = applications.duration[rows] = work * queue
    tenders.application[tender] = rows


class Finding(NamedTuple):
    """The outcome of ripe cases, all ``(cases,)``."""

    margin: Float
    rule: Int
    refuser: Int


def _decide(world: World, params: LicensingParams, case: Case, ripe: Int) -> None:
    """Decide ripe applications, log them and move their tenders on."""
    applications, tenders, states = world.applications, world.tenders, world.states
    own = margin_terms(own_grounds(world, params, case, applications.uid[ripe]), params)
    finding = _consents(world, params, ripe, case, _own_view(world, ripe, case, own))
    is_refused = finding.rule != _NO_RULE
    applications.criteria[ripe] = own.scores
    applications.risk[ripe] = risk(own)
    applications.benefit[ripe] = benefit(own)
    applications.margin[ripe] = finding.margin
    applications.rule[ripe] = finding.rule
    applications.refuser[ripe] = finding.refuser
    applications.decided[ripe] = world.clock.step
    applications.status[ripe] = np.where(is_refused, _REFUSED, _GRANTED)
    tender = applications.tender[ripe]
    refused = np.flatnonzero(is_refused)
    lost, value = tender[refused], applications.value[ripe[refused]]
    tenders.status[tender] = _APPROVED
    reopen(world, lost)
    exporter, buyer, refuser = case.exporter[refused], case.buyer[refused], finding.refuser[refused]
    tenders.refusals[lost] += 1
    tenders.rounds[lost] += 1
    tenders.refuser[lost] = refuser
    size = len(states)
    states.licences_granted = total(case.exporter[~is_refused], 1.0, size)
    states.licences_refused = total(exporter, 1.0, size)
    states.business_forgone = total(exporter, value, size)
    np.add.at(world.dyads.licensed_refused, (refuser, buyer), value)
    world.dyads.denial_memory[refuser, buyer] = 1.0
    log(
        world,
        DecisionKind.LICENCE,
        case.exporter,
        applications.uid[ripe],
        ripe,
        Verdict(~is_refused, finding.refuser, finding.margin, finding.rule),
    )


def case_of(world: World, ripe: Int, shared: Shared) -> Case:
    """Return exporter, buyer, category and the line's backlog (years) of applications that are ripe."""
    applications, lines = world.applications, world.lines
    line = applications.line[ripe]
    backlog = ratio(pick(lines.backlog, line, 0.0), pick(lines.capacity, line, 0.0))
    return Case(
        applications.exporter[ripe], applications.buyer[ripe], applications.category[ripe], backlog, shared
    )


def _own_view(world: World, ripe: Int, case: Case, own: MarginTerms) -> Finding:
    """Return the exporter's own judgement: absolute bars first, then the balance test."""
    lines, left = world.lines, margin(own)
    worst = np.argmax(own.weights * own.scores, axis=1)
    rule = np.where(left < 0, int(Rule.OBLIGATIONS) + worst, _NO_RULE)
    rule = np.where(is_cut(world, ripe, case.exporter, case.buyer), int(Rule.EMBARGO), rule)
    firm = pick(lines.firm, world.applications.line[ripe], -1)
    rule = np.where(pick(world.firms.sanction_years, firm, 0.0) > 0, int(Rule.SANCTION), rule)
    return Finding(left, rule, np.where(rule != _NO_RULE, case.exporter, -1))


def is_cut(world: World, ripe: Int, state: Int, buyer: Int) -> Bool:
    """Return where a state's embargo on the buyer bars what is applied for, ``(cases,)``."""
    dyads = world.dyads
    goods, support = (
        at_pairs(dyads.embargo_years, state, buyer),
        at_pairs(dyads.support_embargo_years, state, buyer),
    )
    return np.where(world.applications.kind[ripe] == _SUPPORT, support > 0, goods > 0)


def is_vetoed(world: World, state: Int, exporter: Int) -> Bool:
    """Return where a state vetoes all re-exports of an exporter, ``(cases,)``."""
    return np.asarray(at_pairs(world.dyads.veto_years, state, exporter) > 0)


def own_grounds(world: World, params: LicensingParams, case: Case, uid: NDArray[np.uint64]) -> Grounds:
    """Return what the exporter's own balance test weighs; luck belongs to the application."""
    draw = world.draws.uniform("licensing.judgement", uid, world.states.uid[case.exporter])
    return _grounds(world, case, strictness(world, params, case, params.no_undercut), draw)


def consent_grounds(world: World, case: Case, uid: NDArray[np.uint64]) -> Grounds:
    """Return what a source's balance test weighs: its re-export rule stands in place of its strictness.

    The source stands in the place of the exporter.
    """
    draw = world.draws.uniform("licensing.consent", uid, world.states.uid[case.exporter])
    return _grounds(world, case, world.states.re_export_rule[case.exporter], draw)


def _grounds(world: World, case: Case, strict: Float, draw: Float) -> Grounds:
    """Return what the balance test of cases weighs."""
    exporter, buyer, shared = case.exporter, case.buyer, case.shared
    return Grounds(
        criteria_scores(case),
        shared.weight[exporter],
        world.categories.sensitivity[case.category],
        at_pairs(world.dyads.alignment, exporter, buyer),
        case.backlog_years,
        shared.plight[buyer],
        strict,
        draw,
    )


def _consents(world: World, params: LicensingParams, ripe: Int, case: Case, own: Finding) -> Finding:
    """Ask every state whose design or components are inside; one refusal is enough.

    All are weighed at once; who is asked after a refusal has no say.
    """
    left, rule, refuser = own
    slot, row, source = sources(world, params, ripe, case)
    if not len(row):
        return own
    asked = case.only(row)._replace(exporter=source)
    grounds = consent_grounds(world, asked, world.applications.uid[ripe[row]])
    view = margin(margin_terms(grounds, params))
    barred = is_cut(world, ripe[row], source, asked.buyer) | is_vetoed(world, source, case.exporter[row])
    denied = (view < 0) | barred
    for each in np.unique(slot):
        here = np.flatnonzero(denied & (slot == each) & (rule[row] == _NO_RULE))
        hit = row[here]
        rule[hit] = int(Rule.CONSENT)
        refuser[hit] = source[here]
        left[hit] = np.minimum(view[here], 0)
    return Finding(left, rule, refuser)


def sources(world: World, params: LicensingParams, ripe: Int, case: Case) -> tuple[Int, Int, Int]:
    """Return who is asked for consent, ``(asked,)``: in which turn, the place of the case, the state."""
    found = _contents(world, params, ripe)
    turn, row = np.nonzero((found >= 0) & (found != case.exporter) & (found != case.buyer))
    return turn, row, found[turn, row]


def _contents(world: World, params: LicensingParams, ripe: Int) -> Int:
    """Return for each kind of content the state that it is of, -1 where none, ``(kinds, cases)``."""
    lines, applications = world.lines, world.applications
    line = applications.line[ripe]
    made = np.flatnonzero(line >= 0)
    share, source = lines.component_share[line[made]], lines.component_source[line[made]]
    sources = np.full((1 + source.shape[1], len(ripe)), -1)
    sources[0, made] = lines.design_origin[line[made]]
    sources[1:, made] = np.where(share >= params.content_threshold, source, -1).T
    # Support by a third state needs the maker's consent, not that of the provider's own suppliers.
    support = np.flatnonzero(applications.kind[ripe] == _SUPPORT)
    fleet = world.tenders.fleet[applications.tender[ripe[support]]]
    sources[:, support] = -1
    sources[0, support] = pick(world.fleets.origin, fleet, -1)
    return sources


def _small_licences(world: World, params: LicensingParams, shared: Shared) -> None:
    """Count the expected flow of small applications, which published rates consist of."""
    states, relation, size = world.states, world.dyads.relation, len(world.states)
    pair = np.flatnonzero(relation > params.small_floor)
    exporter, buyer = pair // size, pair % size
    count = params.small_pace * world.clock.flow(relation.reshape(-1)[pair])
    typical = int(np.argsort(world.categories.sensitivity, kind="stable")[len(world.categories) // 2])
    category, backlog = np.full(len(pair), typical), np.full(len(pair), params.normal_backlog)
    case = Case(exporter, buyer, category, backlog, shared)
    strict = strictness(world, params, case, params.no_undercut)
    grounds = _grounds(world, case, strict, np.full(len(pair), _EVEN))
    expected = expected_margin(margin_terms(grounds, params))
    chance = elementary.logistic(-expected / params.small_spread)
    chance = np.where(strict > 0, chance, 0.0)
    states.small_licences = total(exporter, count, size)
    states.small_refusals = total(exporter, count * chance, size)
