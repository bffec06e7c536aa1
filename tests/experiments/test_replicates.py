"""A replicate is the same alone, in any batch, in any order, in any process."""

import gc
import pickle
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from tests.experiments.faults import Raises, at_start
from tests.worlds import small_scenario, small_world

from deftrade import simulate
from deftrade.core.draws import replicate_seed
from deftrade.core.table import Table
from deftrade.core.tables import States
from deftrade.errors import ExperimentError
from deftrade.experiments.batch import openings
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.engines import run_tasks
from deftrade.experiments.batch.execution import Execution, parse_shard
from deftrade.experiments.batch.replicate import Cell, Task, play
from deftrade.experiments.batch.trajectories import Keep
from deftrade.phases import ORDER
from deftrade.results.indicators import measure
from deftrade.scenario.build import open_world
from deftrade.scenario.resolved import Outputs, Setting

ROOT = 11


@pytest.fixture(scope="module")
def scenario():
    return small_scenario(years=2)


@pytest.fixture(scope="module")
def variant(scenario):
    return replace(scenario, policy=(Setting(States.burden, (2,), 2026.0, 0.05),))


@pytest.fixture(scope="module")
def batch(scenario, variant):
    return Batch((Cell("base", scenario), Cell("more", variant)), ROOT, 3)


@pytest.fixture(scope="module")
def outcomes(batch):
    """Return the outcomes of a batch played here, one after the other."""
    return {outcome.key: outcome for outcome in run_tasks(batch.tasks(), Execution("serial"))}


def values(outcome):
    """Return everything but the time that a run took."""
    plain = {name: value for name, value in vars(outcome).items() if name not in ("seconds", "trajectories")}
    return repr(plain), pickle.dumps(outcome.trajectories.to_pydict())


def assert_same(one, other):
    assert one.keys() == other.keys()
    for key, outcome in one.items():
        assert outcome.ok, outcome.traceback
        assert values(outcome) == values(other[key]), key


def test_a_replicate_alone_is_the_one_in_the_batch(outcomes, variant):
    alone = play(Cell("more", variant), 2, ROOT)
    assert_same({alone.key: alone}, {alone.key: outcomes[alone.key]})


def test_order_does_not_matter(batch, outcomes):
    tasks = batch.tasks()
    tasks = [tasks[place] for place in np.random.default_rng(5).permutation(len(tasks))]
    assert_same(outcomes, {outcome.key: outcome for outcome in run_tasks(tasks, Execution("serial"))})


def test_other_processes_give_the_same_bits(batch, outcomes):
    assert_same(
        outcomes, {outcome.key: outcome for outcome in run_tasks(batch.tasks(), Execution(workers=2))}
    )


def test_runs_differ_and_cells_share_their_seeds(outcomes):
    assert len({outcome.content for outcome in outcomes.values()}) == len(outcomes)
    for key, outcome in outcomes.items():
        assert outcome.seed == replicate_seed(ROOT, key.run)


def test_a_replicate_has_the_numbers_of_a_run_with_its_seed(scenario, outcomes):
    outcome = outcomes["base", 1]
    results = simulate(scenario.with_seed(outcome.seed))
    assert outcome.indicators == {item.name: value for item, value in measure(results)}
    assert outcome.digests == results.run.digests
    assert outcome.residual == max(results.run.residuals.values())
    states = results.to_frame("states")
    focus = states[states["state"] == "State 0"].reset_index(drop=True)
    trajectories = outcome.trajectories.to_pandas()
    assert trajectories["date"].tolist() == ["opening", "2025", "2026"]
    assert trajectories["year"].tolist() == [2024, 2025, 2026]
    assert trajectories["time"].tolist() == [2025, 2026, 2027]
    yearly = focus["exports"][1:].to_numpy().reshape(2, 4).sum(axis=1)
    np.testing.assert_allclose(trajectories["exports"][1:], yearly, rtol=1e-12)
    assert trajectories["usable_capability"].tolist() == focus["usable_capability"][::4].tolist()
    mean = focus["readiness"][1:].to_numpy().reshape(2, 4).mean(axis=1)
    np.testing.assert_allclose(trajectories["readiness"][1:], mean, rtol=1e-12)


def test_courses_of_all_states_by_step_are_the_series_of_the_run(scenario):
    outcome = play(Cell("base", scenario), 0, ROOT, Keep("all", "step"))
    states = simulate(scenario.with_seed(outcome.seed)).to_frame("states")
    trajectories = outcome.trajectories.to_pandas()
    assert list(trajectories) == list(states)
    for name in trajectories:
        assert trajectories[name].tolist() == states[name].tolist(), name


def test_a_scenario_recorded_by_year_keeps_its_rows(scenario):
    yearly = replace(scenario, outputs=Outputs(every="year", focus="State 3"))
    outcome = play(Cell("base", yearly), 0, ROOT, Keep("focus", "step"))
    assert outcome.trajectories["date"].to_pylist() == ["opening", "2025", "2026"]
    assert set(outcome.trajectories["state"].to_pylist()) == {"State 3"}


def test_openings_are_settled_once_and_copied_exactly(monkeypatch, variant):
    settled = []

    def counted(scenario):
        settled.append(scenario)
        return open_world(scenario)

    monkeypatch.setattr(openings, "open_world", counted)
    openings._settled.cache_clear()
    scenario = replace(variant, calendar=replace(variant.calendar, end=2026))
    again = [play(Cell("a", scenario), run, ROOT) for run in (0, 1, 0)]
    assert len(settled) == 1
    fresh = simulate(scenario.with_seed(replicate_seed(ROOT, 0)))
    assert again[0].digests == again[2].digests == fresh.run.digests
    other = replace(scenario, world=small_world(seed=4))
    assert play(Cell("b", other), 0, ROOT).digests != again[0].digests
    assert len(settled) == 2


