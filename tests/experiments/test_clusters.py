"""Batches on clusters: a real dask scheduler that loses a worker, and a real SLURM."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.experiments.faults import Raises, Slows, at_start
from tests.worlds import small_scenario

from deftrade.core.draws import replicate_seed
from deftrade.errors import ExperimentError
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.execution import Execution, parse_shard
from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.batch.running import run_batch

REPOSITORY = Path(__file__).resolve().parents[2]
RUNS = 12


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Start a dask scheduler and two workers; give its address and the workers' processes."""
    folder = tmp_path_factory.mktemp("dask")
    address = f"tcp://127.0.0.1:{free_port()}"
    here = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    environment = {**os.environ, "PYTHONPATH": here, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--host", address, "--no-dashboard", "--no-show"]
    worker = [*dask, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    log = (folder / "log").open("wb")
    started = []

    def begin(command):
        started.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log))

    try:
        begin(scheduler)
        for name in ("one", "two"):
            begin([*worker, "--name", name, "--local-directory", str(folder / name)])
        from distributed import Client

        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()
        log.close()


@pytest.mark.slow
def test_dask_loses_a_worker_and_nothing_else(cluster, tmp_path):
    address, workers = cluster
    scenario = small_scenario(years=1)
    broken = at_start(scenario, Raises(seeds=[replicate_seed(5, 3)]))
    scenario = replace(scenario, events=(at_start(scenario, Slows(seconds=0.2)), broken))
    batch = Batch((Cell("small", scenario),), 5, RUNS)

    def kill_one(done, _):
        if done == 3:
            workers[0].send_signal(signal.SIGKILL)

    began = time.monotonic()
    result = run_batch(batch, tmp_path / "b", Execution("dask", scheduler=address, progress=kill_one))
    assert time.monotonic() - began < 60
    assert workers[0].wait(5) == -signal.SIGKILL
    assert workers[1].poll() is None
    assert [failed.run for failed in result.failed] == [3]
    assert result.failed[0].reason == "ZeroDivisionError: a fault on purpose"
    assert result.content == run_batch(batch, execution=Execution(workers=2)).content


def test_a_scheduler_that_does_not_answer_is_a_clear_error(monkeypatch):
    monkeypatch.setattr("deftrade.experiments.batch.engines._PATIENCE", 0.5)
    batch = Batch((Cell("small", small_scenario(years=1)),), 5, 1)
    for address in (f"tcp://127.0.0.1:{free_port()}", "no address at all"):
        with pytest.raises(ExperimentError, match="no dask scheduler answers at"):
            run_batch(batch, execution=Execution("dask", scheduler=address))


def test_without_dask_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    batch = Batch((Cell("small", small_scenario(years=1)),), 5, 1)
    with pytest.raises(ExperimentError, match=r'pip install "deftrade\[cluster\]"'):
        run_batch(batch, execution=Execution("dask", scheduler="tcp://127.0.0.1:1"))


def test_the_job_of_the_guide_names_every_shard():
    guide = (REPOSITORY / "docs" / "clusters.md").read_text(encoding="utf-8")
    job = yaml.safe_load(guide.split("```yaml\n")[1].split("```")[0])["spec"]
    (container,) = job["template"]["spec"]["containers"]
    (line,) = container["args"]
    asked = line.split("--shard ")[1]
    shards = [
        subprocess.run(
            ["bash", "-c", f"echo {asked}"],
            env={"JOB_COMPLETION_INDEX": str(index)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for index in (0, job["completions"] - 1)
    ]
    assert [parse_shard(text) for text in shards] == [(1, 50), (50, 50)]


@pytest.mark.slow
@pytest.mark.may_skip
def test_an_array_job_of_a_real_slurm_is_the_whole_batch():
    script = REPOSITORY / "benchmarks" / "slurm_array.py"
    command = [sys.executable, str(script), "--runs", "5", "--shards", "2", "--years", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode == 77:
        pytest.skip(done.stdout.strip())
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" same\n") == 3
