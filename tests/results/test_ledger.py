"""The transaction-flow matrix: rows and columns sum to zero, in every step and every state."""

from pathlib import Path

import numpy as np
import pytest
from tests.worlds import small_scenario

from deftrade import load, simulate
from deftrade.core.tables.codes import Item, Sector
from deftrade.results.ledger import CHANGE, COLUMNS, ROWS, flow_cube
from deftrade.simulation import finish, resume, save, start, step

FLAGSHIP = Path(__file__).resolve().parents[2] / "scenarios" / "crescent_cooperation.yaml"
SHAPES = {
    "six states, quarters": {"step": "quarter"},
    "six states, years": {"step": "year"},
    "two states, months": {"step": "month", "size": {"states": 2, "firms_per_state": 1}},
    "one state": {"size": {"states": 1}},
}


@pytest.fixture(scope="module")
def results():
    return simulate(small_scenario(years=3))


def test_every_sector_has_a_column():
    assert len(COLUMNS) == len(Sector) + 1


def test_a_matrix_by_hand():
    """State 0 taxes 10 and buys for 6 from the firm of state 1, which pays 4 in wages."""
    accounts = {
        "row": np.array([1, 1, 1]),
        "item": np.array([Item.TAX, Item.EQUIPMENT, Item.WAGES]),
        "payer_sector": np.array([Sector.HOUSEHOLDS, Sector.GOVERNMENT, Sector.FIRM]),
        "payer_state": np.array([0, 0, 1]),
        "payee_sector": np.array([Sector.GOVERNMENT, Sector.FIRM, Sector.HOUSEHOLDS]),
        "payee_state": np.array([0, 1, 1]),
        "amount": np.array([10.0, 6.0, 4.0]),
    }
    balances = np.zeros((2, len(Sector), 2))
    balances[1, Sector.GOVERNMENT, 0] = 4
    balances[1, Sector.HOUSEHOLDS] = -10, 4
    balances[1, Sector.FIRM, 1] = 2
    buyer, seller = flow_cube(accounts, balances)[0]
    tax, arms, wages = (ROWS.index(name) for name in ("tax", "equipment", "wages"))
    assert buyer[tax].tolist() == [10, 0, -10, 0, 0, 0]
    assert buyer[arms].tolist() == [-6, 0, 0, 0, 0, 6]
    assert buyer[-1].tolist() == [-4, 0, 10, 0, 0, -6]
    assert seller[arms].tolist() == [0, 6, 0, 0, 0, -6]
    assert seller[wages].tolist() == [0, -4, 4, 0, 0, 0]
    assert seller[-1].tolist() == [0, -2, -4, 0, 0, 6]
    for matrix in (buyer, seller):
        assert not matrix.sum(axis=0).any()
        assert not matrix.sum(axis=1).any()


def assert_closed(results):
    record = results.record
    cube = flow_cube(record.accounts(len(results.world.states)), record.balances())
    assert len(cube) == results.scenario.calendar.rows
    turnover = np.abs(cube[:, :, :-1]).sum(axis=(1, 2, 3))
    assert (turnover > 0).all()
    assert (np.abs(cube.sum(axis=3)).max(axis=(1, 2)) <= 1e-9 * turnover).all()
    assert (np.abs(cube.sum(axis=2)).max(axis=(1, 2)) <= 1e-9 * turnover).all()
    # Dealings with the rest of the world cancel between states.
    assert (np.abs(cube.sum(axis=1)[:, :, -1]).max(axis=1) <= 1e-9 * turnover).all()


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_rows_and_columns_sum_to_zero_in_every_step_and_state(shape):
    assert_closed(simulate(small_scenario(years=4, **shape)))


def test_the_flagship_closes():
    assert_closed(simulate(load(FLAGSHIP, years=3)))


def test_the_world_s_matrix_sums_those_of_the_states(results):
    world = results.flow_matrix()
    assert list(world.columns) == list(COLUMNS[:-1])
    assert world.index[-1] == CHANGE
    states = [results.flow_matrix(state=name) for name in results.world.names.states]
    for item in world.index:
        for sector in world.columns:
            parts = sum(frame[sector].get(item, 0.0) for frame in states)
            assert parts == pytest.approx(world.loc[item, sector], abs=1e-6)


def test_steps_add_up_to_years_and_years_to_the_run(results):
    name = results.world.names.states[1]
    quarters = sum(
        results.flow_matrix(f"2026-Q{place}", name).reindex(ROWS, fill_value=0.0) for place in (1, 2, 3, 4)
    )
    year = results.flow_matrix(2026, name).reindex(ROWS, fill_value=0.0)
    assert np.allclose(quarters, year, atol=1e-6)
    years = sum(
        results.flow_matrix(str(when), name).reindex(ROWS, fill_value=0.0) for when in (2025, 2026, 2027)
    )
    assert np.allclose(years, results.flow_matrix(state=name).reindex(ROWS, fill_value=0.0), atol=1e-6)


def test_the_last_row_is_what_the_world_holds(results):
    states = results.world.states
    last = results.flow_matrix().loc[CHANGE]
    assert last["households"] == pytest.approx(-states.household_balance.sum())
    assert last["civil"] == pytest.approx(-states.civil_balance.sum())
    assert last["finance"] == pytest.approx(-states.finance_balance.sum())


def test_what_lenders_paid_is_the_rise_of_debt():
    run = start(small_scenario(years=2))
    before = run.world.states.debt.copy()
    done = finish(run)
    assert np.allclose(done.world.states.debt - before, -done.world.states.finance_balance)


def test_an_unknown_step_or_state_is_told(results):
    with pytest.raises(KeyError, match="no step '1999'; there are 2025-Q1 to 2027-Q4"):
        results.flow_matrix("1999")
    with pytest.raises(KeyError, match="no state 'Nowhere'"):
        results.flow_matrix(state="Nowhere")


def test_transactions_hold_the_matrices_of_every_step_and_state(results):
    frame = results.to_frame("transactions")
    name = results.world.names.states[2]
    part = frame[(frame["date"] == "2026-Q3") & (frame["state"] == name)].set_index("item")
    matrix = results.flow_matrix("2026-Q3", name)
    assert list(part.index) == list(matrix.index)
    assert np.array_equal(part[list(COLUMNS)].to_numpy(), matrix.to_numpy())
    assert set(frame.attrs["units"].values()) == {"MUSD"}


def test_a_resumed_run_has_the_same_matrix(tmp_path, results):
    run = start(small_scenario(years=3))
    for _ in range(5):
        step(run)
    save(run, tmp_path / "state.npz")
    again = finish(resume(small_scenario(years=3), tmp_path / "state.npz"))
    assert again.flow_matrix().equals(results.flow_matrix())
