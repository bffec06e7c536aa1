"""Openings are drawn by a key of their own, for settling alone."""

import numpy as np
import pytest
from tests.worlds import small_scenario

from deftrade import ensemble, simulation
from deftrade.core.draws import opening_seed, replicate_seed
from deftrade.errors import ExperimentError
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.openings import opened
from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.batch.summaries import summarise
from deftrade.experiments.statistics import by_opening
from deftrade.scenario.digests import world_digest
from deftrade.simulation import finish, resume, save, start, step


def test_an_opening_is_another_settling_of_the_same_world():
    base = small_scenario(years=1)
    other = base.with_opening(opening_seed(1, 0))
    assert world_digest(base) == world_digest(other)
    one, two = opened(base), opened(other)
    assert one.names.firms == two.names.firms
    assert (one.states.gdp == two.states.gdp).all()
    assert one.digest() != two.digest()
    assert opened(base.with_opening(base.world.seed)).digest() == one.digest()


def test_the_keys_of_openings_and_runs_differ():
    keys = [make(root, k) for make in (opening_seed, replicate_seed) for root in (0, 1) for k in range(50)]
    assert len(set(keys)) == len(keys)


def test_runs_belong_to_openings_in_turn_and_equally_many():
    batch = Batch((Cell("small", small_scenario(years=1)),), 3, 4, openings=2)
    assert [task.scenario.opening for task in batch.tasks()] == [opening_seed(3, k % 2) for k in range(4)]
    assert [task.run for task in batch.in_order_of_play(batch.tasks())] == [0, 2, 1, 3]
    fixed = Batch((Cell("small", small_scenario(years=1)),), 3, 4)
    assert {task.scenario.opening for task in fixed.tasks()} == {None}
    assert batch.digest != fixed.digest
    with pytest.raises(ExperimentError, match="5 runs cannot be spread evenly over 2 openings"):
        Batch((Cell("small", small_scenario(years=1)),), 3, 5, openings=2)


def test_the_mean_of_an_ensemble_is_one_of_openings():
    result = ensemble(small_scenario(years=1), runs=4, openings=2, engine="serial")
    assert result.plan["openings"] == 2
    assert result.to_dict()["openings"] == 2
    assert all(np.isnan(each.low) for each in summarise(result)), "two openings give no interval"


def test_means_by_opening_leave_out_what_is_not_known():
    values = np.array([[1.0], [10.0], [3.0], [np.nan]])
    assert by_opening(values, 2).tolist() == [[2.0], [10.0]]
    assert by_opening(values, 0) is values


def test_resume_settles_nothing(tmp_path, monkeypatch):
    scenario = small_scenario(years=1).with_opening(7)
    run = start(scenario)
    step(run)
    save(run, tmp_path / "state.npz")
    whole = finish(run)
    monkeypatch.setattr(simulation, "open_world", lambda _: pytest.fail("settled"))
    again = finish(resume(scenario, tmp_path / "state.npz"))
    assert again.run.world.digest() == whole.run.world.digest()
    with pytest.raises(simulation.StateFileError, match="opening"):
        resume(scenario.with_opening(8), tmp_path / "state.npz")
