"""Batches on disk: whole or resumable, in one piece or in shards, with the same hashes."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.experiments.faults import Dies, Interrupts, Raises, at_start
from tests.killed import dead_owner
from tests.worlds import small_scenario

from deftrade import ensemble, load, read_batch
from deftrade.core.draws import replicate_seed
from deftrade.core.wording import markdown_row
from deftrade.errors import ExperimentError, OutputError
from deftrade.experiments.batch import folder as folders
from deftrade.experiments.batch import running, verify
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.engines import DEATHS
from deftrade.experiments.batch.execution import Execution, Shard
from deftrade.experiments.batch.merge import merge
from deftrade.experiments.batch.replicate import Cell, Key, content_hash
from deftrade.experiments.batch.running import run_batch
from deftrade.experiments.batch.seal import finish_folder
from deftrade.experiments.batch.summaries import (
    _statistics,
    interval,
    rows_for_people,
    summarise,
    values_by_cell,
)
from deftrade.experiments.batch.verify import is_batch, verify_batch
from deftrade.files import manifests
from deftrade.files.hashing import StreamedHash, file_hashes, value_hash
from deftrade.results.indicators import INDICATORS
from deftrade.scenario.describing import treatment_digest, world_digest

REPOSITORY = Path(__file__).resolve().parents[2]
RUNS = 6


@pytest.fixture(scope="module")
def scenario():
    return small_scenario(years=1)


@pytest.fixture(scope="module")
def batch(scenario):
    return Batch((Cell("small", scenario),), 5, RUNS)


@pytest.fixture(scope="module")
def result(batch, tmp_path_factory):
    """Return a whole batch on disk."""
    folder = batch.place(tmp_path_factory.mktemp("batch"))
    return run_batch(batch, folder, Execution("serial"))


def test_a_result_is_told_in_a_line(result):
    assert repr(result) == f"BatchResult(small: {RUNS} runs each)"
    assert "<table>" in result._repr_html_()


@pytest.fixture
def copied(result, tmp_path):
    """Return a whole batch's folder that a test may change."""
    return Path(shutil.copytree(result.folder, tmp_path / result.folder.name))


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def faulty(batch, effect):
    """Return a batch whose runs meet an event that goes wrong."""
    scenario = batch.cells[0].scenario
    return replace(batch, cells=(Cell("small", replace(scenario, events=(at_start(scenario, effect),))),))


def seeds(batch, *runs):
    return [replicate_seed(batch.root, run) for run in runs]


# What is there


def test_a_batch_is_whole(batch, result):
    assert names_in(result.folder) == [
        "batch.json",
        "courses.parquet",
        "data_dictionary.csv",
        "figures",
        "indicators.parquet",
        "lock",
        "manifest.json",
        "runs",
        "status.csv",
        "status.parquet",
        "summary.csv",
        "summary.md",
    ]
    assert names_in(result.folder / "runs") == [f"small-{run}.parquet" for run in range(RUNS)]
    manifest = json.loads((result.folder / "manifest.json").read_text())
    assert manifest["content"] == result.content
    assert manifest["failed"] == []
    assert manifest["batch"]["digest"] == batch.digest


def test_the_page_the_table_and_the_terminal_give_the_same_numbers(result):
    page = (result.folder / "summary.md").read_text(encoding="utf-8")
    kept = pd.read_csv(result.folder / "summary.csv").set_index("indicator")
    assert names_in(result.folder / "figures") == ["courses-small.png"]
    for each, shown in zip(summarise(result), rows_for_people(result), strict=True):
        assert markdown_row(shown[1:]) in page
        assert kept.loc[each.indicator, "mean"] == pytest.approx(each.mean, rel=1e-12, nan_ok=True)


def test_the_dictionary_of_a_batch_says_what_every_column_is(result):
    entries = pd.read_csv(result.folder / "data_dictionary.csv", keep_default_na=False)
    assert entries["meaning"].ne("").all()
    told = entries.groupby("table")["column"].agg(list).to_dict()
    assert told.pop("summary") == pd.read_csv(result.folder / "summary.csv").columns.tolist()
    assert told == {name: result.table(name).column_names for name in ("courses", "indicators", "status")}


