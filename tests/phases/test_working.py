"""Capacity, workers, parts and money limit what contracts advance, and every cost has a payee."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened, play, running, sign

from deftrade.core.tables.codes import ContractKind, ContractStatus, Item, Mode, Sector
from deftrade.phases.producing import ProducingParams
from deftrade.phases.producing.working import advance_work, pay_suppliers, plan_work
from deftrade.phases.shared.contracts import cancel, cancel_embargoed

PARAMS = ProducingParams()
SURE = {"overrun_off_the_shelf": 0, "overrun_domestic": 0, "overrun_spread": 0, "slip_spread": 0}


def one_contract(buyer=2, supplier=5, category=0, **terms):
    """Return a world in which a single contract runs, and its row; work is all that limits it."""
    world = next_step(opened())
    cancel(world, np.flatnonzero(world.contracts.status == ContractStatus.ACTIVE))
    sign(world, buyer, supplier, category, **terms)
    play(world, "contracting", **SURE)
    row = int(running(world)[-1])
    world.contracts.lead[row], world.contracts.span[row] = 1.0, 3.0
    world.lines.capacity[:] = 1000.0
    world.firms.workers[:] = world.firms.workload[:] = 100.0
    world.states.procurement_fund[:] = 1e6
    world.states.support_budget[:] = 1e6
    return world, row


def fill(world, row):
    plan = plan_work(world, PARAMS)
    return plan.fill[plan.rows == row][0]


def test_load_is_the_work_that_is_due_a_year():
    world, row = one_contract(price=400.0)
    assert fill(world, row) == 1
    assert world.lines.load[world.contracts.line[row]] == pytest.approx(100)


def test_work_that_is_nearly_done_is_less_load():
    world, row = one_contract(price=400.0)
    world.contracts.progress[row] = 3.9
    plan_work(world, PARAMS)
    assert world.lines.load[world.contracts.line[row]] == pytest.approx(100 * 0.1 / 0.25)


def test_capacity_is_a_ceiling():
    world, row = one_contract(price=400.0)
    world.lines.capacity[world.contracts.line[row]] = 40.0
    assert fill(world, row) == pytest.approx(0.4)


def test_a_short_workforce_slows_work():
    world, row = one_contract()
    world.firms.workers[world.contracts.firm[row]] = 70.0
    assert fill(world, row) == pytest.approx(0.7)


def test_withheld_parts_stop_a_multiple_of_their_share():
    world, row = one_contract(supplier=4, buyer=3)
    assert fill(world, row) == 1
    world.dyads.veto_years[5, 4] = 1
    content = world.lines.component_share[world.contracts.line[row]].sum()
    assert content == pytest.approx(0.2)
    assert fill(world, row) == pytest.approx(1 - PARAMS.critical_content * 0.2)


def test_an_embargo_on_the_maker_withholds_its_parts():
    world, row = one_contract(supplier=4, buyer=3)
    world.dyads.embargo_years[5, 4] = 1
    assert fill(world, row) < 1


def test_a_slow_partner_delays_its_own_share_only():
    world, row = one_contract(local_share=0.25)
    partner = world.contracts.partner[row]
    assert partner >= 0
    world.lines.capacity[partner] = 0.0
    assert fill(world, row) == pytest.approx(0.75)


def test_an_embargo_halts_a_running_contract_which_is_then_no_load():
    world, row = one_contract()
    world.dyads.embargo_years[5, 2] = 1
    assert fill(world, row) == 0
    assert world.lines.load.max() == 0


def test_missing_parts_for_new_equipment_do_not_stop_support():
    world = next_step(opened())
    world.dyads.veto_years[5, :5] = 1
    plan = plan_work(world, PARAMS)
    contracts, lines = world.contracts, world.lines
    made = contracts.line[plan.rows] >= 0
    bound = made & (lines.home[contracts.line[plan.rows]] != 5) & (contracts.partner[plan.rows] < 0)
    support = contracts.kind[plan.rows] == ContractKind.SUPPORT
    equipment = contracts.kind[plan.rows] == ContractKind.EQUIPMENT
    without = 1 - PARAMS.critical_content * 0.2
    assert plan.fill[bound & equipment].max() <= without * (1 + 1e-9)
    assert plan.fill[bound & support].max() > without


def test_an_embargo_on_support_ends_support_and_frees_the_fleet():
    world = next_step(opened())
    support = running(world, ContractKind.SUPPORT, foreign=True)
    row = support[0]
    supplier, buyer = world.contracts.supplier[row], world.contracts.buyer[row]
    world.dyads.support_embargo_years[supplier, buyer] = 2
    cancel_embargoed(world, patience=50.0)
    assert world.contracts.status[row] == ContractStatus.CANCELLED
    others = support[
        (world.contracts.supplier[support] != supplier) | (world.contracts.buyer[support] != buyer)
    ]
    assert np.all(world.contracts.status[others] == ContractStatus.ACTIVE)


def test_the_down_payment_comes_first_and_the_rest_with_progress():
    world, row = one_contract(price=400.0)
    world.contracts.down_payment[row] = 0.2
    advance_work(world, PARAMS, plan_work(world, PARAMS))
    done = 0.25 / 4
    assert world.contracts.progress[row] == pytest.approx(0.25)
    assert world.contracts.paid[row] == pytest.approx(400 * (0.2 + 0.8 * done))


def test_short_money_meets_all_dues_in_part_and_work_waits():
    world, row = one_contract(price=400.0)
    world.contracts.down_payment[row] = 0.0
    world.states.procurement_fund[2] = 12.5  # half of what a quarter's work costs
    advance_work(world, PARAMS, plan_work(world, PARAMS))
    assert world.contracts.paid[row] == pytest.approx(12.5)
    assert world.contracts.progress[row] == pytest.approx(0.125)
    assert world.states.procurement_fund[2] == pytest.approx(0)


def test_support_takes_a_share_of_the_operations_budget_at_most():
    world = next_step(opened())
    world.states.support_budget[:] = 1.0
    paid = advance_work(world, PARAMS, plan_work(world, PARAMS)).support_paid
    assert paid.max() == pytest.approx(PARAMS.support_ceiling)


def test_delivery_begins_after_the_lead_time_and_follows_progress():
    world, row = one_contract(volume=60.0)
    delivered = []
    for _ in range(16):
        done = advance_work(world, PARAMS, plan_work(world, PARAMS))
        delivered.append(done.delivered[done.rows == row].sum())
    assert delivered[:4] == pytest.approx([0] * 4)
    assert delivered[4:] == pytest.approx([5] * 12)
    assert world.contracts.status[row] == ContractStatus.COMPLETED
    assert world.contracts.paid[row] == pytest.approx(world.contracts.price[row])


def test_export_credit_is_paid_by_the_exporter_s_government():
    world = next_step(opened())
    world.states.export_credit[5] = 0.1
    cancel(world, np.flatnonzero(world.contracts.status == ContractStatus.ACTIVE))
    sign(world, 2, 5, 0, price=400.0)
    play(world, "contracting", down_payment=0, **SURE)
    world.states.procurement_fund[:] = 1e6
    world.lines.capacity[:] = 1000.0
    cash = world.firms.cash.copy()
    advance_work(world, PARAMS, plan_work(world, PARAMS))
    row = running(world)[-1]
    paid = world.contracts.paid[row]
    assert paid > 0
    assert world.states.fiscal_cost == pytest.approx([0, 0, 0, 0, 0, 0.1 * paid])
    assert 1e6 - world.states.procurement_fund[2] == pytest.approx(0.9 * paid)
    assert (world.firms.cash - cash)[world.contracts.firm[row]] == pytest.approx(paid)


def test_used_equipment_is_paid_to_the_government_and_no_plant_works_for_it():
    world, row = one_contract(line=-1, mode=Mode.SECOND_HAND)
    advance_work(world, PARAMS, plan_work(world, PARAMS))
    items = world.postings.item[world.postings.contract == row]
    assert Item.SECOND_HAND in items
    assert Item.EQUIPMENT not in items
    assert world.lines.load.sum() == 0


def test_nobody_receives_used_equipment_that_is_not_there():
    world, row = one_contract(line=-1, mode=Mode.SECOND_HAND, volume=1000.0)
    source = world.contracts.source_fleet[row]
    world.fleets.volume[source] = 10.0
    world.contracts.progress[row] = 2.0
    done = advance_work(world, PARAMS, plan_work(world, PARAMS))
    assert done.delivered[done.rows == row] == pytest.approx([5])
    world.contracts.delivered[row], world.contracts.progress[row] = 0.0, 2.0
    frugal = PARAMS.model_copy(update={"spared": 0.2})
    done = advance_work(world, frugal, plan_work(world, frugal))
    assert done.delivered[done.rows == row] == pytest.approx([2])


def test_used_equipment_that_is_late_does_not_come_under_an_embargo():
    world, row = one_contract(line=-1, mode=Mode.SECOND_HAND)
    world.contracts.progress[row] = 3.0
    world.dyads.embargo_years[5, 2] = 1
    done = advance_work(world, PARAMS, plan_work(world, PARAMS))
    assert done.delivered.max() == 0
    world.dyads.embargo_years[5, 2] = 0
    done = advance_work(world, PARAMS, plan_work(world, PARAMS))
    assert done.delivered.max() > 0


def test_used_equipment_is_owed_until_it_has_arrived():
    world, row = one_contract(line=-1, mode=Mode.SECOND_HAND, volume=1000.0)
    source = world.contracts.source_fleet[row]
    world.fleets.volume[source] = 10.0
    world.contracts.progress[row] = 4.0
    advance_work(world, PARAMS, plan_work(world, PARAMS))
    assert world.contracts.paid[row] == pytest.approx(world.contracts.price[row])
    assert world.contracts.status[row] == ContractStatus.ACTIVE
    world.fleets.volume[source] = 1e4
    advance_work(world, PARAMS, plan_work(world, PARAMS))
    assert world.contracts.delivered[row] == pytest.approx(1000)
    assert world.contracts.status[row] == ContractStatus.COMPLETED


def test_the_last_of_a_used_fleet_is_not_waited_for():
    world, row = one_contract(line=-1, mode=Mode.SECOND_HAND, volume=1000.0)
    world.contracts.progress[row], world.contracts.delivered[row] = 4.0, 985.0
    world.fleets.volume[world.contracts.source_fleet[row]] = 10.0
    strict = PARAMS.model_copy(update={"written_off": 0.0})
    advance_work(world, strict, plan_work(world, strict))
    assert world.contracts.delivered[row] == pytest.approx(990)
    assert world.contracts.status[row] == ContractStatus.ACTIVE
    advance_work(world, PARAMS, plan_work(world, PARAMS))
    assert world.contracts.status[row] == ContractStatus.COMPLETED


def test_sellers_pay_partners_parts_and_materials_out_of_the_price():
    world, row = one_contract(supplier=4, buyer=3, price=400.0, local_share=0.25)
    world.contracts.down_payment[row] = 0.0
    world.firms.mark_up[:] = 0.1
    plan = plan_work(world, PARAMS)
    done = advance_work(world, PARAMS, plan)
    pay_suppliers(world, PARAMS, plan, done)
    postings = world.postings

    def paid(item):
        return postings.amount[postings.item == item].sum()

    assert paid(Item.WORK_SHARE) == pytest.approx(25 * 0.25)
    assert paid(Item.COMPONENTS) == pytest.approx(25 / 1.1 * 0.2)
    assert paid(Item.MATERIALS) > 0
    assert world.dyads.exports[4, 3] == pytest.approx(25)  # the price
    assert world.dyads.exports[3, 4] == 0  # the work share is no sale
    assert world.dyads.exports[5, 4] == pytest.approx(25 * 0.75 / 1.1 * 0.2)  # the parts


def test_a_cancelled_contract_leaves_order_book_and_commitments():
    world = next_step(opened())
    rows = running(world, foreign=True)[:5]
    contracts = world.contracts
    owed = ((contracts.price - contracts.paid) * (1 - contracts.credit_share))[rows]
    before = world.states.commitments.sum(), world.lines.backlog.sum()
    cancel(world, rows)
    assert np.all(contracts.status[rows] == ContractStatus.CANCELLED)
    assert before[0] - world.states.commitments.sum() == pytest.approx(owed.sum())
    assert world.lines.backlog.sum() < before[1]


def test_components_are_work_and_receipts_of_the_source_s_largest_line():
    world, _ = one_contract(supplier=4, buyer=3, price=400.0)
    world.contracts.down_payment[:] = 0.0
    world.firms.mark_up[:] = 0.1
    makers = np.flatnonzero((world.lines.home == 5) & (world.lines.category == 0))
    world.lines.capacity[makers[0]] = 5000.0
    maker = world.lines.firm[makers[0]]
    cash = world.firms.cash.copy()
    plan = plan_work(world, PARAMS)
    pay_suppliers(world, PARAMS, plan, advance_work(world, PARAMS, plan))
    parts = 25 / 1.1 * 0.2
    materials = parts * (1 / 1.1 - PARAMS.labour_share)
    expected = np.zeros(len(world.firms))
    expected[maker] = parts
    assert world.firms.component_output == pytest.approx(expected)
    assert world.firms.cash[maker] - cash[maker] == pytest.approx(parts - materials)
    assert world.firms.export_revenue[maker] == pytest.approx(parts)
    assert world.firms.bought_in[maker] == pytest.approx(materials)


def test_components_come_from_civil_trade_where_the_source_has_no_line():
    world, _ = one_contract(supplier=4, buyer=3, price=400.0)
    world.lines.is_active[(world.lines.home == 5) & (world.lines.category == 0)] = False
    plan = plan_work(world, PARAMS)
    pay_suppliers(world, PARAMS, plan, advance_work(world, PARAMS, plan))
    bought = world.postings.item == Item.COMPONENTS
    assert bought.any()
    assert np.all(world.postings.payee_sector[bought] == Sector.CIVIL)
    assert np.all(world.postings.payee_state[bought] == 5)
    assert world.firms.component_output.max() == 0
