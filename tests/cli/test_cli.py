"""The command line as its users meet it: exit code, stdout and stderr, in a process where that counts."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest
from tests.cli.inside import called, lightly
from tests.cli.interrupts import HEEDING_INTERRUPTS

import deftrade
from deftrade.cli import spelling
from deftrade.files import manifests
from deftrade.scenario.describing import describe
from deftrade.scenario.schema import parameter_groups

HEAVY = {"numpy", "pandas", "pydantic", "rich", "pyarrow", "matplotlib", "mesa", "yaml"}
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(deftrade.__file__).parents[1])}
BROKEN = "deftrade: 1\ntitel: No world\ntime: {start: 2025, end: 2020}\nprice_year: 2024\nseed: 1\n"


def call(*arguments, cwd=None, code=0, columns=80):
    """Run a command in this process and return stdout and stderr, after checking its exit code."""
    done = called(*arguments, cwd=cwd, columns=columns)
    assert done.returncode == code, done.stderr
    return done.stdout, done.stderr


def process(*arguments, cwd=None, **environment):
    """Run a command in a process of its own and return stdout and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "deftrade", *lightly(arguments)],
        cwd=cwd,
        env={**ENVIRONMENT, **environment},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with a starter scenario that was run for a year."""
    folder = tmp_path_factory.mktemp("cli")
    call("new", "first.yaml", cwd=folder)
    stdout, stderr = process("run", "first.yaml", "--years", "1", cwd=folder)
    (folder / "stdout.txt").write_bytes(stdout)
    (folder / "stderr.txt").write_bytes(stderr)
    return folder


def first_result(folder):
    """Return the result of the starter scenario's first run."""
    stdout = (folder / "stdout.txt").read_text(encoding="utf-8")
    return folder / stdout.splitlines()[-1].removeprefix("Results: ")


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


# Help and version


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], ["run", "--help"], ["describe", "-h"], ["--version"]]
)
def test_help_and_version_load_nothing_heavy(arguments):
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "deftrade", *arguments],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stdout
    loaded = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "typer" in loaded
    allowed = {"pydantic"} if len(arguments) > 1 else set()  # typer needs it for a command's options
    assert not (HEAVY - allowed) & loaded


def test_help_is_quick():
    def seconds():
        began = time.perf_counter()
        process("--help")
        return time.perf_counter() - began

    assert min(seconds() for _ in range(5)) < 0.5


def test_help_names_every_command():
    stdout, stderr = call("--help")
    for command in ("run", "validate", "schema", "describe", "new", "diff"):
        assert f"\n  {command} " in stdout
    assert "130 interrupted" in " ".join(stdout.split())
    assert stderr == ""


def test_version():
    assert call("--version") == (f"deftrade {deftrade.__version__}\n", "")


# Usage errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fly"], "fly"),
        (["run"], "scenario"),
        (["run", "x.yaml", "--seed", "luck"], "--seed"),
        (["run", "x.yaml", "--seed", "-1"], "--seed"),
        (["run", "x.yaml", "--years", "0"], "--years"),
        (["run", "x.yaml", "--format", "xml"], "--format"),
        (["describe", "weather"], "weather"),
    ],
)
def test_wrong_usage_is_the_users_fault(arguments, message):
    stdout, stderr = call(*arguments, code=2)
    assert stdout == ""
    assert message in stderr.lower()
    assert "Traceback" not in stderr


# Run


def test_a_run_shows_indicators_and_where_results_are(folder):
    stdout = (folder / "stdout.txt").read_text(encoding="utf-8")
    assert stdout.startswith("A first scenario, 2025 to 2025, seed 1\n")
    assert "Usable capability" in stdout
    assert "The books balance" in stdout
    result = first_result(folder)
    assert result.parent == folder / "outputs"
    assert result.name.startswith("first-1-")
    assert (result / "manifest.json").is_file()
    assert "Traceback" not in (folder / "stderr.txt").read_text(encoding="utf-8")


def test_the_same_run_is_kept_and_reported(folder):
    stdout, _ = call("run", "first.yaml", "--years", 1, cwd=folder)
    assert "(the same result was there, verified and kept)" in stdout


