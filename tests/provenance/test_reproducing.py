"""``deftrade reproduce``: the commands that it names make every kind of result again."""

import json
import shlex
import sys
import warnings
from pathlib import Path

import pytest
import typer
from tests.cli.inside import lightly
from tests.experiments.experiments import GRID, write

import deftrade
from deftrade.cli import main
from deftrade.cli.app import app
from deftrade.files import manifests
from deftrade.files.commit import commit
from deftrade.files.hashing import code_digest
from deftrade.files.manifests import NAME
from deftrade.provenance.commands import FLAGS, parse
from deftrade.provenance.reproduce import reproduce

SHORT = ("--years", "1", "--engine", "serial", "-q")
MAKERS = ("run", "ensemble", "compare", "claims", "sweep", "sensitivity", "robustness")


def call(*words, code=0):
    """Run a command line in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["deftrade", *lightly(words)])
        patch.setattr(warnings, "showwarning", warnings.showwarning)
        with pytest.raises(SystemExit) as end:
            main()
    assert end.value.code == code


def made(out="outputs"):
    """Return the results in a folder by name."""
    return {path.name: path for path in sorted(Path(out).iterdir())}


def lines_of(folder):
    """Return the commands that make a result again, without those that check it."""
    return [line for line in reproduce(folder).run if not line.startswith("deftrade verify")]


def play(line):
    """Play a command that was printed."""
    call(*shlex.split(line)[1:], *(["--engine", "serial", "-q"] if " run " not in line else ["-q"]))


def told(folder):
    """Return what a result's values are known by."""
    data = manifests.read(folder)
    return data["content"] if "content" in data else data["batch"]["content"]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work in a folder with an experiment and its scenarios."""
    write(tmp_path, GRID)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_run_is_made_again_from_its_own_file_then_from_its_lock(here):
    call("run", "offsets.yaml", "--years", 1, "-q")
    ((name, folder),) = made().items()
    assert lines_of(folder) == ["deftrade run offsets.yaml --years 1 --luck 0 --out again"]
    play(*lines_of(folder))
    assert told(made("again")[name]) == told(folder)
    (here / "base.yaml").write_text("deftrade: 1\n", encoding="utf-8")
    lock = folder / "scenario.lock.yaml"
    assert lines_of(folder) == [f"deftrade run {lock} --seed 7 --luck 0 --format parquet --out again"]


def test_values_set_on_the_command_line_are_set_again_until_the_lock_holds_them(here):
    words = ("--set", "policy.states.Noor.offset_rate={2025: 35%}", "--set", "title=Bold offsets")
    call("run", "offsets.yaml", "--years", 1, "-q", *words)
    call("ensemble", "offsets.yaml", *SHORT, "--runs", 1, *words[:2])
    lines = {lines_of(folder)[0]: folder for folder in made().values()}
    run, ensemble = sorted(lines, key=len, reverse=True)
    quoted = "--set 'policy.states.Noor.offset_rate={2025: 35%}'"
    assert (
        run == f"deftrade run offsets.yaml --years 1 {quoted} --set 'title=Bold offsets' --luck 0 --out again"
    )
    assert quoted in ensemble
    assert manifests.read(lines[run])["scenario"]["title"] == "Bold offsets"
    play(run)
    (again,) = made("again").values()
    assert told(again) == told(lines[run])
    (here / "base.yaml").write_text("deftrade: 1\n", encoding="utf-8")
    assert all("--set" not in line for folder in lines.values() for line in lines_of(folder))


def test_an_ensemble_keeps_what_it_keeps_and_its_shard(here):
    kept = ("--keep", "all", "--every", "step")
    call("ensemble", "offsets.yaml", *SHORT, "--runs", 3, *kept, "--shard", "2/3")
    ((name, folder),) = made().items()
    options = "--runs 3 --keep all --every step --shard 2/3 --out again"
    assert lines_of(folder) == [f"deftrade ensemble offsets.yaml --years 1 {options}"]
    play(*lines_of(folder))
    assert told(made("again")[name]) == told(folder)
    (here / "base.yaml").unlink()
    (line,) = lines_of(folder)
    lock = folder / "lock" / "offsets" / "scenario.lock.yaml"
    assert parse(shlex.split(line)) == parse(shlex.split(f"deftrade ensemble {lock} --seed 7 {options}"))
    assert any("lock files stand for" in each and "base.yaml" in each for each in reproduce(folder).about)


def test_a_batch_says_what_made_it(here):
    call("ensemble", "offsets.yaml", *SHORT, "--runs", 1)
    (folder,) = made().values()
    data = manifests.read(folder)
    assert data["command"] == ["deftrade", "ensemble", "offsets.yaml", *SHORT, "--runs", "1"]
    assert data["commit"] == commit()
    assert set(data["inputs"]) == {"offsets.yaml", "base.yaml"}
    assert data["code"] == code_digest()


def test_merged_shards_and_a_resumed_batch_are_the_whole_one(here):
    whole = deftrade.ensemble("offsets.yaml", 3, years=1, engine="serial")
    for part in ("1/2", "2/2"):
        call("ensemble", "offsets.yaml", *SHORT, "--runs", 3, "--shard", part, "--out", "parts")
    merged = deftrade.merge([str(path) for path in made("parts").values()], "merged")
    assert merged.content == whole.content
    assert lines_of("merged") == ["deftrade ensemble offsets.yaml --years 1 --runs 3 --out again"]
    call("ensemble", "offsets.yaml", *SHORT, "--runs", 2)
    call("ensemble", "offsets.yaml", *SHORT, "--runs", 3, "--resume")
    (folder,) = made().values()
    assert told(folder) == whole.content
    assert lines_of(folder) == lines_of("merged")


@pytest.mark.slow
def test_a_comparison_is_one_command_with_its_questions(here):
    asked = ("--indicators", "exports,imports")
    call("compare", "base.yaml", "offsets.yaml", *SHORT, "--runs", 2, *asked)
    ((name, folder),) = made().items()
    assert lines_of(folder) == [
        "deftrade compare base.yaml offsets.yaml --years 1 --runs 2 --indicators exports,imports --out again"
    ]
    play(*lines_of(folder))
    again = made("again")[name]
    assert told(again) == told(folder)
    assert manifests.read(again)["comparison"] == manifests.read(folder)["comparison"]
    call("compare", folder, "--indicators", "all", "--force", "-q")
    assert "--indicators all" in lines_of(folder)[0]
    (here / "base.yaml").unlink()
    locks = [folder / "lock" / cell / "scenario.lock.yaml" for cell in ("base", "offsets")]
    assert lines_of(folder) == [
        f"deftrade compare {locks[0]} {locks[1]} --runs 2 --indicators all --seed 7 --out again"
    ]
    play(*lines_of(folder))
    other = next(path for other, path in made("again").items() if other != name)
    values = [deftrade.read_comparison(each).of("exports").measured for each in (folder, other)]
    assert values[0] == values[1]


def test_a_precision_that_was_gone_on_to_is_asked_for_with_its_end(here):
    until = ("--until", "exports=1e6", "--max-runs", 3)
    call("compare", "base.yaml", "offsets.yaml", *SHORT, "--runs", 2)
    call("compare", "base.yaml", "offsets.yaml", *SHORT, "--runs", 2, *until, "--resume")
    (folder,) = made().values()
    assert lines_of(folder) == [
        "deftrade compare base.yaml offsets.yaml --years 1 --runs 3 --until exports=1e6 --max-runs 3"
        " --out again"
    ]


def test_a_sweep_and_its_batch_are_made_again_by_one_command(here):
    call("sweep", "experiment.yaml", "--engine", "serial", "-q", "--runs", 1)
    results = made()
    assert len(results) == 2
    for folder in results.values():
        assert lines_of(folder) == ["deftrade sweep experiment.yaml --runs 1 --out again"]
    play(lines_of(folder)[0])
    assert {name: told(path) for name, path in made("again").items()} == {
        name: told(path) for name, path in results.items()
    }
    answer = next(path for name, path in results.items() if name.endswith("-sweep"))
    data = manifests.read(answer)
    assert data["code"] == code_digest()
    assert data["commit"] == commit()
    assert next(iter(data["inputs"])) == "experiment.yaml"
    assert manifests.read(next(iter(results.values())))["inputs"] == data["inputs"]
    (here / "experiment.yaml").write_text("changed", encoding="utf-8")
    for folder in results.values():
        lines = lines_of(folder)
        assert len(lines) == 8
        assert all(line.startswith("deftrade ensemble ") and "--seed 5" in line for line in lines)


@pytest.mark.slow
def test_a_judged_batch_of_a_sweep_is_judged_again(here):
    call("sweep", "experiment.yaml", "--engine", "serial", "-q", "--runs", 1)
    name, folder = next(iter(made().items()))
    call("compare", folder, "--indicators", "exports", "-q")
    assert lines_of(folder)[1:] == [f"deftrade compare again/{name} --indicators exports"]


def test_a_sensitivity_keeps_its_method(here):
    asked = ("--method", "morris", "--points", 2, "--runs", 1)
    call("sensitivity", "experiment.yaml", *asked, "--engine", "serial", "-q")
    answer = next(path for name, path in made().items() if name.endswith("-sensitivity"))
    line = "deftrade sensitivity experiment.yaml --method morris --points 2 --runs 1 --out again"
    assert lines_of(answer) == [line]
    data = json.loads((answer / NAME).read_text(encoding="utf-8"))
    manifests.write({**data, "command": []}, answer)
    assert parse(shlex.split(*lines_of(answer))) == parse(shlex.split(line))


def test_what_python_made_is_played_from_lock_files(here):
    kept = deftrade.ensemble("offsets.yaml", 2, years=1, engine="serial", out="outputs", keep="all",
                             every="step", shard="1/2").folder  # fmt: skip
    assert manifests.read(kept)["command"] == []
    (line,) = lines_of(kept)
    assert line.endswith(".lock.yaml --runs 2 --seed 7 --keep all --every step --shard 1/2 --out again")
    assert "by: a call from Python" in reproduce(kept).about
    compared = deftrade.compare("base.yaml", "offsets.yaml", runs=2, years=1, engine="serial", out="outputs",
                                indicators="exports").folder  # fmt: skip
    locks = [compared / "lock" / cell / "scenario.lock.yaml" for cell in ("base", "offsets")]
    assert lines_of(compared) == [
        f"deftrade compare {locks[0]} {locks[1]} --runs 2 --seed 7 --indicators exports --out again"
    ]


def test_python_merges_checks_and_reproduces_by_paths_as_text(here):
    kept = deftrade.ensemble("offsets.yaml", 2, years=1, engine="serial", out="outputs").folder
    found = deftrade.verify(str(kept), 1)
    assert found.is_sound
    assert len(found.to_dict()["runs_rerun"]) == 1
    assert str(deftrade.reproduce(str(kept))) == str(reproduce(kept))
    assert deftrade.merge([str(kept)], "copy").content == told(kept)
    (kept / "status.csv").write_text("changed", encoding="utf-8")
    assert deftrade.verify(kept).damages == ["status.csv was changed"]


def test_options_without_a_value_are_known():
    commands = typer.main.get_command(app).commands
    flags = {
        name
        for command in MAKERS
        for option in commands[command].params
        if getattr(option, "is_flag", False)
        for name in option.opts
    }
    assert flags - {"--help", "-h"} == FLAGS
