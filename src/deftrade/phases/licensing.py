"""Export control: risk against benefit, with the consent of every state whose parts are inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.arrays import cells, pick, ratio, total
from deftrade.keys import mix
from deftrade.params import param
from deftrade.phase import phase
from deftrade.phases.agency import CaseParams, case_work_cost, pay_agency
from deftrade.phases.judging import (
    Case,
    JudgingParams,
    Shared,
    base_weights,
    benefit,
    criteria_scores,
    share_findings,
    strictness,
    weighted_risk,
)
from deftrade.posting import Verdict, log
from deftrade.tables import (
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
from deftrade.tables.codes import (
    ContractKind,
    DecisionKind,
    LicenceStatus,
    Rule,
    TenderStatus,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.world import World

    Float = NDArray[np.float64]
    Int = NDArray[np.int64]


class LicensingParams(CaseParams, JudgingParams):
    """Parameters of licensing."""

    case_years: float = param(0.078, "year", 0.001, 5, "V47: half of UK cases within 20 working days")
    """Median case work of an application."""
    case_spread: float = param(1.0, "1", 0, 3, "V47: 87 % within 60 working days")
    """Spread of log case work."""
    queue_exponent: float = param(1.0, "1", 0, 3, "assumption: waiting grows with load")
    """Growth of decision time with load over capacity."""
    least_load: float = param(2.0, "1/yr", 0.01, 1000, "assumption: every agency has some staff")
    """Applications a year that an agency can always handle."""
    load_memory: float = param(0.5, "1/yr", 0, 1, "assumption: agencies see a two-year load")
    """Yearly share by which the smoothed case load follows the present one."""
    no_undercut: float = param(0.25, "1", 0, 10, "assumption: members of a regime consult on denials")
    """Strictness added where a fellow member of a control regime refused lately."""
    denial_kept: float = param(0.5, "1/yr", 0, 1, "assumption: denials count for some three years")
    """Share of the memory of a denial kept after a year."""
    small_pace: float = param(3.0, "count/CU", 0, 100, "assumption: many small licences a MUSD exported")
    """Small applications per capability unit of recent exports, count."""
    small_floor: float = param(0.1, "CU/yr", 0, 100, "assumption: below it no regular trade")
    """Recent deliveries below which small exports are left out."""
    small_spread: float = param(0.09, "1", 0.001, 2, "calibrated: V44-V45 refusal rates")
    """Scale of the logistic chance of a small refusal."""
    content_threshold: float = param(0.05, "share", 0, 1, "assumption: de minimis content")
    """Foreign content from which the source's consent is needed."""


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
        Tenders.kind,
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
        Tenders.status,
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
    fade = world.clock.keep(params.denial_kept)
    world.dyads.denial_memory = world.dyads.denial_memory * fade
    shared = share_findings(world)
    pending = np.flatnonzero(applications.status == LicenceStatus.PENDING)
    applications.waiting[pending] -= world.clock.elapsed()
    ripe = pending[applications.waiting[pending] <= 0]
    if len(ripe):
        _decide(world, params, _case(world, ripe, shared), ripe)
    _small_licences(world, params, shared)
    pay_agency(world, case_work_cost(world, params))


