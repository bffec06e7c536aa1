import math
from pathlib import Path

import pytest

from deftrade import load
from deftrade.core.tables import Dyads, States
from deftrade.core.tables.codes import CRITERIA
from deftrade.experiments.design.targets import find_target
from deftrade.scenario.digests import treatment_digest, world_digest
from deftrade.scenario.resolved import Setting
from deftrade.scenario.schema_types import Unfit

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


@pytest.fixture(scope="module")
def scenario():
    return load(SCENARIOS / "crescent_cooperation.yaml")


def test_a_parameter_is_set_and_nothing_else(scenario):
    target = find_target("parameters.budgeting.reaction", scenario)
    changed = target.apply(scenario, 0.4)
    assert changed.params.budgeting.reaction == 0.4
    assert scenario.params.budgeting.reaction != 0.4
    assert (target.low, target.high, target.unit) == (0, 0.95, "1")
    assert treatment_digest(changed) == treatment_digest(scenario)
    assert changed.params.selecting == scenario.params.selecting


def test_a_lever_replaces_what_policy_said_from_its_date_on(scenario):
    before = [s for s in scenario.policy if s.column == States.offset_rate]
    assert [s.year for s in before] == [2026, 2030]
    changed = find_target("policy.states.Noor.offset_rate", scenario, 2028).apply(scenario, 0.9)
    after = [(s.year, s.value) for s in changed.policy if s.column == States.offset_rate]
    assert after == [(2026, 0.4), (2028, 0.9)]
    assert world_digest(changed) == world_digest(scenario)
    whole = find_target("policy.states.Noor.offset_rate", scenario).apply(scenario, 0.9)
    assert [s for s in whole.policy if s.column == States.offset_rate] == [
        Setting(States.offset_rate, (0,), -math.inf, 0.9)
    ]


def test_a_later_setting_for_all_criteria_does_not_undo_the_value_of_one(scenario):
    column, path = States.criterion_weight, "policy.states.Noor.criterion_weight"
    everywhere = find_target(path, scenario, 2030).apply(scenario, 1)
    one = find_target(f"{path}.diversion", everywhere, 2027).apply(everywhere, 2)
    place = CRITERIA.index("diversion")
    found = [(s.index, s.year, s.value) for s in one.policy if s.column == column]
    assert found == [((0, place), 2027, 2), ((0,), 2030, 1), ((0, place), 2030, 2)]


def test_an_opening_value_is_set_both_ways_or_one_way(scenario):
    between = find_target("world.relations.between.Noor.Westmark.alignment", scenario)
    states = scenario.world.names.states
    noor, westmark = states.index("Noor"), states.index("Westmark")
    array = between.apply(scenario, -0.3).world.values[Dyads.alignment]
    assert array[noor, westmark] == array[westmark, noor] == -0.3
    one_way = find_target("world.relations.from.Noor.to.Westmark.alignment", scenario)
    array = one_way.apply(scenario, -0.3).world.values[Dyads.alignment]
    assert array[noor, westmark] == -0.3
    assert array[westmark, noor] == scenario.world.values[Dyads.alignment][westmark, noor] != -0.3


def test_names_may_stand_in_quotes(scenario):
    plain = find_target("policy.alliances.Crescent Cooperation.pooled_share", scenario)
    quoted = find_target("policy.alliances.'Crescent Cooperation'.pooled_share", scenario)
    assert plain.indices == quoted.indices


@pytest.mark.parametrize(
    ("path", "problem", "found"),
    [
        ("speed", "a path begins with one of these", "speed"),
        ("a..b", "this is not a path", "a..b"),
        ("parameters.budget.reaction", "there is no group of parameters of this name", "budget"),
        ("parameters.budgeting.reactoin", "budgeting has no parameter of this name", "reactoin"),
        ("parameters.budgeting", "the path ends too early; one of these must follow", ""),
        ("parameters.budgeting.reaction.x", "nothing can follow here in the path", "x"),
        ("policy.states.Nor.offset_rate", "there is no state of this name", "Nor"),
        ("policy.states.Noor.gdp", "a state has no lever of this name", "gdp"),
        ("policy.states", "the path ends before the name of a state", ""),
        ("world.states.Noor.know_how.boats", "there is no such name among categories", "boats"),
        ("world.relations.between.Noor.Noor.alignment", "a state has no relation with itself", "Noor"),
        ("policy.events.embargo", "policy has no such part here", "events"),
    ],
)
def test_a_path_that_leads_nowhere_says_where_it_ends(scenario, path, problem, found):
    with pytest.raises(Unfit) as caught:
        find_target(path, scenario)
    assert (caught.value.problem, caught.value.found) == (problem, found)
