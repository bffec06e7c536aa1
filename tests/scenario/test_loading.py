"""A scenario file becomes arrays, settings and events, and nothing is lost on the way."""

import math
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from deftrade.core.tables import Alliances, Categories, Dyads, Firms, States
from deftrade.core.tables.codes import CRITERIA, AllianceKind
from deftrade.errors import ScenarioError
from deftrade.phases import Params
from deftrade.scenario import old_keys
from deftrade.scenario.digests import treatment_digest, world_digest
from deftrade.scenario.load import load
from deftrade.scenario.resolved import Setting
from deftrade.scenario.schema import Policy, ScenarioFile, World, settable

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
VARIANTS = ("autarky", "crescent_cooperation", "export_drive", "strict_control", "embargo_shock",
            "burden_pledge")  # fmt: skip
EXAMPLE = """\
deftrade: 1
title: Example
time: {start: 2025, end: 2035, step: quarter}
price_year: 2024
seed: 5
world:
  seed: 3
  states:
    - {name: Ardia, gdp: 0.5 tn USD, know_how: {aircraft: 0.5, default: 0.2}, offset_rate: 20%}
    - {name: Boria, gdp: 800 bn USD, know_how: 0.7, rung: {ships: 6}}
    - {name: Coria, gdp: 90000, burden: 3%}
  firms:
    - name: Forge
      home: Boria
      state_share: 100%
      civil_revenue: 1 500
      lines:
        - ships
        - {category: aircraft, quality: 0.6, weight: 2, design: Coria,
           components: [{from: Ardia, share: 20%}, {from: Coria, share: 5%}]}
    - {name: Hammer, home: Ardia, lines: [artillery]}
  alliances:
    - {name: Pact, kind: defence_pact, members: [Ardia, Coria], burden_target: 2%}
    - {name: Pool, kind: procurement_pool, members: [Boria, Ardia]}
  relations:
    - {between: [Ardia, Boria], distance: 300 km, hostility: 40%}
    - {from: Boria, to: Ardia, hostility: 60%}
    - {from: Ardia, to: Coria, alignment: 0.5}
policy:
  states:
    Ardia:
      offset_rate: {2027: 30%, 2030-Q3: 40%}
      domestic_margin: 10%
      criterion_weight: {human_rights: {2028: 2}, default: 0.5}
    Boria: {criterion_weight: {2029-07: 3}}
  firms: {Forge: {margin: {2026: 12%}}}
  alliances: {Pool: {pooled_share: 30%}}
  relations:
    - {from: Ardia, to: Boria, buyer_strictness: {2031: 2}}
events:
  - {at: 2032, oil_shock: {size: 0.4}}
  - {at: 2031-Q2, embargo: {from: [Ardia, Coria], on: Boria, years: 30 months, support: true}}
parameters: {budgeting: {reaction: 0.2}, assessing: {reach: 2000 km}}
outputs: {series: [states, flows], every: quarter, focus: Boria}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def example(folder):
    (folder / "example.yaml").write_text(EXAMPLE, encoding="utf-8")
    return load("example.yaml")


def test_the_frame(example):
    assert (example.name, example.title, example.price_year) == ("example", "Example", 2024)
    assert (example.calendar.start, example.calendar.end, example.calendar.steps) == (2025, 2035, 40)
    assert (example.seed, example.world.seed) == (5, 3)
    assert example.outputs.series == ("states", "flows")
    assert (example.outputs.every, example.outputs.focus) == ("step", "Boria")
    assert [len(digest) for digest in example.files.values()] == [64]


def test_names_in_the_order_of_the_file(example):
    names = example.world.names
    assert names.states == ["Ardia", "Boria", "Coria"]
    assert names.categories[0] == "aircraft"
    assert len(names.categories) == 7
    assert names.firms == ["Forge", "Hammer"]
    assert names.lines == ["Forge: ships", "Forge: aircraft", "Hammer: artillery"]
    assert names.alliances == ["Pact", "Pool"]


def test_values_of_states(example):
    values = example.world.values
    assert values[States.gdp].tolist() == [500_000, 800_000, 90_000]
    default = States.burden.bounds.default
    assert values[States.burden].tolist() == [default, default, 0.03]
    assert values[States.offset_rate][0] == 0.2
    know_how = values[States.know_how]
    assert know_how.shape == (3, 7)
    assert know_how[0].tolist() == [0.5] + 6 * [0.2]
    assert know_how[1].tolist() == 7 * [0.7]
    assert values[States.rung][1].tolist() == [1, 6, 1, 1, 1, 1, 1]
    assert values[States.criterion_weight].shape == (3, len(CRITERIA))


def test_every_given_and_lever_column_has_values(example):
    sizes = {"states": 3, "categories": 7, "criteria": len(CRITERIA)}
    rows = {States: 3, Dyads: 3, Firms: 2, Alliances: 2, Categories: 7}
    for table, count in rows.items():
        for column in settable(table, "given", "lever"):
            array = example.world.values[column]
            assert array.shape == (count, *(sizes[axis] for axis in column.axes))
            assert np.isfinite(array).all()


def test_default_demand_shares_add_to_one(example):
    assert example.world.values[Categories.demand_share].sum() == pytest.approx(1, abs=1e-6)


def test_pairs(example):
    values = example.world.values
    assert values[Dyads.distance][0, 1] == values[Dyads.distance][1, 0] == 300
    assert values[Dyads.distance][0, 2] == Dyads.distance.bounds.default
    assert (values[Dyads.hostility][0, 1], values[Dyads.hostility][1, 0]) == (0.4, 0.6)
    assert (values[Dyads.alignment][0, 2], values[Dyads.alignment][2, 0]) == (0.5, 0)
    assert np.diagonal(values[Dyads.hostility]).tolist() == [0, 0, 0]
    assert np.diagonal(values[Dyads.alignment]).tolist() == [1, 1, 1]


def test_firms_and_lines(example):
    world = example.world
    assert world.firm_home.tolist() == [1, 0]
    assert world.values[Firms.state_share].tolist() == [1, 0]
    assert world.values[Firms.civil_revenue].tolist() == [1500, 0]
    assert world.line_firm.tolist() == [0, 0, 1]
    assert world.line_category.tolist() == [1, 0, 6]
    assert world.line_design.tolist() == [-1, 2, -1]
    assert world.line_weight.tolist() == [1, 2, 1]
    assert np.isnan(world.line_quality).tolist() == [True, False, True]
    assert world.component_source.tolist() == [[-1, -1, -1], [0, 2, -1], [-1, -1, -1]]
    assert world.component_share[1].tolist() == [0.2, 0.05, 0]


def test_alliances(example):
    world = example.world
    assert world.alliance_kind.tolist() == [AllianceKind.DEFENCE_PACT, AllianceKind.PROCUREMENT_POOL]
    assert world.alliance_member.tolist() == [[True, False, True], [True, True, False]]
    assert world.values[Alliances.burden_target].tolist() == [0.02, 0]


def test_settings_by_date(example):
    policy = example.policy
    assert [setting.year for setting in policy] == sorted(setting.year for setting in policy)
    assert Setting(States.offset_rate, (0,), 2027.0, 0.3) in policy
    assert Setting(States.offset_rate, (0,), 2030.5, 0.4) in policy
    assert Setting(States.domestic_margin, (0,), -math.inf, 0.1) in policy
    assert Setting(States.criterion_weight, (1,), 2029.5, 3.0) in policy
    assert Setting(Firms.margin, (0,), 2026.0, 0.12) in policy
    assert Setting(Alliances.pooled_share, (1,), -math.inf, 0.3) in policy
    assert Setting(Dyads.buyer_strictness, (0, 1), 2031.0, 2.0) in policy


def test_default_sets_the_names_that_are_not_given(example):
    weights = [s for s in example.policy if s.column is States.criterion_weight and s.index[0] == 0]
    human_rights = CRITERIA.index("human_rights")
    assert Setting(States.criterion_weight, (0, human_rights), 2028.0, 2.0) in weights
    others = {s.index[1] for s in weights if s.year == -math.inf and s.value == 0.5}
    assert others == set(range(len(CRITERIA))) - {human_rights}


def test_events_by_date_with_rows_for_names(example):
    embargo, oil = example.events
    assert (embargo.year, embargo.kind, oil.year, oil.kind) == (2031.25, "embargo", 2032, "oil_shock")
    assert embargo.effect.imposers.states == (0, 2)
    assert (embargo.effect.target, embargo.effect.years, embargo.effect.support) == (1, 2.5, True)


def test_parameters(example):
    assert example.params.budgeting.reaction == 0.2
    assert example.params.assessing.reach == 2000
    assert example.params.hiring == Params().hiring


def test_seed_and_years_of_the_call(example):
    shorter = load("example.yaml", seed=9, years=4)
    assert (shorter.seed, shorter.calendar.end) == (9, 2029)
    assert shorter.world.seed == example.world.seed


def test_a_folder_is_a_scenario(folder):
    (folder / "gulf").mkdir()
    (folder / "gulf" / "scenario.yaml").write_text(EXAMPLE)
    assert load("gulf").name == "gulf"


def test_empty_headings_say_nothing(folder, example):
    text = EXAMPLE.replace("  firms: {Forge: {margin: {2026: 12%}}}", "  firms:")
    (folder / "empty.yaml").write_text(text + "\n")
    assert len(load("empty.yaml").policy) == len(example.policy) - 1


# Tables


def test_tables_beside_give_the_same_world(folder, example):
    (folder / "states.csv").write_text(
        "name,gdp,know_how.aircraft,know_how.default,rung.ships,burden,offset_rate\n"
        "Ardia,0.5 tn USD,0.5,0.2,,,20%\n"
        "Boria,800 bn USD,,0.7,6,,\n"
        "Coria,90000,,,,3%,\n"
    )
    (folder / "firms.csv").write_text(
        "name,home,state_share,civil_revenue,lines\nForge,Boria,1,1 500,ships\nHammer,Ardia,,,\n"
    )
    (folder / "lines.csv").write_text(
        "firm,category,quality,weight,design,component_1,share_1,component_2,share_2\n"
        "Forge,aircraft,0.6,2,Coria,Ardia,20%,Coria,5%\n"
        "Hammer,artillery,,,,,,,\n"
    )
    (folder / "alliances.csv").write_text(
        "name,kind,members,burden_target\n"
        "Pact,defence_pact,Ardia|Coria,2%\n"
        "Pool,procurement_pool,Boria | Ardia,\n"
    )
    (folder / "pairs.csv").write_text(
        "from,to,distance,hostility,alignment\n"
        "Ardia,Boria,300 km,40%,\n"
        "Boria,Ardia,300 km,60%,\n"
        "Ardia,Coria,,,0.5\n"
    )
    head, rest = EXAMPLE[: EXAMPLE.index("  states:")], EXAMPLE[EXAMPLE.index("policy:") :]
    tables = "".join(f"  {name}: {{csv: {name}.csv}}\n" for name in ("states", "firms", "lines"))
    tables += "  alliances: {csv: alliances.csv}\n  relations: {csv: pairs.csv}\n"
    (folder / "tables.yaml").write_text(head + tables + rest)
    tabled = load("tables.yaml")
    assert world_digest(tabled) == world_digest(example)
    assert treatment_digest(tabled) == treatment_digest(example)
    assert {path.name for path in tabled.files} == {
        "tables.yaml", "states.csv", "firms.csv", "lines.csv", "alliances.csv", "pairs.csv"
    }  # fmt: skip


# Shipped scenarios


def test_the_flagship_world():
    names = load(SCENARIOS / "baseline.yaml").world.names
    assert 12 <= len(names.states) <= 14
    assert 40 <= len(names.firms) <= 60
    assert 3 <= len(names.alliances) <= 4


@pytest.mark.parametrize("name", VARIANTS)
def test_variants_differ_from_the_baseline_in_the_treatment_alone(name):
    baseline, variant = load(SCENARIOS / "baseline.yaml"), load(SCENARIOS / f"{name}.yaml")
    assert world_digest(variant) == world_digest(baseline)
    assert treatment_digest(variant) != treatment_digest(baseline)
    assert variant.seed == baseline.seed
    assert variant.outputs == baseline.outputs


@pytest.mark.parametrize("module", sorted((SCENARIOS / "policies").glob("*.yaml")), ids=str)
def test_every_policy_module_can_be_included(module, folder):
    (folder / "try.yaml").write_text(
        f"extends: {SCENARIOS / 'baseline.yaml'}\npolicy: {{include: [{module}]}}\n"
    )
    assert load("try.yaml").policy


# Generated worlds

GENERATED = """\
deftrade: 1
time: {start: 2025, end: 2030}
price_year: 2024
world: {seed: 11, categories: default, generate: {states: 14, firms: 20, economy: {gdp_total: 50 tn USD}}}
"""


def test_a_generated_world(folder):
    (folder / "made.yaml").write_text(GENERATED)
    made = load("made.yaml")
    names = made.world.names
    assert (len(names.states), len(names.firms), made.world.seed) == (14, 20, 11)
    assert made.world.values[States.gdp].sum() == pytest.approx(50e6, rel=0.01)
    assert world_digest(load("made.yaml")) == world_digest(made)
    (folder / "policy.yaml").write_text(
        f"extends: made.yaml\npolicy: {{states: {{'{names.states[1]}': {{offset_rate: 50%}}}}}}\n"
    )
    assert load("policy.yaml").policy == (Setting(States.offset_rate, (1,), -math.inf, 0.5),)


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ("states: 14", "states: 3", "4:59: world.generate.states", "the value is out of range"),
        ("firms: 20", "frims: 20", "4:63: world.generate.frims", "this key is not known here"),
        ("50 tn USD", "50 tn", "4:95: world.generate.economy.gdp_total", "the unit tn is not known here"),
        ("seed: 11", "states: []", "4:9: world.states", "a generated world has its own"),
    ],
)  # fmt: skip
def test_faults_of_what_is_to_be_generated(folder, old, new, place, problem):
    (folder / "made.yaml").write_text(GENERATED.replace(old, new))
    with pytest.raises(ScenarioError) as caught:
        load("made.yaml")
    (fault,) = caught.value.faults
    assert str(fault).startswith(f"made.yaml:{place}: {problem}")


# Old keys


def test_an_old_key_is_read_under_its_new_name_with_a_warning(folder, example, monkeypatch):
    old = {("policy", "states", "*", "offset_share"): "offset_rate"}
    monkeypatch.setattr(old_keys, "RENAMED", old)
    (folder / "old.yaml").write_text(EXAMPLE.replace("      offset_rate:", "      offset_share:"))
    words = r"old.yaml:32:7: policy.states.Ardia.offset_share is now called offset_rate"
    with pytest.warns(old_keys.OldKeyWarning, match=words):
        assert load("old.yaml").policy == example.policy


def test_faults_of_an_old_key_stand_where_it_stands(folder, monkeypatch):
    old = {("policy", "states", "*", "offset_share"): "offset_rate"}
    monkeypatch.setattr(old_keys, "RENAMED", old)
    text = EXAMPLE.replace("      offset_rate:", "      offset_share:").replace("2030-Q3", "2030-Q7")
    (folder / "old.yaml").write_text(text)
    with pytest.warns(old_keys.OldKeyWarning), pytest.raises(ScenarioError) as caught:
        load("old.yaml")
    assert [fault.place for fault in caught.value.faults] == ["old.yaml:32:33"]


def test_a_key_for_which_something_else_stands_is_a_fault_that_says_what(folder):
    (folder / "old.yaml").write_text(
        EXAMPLE.replace("budgeting: {reaction: 0.2}", "accounting: {tax_displacement: 0.5}")
    )
    with pytest.raises(ScenarioError) as caught:
        load("old.yaml")
    (fault,) = caught.value.faults
    assert fault.place.startswith("old.yaml:")
    assert "accounting.tax_displacement: there is no such key any more: consumption" in str(fault)


def test_an_old_key_beside_its_new_name_is_a_fault(folder, monkeypatch):
    old = {("policy", "states", "*", "offset_share"): "offset_rate"}
    monkeypatch.setattr(old_keys, "RENAMED", old)
    text = EXAMPLE.replace("      domestic_margin: 10%", "      offset_share: 10%")
    (folder / "old.yaml").write_text(text)
    with warnings.catch_warnings(), pytest.raises(ScenarioError) as caught:
        load("old.yaml")
    (fault,) = caught.value.faults
    assert fault.problem == "this is the old name of offset_rate, which is given too"


# The schema


def test_the_schema_follows_the_declarations():
    entry = ScenarioFile.model_fields["world"].annotation
    assert entry is World
    states = World.model_fields["states"].annotation.__args__[0]
    policy = Policy.model_fields["states"].annotation.__args__[1]
    assert set(states.model_fields) == {
        "name", *(column.name for column in settable(States, "given", "lever"))
    }  # fmt: skip
    assert set(policy.model_fields) == {column.name for column in settable(States, "lever")}


def test_loading_imports_nothing_heavy():
    code = "import sys, deftrade.scenario.load; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert not {"pandas", "mesa", "matplotlib", "pyarrow"} & set(done.stdout.split())
