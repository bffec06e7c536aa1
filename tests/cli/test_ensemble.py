"""``deftrade ensemble`` and ``merge`` as their users meet them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.cli.inside import called
from tests.cli.interrupts import HEEDING_INTERRUPTS

import deftrade

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(deftrade.__file__).parents[1])}
SHORT = ("first.yaml", "--years", "1", "--engine", "serial")


def call(*arguments, cwd, code=0):
    """Run a command and return stdout and stderr, after checking its exit code."""
    done = called(*arguments, cwd=cwd, columns=80)
    assert done.returncode == code, done.stderr
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a starter scenario that was run three times for a year."""
    folder = tmp_path_factory.mktemp("ensemble")
    call("new", "first.yaml", cwd=folder)
    stdout, stderr = call("ensemble", *SHORT, "--runs", 3, cwd=folder)
    assert stderr == ""
    (folder / "stdout.txt").write_text(stdout, encoding="utf-8")
    return folder


def result_of(stdout):
    return stdout.splitlines()[-1].removeprefix("Results: ")


def test_the_table_and_the_status_are_shown(folder):
    lines = (folder / "stdout.txt").read_text(encoding="utf-8").splitlines()
    assert "3 runs, root seed" in lines[0]
    assert lines[2].split("  ")[0] == "indicator"
    for head in ("mean", "95 % interval of the mean", "90 % of runs", "unit"):
        assert head in lines[2]
    assert sum(" to " in line for line in lines) >= 20
    status = next(line for line in lines if line.startswith("first "))
    assert status.split()[1:3] == ["3", "0"]
    place = folder / result_of(lines[-1])
    assert (place / "manifest.json").is_file()
    assert place.parent.name == "outputs"


def test_the_same_again_is_verified_and_kept(folder):
    stdout, _ = call("ensemble", *SHORT, "--runs", 3, cwd=folder)
    assert stdout.splitlines()[-1].endswith("(was there, verified and kept)")


def test_json_is_for_machines(folder):
    stdout, _ = call("ensemble", *SHORT, "--runs", 3, "--json", cwd=folder)
    data = json.loads(stdout)
    assert (data["runs"], data["done"], data["failed"], data["is_new"]) == (3, 3, [], False)
    exports = next(each for each in data["indicators"] if each["indicator"] == "exports")
    assert exports["low"] <= exports["mean"] <= exports["high"]
    assert set(data["content"]) == {"indicators", "courses", "status"}


def test_quiet_says_nothing(folder):
    assert call("ensemble", *SHORT, "--runs", 3, "--quiet", cwd=folder) == ("", "")


def test_shards_merge_into_the_whole(folder):
    for part in (1, 2):
        call("ensemble", *SHORT, "--runs", 3, "--shard", f"{part}/2", "--out", "parts", "-q", cwd=folder)
    parts = sorted((folder / "parts").iterdir())
    whole, _ = call("ensemble", *SHORT, "--runs", 3, "--json", cwd=folder)
    merged, _ = call("merge", *parts, "--into", "merged", "--json", cwd=folder)
    assert json.loads(merged)["content"] == json.loads(whole)["content"]
    _, stderr = call("merge", parts[0], "--into", "half", cwd=folder, code=2)
    assert "1 of 3 runs are in none of the folders" in stderr
    _, stderr = call("merge", *parts, "--into", "merged", cwd=folder, code=2)
    assert "merged exists" in stderr


