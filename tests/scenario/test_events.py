"""Each kind of event changes what it says, and nothing else."""

import numpy as np
import pytest

from deftrade.core.dates import Calendar, Clock
from deftrade.core.tables.codes import ContractKind, ContractStatus
from deftrade.core.world import Names, World
from deftrade.errors import ScenarioError
from deftrade.scenario.events.effect import Effect
from deftrade.scenario.events.kinds import KINDS, Event, EventEntry
from deftrade.scenario.load import load
from deftrade.scenario.plain import plain_event
from deftrade.scenario.schema_types import Context

STATES = ["Ardia", "Boria", "Coria", "Doria"]
CATEGORIES = ["aircraft", "ships"]
CONTEXT = Context(
    {
        "states": {name: row for row, name in enumerate(STATES)},
        "firms": {"Forge": 0, "Hammer": 1},
        "alliances": {"Pact": 0},
        "categories": {name: row for row, name in enumerate(CATEGORIES)},
    },
    2025,
    2035,
)


@pytest.fixture
def world():
    names = Names(
        list(STATES), list(CATEGORIES), ["Forge", "Hammer"], ["Forge: aircraft", "Hammer: ships"], ["Pact"]
    )
    made = World(names, Clock(Calendar(2025, 2035)), seed=1)
    made.states.uid = np.arange(4)
    made.states.know_how = 0.3
    made.dyads.alignment_anchor = 0.2
    made.lines.firm = [0, 1]
    made.firms.is_active = True
    made.lines.is_active = True
    made.alliances.member = [[True, True, True, False]]
    rows = made.fleets.append(3)
    made.fleets.holder[rows] = [0, 0, 1]
    made.fleets.category[rows] = [0, 1, 0]
    made.fleets.origin[rows] = [2, 2, 2]
    made.dyads.fleet_row[0, 2] = [0, 1]
    made.dyads.fleet_row[1, 2, 0] = 2
    return made


def event(kind, **particulars):
    """Return the event that a file would give."""
    entry = EventEntry.model_validate({"at": "2031-Q1", kind: particulars}, context=CONTEXT)
    return entry.event()


def changed(world, change):
    """Return the columns that an event changes."""
    before = {column: array.copy() for column, array in world.gate.arrays.items()}
    change.apply(world)
    return {
        column.path
        for column, array in before.items()
        if not np.array_equal(array[: len(array)], world.gate.arrays[column][: len(array)])
    }


def test_an_event_keeps_its_date():
    shock = event("oil_shock", size=0.3)
    assert isinstance(shock, Event)
    assert (shock.year, shock.kind) == (2031.0, "oil_shock")


def test_embargo_of_one_state(world):
    touched = changed(world, event("embargo", **{"from": "Ardia", "on": "Boria", "years": 3}))
    assert touched == {"Dyads.embargo_years"}
    assert world.dyads.embargo_years[0, 1] == 3
    assert world.dyads.embargo_years.sum() == 3


def test_a_longer_embargo_stays(world):
    world.dyads.embargo_years[0, 1] = 5
    event("embargo", **{"from": "Ardia", "on": "Boria", "years": 3}).apply(world)
    assert world.dyads.embargo_years[0, 1] == 5


def test_embargo_of_a_list_with_support(world):
    particulars = {"from": ["Ardia", "Coria"], "on": "Boria", "years": "2 years", "support": True}
    touched = changed(world, event("embargo", **particulars))
    assert touched == {"Dyads.embargo_years", "Dyads.support_embargo_years"}
    assert world.dyads.embargo_years[:, 1].tolist() == [2, 0, 2, 0]
    assert world.dyads.support_embargo_years[:, 1].tolist() == [2, 0, 2, 0]


def test_embargo_of_an_alliance_spares_the_target_itself(world):
    event("embargo", **{"from": "Pact", "on": "Boria", "years": 1}).apply(world)
    assert world.dyads.embargo_years[:, 1].tolist() == [1, 0, 1, 0]


def test_embargo_of_an_alliance_follows_its_membership(world):
    pact = event("embargo", **{"from": "Pact", "on": "Boria", "years": 1})
    event("accession", alliance="Pact", state="Doria").apply(world)
    pact.apply(world)
    assert world.dyads.embargo_years[:, 1].tolist() == [1, 0, 1, 1]


def test_lift_embargo(world):
    world.dyads.embargo_years[[0, 2], 1] = 4
    world.dyads.support_embargo_years[0, 1] = 4
    event("lift_embargo", **{"from": "Ardia", "on": "Boria"}).apply(world)
    assert world.dyads.embargo_years[:, 1].tolist() == [0, 0, 4, 0]
    assert world.dyads.support_embargo_years.sum() == 0


def test_sanction(world):
    assert changed(world, event("sanction", firm="Hammer", years=2)) == {"Firms.sanction_years"}
    assert world.firms.sanction_years.tolist() == [0, 2]


