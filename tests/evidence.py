"""Evidence that every lever and every event acts, and through which channel.

One row says who is moved from a low to a high value, which indicator answers and in which direction,
and what cuts the channel so that nothing is left of the answer. All rows run on the first years of
the baseline, whose opening is settled once and copied: the run's luck and policy play no part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade import load
from deftrade.dates import Clock
from deftrade.keys import Luck
from deftrade.phases import ORDER, Params
from deftrade.record import Record
from deftrade.scenario.effects import Imposers
from deftrade.scenario.events import KINDS, Event
from deftrade.scenario.opening import open_world
from deftrade.scenario.resolved import Outputs, Scenario, Setting
from deftrade.simulation import Run, step
from deftrade.table import Column
from deftrade.tables import Alliances, Categories, Dyads, Firms, Lines, States
from deftrade.tables.codes import CRITERIA, ContractKind, Mode
from deftrade.world import Names, World

if TYPE_CHECKING:
    from numpy.typing import NDArray

YEARS = 8
SEEDS = (1, 2, 3)
LATE = 3
"""Levels are means over the last years of a run."""
BASELINE = Path(__file__).resolve().parents[1] / "scenarios" / "baseline.yaml"
FOCUS = "Noor"

Pairs = tuple[tuple[str, float], ...]
Place = tuple[Column[Any], Any, Any]


# Runs


@dataclass(frozen=True)
class Treatment:
    """What someone chooses and what happens."""

    policy: tuple[Setting, ...] = ()
    events: tuple[Event, ...] = ()

    def __add__(self, other: Treatment) -> Treatment:
        return Treatment(self.policy + other.policy, self.events + other.events)


@dataclass(frozen=True)
class Condition:
    """What is different in both arms of a comparison.

    Parameters
    ----------
    params : pairs of ``phase.name`` and value
        Parameters of the run.
    settled : the same
        Parameters of the run and of the years in which the world settled before it.
    given : (column, index, value) triples
        Given values of the world, changed before it settles.
    opening : (column, index, value) triples
        Values changed at the opening date.
    also : Treatment
        Policy and events that come before those compared.
    """

    params: Pairs = ()
    settled: Pairs = ()
    given: tuple[Place, ...] = ()
    opening: tuple[Place, ...] = ()
    also: Treatment = Treatment()

    def __add__(self, other: Condition) -> Condition:
        return Condition(
            self.params + other.params,
            self.settled + other.settled,
            self.given + other.given,
            self.opening + other.opening,
            self.also + other.also,
        )


@cache
def scenario() -> Scenario:
    """Return the baseline cut to its first years, kept by year."""
    first = load(BASELINE, years=YEARS)
    return replace(first, outputs=Outputs(("states", "flows"), "year", FOCUS))


def changed(params: Params, pairs: Pairs) -> Params:
    """Return parameters with some values exchanged."""
    for path, value in pairs:
        phase, name = path.split(".")
        group = getattr(params, phase)
        assert name in type(group).model_fields, f"no parameter {path}"
        params = params.model_copy(update={phase: group.model_copy(update={name: value})})
    return params


@cache
def _settled(settled: Pairs, given: tuple[Place, ...]) -> World:
    """Return an opening; every other condition shares it."""
    first = scenario()
    values = {column: array.copy() for column, array in first.world.values.items()}
    for column, index, value in given:
        values[column][index] = value
    world = replace(first.world, values=values)
    return open_world(replace(first, world=world, params=changed(first.params, settled)))


def twin(world: World) -> World:
    """Return a copy of a world that shares no array with it."""
    names = Names(**{key: list(value) for key, value in vars(world.names).items()})
    other = World(names, Clock(world.clock.calendar, world.clock.step), world.luck.seed)
    for table, copy in zip(world.tables, other.tables, strict=True):
        arrays = {column.name: world.gate.arrays[column][: len(table)].copy() for column in table.columns}
        copy.restore(arrays)
    return other


_PLAYED: dict[str, Run] = {}


def played(treatment: Treatment, condition: Condition, seed: int) -> Run:
    """Return a finished run; equal ones are run once."""
    key = repr((treatment, condition, seed))  # events are not hashable
    if key not in _PLAYED:
        _PLAYED[key] = _play(treatment, condition, seed)
    return _PLAYED[key]


def _play(treatment: Treatment, condition: Condition, seed: int) -> Run:
    """Return a run, finished."""
    both = condition.also + treatment
    first = scenario()
    chosen = replace(
        first,
        seed=seed,
        policy=both.policy,
        events=both.events,
        params=changed(first.params, condition.settled + condition.params),
    )
    world = twin(_settled(condition.settled, condition.given))
    world.luck = Luck(seed)
    for column, index, value in condition.opening:
        world.gate.arrays[column][index] = value
    world.begin_step()
    run = Run(chosen, world, Record(chosen.outputs, chosen.calendar.steps_per_year))
    run.clips = np.zeros((world.environment.clipped.shape[1], 2), dtype=np.int64)
    world.gate.show()
    run.record.take(world)
    while not run.is_done:
        step(run)
    return run


def traces(run: Run) -> dict[str, str]:
    """Return a hash of every column at the end of a run."""
    return {
        column.path: sha256(
            np.ascontiguousarray(run.world.gate.arrays[column][: len(table)]).data
        ).hexdigest()
        for table in run.world.tables
        for column in table.columns
    }


# Names


def row(sort: str, name: str) -> int:
    """Return the row of a name, such as ``row("states", "Noor")``."""
    return list(getattr(scenario().world.names, sort)).index(name)


def states(*names: str) -> list[int]:
    """Return the rows of states."""
    return [row("states", name) for name in names]


def firms_of(state: str) -> list[int]:
    """Return the rows of a state's firms."""
    return [int(firm) for firm in np.flatnonzero(scenario().world.firm_home == row("states", state))]


