"""Single values set by a path, policies laid over, scenarios given as data: one set of checks for all."""

import pickle
from pathlib import Path

import numpy as np
import pytest
import yaml
from tests.cli.inside import called

from deftrade.errors import ScenarioError
from deftrade.experiments.compare.compare import loaded
from deftrade.scenario.changes import changes
from deftrade.scenario.load import load
from deftrade.scenario.overlay import read_setting

EXAMPLE = """\
deftrade: 1
title: Example
time: {start: 2025, end: 2035, step: quarter}
price_year: 2024
seed: 5
world:
  states:
    - {name: Ardia, gdp: 500 bn USD, offset_rate: 20%}
    - {name: North Boria, gdp: 800 bn USD}
    - {name: St. Coria, gdp: 90000}
  firms: [{name: Forge, home: Ardia, lines: [ships]}]
policy:
  states: {Ardia: {offset_rate: {2026: 25%}}}
"""
LEVER = "policy.states.Ardia.offset_rate"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "example.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


@pytest.fixture
def base(file):
    return load(file)


def told(one, other):
    return [(each.path, each.where, each.new) for each in changes(one, other)]


def test_a_lever_is_set_by_its_path_as_a_file_would_set_it(base, file):
    child = file.with_name("child.yaml")
    child.write_text(
        f"deftrade: 1\nextends: {file.name}\npolicy: {{states: {{Ardia: {{offset_rate: 30%}}}}}}\n",
        encoding="utf-8",
    )
    found = base.set(LEVER, "30%")
    assert changes(found, load(child)) == []
    assert changes(base, load(file)) == [], "the scenario itself stays as it was"
    assert changes(found, base.set(LEVER, 0.3)) == []
    assert changes(found, base.set(LEVER, np.float64(0.3))) == []


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("world.states.Ardia.gdp", "600 bn USD", ("States.gdp", ("Ardia",), 600_000.0)),
        ("world.states[0].gdp", 600_000, ("States.gdp", ("Ardia",), 600_000.0)),
        ("world.states.North Boria.gdp", "1 tn USD", ("States.gdp", ("North Boria",), 1e6)),
        ("world.states.'St. Coria'.gdp", 1e5, ("States.gdp", ("St. Coria",), 1e5)),
        ('world.states["St. Coria"].gdp'.replace('"', ""), 1e5, ("States.gdp", ("St. Coria",), 1e5)),
        ("parameters.budgeting.reaction", 0.1, ("budgeting.reaction", (), 0.1)),
        ("seed", np.int64(9).item(), ("seed", (), 9)),
        ("time.end", 2030, ("time.end", (), 2030)),
    ],
)
def test_everything_that_a_file_gives_has_a_path(base, path, value, expected):
    assert told(base, base.set(path, value)) == [expected]


def test_a_date_is_added_to_a_dated_lever_and_a_new_mapping_replaces_it(base):
    added = base.set(f"{LEVER}.2028", "40%")
    assert [(each.year, each.value) for each in added.policy] == [(2026, 0.25), (2028, 0.4)]
    replaced = base.set(LEVER, {2028: "40%"})
    assert [(each.year, each.value) for each in replaced.policy] == [(2028, 0.4)]


def test_what_was_set_before_stays_seed_and_years_too(base):
    short = base.with_years(2).with_seed(11).set(LEVER, "30%").set("title", "Bold")
    assert (short.title, short.seed, short.calendar.end) == ("Bold", 11, 2027)
    assert [each.value for each in short.policy] == [0.3]
    assert short.set("seed", 12).seed == 12


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("policy.states.Ardia.ofset_rate", "30%", ["not known here", "did you mean offset_rate?"]),
        ("policy.states.Arda.offset_rate", "30%", ["no state of this name", "Ardia"]),
        (LEVER, "300%", ["out of range", "found 300%"]),
        (LEVER, float("nan"), ["this is no number"]),
        (LEVER, object(), ["belongs here", "found object"]),
        (LEVER, None, ["a value belongs here"]),
        (LEVER, "", ["a value belongs here"]),
        ("policy.states", {"Ardia": {"offset_rate": None}}, ["Ardia.offset_rate: a value belongs here"]),
        ("policy.states", {"Ardia": {}}, ["Ardia: a value belongs here"]),
        ("", 1, ["a path is missing"]),
        ("policy..states", 1, ["no path"]),
        (".policy", 1, ["no path"]),
        ("title.x", 1, ["nothing below it"]),
        ("title[0]", 1, ["nothing below it"]),
        ("time[0]", 1, ["no list stands here"]),
        ("world.states.Zed.gdp", 1, ["no row of this list", "Ardia"]),
        ("world.states[7].gdp", 1, ["the list has 3 rows"]),
    ],
)
def test_what_cannot_be_set_is_a_fault_at_what_was_written(base, path, value, words):
    with pytest.raises(ScenarioError) as error:
        base.set(path, value)
    text = str(error.value)
    assert f"set {path}=" in text
    assert all(word in text for word in words), text