def _file(world: World, params: LicensingParams) -> None:
    """Append an application for every selected tender that has none."""
    tenders, states, applications, clock = (
        world.tenders,
        world.states,
        world.applications,
        world.clock,
    )
    tender = np.flatnonzero((tenders.status == TenderStatus.SELECTED) & (tenders.application < 0))
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
    queue = (load / states.case_work_capacity)[exporter] ** params.queue_exponent
    work = params.case_years * np.exp(params.case_spread * world.luck.normal("licensing.case", uid))
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
    criteria = criteria_scores(world, params, case)
    risk = weighted_risk(world, params, case, criteria)
    gain = benefit(world, params, case)
    finding = _consents(world, params, ripe, case, _own_view(world, params, ripe, case, criteria))
    refused = finding.rule != Rule.NONE
    applications.criteria[ripe] = criteria
    applications.risk[ripe] = risk
    applications.benefit[ripe] = gain
    applications.margin[ripe] = finding.margin
    applications.rule[ripe] = finding.rule
    applications.refuser[ripe] = finding.refuser
    applications.decided[ripe] = world.clock.step
    applications.status[ripe] = np.where(refused, LicenceStatus.REFUSED, LicenceStatus.GRANTED)
    tender = applications.tender[ripe]
    tenders.status[tender] = np.where(refused, TenderStatus.OPEN, TenderStatus.APPROVED)
    lost, value = tender[refused], applications.value[ripe][refused]
    tenders.refusals[lost] += 1
    tenders.rounds[lost] += 1
    tenders.refuser[lost] = finding.refuser[refused]
    size = len(states)
    states.licences_granted = total(case.exporter[~refused], 1.0, size)
    states.licences_refused = total(case.exporter[refused], 1.0, size)
    states.business_forgone = total(case.exporter[refused], value, size)
    np.add.at(world.dyads.licensed_refused, (finding.refuser[refused], case.buyer[refused]), value)
    world.dyads.denial_memory[finding.refuser[refused], case.buyer[refused]] = 1.0
    log(
        world,
        DecisionKind.LICENCE,
        case.exporter,
        applications.uid[ripe],
        ripe,
        Verdict(~refused, finding.refuser, finding.margin, finding.rule),
    )


def _case(world: World, ripe: Int, shared: Shared) -> Case:
    """Return what is judged in applications."""
    applications, lines = world.applications, world.lines
    line = applications.line[ripe]
    backlog = ratio(pick(lines.backlog, line, 0.0), pick(lines.capacity, line, 0.0))
    return Case(
        applications.exporter[ripe], applications.buyer[ripe], applications.category[ripe], backlog, *shared
    )


def _own_view(world: World, params: LicensingParams, ripe: Int, case: Case, criteria: Float) -> Finding:
    """Return the exporter's own judgement: absolute bars first, then the balance test."""
    dyads = world.dyads
    margin = balance_margin(world, params, case, criteria, world.applications.uid[ripe])
    worst = np.argmax(base_weights(params) * world.states.criterion_weight[case.exporter] * criteria, axis=1)
    rule = np.where(margin < 0, Rule.OBLIGATIONS + worst, Rule.NONE)
    support = world.applications.kind[ripe] == ContractKind.SUPPORT
    embargo = np.where(
        support,
        cells(dyads.support_embargo_years, case.exporter, case.buyer),
        cells(dyads.embargo_years, case.exporter, case.buyer),
    )
    rule = np.where(embargo > 0, Rule.EMBARGO, rule)
    firm = pick(world.lines.firm, world.applications.line[ripe], -1)
    rule = np.where(pick(world.firms.sanction_years, firm, 0.0) > 0, Rule.SANCTION, rule)
    return Finding(margin, rule, np.where(rule != Rule.NONE, case.exporter, -1))


def balance_margin(
    world: World, params: LicensingParams, case: Case, criteria: Float, uid: NDArray[np.uint64]
) -> Float:
    """Return tolerance and benefit less strictness times risk; negative is a refusal.

    The balance test of ATT Art. 7 with criteria of EU Common Position 2008/944; luck is logistic
    and belongs to the application.
    """
    draw = world.luck.uniform("licensing.judgement", uid, world.states.uid[case.exporter])
    luck = params.judgement_spread * np.log(draw / (1 - draw))
    risk = weighted_risk(world, params, case, criteria)
    strict = strictness(world, case, params.no_undercut)
    # Where nothing is strict nothing is refused: strictness 0 switches the balance test off.
    margin = params.tolerance + benefit(world, params, case) - strict * risk + luck
    return np.asarray(np.where(strict > 0, margin, np.inf), dtype=np.float64)


