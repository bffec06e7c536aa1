"""Research is paid and crowds in, know-how catches up by channels, rungs and quality follow."""

import numpy as np
import pytest
from tests.phases.stories import advance, next_step, opened, play, twin

from deftrade.core.tables.codes import CLIPS, AllianceKind, Item
from deftrade.phases.researching import ResearchingParams
from deftrade.phases.researching.climbing import bounded_progress, ladder, related
from deftrade.phases.researching.phase import Channels, absorptive_capacity, growth_rate, own_research


def channels(**full):
    """Return channels that are empty but for those named."""
    names = dict.fromkeys(Channels._fields, 0.0) | full
    return Channels(**{name: np.array([[value]]) for name, value in names.items()})


def rate(params, relative=0.5, own=0.0, absorb=1.0, **full):
    cells = (np.array([[value]]) for value in (own, absorb))
    return growth_rate(*cells, channels(**full), np.array([[relative]]), params)[0, 0]


def researched(world, **changes):
    """Return the world after its firms produced and researched."""
    return play(world, "budgeting", "producing", "researching", **changes)


# Pure functions


def test_own_research_grows_with_public_research_and_subsidy():
    planned, public = np.array([10.0, 10.0, 10.0]), np.array([1.0, 1.44, 1.0])
    raised, subsidy = own_research(planned, public, np.array([0.0, 0.0, 0.21]), 0.5)
    assert raised == pytest.approx([10, 12, 11])
    assert subsidy == pytest.approx([0, 0, 2.31])


def test_without_crowding_in_public_research_changes_nothing():
    raised, _ = own_research(np.array([10.0]), np.array([9.0]), np.array([0.5]), 0.0)
    assert raised == pytest.approx([10])


@pytest.mark.parametrize("public", [0.5, 1.0, 3.0])
def test_ten_per_cent_more_public_research_brings_crowd_in_times_ten_per_cent_more(public):
    planned, level, none = np.array([10.0]), np.array([public]), np.zeros(1)
    before, _ = own_research(planned, level, none, 0.5)
    after, _ = own_research(planned, 1.1 * level, none, 0.5)
    assert after / before - 1 == pytest.approx(0.05, rel=0.05)


def test_absorptive_capacity_rises_from_a_floor_towards_one():
    params = ResearchingParams(absorption_floor=0.1, absorption_half=50)
    assert absorptive_capacity(np.array([0.0, 50.0]), params) == pytest.approx([0.1, 0.55])
    assert absorptive_capacity(np.array([1e9]), params) == pytest.approx([1], abs=1e-6)


def test_catch_up_is_logistic_in_the_gap_to_the_frontier():
    params = ResearchingParams(catch_up=0.1, channel_open=0.2)
    assert rate(params, relative=0.25) == pytest.approx(0.1 * 0.2 * 0.75)
    assert rate(params, relative=1.0, own=0.01) == pytest.approx(0.01)


def test_who_absorbs_little_falls_behind_a_growing_frontier():
    params = ResearchingParams(catch_up=0.1, channel_open=0.2)
    assert rate(params, relative=0.5, own=0.02, absorb=0.0) == 0
    assert rate(params, relative=0.5, own=0.02, absorb=0.4) == pytest.approx(0.4 * (0.02 + 0.1 * 0.2 * 0.5))
    # Far behind, the gap narrows above an absorptive capacity and widens below it.
    assert rate(params, relative=0.01, own=0.02, absorb=0.4) < 0.02
    assert rate(params, relative=0.01, own=0.02, absorb=0.6) > 0.02


@pytest.mark.parametrize("channel", Channels._fields)
def test_each_channel_has_its_own_strength_and_may_be_switched_off(channel):
    strong = ResearchingParams(**{f"channel_{channel}": 0.4, "channel_open": 0, "catch_up": 0.1})
    silent = ResearchingParams(**{f"channel_{channel}": 0, "channel_open": 0, "catch_up": 0.1})
    assert rate(strong, relative=0.25, **{channel: 0.5}) == pytest.approx(0.1 * 0.4 * 0.5 * 0.75)
    assert rate(silent, **{channel: 0.5}) == 0


def test_the_rung_needs_practice_as_well_as_know_how():
    params = ResearchingParams(rung_experience=30)
    relative, practice = np.array([1.0, 1.0, 0.5, 2.0]), np.array([0.0, 30.0, 30.0, 1e12])
    assert ladder(relative, practice, params) == pytest.approx([4, 6, 3, 8])
    paper = params.model_copy(update={"unpractised": 0.75})
    assert ladder(relative, practice, paper) == pytest.approx([6, 7, 3.5, 8])


