"""The Mesa model takes the same steps as simulate; its agents are views into its own world."""

import ast
from pathlib import Path

import mesa
import numpy as np
import pytest
from tests.worlds import small_scenario, small_world

import deftrade
from deftrade import model as module
from deftrade.core.tables import Alliances, Firms, States
from deftrade.errors import UndeclaredAccessError
from deftrade.files.locking import NAME, write_lock
from deftrade.model import Alliance, DefenceTradeModel, Firm, State
from deftrade.scenario.events.kinds import KINDS, Event
from deftrade.simulation import simulate

VIEWS = {State: States, Firm: Firms, Alliance: Alliances}
COLUMNS = [(view, column) for view, table in VIEWS.items() for column in table.columns]
REMOVED_IN_MESA_4 = {"seed", "steps", "batch_run", "space", "time", "_seed", "_steps"}
HARNESS = {"Model", "Agent", "DataCollector", "AgentSet"}


@pytest.fixture
def model():
    return DefenceTradeModel(small_scenario(years=2))


@pytest.fixture(scope="module")
def opened():
    """A model at its opening, only to be looked at."""
    return DefenceTradeModel(small_scenario(years=1))


def collapse(firm, year):
    effect = KINDS["collapse"].model_construct(firm=firm)
    return Event(year, "collapse", effect)


def test_the_model_is_public():
    assert deftrade.DefenceTradeModel is DefenceTradeModel


def test_the_model_takes_the_same_steps_as_simulate(model):
    model.run_model()
    assert model.run.digests == simulate(small_scenario(years=2)).run.digests
    assert not model.running
    assert model.run.is_done


def test_looking_at_agents_changes_nothing(model):
    plain = DefenceTradeModel(small_scenario(years=2))
    while model.running:
        model.agents.shuffle().do(lambda agent: [agent.uid, agent.name])
        model.agents_by_type[State].agg("gdp", sum)
        model.step()
        plain.step()
    assert model.run.digests == plain.run.digests


def test_there_is_an_agent_for_each_state_firm_and_alliance(model):
    assert len(model.agents) == 6 + 12 + 2
    assert set(model.agents_by_type) == {State, Firm, Alliance}
    assert {agent.name for agent in model.agents_by_type[State]} == set(model.world.names.states)
    assert model.firms[3].name == model.world.names.firms[3]
    assert model.alliances[0].name == "Pact"
    assert repr(model.states[2]) == "<State State 2>"


@pytest.mark.parametrize(("view", "column"), COLUMNS, ids=[c.path for _, c in COLUMNS])
def test_every_column_is_a_read_only_property(view, column, opened):
    agent = {State: opened.states, Firm: opened.firms, Alliance: opened.alliances}[view][1]
    table = getattr(opened.world, column.table.lower())
    value = getattr(agent, column.name)
    assert np.array_equal(value, getattr(table, column.name)[1])
    assert isinstance(value, np.ndarray) == bool(column.axes)
    assert column.meaning in getattr(view, column.name).__doc__
    assert column.unit in getattr(view, column.name).__doc__
    with pytest.raises(AttributeError):
        setattr(agent, column.name, 0)
    if column.axes:
        with pytest.raises(ValueError, match="read-only"):
            value[...] = 0


@pytest.mark.parametrize(("view", "column"), COLUMNS, ids=[c.path for _, c in COLUMNS])
def test_no_column_hides_an_attribute_of_mesa(view, column):
    taken = {*dir(mesa.Agent), "model", "unique_id", "pos", "rng", "random", "scenario"}
    own = {"row", "name", "declared"} | {"firms", "state", "states"}
    assert column.name not in taken | own


def test_the_model_hides_no_attribute_of_mesa(model):
    class Plain(mesa.Model):
        pass

    plain = Plain(rng=1)
    own = (vars(model).keys() - vars(plain).keys()) | (vars(DefenceTradeModel).keys() - vars(Plain).keys())
    own = {name for name in own if not name.startswith("_")} - {"step"}
    assert {"run", "states", "firms", "alliances", "world", "date"} <= own
    assert not own & set(dir(plain))