def test_json_is_all_that_stands_on_stdout(folder):
    stdout, _ = call("run", "first.yaml", "--years", 1, "--json", cwd=folder)
    data = json.loads(stdout)
    assert data["is_new"] is False
    assert data["seed"] == 1
    assert data["indicators"]["burden"]["unit"] == "share"
    assert (folder / data["folder"]).is_dir()
    manifest = json.loads((folder / data["folder"] / "manifest.json").read_text(encoding="utf-8"))
    assert data["content"] == manifest["content"]


def test_another_seed_gives_another_result(folder, tmp_path):
    arguments = ("--years", 1, "--out", tmp_path / "new" / "er", "--quiet")
    stdout, _ = call("run", "first.yaml", "--seed", 5, *arguments, cwd=folder)
    assert stdout == ""
    (result,) = (tmp_path / "new" / "er").iterdir()
    assert result.name.startswith("first-5-")


def test_csv_and_force(folder, tmp_path):
    arguments = ("run", folder / "first.yaml", "--years", 1, "--out", tmp_path, "--quiet")
    shutil.copytree(first_result(folder), tmp_path / first_result(folder).name)
    stdout, stderr = call(*arguments, "--format", "csv", code=2)
    assert stdout == ""
    assert "same values in another table format; --force overwrites it" in stderr
    call(*arguments, "--format", "csv", "--force")
    (result,) = tmp_path.iterdir()
    assert (result / "series" / "states.csv").is_file()
    assert not (result / "series" / "states.parquet").exists()


def test_a_different_result_is_refused_without_force(folder, tmp_path):
    arguments = ("run", folder / "first.yaml", "--years", 1, "--out", tmp_path, "--quiet")
    result = tmp_path / first_result(folder).name
    shutil.copytree(first_result(folder), result)
    manifest = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
    manifest["content"]["contracts"] = "0"
    manifests.write(manifest, result)
    _, stderr = call(*arguments, code=2)
    assert stderr.startswith(f"error: {result} holds a different result (contracts differ)")
    call(*arguments, "--force")


