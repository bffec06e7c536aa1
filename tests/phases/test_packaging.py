"""Packages add to the price, bring support and training, and have conditions."""

import numpy as np
import pytest
from tests.phases.stories import next_step, opened, play, running, sign, twin
from tests.worlds import TRADING, small_scenario, small_world

from deftrade.core.tables import Categories, States
from deftrade.core.tables.codes import ContractKind, ContractStatus, TenderStatus
from deftrade.phases.bidding.matching import pair_up
from deftrade.phases.bidding.packaging import find_rivals, incompatible, package_shares, rival_share
from deftrade.phases.bidding.params import BiddingParams
from deftrade.phases.producing import ProducingParams
from deftrade.phases.producing.training import train_people
from deftrade.phases.producing.working import Work
from deftrade.phases.shared.packages import awaits_support, begin_support, compared_price
from deftrade.simulation import simulate
from validation.evidence.conditions import Condition, Treatment, settled
from validation.evidence.running import SEEDS, played, states


def packaged(world, share=0.4, **terms):
    """Return a package contract of state 2 with state 5, just signed."""
    tender = sign(world, 2, 5, 0, package_share=share, **terms)
    play(world, "contracting", overrun_spread=0, slip_spread=0)
    return int(np.flatnonzero(world.contracts.tender == tender)[-1])


def arrived(world, **terms):
    """Return a world and its package contract whose first delivery has come."""
    row = packaged(world, **terms)
    world.contracts.delivered[row] = 1.0
    fleet = world.contracts.fleet[row]
    world.fleets.support_contract[fleet] = world.fleets.support_tender[fleet] = -1
    return row


# What is sold as a package


def test_large_orders_from_abroad_are_packages():
    world = next_step(opened())
    world.categories.package_share[:] = [0.35, 0.1, 0.0]
    large, small = sign(world, 2, 5, 0, value=200.0), sign(world, 2, 5, 0, value=199.0)
    other = sign(world, 2, 5, 2, value=500.0)
    tender, exporter = np.array([large, small, other, large]), np.array([5, 5, 5, 2])
    match = pair_up(world, tender, exporter, np.full(4, -1))
    shares = package_shares(world, BiddingParams(package_value=200), match)
    assert shares == pytest.approx([0.35, 0, 0, 0])


def test_a_package_costs_more_and_buys_less():
    world = next_step(opened())
    tender = sign(world, 2, -1, 0, status=TenderStatus.OPEN, value=300.0, volume=1e6)
    other = twin(world)
    other.categories.package_share[:] = 0.5
    for each in (world, other):
        play(each, "bidding", package_value=300.0)
    plain, dearer = world.bids, other.bids
    mine = (dearer.tender == tender) & (dearer.exporter != 2) & (dearer.line >= 0)
    assert mine.any()
    assert np.array_equal(dearer.package_share > 0, mine)
    assert dearer.price[mine] == pytest.approx(300)
    assert dearer.volume[mine] == pytest.approx(plain.volume[mine] / 1.5)
    assert np.array_equal(dearer.volume[~mine], plain.volume[~mine])


def test_what_a_package_adds_is_worth_its_cost_and_the_loan_a_part_of_it():
    world = next_step(opened())
    rows = world.bids.append(3)
    world.bids.exporter[rows] = [5, 4, 5]
    world.bids.package_share[rows] = [0.25, 0.25, 0.0]
    world.states.package_loan[[5, 4]] = 0.4, 0.0
    assert compared_price(world, 0.25) == pytest.approx([0.9 / 1.25, 0.8, 1.0])


# What it brings


def test_terms_of_a_package_are_those_of_the_seller():
    world = next_step(opened())
    world.states.package_loan[5] = 0.3
    row = packaged(world, price=100.0)
    contracts = world.contracts
    assert contracts.package_share[row] == 0.4
    assert contracts.support_years[row] == 10
    assert contracts.loan_share[row] == 0.3
    plain = packaged(world, share=0.0, uid=np.uint64(77))
    assert contracts.support_years[plain] == contracts.loan_share[plain] == 0


def test_support_begins_with_the_first_delivery():
    world = next_step(opened())
    row = packaged(world, volume=50.0)
    fleet = world.contracts.fleet[row]
    world.fleets.support_contract[fleet] = -1
    before = len(world.contracts)
    begin_support(world)
    assert len(world.contracts) == before
    world.contracts.delivered[row] = 1.0
    assert np.flatnonzero(awaits_support(world)).tolist() == [fleet]
    mine = (world.contracts.fleet == fleet) & (world.contracts.kind == ContractKind.EQUIPMENT)
    ordered = world.contracts.volume[mine & (world.contracts.status == ContractStatus.ACTIVE)].sum()
    volume = max(ordered, world.fleets.volume[fleet])
    begin_support(world)
    new = len(world.contracts) - 1
    assert new == before
    contracts = world.contracts
    assert (contracts.buyer[new], contracts.supplier[new], contracts.fleet[new]) == (2, 5, fleet)
    assert contracts.kind[new] == ContractKind.SUPPORT
    assert contracts.span[new] == 10
    need = volume * world.categories.market_price[0] * world.categories.support_rate[0]
    assert contracts.price[new] == pytest.approx(10 * need)
    assert world.fleets.support_contract[fleet] == new
    assert not awaits_support(world).any()


