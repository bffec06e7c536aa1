"""When a row was: whole calendar years everywhere, closes beside them, and what format 1 said."""

import pandas as pd
import pytest
from tests.format_1 import age
from tests.worlds import small_scenario

import deftrade
from deftrade.errors import OutputError
from deftrade.files import manifests
from deftrade.provenance.reproduce import reproduce
from deftrade.provenance.verify_run import verify
from deftrade.report.files import write_run
from deftrade.results.outputs import OUTPUTS
from deftrade.results.timing import WHEN, is_of_format_1
from deftrade.scenario.resolved import Outputs
from deftrade.simulation import simulate

ALL = tuple(each.name for each in OUTPUTS if each.is_series)
START, YEARS = 2025, 2


def results_of(step="quarter", every="step"):
    return simulate(small_scenario(years=YEARS, step=step, outputs=Outputs(ALL, every)))


@pytest.fixture(scope="module")
def results():
    return results_of()


@pytest.mark.parametrize(
    ("step", "every"), [("quarter", "step"), ("quarter", "year"), ("month", "step"), ("year", "step")]
)
def test_the_year_of_every_series_is_that_of_its_label(step, every):
    kept = results_of(step, every)
    for name in ALL:
        frame = kept.to_frame(name)
        assert list(frame.columns[: len(WHEN)]) == [column.name for column in WHEN], name
        assert frame["year"].dtype.kind == "i", name
        opening = frame["row"] == 0
        labels = frame.loc[~opening, "date"].astype(str).str[:4].astype(int)
        assert (frame.loc[~opening, "year"] == labels).all(), name
        assert (frame.loc[opening, "year"] == START - 1).all(), name
        assert (frame.loc[opening, "time"] == START).all(), name
    states = kept.to_frame("states")
    assert states["time"].max() == START + YEARS
    assert states["year"].max() == START + YEARS - 1


def test_every_table_that_has_a_year_has_the_time_beside_it(results):
    for each in OUTPUTS:
        assert not is_of_format_1(results.to_frame(each.name).columns), each.name


def test_a_sum_over_the_year_is_that_over_its_labels(results):
    flows = results.to_frame("states").query("row > 0")
    by_year = flows.groupby("year")["exports"].sum()
    by_label = flows.groupby(flows["date"].astype(str).str[:4].astype(int))["exports"].sum()
    assert by_year.to_dict() == pytest.approx(by_label.to_dict())


@pytest.mark.parametrize("table_format", ["parquet", "csv"])
def test_a_run_of_format_1_is_read_as_one_of_now_and_still_verifies(results, tmp_path, table_format):
    new = write_run(results, tmp_path / "new", table_format=table_format).folder
    old = age(write_run(results, tmp_path / "old", table_format=table_format).folder)
    for name in ("states", "flows"):
        back, same = deftrade.read_table(old, name), deftrade.read_table(new, name)
        pd.testing.assert_frame_equal(back, same)
        assert back.attrs == same.attrs
    assert verify(old).is_sound
    assert reproduce(old)
    with pytest.raises(OutputError, match="a result of output format 1; --force"):
        write_run(results, tmp_path / "old", table_format=table_format)
    (old / "summary.md").write_text("exports quintupled", encoding="utf-8")
    assert verify(old).damages == ["summary.md was changed"]


def test_formats_to_come_are_refused(results, tmp_path):
    folder = write_run(results, tmp_path).folder
    manifests.write({**manifests.read(folder), "deftrade_output": 3}, folder)
    with pytest.raises(OutputError, match="output format 3; this version of deftrade reads 1 and 2"):
        manifests.read(folder)
