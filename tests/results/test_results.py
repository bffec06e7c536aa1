"""What a run left behind: it shows, tells, draws, travels and is read back."""

import copy
import inspect
import os
import pickle

import pandas as pd
import pytest
from tests.worlds import small_scenario

import deftrade
from deftrade.errors import OutputError
from deftrade.files.locking import NAME, write_lock
from deftrade.phases import ORDER
from deftrade.report.figures import FIGURES
from deftrade.report.files import write_run
from deftrade.results.outputs import OUTPUTS
from deftrade.scenario.events.kinds import KINDS, Event
from deftrade.simulation import finish, simulate, start, step

LONGEST_SIGNATURE = 500


@pytest.fixture(scope="module")
def results():
    return simulate(small_scenario(years=1))


def names(results):
    return [output.name for output in OUTPUTS if output.is_kept(results)]


def test_results_come_back_from_a_pickle_with_the_same_tables(results):
    back = pickle.loads(pickle.dumps(results))
    for name in names(results):
        pd.testing.assert_frame_equal(back.to_frame(name), results.to_frame(name))
    assert back.world.digest() == results.world.digest()
    assert back.world.states.gdp.flags.writeable is False


def test_a_run_under_way_goes_on_from_a_pickle_or_a_copy(results):
    run = start(small_scenario(years=1))
    step(run)
    for twin in (pickle.loads(pickle.dumps(run)), copy.deepcopy(run)):
        assert all(one is other for one, other in zip(twin.order, ORDER, strict=True))
        assert finish(twin).run.digests == results.run.digests


def test_a_world_under_construction_stays_open_in_a_pickle():
    world = start(small_scenario(years=1)).world
    world.gate.unlock()
    back = pickle.loads(pickle.dumps(world))
    back.states.gdp[0] = 1.0
    assert back.states.gdp[0] == 1.0 != world.states.gdp[0]


def test_what_users_hold_comes_back_from_a_pickle(results):
    found = deftrade.compare(results.scenario, results.scenario, runs=2, engine="serial")
    back = pickle.loads(pickle.dumps(found))
    pd.testing.assert_frame_equal(back.to_frame(), found.to_frame())
    pd.testing.assert_frame_equal(back.result.to_frame("indicators"), found.result.to_frame("indicators"))
    assert back.family == found.family
    model = pickle.loads(pickle.dumps(deftrade.DefenceTradeModel(results.scenario)))
    model.run_model()
    assert model.run.digests == results.run.digests


def test_results_show_what_they_are(results):
    assert repr(results).startswith("Results(")
    assert "seed 1" in repr(results)
    assert "contracts" in repr(results)


def test_results_tell_their_summary(results):
    text = results.summary()
    assert text.startswith(f"# {results.scenario.title}")
    assert "## Main indicators" in text


def test_results_draw_every_figure(results):
    for name in FIGURES:
        assert results.plot(name).axes
        assert f"``{name}``" in type(results).plot.__doc__
    with pytest.raises(KeyError, match="capability, burden"):
        results.plot("weather")


def test_a_path_can_be_simulated(results, tmp_path):
    write_lock(results.scenario, tmp_path)
    file = tmp_path / NAME
    for place in (file, str(file)):
        assert simulate(place).run.digests == results.run.digests


@pytest.mark.parametrize("table_format", ["parquet", "csv", "csv-excel"])
def test_tables_read_from_disk_keep_units_and_meanings(results, tmp_path, table_format):
    folder = write_run(results, tmp_path, table_format=table_format).folder
    frame, back = results.to_frame("states"), deftrade.read_table(folder, "states")
    assert list(back.columns) == list(frame.columns)
    assert back["milex"].tolist() == pytest.approx(frame["milex"].tolist())
    assert back.attrs["units"]["milex"] == frame.attrs["units"]["milex"] == "MUSD"
    assert back.attrs["meanings"]["milex"] == frame.attrs["meanings"]["milex"]
    alone = deftrade.read_table(folder / f"contracts.{table_format.removesuffix('-excel')}")
    assert alone.attrs["units"]["price"] == "MUSD"
    with pytest.raises(OutputError, match="no table 'state'; there are states"):
        deftrade.read_table(folder, "state")
    with pytest.raises(OutputError, match="no folder of a run"):
        deftrade.read_table(tmp_path / "elsewhere", "states")


@pytest.mark.parametrize("backend", ["module://not_here.backend", "module://", "module://not.a.name here"])
def test_an_inherited_backend_that_is_not_installed_is_forgotten(monkeypatch, backend):
    monkeypatch.setenv("MPLBACKEND", backend)
    deftrade._drop_missing_backend()
    assert "MPLBACKEND" not in os.environ


@pytest.mark.parametrize("backend", ["Agg", "module://matplotlib.backends.backend_agg"])
def test_an_inherited_backend_that_is_there_stays(monkeypatch, backend):
    monkeypatch.setenv("MPLBACKEND", backend)
    deftrade._drop_missing_backend()
    assert os.environ["MPLBACKEND"] == backend


def test_the_package_lists_its_public_names():
    assert dir(deftrade) == sorted(deftrade.__all__)


@pytest.mark.parametrize("name", sorted({*deftrade.__all__} - {"__version__"}))
def test_signatures_are_short_enough_to_read(name):
    assert len(str(inspect.signature(getattr(deftrade, name)))) <= LONGEST_SIGNATURE


@pytest.mark.parametrize(
    ("step", "closing"), [("quarter", "2025-Q3"), ("month", "2025-07"), ("year", "2025")]
)
def test_a_firm_has_its_home_and_no_row_after_the_step_in_which_it_closed(step, closing):
    collapse = Event(2025.5, "collapse", KINDS["collapse"].model_construct(firm=1))
    results = simulate(small_scenario(years=2, step=step, events=(collapse,)))
    frame = results.to_frame("firms")
    homes = dict(zip(results.world.names.firms, results.world.firms.home, strict=True))
    told = frame.groupby("firm", observed=True)["state"].agg(["first", "nunique"])
    assert told["nunique"].eq(1).all()
    assert told["first"].to_dict() == {
        firm: results.world.names.states[home] for firm, home in homes.items() if firm in told.index
    }
    closed = frame[frame["firm"] == results.world.names.firms[1]]
    assert closed["closed"].tolist() == [closing] * len(closed)
    assert closed["date"].tolist() == [*results.dates()[: results.dates().index(closing) + 1]]
    trading = frame[frame["closed"].isna()]
    assert trading.groupby("firm", observed=True)["row"].max().eq(len(results.dates()) - 1).all()