def test_veto(world):
    touched = changed(world, event("veto", **{"from": "Ardia", "on": "Boria", "years": 2}))
    assert touched == {"Dyads.veto_years"}
    assert world.dyads.veto_years[0, 1] == 2


def test_gdp_shock_of_one_state_and_of_all(world):
    event("gdp_shock", state="Boria", size="-5%").apply(world)
    event("gdp_shock", state="all", size=-0.1).apply(world)
    assert world.states.gdp_shock.tolist() == pytest.approx([-0.1, -0.15, -0.1, -0.1])


def test_oil_shocks_add(world):
    event("oil_shock", size=0.3).apply(world)
    assert changed(world, event("oil_shock", size=0.2)) == {"Environment.oil_shock"}
    assert world.environment.oil_shock.tolist() == pytest.approx([0.5])


def test_exchange_shock(world):
    touched = changed(world, event("exchange_shock", state="Coria", to="80%"))
    assert touched == {"States.exchange_tightness"}
    assert world.states.exchange_tightness[2] == 0.8


def test_hostility_between_and_one_way(world):
    event("hostility", between=["Ardia", "Boria"], to=0.7).apply(world)
    event("hostility", **{"from": "Ardia", "on": "Coria", "to": 0.2}).apply(world)
    hostility = world.dyads.hostility
    assert (hostility[0, 1], hostility[1, 0]) == (0.7, 0.7)
    assert (hostility[0, 2], hostility[2, 0]) == (0.2, 0)
    assert np.array_equal(world.dyads.hostility_anchor, hostility)


def test_alignment(world):
    touched = changed(world, event("alignment", between=["Ardia", "Doria"], to=-0.4))
    assert touched == {"Dyads.alignment_anchor"}
    assert (world.dyads.alignment_anchor[0, 3], world.dyads.alignment_anchor[3, 0]) == (-0.4, -0.4)


def test_leader_turns_away_within_bounds(world):
    event("leader", state="Ardia", towards="Boria", by=-2).apply(world)
    assert (world.dyads.alignment_anchor[0, 1], world.dyads.alignment_anchor[1, 0]) == (-1, -1)


def test_war_in_all_and_in_some_categories(world):
    event("war", state="Ardia", loss="20%").apply(world)
    assert world.fleets.loss_share.tolist() == [0.2, 0.2, 0]
    event("war", state="Ardia", loss=0.5, categories=["ships"]).apply(world)
    assert world.fleets.loss_share.tolist() == [0.2, 0.5, 0]


def test_internal_conflict(world):
    touched = changed(world, event("internal_conflict", state="Doria", to=0.6))
    assert touched == {"States.internal_conflict"}
    assert world.states.internal_conflict[3] == 0.6


def test_aid_to_a_fleet_that_exists(world):
    gift = {"from": "Coria", "on": "Ardia", "category": "ships", "volume": "30 CU"}
    assert changed(world, event("aid", **gift)) == {"Fleets.donated"}
    assert world.fleets.donated.tolist() == [0, 30, 0]


def test_aid_makes_a_fleet_where_there_is_none(world):
    event("aid", **{"from": "Ardia", "on": "Doria", "category": "ships", "volume": 5}).apply(world)
    row = world.dyads.fleet_row[3, 0, 1]
    fleets = world.fleets
    assert (row, len(fleets)) == (3, 4)
    assert (fleets.holder[row], fleets.origin[row], fleets.category[row]) == (3, 0, 1)
    assert (fleets.donated[row], fleets.volume[row], fleets.quality[row]) == (5, 0, 0.3)


def test_accession_and_exit(world):
    event("accession", alliance="Pact", state="Doria").apply(world)
    assert world.alliances.member.tolist() == [[True, True, True, True]]
    event("exit", alliance="Pact", state="Ardia").apply(world)
    assert world.alliances.member.tolist() == [[False, True, True, True]]


def test_the_last_two_members_stay(world):
    world.alliances.member = [[True, True, False, False]]
    event("exit", alliance="Pact", state="Ardia").apply(world)
    assert world.alliances.member.sum() == 2


def test_exit_of_a_state_that_is_no_member_changes_nothing(world):
    assert changed(world, event("exit", alliance="Pact", state="Doria")) == set()


def test_collapse(world):
    contracts = world.contracts
    rows = contracts.append(2)
    contracts.firm[rows] = [0, 1]
    contracts.line[rows] = [0, 1]
    contracts.buyer[rows] = 2
    contracts.kind[rows] = ContractKind.EQUIPMENT
    contracts.status[rows] = ContractStatus.ACTIVE
    contracts.span[rows] = 1
    contracts.price[rows] = 100
    world.lines.backlog = 100
    world.states.commitments[2] = 200
    event("collapse", firm="Forge").apply(world)
    assert world.firms.is_active.tolist() == [False, True]
    assert world.lines.is_active.tolist() == [False, True]
    assert contracts.status.tolist() == [ContractStatus.CANCELLED, ContractStatus.ACTIVE]
    assert world.lines.backlog.tolist() == [0, 100]
    assert world.states.commitments[2] == 100