def members(alliance: str) -> NDArray[np.bool_]:
    """Return the opening members of an alliance."""
    return scenario().world.alliance_member[row("alliances", alliance)]


def put(column: Column[Any], value: float, rows: Iterable[int] | None = None) -> Treatment:
    """Set a lever from the start, for some rows or for all."""
    every = range(len(scenario().world.values[column])) if rows is None else rows
    return Treatment(tuple(Setting(column, (int(place),), -np.inf, value) for place in every))


def event(kind: str, at: float = 2026.0, **details: Any) -> Treatment:
    """Let one event happen; details are rows, as after a file was read."""
    model = KINDS[kind]
    blank = {name: field.default for name, field in model.model_fields.items() if not field.is_required()}
    return Treatment(events=(Event(at, kind, model.model_construct(**{**blank, **details})),))


def by(*names: str) -> Imposers:
    """Return imposing states."""
    return Imposers(states=tuple(states(*names)))


def together(*treatments: Treatment) -> Treatment:
    """Return several treatments as one."""
    return sum(treatments, Treatment())


# Indicators


@dataclass(frozen=True)
class Measure:
    """A number of a finished run, and the phase whose result it reads."""

    phase: str
    of: Callable[[Run], float]


def _writer(column: Column[Any]) -> str:
    """Return the last phase of a step that writes a column."""
    return next(phase.name for phase in reversed(ORDER) if column in phase.opens)


def level(column: Column[Any], state: str = FOCUS) -> Measure:
    """Measure a state's column over the last years."""
    place = row("states", state)
    return Measure(
        _writer(column), lambda run: float(run.record.series("states", column.name)[-LATE:, place].mean())
    )


def summed(column: Column[Any], *names: str) -> Measure:
    """Measure a flow over the run, of some states or of all."""
    chosen: Any = states(*names) if names else slice(None)
    return Measure(
        _writer(column), lambda run: float(run.record.series("states", column.name)[1:, chosen].sum())
    )


def gain(column: Column[Any], state: str = FOCUS) -> Measure:
    """Measure how far a state's column rises over the run."""
    place = row("states", state)

    def rise(run: Run) -> float:
        values = run.record.series("states", column.name)[:, place]
        return float(values[-1] - values[0])

    return Measure(_writer(column), rise)


def sold(exporter: str, importer: str | None = None, *, what: str = "exports") -> Measure:
    """Measure payments (or deliveries) from one state to another, or to all others."""

    def flow(run: Run) -> float:
        flows = run.record.flows()
        kept = (flows["row"] > 0) & (flows["exporter"] == row("states", exporter))
        if importer is not None:
            kept &= flows["importer"] == row("states", importer)
        return float(flows[what][kept].sum())

    return Measure("producing", flow)


def orders(measure: Callable[[Any, NDArray[np.bool_]], float]) -> Measure:
    """Measure the equipment contracts signed in the run."""

    def signed(run: Run) -> float:
        contracts = run.world.contracts
        mine = (contracts.signed >= 0) & (contracts.kind == ContractKind.EQUIPMENT)
        return float(measure(contracts, mine))

    return Measure("contracting", signed)


def ordered_from(supplier: str, buyer: str) -> Measure:
    """Measure the share of a buyer's orders that one supplier wins."""
    home, away = states(supplier, buyer)

    def share(contracts: Any, mine: NDArray[np.bool_]) -> float:
        all_of = mine & (contracts.buyer == away)
        return contracts.price[all_of & (contracts.supplier == home)].sum() / contracts.price[all_of].sum()

    return orders(share)


def from_members(alliance: str) -> Measure:
    """Measure the members' share in what members order abroad."""
    inside = members(alliance)

    def share(contracts: Any, mine: NDArray[np.bool_]) -> float:
        abroad = mine & inside[contracts.buyer] & (contracts.buyer != contracts.supplier)
        return contracts.price[abroad & inside[contracts.supplier]].sum() / contracts.price[abroad].sum()

    return orders(share)


def _import_quality(contracts: Any, mine: NDArray[np.bool_]) -> float:
    """Return the mean quality of new equipment ordered abroad."""
    new = mine & (contracts.buyer != contracts.supplier) & (contracts.mode != Mode.SECOND_HAND)
    return float(np.average(contracts.quality[new], weights=contracts.volume[new]))


