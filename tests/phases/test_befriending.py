"""Licensed and shared programmes that run bring states closer, up to a point, both ways."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened, play, twin

from deftrade.core.tables.codes import ContractKind, ContractStatus, Mode
from deftrade.phases.allying.befriending import joint_work
from deftrade.phases.allying.params import AllyingParams
from deftrade.phases.allying.phase import standing_warmth

CALM = {"leader_hazard": 0, "accession_hazard": 0, "exit_hazard": 0}


def one_programme(mode=Mode.LICENSED, price=400.0):
    """Return a world whose only running contract is one from 5 to 0 over eight years."""
    world = next_step(opened())
    contracts = world.contracts
    contracts.status[:] = ContractStatus.COMPLETED
    row = np.flatnonzero(contracts.kind == ContractKind.EQUIPMENT)[0]
    contracts.status[row], contracts.mode[row] = ContractStatus.ACTIVE, mode
    contracts.supplier[row], contracts.buyer[row] = 5, 0
    contracts.price[row], contracts.lead[row], contracts.span[row] = price, 3.0, 5.0
    world.states.procurement_budget[:] = 125.0  # 500 a year
    return world, row


def test_work_counts_against_the_buyer_s_budget_and_saturates():
    world, row = one_programme()
    work = joint_work(world, AllyingParams(programme_half=0.1))
    assert work[5, 0] == pytest.approx(0.5)
    assert work.sum() == pytest.approx(0.5)
    world.contracts.price[row] = 3600.0
    assert joint_work(world, AllyingParams(programme_half=0.1))[5, 0] == pytest.approx(0.9)


def test_ready_made_equipment_is_no_programme_but_know_how_is():
    world, row = one_programme(Mode.OFF_THE_SHELF)
    assert joint_work(world, AllyingParams()).max() == 0
    world.contracts.kind[row] = ContractKind.TECHNOLOGY
    assert joint_work(world, AllyingParams())[5, 0] > 0


def test_both_sides_gain_goodwill_and_none_where_the_effect_is_off():
    world, _ = one_programme()
    for column in ("relation", "hostility", "goodwill", "opening_warmth", "licensed_refused"):
        getattr(world.dyads, column)[:] = 0.0
    none = twin(world)
    play(world, "allying", programme_effect=0.08, programme_half=0.1, **CALM)
    assert world.dyads.goodwill[5, 0] == world.dyads.goodwill[0, 5] == pytest.approx(0.08 / 2 / 4)
    play(none, "allying", programme_effect=0, **CALM)
    assert not none.dyads.goodwill.any()


def test_warmth_without_the_effect_is_what_trade_and_enemies_bring():
    world, _ = one_programme()
    cold = twin(world)
    cold.contracts.status[:] = ContractStatus.COMPLETED
    off = AllyingParams(programme_effect=0)
    assert np.array_equal(standing_warmth(world, off), standing_warmth(cold, off))
    assert standing_warmth(world, AllyingParams())[5, 0] > standing_warmth(cold, AllyingParams())[5, 0]