def test_a_policy_is_laid_over_as_data_or_as_a_module(base, tmp_path):
    module = tmp_path / "bold.yaml"
    module.write_text("states: {Ardia: {offset_rate: 30%}}\n", encoding="utf-8")
    by_file = base.with_policy(module)
    by_data = base.with_policy({"states": {"Ardia": {"offset_rate": "30%"}}}, name="bold")
    assert by_file.name == by_data.name == "bold"
    assert changes(by_file, by_data) == []
    assert changes(by_file, load(base.origin.source, modules=[module])) == []
    with pytest.raises(ScenarioError, match="part of the world"):
        base.with_policy({"states": {"Ardia": {"gdp": 3}}})


def test_what_python_changed_since_loading_is_not_lost_silently(base, file):
    from dataclasses import replace

    with pytest.raises(ScenarioError, match="changed since it was loaded"):
        replace(base, policy=()).set(LEVER, "30%")
    with pytest.raises(ScenarioError, match="put together in Python"):
        replace(base, origin=None).set(LEVER, "30%")
    file.write_text(EXAMPLE.replace("500 bn", "501 bn"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="changed since it was loaded"):
        base.set(LEVER, "30%")


def test_a_scenario_is_loaded_from_plain_data(base, file, monkeypatch):
    data = yaml.safe_load(EXAMPLE)
    found = load(data)
    assert changes(base, found) == []
    assert found.files == {}
    assert changes(pickle.loads(pickle.dumps(found)).set(LEVER, "30%"), base.set(LEVER, "30%")) == []
    data["world"]["states"][0]["gdp"] = np.float64(6e5)
    assert told(base, load(data)) == [("States.gdp", ("Ardia",), 6e5)]
    data["world"]["states"][0]["gpd"] = 3
    with pytest.raises(ScenarioError, match=r"dictionary: world.states\[0\].gpd: this key is not known"):
        load(data)
    monkeypatch.chdir(file.parent)
    child = load({"deftrade": 1, "extends": "example.yaml", "seed": 8})
    assert told(base, child) == [("seed", (), 8)]
    assert list(child.files) == [Path("example.yaml")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{LEVER}=30%", (LEVER, "30%")),
        ("seed=3", ("seed", 3)),
        ("title=A = B", ("title", "A = B")),
        ("events=[]", ("events", [])),
        (f"{LEVER}={{2027: 30%}}", (LEVER, {"2027": "30%"})),
    ],
)
def test_a_setting_of_the_command_line_is_read_as_a_file_would_be(text, expected):
    assert read_setting(text) == expected


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("seed", "a value is missing"),
        ("seed=", "a value belongs"),
        ("events=[", "set events=["),
        (f"{LEVER}=9", "range"),
    ],
)
@pytest.mark.parametrize("command", [("run",), ("ensemble", "--runs", "1"), ("compare",)])
def test_the_command_line_refuses_a_setting_with_its_text(file, command, text, word):
    files = [file.name] * (2 if command[0] == "compare" else 1)
    done = called(command[0], *files, *command[1:], "--set", text, "--quiet", cwd=file.parent)
    assert done.returncode == 2
    assert word in done.stderr
    assert f"set {text.partition('=')[0]}" in done.stderr


def test_a_comparison_sets_a_value_in_every_scenario(file, tmp_path):
    module = tmp_path / "bold.yaml"
    module.write_text("states: {Ardia: {licence_demand: 30%}}\n", encoding="utf-8")
    both = loaded([file, module], settings={"world.states.Ardia.gdp": 7e5})
    assert [
        each.world.values[next(c for c in each.world.values if c.path == "States.gdp")][0] for each in both
    ] == [
        7e5,
        7e5,
    ]