def _consents(world: World, params: LicensingParams, ripe: Int, case: Case, own: Finding) -> Finding:
    """Ask every state whose design or components are inside; one refusal is enough."""
    dyads = world.dyads
    margin, rule, refuser = own
    line = world.applications.line[ripe]
    for source in _sources(world, params, ripe, line):
        asked = np.flatnonzero(
            (source >= 0) & (source != case.exporter) & (source != case.buyer) & (rule == Rule.NONE)
        )
        if not len(asked):
            continue
        consent = case._replace(
            exporter=source[asked],
            buyer=case.buyer[asked],
            category=case.category[asked],
            backlog_years=case.backlog_years[asked],
        )
        scores = criteria_scores(world, params, consent)
        view = _consent_margin(world, params, consent, scores, world.applications.uid[ripe[asked]])
        support = world.applications.kind[ripe[asked]] == ContractKind.SUPPORT
        pair = source[asked], case.buyer[asked]
        embargo = np.where(support, dyads.support_embargo_years[pair], dyads.embargo_years[pair])
        denied = (view < 0) | (embargo > 0) | (dyads.veto_years[source[asked], case.exporter[asked]] > 0)
        hit = asked[denied]
        rule[hit] = Rule.CONSENT
        refuser[hit] = source[hit]
        margin[hit] = np.minimum(view[denied], 0)
    return Finding(margin, rule, refuser)


def _consent_margin(
    world: World, params: LicensingParams, case: Case, scores: Float, uid: NDArray[np.uint64]
) -> Float:
    """Return a source's balance margin with its re-export rule in place of its own strictness."""
    rule = world.states.re_export_rule[case.exporter]
    draw = world.luck.uniform("licensing.consent", uid, world.states.uid[case.exporter])
    luck = params.judgement_spread * np.log(draw / (1 - draw))
    risk = weighted_risk(world, params, case, scores)
    margin = params.tolerance + benefit(world, params, case) - rule * risk + luck
    return np.asarray(np.where(rule > 0, margin, np.inf), dtype=np.float64)


def _sources(world: World, params: LicensingParams, ripe: Int, line: Int) -> list[Int]:
    """Return for each kind of content the state to be asked, -1 where none, ``(cases,)`` each."""
    lines, tenders = world.lines, world.tenders
    sources = [pick(lines.design_origin, line, -1)]
    for slot in range(lines.component_source.shape[1]):
        enough = pick(lines.component_share[:, slot], line, 0.0) >= params.content_threshold
        sources.append(np.where(enough, pick(lines.component_source[:, slot], line, -1), -1))
    support = world.applications.kind[ripe] == ContractKind.SUPPORT
    fleet = tenders.fleet[world.applications.tender[ripe]]
    maker = pick(world.fleets.origin, fleet, -1)
    # Support by a third state needs the maker's consent, not that of the provider's own suppliers.
    return [np.where(support, maker, sources[0])] + [np.where(support, -1, source) for source in sources[1:]]


def _small_licences(world: World, params: LicensingParams, shared: Shared) -> None:
    """Count the expected flow of small applications, which published rates consist of."""
    states, dyads, clock = world.states, world.dyads, world.clock
    exporter, buyer = np.nonzero(dyads.relation > params.small_floor)
    count = params.small_pace * clock.flow(dyads.relation[exporter, buyer])
    typical = int(np.argsort(world.categories.sensitivity)[len(world.categories) // 2])
    case = Case(
        exporter, buyer, np.full(len(buyer), typical), np.full(len(buyer), params.normal_backlog), *shared
    )
    criteria = criteria_scores(world, params, case)
    strict = strictness(world, case, params.no_undercut)
    margin = (
        params.tolerance
        + benefit(world, params, case)
        - strict * weighted_risk(world, params, case, criteria)
    )
    chance = 0.5 - 0.5 * np.tanh(margin / params.small_spread / 2)
    chance = np.where(strict > 0, chance, 0.0)
    states.small_licences = total(exporter, count, len(states))
    states.small_refusals = total(exporter, count * chance, len(states))
