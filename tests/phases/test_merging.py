"""Idle rivals at home merge: lines keep what they are, money and people move, nothing else changes."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, play_until, running
from tests.worlds import TRADING

from deftrade.core.tables.codes import DecisionKind, Item
from deftrade.phases.contracting.founding import by_id, largest_firm
from deftrade.phases.researching.renewal.merging import find_partner, idle_firms

HOME = 3


def idle(world, home=HOME):
    """Leave the firms of a state with next to nothing to do, in one common category."""
    mine = world.lines.home == home
    world.lines.load[mine] = 0.1 * world.lines.capacity[mine]
    world.lines.load[~mine] = world.lines.capacity[~mine]
    small, large = np.flatnonzero(world.firms.home == home)[:2]
    world.lines.category[np.flatnonzero(world.lines.firm == small)[0]] = world.lines.category[
        np.flatnonzero(world.lines.firm == large)[0]
    ]
    world.firms.smoothed_revenue[small], world.firms.smoothed_revenue[large] = 100.0, 300.0
    world.firms.cash[small], world.firms.cash[large] = 40.0, 60.0
    return int(small), int(large)


def merged(world, firm, **changes):
    """Return the world after the first date whose luck lets the firm merge."""
    world.firms.research_intensity[:] = 0
    keep = {"payout": 0, "revenue_memory": 0, "merger_hazard": 0.5, "entry_hazard": 0} | changes
    return play_until(lambda trial: not trial.firms.is_active[firm], world, "researching", **keep)


def test_idle_firms_are_those_with_little_to_do():
    world = next_step(opened())
    small, large = idle(world)
    assert np.flatnonzero(idle_firms(world, 0.5)).tolist() == [small, large]
    assert not idle_firms(world, 0.05).any()


def test_partners_make_the_same_at_home_and_are_larger():
    world = next_step(opened())
    small, large = idle(world)
    hosts = idle_firms(world, 0.5)
    assert find_partner(world, hosts, small) == large
    assert find_partner(world, hosts, large) == -1
    world.lines.category[world.lines.firm == large] = 0
    world.lines.category[world.lines.firm == small] = 1
    assert find_partner(world, hosts, small) == -1


def test_a_merger_moves_all_and_changes_no_line():
    world = next_step(opened())
    small, large = idle(world)
    world.firms.civil_revenue[small], world.firms.state_share[small] = 8.0, 1.0
    lines = np.flatnonzero(world.lines.firm == small)
    workers = world.firms.workers[[small, large]].sum()
    capacity = world.lines.capacity.copy()
    world = merged(world, small)
    assert np.all(world.lines.firm[lines] == large)
    assert np.all(world.lines.is_active[lines])
    assert np.array_equal(world.lines.capacity, capacity)
    assert not np.any(world.contracts.firm[running(world)] == small)
    assert world.firms.cash[[small, large]] == pytest.approx([0, 100])
    assert world.firms.workers[[small, large]] == pytest.approx([0, workers])
    assert world.firms.civil_revenue[[small, large]] == pytest.approx([0, 8])
    assert world.firms.state_share[large] == pytest.approx(0.25)
    moved = world.postings.item == Item.RECAPITALISATION
    assert world.postings.amount[moved] == pytest.approx([40])
    rows = world.decisions.kind == DecisionKind.MERGER
    assert world.decisions.chosen[rows] == large


def test_a_sanctioned_firm_does_not_wash_the_sanction_off():
    world = next_step(opened())
    small, _ = idle(world)
    world.firms.sanction_years[small] = 2.0
    for _ in range(20):
        world.clock.step += 1
        play(next_step(world), "researching", merger_hazard=2, entry_hazard=0, exit_hazard=0)
        assert world.firms.is_active[small]


def test_without_the_hazard_nothing_is_merged_and_settling_has_none():
    world = next_step(opened())
    idle(world)
    for _ in range(20):
        world.clock.step += 1
        play(next_step(world), "researching", merger_hazard=0, entry_hazard=0, exit_hazard=0)
    assert world.firms.is_active.all()
    assert TRADING.researching.settled().merger_hazard == 0


def test_books_balance_through_many_mergers():
    every = TRADING.researching.model_copy(update={"merger_hazard": 2.0, "merger_load": 1.0})
    world = advance(opened(), 4, TRADING.model_copy(update={"researching": every}))
    assert np.count_nonzero(world.decisions.kind == DecisionKind.MERGER) > 0


def test_of_equal_firms_the_first_by_id_counts_as_the_largest():
    world = opened()
    world.firms.smoothed_revenue[:] = 5.0
    every = np.ones(len(world.firms), dtype=bool)
    assert largest_firm(world, every) == np.argmin(world.firms.uid)
    assert np.array_equal(by_id(world, every), np.argsort(world.firms.uid))
    assert largest_firm(world, ~every) == -1
