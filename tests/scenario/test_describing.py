"""What may be set, how scenarios differ, and a lock that loads to the same scenario."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow
import pytest
import yaml
from jsonschema import Draft202012Validator
from pyarrow import parquet
from tests.cli.inside import called

from deftrade.core.tables import States
from deftrade.core.units import UNITS
from deftrade.phases import Params
from deftrade.scenario.describing import describe, diff, lock, lock_tables, treatment_digest, world_digest
from deftrade.scenario.jsonschema import json_schema
from deftrade.scenario.load import load
from deftrade.scenario.plain import date_text
from deftrade.scenario.resolved import Setting
from deftrade.scenario.values import parse_date
from deftrade.scenario.yaml import text

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
SMALL = """\
deftrade: 1
time: {start: 2025, end: 2030}
price_year: 2024
world:
  categories:
    - {name: ships, demand_share: 60%}
    - {name: armour, demand_share: 40%}
  states:
    - {name: Ardia, gdp: 500 bn USD, offset_rate: 20%}
    - {name: Boria, gdp: 800 bn USD}
    - {name: Coria, gdp: 90 bn USD, know_how: 0.3}
  firms: [{name: Forge, home: Ardia, lines: [ships]}]
  alliances: [{name: Pact, kind: defence_pact, members: [Ardia, Boria]}]
policy:
  states: {Ardia: {offset_rate: {2027: 30%, 2029: 40%}}}
events:
  - {at: 2026, embargo: {from: Ardia, on: Coria, years: 2}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def loaded(folder):
    """Load the small scenario with some text replaced."""

    def read(*changes):
        told = SMALL
        for old, new in changes:
            assert old in told
            told = told.replace(old, new, 1)
        (folder / "small.yaml").write_text(told)
        return load("small.yaml")

    return read


# Describing


def test_every_row_is_complete():
    rows = describe()
    assert {row.role for row in rows} == {"lever", "given", "parameter"}
    for row in rows:
        assert row.unit in UNITS
        assert row.source
        assert row.meaning
        assert row.low < row.high
        assert row.default is None or row.low <= row.default <= row.high
    assert len({row.path for row in rows}) == len(rows)


def test_paths_are_those_of_files():
    paths = {row.path for row in describe()}
    assert "policy.states.NAME.offset_rate" in paths
    assert "policy.relations[].buyer_strictness" in paths
    assert "world.states[].gdp" in paths
    assert "parameters.budgeting.reaction" in paths


# Differences


def test_a_scenario_does_not_differ_from_itself(loaded):
    assert diff(loaded(), loaded()) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("end: 2030", "end: 2040", ["end: 2030 → 2040"]),
        ("price_year: 2024", "price_year: 2023", ["price year: 2024 → 2023"]),
        ("price_year: 2024", "price_year: 2024\nseed: 4", ["seed: 0 → 4"]),
        ("gdp: 500 bn USD", "gdp: 600 bn USD", ["world: gdp of Ardia: 500 000 MUSD/yr → 600 000 MUSD/yr"]),
        ("gdp: 90 bn USD, know_how: 0.3", "gdp: 90 bn USD, know_how: {ships: 0.5, default: 0.3}",
         ["world: know_how of Coria, ships: 0.3 → 0.5"]),
        ("members: [Ardia, Boria]", "members: [Ardia, Coria]",
         ["world: kind or members of alliances differ: Pact"]),
        ("lines: [ships]", "lines: [armour]",
         ["world: lines that only one scenario has: Forge: armour, Forge: ships"]),
        ("home: Ardia", "home: Boria", ["world: homes of firms differ: Forge"]),
        ("2029: 40%", "2029: 45%",
         ["policy: offset_rate of Ardia: 30% from 2027, 40% from 2029 → 30% from 2027, 45% from 2029"]),
        ("states: {Ardia: {offset_rate: {2027: 30%, 2029: 40%}}}", "",
         ["policy: offset_rate of Ardia: 30% from 2027, 40% from 2029 → 20%, as the world has it"]),
        ("years: 2", "years: 3",
         ["event only in the first: 2026 embargo: from Ardia, on Coria, years 2, support no",
          "event only in the second: 2026 embargo: from Ardia, on Coria, years 3, support no"]),
        ("policy:", "parameters: {budgeting: {reaction: 0.125}}\npolicy:",
         [f"parameter: budgeting.reaction: {Params().budgeting.reaction:g} → 0.125"]),
    ],
)  # fmt: skip
def test_a_difference_in_words(loaded, old, new, words):
    assert diff(loaded(), loaded((old, new))) == words


def test_entities_that_only_one_has(loaded):
    other = loaded(("    - {name: Coria, gdp: 90 bn USD, know_how: 0.3}\n", ""), ("on: Coria", "on: Boria"))
    told = diff(loaded(), other)
    assert told[0] == "world: states only in the first: Coria"
    assert len(told) == 3


# Digests