def _pool_price(contracts: Any, mine: NDArray[np.bool_]) -> float:
    """Return what members of the pool pay for new equipment of equal quality."""
    new = mine & members("Crescent Cooperation")[contracts.buyer] & (contracts.mode != Mode.SECOND_HAND)
    worth = contracts.volume[new] * contracts.quality[new] ** scenario().params.bidding.quality_cost
    return contracts.price[new].sum() / worth.sum()


def _used(contracts: Any, mine: NDArray[np.bool_]) -> float:
    """Return used equipment delivered."""
    return contracts.delivered[mine & (contracts.mode == Mode.SECOND_HAND)].sum()


def _sold_abroad(contracts: Any, mine: NDArray[np.bool_]) -> float:
    """Return what the focus state's firms were ordered from abroad."""
    home = row("states", FOCUS)
    return contracts.price[mine & (contracts.supplier == home) & (contracts.buyer != home)].sum()


def _bought(contracts: Any, mine: NDArray[np.bool_]) -> float:
    """Return the volume that the focus state ordered."""
    return contracts.volume[mine & (contracts.buyer == row("states", FOCUS))].sum()


def _cohesion(run: Run) -> float:
    """Return the cohesion of the Western Compact at the end."""
    return float(run.world.alliances.cohesion[row("alliances", "Western Compact")])


def _unit_cost(run: Run) -> float:
    """Return the mean unit cost of the focus state's lines."""
    lines = run.world.lines
    return float(lines.unit_cost[lines.is_active & (lines.home == row("states", FOCUS))].mean())


def _small_refusal_rate(run: Run) -> float:
    """Return the share of small licences refused to all."""
    series = run.record.series
    return float(series("states", "small_refusals")[1:].sum() / series("states", "small_licences")[1:].sum())


UNIT_COST = Measure("bidding", _unit_cost)
"""Mean unit cost of the focus state's lines: it rises with quality."""


# Rows


@dataclass(frozen=True)
class Evidence:
    """One row: what is moved, what answers, and what silences the answer.

    Parameters
    ----------
    subject : Column or str
        Lever, or kind of event.
    low, high : Treatment
        The two arms.
    measure : Measure
        The indicator.
    sign : int
        Direction in which it moves from low to high.
    least : float
        Smallest move that counts as visible, as a share of the larger arm.
    channel : str
        How it acts.
    cut : Condition
        What cuts the channel: low and high then come to exactly the same.
    base : Condition
        What holds in both arms with and without the cut.
    whole : bool
        Whether the cut leaves every column of the world equal but those in ``beside``.
    beside : columns
        Columns that differ all the same: the lever and its own readouts.
    off : Treatment or None
        Treatment under which the uncut world comes to exactly what the cut one does.
    broken : str
        Why the code does not act as documented, until it does.
    instead : bool
        Whether the cut stands in place of the base, not beside it.
    """

    subject: Column[Any] | str
    low: Treatment
    high: Treatment
    measure: Measure
    sign: int
    least: float
    channel: str
    cut: Condition
    base: Condition = Condition()
    whole: bool = True
    beside: tuple[Column[Any], ...] = ()
    off: Treatment | None = None
    broken: str = ""
    instead: bool = False

    @property
    def name(self) -> str:
        """Name of what is moved."""
        return self.subject if isinstance(self.subject, str) else self.subject.path


def no(*names: str) -> Condition:
    """Set parameters to zero."""
    return Condition(params=tuple((name, 0.0) for name in names))


def given(column: Column[Any], value: Any, index: Any = Ellipsis) -> Condition:
    """Let the world be given another value before it settles."""
    return Condition(given=((column, index, value),))


def opening(column: Column[Any], value: Any, index: Any = Ellipsis) -> Condition:
    """Let the world open with another value."""
    return Condition(opening=((column, index, value),))


def settled(**values: float) -> Condition:
    """Let the world settle and run under parameters written ``phase__name``."""
    return Condition(settled=tuple((name.replace("__", "."), value) for name, value in values.items()))


NO_RISK = no(*(f"licensing.weight_{criterion}" for criterion in CRITERIA))
"""Licensing sees no risk: strictness has nothing to weigh."""
NO_PLEDGE = no("budgeting.pledge_compliance")
FIXED_KNOW_HOW = no("researching.frontier_growth", "researching.catch_up", "monitoring.leaks")
"""Know-how neither grows nor diffuses nor leaks."""
COST_OF_QUALITY = Condition(
    params=(
        ("bidding.learning_floor", 1.0),
        ("bidding.learning_ceiling", 1.0),
        ("bidding.wage_share", 0.0),
    )
)
"""Unit cost answers to quality alone, neither to experience nor to wages."""


def _sourced_at_home() -> Condition:
    """Products hold neither foreign parts nor foreign design."""
    return (
        opening(Lines.component_source, -1)
        + opening(Lines.component_share, 0.0)
        + opening(Lines.design_origin, -1)
    )


def _alone(alliance: str) -> Condition:
    """Only the focus state is in an alliance, and none joins it."""
    alone = np.arange(len(scenario().world.names.states)) == row("states", FOCUS)
    place = (row("alliances", alliance), slice(None))
    # A tuple, not an array: conditions are keys of the cache of runs.
    return opening(Alliances.member, tuple(alone.tolist()), place) + no("allying.accession_hazard")