def test_a_running_support_contract_is_not_doubled():
    world = next_step(opened())
    row = arrived(world)
    fleet = world.contracts.fleet[row]
    support = running(world, ContractKind.SUPPORT)[0]
    world.fleets.support_contract[fleet] = support
    before = len(world.contracts)
    begin_support(world)
    assert len(world.contracts) == before
    assert world.contracts.support_years[row] == 10
    world.fleets.support_contract[fleet] = -1
    begin_support(world)
    assert len(world.contracts) == before + 1


def test_several_packages_begin_support_together():
    world = next_step(opened())
    rows = [arrived(world, uid=np.uint64(number)) for number in (70, 71)]
    world.contracts.support_years[rows] = [3.0, 8.0]
    before = len(world.contracts)
    begin_support(world)
    assert len(world.contracts) == before + 1
    assert world.contracts.span[before] == 8
    assert not world.contracts.support_years[rows].any()


def test_an_embargo_on_support_ends_the_promise_and_the_support():
    world = next_step(opened())
    row = arrived(world)
    other = twin(world)
    other.dyads.support_embargo_years[5, 2] = 1.0
    before = len(other.contracts)
    begin_support(other)
    assert len(other.contracts) == before
    assert other.contracts.support_years[row] == 0
    begin_support(world)
    new = len(world.contracts) - 1
    world.dyads.support_embargo_years[5, 2] = 1.0
    play(world, "producing")
    assert world.contracts.status[new] == ContractStatus.CANCELLED
    assert world.fleets.support_contract[world.contracts.fleet[new]] == -1


def test_a_tender_that_a_package_makes_needless_is_withdrawn():
    world = next_step(opened())
    row = arrived(world)
    fleet = int(world.contracts.fleet[row])
    tender = sign(world, 2, -1, 0, kind=ContractKind.SUPPORT, fleet=fleet, status=TenderStatus.OPEN)
    world.fleets.support_tender[fleet] = tender
    play(world, "tendering")
    assert world.tenders.status[tender] == TenderStatus.WITHDRAWN
    later = world.tenders.fleet[tender + 1 :]
    assert fleet not in later


def test_packages_train_people_as_they_are_carried_out():
    world = next_step(opened())
    row = packaged(world)
    rows = np.array([row, running(world, foreign=False)[0]])
    done = Work(rows, np.array([140.0, 90.0]), np.zeros(2), np.zeros(6))
    train_people(world, ProducingParams(training_jobs=2.0), done)
    assert world.states.package_training == pytest.approx([0, 0, 80, 0, 0, 0])


# Conditions


def test_share_of_a_rival_s_make_counts_what_was_bought_abroad():
    held = np.array([[50.0, 30.0, 20.0], [0.0, 10.0, 0.0], [0.0, 0.0, 0.0]])
    rivals = np.array([[True, True, False], [False, False, True], [False, True, False], [True, True, True]])
    shares = rival_share(held, rivals, np.array([0, 0, 1, 2]))
    assert shares == pytest.approx([0.3, 0.2, 0.0, 0.0])


def test_a_leader_keeps_sensitive_goods_from_fleets_of_its_rival_s_make():
    world = next_step(opened())
    world.categories.sensitivity[:] = [0.9, 0.2, 0.9]
    fleets, dyads = world.fleets, world.dyads
    dyads.hostility[:] = 0.0
    dyads.hostility[[5, 1], [3, 3]] = 0.6
    world.states.know_how[:, 0] = [0.4, 0.5, 0.4, 0.8, 0.7, 0.9]
    mine = np.flatnonzero((fleets.holder == 2) & (fleets.volume > 0))
    fleets.volume[mine] = 0.0
    mixed = mine[fleets.category[mine] == 0][:2]
    fleets.volume[mixed], fleets.quality[mixed] = [80.0, 20.0], 1.0
    fleets.origin[mixed] = [4, 3]
    goods, plain = sign(world, 2, 5, 0), sign(world, 2, 5, 1)
    support = sign(world, 2, 5, 0, kind=ContractKind.SUPPORT)
    # The rival's enemy that is behind it, the leader, the leader's plain goods and its support.
    match = pair_up(world, np.array([goods, goods, plain, support]), np.array([1, 5, 5, 5]), np.full(4, -1))
    params = BiddingParams(incompatible_share=0.15, rival_hostility=0.45)
    assert incompatible(world, params, find_rivals(world, params, 0.5), match).tolist() == [
        False,
        True,
        False,
        False,
    ]
    spared = params.model_copy(update={"incompatible_share": 0.2})
    assert not incompatible(world, spared, find_rivals(world, spared, 0.5), match).any()
    off = params.model_copy(update={"incompatible_share": 1.0})
    fleets.origin[mixed] = 3
    assert not incompatible(world, off, find_rivals(world, off, 0.5), match).any()


