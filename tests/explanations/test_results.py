"""Results on disk: explained, verified, reproduced; damaged ones named and refused."""

import json
import shutil
from dataclasses import replace

import pytest
from tests.cli.inside import called as deftrade
from tests.worlds import small_scenario

from deftrade import ensemble, explain, explain_between, load, simulate
from deftrade.errors import ExplanationError, OutputError
from deftrade.explanations.replay.replay import replay
from deftrade.explanations.replay.sources import open_source
from deftrade.files import manifests
from deftrade.files.commit import commit
from deftrade.files.hashing import file_hash
from deftrade.files.locking import NAME as LOCK
from deftrade.files.locking import write_lock
from deftrade.phases import ORDER
from deftrade.provenance.reproduce import reproduce
from deftrade.provenance.verify_run import verify
from deftrade.report.files import write_run
from deftrade.report.snapshots import simulate_with_states


@pytest.fixture
def copy(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "copy")


def flip_a_byte(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


def test_a_result_on_disk_is_explained_as_the_run_in_memory(folder, flagship):
    run = flagship("crescent_cooperation", 2, 5)
    number = len(run.world.contracts) - 1
    assert str(explain(folder, "contract", number)) == str(explain(run, "contract", number))


def test_an_unknown_contract_is_the_users_fault(folder):
    done = deftrade("explain", folder, "contract", 99999)
    assert done.returncode == 2
    assert "there is no contract 99999; this run has contracts 0 to " in done.stderr
    assert done.stdout == ""


def test_a_sound_result_is_verified_and_comes_out_again(folder):
    found = verify(folder, rerun=True)
    assert found.is_sound
    assert found.tables == len(manifests.read(folder)["content"])
    assert found.files == len(manifests.read(folder)["files"])


@pytest.mark.parametrize(
    "name",
    ["contracts.parquet", "indicators.csv", "scenario.lock.yaml", "summary.md", "series/states.parquet"],
)
def test_a_changed_byte_is_found_and_named(copy, name):
    flip_a_byte(copy / name)
    assert verify(copy).damages == [f"{name} was changed"]
    with pytest.raises(ExplanationError, match="is not as it was written"):
        open_source(copy)


def test_missing_and_added_files_are_named(copy):
    (copy / "decisions.parquet").unlink()
    (copy / "extra.txt").write_text("", encoding="utf-8")
    assert verify(copy).damages == ["decisions.parquet is missing", "extra.txt was added"]


@pytest.mark.parametrize(("old", "new"), [('"seed": 5', '"seed": 6'), ("{\n  ", "{\n   ")])
def test_a_changed_manifest_is_found(copy, old, new):
    path = copy / "manifest.json"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert verify(copy).damages == ["manifest.json was changed"]
    path.write_text(text[:-20], encoding="utf-8")
    assert "cannot be read" in verify(copy).damages[0]


def test_damage_is_shown_with_exit_code_1(copy, tmp_path):
    flip_a_byte(copy / "contracts.parquet")
    done = deftrade("verify", copy)
    assert (done.returncode, done.stdout) == (1, "")
    assert "contracts.parquet was changed" in done.stderr
    assert deftrade("verify", tmp_path).returncode == 2


def test_values_that_come_out_otherwise_are_named(copy):
    data = manifests.read(copy)
    data["content"]["contracts"] = "0"
    data["world_digests"]["2026-Q1"] = "0"
    manifests.write(data, copy)
    assert verify(copy, rerun=True).differences == [
        "the values of contracts came out otherwise",
        "the world differs from 2026-Q1 on",
    ]
    with pytest.raises(ExplanationError, match="the worlds differ at 2026-Q1"):
        replay(open_source(copy))


def test_other_code_is_refused(copy):
    data = manifests.read(copy)
    data["code"] = "0" * 64
    manifests.write(data, copy)
    with pytest.raises(ExplanationError, match="was made by other code"):
        open_source(copy)
    with pytest.raises(OutputError, match="running it again here would show nothing"):
        verify(copy, rerun=True)
    assert any("the code here is another" in line for line in reproduce(copy).obstacles)


def test_another_scenario_than_the_manifests_is_refused(copy, flagship):
    write_lock(flagship("strict_control", 2, 5).scenario, copy)
    data = manifests.read(copy)
    data["files"][LOCK] = file_hash(copy / LOCK)
    manifests.write(data, copy)
    assert verify(copy).is_sound
    with pytest.raises(ExplanationError, match="does not hold the scenario of the manifest"):
        open_source(copy)


def test_the_commands_that_make_a_result_again_are_named(folder):
    recipe = reproduce(folder)
    text = str(recipe)
    assert f"deftrade run {folder}/scenario.lock.yaml --seed 5 --luck 0 --format parquet --out again" in text
    assert f"deftrade verify {folder} --rerun 1" in text
    assert "numpy==" in text
    assert recipe.obstacles == []
    json.dumps(recipe.to_dict())


def test_the_manifest_says_what_made_a_result(folder):
    data = manifests.read(folder)
    assert {"code", "commit", "command", "seed", "world_seed", "inputs", "versions", "platform"} <= set(data)
    assert data["inputs"]


def test_a_saved_state_gives_the_same_replay(flagship, tmp_path):
    scenario = flagship("crescent_cooperation", 2, 5).scenario
    states = tmp_path / "states"
    states.mkdir()
    results = simulate_with_states(scenario, states, 1)
    folder = write_run(results, tmp_path, states=states).folder
    assert [path.name for path in (folder / "states").iterdir()] == ["2026-Q1.npz"]
    source = open_source(folder)
    assert list(source.saved_states) == [4]
    number = len(results.world.contracts) - 1
    assert str(explain(source, "contract", number)) == str(explain(results, "contract", number))
    again = write_run(results, tmp_path, states=states)
    assert not again.is_new


def test_states_are_added_to_an_equal_result(flagship, folder, tmp_path):
    results = flagship("crescent_cooperation", 2, 5)
    first = write_run(results, tmp_path)
    states = tmp_path / "kept"
    states.mkdir()
    simulate_with_states(results.scenario, states, 1)
    second = write_run(results, tmp_path, states=states)
    assert first.folder == second.folder
    assert (second.folder / "states" / "2026-Q1.npz").is_file()
    assert verify(second.folder).is_sound


def test_the_commit_of_a_checkout_is_read(tmp_path):
    home = tmp_path / ".git"
    (home / "refs" / "heads").mkdir(parents=True)
    assert commit(tmp_path) == ""
    (home / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (home / "packed-refs").write_text(f"# pack-refs\n{'b' * 40} refs/heads/main\n", encoding="utf-8")
    assert commit(tmp_path) == "b" * 40
    (home / "refs" / "heads" / "main").write_text(f"{'a' * 40}\n", encoding="utf-8")
    assert commit(tmp_path) == "a" * 40
    linked = tmp_path / "linked"
    inner = home / "worktrees" / "linked"
    inner.mkdir(parents=True)
    linked.mkdir()
    (linked / ".git").write_text(f"gitdir: {inner}\n", encoding="utf-8")
    (inner / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (inner / "commondir").write_text("../..\n", encoding="utf-8")
    assert commit(linked) == "a" * 40


def test_runs_with_saved_states_are_compared_from_their_opening(flagship, tmp_path):
    scenario = flagship("crescent_cooperation", 2, 5).scenario
    states = tmp_path / "states"
    states.mkdir()
    kept = write_run(simulate_with_states(scenario, states, 1), tmp_path, states=states).folder
    told = explain_between(kept, flagship("strict_control", 2, 5), "jobs_direct")
    assert told.data["proof"][0]["date"] == "2025-Q1"
    assert told.data["equal_until"] == "2026-Q1"


def test_a_run_with_other_phases_is_replayed_with_them(flagship):
    quiet = tuple(
        replace(phase, run=lambda world, params: None) if phase.name == "allying" else phase
        for phase in ORDER
    )
    scenario = flagship("crescent_cooperation", 2, 5).scenario
    results = simulate(scenario, order=quiet)
    assert replay(open_source(results)).digests == results.run.digests
    assert results.run.digests != flagship("crescent_cooperation", 2, 5).run.digests


def test_a_batch_is_verified_and_its_cells_named(tmp_path):
    scenario = small_scenario(years=1)
    folder = ensemble(scenario, runs=2, engine="serial", out=tmp_path).folder
    done = deftrade("verify", folder, "--rerun", 1)
    assert done.returncode == 0, done.stderr
    assert "1 of its runs have the same values" in done.stdout
    text = str(reproduce(folder))
    assert f"{LOCK} --runs 2 --seed 1 --out again" in text
    lock = next(line.split()[2] for line in text.splitlines() if line.startswith("deftrade ensemble"))
    assert load(lock).world.names.states == scenario.world.names.states
