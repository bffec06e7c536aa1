"""Case work and checks are paid out of taxes and move nothing else."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened
from tests.worlds import TRADING

from deftrade.core.tables.codes import Item, Sector
from deftrade.phases.licensing import LicensingParams
from deftrade.phases.licensing.agency import case_work_cost, pay_agency
from deftrade.phases.monitoring import MonitoringParams

FREE = TRADING.model_copy(
    update={"licensing": LicensingParams(case_cost=0), "monitoring": MonitoringParams(check_cost=0)}
)
BOOKS = {
    "States.control_cost",
    "States.fiscal_cost",
    "States.household_balance",
    "States.jobs_civil",
    "States.jobs_displaced",
    "States.jobs_net",
    "States.value_added_net",
}


def test_case_work_costs_by_application_and_capacity():
    world = next_step(opened())
    world.states.licences_filed[:2], world.states.small_licences[:2] = (2, 0), (98, 10)
    world.states.case_work_capacity[:2] = (1.0, 3.0)
    assert case_work_cost(world, LicensingParams(case_cost=0.01))[:2] == pytest.approx([1.0, 0.3])


def test_officers_are_paid_from_taxes():
    world = next_step(opened())
    pay_agency(world, np.array([1.0, 0, 0, 0, 0, 2.0]))
    table = world.postings
    assert list(table.item) == [Item.TAX, Item.TAX, Item.CONTROL_AGENCY, Item.CONTROL_AGENCY]
    assert list(table.payee_sector[2:]) == [Sector.HOUSEHOLDS] * 2
    assert list(table.amount) == [1, 2, 1, 2]
    assert world.states.fiscal_cost == pytest.approx(world.states.control_cost)
    assert world.states.control_cost.sum() == pytest.approx(3)


def test_control_that_costs_nothing_differs_in_the_books_alone():
    """The laws hold either way, and no decision answers to what control costs."""
    paid, free = advance(opened(), 2), advance(opened(), 2, FREE)
    assert paid.states.control_cost.sum() > 0
    assert free.states.control_cost.max() == 0
    assert not (free.postings.item == Item.CONTROL_AGENCY).any()
    different = {
        column.path
        for table, other in zip(paid.tables, free.tables, strict=True)
        for column in table.columns
        if column.table != "Postings"
        and not np.array_equal(
            paid.gate.arrays[column][: len(table)],
            free.gate.arrays[column][: len(other)],
            equal_nan=issubclass(column.dtype, np.floating),
        )
    }
    assert different == BOOKS