def test_an_unwritable_folder_is_refused_before_the_run(folder, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        _, stderr = call("run", folder / "first.yaml", "--out", out, code=2)
        expected = f"error: results cannot be written to {out}: {tmp_path / 'file'} is not a folder\n"
        assert stderr == expected
    assert names_in(tmp_path) == ["file"]


@pytest.mark.may_skip
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_refused(folder, tmp_path):
    tmp_path.chmod(0o500)
    _, stderr = call("run", folder / "first.yaml", "--out", tmp_path, code=2)
    assert "Permission denied" in stderr


def test_a_faulty_scenario_writes_nothing(tmp_path):
    (tmp_path / "bad.yaml").write_text(BROKEN, encoding="utf-8")
    stdout, stderr = call("run", "bad.yaml", cwd=tmp_path, code=2)
    assert stdout == ""
    assert "bad.yaml:2:1: titel" in stderr
    assert "did you mean title?" in stderr
    assert names_in(tmp_path) == ["bad.yaml"]


def test_a_missing_scenario_is_named(tmp_path):
    stdout, stderr = call("run", "nowhere.yaml", cwd=tmp_path, code=2)
    assert stdout == ""
    assert "no such file: nowhere.yaml" in stderr
    assert names_in(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a child on Windows")
def test_an_interrupted_run_exits_130_and_leaves_nothing(folder, tmp_path):
    process = subprocess.Popen(
        [*HEEDING_INTERRUPTS, "-m", "deftrade", "run", folder / "long.yaml", "--out", tmp_path / "out"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=_long(folder),
        env=ENVIRONMENT,
    )
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (stdout, stderr) == ("", "interrupted\n")
    assert not (tmp_path / "out").exists()


def _long(folder):
    """Write a scenario that runs for minutes and return its folder."""
    text = (folder / "first.yaml").read_text(encoding="utf-8")
    long = text.replace("end: 2035, step: quarter", "end: 2225, step: month")
    (folder / "long.yaml").write_text(long, encoding="utf-8")
    return folder


def test_a_fault_of_ours_is_short_and_the_traceback_on_request(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import deftrade.scenario.describing as found\n"
        "def fail(): raise RuntimeError('boom')\n"
        "found.describe = fail\n",
        encoding="utf-8",
    )
    path = os.pathsep.join([str(tmp_path), ENVIRONMENT["PYTHONPATH"]])

    def fail(*more):
        return subprocess.run(
            [sys.executable, "-m", "deftrade", "describe", "levers", *more],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    short, long = fail(), fail("--traceback")
    assert short.returncode == long.returncode == 1
    assert short.stderr.startswith("error: RuntimeError: boom\n")
    assert "run with --traceback" in short.stderr
    assert "Traceback (most recent call last)" in long.stderr


# Validate, diff, schema, new, describe


def test_validate_reports_each_file(folder, tmp_path):
    (tmp_path / "bad.yaml").write_text(BROKEN, encoding="utf-8")
    stdout, stderr = call("validate", folder / "first.yaml", tmp_path / "bad.yaml", "nowhere.yaml", code=2)
    assert "first.yaml: valid: A first scenario, 2025 to 2034, 6 states" in stdout
    assert "bad.yaml:2:1" in stderr
    assert "the end is not after the start" in stderr
    assert "no such file: nowhere.yaml" in stderr


def test_validate_sends_policy_modules_to_their_scenario(folder, tmp_path):
    (tmp_path / "module.yaml").write_text("states: {Alderia: {offset_rate: 60%}}\n", encoding="utf-8")
    _, stderr = call("validate", tmp_path / "module.yaml", code=2)
    assert stderr.count("error: ") == 1
    assert "a policy module is checked with a scenario" in stderr
    stdout, _ = call("diff", folder / "first.yaml", tmp_path / "module.yaml")
    assert "offset_rate of Alderia" in stdout


def test_diff_says_what_differs_in_words(folder, tmp_path):
    child = tmp_path / "child.yaml"
    parent = os.path.relpath(folder / "first.yaml", tmp_path)
    policy = "policy: {states: {Alderia: {offset_rate: {2026: 60%}}}}"
    child.write_text(f"deftrade: 1\nextends: {parent}\n{policy}\n", encoding="utf-8")
    stdout, stderr = call("diff", folder / "first.yaml", child)
    assert "policy: offset_rate of Alderia: 40% from 2026 → 60% from 2026" in stdout
    assert stdout.endswith("the worlds are the same; the treatments differ\n")
    assert stderr == ""
    data = json.loads(call("diff", folder / "first.yaml", child, "--json")[0])
    assert (data["same_world"], data["same_treatment"]) == (True, False)


def test_schema_goes_to_stdout_or_a_file(tmp_path):
    stdout, _ = call("schema")
    schema = json.loads(stdout)
    assert schema["required"] == ["deftrade"]
    call("schema", "--out", tmp_path / "deftrade.schema.json")
    assert json.loads((tmp_path / "deftrade.schema.json").read_text(encoding="utf-8")) == schema
    _, stderr = call("schema", "--out", tmp_path / "no" / "where.json", code=2)
    assert stderr.startswith("error: ")
    assert names_in(tmp_path) == ["deftrade.schema.json"]


def test_new_writes_a_starter_and_overwrites_only_when_told(tmp_path):
    stdout, _ = call("new", "mine.yaml", cwd=tmp_path)
    assert "deftrade run mine.yaml" in stdout
    starter = files("deftrade.cli").joinpath("starter.yaml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    assert mine.read_text(encoding="utf-8") == starter
    mine.write_text("mine", encoding="utf-8")
    _, stderr = call("new", "mine.yaml", cwd=tmp_path, code=2)
    assert stderr == "error: mine.yaml exists; --force overwrites it\n"
    assert mine.read_text(encoding="utf-8") == "mine"
    call("new", "mine.yaml", "--force", cwd=tmp_path)
    assert mine.read_text(encoding="utf-8") == starter
    _, stderr = call("new", "mine.txt", cwd=tmp_path, code=2)
    assert "must end in .yaml" in stderr
    assert "\t" not in starter


def test_describe_lists_every_lever_and_parameter():
    rows = describe()
    for section, role in (("levers", "lever"), ("world", "given"), ("parameters", "parameter")):
        shown = json.loads(call("describe", section, "--json")[0])
        assert {row["path"] for row in shown} == {row.path for row in rows if row.role == role}
        assert all(row["unit"] and row["source"] and row["meaning"] for row in shown)
    expected = sum(len(group.model_fields) for group in parameter_groups().values())
    assert len(shown) == expected


def test_describe_shows_evidence_for_machines():
    rows = json.loads(call("describe", "--evidence", "--json")[0])
    assert all(row["source"] and row["cut"] and row["size_cut"] == 0 for row in rows)
    assert {"Firms.margin", "event war"} <= {row["subject"] for row in rows}


@pytest.mark.parametrize("columns", [80, 160])
def test_describe_shows_evidence_within_the_terminal(columns):
    lines = call("describe", "--evidence", columns=columns)[0].splitlines()
    assert max(len(line) for line in lines) <= columns
    at = lines.index("Firms.margin")
    assert [line.split()[0] for line in lines[at + 1 : at + 4]] == ["low", "high", "indicator"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["levers", "parameters", "phases", "columns", "laws", "indicators"]),
        (["levers"], ["policy.states.NAME.offset_rate", "source"]),
        (["parameters"], ["parameters.budgeting."]),
        (["phases"], ["assessing", "accounting"]),
        (["columns"], ["States.gdp", "MUSD/yr"]),
        (["laws"], ["firm_cash"]),
        (["indicators"], ["usable_capability"]),
        (["--flow"], ["written by", "States.exports"]),
        (["--evidence"], ["measured", "States.burden_pledge", "event embargo", "cut by"]),
    ],
)
def test_describe_shows_tables(arguments, words):
    stdout, stderr = call("describe", *arguments)
    assert all(word in stdout for word in words)
    assert stderr == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("offset_rate", ["policy.states.NAME.offset_rate", "lever", "share", "V51"]),
        ("policy.states.Noor.offset_rate", ["policy.states.NAME.offset_rate"]),
        ("Policy.States.St. Noor.Offset_Rate", ["policy.states.NAME.offset_rate"]),
        ("world.states.Noor.gdp", ["world.states[].gdp", "MUSD/yr"]),
        ("world.states[0].gdp", ["world.states[].gdp"]),
        ("parameters.budgeting.reaction", ["parameters.budgeting.reaction", "source"]),
        ("reaction", ["parameters.budgeting.reaction"]),
        ("jobs_net", ["indicators", "columns", "States.jobs_net"]),
        ("States.exports", ["columns", "MUSD"]),
        ("exporter", ["flows.exporter", "Exporting state"]),
        ("selecting", ["phases"]),
    ],
)
def test_describe_tells_one_thing_by_its_name(name, words):
    stdout, stderr = call("describe", name)
    assert stderr == ""
    assert all(word in stdout for word in words), stdout
    assert max(map(len, stdout.splitlines())) <= 80
    rows = json.loads(call("describe", name, "--json")[0])
    assert all(row["section"] and row["meaning"] for row in rows)


@pytest.mark.parametrize(
    ("name", "near"),
    [("ofset_rate", "offset_rate"), ("jobsnet", "jobs_net"), ("levrs", "levers"), ("reacton", "reaction")],
)
def test_describe_names_the_nearest_of_an_unknown_name(name, near):
    stdout, stderr = call("describe", name, code=2)
    assert stdout == ""
    assert f"did you mean {near}?" in " ".join(stderr.split())


@pytest.mark.skipif(os.name == "nt", reason="no POSIX pipes")
def test_a_reader_who_leaves_early_is_no_error():
    process = subprocess.Popen(
        [sys.executable, "-m", "deftrade", "describe", "columns"],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 0


def test_a_terminal_without_unicode_still_gets_its_table(folder):
    stdout, _ = process("run", "first.yaml", "--years", "1", cwd=folder, PYTHONIOENCODING="ascii")
    assert b"Usable capability" in stdout
    assert b"?" not in stdout
    assert b" %" in stdout


@pytest.mark.parametrize("page", ["ascii", "cp1252", "cp437", "latin-1"])
def test_signs_that_a_code_page_lacks_are_written_in_ascii(page):
    text = "\N{MINUS SIGN}1\u202f234 \N{RIGHTWARDS ARROW} \N{HORIZONTAL ELLIPSIS} \u0141\u00f3d\u017a \u6771"
    told = text.encode(page, spelling.NAME).decode(page)
    assert told.startswith("-1 234 -> ")
    assert told.endswith("\\u6771")
    assert "?" not in told
    assert text.encode("utf-8", spelling.NAME).decode() == text


def test_a_backend_of_figures_that_is_not_there_stops_no_run(folder):
    words = ("run", "first.yaml", "--years", "1", "--seed", "77")
    process(*words, cwd=folder, MPLBACKEND="module://not_installed_here.backend")


def test_help_cuts_no_sentence():
    stdout, _ = call("--help", columns=80)
    assert "..." not in stdout.split("Commands:")[1]
    assert max(map(len, stdout.splitlines())) <= 80
