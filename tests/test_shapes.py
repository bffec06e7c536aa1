"""Manifests, plans and outcomes of others: every wrong type is told, and no more happens."""

import json
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from deftrade import ensemble, load
from deftrade.cli import USERS_FAULT, _run
from deftrade.errors import DeftradeError, NotFiniteError, OutputError
from deftrade.experiments.batch.folder import read_outcome, read_plan
from deftrade.experiments.batch.merge import merge
from deftrade.experiments.batch.replicate import Key
from deftrade.experiments.batch.result import read_batch
from deftrade.files import manifests
from deftrade.files.shapes import json_text
from deftrade.provenance.check import verify
from deftrade.provenance.reproduce import reproduce
from deftrade.report.files import check_folder
from deftrade.report.snapshots import run_into
from deftrade.simulation import finish, resume, save, start, step

WORLD = {
    "deftrade": 1,
    "title": "T",
    "price_year": 2024,
    "time": {"start": 2025, "end": 2027, "step": "year"},
    "world": {
        "states": [{"name": "A", "gdp": "500 bn USD"}, {"name": "B", "gdp": "300 bn USD"}],
        "firms": [{"name": "F", "home": "B", "lines": ["ships", "aircraft"]}],
    },
}
VALUES = (None, True, -1, 10**30, 0.5, float("nan"), "", "x\0y/../\ud800", "y" * 5000, [], [[]], {}, {"": {}})


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the folder of a run and of a batch."""
    place = tmp_path_factory.mktemp("made")
    (place / "w.yaml").write_text(json.dumps(WORLD))
    _, written = run_into(place / "o", place / "w.yaml")
    batch = ensemble(place / "w.yaml", 2, out=place / "b", engine="serial")
    return {"run": written.folder, "batch": Path(batch.folder)}


def paths_in(value, path=()):
    """Yield the path of every value in plain data; of long mappings the first three."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in list(items)[:30]:
        yield from paths_in(below, (*path, key))


def mutants(data):
    """Yield data with every value replaced by others, and without it."""
    for path in paths_in(data):
        for value in (*VALUES, ...):
            copy = json.loads(json.dumps(data))
            if not path:
                yield None if value is ... else value
                continue
            holder = copy
            for part in path[:-1]:
                holder = holder[part]
            if value is ...:
                del holder[path[-1]]
            else:
                holder[path[-1]] = value
            yield copy


def refused_at_most(call, *arguments):
    """Call, and let nothing through but what users are told."""
    with suppress(DeftradeError):
        call(*arguments)


@pytest.mark.parametrize("kind", ["run", "batch"])
def test_no_manifest_is_a_fault_of_ours(made, tmp_path, kind):
    folder = tmp_path / "r"
    shutil.copytree(made[kind], folder)
    for data in list(mutants(json.loads((folder / manifests.NAME).read_text())))[::3]:
        (folder / manifests.NAME).write_text(json_text(data), encoding="utf-8")
        for call in (verify, reproduce):
            refused_at_most(call, folder)


def test_no_plan_is_a_fault_of_ours(made, tmp_path):
    folder = tmp_path / "r"
    shutil.copytree(made["batch"], folder)
    for number, data in enumerate(mutants(read_plan(folder))):
        (folder / "batch.json").write_text(json_text(data), encoding="utf-8")
        for call in (verify, read_batch):
            refused_at_most(call, folder)
        if number % 10 == 0:
            refused_at_most(merge, [folder], tmp_path / f"m{number}")


def test_a_wrong_type_is_told_with_its_path(made, tmp_path):
    shutil.copytree(made["batch"], tmp_path / "r")
    data = json.loads((tmp_path / "r" / manifests.NAME).read_text())
    data["batch"]["cells"][0]["name"] = 5
    (tmp_path / "r" / manifests.NAME).write_text(json.dumps(data))
    with pytest.raises(OutputError, match=r"batch\.cells\[0\]\.name is a number; a name of files"):
        manifests.read(tmp_path / "r")
    assert _run(["reproduce", str(tmp_path / "r")], traceback=False) == USERS_FAULT


def test_a_manifest_that_is_no_file_or_endless_is_refused(tmp_path):
    (tmp_path / "a" / manifests.NAME).mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / manifests.NAME).symlink_to("/dev/zero")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / manifests.NAME).write_text("[" * 100_000)
    for name in "abc":
        with pytest.raises(OutputError, match="cannot be read"):
            manifests.read(tmp_path / name)


def test_the_fault_of_a_run_is_read_by_its_shape(tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "a-0.failed.json").write_text('{"cell": "a", "run": 0, "seed": 1, "ok": 0}')
    with pytest.raises(OutputError, match="ok is a number; true or false belongs there"):
        read_outcome(tmp_path, Key("a", 0))


def test_a_tampered_saved_state_is_told_as_such(tmp_path):
    scenario = load(WORLD)
    run = start(scenario)
    step(run)
    save(run, tmp_path / "s.npz")
    assert finish(resume(scenario, tmp_path / "s.npz")).run.is_done
    with np.load(tmp_path / "s.npz") as saved:
        arrays = dict(saved)
    meta = json.loads(str(arrays.pop("meta")))
    for data in list(mutants(meta))[::9]:
        np.savez(tmp_path / "x.npz", meta=np.array(json_text(data)), **arrays)
        refused_at_most(resume, scenario, tmp_path / "x.npz")
    for name in list(arrays)[::60]:
        for odd in (np.array("x"), np.zeros((0, 3)), np.zeros((2, 2, 2, 2)), np.array([None]).astype("U")):
            np.savez(tmp_path / "x.npz", meta=np.array(json.dumps(meta)), **{**arrays, name: odd})
            refused_at_most(resume, scenario, tmp_path / "x.npz")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("describe > /dev/full", 2),
        ("--help > /dev/full", 2),
        ("describe >&-", 0),
        ("describe 2> /dev/full | head -1", 0),
        ("validate " + "x" * 5000, 2),
        ("verify " + "x" * 5000, 2),
        ("run w.yaml -q --out " + "x" * 300, 2),
    ],
)
def test_what_the_machine_refuses_is_no_fault_of_ours(tmp_path, line, code):
    (tmp_path / "w.yaml").write_text(json.dumps(WORLD))
    command = f"set -o pipefail; {sys.executable} -m deftrade {line}"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert "fault of deftrade" not in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_python_without_docstrings_is_told(tmp_path):
    done = subprocess.run(
        [sys.executable, "-OO", "-m", "deftrade", "describe"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, "docstrings" in done.stderr) == (USERS_FAULT, True)


def test_a_result_whose_name_would_be_too_long_is_refused_before_it_is_simulated(tmp_path):
    (tmp_path / f"{'y' * 240}.yaml").write_text(json.dumps(WORLD))
    with pytest.raises(OutputError, match="too long"):
        check_folder(load(tmp_path / f"{'y' * 240}.yaml"), tmp_path)


def test_numbers_beyond_what_formulas_bear_are_the_inputs(monkeypatch):
    def fail(*_, **__):
        raise NotFiniteError("no number")

    monkeypatch.setattr("deftrade.report.snapshots.run_into", fail)
    assert _run(["run", "x.yaml", "-q"], traceback=False) == USERS_FAULT
