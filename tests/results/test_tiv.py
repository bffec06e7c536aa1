"""Deliveries as a register of arms transfers counts them."""

from types import SimpleNamespace

import numpy as np
import pytest
from tests.phases.stories import opened
from tests.worlds import small_scenario

from deftrade import simulate
from deftrade.core.tables.codes import ContractKind, Mode
from deftrade.results.arrivals import Arrivals
from deftrade.results.tiv import VOLUME, TivWeights, transfers
from deftrade.simulation import finish, resume, save, start, step

ABROAD, HOME, LICENSOR = 5, 2, 4


@pytest.fixture(scope="module")
def results():
    return simulate(small_scenario(years=6))


def contract(world, row, *, kind=ContractKind.EQUIPMENT, mode=Mode.OFF_THE_SHELF, supplier=ABROAD, line=-1):
    """Make a contract one of the home state's for a quality of one half."""
    contracts = world.contracts
    contracts.kind[row], contracts.mode[row], contracts.line[row] = kind, mode, line
    contracts.supplier[row], contracts.buyer[row] = supplier, HOME
    contracts.quality[row] = 0.5


def deliver(world, arrivals, amounts, between=lambda world: None):
    """Take one step in which contracts deliver so much, and return the view."""
    arrivals.take(world)
    for row, amount in amounts.items():
        world.contracts.delivered[row] += amount
    between(world)
    world.clock.step += 1
    arrivals.take(world)
    return view(world, world.clock.calendar, arrivals)


def view(world, calendar, arrivals):
    """Return the table of a world that no run is behind."""
    scenario, record = SimpleNamespace(calendar=calendar), SimpleNamespace(arrivals=arrivals)
    return transfers(SimpleNamespace(world=world, scenario=scenario, record=record))


def counted(frame):
    return list(zip(frame.exporter, frame.importer, frame.volume, strict=True))


def licensed_line(world):
    """Return a line of the home state that builds the licensor's design."""
    line = int(np.flatnonzero(world.lines.home == HOME)[0])
    world.lines.design_origin[line] = LICENSOR
    return line


def test_weights_are_those_of_the_register():
    assert (TivWeights().new, TivWeights().second_hand) == (1, 0.4)


@pytest.mark.parametrize(
    ("mode", "volume"), [(Mode.OFF_THE_SHELF, 10.0), (Mode.LICENSED, 10.0), (Mode.SECOND_HAND, 4.0)]
)
def test_what_comes_from_abroad_counts_by_its_condition(mode, volume):
    """Twenty units at quality one half are ten units of capability; used ones are worth four."""
    world = opened()
    contract(world, 0, mode=mode)
    frame = deliver(world, Arrivals(), {0: 20.0})
    assert counted(frame) == [("State 5", "State 2", pytest.approx(volume))]
    assert frame.category[0] == world.names.categories[world.contracts.category[0]]
    assert frame.date.tolist() == [world.clock.calendar.label(0)]


@pytest.mark.parametrize("kind", [ContractKind.SUPPORT, ContractKind.TECHNOLOGY])
def test_support_and_technology_count_for_nothing(kind):
    world = opened()
    contract(world, 0, kind=kind)
    assert not len(deliver(world, Arrivals(), {0: 20.0}))


def test_own_designs_made_at_home_count_for_nothing():
    world = opened()
    line = licensed_line(world)
    world.lines.design_origin[line] = -1
    contract(world, 0, mode=Mode.DOMESTIC, supplier=HOME, line=line)
    assert not len(deliver(world, Arrivals(), {0: 20.0}))


def test_licensed_designs_made_at_home_count_for_the_licensor():
    world = opened()
    contract(world, 0, mode=Mode.DOMESTIC, supplier=HOME, line=licensed_line(world))
    assert counted(deliver(world, Arrivals(), {0: 20.0})) == [("State 4", "State 2", pytest.approx(10.0))]


def test_a_design_replaced_at_the_close_of_a_step_still_counts_for_what_came_in_it():
    world = opened()
    line = licensed_line(world)
    contract(world, 0, mode=Mode.DOMESTIC, supplier=HOME, line=line)
    arrivals = Arrivals()
    frame = deliver(world, arrivals, {0: 20.0}, lambda world: world.lines.design_origin.put(line, -1))
    assert counted(frame) == [("State 4", "State 2", pytest.approx(10.0))]
    assert len(deliver(world, arrivals, {0: 20.0})) == 1  # what is made next is an own design


def test_a_licensee_that_exports_is_the_exporter():
    world = opened()
    line = licensed_line(world)
    contract(world, 0, supplier=HOME, line=line)
    world.contracts.buyer[0] = 0
    assert counted(deliver(world, Arrivals(), {0: 20.0})) == [("State 2", "State 0", pytest.approx(10.0))]


def test_what_crossed_borders_is_what_the_flows_hold(results):
    arrived = results.record.arrivals.columns()
    contracts = results.world.contracts
    row = arrived["contract"]
    abroad = (contracts.supplier[row] != contracts.buyer[row]) & (arrived["step"] > 0)
    flows = results.record.flows()
    sums = np.zeros((2, len(results.record.steps), 6, 6))
    place = arrived["step"][abroad], contracts.supplier[row[abroad]], contracts.buyer[row[abroad]]
    np.add.at(sums[0], place, arrived["volume"][abroad])
    np.add.at(sums[1], (flows["row"], flows["exporter"], flows["importer"]), flows["deliveries"])
    assert sums[0].sum() > 0
    assert sums[0] == pytest.approx(sums[1])


def test_all_that_a_contract_delivered_since_the_opening_is_there(results):
    arrived, contracts = results.record.arrivals.columns(), results.world.contracts
    since = np.bincount(arrived["contract"], weights=arrived["volume"], minlength=len(contracts))
    new = contracts.signed >= 0
    assert since[new].sum() > 0
    assert since[new] == pytest.approx(contracts.delivered[new])


def test_results_hold_the_view_with_its_unit(results):
    frame = results.to_frame("tiv")
    assert list(frame.columns) == ["date", "exporter", "importer", "category", "contract", "volume"]
    assert (frame.volume > 0).all()
    assert (frame.exporter.astype(str) != frame.importer.astype(str)).all()
    assert frame.attrs["units"] == {"volume": "CU"}
    assert frame.attrs["meanings"]["volume"] == VOLUME.meaning


def test_a_run_that_was_saved_half_way_has_the_same_view(results, tmp_path):
    scenario = small_scenario(years=6)
    run = start(scenario)
    for _ in range(10):
        step(run)
    save(run, tmp_path / "half")
    again = finish(resume(scenario, tmp_path / "half"))
    assert again.to_frame("tiv").equals(results.to_frame("tiv"))


def test_a_run_without_steps_has_an_empty_view():
    run = start(small_scenario())
    assert not len(view(run.world, run.scenario.calendar, run.record.arrivals))
