"""Openings are drawn by a key of their own, for settling alone."""

import numpy as np
import pytest
from tests.worlds import small_scenario

from deftrade import compare, ensemble, simulation
from deftrade.core.draws import opening_seed, replicate_seed
from deftrade.errors import ExperimentError
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.openings import opened
from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.batch.summaries import summarise
from deftrade.experiments.compare.findings import chosen_indicators, find
from deftrade.experiments.statistics import by_opening, estimate, shares
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


def clustered(generator, openings, pairs, between, within, times=1):
    """Return differences around 0, run k in opening k modulo their number."""
    shared = generator.normal(0, between, (openings, times))
    return np.tile(shared, (pairs, 1)) + generator.normal(0, within, (openings * pairs, times))


def test_intervals_over_openings_cover_and_those_over_pairs_do_not():
    values = clustered(np.random.default_rng(4), 16, 6, 1.0, 1.0, times=4000)
    over = estimate(values, openings=16)
    assert 0.935 < ((over.low <= 0) & (over.high >= 0)).mean() < 0.97
    alone = estimate(values)
    assert ((alone.low <= 0) & (alone.high >= 0)).mean() < 0.75
    assert over.error == pytest.approx(by_opening(values, 16).std(axis=0, ddof=1) / 4)


def test_variances_within_and_between_openings_are_told_apart():
    found = shares(clustered(np.random.default_rng(5), 400, 6, 2.0, 1.0), 400)
    assert found.between[0] == pytest.approx(2.0, rel=0.1)
    assert found.within[0] == pytest.approx(1.0, rel=0.1)
    assert found.intraclass[0] == pytest.approx(0.8, abs=0.05)
    assert np.isnan(shares(np.ones((4, 1)), 4).intraclass[0]), "one pair an opening tells nothing"


def test_findings_count_openings_and_tell_pairs():
    generator = np.random.default_rng(6)
    base = generator.normal(100, 1, (32, 1))
    values = {"base": base, "policy": base + 10 + clustered(generator, 16, 2, 1.0, 0.5)}
    (found,) = find(values, chosen_indicators("jobs_net"), {"policy": True}, 16)
    assert (found.measured.pairs, found.luck.pairs, found.row()["openings"]) == (16, 32, 16)
    assert found.verdict.direction == 1
    (few,) = find(values, chosen_indicators("jobs_net"), {"policy": True}, 4)
    assert np.isnan(few.measured.low)
    assert "fewer than 8 openings give no interval" in few.verdict.sentence


def test_both_arms_of_a_pair_share_their_opening():
    scenario = small_scenario(years=1)
    found = compare(scenario, scenario, runs=4, openings=2, indicators=["jobs_net"], engine="serial")
    assert found.to_dict()["openings"] == 2
    assert found.of("jobs_net").luck.moved == 0
    with pytest.raises(ExperimentError, match="openings"):
        compare(scenario, scenario, runs=4, openings=2, until="jobs_net=5", engine="serial")