def test_a_lock_file_beside_the_runs_loads_to_the_cell(tmp_path):
    cell = Cell("flagship", load(REPOSITORY / "scenarios" / "crescent_cooperation.yaml", years=2))
    batch = Batch((cell,), 5, 1)
    folders.write_plan(batch, tmp_path, None)
    locked = load(tmp_path / "lock" / "flagship" / "scenario.lock.yaml")
    (described,) = folders.read_plan(tmp_path)["cells"]
    assert world_digest(locked) == world_digest(cell.scenario) == described["world"]
    assert treatment_digest(locked) == treatment_digest(cell.scenario) == described["treatment"]


def test_tables_are_tidy_and_in_order(result):
    indicators = result.to_frame("indicators")
    assert list(indicators) == ["cell", "run", "seed", "indicator", "value", "unit"]
    assert indicators["run"].tolist() == sorted(list(range(RUNS)) * len(INDICATORS))
    assert indicators["indicator"].tolist() == [item.name for item in INDICATORS] * RUNS
    trajectories = result.to_frame("courses")
    assert trajectories["run"].tolist() == [run for run in range(RUNS) for _ in range(2)]
    assert trajectories.attrs["units"]["exports"] == "MUSD"
    status = result.to_frame("status")
    assert status["run"].tolist() == list(range(RUNS))
    assert (status["status"] == "done").all()
    assert (status["seconds"] > 0).all()
    assert status["seed"].tolist() == seeds(Batch((Cell("a", small_scenario()),), 5, RUNS), *range(RUNS))
    assert (result.folder / "status.csv").read_text().count("\n") == RUNS + 1


def test_hashes_are_of_the_values_in_the_files(result):
    for name in ("indicators", "courses", "status"):
        table = result.table(name)
        if name == "status":
            table = table.drop_columns(["seconds", "error"])
        streamed = StreamedHash()
        for row in range(0, table.num_rows, 5):
            streamed.update(table.slice(row, 5))
        assert streamed.hexdigest() == result.content[name], name


def test_a_streamed_hash_notices_what_a_whole_one_does(result):
    import pyarrow as pa

    table = result.table("indicators")
    values = table["value"].to_numpy().copy()
    values[7] = np.nextafter(values[7], np.inf)
    moved = table.set_column(4, "value", pa.array(values))
    words = table["unit"].to_pylist()
    words[3], words[4] = words[3] + words[4][:1], words[4][1:]
    reworded = table.set_column(5, "unit", pa.array(words))
    hashes = set()
    for each in (table, moved, reworded, table.slice(1)):
        streamed = StreamedHash()
        streamed.update(each)
        hashes.add((streamed.hexdigest(), value_hash(each)))
    assert len({streamed for streamed, _ in hashes}) == len({whole for _, whole in hashes}) == 4


def test_memory_and_disk_hold_the_same(batch, result):
    held = run_batch(batch, execution=Execution("serial"))
    assert held.folder is None
    assert held.content == result.content
    for name in ("indicators", "courses"):
        assert held.table(name).equals(result.table(name)), name
    with pytest.raises(KeyError, match="indicators, courses, status"):
        held.table("runs")


def test_a_read_batch_is_the_one_written(result):
    assert read_batch(str(result.folder)).content == result.content
    again = read_batch(result.folder)
    assert (again.content, again.runs, again.cells) == (result.content, RUNS, ("small",))
    assert again.to_frame().equals(result.to_frame())


def test_summaries_are_of_the_runs(result):
    by_cell = values_by_cell(result)
    values = by_cell["small"]["exports"]
    frame = result.to_frame()
    assert values.tolist() == frame[frame["indicator"] == "exports"]["value"].tolist()
    row = next(each for each in summarise(result) if each.indicator == "exports")
    half = 2.570581835636314 * values.std(ddof=1) / np.sqrt(RUNS)  # Student's t, 5 degrees, 97.5 %
    np.testing.assert_allclose(
        [row.mean, row.low, row.high, row.band_low, row.band_high],
        [
            values.mean(),
            max(values.mean() - half, 0.0),  # exports cannot be less
            values.mean() + half,
            max(min(values.min(), values.mean() - half), 0.0),
            max(values.max(), values.mean() + half),
        ],
    )
    assert f"<td>{row.meaning}</td>" in result._repr_html_()