def test_a_copied_world_is_equal_and_apart(scenario):
    world = open_world(scenario)
    twin = world.copy()
    assert twin.digest() == world.digest()
    twin.states.gdp = twin.states.gdp * 2
    assert twin.digest() != world.digest()
    assert world.digest() == open_world(scenario).digest()


def test_a_world_is_freed_when_its_run_is_over(scenario):
    """Worlds that wait for Python to look for cycles made workers grow with the number of runs."""
    play(Cell("base", scenario), 0, ROOT)
    gc.collect()
    gc.disable()
    try:
        before = tables_alive()
        play(Cell("base", scenario), 1, ROOT)
        assert tables_alive() == before
    finally:
        gc.enable()


def tables_alive():
    return sum(isinstance(each, Table) for each in gc.get_objects())


def test_a_fault_in_a_run_becomes_its_outcome(scenario):
    broken = replace(scenario, events=(at_start(scenario, Raises(seeds=[replicate_seed(ROOT, 1)])),))
    good, bad = (play(Cell("base", broken), run, ROOT) for run in (0, 1))
    assert good.ok
    assert not bad.ok
    assert bad.reason == "ZeroDivisionError: a fault on purpose"
    assert "in apply" in bad.traceback
    assert bad.indicators == {}
    assert bad.trajectories is None


def test_a_broken_law_becomes_an_outcome(scenario):
    last = ORDER[-1]

    def print_money(world, group):
        last.run(world, group)
        world.states.procurement_fund = world.states.procurement_fund + 1e6

    minting = replace(last, run=print_money, writes=(*last.writes, States.procurement_fund))
    outcome = play(Cell("base", scenario), 0, ROOT, order=(*ORDER[:-1], minting))
    assert not outcome.ok
    assert outcome.reason.startswith("deftrade.errors.LawBrokenError")


def test_an_interrupt_is_no_outcome(scenario):
    def interrupt(world, group):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        play(Cell("base", scenario), 0, ROOT, order=(replace(ORDER[0], run=interrupt), *ORDER[1:]))


def test_a_worker_with_other_code_refuses(scenario):
    from deftrade.experiments.batch.replicate import play_task

    outcome = play_task(Task(Cell("base", scenario), 0, ROOT, code=sha256(b"other").hexdigest()))
    assert not outcome.ok
    assert "another version of deftrade" in outcome.reason


def test_a_replicate_loads_no_pandas():
    code = (
        "import sys\n"
        "from tests.worlds import small_scenario\n"
        "from deftrade.experiments.batch.replicate import Cell, play\n"
        "outcome = play(Cell('a', small_scenario(years=1)), 0, 1)\n"
        "assert outcome.ok, outcome.traceback\n"
        "assert outcome.trajectories.num_rows == 2\n"
        "print(*{'pandas', 'matplotlib', 'scipy'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    ("text", "shard"), [("1/1", (1, 1)), ("2/4", (2, 4)), (" 4/4 ", (4, 4))]
)  # fmt: skip
def test_shards_are_parsed(text, shard):
    assert parse_shard(text) == shard


@pytest.mark.parametrize("text", ["", "5/4", "0/4", "1", "1/0", "a/b", "-1/2", "1/2/3", "1.5/2"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(ExperimentError, match="PART/PARTS"):
        parse_shard(text)


def test_shards_cover_a_batch_once(batch):
    tasks = [task.key for task in batch.tasks()]
    parts = [[task.key for task in batch.tasks(parse_shard(f"{part}/4"))] for part in range(1, 5)]
    assert sorted(key for part in parts for key in part) == sorted(tasks)
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


def test_the_digest_tells_batches_apart(batch, scenario, variant):
    others = [
        replace(batch, root=ROOT + 1),
        replace(batch, keep=Keep("all")),
        replace(batch, cells=batch.cells[::-1]),
        replace(batch, cells=(Cell("base", variant), Cell("more", variant))),
        replace(batch, cells=(Cell("base", scenario.with_years(1)), Cell("more", variant))),
        replace(batch, cells=(Cell("base", replace(scenario, outputs=Outputs(focus="State 2"))),)),
    ]
    assert len({each.digest for each in (batch, *others)}) == len(others) + 1
    assert replace(batch, runs=9).digest == batch.digest


def test_a_batch_that_cannot_be_is_refused(scenario):
    cell = Cell("base", scenario)
    for cells, runs in (((), 1), ((cell,), 0), ((cell, cell), 1), ((Cell("a/b", scenario),), 1)):
        with pytest.raises(ExperimentError):
            Batch(cells, ROOT, runs)
    with pytest.raises(ExperimentError, match="focus, all"):
        Keep("some")


@pytest.mark.parametrize(
    ("engine", "workers", "scheduler", "word"),
    [
        ("ray", None, None, "allowed: processes, serial, dask"),
        ("serial", 0, None, "1 to 1024"),
        ("dask", None, None, "address"),
        ("serial", None, "tcp://127.0.0.1:1", "no scheduler"),
    ],
)
def test_what_no_engine_can_do_is_refused(engine, workers, scheduler, word):
    with pytest.raises(ExperimentError, match=word):
        Execution(engine, workers, scheduler)
