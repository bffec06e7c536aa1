"""Comparisons: fair ones only, exactly zero where nothing acts, and the same luck for what is untouched."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest
from tests.drawn import check_drawn

from deftrade import compare, load, read_comparison
from deftrade.core.draws import Draws, replicate_seed
from deftrade.errors import ExperimentError, OutputError, ScenarioError
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.execution import Execution, Shard
from deftrade.experiments.batch.merge import merge
from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.batch.running import run_batch
from deftrade.experiments.compare import compare as comparing
from deftrade.experiments.compare.compare import comparison_batch, judge_folder, loaded
from deftrade.experiments.compare.comparison import compare_result
from deftrade.experiments.compare.fairness import cells_of, check_comparable
from deftrade.experiments.compare.figures import most_moved
from deftrade.experiments.compare.files import own_files, write_comparison
from deftrade.experiments.compare.findings import chosen_indicators
from deftrade.experiments.compare.stopping import FEWEST, parse_until
from deftrade.experiments.compare.text import page
from deftrade.experiments.compare.treatment import policy_start, treatment_of
from deftrade.files import manifests
from deftrade.results.indicators import INDICATORS
from deftrade.simulation import start, step

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
BASE = SCENARIOS / "baseline.yaml"
MODULE = SCENARIOS / "policies" / "skills.yaml"
YEARS = 2
RUNS = 8


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """Return a small comparison of a module and of the baseline itself with the baseline, on disk."""
    out = tmp_path_factory.mktemp("out")
    return compare(BASE, MODULE, BASE, runs=RUNS, years=YEARS, engine="serial", out=out)


def test_a_module_stands_for_the_baseline_with_it(found):
    assert found.baseline == "baseline"
    assert found.policies == ("skills", "baseline-2")
    changes = found.treatments["skills"].changes
    assert any("training_places of Noor" in line for line in changes)
    assert all(line.startswith("policy: ") for line in changes)


def test_a_module_laid_over_a_scenario_is_what_a_child_would_be(tmp_path):
    child = tmp_path / "child.yaml"
    child.write_text(f"deftrade: 1\nextends: {BASE}\npolicy: {{include: [{MODULE}]}}\n", encoding="utf-8")
    one, other = load(child), load(BASE, modules=[MODULE])
    assert not treatment_of(one, other).changes
    assert other.name == "skills"


def test_a_baseline_cannot_be_a_module():
    with pytest.raises(ScenarioError):
        loaded([MODULE, BASE])


def test_a_against_a_is_exactly_zero(found):
    rows = found.to_frame().query("policy == 'baseline-2'")
    assert len(rows) == found.family / 2
    for column in ("difference", "low", "high", "pairs_moved"):
        assert (rows[column] == 0).all()
    assert set(rows["evidence"]) == {"no effect at all: the policy cannot act on it"}
    trajectories = found.to_frame("courses").query("policy == 'baseline-2'")
    assert (trajectories[["difference", "low", "high"]].fillna(0) == 0).all(axis=None)
    assert not found.acts["baseline-2"]
    assert any("runs exactly as baseline" in remark for remark in found.remarks())


def test_every_pair_is_the_same_luck_and_numbers_are_those_of_the_runs(found):
    frame = found.result.to_frame("indicators")
    wide = frame.pivot_table(index="run", columns=["cell", "indicator"], values="value")
    apart = wide["skills"]["fiscal_cost"] - wide["baseline"]["fiscal_cost"]
    finding = found.of("fiscal_cost", "skills")
    assert finding.measured.mean == pytest.approx(apart.mean())
    assert finding.error == pytest.approx(apart.std(ddof=1) / np.sqrt(RUNS))
    seeds = frame.groupby("run")["seed"].nunique()
    assert (seeds == 1).all()


def test_courses_begin_equal_and_are_the_mean_of_the_pairs(found):
    trajectories = found.to_frame("courses").query("policy == 'skills'")
    # The module's first date is 2026: opening and 2025 are the baseline's, bit for bit.
    before = trajectories[trajectories["date"].isin(["opening", "2025"])]
    assert (before["difference"].fillna(0) == 0).all()
    after = trajectories[trajectories["date"] == "2026"]
    assert (after["difference"].fillna(0) != 0).any()
    raw = found.result.to_frame("courses").query("date == '2026'")
    means = raw.groupby("cell")["jobs_direct"].mean()
    row = after[after["quantity"] == "jobs_direct"].iloc[0]
    assert row["difference"] == pytest.approx(means["skills"] - means["baseline"])
    assert row["unit"] == "jobs"


def test_files_are_whole_and_json_is_valid(found):
    names = [
        f"{name}.{ending}" for name in ("comparison", "courses_comparison") for ending in ("csv", "parquet")
    ]
    assert all((found.folder / name).stat().st_size for name in [*names, "comparison.md"])
    trajectories = pd.read_csv(
        found.folder / "courses_comparison.csv", keep_default_na=False, na_values=["nan"]
    )
    pd.testing.assert_frame_equal(trajectories, found.to_frame("courses"), check_dtype=False)


def test_the_dictionary_of_a_comparison_says_what_every_column_is(found):
    entries = pd.read_csv(found.folder / "comparison_dictionary.csv", keep_default_na=False)
    assert entries["meaning"].ne("").all()
    told = entries.groupby("table")["column"].agg(list).to_dict()
    assert told == {name: table.column_names for name, table in found.tables().items()}
    figures = sorted(path.name for path in (found.folder / "figures").iterdir())
    assert "forest-skills.png" in figures
    assert "course-skills.svg" in figures
    text = (found.folder / "comparison.json").read_text(encoding="utf-8")

    def refuse(constant):
        raise AssertionError(constant)

    data = json.loads(text, parse_constant=refuse)
    assert len(data["findings"]) == found.family
    table = pyarrow.parquet.read_table(found.folder / "comparison.parquet")
    assert table.num_rows == found.family
    assert not manifests.damages(found.folder, manifests.read(found.folder))


def test_the_same_again_is_found_and_gives_equal_bytes(found):
    before = {path.name: path.read_bytes() for path in found.folder.glob("comparison*")}
    again = compare(BASE, MODULE, BASE, runs=RUNS, years=YEARS, engine="serial", out=found.folder.parent)
    assert not again.result.is_new
    assert {path.name: path.read_bytes() for path in found.folder.glob("comparison*")} == before


def test_shards_merged_give_the_same_comparison(found, tmp_path):
    batch = comparison_batch([BASE, MODULE, BASE], RUNS, years=YEARS)
    parts = [
        run_batch(batch, batch.place(tmp_path, shard), Execution("serial", shard=shard)).folder
        for shard in (Shard(1, 2), Shard(2, 2))
    ]
    with pytest.raises(ExperimentError, match="merge the shards"):
        compare_result(run_batch(batch, parts[0], Execution(shard=Shard(1, 2))), batch.cells)
    merged = merge(parts, tmp_path / "whole").folder
    assert read_comparison(merged).to_dict()["findings"] == found.to_dict()["findings"]


def test_runs_that_were_changed_are_not_judged(found, tmp_path):
    folder = shutil.copytree(found.folder, tmp_path / "hurt")
    (folder / "indicators.parquet").write_bytes((folder / "courses.parquet").read_bytes())
    for judge in (read_comparison, judge_folder):
        with pytest.raises(OutputError, match=r"is not as it was written: indicators\.parquet was changed"):
            judge(folder)


def test_writing_a_comparison_vouches_for_no_other_file(found, tmp_path):
    folder = shutil.copytree(found.folder, tmp_path / "hurt")
    (folder / "status.csv").write_text("changed", encoding="utf-8")
    (folder / "figures" / "mine.png").write_text("mine", encoding="utf-8")
    write_comparison(found, folder)
    damages = manifests.damages(folder, manifests.read(folder))
    assert damages == ["status.csv was changed", "figures/mine.png was added"]


def test_what_a_killed_comparison_left_is_written_anew(found, tmp_path):
    batch = comparison_batch([BASE, MODULE], 2, years=1)
    folder = run_batch(batch, tmp_path / "batch", Execution("serial")).folder
    (folder / "comparison.csv").write_text("half", encoding="utf-8")
    assert judge_folder(folder).policies == ("skills",)
    assert not manifests.damages(folder, manifests.read(folder))


def test_a_notebook_sees_a_table_and_a_repr(found):
    html = found._repr_html_()
    assert html.count("<table>") == 2
    assert "net jobs" in html
    assert "skills" in repr(found)
    assert found.sentence("fiscal_cost", policy="skills").startswith("policy skills: ")
    with pytest.raises(KeyError, match="name one of the policies"):
        found.sentence("fiscal_cost")
    with pytest.raises(KeyError, match="nothing was found"):
        found.of("cohesion", "skills")
    with pytest.raises(KeyError, match="no quantity"):
        found.plot("course", "happiness", "skills")


def test_a_failed_run_leaves_its_pair_out(found):
    batch = comparison_batch([BASE, MODULE], 3, years=1)
    result = run_batch(batch, execution=Execution("serial"))
    table = result.table("indicators")
    keep = np.array(
        [
            not (c == "skills" and r == 1)
            for c, r in zip(table["cell"].to_pylist(), table["run"].to_pylist(), strict=True)
        ]
    )
    trajectories = result.table("courses")
    kept = np.array(
        [
            not (c == "skills" and r == 1)
            for c, r in zip(trajectories["cell"].to_pylist(), trajectories["run"].to_pylist(), strict=True)
        ]
    )
    failed = batch.tasks()[4].failed("Traceback\nZeroDivisionError: a fault")
    hurt = replace(
        result,
        failed=(failed,),
        _tables={
            "indicators": table.filter(keep),
            "courses": trajectories.filter(kept),
            "status": result.table("status"),
        },
    )
    comparison = compare_result(hurt, batch.cells)
    assert {finding.measured.pairs for finding in comparison.findings} == {2}
    assert any(
        "run 1 of skills failed" in remark and "ZeroDivisionError" in remark
        for remark in comparison.remarks()
    )


# Fairness


def other_world():
    base = load(BASE, years=1)
    accounting = base.params.accounting.model_copy(update={"civil_intensity": 2.0})
    return base, replace(base, name="other", params=base.params.model_copy(update={"accounting": accounting}))


def test_different_worlds_are_refused_with_what_differs():
    base, other = other_world()
    with pytest.raises(ExperimentError, match=r"parameter: accounting.civil_intensity: .* → 2") as caught:
        compare(base, other, runs=2)
    assert "--allow-different-worlds" in str(caught.value)
    found = compare(base, other, runs=2, engine="serial", allow_different_worlds=True)
    assert any("civil_intensity" in line for line in found.treatments["other"].changes)


def test_different_time_axes_are_always_refused():
    base = load(BASE)
    with pytest.raises(ExperimentError, match="baseline-2 runs from 2025 to 2027"):
        check_comparable(cells_of([base, base.with_years(3)]), allow_different_worlds=True)


def test_one_scenario_is_no_comparison():
    with pytest.raises(ExperimentError, match="a baseline and at least one policy"):
        compare(BASE)


@pytest.mark.parametrize("text", ["jobs_net", "jobs_net=", "jobs_net=0", "jobs_net=-3", "jobs_net=nan"])
def test_a_stopping_rule_needs_a_width(text):
    with pytest.raises(ExperimentError, match="INDICATOR=HALF-WIDTH"):
        parse_until(text)


def test_one_indicator_may_be_told_as_text():
    assert [item.name for item in chosen_indicators("jobs_net")] == ["jobs_net"]
    assert chosen_indicators("all") == INDICATORS
    with pytest.raises(ExperimentError, match="no indicator 'job_net'; did you mean jobs_net"):
        chosen_indicators("job_net")


def test_an_unknown_indicator_is_refused_with_the_likeliest():
    with pytest.raises(ExperimentError, match="did you mean jobs_net"):
        compare(BASE, MODULE, indicators=["job_net"])
    with pytest.raises(ExperimentError, match="no indicator 'luck'"):
        parse_until("luck=3")


# Policies that cannot act


def policy_of(tmp_path, text):
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    return load(BASE, years=2, modules=[tmp_path / "policy.yaml"])


def test_a_lever_set_to_what_it_had_is_seen_before_any_run(tmp_path):
    base = load(BASE, years=2)
    same = policy_of(tmp_path, "states: {Noor: {offset_rate: {2026: 30%}}}")
    treatment = treatment_of(base, same)
    assert not treatment.can_act
    assert treatment.reasons == ("offset_rate of Noor: has this value already",)
    found = compare(base, same, runs=2, engine="serial")
    assert not found.acts["policy"]
    assert "has this value already" in found.remarks()[0]


def test_a_cut_channel_is_seen_in_the_runs():
    claims = SCENARIOS / "claims" / "control"
    found = compare(claims / "null.yaml", claims / "null_policy.yaml", runs=2, years=1, engine="serial")
    assert found.treatments["null_policy"].reasons
    assert not found.acts["null_policy"]


def test_a_lever_without_a_case_in_the_runs_is_not_called_unable(tmp_path):
    base = load(BASE, years=2)
    module = policy_of(tmp_path, "states: {Noor: {offset_threshold: {2026-Q4: 49 m USD}}}")
    found = compare(base, module, runs=2, engine="serial", indicators=["imports"])
    assert found.treatments["policy"].can_act
    assert not found.acts["policy"]
    assert found.of("imports").verdict.evidence.startswith("no effect in any of 2 pairs of runs")
    assert "no case within the run" in found.remarks()[0]


def test_what_is_dated_after_the_run_is_pointed_at(tmp_path):
    module = tmp_path / "late.yaml"
    module.write_text("states: {Noor: {offset_rate: {2040: 50%}}}", encoding="utf-8")
    found = compare(BASE, module, years=1, runs=2, engine="serial", indicators=["imports"])
    assert found.remarks() == [
        "policy late runs exactly as baseline does in every pair: outside the run, which goes from 2025 to"
        " 2025, lies offset_rate of Noor: 30%, as the world has it → 50% from 2040"
    ]
    assert found.treatments["late"].changes == (
        "outside the run: policy: offset_rate of Noor: 30%, as the world has it → 50% from 2040",
    )


def test_every_late_lever_and_event_is_named_but_for_very_many(tmp_path):
    base = load(BASE, years=5)
    child = tmp_path / "late.yaml"
    settings = "{offset_rate: {2026: 30%, 2040: 50%}, research_subsidy: {2041-Q2: 10%}}"
    event = "{at: 2031-Q1, embargo: {from: Westmark, on: Noor, years: 3}}"
    child.write_text(
        f"deftrade: 1\nextends: {BASE}\npolicy: {{states: {{Noor: {settings}}}}}\nevents: [{event}]\n",
        encoding="utf-8",
    )
    # Cut twice is cut once.
    treatment = treatment_of(base, load(child, years=9).with_years(5))
    assert not treatment.can_act
    told = "; ".join(treatment.reasons)
    for words in ("offset_rate of Noor: has this value already", "50% from 2040", "10% from 2041-Q2",
                  "2031 embargo: from Westmark, on Noor"):  # fmt: skip
        assert words in told
    long = load(SCENARIOS / "crescent_cooperation.yaml", years=1)
    assert re.search(r"; and \d+ more$", treatment_of(load(BASE, years=1), long).reasons[-1])


def test_what_lies_after_the_run_is_silent_where_the_policy_acts_before(tmp_path):
    policy = policy_of(tmp_path, "states: {Noor: {offset_rate: {2026: 40%, 2040: 50%}}}")
    treatment = treatment_of(load(BASE, years=2), policy)
    assert treatment.can_act
    assert not treatment.reasons
    assert all("2040" not in line for line in treatment.changes)


def test_a_against_a_is_said_to_be_the_same():
    base = load(BASE, years=2)
    reason = "the two are the same from 2025 to 2026: world, parameters, policy and events"
    assert treatment_of(base, base).reasons == (reason,)


def test_another_world_is_remarked_upon(tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(
        f"deftrade: 1\nextends: {BASE}\nparameters: {{budgeting: {{reaction: 0.37}}}}\n", encoding="utf-8"
    )
    asked = {"years": 1, "runs": 2, "engine": "serial", "indicators": ["imports"]}
    found = compare(BASE, other, allow_different_worlds=True, **asked)
    assert found.remarks() == [
        "other has other parameters than baseline: policy and events are the same, so the difference is no"
        " policy's"
    ]


def test_parameters_without_effect_are_not_called_a_policy_that_cannot_act():
    base, other = other_world()
    found = compare(base, other, runs=2, engine="serial", allow_different_worlds=True, indicators=["imports"])
    assert found.of("imports").measured.moved == 0
    assert found.of("imports").verdict.evidence.startswith("no effect in any of 2 pairs")


def test_focus_states_that_differ_are_named():
    base = load(BASE, years=1)
    place = base.world.names.states.index("Westmark")
    names = [name if row != place else "Eastmark" for row, name in enumerate(base.world.names.states)]
    world = replace(base.world, names=replace(base.world.names, states=names))
    other = replace(base, name="other", world=world, outputs=replace(base.outputs, focus="Eastmark"))
    asked = {"runs": 2, "engine": "serial", "indicators": ["imports"]}
    found = compare(base, other, allow_different_worlds=True, **asked)
    assert found.remarks()[0].startswith("other stands in another world than baseline: policy and events are")
    assert found.remarks()[1] == (
        "other has another focus state than baseline: what is measured for the focus state compares"
        " Eastmark with Noor"
    )
    assert "; focus states Noor (baseline) and Eastmark (other)." in page(found)


def test_levers_of_a_larger_world_are_not_looked_for_in_a_smaller_one(tmp_path):
    small = load(BASE, years=1)
    large = load(SCENARIOS / "world_synthetic.yaml", years=1)
    lever = policy_of(tmp_path, "states: {Noor: {offset_rate: 50%}}").policy[-1]
    last = len(large.world.names.states) - 1
    idle = replace(lever, index=(last,), value=float(large.world.values[lever.column][last]))
    treatment = treatment_of(small, replace(large, policy=(idle,)))
    assert treatment.is_elsewhere
    assert not treatment.reasons


def test_file_names_of_any_letters_and_lengths_can_be_compared(tmp_path):
    names = ("polïcy ño 1", "x" * 200, "-dash")
    for name in names:
        (tmp_path / f"{name}.yaml").write_text("states: {Noor: {offset_rate: 50%}}", encoding="utf-8")
    cells = cells_of(loaded([BASE, *(tmp_path / f"{name}.yaml" for name in names)], 1))
    assert [cell.name for cell in cells] == ["baseline", "polïcy_ño_1", "x" * 60, "_-dash"]
    assert Batch(cells, 1, 1).cells == cells


def test_the_page_defines_its_words(found):
    text = (found.folder / "comparison.md").read_text(encoding="utf-8")
    for words in ("*Practically the same*", "*More runs would*", "*these tell*", "sign test"):
        assert words in text


def test_the_page_words_its_method_without_a_slip(found):
    assert "holds for one question alone; the words weigh all 34 questions together" in page(found)
    assert not re.search(r"\b(\w+) \1\b", page(found))


def test_the_headline_tells_nothing_that_reads_as_zero(found):
    judged = read_comparison(found.folder, ["burden"])
    burden = judged.of("burden", "skills")
    assert 0 < abs(burden.measured.mean) < 1e-9, "moved, and the numbers are kept"
    assert burden.measured.p_words < 0.05, "and surely so"
    assert burden.row()["evidence"] == "practically the same"
    assert "> skills: no difference worth a number was told." in page(judged)


def test_figures_and_tables_say_the_same(found):
    figure = found.plot("forest", policy="skills")
    shown = {text.get_text() for text in figure.axes[0].texts}
    same = [each for each in found.findings if each.policy == "skills" and each.verdict.same_within > 0]
    assert any(not each.verdict.is_told for each in same)
    assert {each.verdict.short for each in same} <= shown
    assert any(words.startswith("practically the same: within") for words in shown)
    check_drawn(figure, names="joint_procurement|skills")


def test_a_course_is_of_an_indicator_that_was_asked_about(found):
    asked = read_comparison(found.folder, ["cohesion"])
    assert most_moved(asked, "skills") == ""
    assert not any("course-" in name for name in own_files(asked))
    with pytest.raises(KeyError, match="none of the indicators asked about is kept"):
        asked.plot("course", policy="skills")


def test_a_course_shows_what_moves_clearly_and_says_where_no_interval_is(found):
    # Eight pairs can tell something about six questions, but not about all that were asked.
    found = read_comparison(found.folder, ["imports", "jobs_direct", "jobs_net"])
    mine = [each for each in found.findings if each.policy == "skills"]
    drawn = [each for each in mine if each.indicator.name in found.trajectories.columns]
    chosen = most_moved(found, "skills")
    finding = next(each for each in drawn if each.indicator.name == chosen)
    assert finding.verdict.is_told
    clear = [each for each in drawn if each.verdict.is_told and not each.verdict.same_within > 0]
    assert not clear or finding in clear
    columns = found.trajectory_columns
    for quantity in (each.indicator.name for each in drawn):
        at = [place for place, name in enumerate(columns["quantity"]) if name == quantity]
        last = next(place for place in reversed(at) if columns["policy"][place] == "skills")
        words = found.plot("course", quantity, "skills").texts[0].get_text().replace("\n", " ")
        assert ("95 % interval" in words) == bool(np.isfinite(columns["low"][last]))
        assert ("too few pairs" in words) == bool(np.isnan(columns["low"][last]))


def test_when_a_policy_starts(tmp_path):
    base = load(BASE, years=3)
    module = tmp_path / "policy.yaml"
    module.write_text("states: {Noor: {offset_rate: {2026-Q2: 30%, 2026-Q3: 50%}}}", encoding="utf-8")
    late = load(BASE, years=3, modules=[module])
    # The value of the second quarter is the world's own, so only the third differs.
    assert policy_start(base, late) == 6
    assert policy_start(base, base) is None
    shock = load(SCENARIOS / "embargo_shock.yaml")
    cooperation = load(SCENARIOS / "crescent_cooperation.yaml")
    assert policy_start(cooperation, shock) == (2031 - 2025) * 4


# Common random numbers


class Listening(Draws):
    """Draws that remember every word that they gave."""

    def __init__(self, seed):
        super().__init__(seed)
        self.given = []

    def words(self, purpose, *ids):
        words = super().words(purpose, *ids)
        self.given.append(words.ravel().copy())
        return words


def test_runs_are_equal_until_the_policy_and_untouched_decisions_keep_their_luck():
    cells = [Cell(each.name, each) for each in loaded([BASE, MODULE], YEARS)]
    seed = replicate_seed(3, 0)
    runs = [start(cell.scenario.with_seed(seed)) for cell in cells]
    first = policy_start(*(cell.scenario for cell in cells))
    assert first == 4
    for _ in range(first):
        assert runs[0].world.digest() == runs[1].world.digest()
        for run in runs:
            step(run)
    assert runs[0].world.digest() == runs[1].world.digest()
    for run in runs:
        run.world.draws = Listening(seed)
        while not run.is_done:
            step(run)
    assert runs[0].world.digest() != runs[1].world.digest()
    # A word is a function of seed, purpose and ids: one given in both runs is one decision's in both.
    one, other = (np.unique(np.concatenate(run.world.draws.given)) for run in runs)
    both = len(np.intersect1d(one, other))
    assert both > 0.95 * max(len(one), len(other))
    one, other = (run.world for run in runs)
    shared = np.intersect1d(one.tenders.uid[: len(one.tenders)], other.tenders.uid[: len(other.tenders)])
    assert len(shared) > 100
    same = decided(one, shared) == decided(other, shared)
    assert same.mean() > 0.9, "most tenders that the policy does not touch have the same winner"


def decided(world, uids):
    """Return who won the tenders with some ids, -1 nobody."""
    tenders = world.tenders
    order = np.argsort(tenders.uid[: len(tenders)])
    rows = order[np.searchsorted(tenders.uid[: len(tenders)][order], uids)]
    signed = {
        int(tender): place for place, tender in enumerate(world.contracts.tender[: len(world.contracts)])
    }
    suppliers = world.contracts.supplier
    return np.array([suppliers[signed[row]] if row in signed else -1 for row in rows.tolist()])


# Sequential stopping


def test_a_precision_that_is_not_reached_is_remarked_upon():
    asked = {"years": 2, "indicators": ["fiscal_cost"], "runs": 2, "max_runs": 4, "engine": "serial"}
    found = compare(BASE, MODULE, until="fiscal_cost=1e-9", **asked)
    assert "fiscal_cost=1e-09, was not reached with 4 pairs: the interval reaches" in found.remarks()[0]


def test_stopping_begins_with_the_fewest_pairs_that_may_be_enough(monkeypatch):
    begun = []
    monkeypatch.setattr(comparing, "compare_batch", lambda batch, *_, **__: begun.append(batch.runs))
    for asked in ({}, {"until": "jobs_net=5"}, {"until": "jobs_net=5", "runs": 30}):
        compare(BASE, MODULE, years=1, **asked)
    assert begun == [200, FEWEST, 30]


@pytest.mark.slow
def test_until_goes_on_in_one_folder_and_in_memory_alike(tmp_path):
    asked = {"years": 2, "indicators": ["fiscal_cost"], "until": "fiscal_cost=1e9", "engine": "serial"}
    kept = compare(BASE, MODULE, runs=2, out=tmp_path, max_runs=20, **asked)
    assert kept.result.runs == 20, "the rule waits for twenty pairs"
    held = compare(BASE, MODULE, runs=2, max_runs=20, **asked)
    assert held.folder is None
    assert held.result.content == kept.result.content
    batch = Batch(held.cells, held.result.plan["root"], 20)
    assert batch.digest == kept.result.plan["digest"]