@pytest.mark.parametrize("runs", [2, 3, 5, 8, 20, 40])
def test_bands_of_runs_hold_nine_in_ten_and_are_no_narrower_than_the_interval_of_the_mean(runs):
    luck = np.random.default_rng(runs)
    for values in (
        luck.normal(5, 2, runs),
        luck.poisson(3, runs).astype(float),
        10 * (luck.random(runs) < 0.1),
    ):
        _, low, high, band_low, band_high, _ = _statistics(values, (-np.inf, np.inf))
        assert ((values >= band_low) & (values <= band_high)).mean() >= 0.9
        assert not low < band_low
        assert not high > band_high
        if np.all(values == np.round(values)):
            assert (band_low, band_high) == (np.round(band_low), np.round(band_high))


def test_what_differs_by_rounding_alone_is_alike():
    noise = 1 + np.array([0.0, 2e-16, -1e-16, 0.0, 3e-16, 1e-16])
    *_, other = _statistics(noise, (0.0, 1.0))
    assert other > 0
    assert np.isnan(_statistics(noise, (0.0, 1.0))[1])


def test_intervals_stay_within_what_an_indicator_can_be():
    rare = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 4.0])
    means = {item.name: _statistics(rare / 4 if item.unit == "share" else rare, item.limits)[:3]
             for item in INDICATORS}  # fmt: skip
    below = {name for name, (mean, low, high) in means.items() if low < 0 and low < mean < high}
    assert below == {"jobs_net", "value_added", "fiscal_cost", "alignment"}
    assert means["diversions"][1] == 0
    share = next(item for item in INDICATORS if item.name == "readiness")
    assert _statistics(1 - rare / 4, share.limits)[2] == 1


def test_indicators_that_are_not_signed_are_never_below_zero(result):
    for item in INDICATORS:
        low, high = item.limits
        values = values_by_cell(result)["small"][item.name]
        assert (values >= low).all(), item.name
        assert (values <= high).all(), item.name


def test_where_all_runs_are_alike_the_table_says_what_they_allow(result):
    alike = [each for each in summarise(result) if each.band_low == each.band_high == 0]
    assert alike
    for each in alike:
        assert np.isnan(each.low)
        assert interval(each) == "other in at most 39 % of runs"  # 1 - 0.05 ** (1 / 6)
    assert "<td>other in at most 39 % of runs</td>" in result._repr_html_()
    assert "0 to 0</td><td>0 to 0" not in result._repr_html_()


def test_one_run_has_no_interval(scenario):
    result = ensemble(scenario, runs=1, engine="serial")
    assert all(np.isnan(each.low) and not np.isnan(each.mean) for each in summarise(result))


def test_progress_counts_every_run(batch, tmp_path):
    told = []
    run_batch(batch, tmp_path / "b", Execution("serial", progress=lambda *count: told.append(count)))
    assert told == [(done, RUNS) for done in range(RUNS + 1)]


# Workers


def test_workers_leave_the_hashes_equal(batch, result, tmp_path):
    for workers in (1, 2):
        again = run_batch(batch, tmp_path / f"{workers}", Execution(workers=workers))
        assert again.content == result.content


def test_a_failing_run_keeps_its_traceback_and_loses_no_other(batch, result, tmp_path):
    broken = faulty(batch, Raises(seeds=seeds(batch, 1, 4)))
    outcome = run_batch(broken, tmp_path / "b", Execution(workers=2))
    assert [failed.run for failed in outcome.failed] == [1, 4]
    for failed in (*outcome.failed, *read_batch(outcome.folder).failed):
        assert "in apply" in failed.traceback
        assert failed.reason == "ZeroDivisionError: a fault on purpose"
    status = outcome.to_frame("status")
    assert status["status"].tolist() == ["done", "failed", "done", "done", "failed", "done"]
    assert status["error"][1] == "ZeroDivisionError: a fault on purpose"
    kept = result.to_frame()
    assert outcome.to_frame().equals(kept[~kept["run"].isin([1, 4])].reset_index(drop=True))
    again = run_batch(broken, tmp_path / "serial", Execution("serial"))
    assert again.content == outcome.content
    assert "2 failed" in outcome._repr_html_()


