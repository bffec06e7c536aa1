"""Scarce foreign exchange limits what a state can have on order abroad, for good."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, twin
from tests.worlds import TRADING

from deftrade.core.tables.codes import ContractKind
from deftrade.phases.tendering.affording import foreign_room

POOR = slice(0, 3)
"""States that make nothing themselves here."""


def test_scarcity_takes_its_share_of_all_that_could_be_abroad():
    room, abroad = np.array([60.0, 60.0, 60.0]), np.array([40.0, 40.0, 40.0])
    left = foreign_room(room, abroad, np.array([0.5, 1.0, 0.0]), 0.4)
    # A fifth of 100 may not go abroad: 80 less 40; two fifths: 60 less 40.
    assert left == pytest.approx([40, 20, np.inf])
    assert np.all(foreign_room(room, abroad, np.array([0.5, 1.0, 0.0]), 0.0) == np.inf)


def test_who_has_too_much_on_order_abroad_orders_nothing_more_there():
    assert foreign_room(np.array([10.0]), np.array([90.0]), np.array([1.0]), 0.5) == pytest.approx([-40])


def importers(tightness):
    """Return a world in which three states make nothing and foreign exchange is as scarce as told."""
    world = twin(opened())
    world.states.exchange_tightness[:] = tightness
    return world


def closed(world):
    """Keep the plants of three states closed."""
    world.lines.is_active[np.isin(world.lines.home, (0, 1, 2))] = False


def imports(tightness, weight, years=10):
    """Return yearly payments of the three states abroad for equipment, and the end of the run."""
    params = TRADING
    group = params.tendering.model_copy(update={"exchange_weight": weight})
    params = params.model_copy(update={"tendering": group})
    world, paid = importers(tightness), []
    for _ in range(years):
        before = _bought(world)
        advance(world, 1, params, closed)
        paid.append(_bought(world) - before)
    return np.array(paid), world


def _bought(world):
    """Return what the three states have paid abroad for equipment so far."""
    contracts = world.contracts
    mine = (contracts.kind == ContractKind.EQUIPMENT) & (contracts.buyer < 3)
    return contracts.paid[mine & (contracts.buyer != contracts.supplier)].sum()


def test_imports_fall_and_stay_lower():
    plenty, _ = imports(0.0, 0.9)
    scarce, _ = imports(0.9, 0.9)
    for half in (slice(0, 5), slice(5, 10)):
        assert scarce[half].sum() < 0.9 * plenty[half].sum()


def test_without_weight_scarcity_changes_nothing():
    ends = [imports(tightness, 0.0, years=2)[1] for tightness in (0.0, 0.9)]
    for table, other in zip(*(world.tables for world in ends), strict=True):
        for column in table.columns:
            if column.path != "States.exchange_tightness":
                mine, others = (world.gate.arrays[column] for world in ends)
                assert np.array_equal(mine[: len(table)], others[: len(other)], equal_nan=True), column.path


def test_orders_at_home_need_no_exchange():
    ends = []
    for tightness in (0.0, 1.0):
        world = importers(tightness)
        world.lines.is_active[:] = True
        for state in range(6):
            for category in range(3):
                world.lines.category[np.flatnonzero(world.lines.home == state)[category]] = category
        before = len(world.tenders)
        play(next_step(world), "budgeting", "tendering", exchange_weight=1)
        ends.append(world.tenders.value[before:])
    assert len(ends[0])
    assert np.array_equal(*ends)
