"""Worlds at the edge run, and their books balance."""

from dataclasses import replace

import numpy as np
import pytest
from tests.worlds import small_scenario, small_world

from deftrade.core import laws
from deftrade.core.tables import Alliances, Categories, Dyads, Firms, States
from deftrade.core.tables.codes import ContractStatus
from deftrade.results.indicators import measure
from deftrade.scenario.events.kinds import KINDS, Event
from deftrade.simulation import simulate


def event(year, kind, **particulars):
    return Event(year, kind, KINDS[kind].model_construct(**particulars))


class Imposers(tuple):
    """Rows that impose."""

    __slots__ = ()

    def rows(self, world):
        return np.array(self)


def without_alliances(spec):
    """Return the world without its alliances."""
    names = replace(spec.names, alliances=[])
    values = {
        column: array[:0] if column in Alliances.columns else array for column, array in spec.values.items()
    }
    return replace(
        spec,
        names=names,
        values=values,
        alliance_kind=spec.alliance_kind[:0],
        alliance_member=spec.alliance_member[:0],
    )


def run(spec, years=4, **more):
    """Return the results of a run that has balanced and kept finite numbers."""
    results = simulate(small_scenario(years=years, world=spec, **more))
    assert all(residual <= laws.TOLERANCE for residual in results.run.residuals.values())
    world = results.world
    for table in (world.states, world.firms, world.lines, world.fleets, world.dyads, world.alliances):
        for column in table.columns:
            values = getattr(table, column.name)
            if values.dtype.kind == "f":
                assert np.isfinite(values).all(), column.path
    for item, value in measure(results):
        assert np.isfinite(value), item.name
        low, high = item.limits
        assert low - 1e-12 <= value <= high + 1e-12, item.name  # sums of shares round
    assert len(results.to_frame("states"))
    return results


@pytest.mark.parametrize("length", ["year", "quarter", "month"])
def test_one_state_alone_supplies_itself(length):
    world = run(small_world(states=1), step=length).world
    assert not world.states.exports.any()
    assert not world.states.threat[0] > world.states.opening_threat[0] * 1.5
    assert (world.contracts.supplier == 0).all()


@pytest.mark.parametrize("states", [1, 5])
@pytest.mark.parametrize("length", ["year", "quarter", "month"])
def test_a_world_without_firms_buys_nothing(states, length):
    spec = small_world(states=states, firms_per_state=0)
    assert len(run(spec, step=length).world.contracts) == 0


def test_a_world_without_firms_survives_aid_war_and_embargo():
    events = (
        event(2025.5, "aid", source=1, target=0, category=1, volume=30.0),
        event(2025.5, "aid", source=1, target=1, category=1, volume=30.0),
        event(2026.0, "war", state=0, loss=0.5, categories=None),
        event(2026.0, "embargo", imposers=Imposers((1, 2)), target=0, years=2.0, support=True),
    )
    spec = small_world(states=3, firms_per_state=0)
    spec.values[States.productivity][:] = 0.01  # poor states take used equipment
    results = run(spec, events=events)
    assert results.world.fleets.volume.sum() > 0


def test_a_first_firm_may_enter_a_world_without_any():
    spec = small_world(states=3, firms_per_state=0)
    spec.values[States.rung][:] = 8.0
    params = small_scenario().params
    renewal = params.researching.model_copy(update={"entry_hazard": 2.0, "entry_stock": 0.0})
    params = params.model_copy(update={"researching": renewal})
    world = run(spec, years=8, params=params).world
    assert len(world.firms) >= 1
    assert len(world.contracts)


def test_a_world_without_alliances():
    world = run(without_alliances(small_world())).world
    assert not world.dyads.allied.any()
    assert len(world.contracts)


def test_one_state_without_firms_alliances_or_others():
    world = run(without_alliances(small_world(states=1, firms_per_state=0))).world
    assert world.states.milex.min() > 0
    assert not len(world.contracts)


def test_a_world_without_rivals():
    spec = small_world()
    spec.values[Dyads.hostility][:] = 0.0
    world = run(spec).world
    assert not world.dyads.hostility.any()
    ratio = world.states.threat / world.states.opening_threat
    assert ratio == pytest.approx(1.0), "insecurity stays at its background"


def test_everyone_is_everyones_rival():
    spec = small_world()
    spec.values[Dyads.hostility][:] = 1.0 - np.eye(6)
    spec.values[Dyads.alignment][:] = -1.0 + np.eye(6)
    world = run(spec).world
    assert (world.contracts.supplier == world.contracts.buyer).all()


def test_everyone_under_embargo_buys_at_home():
    everyone = Imposers(range(6))
    events = tuple(
        event(2025.0, "embargo", imposers=everyone, target=state, years=50.0, support=True)
        for state in range(6)
    )
    world = run(small_world(), events=events).world
    signed = world.contracts.signed >= 0
    foreign = world.contracts.supplier != world.contracts.buyer
    assert (signed & ~foreign).any()
    assert not (signed & foreign).any()
    assert not world.dyads.deliveries.any()
    assert not world.dyads.embargo_years.diagonal().any()


