"""New plant is paid for by its owners, is as large as money allows, and is free where it costs nothing."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened

from deftrade.core.tables.codes import Item, Sector
from deftrade.phases.researching import ResearchingParams
from deftrade.phases.researching.renewal.investing import affordable_capacity, is_affordable, pay_for_plant

PARAMS = ResearchingParams(founding_cost=0.6, founding_cash=0.2, founding_funds=0.1)
FREE = ResearchingParams(founding_cost=0)


def test_the_smallest_plant_needs_a_home_market():
    budget = np.array([0.0, 79.0, 81.0])
    assert is_affordable(budget, 10, PARAMS).tolist() == [False, False, True]
    assert is_affordable(budget, 10, FREE).all()


def test_capacity_is_what_money_allows():
    assert affordable_capacity(100, 15, 400, PARAMS) == pytest.approx(50)
    assert affordable_capacity(100, 15, 4000, PARAMS) == 100
    assert affordable_capacity(100, 15, 4, PARAMS) == 15
    assert affordable_capacity(100, 15, 4, FREE) == 100


def test_owners_pay_for_plant_and_first_cash():
    world = next_step(opened())
    firms, line = world.firms, 0
    firm = world.lines.firm[line]
    world.lines.capacity[line], firms.state_share[firm] = 50.0, 0.25
    before = firms.cash[firm]
    pay_for_plant(world, PARAMS, line)
    postings = world.postings
    invested = postings.item == Item.INVESTMENT
    received = invested & (postings.payee_sector == Sector.FIRM)
    assert sorted(postings.amount[received]) == pytest.approx([10, 30])
    assert postings.amount[invested & (postings.payee_sector == Sector.CIVIL)] == pytest.approx([30])
    assert firms.cash[firm] == pytest.approx(before + 10)
    assert world.states.fiscal_cost[firms.home[firm]] == pytest.approx(10)
    assert firms.costs[firm] == pytest.approx(30)


def test_free_plants_leave_no_trace():
    world = next_step(opened())
    cash = world.firms.cash.copy()
    pay_for_plant(world, FREE, 0)
    assert len(world.postings) == 0
    assert np.array_equal(world.firms.cash, cash)