def test_agents_know_each_other(model):
    state = model.states[4]
    assert [firm.home for firm in state.firms] == [4, 4]
    assert all(firm.state is state for firm in state.firms)
    pact = model.alliances[0]
    assert [member.row for member in pact.states] == np.flatnonzero(pact.member).tolist()


def test_agent_sets_select_and_add_up(model):
    model.step()
    states = model.agents_by_type[State]
    assert states.agg("gdp", sum) == pytest.approx(model.world.states.gdp.sum())
    rich = states.select(lambda state: state.gdp > 700_000)
    assert {state.row for state in rich} == set(np.flatnonzero(model.world.states.gdp > 700_000))
    firms = model.agents_by_type[Firm]
    by_home = firms.groupby("home")
    assert len(by_home.groups) == 6
    assert firms.select(lambda firm: firm.is_active, at_most=3).agg("cash", len) == 3
    assert max(states.get("milex")) == model.world.states.milex.max()


def test_views_follow_their_world(model):
    state, before = model.states[3], model.states[3].trend_gdp
    model.step()
    assert state is model.states[3]
    assert state.trend_gdp == model.world.states.trend_gdp[3] > before


def test_two_models_share_nothing():
    one = DefenceTradeModel(small_scenario(years=2))
    other = DefenceTradeModel(small_scenario(years=2, size={"states": 4}, seed=5))
    before = other.states[1].gdp, other.world.digest()
    one.step()
    one.step()
    assert (other.states[1].gdp, other.world.digest()) == before
    assert len(other.agents) == 4 + 8 + 2
    assert len(one.agents) == 6 + 12 + 2
    assert one.states[1].model is one
    while one.running:
        other.step()
        one.step()
    assert one.run.digests == simulate(small_scenario(years=2)).run.digests


def test_firms_that_close_leave_the_model():
    scenario = small_scenario(years=1, events=(collapse(3, 2025.25), collapse(4, 2025.25)))
    model = DefenceTradeModel(scenario)
    firm = model.firms[3]
    model.step()
    assert firm in model.agents
    model.step()
    assert firm not in model.agents
    assert sorted(model.firms) == [0, 1, 2, *range(5, 12)]
    assert len(model.agents_by_type[Firm]) == 10
    assert firm.name == "Firm 1.1"
    assert not firm.is_active
    assert model.datacollector.model_vars["firms"] == [12, 12, 10]


def test_firms_that_enter_join_the_model():
    params = small_scenario().params
    renewal = params.researching.model_copy(update={"entry_hazard": 2.0, "entry_stock": 0.0})
    world = small_world(states=3, firms_per_state=1)
    world.values[States.rung][:] = 8.0
    scenario = small_scenario(
        years=4,
        world=world,
        params=params.model_copy(update={"researching": renewal}),
        events=(collapse(0, 2025.0),),
    )
    model = DefenceTradeModel(scenario)
    model.run_model()
    assert len(model.world.firms) > 3
    assert sorted(model.firms) == np.flatnonzero(model.world.firms.is_active).tolist()
    entrant = model.firms[len(model.world.firms) - 1]
    assert entrant.name.startswith("State 0 entrant")
    assert entrant.state is model.states[0]


def test_models_without_firms_or_alliances_have_none():
    model = DefenceTradeModel(small_scenario(years=1, size={"states": 2, "firms_per_state": 0}))
    model.step()
    assert model.firms == {}
    assert set(model.agents_by_type) == {State, Alliance}


def test_the_data_collector_keeps_a_row_a_step(model):
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame) == list(module.REPORTERS)
    assert len(frame) == 9
    assert frame["date"].tolist()[:3] == ["opening", "2025-Q1", "2025-Q2"]
    milex = model.run.record.series("states", "milex").sum(axis=1)
    assert frame["milex"].to_numpy() == pytest.approx(milex)
    assert frame["firms"].tolist() == [12] * 9
    assert frame.notna().all().all()


