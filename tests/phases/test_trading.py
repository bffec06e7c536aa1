"""Trade stands in lines that are read off the ledger and add up to it."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, running
from tests.worlds import small_scenario

from deftrade import simulate
from deftrade.core.crossings import crossings
from deftrade.core.tables import States
from deftrade.core.tables.codes import LINE_OF_ITEM, SOLD, Item, TradeLine
from deftrade.phases.accounting.trading import COLUMNS
from deftrade.phases.shared.contracts import cancel
from deftrade.results.ledger import ROWS


@pytest.fixture(scope="module")
def results():
    return simulate(small_scenario(years=3))


def whole(results, column):
    """Return a flow of states over the run."""
    return results.record.series("states", column.name)[1:].sum(axis=0)


def test_lines_add_up_to_the_accounts(results):
    """What a line brought less what it cost is what the flow matrix shows against abroad."""
    assert whole(results, COLUMNS[TradeLine.OFFSETS][0]).sum() > 0
    for row, name in enumerate(results.world.names.states):
        abroad = results.flow_matrix(state=name)["abroad"].reindex(ROWS, fill_value=0.0)
        for line, (received, paid) in COLUMNS.items():
            items = [item.name.lower() for item, its in LINE_OF_ITEM.items() if its == line]
            balance = whole(results, paid)[row] - whole(results, received)[row]
            if line == TradeLine.EQUIPMENT:  # credit pays equipment, and stays at home
                credit = whole(results, States.imports_credit) - whole(results, States.exports_credit)
                balance -= credit[row]
            assert balance == pytest.approx(abroad[items].sum(), abs=1e-6), (name, line)


def credited():
    """Return a world that has run for some years in which the leader's treasury gives export credit."""
    world = opened()
    world.states.export_credit[5] = 0.2
    advance(world, 3)
    assert (world.postings.item == Item.EXPORT_CREDIT).any()
    return world


def test_exports_are_whole_prices_and_receipts_are_what_crosses_the_border():
    world = credited()
    states, postings = world.states, world.postings
    credit = postings.item == Item.EXPORT_CREDIT
    given = np.bincount(postings.payee_state[credit], postings.amount[credit], 6)
    got = np.bincount(world.contracts.buyer[postings.contract[credit]], postings.amount[credit], 6)
    assert states.exports_credit == pytest.approx(given)
    assert states.imports_credit == pytest.approx(got)
    lines = np.isin(postings.item, list(LINE_OF_ITEM)) & (postings.payer_state != postings.payee_state)
    assert states.receipts_abroad == pytest.approx(
        np.bincount(postings.payee_state[lines], postings.amount[lines], 6)
    )
    assert states.payments_abroad == pytest.approx(
        np.bincount(postings.payer_state[lines], postings.amount[lines], 6)
    )
    received = states.exports + states.receipts_work_shares + states.receipts_offsets
    assert received - given == pytest.approx(states.receipts_abroad)
    assert states.exports.sum() == pytest.approx(states.imports.sum())


def test_exports_and_imports_are_the_lines_that_are_sold_and_bought():
    states = credited().states
    for side, sum_of_lines in enumerate((states.exports, states.imports)):
        parts = [getattr(states, COLUMNS[line][side].name) for line in SOLD]
        assert sum_of_lines == pytest.approx(np.sum(parts, axis=0))


def test_work_on_own_purchases_is_no_export():
    """A state that sells nothing and only works on what it buys has no exports."""
    world = next_step(opened())
    contracts = world.contracts
    cancel(world, running(world)[contracts.supplier[running(world)] == 3])
    world.lines.component_source[world.lines.component_source == 3] = -1
    mine = running(world, foreign=True)
    mine = mine[(contracts.buyer[mine] == 3) & (contracts.line[mine] >= 0)]
    contracts.partner[mine] = np.flatnonzero(world.lines.home == 3)[0]
    contracts.local_share[mine] = 0.5
    play(world, "producing", "accounting")
    assert world.states.receipts_work_shares[3] > 0
    assert world.states.exports_equipment[3] == world.states.exports_components[3] == 0
    assert world.dyads.exports[3].sum() == pytest.approx(world.states.exports[3])


def test_value_added_in_exports_leaves_out_what_is_foreign_in_them():
    world = next_step(opened())
    world.contracts.local_share[:] = 0.0
    world.contracts.partner[:] = -1
    world.lines.component_share[:] = 0.0
    play(world, "producing", "accounting", exchange_feedback=0)
    assert world.states.exports_value_added == pytest.approx(world.states.exports)
    shared = next_step(opened())
    play(shared, "producing", "accounting", exchange_feedback=0)
    states = shared.states
    assert np.all(states.exports_value_added <= states.exports + 1e-9)
    # The leader makes its own parts; the buyers' work alone is foreign in what it sells.
    seen, contracts = crossings(shared), shared.contracts
    mine = seen.posting[(seen.exporter == 5) & np.isin(seen.line, (TradeLine.EQUIPMENT, TradeLine.SUPPORT))]
    contract, amount = shared.postings.contract[mine], shared.postings.amount[mine]
    theirs = (amount * contracts.local_share[contract] * (1 - contracts.rent_share[contract])).sum()
    assert (states.exports - states.exports_value_added)[5] == pytest.approx(theirs)


def test_every_line_has_columns_and_a_payment_counts_in_one():
    assert set(COLUMNS) == set(TradeLine)
    assert set(SOLD) == {line for line in TradeLine if line < len(SOLD)}