def _lever(
    column: Column[Any],
    span: tuple[float, float],
    measure: Measure,
    expected: tuple[int, float],
    channel: str,
    cut: Condition,
    *,
    rows: Iterable[int] | None = None,
    off: float | None = None,
    **more: Any,
) -> Evidence:
    """Return the row of a lever; ``expected`` is the sign and the least share."""
    chosen = None if rows is None else tuple(rows)
    low, high = (put(column, value, chosen) for value in span)
    silent = None if off is None else put(column, off, chosen)
    beside = (column, *more.pop("beside", ()))
    return Evidence(column, low, high, measure, *expected, channel, cut, off=silent, beside=beside, **more)


@cache
def levers() -> tuple[Evidence, ...]:
    """Return the evidence for every lever; some act through two channels and have two rows."""
    return (*_budget_levers(), *_demand_levers(), *_supply_levers(), *_control_levers(), *_alliance_levers())


def _budget_levers() -> Iterable[Evidence]:
    """Yield levers of the budget, its financing and labour."""
    noor = states(FOCUS)
    yield _lever(
        States.burden_pledge,
        (0, 0.06),
        level(States.usable_capability),
        (1, 0.08),
        "pledge, burden, budget, orders, deliveries",
        NO_PLEDGE,
        rows=noor,
    )
    yield _lever(
        States.procurement_share,
        (0.12, 0.4),
        level(States.usable_capability),
        (1, 0.15),
        "appropriations, tenders, deliveries; without a large enough order there is no tender",
        opening(Categories.smallest_order, 1e6),
        rows=noor,
        whole=False,
    )
    yield _lever(
        States.support_share,
        (0.04, 0.32),
        level(States.readiness),
        (1, 0.25),
        "support paid, support received, readiness; without need of support all are ready",
        given(Categories.support_rate, 0.0),
        rows=noor,
        whole=False,
    )
    yield _lever(
        States.research_share,
        (0, 0.12),
        gain(States.know_how),
        (1, 0.08),
        "research stock, own progress and absorption",
        FIXED_KNOW_HOW,
        rows=noor,
        whole=False,
    )
    yield _lever(
        States.debt_financing,
        (0, 0.9),
        level(States.jobs_displaced),
        (-1, 0.1),
        "lenders displace less civil spending than taxes do",
        no("accounting.tax_displacement", "accounting.debt_displacement"),
        rows=noor,
        whole=False,
    )
    yield _lever(
        States.reallocation_financing,
        (0, 0.9),
        level(States.jobs_displaced),
        (1, 0.15),
        "cuts elsewhere displace more civil spending than taxes do",
        no("accounting.tax_displacement", "accounting.reallocation_displacement"),
        rows=noor,
        whole=False,
    )
    labour = no("accounting.skill_displacement", "hiring.wage_response", "hiring.training_cost")
    yield _lever(
        States.training_places,
        (0, 0.2),
        level(States.jobs_displaced),
        (-1, 0.015),
        "a larger pool makes skills less scarce for civil trades",
        labour,
        rows=noor,
        beside=(States.skilled_pool,),
    )
    surge = together(
        put(States.burden_pledge, 0.12, noor),
        put(States.procurement_share, 0.6, noor),
        put(States.support_share, 0.2, noor),
        put(States.localisation_target, 0.9, noor),
        put(States.domestic_margin, 1, noor),
    )
    yield _lever(
        States.training_places,
        (0, 0.3),
        UNIT_COST,
        (-1, 0.01),
        "in a surge scarce skills raise wages, and wages prices",
        no("bidding.wage_share"),
        rows=noor,
        base=Condition(also=surge),
        whole=False,
    )


