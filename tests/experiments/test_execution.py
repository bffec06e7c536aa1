"""How a batch is played is said once: misspelt options are found before and while Python runs."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest
from tests.experiments.experiments import GRID, write
from tests.worlds import small_scenario

from deftrade import compare, ensemble, load_experiment, robustness, sensitivity, sweep
from deftrade.errors import ExperimentError
from deftrade.experiments.answers.api import run_shard
from deftrade.experiments.answers.files import folder_of
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.execution import Execution, ExecutionOptions, Shard, execution_of
from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.batch.running import interrupts_noted, run_batch
from deftrade.experiments.claims.answers import ask
from deftrade.files import manifests

REPOSITORY = Path(__file__).resolve().parents[2]
CALLS = (ensemble, compare, sweep, sensitivity, robustness, ask)


@pytest.fixture(scope="module")
def scenario():
    return small_scenario(years=1)


@pytest.mark.parametrize("call", CALLS)
def test_a_misspelt_option_is_named_with_the_nearest_and_all_that_are_allowed(call):
    with pytest.raises(TypeError) as refused:
        call("nowhere.yaml", enginee="serial")
    text = str(refused.value)
    assert text.startswith(f"{call.__name__}() has no option 'enginee'; did you mean engine? allowed: ")
    assert text.endswith("engine, workers, scheduler, shard, resume, force, progress")


def test_an_option_of_the_call_itself_is_named_as_well():
    with pytest.raises(
        TypeError, match=r"compare\(\) has no option 'run'; did you mean runs\? allowed: runs, "
    ):
        compare("nowhere.yaml", run=2)
    with pytest.raises(TypeError, match=r"has no option 'zzzz'; allowed: "):
        ensemble("nowhere.yaml", zzzz=2)


def test_a_type_checker_finds_what_is_misspelt(tmp_path):
    calls = (
        "import deftrade",
        'deftrade.compare("a", "b", engine="serial", workers=2, force=True)',
        'deftrade.ensemble("a", execution=deftrade.Execution(engine="serial"), shard="1/2")',
        'deftrade.compare("a", "b", enginee="serial")',
        'deftrade.sweep("a", workers="two")',
        'deftrade.Execution(engin="serial")',
    )
    snippet = tmp_path / "snippet.py"
    snippet.write_text("\n".join(calls) + "\n", encoding="utf-8")
    cache = REPOSITORY / ".mypy_cache"  # that of the source is at hand
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", "--cache-dir", str(cache), str(snippet)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    errors = [line for line in done.stdout.splitlines() if ": error: " in line]
    assert [line.removeprefix(str(snippet)).split(":")[1] for line in errors] == ["4", "5", "6"], done.stdout
    assert 'Unexpected keyword argument "enginee" for "compare"' in errors[0]


def test_keywords_and_fields_are_the_same_names():
    assert list(ExecutionOptions.__annotations__) == [field.name for field in fields(Execution)]


def test_single_options_replace_those_of_an_execution_given_whole():
    whole = Execution("serial", workers=3, resume=True)
    assert execution_of(ensemble, whole, {}) == whole
    changed = execution_of(ensemble, whole, {"workers": 2, "shard": "2/4"})
    assert changed == Execution("serial", workers=2, resume=True, shard=Shard(2, 4))
    assert execution_of(ensemble, None, {}) == Execution()
    with pytest.raises(FrozenInstanceError):
        whole.workers = 4


def test_one_that_goes_on_never_starts_anew():
    assert Execution(force=True).going_on() == Execution(resume=True)


def test_keywords_and_an_execution_give_the_same_batch(scenario, tmp_path):
    told = []
    here = Execution("serial", progress=lambda *count: told.append(count))
    whole = ensemble(scenario, 2, out=tmp_path, execution=here)
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert whole.content == ensemble(scenario, 2, engine="serial").content
    assert not ensemble(scenario, 2, out=tmp_path, engine="serial").is_new
    assert whole.to_dict()["done"] == 2


def test_parts_have_no_answer(tmp_path):
    experiment = load_experiment(write(tmp_path, GRID))
    for call, given in ((sweep, experiment), (sensitivity, experiment), (robustness, experiment)):
        with pytest.raises(ExperimentError, match="a shard of a design has no answer yet"):
            call(given, shard="1/2")
    with pytest.raises(ExperimentError, match="a shard holds no pairs"):
        compare("nowhere.yaml", "nowhere.yaml", shard="1/2")
    with pytest.raises(ExperimentError, match="a shard of claims has no answer"):
        ask("nowhere.yaml", shard="1/2")


def test_python_keeps_the_answer_beside_its_batch_as_the_command_does(tmp_path):
    experiment = load_experiment(write(tmp_path, GRID))
    answer = sweep(experiment, runs=1, out=tmp_path / "out", engine="serial")
    folder = folder_of(answer)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        answer.batch.folder.name,
        folder.name,
    ]
    assert manifests.read(folder)["kind"] == "sweep"
    assert folder_of(sweep(experiment, runs=1, engine="serial")) is None
    part = run_shard(
        "sweep", experiment, runs=1, out=tmp_path, execution=Execution("serial", shard=Shard(1, 2))
    )
    assert part.folder.name == f"{answer.batch.folder.name}-shard-1-of-2"


def test_an_interrupt_says_how_many_runs_are_kept(scenario, tmp_path):
    batch = Batch((Cell("a", scenario),), 1, 3)

    def stop(done, whole):
        if done == 2:
            raise KeyboardInterrupt

    for place, notes in ((tmp_path / "b", [f"2 of 3 runs are kept in {tmp_path / 'b'}"]), (None, [])):
        with pytest.raises(KeyboardInterrupt) as stopped, interrupts_noted(batch, place):
            run_batch(batch, place, Execution("serial", progress=stop))
        assert getattr(stopped.value, "__notes__", []) == notes