@pytest.mark.parametrize(("limit", "is_released"), [(0.15, False), (1.0, True)])
def test_an_incompatible_offer_is_not_released(limit, is_released):
    world = next_step(opened())
    fleets = world.fleets
    world.dyads.hostility[:], world.dyads.alignment[:] = 0.0, 1.0
    world.dyads.hostility[5, 3] = 0.6
    world.states.know_how[:, 0] = [0.4, 0.5, 0.4, 0.8, 0.7, 0.9]
    fleets.origin[fleets.holder == 2] = 3
    tender = sign(world, 2, -1, 0, status=TenderStatus.OPEN, value=300.0)
    play(world, "bidding", incompatible_share=limit)
    offer = (world.bids.tender == tender) & (world.bids.exporter == 5)
    assert world.bids.is_released[offer].tolist() == [is_released]


# Whole runs


def run(share, **changes):
    """Return the world after five years in which large imports are packages, if a share is given."""
    spec = small_world()
    spec.values[Categories.package_share][:] = share
    spec.values[States.package_loan][:] = changes.pop("loan", 0.2)
    params = TRADING
    for path, value in changes.items():
        phase, name = path.split("__")
        group = getattr(params, phase).model_copy(update={name: value})
        params = params.model_copy(update={phase: group})
    return simulate(small_scenario(years=5, world=spec, params=params)).run.world


@pytest.mark.parametrize(
    "off",
    [
        {"share": 0.0, "bidding__package_value": 10.0},
        {"share": 0.0, "loan": 0.0, "contracting__package_years": 0.0},
        {"share": 0.4, "bidding__package_value": 1e9},
    ],
)
def test_without_packages_nothing_of_them_is_left(off):
    plain, without = run(0.0), run(**off)
    for table, other in zip(plain.tables, without.tables, strict=True):
        for column in table.columns:
            if column not in (Categories.package_share, States.package_loan):
                values = plain.gate.arrays[column][: len(table)]
                assert np.array_equal(values, without.gate.arrays[column][: len(other)]), column.path


def test_packages_bring_support_loans_and_people():
    world = run(0.4, bidding__package_value=10.0)
    contracts = world.contracts
    assert np.any(contracts.package_share > 0)
    assert np.any((contracts.kind == ContractKind.SUPPORT) & (contracts.tender < 0) & (contracts.span == 10))
    assert world.dyads.loans.sum() > 0
    unlent = run(0.4, bidding__package_value=10.0, loan=0.0)
    assert unlent.dyads.loans.sum() == 0


def test_without_training_the_pool_grows_by_nothing_else():
    world = run(0.4, bidding__package_value=10.0, producing__training_jobs=0.0)
    assert not world.states.package_training.any()


# The baseline's first years


def compared(measure, *conditions):
    """Return the mean of a measure under each condition, over the same seeds."""
    return [
        float(np.mean([measure(played(Treatment(), each, seed)) for seed in SEEDS])) for each in conditions
    ]


def imported_readiness(run):
    """Return the readiness of fleets bought abroad in categories that are sold in packages."""
    fleets, world = run.world.fleets, run.world
    mine = (fleets.holder != fleets.origin) & (world.categories.package_share[fleets.category] > 0)
    return np.average(fleets.readiness[mine], weights=(fleets.volume * fleets.quality)[mine])


def test_bundled_support_keeps_fleets_ready():
    without, bundled = compared(
        imported_readiness, settled(contracting__package_years=0.0), settled(contracting__package_years=10.0)
    )
    assert bundled > without + 0.01


def test_holders_of_a_rival_s_equipment_order_less_from_the_leader():
    leader, holder = states("Westmark", "Tamasheq")

    def ordered(run):
        contracts = run.world.contracts
        mine = (contracts.signed >= 0) & (contracts.kind == ContractKind.EQUIPMENT)
        mine &= (contracts.buyer == holder) & (contracts.supplier == leader)
        sensitive = run.world.categories.sensitivity[contracts.category] >= 0.5
        return contracts.volume[mine & sensitive].sum()

    open_to_all, barred = compared(
        ordered, Condition(params=(("bidding.incompatible_share", 1.0),)), Condition()
    )
    # The rule binds for as long as the rivals make much of what it holds.
    assert barred < open_to_all