def test_practice_in_other_categories_counts_in_part():
    experience = np.array([[100.0, 0.0, 20.0], [0.0, 0.0, 0.0]])
    assert related(experience, 0.1) == pytest.approx(np.array([[102, 12, 30], [0, 0, 0]]))
    assert np.array_equal(related(experience, 0.0), experience)


# Stories


def test_public_research_reaches_firms_and_the_technology_fund():
    world = next_step(opened())
    world.states.technology_purchase_share[:] = 0.25
    play(world, "budgeting", "producing")
    fund = world.states.technology_fund.copy()
    play(world, "researching")
    # State 5 leads in everything and finds no know-how to buy.
    saved = world.states.research_budget * (0.25, 0.25, 0.25, 0.25, 0.25, 0)
    assert world.states.technology_fund - fund == pytest.approx(saved)
    postings = world.postings
    grants = postings.amount[postings.item == Item.RESEARCH_GRANT].sum()
    assert grants == pytest.approx((world.states.research_budget - saved).sum())


def test_a_technology_fund_that_finds_no_seller_is_not_filled_for_ever():
    world = next_step(opened())
    world.states.technology_purchase_share[:] = 0.25
    play(world, "budgeting", "producing")
    yearly = 4 * 0.25 * world.states.research_budget
    world.states.technology_fund[:] = 0.0
    world.states.technology_fund[2] = 3 * yearly[2]
    play(world, "researching", fund_years=3)
    full = np.array([0, 0, 3, 0, 0, 0]) * yearly
    assert world.states.technology_fund == pytest.approx(full + yearly / 4 * (1, 1, 0, 1, 1, 0))


def test_a_subsidy_raises_research_at_the_treasury_s_cost():
    plain, helped = next_step(opened()), next_step(opened())
    helped.states.research_subsidy[3] = 0.3
    researched(plain)
    researched(helped)
    more = helped.states.research_stock.sum(axis=1) - plain.states.research_stock.sum(axis=1)
    assert more[3] > 0
    assert np.delete(more, 3) == pytest.approx(0)
    cost = helped.states.fiscal_cost[3] - plain.states.fiscal_cost[3]
    assert more[3] >= cost > 0  # all of the grant is spent on research


def test_research_stocks_fade():
    world = next_step(opened())
    world.states.research_budget[:] = 0
    world.firms.research_intensity[:] = 0
    before = world.states.research_stock.copy()
    play(world, "researching", stock_kept=0.5)
    assert world.states.research_stock == pytest.approx(before * 0.5**0.25)


def test_the_frontier_grows_and_nobody_is_beyond_it():
    world = next_step(opened())
    world.categories.quality_growth[:] = 0.02
    world.states.know_how[5] = 1.0
    play(world, "researching", own_growth=0)
    assert world.categories.frontier_quality == pytest.approx(1.02**0.25)
    assert np.all(world.states.know_how <= world.categories.frontier_quality)
    world.states.know_how[5] = 3.0
    play(next_step(world), "researching")
    assert np.all(world.states.know_how[5] == world.categories.frontier_quality)
    assert world.environment.clipped[0, CLIPS.index("frontier")] == 3


@pytest.mark.parametrize("channel", ["learning_licensed", "learning_offset", "learning_purchased"])
def test_work_credits_and_purchases_teach(channel):
    idle, taught = next_step(opened()), next_step(opened())
    getattr(taught.states, channel)[0, 1] = 50.0
    for world in (idle, taught):
        play(world, "researching", catch_up=0.5)
    gain = taught.states.know_how - idle.states.know_how
    assert gain[0, 1] > 0
    gain[0, 1] = 0
    assert gain == pytest.approx(0)


def test_a_research_programme_lifts_members_behind_its_best():
    alone, shared = next_step(opened()), next_step(opened())
    for world in (alone, shared):
        world.alliances.technology_sharing[:] = 0.0
    shared.alliances.kind[0] = AllianceKind.RESEARCH_PROGRAMME
    shared.alliances.technology_sharing[0] = 0.8
    for world in (alone, shared):
        play(world, "researching", catch_up=0.5)
    gain = (shared.states.know_how - alone.states.know_how).max(axis=1)
    assert np.all(gain[[3, 4]] > 0)
    assert gain[[0, 1, 2, 5]] == pytest.approx(0)