def test_one_firm_supplies_the_world():
    spec = small_world()
    line = np.arange(3)
    names = replace(spec.names, firms=spec.names.firms[:1], lines=[])
    values = {
        column: array[:1] if column in Firms.columns else array for column, array in spec.values.items()
    }
    values[States.licence_demand] = np.zeros(6)  # a licence would found a plant elsewhere
    spec = replace(
        spec,
        names=names,
        values=values,
        firm_home=np.array([5]),
        line_firm=np.zeros(3, dtype=np.int64),
        line_category=line,
        line_design=np.full(3, -1),
        line_quality=np.full(3, np.nan),
        line_weight=np.ones(3),
        component_source=np.full((3, 3), -1),
        component_share=np.zeros((3, 3)),
    )
    params = small_scenario().params
    renewal = params.researching.model_copy(update={"entry_hazard": 0.0, "copy_hazard": 0.0})
    results = run(spec, params=params.model_copy(update={"researching": renewal}))
    world = results.world
    assert set(world.contracts.supplier) == {5}
    share = {item.name: value for item, value in measure(results)}["top_five_exporters"]
    assert share == pytest.approx(1.0)


def test_the_monopolist_collapses():
    spec = small_world(states=2, firms_per_state=1)
    events = (event(2026.0, "collapse", firm=0), event(2026.0, "collapse", firm=1))
    params = small_scenario().params
    renewal = params.researching.model_copy(update={"entry_hazard": 0.0, "copy_hazard": 0.0})
    params = params.model_copy(update={"researching": renewal})
    world = run(spec, years=8, events=events, params=params).world
    assert not world.firms.is_active.any()
    assert not world.firms.workers.any()
    assert not world.states.employed.any()
    late = world.contracts.signed >= 4
    assert (world.contracts.line[late] < 0).all(), "a plant that is no more signs nothing"
    made = world.contracts.line >= 0
    assert (world.contracts.status[made] != ContractStatus.ACTIVE).all()
    assert (world.obligations.is_open[np.isin(world.obligations.firm, [0, 1])] == 0).all()


def test_states_that_spend_nothing_on_equipment():
    spec = small_world()
    spec.values[States.procurement_share][:] = 0.0
    world = run(spec).world
    assert not world.states.procurement_budget.any()


def test_states_that_spend_nothing_on_support_and_research():
    spec = small_world()
    spec.values[States.support_share][:] = 0.0
    spec.values[States.research_share][:] = 0.0
    world = run(spec).world
    assert not world.states.support_budget.any()
    assert not world.states.research_budget.any()
    assert world.states.procurement_budget.min() > 0


def test_one_category():
    spec = small_world()
    spec.values[Categories.demand_share][:] = [1.0, 0.0, 0.0]
    world = run(spec).world
    late = world.tenders.opened >= 0
    equipment = world.tenders.kind == 0
    assert (world.tenders.category[late & equipment] == 0).all()


def tiers(columns):
    """Return columns as parameters: every fifth quick, all others slow."""
    marks = ([], [pytest.mark.slow])
    return [pytest.param(column, marks=marks[place % 5 > 0]) for place, column in enumerate(columns)]


@pytest.mark.parametrize("column", tiers(c for c in States.columns if c.role == "lever"), ids=repr)
@pytest.mark.parametrize("end", ["low", "high"])
def test_levers_at_their_ends(column, end):
    spec = small_world(states=4, firms_per_state=1)
    spec.values[column][:] = getattr(column.bounds, end)
    if column.name.endswith("_share") and end == "high":
        for other in (States.procurement_share, States.support_share, States.research_share):
            if other is not column:
                spec.values[other][:] = 0.1
    if column.name.endswith("_financing") and end == "high":
        for other in (States.debt_financing, States.reallocation_financing):
            if other is not column:
                spec.values[other][:] = 0.0
    assert run(spec, years=3, step="year").run.is_done


@pytest.mark.parametrize(
    "column", tiers(c for c in States.columns if c.role == "given" and c is not States.gdp), ids=repr
)
@pytest.mark.parametrize("end", ["low", "high"])
def test_given_numbers_at_their_ends(column, end):
    spec = small_world(states=4, firms_per_state=1)
    spec.values[column][:] = getattr(column.bounds, end)
    assert run(spec, years=3, step="year").run.is_done


def test_debt_that_is_never_repaid_is_counted_from_the_opening():
    params = small_scenario().params
    budgets = params.budgeting.model_copy(update={"debt_repayment": 0.0})
    world = run(small_world(states=2), params=params.model_copy(update={"budgeting": budgets})).world
    assert world.states.debt.min() > 0
    assert world.states.debt_share.max() < 0.1


@pytest.mark.parametrize(
    "name", ["producing.craft_kept", "researching.stock_kept", "producing.overhaul_start"]
)
def test_what_never_fades_and_a_ladder_without_room_stay_finite(name):
    phase, parameter = name.split(".")
    params = small_scenario().params
    group = getattr(params, phase)
    top = 8.0 if parameter == "overhaul_start" else 1.0
    spec = small_world(states=2)
    spec.values[States.rung][:] = 8.0
    chosen = params.model_copy(update={phase: group.model_copy(update={parameter: top})})
    assert run(spec, params=chosen).world.fleets.readiness.max() <= 1
