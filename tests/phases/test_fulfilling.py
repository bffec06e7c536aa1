"""Offsets are credited for local work and spending, and fined for what is missing at the end."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened

from deftrade.core.tables.codes import Item, Sector
from deftrade.phases.producing import ProducingParams
from deftrade.phases.producing.fulfilling import credit_offsets
from deftrade.phases.producing.working import Work

PARAMS = ProducingParams(
    offset_effort=1, indirect_multiplier=1.25, direct_multiplier=1.5,
    sourcing_benefit=0.8, penalty_rate=0.1,
)  # fmt: skip


def owing(amount=200.0, years=5.0, local_share=0.0):
    """Return a world in which one obligation is open, its row and the row of its contract."""
    world = next_step(opened())
    world.obligations.is_open[:] = 0
    contract = world.contracts.append(1)
    world.contracts.local_share[contract] = local_share
    world.contracts.firm[contract] = firm = int(np.flatnonzero(world.firms.home == 5)[0])
    row = world.obligations.append(1)
    for name, value in {
        "contract": contract[0], "firm": firm, "beneficiary": 2, "category": 1, "amount": amount,
        "horizon": 5.0, "years_left": years, "is_open": 1,
    }.items():  # fmt: skip
        getattr(world.obligations, name)[row] = value
    return world, int(row[0]), int(contract[0])


def fulfil(world, contract, work=0.0, params=PARAMS):
    work_done = Work(np.array([contract]), np.array([work]), np.zeros(1), np.zeros(6))
    credit_offsets(world, params, work_done)


def posted(world, item, sector):
    postings = world.postings
    return postings.amount[(postings.item == item) & (postings.payer_sector == sector)].sum()


def test_spending_in_the_buyer_s_economy_earns_credits_evenly():
    world, row, contract = owing()
    firm = world.obligations.firm[row]
    cash = world.firms.cash[firm]
    fulfil(world, contract)
    assert world.obligations.credited[row] == pytest.approx(200 / 5 / 4)
    assert world.obligations.spent[row] == pytest.approx(10 / 1.25)
    assert world.states.learning_offset[2, 1] == pytest.approx(10)
    # Four fifths of the spending replace purchases elsewhere; the rest is a cost.
    assert cash - world.firms.cash[firm] == pytest.approx(8 * 0.2)
    assert posted(world, Item.OFFSET_SPENDING, Sector.FIRM) == pytest.approx(1.6)
    assert posted(world, Item.OFFSET_SPENDING, Sector.CIVIL) == pytest.approx(6.4)


def test_work_shares_earn_credits_at_their_own_rate():
    world, row, contract = owing(local_share=0.3)
    fulfil(world, contract, work=100.0)
    assert world.obligations.credited[row] == pytest.approx(30 * 1.5 + 10)


def test_an_obligation_that_is_met_closes_without_a_fine():
    world, row, contract = owing(amount=20.0, local_share=0.5)
    fulfil(world, contract, work=100.0)
    assert world.obligations.is_open[row] == 0
    assert world.obligations.credited[row] == pytest.approx(20)
    assert world.obligations.penalised[row] == 0


def test_what_is_missing_at_the_end_is_fined():
    world, row, contract = owing(years=0.25)
    firm = world.obligations.firm[row]
    cash = world.firms.cash[firm]
    fulfil(world, contract)
    assert world.obligations.is_open[row] == 0
    assert world.obligations.penalised[row] == pytest.approx(190)
    assert posted(world, Item.OFFSET_PENALTY, Sector.FIRM) == pytest.approx(19)
    assert cash - world.firms.cash[firm] == pytest.approx(19 + 1.6)
    assert world.firms.costs[firm] == pytest.approx(19 + 1.6)


def test_sellers_with_less_effort_are_fined_more():
    fines = []
    for effort in (1.0, 0.5):
        world, row, contract = owing()
        for _ in range(20):
            fulfil(world, contract, params=PARAMS.model_copy(update={"offset_effort": effort}))
        assert world.obligations.is_open[row] == 0
        fines.append(world.obligations.penalised[row])
    assert fines == pytest.approx([0, 100])
