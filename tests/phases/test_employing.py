"""Net jobs count final payments on both sides: what cancels by definition comes to nothing."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, twin

from deftrade.core.posting import civil, finance, government, households, post
from deftrade.core.tables.codes import Item, Sector
from deftrade.phases.accounting import AccountingParams
from deftrade.phases.accounting.counting import ROLES, Payments, Role, final_payments
from deftrade.phases.accounting.employing import multiplier, net_jobs

PARAMS = AccountingParams(
    indirect=0.8,
    induced=0.3,
    civil_intensity=1,
    civil_leakage=0.2,
    consumption=0.6,
    crowding_out=0.3,
    slack=0.5,
)
PRODUCTIVITY = np.array([0.1, 0.2])
"""MUSD a job and year in two states; ten and five jobs a MUSD."""


def net(workers=0.0, params=PARAMS, leakage=0.2, **payments):
    """Return net jobs of two states with some payments, MUSD a year."""
    paid = {name: np.full(2, payments.get(name, 0.0)) for name in Payments._fields}
    return net_jobs(np.full(2, workers), Payments(**paid), np.full(2, leakage), PRODUCTIVITY, params).net


def test_every_item_has_one_role():
    assert list(ROLES) == list(Item)
    assert set(ROLES.values()) == set(Role)


def test_reallocation_to_operations_is_nothing():
    assert net(reallocated=100, civil=100) == pytest.approx(0, abs=1e-12)


def test_taxes_for_personnel_are_nothing():
    assert net(taxes=100, households=100) == pytest.approx(0, abs=1e-12)


def test_taxes_for_equipment_made_at_home_carry_what_households_would_have_saved():
    """With equal multipliers and intensities: s a M (1 - c) a MUSD, not zero."""
    for state, each in enumerate(1 / PRODUCTIVITY):
        found = net(workers=100 * each, taxes=100)[state]
        assert found == pytest.approx(0.5 * each * multiplier(0.2, PARAMS) * (1 - 0.6) * 100)
        assert found > 0


def test_at_full_employment_no_job_is_net():
    full = PARAMS.model_copy(update={"slack": 0.0})
    assert not net(
        workers=1000, params=full, civil=50, households=20, lenders=5, taxes=70, borrowed=9, reallocated=8
    ).any()


def test_borrowing_costs_what_lenders_would_have_spent():
    assert net(borrowed=100) == pytest.approx(0.3 * net(reallocated=100))
    assert net(taxes=100) == pytest.approx(0.6 * net(reallocated=100))


def test_what_lenders_are_paid_back_counts_as_what_they_lent():
    """Borrowed and paid back, a sum has cost what taxes would; interest on it costs more."""
    assert net(borrowed=100, lenders=100) == pytest.approx(0, abs=1e-12)
    assert net(borrowed=100, lenders=100, taxes=100) == pytest.approx(net(taxes=100))
    assert np.all(net(taxes=10, lenders=10) < 0)


def test_more_jobs_leak_abroad_where_more_is_bought_there():
    assert multiplier(0.0, PARAMS) == pytest.approx(1.8 * 1.3)
    assert multiplier(1.0, PARAMS) == pytest.approx(1.3)
    assert np.all(net(workers=10, leakage=0.5) < net(workers=10))


def paired(transfer, years=1):
    """Return net jobs of two runs in one of which governments also pay ``transfer`` in every step."""
    plain = advance(opened(), years)
    other = advance(opened(), years, before=transfer)
    assert other.digest() != plain.digest()
    assert other.states.usable_capability == pytest.approx(plain.states.usable_capability)
    return plain.states.jobs_net, other.states.jobs_net


def test_a_run_that_moves_civil_spending_to_operations_has_the_same_net():
    every = np.arange(6)

    def transfer(world):
        post(world, Item.REALLOCATION, civil(every), government(every), np.full(6, 100.0))
        post(world, Item.OPERATIONS, government(every), civil(every), np.full(6, 100.0))

    plain, other = paired(transfer)
    assert other == pytest.approx(plain)


def test_a_run_that_taxes_for_personnel_has_the_same_net():
    every = np.arange(6)

    def transfer(world):
        post(world, Item.TAX, households(every), government(every), np.full(6, 100.0))
        post(world, Item.PERSONNEL, government(every), households(every), np.full(6, 100.0))

    plain, other = paired(transfer)
    assert other == pytest.approx(plain)


def test_a_run_that_taxes_for_operations_has_a_larger_net():
    every = np.arange(6)

    def transfer(world):
        post(world, Item.TAX, households(every), government(every), np.full(6, 100.0))
        post(world, Item.OPERATIONS, government(every), civil(every), np.full(6, 100.0))

    plain, other = paired(transfer)
    assert np.all(other > plain)


def test_final_payments_are_those_that_reach_firms_and_households():
    world = next_step(opened())
    home, there, amount = np.array([0]), np.array([1]), np.array([8.0])
    post(world, Item.OPERATIONS, government(home), civil(home), amount)
    post(world, Item.OFFSET_SPENDING, civil(there), civil(home), amount)
    post(world, Item.INTEREST, government(home), finance(home), amount)
    post(world, Item.INTEREST, finance(home), households(home), amount)
    post(world, Item.TAX, households(home), government(home), 3 * amount)
    post(world, Item.TAX, government(home), households(home), amount)
    post(world, Item.CIVIL_SALES, civil(home), civil(home), amount)
    paid = final_payments(world)
    assert [float(each[0]) for each in paid] == pytest.approx([0, 32, 64, 64, 0, 0])
    assert [float(each[1]) for each in paid] == pytest.approx([0, 0, -32, 0, 0, 0])


def test_what_a_step_s_ledger_pays_is_counted_once():
    """Payments of governments are in P_civ, in P_hh, in firms' receipts, or in items that count nowhere."""
    world = play(next_step(opened()), "budgeting", "producing", "hiring", "researching", "accounting")
    postings, paid = world.postings, final_payments(world)
    mine = (postings.payer_sector == Sector.GOVERNMENT) & (postings.payer_state == postings.payee_state)
    items = (Item.TAX, Item.SHARES, *(item for item, role in ROLES.items() if role == Role.NOWHERE))
    mine &= ~np.isin(postings.item, items)
    to_firms = (
        mine
        & (postings.payee_sector == Sector.FIRM)
        & ~np.isin(postings.item, (Item.RESEARCH_GRANT, Item.INVESTMENT))
    )
    whole = np.bincount(postings.payer_state[mine], postings.amount[mine], 6)
    firms = np.bincount(postings.payer_state[to_firms], postings.amount[to_firms], 6)
    offsets = np.isin(postings.item, (Item.OFFSET_SPENDING, Item.COMPONENTS, Item.ROYALTY))
    got = offsets & (postings.payee_sector == Sector.CIVIL) & (postings.payer_state != postings.payee_state)
    gave = offsets & (postings.payer_sector == Sector.CIVIL) & (postings.payer_state != postings.payee_state)
    abroad = np.bincount(postings.payee_state[got], postings.amount[got], 6)
    abroad -= np.bincount(postings.payer_state[gave], postings.amount[gave], 6)
    assert (paid.civil + paid.households + paid.lenders) / 4 == pytest.approx(whole - firms + abroad)


def test_uniformed_jobs_are_personnel_spending_over_their_pay():
    world = next_step(opened())
    play(world, "budgeting", "accounting", uniformed_pay=0.5)
    states = world.states
    jobs = 4 * states.personnel_spending / (0.5 * states.productivity)
    assert states.jobs_uniformed == pytest.approx(jobs)


def test_net_value_added_is_that_of_the_net_jobs():
    world = play(next_step(opened()), "budgeting", "producing", "hiring")
    full, some = twin(world), twin(world)
    play(full, "accounting", slack=0)
    play(some, "accounting", slack=0.5, civil_intensity=1.25, value_share=0.6)
    assert not full.states.value_added_net.any()
    states = some.states
    lost = (states.jobs_displaced - 0.5 * (states.jobs_net + states.jobs_displaced)) / 0.5
    others = states.jobs_indirect + states.jobs_induced + states.jobs_civil - lost
    worth = 0.6 * others * states.productivity / 1.25 / 4
    assert states.value_added_net == pytest.approx(0.5 * (states.value_added + worth))