def test_a_killed_worker_costs_nothing_but_time(batch, result, tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    mortal = faulty(batch, Dies(seeds=seeds(batch, 2), folder=str(marks), times=1))
    outcome = run_batch(mortal, execution=Execution(workers=2))
    assert len(list(marks.iterdir())) == 1
    assert outcome.failed == ()
    assert outcome.content["indicators"] == result.content["indicators"]


def test_a_run_that_kills_its_workers_is_found_out(batch, result, tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    deadly = faulty(batch, Dies(seeds=seeds(batch, 0), folder=str(marks), times=99))
    outcome = run_batch(deadly, tmp_path / "b", Execution(workers=2))
    assert len(list(marks.iterdir())) == DEATHS
    assert [failed.run for failed in outcome.failed] == [0]
    assert f"died {DEATHS} times" in outcome.failed[0].reason
    kept = result.to_frame()
    assert outcome.to_frame().equals(kept[kept["run"] != 0].reset_index(drop=True))


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_workers_leave_interrupts_to_the_process_that_started_them(batch, result):
    outcome = run_batch(faulty(batch, Interrupts()), execution=Execution(workers=2))
    assert outcome.failed == ()
    assert outcome.content["indicators"] == result.content["indicators"]


# Standing results


def test_a_whole_batch_is_verified_and_kept(batch, copied, monkeypatch):
    monkeypatch.setattr(running, "run_tasks", None)
    again = run_batch(batch, copied)
    assert not again.is_new
    assert not run_batch(batch, copied, Execution(resume=True)).is_new


def test_a_damaged_batch_is_not_kept(batch, result, copied):
    path = copied / "runs" / "small-3.parquet"
    damaged = bytearray(path.read_bytes())
    damaged[100:164] = bytes(64)
    path.write_bytes(damaged)
    with pytest.raises(OutputError, match="--resume goes on with it"):
        run_batch(batch, copied, Execution("serial"))
    told = []
    again = run_batch(batch, copied, Execution("serial", resume=True, progress=lambda *n: told.append(n)))
    assert told == [(RUNS - 1, RUNS), (RUNS, RUNS)]
    assert again.content == result.content


def test_an_unfinished_batch_goes_on(batch, result, copied):
    for name in ("manifest.json", "indicators.parquet", "runs/small-0.parquet", "runs/small-5.parquet"):
        (copied / name).unlink()
    (copied / "runs" / f".small-0.parquet.{dead_owner()}.part").write_bytes(b"half")
    with pytest.raises(OutputError, match="4 of 6 runs done"):
        run_batch(batch, copied, Execution("serial"))
    assert run_batch(batch, copied, Execution("serial", resume=True)).content == result.content
    assert names_in(copied / "runs") == names_in(result.folder / "runs")


def test_more_runs_extend_a_batch(batch, result, copied):
    more = replace(batch, runs=RUNS + 2)
    told = []
    longer = run_batch(more, copied, Execution("serial", resume=True, progress=lambda *n: told.append(n)))
    assert told[0] == (RUNS, RUNS + 2)
    assert longer.content == run_batch(more, execution=Execution("serial")).content
    with pytest.raises(OutputError, match="with 8 runs, not 6"):
        run_batch(batch, copied, Execution(resume=True))


@pytest.mark.slow
def test_failed_runs_are_played_again_on_resume(batch, result, tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()
    deadly = faulty(batch, Dies(seeds=seeds(batch, 0), folder=str(marks), times=DEATHS))
    assert run_batch(deadly, tmp_path / "b", Execution(workers=2)).failed
    assert run_batch(deadly, tmp_path / "b", Execution(workers=2)).failed  # kept as it is
    again = run_batch(deadly, tmp_path / "b", Execution(workers=2, resume=True))
    assert again.failed == ()
    assert again.content["indicators"] == result.content["indicators"]
    assert names_in(again.folder / "runs") == names_in(result.folder / "runs")


def test_another_batch_is_refused_and_replaced_only_by_force(batch, copied):
    other = replace(batch, root=6)
    for resume in (False, True):
        with pytest.raises(OutputError, match="another batch"):
            run_batch(other, copied, Execution(resume=resume))
    with pytest.raises(OutputError, match="another part"):
        run_batch(batch, copied, Execution(shard=Shard(1, 2)))
    assert run_batch(other, copied, Execution("serial", force=True)).plan["root"] == 6


def test_what_is_no_batch_is_never_deleted(batch, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    for force in (False, True):
        with pytest.raises(OutputError, match="no batch"):
            run_batch(batch, tmp_path, Execution(force=force))
    assert names_in(tmp_path) == ["thesis.txt"]


def test_a_full_disk_is_explained_and_leaves_a_resumable_folder(batch, result, tmp_path, monkeypatch):
    written = []

    def full(table, path, **options):
        written.append(path)
        if len(written) > 2:
            raise OSError(28, "No space left on device")
        return write(table, path, **options)

    import pyarrow.parquet

    write = pyarrow.parquet.write_table
    monkeypatch.setattr(pyarrow.parquet, "write_table", full)
    with pytest.raises(OutputError, match="No space left on device"):
        run_batch(batch, tmp_path / "b", Execution("serial"))
    monkeypatch.undo()
    assert len(names_in(tmp_path / "b" / "runs")) == 2
    assert run_batch(batch, tmp_path / "b", Execution("serial", resume=True)).content == result.content


def test_an_unfinished_batch_is_no_result(batch, copied):
    (copied / "manifest.json").unlink()
    with pytest.raises(OutputError, match="holds no manifest"):
        read_batch(copied)
    with pytest.raises(OutputError, match=r"holds no batch\.json"):
        read_batch(copied / "runs")


# Shards


@pytest.fixture(scope="module")
def shards(batch, tmp_path_factory):
    out = tmp_path_factory.mktemp("shards")
    places = [(Shard(part, 4), batch.place(out, Shard(part, 4))) for part in (1, 2, 3, 4)]
    return [run_batch(batch, place, Execution("serial", shard=shard)).folder for shard, place in places]


def test_merged_shards_are_the_whole(result, shards, tmp_path):
    merged = merge(shards[::-1], tmp_path / "merged")
    assert merged.content == result.content
    assert merged.folder == tmp_path / "merged"
    assert read_batch(merged.folder).plan["shard"] is None
    assert names_in(merged.folder / "runs") == names_in(result.folder / "runs")
    assert names_in(tmp_path) == ["merged"]


def test_overlapping_parts_do_no_harm(result, shards, tmp_path):
    assert merge([result.folder, shards[0]], tmp_path / "merged").content == result.content


def test_a_missing_shard_is_named(shards, tmp_path):
    with pytest.raises(OutputError, match="2 of 6 runs are in none of the folders, first run 1 of small"):
        merge([shards[0], shards[2], shards[3]], tmp_path / "merged")
    assert names_in(tmp_path) == []


def test_parts_of_different_batches_are_not_merged(batch, shards, tmp_path):
    other = run_batch(replace(batch, root=6), tmp_path / "other", Execution("serial", shard=Shard(1, 3)))
    more = run_batch(replace(batch, runs=8), tmp_path / "more", Execution("serial", shard=Shard(1, 4)))
    for part, what in ((other, "digest"), (more, "runs")):
        with pytest.raises(OutputError, match=f"not parts of one batch: {what}"):
            merge([shards[0], part.folder], tmp_path / "merged")


def test_parts_that_contradict_each_other_are_not_merged(batch, result, shards, tmp_path):
    liar = Path(shutil.copytree(shards[0], tmp_path / "liar"))
    outcome = folders.read_outcome(liar, Key("small", 0))
    folders.keep(liar, replace(outcome, residual=0.5, content="x"))
    with pytest.raises(OutputError, match="damaged"):
        merge([liar, *shards[1:]], tmp_path / "merged")
    honest = content_hash(outcome.indicators, outcome.digests, 0.5, outcome.trajectories)
    folders.keep(liar, replace(outcome, residual=0.5, content=honest))
    with pytest.raises(OutputError, match="run 0 of small differs"):
        merge([liar, result.folder], tmp_path / "merged")


def test_nothing_is_merged_over(shards, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match="exists"):
        merge(shards, tmp_path)


# Kill


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_killed_batch_goes_on_to_the_same_hashes(seed, tmp_path):
    """Kill the whole command, `kill -9`, at a moment drawn from its course, then resume."""
    scenario = REPOSITORY / "scenarios" / "crescent_cooperation.yaml"
    command = [sys.executable, "-m", "deftrade", "ensemble", str(scenario), "--years", "1"]
    command += ["--runs", "8", "--workers", "2", "--quiet", "--out", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "src")}
    wait_until = 1 + int(np.random.default_rng(seed).integers(5))
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while len(list(tmp_path.glob("*/runs/*.parquet"))) < wait_until and time.monotonic() < end:
        time.sleep(0.005)
    process.kill()
    process.wait()
    (folder,) = tmp_path.iterdir()
    assert not (folder / "manifest.json").exists()
    assert subprocess.run([*command, "--resume"], env=environment, check=False).returncode == 0
    whole = ensemble(scenario, runs=8, years=1, engine="serial")
    assert read_batch(folder).content == whole.content


def test_an_ensemble_cannot_have_any_length(scenario):
    with pytest.raises(ExperimentError, match="1 or more"):
        ensemble(scenario, years=0)


# Verification


@pytest.fixture(scope="module")
def flagship(tmp_path_factory):
    """Return a small ensemble of the flagship, whose lock file loads again."""
    scenario = REPOSITORY / "scenarios" / "crescent_cooperation.yaml"
    return ensemble(scenario, runs=3, years=1, engine="serial", out=tmp_path_factory.mktemp("flagship"))


def test_a_sound_batch_is_found_so_and_played_again(flagship):
    assert is_batch(flagship.folder)
    told = []
    found = verify_batch(flagship.folder, rerun=2, progress=lambda *count: told.append(count))
    assert found.is_sound
    assert found.files == len([path for path in flagship.folder.rglob("*") if path.is_file()]) - 1
    assert told == [(1, 2), (2, 2)]
    assert len(set(found.runs)) == 2
    assert found.to_dict()["is_sound"]


@pytest.mark.parametrize(
    "name", ["runs/small-0.parquet", "courses.parquet", "status.csv", "batch.json", "lock"]
)
def test_a_byte_edited_anywhere_is_found(copied, name):
    path = copied / name
    path = next(path.rglob("*.yaml")) if path.is_dir() else path
    damaged = bytearray(path.read_bytes())
    place = damaged.rindex(b"5") if name == "batch.json" else len(damaged) // 2
    damaged[place] ^= 1
    path.write_bytes(damaged)
    found = verify_batch(copied)
    assert not found.is_sound
    assert found.damages == [f"{path.relative_to(copied).as_posix()} was changed"]


def test_forged_values_are_found_though_every_file_has_its_hash(result, copied):
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(copied / "indicators.parquet")
    values = table["value"].to_pylist()
    values[0] *= 1.01
    forged = table.set_column(4, table.schema.field("value"), [values])
    pyarrow.parquet.write_table(forged, copied / "indicators.parquet")
    manifests.write({**manifests.read(copied), "files": file_hashes(copied)}, copied)
    assert verify_batch(copied).damages == ["indicators.parquet has other values than its hash says"]


def test_a_replicate_that_comes_out_otherwise_is_named(flagship, tmp_path):
    liar = Path(shutil.copytree(flagship.folder, tmp_path / "liar"))
    key = Key("crescent_cooperation", 1)
    honest = folders.read_outcome(liar, key)
    digests = {**honest.digests, "2026-Q1": "0" * 32}
    content = content_hash(honest.indicators, digests, honest.residual, honest.trajectories)
    folders.keep(liar, replace(honest, digests=digests, content=content))
    finish_folder(liar)
    found = verify_batch(liar, rerun=3)
    assert found.damages == []
    assert found.differences == ["run 1 of crescent_cooperation differs, first at 2026-Q1"]


def test_other_code_plays_nothing_again(flagship, monkeypatch):
    monkeypatch.setattr(verify, "code_digest", lambda: "0" * 64)
    assert verify_batch(flagship.folder).is_sound
    with pytest.raises(OutputError, match="another version of the code"):
        verify_batch(flagship.folder, rerun=1)
