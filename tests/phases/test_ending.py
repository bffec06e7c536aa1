"""Contracts end before their time."""

from tests.phases.stories import next_step, opened, running

from deftrade.core.tables.codes import ContractStatus
from deftrade.phases.shared.contracts import cancel_embargoed


def test_buyers_give_up_what_an_embargo_stops_for_long():
    ends = []
    for patience in (1.5, 50.0):
        world = next_step(opened())
        row = running(world, foreign=True)[0]
        pair = world.contracts.supplier[row], world.contracts.buyer[row]
        world.dyads.embargo_years[pair] = 5.0
        paid = world.contracts.paid[row]
        for _ in range(7):
            cancel_embargoed(world, patience)
        ends.append((world.contracts.status[row], world.contracts.stalled[row]))
        assert world.contracts.paid[row] == paid
    assert ends == [(ContractStatus.CANCELLED, 1.75), (ContractStatus.ACTIVE, 1.75)]
