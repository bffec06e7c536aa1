"""Experiment files: what they mean, and every fault of one with its place."""

import json
import re
import shutil
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest
from tests.experiments.experiments import GRID, write

from deftrade import load, load_experiment
from deftrade.core.tables import States
from deftrade.core.wording import exact
from deftrade.errors import ScenarioError
from deftrade.experiments.answers.api import batch_of
from deftrade.experiments.design import schema
from deftrade.scenario.digests import treatment_digest, world_digest

REPOSITORY = Path(__file__).resolve().parents[2]
SCENARIOS = REPOSITORY / "scenarios"
# A file of claims is none of experiments; test_claims_answered.py reads it.
SHIPPED = sorted(path for path in (SCENARIOS / "experiments").glob("*.yaml") if path.stem != "claims")
GUIDE = REPOSITORY / "docs" / "experiments.md"
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HEAD = "scenario: base.yaml\nindicators: [exports]\n"
ONE = "factors:\n  parameters.budgeting.reaction: {range: [0.1, 0.4]}\n"


def faults(tmp_path, text):
    with pytest.raises(ScenarioError) as caught:
        load_experiment(write(tmp_path, text))
    return str(caught.value).replace(f"{tmp_path.as_posix()}/", "")


def test_the_grid_says_what_its_baseline_asks_for():
    path = SCENARIOS / "experiments" / "offset_grid.yaml"
    experiment, words = load_experiment(path), " ".join(path.read_text(encoding="utf-8").split())
    offsets, localisation = (
        exact(float(experiment.baseline.world.values[column][0]), "share")
        for column in (States.offset_rate, States.localisation_target)
    )
    assert f"offsets of {offsets} and localisation of {localisation} already" in words


def test_cooperation_says_how_close_the_baseline_is_to_its_ally():
    path = SCENARIOS / "experiments" / "robust_cooperation.yaml"
    experiment, words = load_experiment(path), path.read_text(encoding="utf-8")
    world, factor = experiment.baseline.world, experiment.factors[-1].target
    assert f"alignment of {world.values[factor.column][factor.indices[0]]:g}" in words


def test_a_file_becomes_an_experiment(tmp_path):
    experiment = load_experiment(write(tmp_path, GRID))
    assert experiment.arms == ("policy", "baseline")
    assert experiment.policies["policy"].calendar.end == 2026
    assert [factor.path for factor in experiment.factors] == [
        "policy.states.Noor.procurement_share",
        "parameters.budgeting.reaction",
    ]
    assert experiment.lay_out().tolist() == [[0.15, 0.1], [0.15, 0.4], [0.5, 0.1], [0.5, 0.4]]
    assert next(path.name for path in experiment.files) == "experiment.yaml"


def test_factors_of_policy_leave_the_baseline_alone_and_parameters_do_not(tmp_path):
    experiment = load_experiment(write(tmp_path, GRID))
    point = np.array([0.5, 0.4])
    policy, baseline = (experiment.scenario_at(arm, point) for arm in experiment.arms)
    assert treatment_digest(baseline) == treatment_digest(experiment.baseline)
    assert treatment_digest(policy) != treatment_digest(experiment.policies["policy"])
    assert policy.params.budgeting.reaction == baseline.params.budgeting.reaction == 0.4
    assert world_digest(policy) == world_digest(baseline)


def test_a_baseline_that_no_factor_touches_is_one_cell(tmp_path):
    text = GRID.replace("  parameters.budgeting.reaction: {range: [0.1, 0.4]}\n", "")
    experiment = load_experiment(write(tmp_path, text))
    assert [cell.name for cell in experiment.cells(experiment.lay_out())] == [
        "p0-policy",
        "baseline",
        "p1-policy",
    ]
    both = load_experiment(write(tmp_path, GRID))
    assert len(both.cells(both.lay_out())) == 8


def test_cells_of_points_keep_their_digests(tmp_path):
    one, other = (batch_of(load_experiment(write(tmp_path, GRID))) for _ in range(2))
    assert one.digest == other.digest
    assert one.plan()["cells"] == other.plan()["cells"]
    seen = {(cell["world"], cell["treatment"]) for cell in one.plan()["cells"] if "policy" in cell["name"]}
    assert len(seen) == 4
    moved = batch_of(load_experiment(write(tmp_path, GRID.replace("[0.1, 0.4]", "[0.1, 0.41]"))))
    first, last = ([batch.plan()["cells"][place] for batch in (one, moved)] for place in (0, -2))
    assert first[0] == first[1]
    assert last[0] != last[1]


