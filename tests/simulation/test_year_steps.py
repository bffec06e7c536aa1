"""A run in years keeps what the run in quarters keeps, year by year: they are the same run."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from tests.worlds import small_scenario

from deftrade import explain, simulate
from deftrade.experiments.batch.replicate import Cell, play
from deftrade.experiments.batch.trajectories import Keep, trajectories
from deftrade.report.files import write_run

YEARS = 4


@cache
def results(step):
    return simulate(small_scenario(years=YEARS, step=step))


def by_year(frame):
    """Return the frame of quarters with years for dates."""
    return frame.assign(date=frame["date"].astype(str).str[:4])


def test_a_register_of_transfers_has_a_row_a_year_and_contract():
    keys = ["date", "exporter", "importer", "category", "contract"]
    years, quarters = (results(step).to_frame("tiv") for step in ("year", "quarter"))
    assert not years.duplicated(["date", "contract"]).any()
    assert years["date"].cat.categories.tolist() == [str(2025 + year) for year in range(YEARS)]
    sums = by_year(quarters).groupby(keys, observed=True)["volume"].sum()
    found = years.assign(date=years["date"].astype(str)).set_index(keys)["volume"]
    assert len(found) > 3
    assert len(quarters) > len(found)
    pd.testing.assert_series_equal(found.sort_index(), sums.sort_index())
    assert years.attrs["units"] == {"volume": "CU"}


@pytest.mark.parametrize("every", ["year", "step"])
def test_courses_have_a_row_a_year(every):
    years = trajectories(results("year"), Keep(every=every)).to_pandas()
    quarters = trajectories(results("quarter"), Keep(every="year")).to_pandas()
    assert years["date"].tolist() == ["opening", *(str(2025 + year) for year in range(YEARS))]
    flows = ["milex", "exports", "imports", "value_added", "usable_capability", "debt"]
    np.testing.assert_allclose(years[flows], quarters[flows], rtol=1e-12)


def test_a_replicate_in_years_is_played():
    outcome = play(Cell("yearly", small_scenario(years=2, step="year")), 0, 3)
    assert outcome.ok, outcome.traceback


def test_every_table_of_a_run_in_years_is_written(tmp_path):
    folder = write_run(results("year"), tmp_path).folder
    assert len(pd.read_parquet(folder / "tiv.parquet")) == len(results("year").to_frame("tiv"))


def test_a_run_in_years_is_explained_in_quarters():
    found, same = (explain(results(step), "series", "State 0", "exports") for step in ("year", "quarter"))
    assert found.title == same.title
    assert "-Q" in found.title
    assert found.data == same.data