def _demand_levers() -> Iterable[Evidence]:
    """Yield levers that set what is bought, from whom and on which conditions."""
    noor = states(FOCUS)
    no_market_for_used = settled(tendering__used_acceptance=0.0)
    # Industry below the rung of assembly gets no work share.
    no_industry = no("tendering.starter_share") + opening(Categories.rung_assembly, 8.5)
    nobody_else = Condition(also=together(put(States.localisation_target, 0), put(States.licence_demand, 0)))
    no_offset = opening(States.offset_threshold, 1e9, row("states", FOCUS))
    yield _lever(
        States.domestic_margin,
        (0, 1),
        level(States.jobs_direct),
        (1, 0.08),
        "offers from home win more tenders",
        no("selecting.home_margin"),
        rows=noor,
        off=0,
        base=Condition(also=put(States.domestic_margin, 0)),
    )
    yield _lever(
        States.localisation_target,
        (0, 0.9),
        level(States.jobs_direct),
        (1, 0.03),
        "work shares of imports",
        no_industry,
        rows=noor,
    )
    yield _lever(
        States.localisation_target,
        (0, 0.9),
        gain(States.know_how),
        (1, 0.03),
        "hands-on work teaches",
        no_industry,
        rows=noor,
        off=0,
        base=nobody_else,
    )
    yield _lever(
        States.offset_rate,
        (0, 1.5),
        gain(States.know_how),
        (1, 0.015),
        "credits teach a little; without a contract large enough none is owed",
        no_offset,
        rows=noor,
        off=0,
    )
    yield _lever(
        States.offset_rate,
        (0, 1),
        summed(States.learning_offset, FOCUS),
        (1, 0.5),
        "obligations are discharged in the buyer's economy",
        no_offset,
        rows=noor,
        off=0,
    )
    yield _lever(
        States.offset_threshold,
        (0, 2000),
        summed(States.learning_offset, FOCUS),
        (-1, 0.2),
        "smaller imports are free of offsets",
        opening(States.offset_rate, 0.0, row("states", FOCUS)),
        rows=noor,
    )
    yield _lever(
        States.licence_demand,
        (0, 1),
        summed(States.learning_licensed, FOCUS),
        (1, 0.1),
        "programmes built under licence bring work home",
        no_industry,
        rows=noor,
        off=0,
        base=nobody_else,
    )
    yield _lever(
        States.technology_purchase_share,
        (0, 0.6),
        summed(States.learning_purchased, FOCUS),
        (1, 0.5),
        "fund, technology tender, contract; where no lead is worth an offer nothing is bought",
        settled(bidding__technology_gap=1.0),
        rows=noor,
        whole=False,
    )
    yield _lever(
        States.alliance_preference,
        (0, 5),
        from_members("Western Compact"),
        (1, 0.08),
        "a pact counts for more in supplier choice",
        no("selecting.allied"),
        off=0,
    )
    yield _lever(
        States.second_hand_release,
        (0, 0.4),
        orders(_used),
        (1, 0.9),
        "makers offer used equipment; where nobody accepts it none is sold",
        no_market_for_used,
        whole=False,
    )


def _supply_levers() -> Iterable[Evidence]:
    """Yield levers of exporters, firms and technology."""
    noor, makers = states(FOCUS), firms_of(FOCUS)
    friends = (
        opening(Dyads.alignment, 1.0) + opening(Dyads.alignment_anchor, 1.0) + no("allying.alignment_pace")
    )
    losses = Condition(also=put(Firms.margin, -0.2, makers))
    own_embargo = Condition(
        also=together(
            *(
                event("embargo", 2025.0, imposers=by(FOCUS), target=place, years=100.0)
                for place in range(len(scenario().world.names.states))
                if place not in noor
            )
        )
    )
    yield _lever(
        States.technology_release,
        (0, 1),
        summed(States.learning_purchased),
        (1, 0.5),
        "owners of know-how offer it; where no lead is worth an offer none does",
        settled(bidding__technology_gap=1.0),
    )
    yield _lever(
        States.release_ceiling,
        (0.4, 1),
        orders(_import_quality),
        (1, 0.1),
        "export versions are as good as the home version; friends get it anyhow",
        friends,
    )
    yield _lever(
        States.export_credit,
        (0, 0.4),
        sold(FOCUS, what="deliveries"),
        (1, 0.1),
        "cheaper offers win orders; where price counts for nothing they do not",
        no("selecting.price"),
        rows=noor,
    )
    yield _lever(
        States.research_subsidy,
        (0, 1),
        gain(States.know_how),
        (1, 0.01),
        "grants add to research and crowd in firms' own; where nothing is learnt they are spent in vain",
        no("researching.frontier_growth", "researching.catch_up", "monitoring.leaks"),
        rows=noor,
        whole=False,
    )
    yield _lever(
        States.research_subsidy,
        (0, 1),
        summed(States.jobs_displaced, FOCUS),
        (1, 0.002),
        "what the treasury pays displaces civil work; firms without sales get nothing",
        no("accounting.tax_displacement", "accounting.debt_displacement")
        + no("accounting.reallocation_displacement", "researching.frontier_growth")
        + no("researching.catch_up", "monitoring.leaks"),
        rows=noor,
        whole=False,
    )
    yield _lever(
        States.recapitalisation,
        (0, 1),
        level(States.jobs_direct),
        (1, 0.15),
        "state firms that lose money are kept; none is in distress where lenders wait five years",
        Condition(params=(("researching.distress", -5.0),)),
        rows=noor,
        base=losses,
    )
    yield _lever(
        States.recapitalisation,
        (0, 1),
        summed(States.fiscal_cost, FOCUS),
        (1, 0.5),
        "the treasury pays for that",
        Condition(params=(("researching.distress", -5.0),)),
        rows=noor,
        base=losses,
    )
    yield _lever(
        States.substitution_programme,
        (0, 0.3),
        level(States.component_dependence),
        (-1, 0.4),
        "foreign parts give way; where there are none nothing changes",
        opening(Lines.component_share, 0.0),
        rows=noor,
    )
    yield _lever(
        Firms.margin,
        (0, 0.4),
        summed(States.fiscal_cost, FOCUS),
        (-1, 0.3),
        "profits of state firms are paid to the treasury",
        no("researching.payout"),
        rows=makers,
        whole=False,
    )
    yield _lever(
        Firms.margin,
        (0, 0.4),
        orders(_sold_abroad),
        (-1, 0.3),
        "dearer offers lose tenders abroad; a maker that may not export has none to lose",
        own_embargo,
        rows=makers,
        whole=False,
    )
    yield _lever(
        Firms.research_intensity,
        (0, 0.3),
        gain(States.know_how),
        (1, 0.04),
        "research stock, own progress and absorption",
        FIXED_KNOW_HOW,
        rows=makers,
        whole=False,
    )
    yield _lever(
        Firms.research_intensity,
        (0, 0.3),
        UNIT_COST,
        (1, 0.01),
        "and better, dearer products",
        FIXED_KNOW_HOW + COST_OF_QUALITY,
        rows=makers,
        whole=False,
    )