def test_a_shard_beyond_the_last_run_says_so_and_merges(folder):
    short = (*SHORT, "--runs", 2, "--out", "array")
    for part in (1, 2):
        call("ensemble", *short, "--shard", f"{part}/3", "-q", cwd=folder)
    stdout, stderr = call("ensemble", *short, "--shard", "3/3", cwd=folder)
    first, _, last = stdout.splitlines()
    assert first.endswith("no runs to play (shard 3/3): the batch has fewer runs than shards")
    assert last.startswith("Results: ")
    assert stderr == ""
    parts = sorted((folder / "array").iterdir())
    assert len(parts) == 3
    merged, _ = call("merge", *parts, "--into", "array-merged", "--json", cwd=folder)
    assert json.loads(merged)["done"] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--shard", "5/4"], "there is no shard '5/4'; allowed: PART/PARTS, such as 2/4"),
        (["--shard", "two"], "there is no shard 'two'"),
        (["--runs", "0"], "--runs"),
        (["--workers", "0"], "--workers"),
        (["--engine", "ray"], "--engine"),
        (["--engine", "dask"], "needs the address of a scheduler"),
        (["--scheduler", "tcp://127.0.0.1:1"], "has no scheduler"),
        (["--keep", "some"], "--keep"),
        (["--every", "day"], "--every"),
        (["--seed", "-1"], "--seed"),
        (["--years", "900"], "years"),
        (["--out", "first.yaml"], "is not a folder"),
    ],
)
def test_what_cannot_be_is_refused(folder, arguments, message):
    stdout, stderr = call("ensemble", "first.yaml", *arguments, cwd=folder, code=2)
    assert stdout == ""
    assert message in stderr
    assert "Traceback" not in stderr


def test_a_folder_of_something_else_is_refused(folder):
    stdout, _ = call("ensemble", *SHORT, "--runs", 2, "--out", "mine", cwd=folder)
    place = folder / result_of(stdout)
    plan = json.loads((place / "batch.json").read_text(encoding="utf-8"))
    (place / "batch.json").write_text(json.dumps({**plan, "digest": "0" * 64}), encoding="utf-8")
    _, stderr = call("ensemble", *SHORT, "--runs", 2, "--out", "mine", "--resume", cwd=folder, code=2)
    assert "holds another batch" in stderr


def test_failed_runs_exit_with_1_and_keep_the_batch(folder, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "from deftrade import simulation\n"
        "from deftrade.cli import main\n"
        "from deftrade.core.draws import replicate_seed\n"
        "took = simulation.apply_treatment\n"
        "def fails(world, scenario):\n"
        "    if scenario.seed == replicate_seed(9, 1):\n"
        "        raise ArithmeticError('a fault on purpose')\n"
        "    took(world, scenario)\n"
        "simulation.apply_treatment = fails\n"
        "main()\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, str(program), "ensemble", *SHORT, "--runs", "3", "--seed", "9", "--out", "bad"],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "run 1 of first (seed" in done.stderr
    assert "ArithmeticError: a fault on purpose" in done.stderr
    assert "1 of 3 runs failed" in done.stderr
    assert "Traceback" not in done.stderr
    place = folder / result_of(done.stdout)
    assert "in fails" in json.loads((place / "runs" / "first-1.failed.json").read_text())["traceback"]
    assert (place / "indicators.parquet").is_file()
    call("ensemble", *SHORT, "--runs", 3, "--seed", 9, "--out", "bad", "-q", cwd=folder, code=1)
    call("ensemble", *SHORT, "--runs", 3, "--seed", 9, "--out", "bad", "-q", "--resume", cwd=folder)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("engine", [pytest.param("serial", marks=pytest.mark.slow), "processes"])
def test_an_interrupt_leaves_a_resumable_folder_and_says_so(folder, tmp_path, engine):
    command = [*HEEDING_INTERRUPTS, "-m", "deftrade", "ensemble", "first.yaml", "--runs", "60"]
    command += ["--years", "2", "--engine", engine]
    command += ["--workers", "2", "--out", str(tmp_path), "-q"]
    process = subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    end = time.monotonic() + 90
    while not list(tmp_path.glob("*/runs/*.parquet")) and time.monotonic() < end:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert " of 60 runs are kept in " in stderr
    assert "--resume goes on with them" in stderr
    assert stderr.splitlines()[-1] == "interrupted"
    assert "Traceback" not in stderr
    (place,) = tmp_path.iterdir()
    assert not (place / "manifest.json").exists()
    assert not list((place / "runs").glob(".*"))
