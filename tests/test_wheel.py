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


def test_evidence_is_shown_where_only_the_wheel_is_installed(wheel, tmp_path):
    wheel.extractall(tmp_path / "installed")
    code = "import sys, deftrade.cli as c; sys.stderr.write(c.__file__); c.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "describe", "--evidence", "--json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert Path(done.stderr).is_relative_to(tmp_path), "another installation answered"
    assert [row["row"] for row in json.loads(done.stdout)] == [row.row for row in kept()]
