"""What refusals prevent, give away and leave to others is read off the records."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened

from deftrade.core.tables.codes import ContractKind, LicenceStatus
from deftrade.phases.monitoring.preventing import measure_refusals, refused_loss, yearly_work


def refuse(world, exporter=5, buyer=0, category=0, *, value=100.0, decided=None, **terms):
    """Append a tender and an application for it that was refused; return the application's row."""
    tender, row = world.tenders.append(1), world.applications.append(1)
    world.tenders.buyer[tender], world.tenders.years[tender] = buyer, terms.get("years", 0.0)
    table = world.applications
    table.tender[row], table.exporter[row], table.buyer[row] = tender, exporter, buyer
    table.category[row], table.value[row] = category, value
    table.line[row] = terms.get("line", 0)
    table.kind[row] = terms.get("kind", ContractKind.EQUIPMENT)
    table.status[row] = LicenceStatus.REFUSED
    table.decided[row] = world.clock.step if decided is None else decided
    return int(row[0])


def even(exporter, buyer, category):
    """Return the same hazard for all."""
    return np.full(len(exporter), 0.02)


def measured(world):
    measure_refusals(world, even)
    return world.states


def quiet():
    """Return a world in which nothing was refused."""
    world = next_step(opened())
    world.applications.status[:] = LicenceStatus.GRANTED
    world.categories.lead_time[:], world.categories.delivery_span[:] = 2.0, 3.0
    world.categories.labour_intensity[:] = 1.0
    return world


def test_half_of_an_order_is_exposed_over_its_deliveries():
    loss = refused_loss(np.array([100.0, 100.0]), np.array([0.02, 0.0]), np.array([3.0, 3.0]))
    assert loss == pytest.approx([3.0, 0.0])


def test_an_order_pays_jobs_while_it_lasts():
    assert yearly_work(np.array([100.0]), np.array([5.0]), np.array([0.2])) == pytest.approx([100])


def test_refusals_of_this_step_prevent_expected_diversions():
    world = quiet()
    refuse(world)
    refuse(world, exporter=4, decided=world.clock.step - 1)
    refuse(world, exporter=3, kind=ContractKind.SUPPORT, years=4.0)
    assert measured(world).prevented_by_refusals == pytest.approx([0, 0, 0, 0, 0, 3.0])


def test_jobs_are_forgone_as_long_as_the_order_would_have_lasted():
    world = quiet()
    world.states.productivity[:] = 0.2
    refuse(world, exporter=5)
    refuse(world, exporter=4, decided=world.clock.step - 19)  # 4.75 years ago
    refuse(world, exporter=3, decided=world.clock.step - 20)
    refuse(world, exporter=2, kind=ContractKind.SUPPORT, years=4.0)
    refuse(world, exporter=1, kind=ContractKind.TECHNOLOGY)
    refuse(world, exporter=0, line=-1)  # used equipment pays no work
    assert measured(world).jobs_forgone == pytest.approx([0, 0, 125, 0, 100, 100])


def test_what_another_exporter_signs_is_supplied_all_the_same():
    world = quiet()
    taken, waiting = refuse(world, buyer=0), refuse(world, buyer=1)
    at_home = refuse(world, buyer=2)
    for application, supplier in ((taken, 4), (at_home, 2)):
        row = world.contracts.append(1)
        tender = world.applications.tender[application]
        world.contracts.tender[row], world.contracts.signed[row] = tender, world.clock.step
        world.contracts.supplier[row] = supplier
        world.contracts.buyer[row] = world.tenders.buyer[tender]
    assert world.applications.status[waiting] == LicenceStatus.REFUSED
    assert measured(world).refused_supplied == pytest.approx([0, 0, 0, 0, 0, 100])


def test_nothing_refused_nothing_prevented():
    states = measured(quiet())
    for column in ("prevented_by_refusals", "jobs_forgone", "refused_supplied"):
        assert getattr(states, column).max() == 0


def test_support_that_a_package_brings_takes_nobody_s_order():
    world = quiet()
    refuse(world, exporter=5)  # the last tender of all
    row = world.contracts.append(1)
    world.contracts.tender[row], world.contracts.signed[row] = -1, world.clock.step
    world.contracts.buyer[row], world.contracts.supplier[row] = 0, 4
    assert not measured(world).refused_supplied.any()
