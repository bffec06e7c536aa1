"""Approved offers are signed: price with overrun, schedule, partner, offsets, commitments."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened, play, sign

from deftrade.core.tables.codes import ContractKind, ContractStatus, Mode, TenderStatus
from deftrade.phases.contracting import ContractingParams
from deftrade.phases.contracting.phase import cost_growth

PLAIN = {"overrun_spread": 0, "slip_spread": 0}


def signed(world, *tenders, **changes):
    """Return the contracts that tenders became."""
    play(world, "contracting", **{**PLAIN, **changes})
    return np.array([np.flatnonzero(world.contracts.tender == row)[-1] for row in tenders])


def test_cost_grows_by_mode_and_luck():
    params = ContractingParams(
        overrun_off_the_shelf=0.02, overrun_licensed=0.08, overrun_domestic=0.1, overrun_spread=0.1
    )
    modes = np.array([Mode.OFF_THE_SHELF, Mode.LICENSED, Mode.DOMESTIC, Mode.SECOND_HAND])
    assert cost_growth(modes, np.zeros(4), params) == pytest.approx(np.exp([0.02, 0.08, 0.1, 0]))
    assert cost_growth(modes, np.ones(4), params) == pytest.approx(np.exp([0.12, 0.18, 0.2, 0]))


def test_an_approved_tender_becomes_a_contract_on_its_terms():
    world = next_step(opened())
    tender = sign(world, 2, 5, 0, price=300.0, volume=120.0, quality=0.9)
    row = signed(world, tender)[0]
    contracts = world.contracts
    assert world.tenders.status[tender] == TenderStatus.SIGNED
    assert (contracts.buyer[row], contracts.supplier[row], contracts.category[row]) == (2, 5, 0)
    assert contracts.planned_price[row] == 300
    assert contracts.price[row] == pytest.approx(300 * np.exp(0.02))
    assert (contracts.volume[row], contracts.quality[row]) == (120, 0.9)
    assert contracts.firm[row] == world.lines.firm[contracts.line[row]]
    assert contracts.status[row] == ContractStatus.ACTIVE


def test_what_is_not_approved_is_not_signed():
    world = next_step(opened())
    tender = sign(world, 2, 5, 0, status=TenderStatus.SELECTED)
    before = len(world.contracts)
    play(world, "contracting")
    assert tender not in world.contracts.tender[before:]


def test_an_offer_of_a_line_that_closed_meanwhile_is_not_signed():
    world = next_step(opened())
    tender = sign(world, 2, 5, 0)
    world.lines.is_active[world.tenders.line[tender]] = False
    world.tenders.wanted_volume[tender], world.tenders.wanted_value[tender] = 70.0, 90.0
    play(world, "contracting")
    assert world.tenders.status[tender] == TenderStatus.OPEN
    assert (world.tenders.volume[tender], world.tenders.value[tender]) == (70, 90)
    assert tender not in world.contracts.tender


def test_the_down_payment_is_for_equipment():
    world = next_step(opened())
    fleet = int(np.flatnonzero(world.fleets.origin == 5)[0])
    equipment = sign(world, 2, 5, 0)
    support = sign(world, world.fleets.holder[fleet], 5, 0, kind=ContractKind.SUPPORT, fleet=fleet)
    rows = signed(world, equipment, support, down_payment=0.2)
    assert world.contracts.down_payment[rows] == pytest.approx([0.2, 0])


def test_commitments_and_order_books_grow_by_the_price():
    world = next_step(opened())
    owed, book = world.states.commitments.copy(), world.lines.backlog.copy()
    row = signed(world, sign(world, 2, 5, 0))[0]
    price, line = world.contracts.price[row], world.contracts.line[row]
    assert world.states.commitments - owed == pytest.approx([0, 0, price, 0, 0, 0])
    assert world.lines.backlog[line] - book[line] == pytest.approx(price)


def test_export_credit_takes_a_share_of_the_price_off_the_buyer():
    world = next_step(opened())
    world.states.export_credit[5] = 0.1
    owed = world.states.commitments.copy()
    abroad, home = sign(world, 2, 5, 0), sign(world, 5, 5, 0, mode=Mode.DOMESTIC)
    rows = signed(world, abroad, home)
    assert world.contracts.credit_share[rows] == pytest.approx([0.1, 0])
    assert world.states.commitments[2] - owed[2] == pytest.approx(0.9 * world.contracts.price[rows[0]])


def test_used_equipment_gets_no_export_credit():
    world = next_step(opened())
    world.states.export_credit[5] = 0.1
    row = signed(world, sign(world, 2, 5, 0, line=-1, mode=Mode.SECOND_HAND))[0]
    assert world.contracts.credit_share[row] == 0
    assert world.contracts.firm[row] == -1
    source = world.contracts.source_fleet[row]
    assert (world.fleets.holder[source], world.fleets.origin[source]) == (5, 5)


def test_licensed_production_takes_longer_and_used_equipment_less():
    world = next_step(opened())
    world.categories.lead_time[0], world.categories.delivery_span[0] = 2, 3
    modes = (Mode.OFF_THE_SHELF, Mode.LICENSED, Mode.SECOND_HAND)
    tenders = [sign(world, 2, 5, 0, mode=mode) for mode in modes]
    rows = signed(world, *tenders, licensed_delay=1.8, used_delay=0.4, span_growth=0)
    assert world.contracts.lead[rows] == pytest.approx([2, 3.6, 0.8])
    assert world.contracts.span[rows] == pytest.approx([3, 5.4, 1.2])


def test_a_support_contract_lasts_as_long_as_was_tendered():
    world = next_step(opened())
    fleet = int(np.flatnonzero((world.fleets.origin == 5) & (world.fleets.support_need > 0))[0])
    holder = world.fleets.holder[fleet]
    tender = sign(world, holder, 5, 0, kind=ContractKind.SUPPORT, fleet=fleet, years=3.5)
    row = signed(world, tender)[0]
    assert world.contracts.span[row] == pytest.approx(3.5)
    assert world.fleets.support_contract[fleet] == row


def test_the_work_share_goes_to_the_buyer_s_largest_line():
    world = next_step(opened())
    home = np.flatnonzero((world.lines.home == 2) & (world.lines.category == 0))
    world.lines.capacity[home] = np.arange(1, len(home) + 1)
    row = signed(world, sign(world, 2, 5, 0, local_share=0.3))[0]
    assert world.contracts.partner[row] == home[-1]
    assert world.contracts.local_share[row] == pytest.approx(0.3)


def test_without_a_home_line_there_is_no_work_share():
    world = next_step(opened())
    world.lines.is_active[(world.lines.home == 2) & (world.lines.category == 0)] = False
    row = signed(world, sign(world, 2, 5, 0, local_share=0.3))[0]
    assert world.contracts.partner[row] == -1
    assert world.contracts.local_share[row] == 0


def test_offsets_are_owed_by_foreign_sellers_of_equipment():
    world = next_step(opened())
    before = len(world.obligations)
    abroad = sign(world, 2, 5, 0, offset_rate=0.6)
    sign(world, 5, 5, 0, offset_rate=0.6, mode=Mode.DOMESTIC)
    sign(world, 2, 5, 0, offset_rate=0.6, mode=Mode.SECOND_HAND, line=-1)
    row = signed(world, abroad, offset_years=7)[0]
    new = np.arange(before, len(world.obligations))
    assert world.obligations.contract[new].tolist() == [row]
    assert world.obligations.amount[new] == pytest.approx([0.6 * world.contracts.price[row]])
    assert world.obligations.years_left[new] == pytest.approx([7])
    assert world.obligations.beneficiary[new].tolist() == [2]


def test_a_first_purchase_founds_a_fleet_of_that_origin():
    world = next_step(opened())
    holder, origin, category = np.argwhere(world.dyads.fleet_row < 0)[0]
    while not np.any((world.lines.home == origin) & (world.lines.category == category)):
        world.dyads.fleet_row[holder, origin, category] = 0
        holder, origin, category = np.argwhere(world.dyads.fleet_row < 0)[0]
    before = len(world.fleets)
    rows = signed(world, sign(world, holder, origin, category), sign(world, holder, origin, category, uid=7))
    assert len(world.fleets) == before + 1
    assert set(world.contracts.fleet[rows]) == {before}
    assert (world.fleets.holder[before], world.fleets.origin[before]) == (holder, origin)
