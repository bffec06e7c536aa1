"""Policy for all states, and names whose marks are typed in another way."""

import json
from unicodedata import normalize

import jsonschema
import pytest

from deftrade.errors import ScenarioError
from deftrade.scenario.changes import changes
from deftrade.scenario.jsonschema import json_schema
from deftrade.scenario.load import load
from deftrade.scenario.lock import lock
from deftrade.scenario.overlay import read_setting

WORLD = {
    "deftrade": 1,
    "time": {"start": 2025, "end": 2035},
    "price_year": 2024,
    "world": {"states": [{"name": name, "gdp": "300 bn USD"} for name in ("Ardia", "Boria", "Cória")]},
}


def scenario(**states):
    return {**WORLD, "policy": {"states": states}}


def of_each(**states):
    """Give each state's levers by name."""
    return load(scenario(**states))


@pytest.mark.parametrize(
    ("for_all", "own", "meant"),
    [
        ("30%", None, "30%"),
        ({2027: "30%"}, None, {2027: "30%"}),
        ("30%", "10%", "10%"),
        ("30%", {2028: "10%"}, {2028: "10%"}),
        ({2027: "30%", 2029: "40%"}, {2028: "10%"}, {2028: "10%"}),
    ],
)
def test_a_value_for_all_is_each_states_unless_it_has_its_own(for_all, own, meant):
    mine = {} if own is None else {"Ardia": {"offset_rate": own}}
    found = of_each(all={"offset_rate": for_all}, **mine)
    others = {name: {"offset_rate": for_all} for name in ("Boria", "Cória")}
    assert changes(found, of_each(Ardia={"offset_rate": meant}, **others)) == []
    assert changes(found, load(lock(found))) == []


def test_values_by_name_stand_over_each_other_name_by_name():
    rights, diversion = {"human_rights": 0.4}, {"diversion": 0.2}
    found = of_each(all={"criterion_weight": rights}, Ardia={"criterion_weight": diversion})
    both = {"criterion_weight": {**rights, **diversion}}
    others = {name: {"criterion_weight": rights} for name in ("Boria", "Cória")}
    assert changes(found, of_each(Ardia=both, **others)) == []
    plain = of_each(all={"criterion_weight": rights}, Ardia={"criterion_weight": 0.2})
    assert changes(plain, of_each(Ardia={"criterion_weight": 0.2}, **others)) == []


def test_all_may_be_inherited_included_removed_and_set(tmp_path):
    (tmp_path / "base.yaml").write_text(json.dumps(scenario(all={"offset_rate": 0.3})), encoding="utf-8")
    (tmp_path / "module.yaml").write_text("states: {all: {offset_rate: 10%}}\n", encoding="utf-8")
    head = "deftrade: 1\nextends: base.yaml\n"
    child = tmp_path / "child.yaml"
    for text, meant in (
        ("policy: {states: {Ardia: {research_share: 3%}}}\n", "30%"),
        ("policy: {states: {all: {offset_rate: 20%}}}\n", "20%"),
        ("policy: {include: [module.yaml]}\n", "10%"),
    ):
        child.write_text(head + text, encoding="utf-8")
        told = load(child)
        assert changes(told, told.set("policy.states.all.offset_rate", meant)) == []
    child.write_text(f"{head}remove: [policy.states.all.offset_rate]\n", encoding="utf-8")
    assert changes(load(child), of_each()) == []
    path, value = read_setting("policy.states.all.offset_rate={2030: 5%}")
    assert {each.where for each in changes(of_each(), of_each().set(path, value))} == {
        ("Ardia",), ("Boria",), ("Cória",)
    }  # fmt: skip


def test_what_is_wrong_with_a_value_for_all_is_said_once_and_where_it_stands():
    with pytest.raises(ScenarioError) as refused:
        of_each(all={"procurement_share": "99%"})
    (fault,) = refused.value.faults
    assert fault.path == "policy.states.all.procurement_share"
    with pytest.raises(ScenarioError, match="did you mean offset_rate"):
        of_each(all={"ofset_rate": "9%"})
    with pytest.raises(ScenarioError, match="no state may have this name"):
        load({**WORLD, "world": {"states": [{"name": "all", "gdp": "3 bn USD"}]}})


def test_editors_know_all():
    schema = json_schema()
    jsonschema.validate(scenario(all={"offset_rate": 0.3}), schema)
    assert "all" in schema["$defs"]["Policy"]["properties"]["states"]["description"]


def test_one_name_is_one_name_however_its_marks_are_typed():
    typed = normalize("NFD", "Cória")
    assert typed != "Cória"
    base = of_each()
    meant = base.set("policy.states.Cória.offset_rate", "30%")
    assert changes(meant, base.set(f"policy.states.{typed}.offset_rate", "30%")) == []
    assert changes(meant, base.set("policy", {"states": {typed: {"offset_rate": "30%"}}})) == []
    assert base.set("outputs.focus", typed).outputs.focus == "Cória"
    assert load({**WORLD, "outputs": {"focus": typed}}).outputs.focus == "Cória"
    path, value = read_setting(f"outputs.focus={typed}")
    assert base.set(path, value).outputs.focus == "Cória"