def test_reporters_may_be_added_and_replaced():
    reporters = {"tenders": lambda model: len(model.world.tenders), "milex": lambda model: 7}
    model = DefenceTradeModel(small_scenario(years=1), reporters=reporters)
    model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["tenders"].iloc[-1] == len(model.world.tenders)
    assert frame["milex"].tolist() == [7, 7]
    assert "tenders" not in module.REPORTERS


def test_a_whole_number_is_the_seed_of_the_run():
    model = DefenceTradeModel(small_scenario(years=1, seed=1), rng=42)
    model.run_model()
    assert model.run.scenario.seed == 42
    assert model.run.digests == simulate(small_scenario(years=1, seed=42)).run.digests


def test_other_sources_of_luck_are_for_mesa_only():
    orders = []
    for rng in (np.random.default_rng(3), np.random.default_rng(3), np.random.default_rng(4)):
        model = DefenceTradeModel(small_scenario(years=1), rng=rng)
        assert model.run.scenario.seed == 1
        orders.append([agent.unique_id for agent in model.agents.shuffle()])
        model.run_model()
        assert model.run.digests == simulate(small_scenario(years=1)).run.digests
    assert orders[0] == orders[1] != orders[2]


def test_shuffles_are_repeatable_without_rng():
    orders = [
        [agent.unique_id for agent in DefenceTradeModel(small_scenario(years=1)).agents.shuffle()]
        for _ in range(2)
    ]
    assert orders[0] == orders[1]


def test_steps_after_the_end_go_on(model):
    model.run_model()
    model.step()
    assert model.date == "2027-Q1"
    assert not model.running


def test_a_path_is_loaded(monkeypatch, tmp_path):
    from deftrade.scenario import load

    asked = []
    monkeypatch.setattr(load, "load", lambda path: asked.append(path) or small_scenario(years=1))
    assert DefenceTradeModel(str(tmp_path / "a.yaml")).run.scenario.name == "small"
    assert DefenceTradeModel(tmp_path / "b.yaml").run.scenario.name == "small"
    assert asked == [tmp_path / "a.yaml", tmp_path / "b.yaml"]


def test_views_are_held_to_what_a_phase_declares(model):
    model.world.gate.admit("peeping", (States.gdp,), ())
    assert model.states[0].gdp > 0
    with pytest.raises(UndeclaredAccessError, match=r"peeping reads States\.debt"):
        _ = model.states[0].debt
    model.world.gate.show()


def test_only_what_survives_mesa_4_is_used():
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    keywords = {node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    from_mesa = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "mesa"
    }
    assert from_mesa <= HARNESS
    assert not attributes & (REMOVED_IN_MESA_4 - {"seed"})
    assert "seed" not in keywords


def batch(folder, **more):
    write_lock(small_scenario(years=1), folder)
    parameters = {"scenario": [str(folder / NAME)], **more.pop("parameters", {})}
    return mesa.batch_run(
        DefenceTradeModel, parameters, number_processes=1, display_progress=False, max_steps=50, **more
    )


def test_a_batch_of_mesa_has_the_luck_of_each_rng_and_ends_at_the_last_step(tmp_path):
    rows = batch(tmp_path, parameters={"rng": [1, 2, 3]})
    assert [row["date"] for row in rows] == ["2025-Q4"] * 3
    exports = [
        simulate(small_scenario(years=1, seed=seed)).to_frame("states").query("row == 4")["exports"].sum()
        for seed in (1, 2, 3)
    ]
    assert [row["exports"] for row in rows] == pytest.approx(exports)
    assert len({row["exports"] for row in rows}) == 3


def test_a_batch_of_mesa_tells_every_step(tmp_path):
    rows = batch(tmp_path, parameters={"rng": 1}, data_collection_period=1)
    assert [row["date"] for row in rows] == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]


@pytest.mark.parametrize(
    "more",
    [
        {"iterations": 3},
        {},
        {"iterations": 2, "parameters": {"rng": [1, 2]}},
        {"parameters": {"rng": [np.random.default_rng(1)]}},
    ],
)
def test_a_batch_of_mesa_that_repeats_one_luck_is_refused(tmp_path, more):
    with pytest.raises(ValueError, match="give rng whole numbers, one a run"):
        batch(tmp_path, **more)
