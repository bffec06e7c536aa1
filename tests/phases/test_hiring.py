"""Workforces follow workloads within ceilings and the pool; scarcity raises wages; training enlarges."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened, play, twin

from deftrade.core.tables.codes import CLIPS, Item
from deftrade.phases.hiring.phase import needed_jobs


def at_work(load=None):
    """Return a world with plenty of skilled people; all lines due for ``load`` if told."""
    world = next_step(opened())
    world.states.skilled_pool[:] = 1e6
    if load is not None:
        world.lines.load[:], world.lines.capacity[:] = load, 1e4
    return world


def test_jobs_are_load_times_intensity_over_productivity():
    load, intensity = np.array([100.0, 100.0]), np.array([1.0, 1.5])
    assert needed_jobs(load, intensity, np.array([0.2, 0.2])) == pytest.approx([500, 750])


def test_work_beyond_capacity_needs_nobody():
    world = at_work(load=1e6)
    world.lines.capacity[:] = 10.0
    play(world, "hiring")
    home = world.firms.home[0]
    assert world.firms.workload[0] == pytest.approx(2 * 10 / opened().states.productivity[home])


def test_workforces_grow_and_shrink_within_ceilings():
    world = at_work(load=1e4)
    before = world.firms.workers.copy()
    world.firms.workers[0] = 1e6
    play(world, "hiring", hiring_ceiling=0.2, hiring_team=40, layoff_ceiling=0.3)
    assert world.firms.workers[0] == pytest.approx(1e6 * 0.7**0.25)
    assert world.firms.workers[2:] == pytest.approx(before[2:] * 1.2**0.25 + 40 / 4)


def test_a_firm_without_workers_hires_a_first_team():
    world = at_work(load=1e4)
    world.firms.workers[3] = 0.0
    play(world, "hiring", hiring_team=40)
    assert world.firms.workers[3] == pytest.approx(10)


def test_parts_for_others_are_work_too():
    world = at_work()
    world.lines.load[:] = world.firms.component_output[:] = 0.0
    world.firms.component_output[7] = 25.0
    play(world, "hiring")
    expected = np.zeros(12)
    expected[7] = 4 * 25 / opened().states.productivity[world.firms.home[7]]
    assert world.firms.workload == pytest.approx(expected)


def test_the_pool_follows_employment_but_not_below_what_the_economy_holds():
    world = at_work()
    idle = twin(world)
    idle.firms.is_active[:] = False
    idle.states.skilled_pool[:] = 0.0
    for each in (world, idle):
        play(each, "hiring", pool_growth=1, pool_slack=0.4, pool_floor=0.001, productivity_trend=0)
    floor = 0.001 * world.states.gdp / world.states.productivity
    assert world.states.skilled_pool == pytest.approx(1.4 * world.states.employed + floor)
    assert idle.states.skilled_pool == pytest.approx(floor)


def test_a_firm_near_its_goal_reaches_it():
    world = at_work()
    play(world, "hiring")
    world.firms.workers[:] = world.firms.workload * 1.04
    goal = world.firms.workload * 1.05
    play(next_step(world), "hiring", overhead=0.05, productivity_trend=0)
    assert world.firms.workers[world.firms.workload > 0] == pytest.approx(goal[goal > 0], rel=0.02)


def test_where_the_pool_is_short_all_firms_go_short_alike():
    plenty, short = at_work(load=5000.0), at_work(load=5000.0)
    plenty.firms.workers[:] = short.firms.workers[:] = 1000.0
    before = short.firms.workers.copy()
    home = 3
    firms = np.flatnonzero(short.firms.home == home)
    short.states.skilled_pool[home] = before[firms].sum() + 10
    play(plenty, "hiring")
    play(short, "hiring")
    asked, served = plenty.firms.workers - before, short.firms.workers - before
    assert served[firms].sum() == pytest.approx(10)
    assert served[firms] / asked[firms] == pytest.approx(10 / asked[firms].sum())
    assert short.environment.clipped[0, CLIPS.index("skilled_pool")] == 1
    assert np.delete(served, firms) == pytest.approx(np.delete(asked, firms))


def test_a_tight_pool_raises_wages_at_home():
    world = at_work()
    employed = np.bincount(world.firms.home, weights=world.firms.workers, minlength=6)
    world.states.skilled_pool[0] = employed[0] * 1.02
    play(world, "hiring", tight_pool=0.5, wage_response=2)
    used = world.states.employed[0] / (employed[0] * 1.02)
    assert world.states.wage_pressure[0] == pytest.approx(2 * (used - 0.5))
    assert world.states.wage_pressure[1] == 0


def test_training_enlarges_the_pool_and_costs_the_treasury():
    plain, trained = next_step(opened()), next_step(opened())
    trained.states.training_places[2] = 0.08
    pool = trained.states.skilled_pool[2]
    play(plain, "hiring", training_cost=0.05)
    play(trained, "hiring", training_cost=0.05)
    gain = trained.states.skilled_pool - plain.states.skilled_pool
    assert gain == pytest.approx([0, 0, pool * 0.02, 0, 0, 0])
    assert trained.states.fiscal_cost[2] == pytest.approx(pool * 0.02 * 0.05)
    postings = trained.postings
    assert postings.amount[postings.item == Item.TRAINING].sum() == pytest.approx(pool * 0.02 * 0.05)


def test_wages_are_a_share_of_output_and_come_out_of_cash():
    world = at_work()
    cash = world.firms.cash.copy()
    play(world, "hiring", wage_share=0.3, productivity_trend=0)
    wages = world.firms.workers * 0.3 * world.states.productivity[world.firms.home] / 4
    assert cash - world.firms.cash == pytest.approx(wages)
    postings = world.postings
    assert postings.amount[postings.item == Item.WAGES].sum() == pytest.approx(wages.sum())


def test_wage_pressure_is_paid():
    world = at_work()
    employed = np.bincount(world.firms.home, weights=world.firms.workers, minlength=6)
    world.states.skilled_pool[0] = employed[0] * 1.02
    cash = world.firms.cash.copy()
    play(world, "hiring", wage_share=0.3, productivity_trend=0, tight_pool=0.5, wage_response=2)
    plain = world.firms.workers * 0.3 * world.states.productivity[world.firms.home] / 4
    pressure = 1 + world.states.wage_pressure[world.firms.home]
    assert pressure[0] > 1.5
    assert cash - world.firms.cash == pytest.approx(plain * pressure)


def test_a_closed_firm_employs_nobody():
    world = at_work()
    world.firms.is_active[0] = False
    play(world, "hiring")
    assert world.firms.workers[0] == 0


def test_productivity_takes_part_in_growth():
    world = at_work()
    world.states.trend_growth[:] = 0.04
    before = world.states.productivity.copy()
    play(world, "hiring", productivity_trend=0.5)
    assert world.states.productivity == pytest.approx(before * 1.02**0.25)


def test_bought_know_how_leaves_skilled_people_behind():
    world = next_step(opened())
    world.states.learning_purchased[:] = 0.0
    world.states.learning_purchased[2, 0], world.states.learning_purchased[2, 1] = 30.0, 10.0
    taught, untaught = twin(world), twin(world)
    play(taught, "hiring", taught=1.5)
    play(untaught, "hiring", taught=0.0)
    gained = taught.states.skilled_pool - untaught.states.skilled_pool
    assert gained == pytest.approx([0, 0, 60, 0, 0, 0])