def _control_levers() -> Iterable[Evidence]:
    """Yield levers of export control."""
    seller, buyer = states("Westmark", "Qasira")
    unchecked = no("monitoring.deterrence", "monitoring.check_power")
    yield _lever(
        States.export_strictness,
        (0.1, 4),
        summed(States.exports),
        (-1, 0.05),
        "refusals, orders lost, deliveries",
        NO_RISK,
    )
    yield _lever(
        States.criterion_weight,
        (0, 4),
        summed(States.exports),
        (-1, 0.04),
        "risk weighed, refusals, orders lost",
        NO_RISK,
        off=0,
    )
    yield _lever(
        States.case_work_capacity,
        (0.05, 10),
        summed(States.exports),
        (1, 0.08),
        "queue, decision time, contracts, deliveries",
        no("licensing.queue_exponent"),
    )
    yield _lever(
        States.end_use_checks,
        (0, 0.6),
        Measure("licensing", _small_refusal_rate),
        (-1, 0.1),
        "fewer diversions, cleaner records, fewer refusals",
        unchecked,
        off=0,
        beside=(States.checks,),
        base=Condition(params=(("monitoring.diversion_hazard", 1.0),)),
    )
    yield _lever(
        States.end_use_checks,
        (0, 0.6),
        summed(States.diversions),
        (-1, 0.5),
        "checks deter",
        unchecked,
        off=0,
        beside=(States.checks,),
        base=Condition(params=(("monitoring.diversion_hazard", 0.2),)),
    )
    yield _lever(
        States.re_export_rule,
        (0.01, 5),
        summed(States.exports),
        (-1, 0.02),
        "consent refused, orders lost",
        NO_RISK,
    )
    low, high = (
        Treatment((Setting(Dyads.buyer_strictness, (seller, buyer), -np.inf, value),))
        for value in (0.0, 20.0)
    )
    yield Evidence(
        Dyads.buyer_strictness,
        low,
        high,
        sold("Westmark", "Qasira"),
        -1,
        0.3,
        "refusals for one buyer",
        opening(States.criterion_weight, 0.0, seller),
        beside=(Dyads.buyer_strictness,),
    )


def _alliance_levers() -> Iterable[Evidence]:
    """Yield levers of alliances."""
    pact, pool = row("alliances", "Western Compact"), row("alliances", "Crescent Cooperation")
    alone = _alone("Crescent Cooperation")
    alone_in_sharing = Condition(also=put(Alliances.technology_sharing, 0))
    yield _lever(
        Alliances.burden_target,
        (0, 0.05),
        summed(States.jobs_direct, "Lindovia"),
        (1, 0.15),
        "pledge, budget, orders, work",
        NO_PLEDGE + no("allying.gap_effect"),
        rows=[pact],
        beside=(Alliances.burden_gap,),
    )
    yield _lever(
        Alliances.preference,
        (0, 5),
        from_members("Crescent Cooperation"),
        (1, 0.4),
        "members' offers to the pool win; a pool of one has no joint tenders",
        alone,
        rows=[pool],
        base=Condition(also=put(Alliances.pooled_share, 1.0, [pool])),
    )
    yield _lever(
        Alliances.pooled_share,
        (0, 1),
        orders(_pool_price),
        (-1, 0.015),
        "joint orders share fixed cost; a pool of one has no joint tenders",
        alone,
        rows=[pool],
    )
    yield _lever(
        Alliances.technology_sharing,
        (0, 1),
        gain(States.know_how),
        (1, 0.06),
        "those behind learn from members ahead",
        no("researching.channel_alliance"),
        rows=[pact],
        off=0,
        base=alone_in_sharing,
    )
    yield _lever(
        Alliances.technology_sharing,
        (0, 1),
        UNIT_COST,
        (1, 0.01),
        "and make better, dearer products",
        no("researching.channel_alliance"),
        rows=[pact],
        off=0,
        base=alone_in_sharing,
    )


def _event(
    kind: str,
    what: Treatment,
    measure: Measure,
    expected: tuple[int, float],
    channel: str,
    cut: Condition,
    **more: Any,
) -> Evidence:
    """Return the row of an event against a world in which it does not happen."""
    return Evidence(kind, Treatment(), what, measure, *expected, channel, cut, **more)


@cache
def events() -> tuple[Evidence, ...]:
    """Return the evidence for every kind of event."""
    return (*_trade_events(), *_economy_events(), *_political_events(), *_military_events())


