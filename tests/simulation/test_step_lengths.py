"""Years are kept quarters, to the bit; months open from the quarters' world and agree in the mean."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.worlds import small_scenario, small_world

from deftrade import load
from deftrade.core.tables import Firms, States
from deftrade.model import REPORTERS, DefenceTradeModel
from deftrade.results.indicators import measure
from deftrade.scenario.events.kinds import KINDS, Event
from deftrade.scenario.resolved import Outputs, Setting
from deftrade.simulation import finish, resume, save, simulate, start, step

YEARS = 4
BASELINE = Path(__file__).resolve().parents[2] / "scenarios" / "baseline.yaml"
FLOWS = ("milex", "exports", "value_added", "small_refusals")
STOCKS = ("usable_capability", "jobs_direct", "debt")
BOUNDS = {"milex": 0.03, "exports": 0.08, "small_refusals": 0.12}
"""Largest relative difference of means; of what is not named, 0.05."""
SEEDS = range(1, 7)


def eventful(length, **more):
    """Return a scenario with dated policy and events inside years, and firms that enter."""
    world = small_world(states=4, firms_per_state=1)
    world.values[States.rung][:] = 8.0
    shock = KINDS["gdp_shock"].model_construct(state=1, size=-0.2)
    params = small_scenario().params
    renewal = params.researching.model_copy(update={"entry_hazard": 2.0, "entry_stock": 0.0})
    return small_scenario(
        YEARS,
        step=length,
        world=world,
        params=params.model_copy(update={"researching": renewal}),
        policy=(Setting(States.procurement_share, (2,), 2026.5, 0.35),),
        events=(Event(2027.75, "gdp_shock", shock),),
        **more,
    )


@pytest.fixture(scope="module")
def years():
    """A run in years."""
    return simulate(eventful("year"))


@pytest.fixture(scope="module")
def quarters():
    """The same run in quarters, kept by year."""
    return simulate(eventful("quarter", outputs=Outputs(every="year")))


def test_a_run_in_years_ends_as_one_in_quarters(years, quarters):
    assert len(years.world.lines) > len(eventful("year").world.line_firm), "firms came to new categories"
    assert years.world.digest() == quarters.world.digest()
    assert list(years.run.digests.values()) == list(quarters.run.digests.values())
    assert years.run.residuals == quarters.run.residuals
    assert (years.run.clips == quarters.run.clips).all()


def test_every_row_of_a_year_is_its_quarters_kept_by_year(years, quarters):
    assert years.dates() == ["opening", "2025", "2026", "2027", "2028"]
    for name, columns in years.record.columns.items():
        for column in columns:
            one, other = (results.record.series(name, column.name) for results in (years, quarters))
            assert np.array_equal(one, other, equal_nan=True), column.path
    one, other = years.record.flows(), quarters.record.flows()
    assert all(np.array_equal(one[name], other[name]) for name in one)
    for (item, one), (_, other) in zip(measure(years), measure(quarters), strict=True):
        assert one == pytest.approx(other, nan_ok=True), item.name


def test_the_accounts_of_a_year_are_the_sums_of_its_quarters(years, quarters):
    assert list(years.to_frame("accounts").date.cat.categories) == ["2024", "2025", "2026", "2027", "2028"]
    assert len(years.record.balances()) == YEARS + 1
    for year in (2025, 2028):
        one, other = (results.flow_matrix(year) for results in (years, quarters))
        # Payments among firms cancel but for rounding, and rows of zeros are left out.
        one, other = one.align(other, join="outer", axis=0, fill_value=0.0)
        assert np.allclose(one, other, rtol=1e-9, atol=1e-6)
    frame = years.to_frame("accounts")
    keys = [name for name in frame if name != "amount"]
    assert not frame.duplicated(keys).any()


def test_policy_of_a_date_inside_a_year_counts_from_its_quarter(years):
    at_once = replace(eventful("year"), policy=(Setting(States.procurement_share, (2,), 2026.0, 0.35),))
    late = replace(eventful("year"), policy=(Setting(States.procurement_share, (2,), 2027.0, 0.35),))
    ends = {simulate(scenario).run.digests["2027"] for scenario in (at_once, late)}
    assert len(ends | {years.run.digests["2027"]}) == 3


def test_a_run_in_years_goes_on_from_a_saved_state(years, tmp_path):
    half = start(eventful("year"))
    step(half)
    assert half.record.steps == [0, 4]
    save(half, tmp_path / "state.npz")
    resumed = finish(resume(eventful("year"), tmp_path / "state.npz"))
    assert resumed.world.digest() == years.world.digest()
    for name in ("states", "accounts", "contracts", "transactions"):
        assert resumed.to_frame(name).equals(years.to_frame(name)), name


def test_progress_is_told_in_years():
    seen = []
    simulate(small_scenario(2, step="year"), progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 2), (2, 2)]


def test_the_mesa_model_steps_by_year_and_reports_whole_flows(years):
    model = DefenceTradeModel(eventful("year"))
    model.run_model()
    assert model.world.digest() == years.world.digest()
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.date) == years.dates()
    for name in ("milex", "exports", "diversions"):
        assert list(frame[name]) == pytest.approx(years.record.series("states", name).sum(axis=1)), name
    made = years.record.series("firms", Firms.output.name)
    assert list(frame["output"]) == pytest.approx(np.nansum(made, axis=1))
    assert set(REPORTERS) <= set(frame)


# Months


def test_months_open_from_the_world_that_quarters_open_from():
    quarter, month = (start(small_scenario(1, step=length)) for length in ("quarter", "month"))
    assert list(quarter.digests.values()) == list(month.digests.values())
    for table, other in ((quarter.world.contracts, month.world.contracts),):
        assert len(table) == len(other) > 0
        assert np.array_equal(quarter.world.clock.since(table.signed), month.world.clock.since(other.signed))
        assert np.array_equal(table.progress, other.progress)


def means(length):
    """Return yearly means of the baseline's sums over all states."""
    scenario = replace(
        load(BASELINE, years=YEARS), outputs=Outputs(("states",), "year", load(BASELINE).outputs.focus)
    )
    scenario = replace(scenario, calendar=replace(scenario.calendar, step=length))
    found = {name: [] for name in FLOWS + STOCKS}
    for seed in SEEDS:
        record = simulate(scenario.with_seed(seed)).record
        for name, values in found.items():
            rows = record.series("states", name)[1:]
            values.append(rows.sum() / YEARS)
    return {name: np.mean(values) for name, values in found.items()}


@pytest.mark.slow
def test_months_agree_with_quarters_in_the_mean():
    """``benchmarks/step_lengths.py`` states the equivalence over a hundred runs."""
    quarter, month = means("quarter"), means("month")
    for name in FLOWS + STOCKS:
        assert month[name] == pytest.approx(quarter[name], rel=BOUNDS.get(name, 0.05)), name
