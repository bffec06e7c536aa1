"""Fleets that need support from the market seek it, one contract at a time."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened

from deftrade.core.tables.codes import ContractKind
from deftrade.phases.tendering.params import TenderingParams
from deftrade.phases.tendering.supporting import support_tenders


def unsupported():
    """Return a world in which no fleet has support."""
    world = next_step(opened())
    world.fleets.support_contract[:] = -1
    world.fleets.support_tender[:] = -1
    return world


def test_need_is_a_share_of_replacement_value():
    world = unsupported()
    world.categories.support_rate[:] = 0.04
    world.categories.market_price[:] = 1.5
    world.fleets.volume[0] = 1000.0
    support_tenders(world, TenderingParams(age_cost=0))
    assert world.fleets.support_need[0] == pytest.approx(60)


def test_every_fleet_without_support_seeks_it_once():
    world = unsupported()
    before = len(world.tenders)
    support_tenders(world, TenderingParams(smallest_support=0.001))
    wanted = np.count_nonzero(world.fleets.volume * world.categories.market_price[world.fleets.category] > 1)
    rows = np.arange(before, len(world.tenders))
    assert len(rows) >= wanted > 0
    assert np.all(world.tenders.kind[rows] == ContractKind.SUPPORT)
    assert len(set(world.tenders.fleet[rows])) == len(rows)
    support_tenders(world, TenderingParams(smallest_support=0.001))
    assert len(world.tenders) == before + len(rows)


def test_own_workshops_look_after_small_fleets():
    world = unsupported()
    world.fleets.volume[:] = 0.0
    world.fleets.volume[0] = 10.0
    before = len(world.tenders)
    support_tenders(world, TenderingParams(smallest_support=5))
    assert len(world.tenders) == before
    assert world.fleets.support_need[0] == 0


def test_the_value_covers_durations_that_differ():
    world = unsupported()
    before = len(world.tenders)
    support_tenders(world, TenderingParams(support_years=4))
    rows = np.arange(before, len(world.tenders))
    years = world.tenders.value[rows] / world.fleets.support_need[world.tenders.fleet[rows]]
    assert np.all((years > 2) & (years < 6))
    assert years.std() > 0.5


def test_durations_keep_within_their_spread():
    world = unsupported()
    before = len(world.tenders)
    support_tenders(world, TenderingParams(support_years=4, support_spread=0.25))
    rows = np.arange(before, len(world.tenders))
    years = world.tenders.value[rows] / world.fleets.support_need[world.tenders.fleet[rows]]
    assert np.all((years > 3) & (years < 5))
    assert years.std() > 0.25