def _trade_events() -> Iterable[Evidence]:
    """Yield embargoes, sanctions, vetoes and what ends firms."""
    seller, target = states("Westmark", FOCUS)
    # A longer embargo of the same states is in force, or every product is free of foreign parts.
    embargo = event("embargo", imposers=by("Westmark"), target=target, years=6.0, support=True)
    before = event("embargo", 2025.0, imposers=by("Westmark"), target=target, years=50.0, support=True)
    yield _event(
        "embargo",
        embargo,
        sold("Westmark", FOCUS),
        (-1, 0.4),
        "offers barred, contracts stopped; a longer embargo in force leaves nothing to stop",
        Condition(also=before),
    )
    yield _event(
        "embargo",
        embargo,
        level(States.readiness),
        (-1, 0.08),
        "support cut, fleets not ready; without need of support all are ready",
        given(Categories.support_rate, 0.0) + Condition(also=before),
        whole=False,
    )
    arms = event("embargo", imposers=by("Westmark"), target=target, years=6.0, support=False)
    yield Evidence(
        "embargo",
        arms,
        embargo,
        level(States.readiness),
        -1,
        0.08,
        "support cut too, or arms alone",
        Condition(also=before),
    )
    lift = event("lift_embargo", imposers=by("Westmark"), target=target)
    yield _event(
        "lift_embargo",
        lift,
        sold("Westmark", FOCUS),
        (1, 0.5),
        "trade resumes; where no embargo is in force there is none to lift",
        Condition(),
        base=Condition(also=before),
        instead=True,
    )
    sanctions = together(*(event("sanction", firm=firm, years=50.0) for firm in firms_of("Westmark")))
    everyone = [place for place in range(len(scenario().world.names.states)) if place != seller]
    shut = together(
        *(
            event("embargo", 2025.0, imposers=by("Westmark"), target=place, years=90.0, support=True)
            for place in everyone
        )
    )
    yield _event(
        "sanction",
        sanctions,
        sold("Westmark"),
        (-1, 0.25),
        "offers barred, orders lost; where its state sells to nobody a firm has none to lose",
        Condition(also=shut),
        beside=(Firms.sanction_years,),
    )
    veto = event("veto", source=seller, target=target, years=6.0)
    yield _event(
        "veto",
        veto,
        summed(States.value_added, FOCUS),
        (-1, 0.1),
        "parts and consent withheld, output stops; products without foreign parts go on",
        _sourced_at_home(),
    )
    yield _event(
        "veto",
        veto,
        level(States.jobs_direct),
        (-1, 0.05),
        "no output, no work",
        _sourced_at_home(),
    )
    firms = ("Noor Aerospace", "Noor Land Systems")
    fall = together(*(event("collapse", firm=row("firms", name)) for name in firms))
    fallen = together(*(event("collapse", 2025.0, firm=row("firms", name)) for name in firms))
    yield _event(
        "collapse",
        fall,
        level(States.jobs_direct),
        (-1, 0.3),
        "lines closed, contracts cancelled; a firm that failed before cannot fail again",
        Condition(also=fallen),
    )


def _economy_events() -> Iterable[Evidence]:
    """Yield shocks to income, oil, foreign exchange and technology."""
    noor, rich = states(FOCUS, "Qasira")
    yield _event(
        "gdp_shock",
        event("gdp_shock", state=noor, size=-0.5),
        level(States.usable_capability),
        (-1, 0.04),
        "income, budget, orders, deliveries; nothing where scheduled shocks are switched off",
        no("budgeting.scheduled_shocks"),
        beside=(States.gdp_shock,),
    )
    yield _event(
        "oil_shock",
        event("oil_shock", size=-1.5),
        summed(States.imports, "Qasira"),
        (-1, 0.02),
        "rents, income, budget and foreign exchange",
        no("budgeting.oil_pass_through", "tendering.oil_exchange"),
        whole=False,
    )
    yield _event(
        "exchange_shock",
        event("exchange_shock", state=rich, to=1.0),
        summed(States.imports, "Qasira"),
        (-1, 0.03),
        "less may be committed ahead",
        no("tendering.exchange_weight"),
        beside=(States.exchange_tightness,),
    )
    yield _event(
        "breakthrough",
        event("breakthrough", state=noor, gain=0.4),
        UNIT_COST,
        (1, 0.1),
        "better, dearer products, where products follow know-how",
        no("researching.quality_pace", "researching.rung_pace") + COST_OF_QUALITY,
        whole=False,
    )