def test_a_control_regime_shares_no_know_how():
    alone, shared = next_step(opened()), next_step(opened())
    for world in (alone, shared):
        world.alliances.technology_sharing[:] = 0.0
    shared.alliances.kind[0] = AllianceKind.CONTROL_REGIME
    shared.alliances.technology_sharing[0] = 0.8
    for world in (alone, shared):
        play(world, "researching", catch_up=0.5)
    assert shared.states.know_how == pytest.approx(alone.states.know_how)


def test_rungs_are_climbed_and_lost_at_a_limited_pace():
    world = next_step(opened())
    world.states.know_how[:] = 1.0
    world.states.production_experience[:] = 1e9
    world.states.rung[:] = 4.0
    world.states.know_how[0] = 0.05
    play(world, "researching", rung_pace=0.4, rung_decay=0.25)
    assert world.states.rung[1] == pytest.approx(4.1)
    assert world.states.rung[0] == pytest.approx(3.975)


@pytest.mark.parametrize("column", ["research_stock", "production_experience"])
def test_who_researches_and_produces_absorbs_more(column):
    idle, active = next_step(opened()), next_step(opened())
    for world in (idle, active):
        world.states.research_stock[:] = world.states.production_experience[:] = 0.0
    getattr(active.states, column)[1] = 1000.0
    for world in (idle, active):
        play(world, "researching", catch_up=0.5, own_growth=0)
    gain = active.states.know_how - idle.states.know_how
    assert gain[1].min() > 1e-4
    assert np.delete(gain, 1, axis=0) == pytest.approx(0)


def test_products_follow_know_how_upwards_only():
    world = next_step(opened())
    world.states.know_how[:] = 0.6
    world.lines.quality[:] = 0.5
    world.lines.quality[0] = 0.9
    play(world, "researching", quality_pace=0.5, catch_up=0, frontier_growth=0)
    assert world.lines.quality[0] == 0.9
    assert world.lines.quality[1:] == pytest.approx(0.5 + (1 - 0.5**0.25) * 0.1)


def test_a_substitution_programme_replaces_foreign_parts_at_public_cost():
    world = next_step(opened())
    world.states.substitution_programme[2] = 0.4
    researched(world)
    share = world.lines.component_share[:, 0]
    mine = world.lines.home == 2
    assert share[mine] == pytest.approx(0.2 * 0.6**0.25)
    assert share[~mine & (world.lines.home != 5)] == pytest.approx(0.2)
    assert world.states.fiscal_cost[2] > 0


def test_more_public_research_brings_a_lead_in_ten_years():
    """The channel from budget to know-how and product quality, over several phases and years."""

    def generous(world):
        world.states.research_share[2] = 0.15

    plain, keen = advance(opened(), 6), advance(opened(), 6, before=generous)
    lead = keen.states.know_how - plain.states.know_how
    mine = keen.lines.home[: len(plain.lines)] == 2
    assert np.all(lead[2] > 0)
    assert keen.lines.quality[: len(plain.lines)][mine].mean() > plain.lines.quality[mine].mean()
    assert np.abs(lead[5]).max() < lead[2].min()


def test_absorption_does_not_hang_on_the_length_of_a_step():
    gains = []
    for step, stride in (("quarter", 4), ("month", 1)):
        world = next_step(twin(opened(), step))
        world.clock.stride = stride
        world.states.research_stock[:] = 100.0
        world.states.production_experience[:] = 0.0
        before = world.states.know_how.copy()
        for _ in range(world.clock.calendar.steps_per_year // stride):
            world.states.research_stock[:] = 100.0
            play(world, "researching", catch_up=0.1, frontier_growth=0, stock_kept=0.85)
        gains.append(world.states.know_how - before)
    assert gains[1] == pytest.approx(gains[0], rel=0.1)


def test_who_stands_at_the_frontier_has_nothing_to_catch_up_when_it_moves():
    world = next_step(opened())
    states, frontier = world.states, CLIPS.index("frontier")
    states.know_how[:] = world.categories.frontier_quality
    states.opening_research_stock[:] = states.research_stock
    states.learning_licensed[:] = 1e6
    before = world.environment.clipped[0, frontier]
    play(world, "researching", own_growth=0.0)
    assert world.environment.clipped[0, frontier] == before
    assert (states.know_how <= world.categories.frontier_quality).all()


def test_nobody_is_faster_than_the_frontier_at_the_frontier():
    own, absorb = np.array([[0.05, 0.05, 0.01]]), np.array([[0.8, 0.8, 0.5]])
    growth, relative = np.array([0.02, 0.02, 0.02]), np.array([[1.0, 0.5, 1.0]])
    bounded = bounded_progress(own, absorb, growth, relative) * absorb
    assert bounded == pytest.approx(np.array([[0.02, 0.03, 0.005]]))