def test_breakthrough_in_one_category_and_in_all(world):
    event("breakthrough", state="Boria", category="ships", gain=0.1).apply(world)
    event("breakthrough", state="Boria", gain="20%").apply(world)
    assert world.states.know_how[1].tolist() == pytest.approx([0.5, 0.6])
    assert world.states.know_how[0].tolist() == [0.3, 0.3]


def test_a_breakthrough_carries_to_the_frontier_and_not_beyond(world):
    world.states.know_how[0, 1] = 1.2
    event("breakthrough", state="Boria", gain=1).apply(world)
    event("breakthrough", state="Ardia", gain="20%").apply(world)
    assert world.states.know_how[1].tolist() == [1, 1]
    assert world.states.know_how[0].tolist() == pytest.approx([0.5, 1.2])


# Round trip and faults

EXAMPLES = {
    "embargo": {"from": ["Ardia", "Coria"], "on": "Boria", "years": 3.0, "support": True},
    "lift_embargo": {"from": "Pact", "on": "Doria"},
    "sanction": {"firm": "Forge", "years": 1.5},
    "veto": {"from": "Ardia", "on": "Boria", "years": 2.0},
    "gdp_shock": {"state": "all", "size": -0.1},
    "oil_shock": {"size": 0.4},
    "exchange_shock": {"state": "Coria", "to": 0.9},
    "hostility": {"from": "Ardia", "on": "Boria", "to": 0.5},
    "alignment": {"between": ["Ardia", "Boria"], "to": -0.5},
    "war": {"state": "Ardia", "loss": 0.1, "categories": ["ships"]},
    "internal_conflict": {"state": "Doria", "to": 0.5},
    "aid": {"from": "Ardia", "on": "Boria", "category": "aircraft", "volume": 10.0},
    "accession": {"alliance": "Pact", "state": "Doria"},
    "exit": {"alliance": "Pact", "state": "Ardia"},
    "collapse": {"firm": "Hammer"},
    "breakthrough": {"state": "Ardia", "category": "ships", "gain": 0.1},
    "leader": {"state": "Ardia", "towards": "Boria", "by": -0.3},
}


def test_every_kind_has_an_example():
    assert EXAMPLES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_is_written_as_it_was_read(kind, world):
    plain = plain_event(event(kind, **EXAMPLES[kind]), world.names)
    assert plain == {"at": "2031", kind: EXAMPLES[kind]}


def test_a_kind_is_known_by_its_declaration(monkeypatch):
    monkeypatch.setattr(Effect, "kinds", {})

    class Parent(Effect):
        """What several kinds share."""

    class Child(Parent, kind="child"):
        """A kind."""

    assert Effect.kinds == {"child": Child}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_it_does(kind):
    model = KINDS[kind]
    assert model.__doc__
    assert all(field.description for field in model.model_fields.values())


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ("embargo: {from: [], on: A, years: 1}", "a state, a list of states or an alliance belongs here"),
        ("embargo: {from: A, on: B, years: -1}", "the value is out of range"),
        ("embargo: {from: A, on: B, years: 1, support: 1}", "true or false belongs here"),
        ("hostility: {from: A, to: 10%}", "name the states by between: [A, B], or by from: A and on: B"),
        ("hostility: {between: [A], to: 10%}", "between names two states"),
        ("alignment: {between: [A, B, A], to: 10%}", "the list is too long"),
        ("war: {state: A, loss: 120%}", "the value is out of range"),
        ("war: {state: all, loss: 10%}", "there is no state of this name"),
        ("aid: {from: A, on: B, category: tanks, volume: 5}", "there is no category of this name"),
        ("accession: {alliance: Pact, state: A}", "this state is a member of Pact already"),
        ("collapse: {firm: Nobody}", "there is no firm of this name"),
        ("leader: {state: A, towards: [B], by: 1}", "the name of a state belongs here"),
        ("gdp_shock: {state: all, size: 300%}", "the value is out of range"),
    ],
)
def test_a_faulty_event_is_refused(told, problem, tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(
        "deftrade: 1\ntime: {start: 2025, end: 2030}\nprice_year: 2024\nworld:\n"
        "  states: [{name: A, gdp: 1 tn USD}, {name: B, gdp: 1 tn USD}]\n"
        "  alliances: [{name: Pact, kind: defence_pact, members: [A, B]}]\n"
        f"events:\n  - {{at: 2026, {told}}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        load(path)
    (fault,) = caught.value.faults
    assert (fault.problem, fault.line) == (problem, 8)