def test_the_way_of_writing_does_not_matter(loaded):
    same = loaded(("500 bn USD", "0.5 tn USD"), ("2029: 40%", "2029-Q1: 0.4"), ("at: 2026", "at: 2026-01"))
    assert world_digest(same) == world_digest(loaded())
    assert treatment_digest(same) == treatment_digest(loaded())


@pytest.mark.parametrize(
    ("old", "new", "moves"),
    [
        ("500 bn USD", "501 bn USD", {"world"}),
        ("end: 2030", "end: 2031", {"world"}),
        ("policy:", "parameters: {budgeting: {reaction: 0.25}}\npolicy:", {"world"}),
        ("2029: 40%", "2029: 41%", {"treatment"}),
        ("years: 2", "years: 1", {"treatment"}),
        ("price_year: 2024", "price_year: 2024\nseed: 4", set()),
    ],
)
def test_what_moves_which_digest(loaded, old, new, moves):
    one, other = loaded(), loaded((old, new))
    moved = set()
    if world_digest(one) != world_digest(other):
        moved.add("world")
    if treatment_digest(one) != treatment_digest(other):
        moved.add("treatment")
    assert moved == moves


# Locks


def relock(scenario, folder):
    """Write a lock and its tables, and load it."""
    (folder / "scenario.lock.yaml").write_text(
        yaml.safe_dump(lock(scenario), sort_keys=False, allow_unicode=True), encoding="utf-8"
    )
    for name, rows in lock_tables(scenario).items():
        write_parquet(folder / f"{name}.parquet", rows)
    return load(folder / "scenario.lock.yaml")


def write_parquet(path, rows):
    columns = dict.fromkeys(key for row in rows for key in row)
    table = pyarrow.table({key: [row.get(key) for row in rows] for key in columns})
    parquet.write_table(table, path)


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_lock_loads_to_an_equal_scenario(path, tmp_path):
    scenario = load(path)
    again = relock(scenario, tmp_path)
    assert diff(scenario, again) == []
    assert world_digest(again) == world_digest(scenario)
    assert treatment_digest(again) == treatment_digest(scenario)
    assert again.outputs == scenario.outputs
    assert again.seed == scenario.seed


def test_a_large_world_keeps_its_tables_beside(tmp_path):
    scenario = load(SCENARIOS / "world_synthetic.yaml")
    plain = lock(scenario)
    assert plain["world"]["states"] == {"parquet": "states.parquet"}
    tables = lock_tables(scenario)
    assert set(tables) == {"states", "firms", "alliances", "lines", "relations"}
    assert len(tables["states"]) == len(scenario.world.names.states)
    scalars = (str, int, float)
    assert all(isinstance(cell, scalars) for row in tables["lines"] for cell in row.values())


def test_a_start_value_beside_dated_ones_survives(loaded, tmp_path):
    scenario = loaded()
    early = Setting(States.offset_rate, (0,), -np.inf, 0.1)
    scenario = replace(scenario, policy=(early, *scenario.policy))
    again = relock(scenario, tmp_path)
    assert treatment_digest(again) == treatment_digest(scenario)


@pytest.mark.parametrize("written", ["2031", "2031-Q2", "2031-05", "2031-Q4", "2031-12"])
def test_dates_are_written_as_they_are_read(written):
    assert date_text(parse_date(written)) == written


def test_a_date_inside_a_month_cannot_be_written():
    with pytest.raises(ValueError, match="no month"):
        date_text(2031.01)


# The JSON Schema


def test_the_schema_knows_what_composition_reads():
    schema = json_schema()
    assert "extends" in schema["properties"]
    assert "include" in schema["$defs"]["Policy"]["properties"]
    assert "generate" in schema["$defs"]["World"]["properties"]
    offset = schema["$defs"]["StatePolicy"]["properties"]["offset_rate"]
    assert offset["description"].startswith(f"{States.offset_rate.meaning}. 0% to 150%")
    assert offset["anyOf"][0] == {"type": "number", "minimum": 0, "maximum": 1.5}


def test_every_reference_of_the_schema_leads_somewhere():
    schema = json_schema()
    found = set()

    def walk(part):
        if isinstance(part, dict):
            found.update([part["$ref"]] if "$ref" in part else [])
            part = list(part.values())
        if isinstance(part, list):
            for value in part:
                walk(value)

    walk(schema)
    assert {name.removeprefix("#/$defs/") for name in found} == set(schema["$defs"])


@pytest.fixture(scope="module")
def validator():
    """Give what checks a file against the schema, itself checked."""
    Draft202012Validator.check_schema(json_schema())
    return Draft202012Validator(json_schema())


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_scenarios_fit_the_schema(path, validator):
    assert list(validator.iter_errors(text.read(path).data)) == []


@pytest.mark.parametrize("key", ["extends", "remove", "include", "generate", "price_year", "policy.states"])
def test_a_key_of_the_file_is_described_by_its_name(key):
    (row,) = json.loads(called("describe", key, "--json").stdout)
    assert (row["section"], row["key"].rpartition(".")[2]) == ("file", key.rpartition(".")[2])
    assert row["meaning"]
