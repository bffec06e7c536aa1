"""Pool members offer to develop together: better, shared in cost, later, dearer in the end, and taught."""

import numpy as np
import pytest
from tests.phases.stories import in_need, next_step, opened, play, sign, tenders_since, twin

from deftrade.core.tables.codes import Mode
from deftrade.phases.bidding.codeveloping import shared_cost
from deftrade.phases.contracting import ContractingParams
from deftrade.phases.contracting.phase import cost_growth

PLAIN = {"overrun_spread": 0, "slip_spread": 0, "span_growth": 0}
POOL = 1  # of states 0, 1 and 2


def joint_market(share=1.0, **changes):
    """Return a world with offers on joint requirements."""
    world = in_need(next_step(opened()))
    world.alliances.pooled_share[:] = 1.0
    world.alliances.codevelopment[:] = share
    world.states.offset_rate[:] = world.states.localisation_target[:] = 0.0
    world.states.licence_demand[:] = 0.0
    play(world, "budgeting")
    before = len(world.tenders)
    play(world, "tendering")
    world.tenders.status[:before] = 4
    assert (world.tenders.pool[tenders_since(world, before)] == POOL).any()
    return play(world, "bidding", **changes)


def consortium(world):
    return np.flatnonzero(world.bids.mode == Mode.CODEVELOPMENT)


def test_partners_share_development_by_the_root_rule_or_not_at_all():
    partners = np.array([1, 2, 4])
    assert shared_cost(0.4, partners, 0.5) == pytest.approx([1, 1 - 0.4 * (1 - 2**-0.5), 0.8])
    assert np.array_equal(shared_cost(0.4, partners, 1.0), [1, 1, 1])


def test_members_offer_to_lead_a_programme_to_each_other_and_to_their_own_state():
    world = joint_market()
    rows = consortium(world)
    tender = world.bids.tender[rows]
    assert len(rows)
    assert (world.tenders.partners[tender] > 1).all()
    home = world.bids.exporter[rows] == world.tenders.buyer[tender]
    assert home.any()
    assert not home.all()
    member = world.alliances.member[world.tenders.pool[tender], world.bids.exporter[rows]]
    assert member.all()


def test_quality_is_the_best_partner_s_know_how_raised_by_a_generation():
    world = joint_market(generation=1.2)
    rows = consortium(world)
    tender = world.bids.tender[rows]
    pool, category = world.tenders.pool[tender], world.tenders.category[tender]
    member = world.alliances.member
    places = zip(pool, category, strict=True)
    best = np.array([world.states.know_how[member[row], place].max() for row, place in places])
    frontier = world.categories.frontier_quality[category]
    assert world.bids.quality[rows] == pytest.approx(1.2 * np.minimum(best, frontier))


def test_price_follows_quality_and_shares_the_development():
    terms = {"development_share": 0.4, "fixed_share": 0.0, "rent": 0.0, "know_how_saving": 0, "reach_cost": 0}
    worlds = [joint_market(pool_exponent=psi, **terms) for psi in (0.5, 1.0)]
    rows = consortium(worlds[0])
    unit = [world.bids.price[rows] / world.bids.volume[rows] for world in worlds]
    partners = worlds[0].tenders.partners[worlds[0].bids.tender[rows]]
    assert unit[0] == pytest.approx(unit[1] * (1 - 0.4 * (1 - partners**-0.5)))
    lines, line = worlds[1].lines, worlds[1].bids.line[rows]
    plain = np.array(
        [
            np.flatnonzero(
                (worlds[1].bids.tender == worlds[1].bids.tender[row])
                & (worlds[1].bids.line == worlds[1].bids.line[row])
                & (worlds[1].bids.mode != Mode.CODEVELOPMENT)
            )[0]
            for row in rows
        ]
    )
    bids = worlds[1].bids
    usual = bids.price[plain] / bids.volume[plain] / bids.quality[plain] ** 2.5
    assert unit[1] == pytest.approx(usual * bids.quality[rows] ** 2.5)
    assert (lines.home[line] == bids.exporter[rows]).all()


def test_a_generation_beyond_what_the_pool_knows_costs_the_reach():
    plain, reaching = (joint_market(reach_cost=cost, generation=1.2) for cost in (0.0, 0.5))
    rows = consortium(plain)
    master = (
        plain.lines.quality[plain.bids.line[rows]]
        <= (plain.states.know_how[plain.bids.exporter[rows], plain.tenders.category[plain.bids.tender[rows]]])
    )
    unit = [world.bids.price[rows] / world.bids.volume[rows] for world in (plain, reaching)]
    assert master.any()
    assert unit[1][master] == pytest.approx(unit[0][master] * 1.2**0.5)


def test_at_share_0_and_without_pools_nobody_offers_to_develop():
    off, on = joint_market(0.0), joint_market(1.0)
    assert len(consortium(off)) == 0
    kept = on.bids.mode != Mode.CODEVELOPMENT
    for column in ("tender", "exporter", "mode", "price", "quality", "volume", "stretch"):
        assert np.array_equal(np.sort(getattr(on.bids, column)[kept]), np.sort(getattr(off.bids, column)))


def test_a_share_of_joint_requirements_is_drawn_for_all_partners_alike():
    world = joint_market(0.5)
    chosen = {world.tenders.pool_key[tender] for tender in world.bids.tender[consortium(world)]}
    every = joint_market(1.0)
    for row in consortium(every):
        tender = every.bids.tender[row]
        offered = np.any(world.bids.tender[consortium(world)] == tender)
        assert offered == (every.tenders.pool_key[tender] in chosen)


def test_it_has_luck_of_its_own():
    world = joint_market()
    quiet = twin(world)
    play(world, "selecting", noise=1, licence=0)
    play(quiet, "selecting", noise=0, licence=0)
    luck = world.bids.score - quiet.bids.score
    for row in consortium(world):
        same = (world.bids.tender == world.bids.tender[row]) & (
            world.bids.exporter == world.bids.exporter[row]
        )
        other = np.flatnonzero(same & (world.bids.mode != Mode.CODEVELOPMENT))
        assert not np.isclose(luck[other], luck[row]).any()


def test_cost_grows_by_the_mean_of_development_programmes():
    params = ContractingParams(overrun_codevelopment=0.46, overrun_spread=0.2)
    draws = np.random.default_rng(1).standard_normal(200_000)
    growth = cost_growth(np.full(len(draws), Mode.CODEVELOPMENT), draws, params)
    assert growth.mean() == pytest.approx(1.46, rel=0.005)


def test_development_comes_first_and_partners_share_the_work():
    world = next_step(opened())
    world.categories.lead_time[0], world.categories.delivery_span[0] = 2, 3
    tenders = [sign(world, 2, 1, 0, mode=Mode.CODEVELOPMENT, partners=n, local_share=0.4) for n in (2, 4)]
    play(world, "contracting", **PLAIN, codevelopment_delay=2.5, partner_delay=0.5)
    rows = [np.flatnonzero(world.contracts.tender == row)[-1] for row in tenders]
    contracts = world.contracts
    assert contracts.lead[rows] == pytest.approx([5 * 2**0.5, 10])
    assert contracts.span[rows] == pytest.approx([3, 3])
    assert contracts.local_share[rows] == pytest.approx([0.5, 0.4])
    assert (world.lines.home[contracts.partner[rows]] == 2).all()
    assert contracts.price[rows] == pytest.approx(1.46 * contracts.planned_price[rows])
