"""Faults that once were in the model and must not return."""

from pathlib import Path

import numpy as np
import pytest
from tests.worlds import small_scenario

from deftrade import load
from deftrade.core.tables.codes import ContractKind, ContractStatus
from deftrade.errors import ScenarioError
from deftrade.phases.researching.renewal.renewing import advances
from deftrade.simulation import start, step

FLAGSHIP = "scenarios/crescent_cooperation.yaml"


@pytest.fixture(scope="module")
def run():
    run = start(load(FLAGSHIP, years=6))
    while not run.is_done:
        step(run)
    run.world.gate.unlock()
    return run


def test_support_lasts_as_long_as_was_tendered(run):
    contracts, years = run.world.contracts, run.scenario.params.tendering.support_years
    # Support in packages comes without a tender and lasts longer.
    support = (contracts.kind == ContractKind.SUPPORT) & (contracts.tender >= 0)
    assert support.any()
    assert contracts.span[support].max() <= 1.5 * years


def test_orders_come_in_batches_that_a_budget_can_carry(run):
    world, tendering = run.world, run.scenario.params.tendering
    budget = run.record.series("states", "procurement_budget")[1:].max(axis=0) * 4
    tenders = world.tenders
    ordered = (tenders.kind == ContractKind.EQUIPMENT) & (tenders.opened >= 0)
    batch = np.maximum(
        tendering.largest_order * budget[tenders.buyer],
        world.categories.smallest_order[tenders.category],
    )
    assert ordered.sum() > 50
    assert (tenders.value[ordered] <= batch[ordered] * (1 + 1e-9)).all()


def test_what_is_paid_ahead_of_work_is_no_profit():
    world = start(small_scenario(years=1)).world
    world.gate.unlock()
    contracts = world.contracts
    contracts.status[:] = ContractStatus.COMPLETED
    contracts.status[0] = ContractStatus.ACTIVE
    contracts.firm[0] = 2
    contracts.price[0], contracts.paid[0] = 100.0, 40.0
    contracts.lead[0], contracts.span[0], contracts.progress[0] = 1.0, 3.0, 1.0

    ahead = advances(world)

    assert ahead[2] == pytest.approx(15.0)
    assert ahead.sum() == pytest.approx(15.0)


@pytest.mark.parametrize("years", [0, -2, 26, "x"])
def test_a_length_that_no_run_can_have_is_refused(years):
    with pytest.raises(ScenarioError, match="the run cannot have this length"):
        load(FLAGSHIP, years=years)


@pytest.mark.parametrize("seed", [-1, 2.5, 2**70])
def test_a_seed_that_no_run_can_have_is_refused(seed):
    with pytest.raises(ScenarioError, match="no such seed"):
        load(FLAGSHIP, seed=seed)


@pytest.mark.parametrize("step_length", ["month", "year"])
def test_a_child_may_choose_another_step(step_length, tmp_path):
    child = tmp_path / "child.yaml"
    base = Path(FLAGSHIP).resolve()
    child.write_text(f"extends: {base}\ntime: {{step: {step_length}}}\n", encoding="utf-8")
    assert load(child, years=1).calendar.step == step_length