def _political_events() -> Iterable[Evidence]:
    """Yield turns of alignment and hostility, and moves between alliances."""
    noor, ally, rival, rich = states(FOCUS, "Westmark", "Kharan", "Qasira")
    pact = row("alliances", "Western Compact")
    unmoved = no("allying.alignment_pace", "allying.alignment_effect")
    calm = no("budgeting.reaction", "budgeting.free_riding") + NO_PLEDGE
    anchor = (Dyads.alignment_anchor,)
    apart = event("alignment", between=[noor, ally], to=-1.0)
    yield _event(
        "alignment",
        apart,
        ordered_from("Westmark", FOCUS),
        (-1, 0.15),
        "alignment follows, supplier choice and release after it",
        unmoved,
        beside=anchor,
    )
    compact = [int(place) for place in np.flatnonzero(members("Western Compact"))]
    split = together(
        *(
            event("alignment", between=[one, other], to=-0.9)
            for one in compact
            for other in compact
            if one < other
        )
    )
    yield _event(
        "alignment",
        split,
        Measure("allying", _cohesion),
        (-1, 0.03),
        "estranged members hold together less",
        unmoved,
        beside=anchor,
    )
    yield _event(
        "leader",
        event("leader", state=noor, towards=ally, by=-2.0),
        ordered_from("Westmark", FOCUS),
        (-1, 0.15),
        "alignment follows, supplier choice and release after it",
        unmoved,
        beside=anchor,
    )
    yield _event(
        "hostility",
        event("hostility", between=[noor, rival], to=1.0),
        summed(States.milex, FOCUS),
        (1, 0.02),
        "threat, burden, budget",
        calm,
        whole=False,
    )
    safe = calm + no("assessing.capability_weight")
    yield _event(
        "accession",
        event("accession", alliance=pact, state=rich),
        level(States.burden, "Qasira"),
        (-1, 0.03),
        "allies' strength lets a member spend less",
        safe,
        whole=False,
    )
    yield _event(
        "exit",
        event("exit", alliance=pact, state=noor),
        level(States.burden),
        (1, 0.08),
        "a state alone spends more",
        safe,
        whole=False,
    )


def _military_events() -> Iterable[Evidence]:
    """Yield war, conflict and aid."""
    noor, rival, maker, poor = states(FOCUS, "Kharan", "Ostreva", "Sumara")
    # Rivals are judged by what they spend, not by what they have; allies do not count.
    unseen = no("assessing.capability_weight", "budgeting.free_riding") + NO_PLEDGE
    yield _event(
        "war",
        event("war", state=rival, loss=0.9),
        summed(States.milex, FOCUS),
        (-1, 0.008),
        "a rival's losses are relief",
        unseen,
        whole=False,
    )
    lost = event("war", state=noor, loss=0.7)
    yield _event(
        "war",
        lost,
        orders(_bought),
        (1, 0.03),
        "losses are replaced; without a large enough order there is no tender",
        opening(Categories.smallest_order, 1e6),
        whole=False,
    )
    gifts = together(
        *(
            event("aid", source=maker, target=rival, category=category, volume=30_000.0)
            for category in range(len(scenario().world.names.categories))
        )
    )
    yield _event(
        "aid",
        gifts,
        summed(States.milex, FOCUS),
        (1, 0.008),
        "a rival's gains are a threat",
        unseen,
        whole=False,
    )
    yield _event(
        "internal_conflict",
        event("internal_conflict", state=poor, to=1.0),
        summed(States.imports, "Sumara"),
        (-1, 0.1),
        "licences refused where agencies are strict",
        NO_RISK + no("monitoring.diversion_hazard"),
        base=Condition(also=put(States.export_strictness, 2.0)),
        whole=False,
    )


def nothing_happens() -> dict[str, Treatment]:
    """Return each kind of event that has a null form, in that form."""
    noor, ally = states(FOCUS, "Westmark")
    opened = scenario().world.values
    return {
        "embargo": event("embargo", imposers=by("Westmark"), target=noor, years=0.0, support=True),
        "lift_embargo": event("lift_embargo", imposers=by("Westmark"), target=noor),
        "sanction": event("sanction", firm=0, years=0.0),
        "veto": event("veto", source=ally, target=noor, years=0.0),
        "gdp_shock": event("gdp_shock", state=noor, size=0.0),
        "oil_shock": event("oil_shock", size=0.0),
        "exchange_shock": event(
            "exchange_shock", state=noor, to=float(opened[States.exchange_tightness][noor])
        ),
        "internal_conflict": event(
            "internal_conflict", state=noor, to=float(opened[States.internal_conflict][noor])
        ),
        "war": event("war", state=noor, loss=0.0),
        "aid": event("aid", source=noor, target=noor, category=0, volume=0.0),
        "breakthrough": event("breakthrough", state=noor, gain=0.0),
        "leader": event("leader", state=noor, towards=ally, by=0.0),
        "accession": event("accession", alliance=row("alliances", "Western Compact"), state=noor),
    }


# Comparisons


def share_moved(evidence: Evidence) -> float:
    """Return the paired move of the indicator as a share of the larger arm."""
    arms = (evidence.low, evidence.high)
    low, high = (
        float(np.mean([evidence.measure.of(played(arm, evidence.base, seed)) for seed in SEEDS]))
        for arm in arms
    )
    return (high - low) / max(abs(low), abs(high), 1e-12)


def cut_condition(evidence: Evidence) -> Condition:
    """Return what holds in both arms where the channel is cut."""
    return evidence.cut if evidence.instead else evidence.base + evidence.cut


def differing(one: Run, other: Run, beside: tuple[Column[Any], ...] = ()) -> list[str]:
    """Return the columns in which two runs differ at their end."""
    first, second = traces(one), traces(other)
    spared = {column.path for column in beside}
    return [path for path in first if first[path] != second[path] and path not in spared]