def test_bounds_stand_where_no_range_is_given(tmp_path):
    text = HEAD + "factors:\n  policy.states.Noor.offset_rate:\ndesign: lhs\npoints: 4\n"
    (factor,) = load_experiment(write(tmp_path, text)).factors
    assert (factor.low, factor.high) == (0, 1.5)


def test_a_date_holds_the_lever_back(tmp_path):
    text = (
        HEAD + "factors:\n  policy.states.Noor.offset_rate: {levels: [0%, 90%], from: 2026}\ndesign: grid\n"
    )
    experiment = load_experiment(write(tmp_path, text))
    (setting,) = experiment.scenario_at("scenario", np.array([0.9])).policy
    assert (setting.year, setting.value) == (2026, 0.9)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_experiments_load_and_every_point_can_be_run(path):
    experiment = load_experiment(path)
    assert experiment.title != experiment.name
    assert len(experiment.lay_out()) * len(experiment.arms) * experiment.runs <= 200


def test_all_faults_are_found_at_once_each_in_its_place(tmp_path):
    found = faults(
        tmp_path,
        """\
        scenario: base.yaml
        factors:
          parameters.budgeting.reactoin: {range: [0, 1]}
          policy.states.Nor.offset_rate:
          policy.states.Noor.offset_rate: {range: [0%, 500%], from: 1999}
        design: sobol
        points: 12
        indicators: [export]
        """,
    )
    expected = """\
        6 problems in experiment.yaml
        experiment.yaml:4:3: factors.'parameters.budgeting.reactoin': budgeting has no parameter of this name
            parameters.budgeting.reactoin: {range: [0, 1]}
            ^
            found reactoin; allowed: reaction, trend, free_riding, debt_ceiling, interest, debt_repayment, recession_adjustment, growth_feedback, … and 28 more; did you mean reaction?
        experiment.yaml:5:3: factors.'policy.states.Nor.offset_rate': there is no state of this name
            policy.states.Nor.offset_rate:
            ^
            found Nor; allowed: Noor, Kharan, Westmark; did you mean Noor?
        experiment.yaml:6:48: factors.'policy.states.Noor.offset_rate'.range[1]: the value is out of range
            policy.states.Noor.offset_rate: {range: [0%, 500%], from: 1999}
                                                         ^
            found 500%; allowed: 0% to 150%
        experiment.yaml:6:61: factors.'policy.states.Noor.offset_rate'.from: the date is outside the time that is simulated
            policy.states.Noor.offset_rate: {range: [0%, 500%], from: 1999}
                                                                      ^
            found 1999; allowed: from 2025 to before 2027
        experiment.yaml:8:9: points: a Sobol sequence is balanced at powers of two only
            points: 12
                    ^
            found 12; allowed: 8 or 16
        experiment.yaml:9:14: indicators[0]: this is none of the words allowed here
            indicators: [export]
                         ^
            found export; allowed: """  # noqa: E501
    assert found.startswith(dedent(expected).rstrip("\n"))
    assert found.endswith("did you mean exports?")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + "points: 4\n", ":1:1: factors: a required key is missing: factors"),
        ("indicators: [exports]\n" + ONE + "points: 4\n", ":1:1: an experiment names one scenario:"),
        (HEAD + ONE, ":1:1: points: a design lhs needs points:, its size"),
        (HEAD + ONE + "points: 4\ncolour: red\n", ":7:1: colour: this key is not known here"),
        (HEAD + ONE + "points: 4\nyears: 3\n", ":7:8: years: the scenario base is shorter than this"),
        (HEAD.replace("base", "bass") + ONE + "points: 4\n", "no such scenario file: bass.yaml"),
        (HEAD.replace("base.yaml", "..") + ONE + "points: 4\n", "this folder holds no scenario.yaml"),
        (HEAD.replace("base.yaml", "b" * 300) + ONE + "points: 4\n", "no such scenario file: bbb"),
        (HEAD + "baseline: 3\n" + ONE + "points: 4\n", ":4:11: baseline: this must be the name of"),
        (HEAD + ONE.replace("0.4]", "0.4, 0.5]") + "points: 4\n", "a range is its lowest and its highest"),
        (HEAD + ONE.replace("range: [0.1, 0.4]", "levels: [1%]") + "points: 4\n", "two or more different"),
        (HEAD + ONE.replace("0.1", "50 USD") + "points: 4\n", ":5:43: factors.'parameters.budgeting"),
        (HEAD + ONE.replace("}", ", from: 2026}") + "points: 4\n", "only levers of policy change at a date"),
        (HEAD + "factors:\n  world.states.Noor.gdp:\npoints: 4\n", "an opening value needs a range:"),
        (HEAD + ONE + "  ' parameters.budgeting.reaction':\npoints: 4\n", "sets what parameters.budget"),
        (HEAD + ONE + "points: 100000\ndesign: grid\nruns: 0\n", ":8:7: runs: the value is out of range"),
        ("scenario: base.yaml\n" + ONE + "points: 4\n", "name what to look at: indicators:, or goals:"),
        (HEAD + ONE + "points: 4\ngoals: {exports: {}}\n", "a goal has one threshold: at_least: or at_most:"),
        (HEAD + ONE + "points: 4\ngoals: {exports: {at_least: 3 jobs}}\n", "MUSD/yr is wanted"),
        (HEAD.replace("scenario: base.yaml", "policies: {a b: base.yaml}") + ONE, "called by one word"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(tmp_path, text, expected):
    assert expected in faults(tmp_path, text)


def test_a_misspelt_scenario_brings_its_nearest(tmp_path):
    assert "did you mean base.yaml?" in faults(tmp_path, HEAD.replace("base", "bsae") + ONE + "points: 4\n")


def test_two_factors_cannot_set_one_value(tmp_path):
    text = HEAD + "factors:\n  policy.states.Noor.criterion_weight:\n"
    text += "  policy.states.Noor.criterion_weight.diversion:\npoints: 4\n"
    assert "this sets what policy.states.Noor.criterion_weight sets" in faults(tmp_path, text)


def test_a_grid_without_bounds_on_its_size_is_refused(tmp_path):
    names = ("reaction", "free_riding", "interest", "lapse", "fund_years")
    factors = "".join(f"  parameters.budgeting.{name}:\n" for name in names)
    text = f"{HEAD}factors:\n{factors}design: grid\npoints: 30\n"
    assert "the design has 24300000 points" in faults(tmp_path, text)


def test_worlds_that_differ_are_refused(tmp_path):
    text = "policies: {one: base.yaml, two: other.yaml}\nindicators: [exports]\n" + ONE + "points: 4\n"
    other = "deftrade: 1\nextends: base.yaml\nparameters: {budgeting: {reaction: 0.2}}\n"
    (tmp_path / "other.yaml").write_text(other, encoding="utf-8")
    assert ":2:33: policies.two: this scenario has another world" in faults(tmp_path, text)


def test_a_point_that_no_scenario_could_hold_is_refused(tmp_path):
    text = HEAD + "factors:\n  policy.states.Noor.procurement_share: {levels: [20%, 50%]}\n"
    text += "  policy.states.Noor.research_share: {levels: [5%, 30%]}\ndesign: grid\n"
    found = faults(tmp_path, text)
    assert ":4:1: factors: point 3 of the design cannot be run (states.Noor.procurement_share 50%" in found
    assert "the shares for equipment, support and research of Noor add to" in found


def test_faults_of_the_scenario_come_along(tmp_path):
    path = write(tmp_path, HEAD + ONE + "points: 4\ncolour: 1\n")
    base = tmp_path / "base.yaml"
    base.write_text(base.read_text("utf-8").replace("gdp: 450 bn USD", "gdp: much"), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_experiment(path)
    assert {fault.file.rsplit("/", 1)[-1] for fault in caught.value.faults} == {
        "base.yaml",
        "experiment.yaml",
    }


def test_the_schema_knows_every_key_and_is_plain_json():
    found = json.loads(json.dumps(schema.json_schema()))
    assert set(found["properties"]) == set(schema.ExperimentFile.model_fields)
    assert found["required"] == ["deftrade_experiment", "factors"]
    assert set(found["$defs"]["FactorEntry"]["properties"]) == {"range", "levels", "from"}


def test_scenarios_of_the_tests_load(tmp_path):
    write(tmp_path, GRID)
    assert load(tmp_path / "offsets.yaml").policy


@pytest.mark.parametrize("block", YAML.findall(GUIDE.read_text("utf-8")), ids=lambda text: text[:20])
def test_the_experiments_of_the_guide_load(block, tmp_path):
    shutil.copytree(SCENARIOS, tmp_path / "scenarios")
    page = tmp_path / "scenarios" / "experiments" / "of_the_guide.yaml"
    page.write_text(block, encoding="utf-8")
    assert len(load_experiment(page).factors) == 3
