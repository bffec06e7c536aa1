"""What is installed: the package with the table of evidence, and nothing that only the repository needs."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from deftrade.report.measured import kept

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Give the wheel as the build backend makes it."""
    (path,) = WheelBuilder(str(REPOSITORY)).build(directory=str(tmp_path_factory.mktemp("wheel")))
    return zipfile.ZipFile(path)


def test_the_wheel_holds_the_package_with_its_data_and_nothing_else(wheel):
    names = wheel.namelist()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"deftrade"}
    for data in ("report/measured.csv", "cli/starter.yaml", "scenario/categories.yaml", "py.typed"):
        assert f"deftrade/{data}" in names


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Give the folder into which the wheel is unpacked."""
    folder = tmp_path_factory.mktemp("installed")
    wheel.extractall(folder)
    return folder


def called(installed, folder, *arguments):
    """Return what a command says on both streams where only the wheel is installed."""
    code = "import sys, deftrade.cli as c; sys.stderr.write(c.__file__ + chr(10)); c.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    where, _, said = done.stderr.partition("\n")
    assert Path(where).is_relative_to(installed), "another installation answered"
    return done.returncode, done.stdout, said


def test_evidence_is_shown_where_only_the_wheel_is_installed(installed, tmp_path):
    code, told, said = called(installed, tmp_path, "describe", "--evidence", "--json")
    assert code == 0, said
    assert [row["row"] for row in json.loads(told)] == [row.row for row in kept()]


def test_the_wheel_holds_the_scenarios_as_they_stand_in_the_repository(installed):
    ours, theirs = REPOSITORY / "scenarios", installed / "deftrade" / "scenarios"
    files = [file.relative_to(ours) for file in ours.rglob("*") if file.is_file()]
    assert files
    for file in files:
        assert (theirs / file).read_bytes() == (ours / file).read_bytes()


def test_a_shipped_scenario_runs_is_checked_and_copied_where_only_the_wheel_is_installed(installed, tmp_path):
    shipped = installed / "deftrade" / "scenarios" / "crescent_cooperation.yaml"
    line = f"the shipped scenario crescent_cooperation: {shipped}\n"
    run = ("run", "crescent_cooperation", "--years", 1)
    code, told, said = called(installed, tmp_path, *run)
    assert (code, said.startswith(line)) == (0, True), said
    (folder,) = (tmp_path / "outputs").iterdir()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert str(shipped) in manifest["inputs"]
    code, told, said = called(installed, tmp_path, "reproduce", folder)
    assert "deftrade run crescent_cooperation --years 1" in told
    code, told, said = called(installed, tmp_path, "new", "--from", "crescent_cooperation")
    assert code == 0, said
    assert "deftrade run crescent_cooperation.yaml" in told
    code, told, said = called(installed, tmp_path, "diff", "crescent_cooperation.yaml", shipped)
    assert (code, told) == (0, "the worlds are the same; the treatments are the same\n"), said
