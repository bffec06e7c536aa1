"""Buyers take the released offer they value most, if it beats waiting."""

import numpy as np
import pytest
from tests.phases.stories import in_need, next_step, opened, play, tenders_since, twin

from deftrade.core.tables.codes import DecisionKind, Mode, TenderStatus
from deftrade.phases.selecting.params import SelectingParams
from deftrade.phases.selecting.utility import Features, Nations, counted, utility_terms


def bid_upon(pooled=0.0):
    """Return a world with fresh equipment tenders and bids on them, all released, and the rows."""
    world = play(in_need(next_step(opened())), "budgeting")
    world.alliances.pooled_share[:] = pooled
    before = len(world.tenders)
    play(world, "tendering", join_share=0)
    world.tenders.status[:before] = TenderStatus.WITHDRAWN
    play(world, "bidding", release_hostility=1, release_alignment=-1)
    return world, tenders_since(world, before)


def utility(world, **changes):
    """Return the scores of bids, without taste shocks."""
    play(world, "selecting", noise=0, **changes)
    return world.bids.score.copy()


def gain(before, after, **changes):
    """Return by how much every bid is valued more in the second world."""
    return utility(after, **changes) - utility(before, **changes)


def terms(world):
    """Return buyer, exporter and category of every bid."""
    tender = world.bids.tender
    return world.tenders.buyer[tender], world.bids.exporter, world.tenders.category[tender]


def test_the_best_released_offer_wins_and_the_runner_up_is_logged():
    world, rows = bid_upon()
    score = utility(world, wait=-50)
    for row in rows:
        mine = np.flatnonzero(world.bids.tender == row)
        best = mine[np.argmax(score[mine])]
        assert world.tenders.exporter[row] == world.bids.exporter[best]
        assert world.tenders.price[row] == world.bids.price[best]
        logged = np.flatnonzero((world.decisions.kind == DecisionKind.AWARD) & (world.decisions.row == row))
        second = np.sort(score[mine])[-2]
        assert world.decisions.margin[logged[-1]] == pytest.approx(score[best] - second)


def test_home_offers_need_no_licence_and_foreign_ones_do():
    world, rows = bid_upon()
    play(world, "selecting", wait=-50)
    home = world.tenders.exporter[rows] == world.tenders.buyer[rows]
    assert home.any()
    assert (~home).any()
    assert np.all(world.tenders.status[rows][home] == TenderStatus.APPROVED)
    assert np.all(world.tenders.status[rows][~home] == TenderStatus.SELECTED)


def test_an_offer_that_is_not_released_is_never_chosen_but_counted():
    world, rows = bid_upon()
    other = twin(world)
    play(other, "selecting", noise=0, wait=-50)
    winner = int(other.tenders.exporter[rows[0]])
    world.bids.is_released[world.bids.exporter == winner] = False
    play(world, "selecting", noise=0, wait=-50)
    assert winner not in world.tenders.exporter[rows]
    lost = rows[other.tenders.exporter[rows] == winner]
    assert world.states.offers_withheld[winner] >= world.tenders.value[lost].min()
    assert other.states.offers_withheld[winner] == 0


def test_what_is_not_awarded_is_not_withheld():
    world, rows = bid_upon()
    world.bids.is_released[:] = False
    world.bids.is_released[world.bids.exporter == 0] = True
    idle = twin(world)
    play(world, "selecting", noise=0, wait=-50)
    idle.bids.quality[:] = 1
    play(idle, "selecting", noise=0, wait=20)
    open_ = idle.tenders.status[rows] == TenderStatus.OPEN
    assert open_.any()
    assert world.states.offers_withheld.sum() > idle.states.offers_withheld.sum()
    worth = idle.tenders.value[rows][~open_].sum()
    assert idle.states.offers_withheld.sum() <= worth * (1 + 1e-9)


def test_the_size_of_economies_counts_relative_to_each_other():
    plain, _ = bid_upon()
    rich = twin(plain)
    rich.states.gdp[:] *= 100
    assert gain(plain, rich) == pytest.approx(0, abs=1e-9)
    rich.states.gdp[5] *= 2
    change = gain(plain, rich, exporter_gdp=0.5)
    _, exporter, _ = terms(plain)
    assert np.ptp(change[exporter == 5]) == pytest.approx(0)
    assert change[exporter == 5].min() - change[exporter == 4].max() == pytest.approx(0.5 * np.log(2))


def test_when_waiting_is_better_nothing_is_bought():
    world, rows = bid_upon()
    world.bids.quality[:] = 1
    play(world, "selecting", wait=20, noise=0)
    bought = world.tenders.status[rows] != TenderStatus.OPEN
    world, rows = bid_upon()
    play(world, "selecting", wait=-50)
    assert not bought.all()
    assert np.all(world.tenders.status[rows] != TenderStatus.OPEN)


def test_dearer_offers_are_worth_less_by_the_weight_of_price():
    cheap, _ = bid_upon()
    dear = twin(cheap)
    dear.bids.price[::2] *= 2
    change = gain(cheap, dear, price=3)
    assert change[::2] == pytest.approx(-3 * np.log(2))
    assert change[1::2] == pytest.approx(0)


def test_export_credit_is_worth_as_much_as_a_lower_price():
    plain, _ = bid_upon()
    helped = twin(plain)
    helped.states.export_credit[5] = 0.1
    buyer, exporter, _ = terms(plain)
    foreign_new = (exporter == 5) & (buyer != 5) & (plain.bids.mode != Mode.SECOND_HAND)
    plain.bids.concession[:] = helped.bids.concession[:] = 0.0
    change = gain(plain, helped, price=3)
    assert change[foreign_new] == pytest.approx(-3 * np.log(0.9))
    assert change[~foreign_new] == pytest.approx(0)


def test_poor_states_value_quality_less():
    plain, _ = bid_upon()
    better = twin(plain)
    better.bids.quality[:] *= 2
    for world in (plain, better):
        world.states.productivity[:] = (0, 0.14, 0.28, 0.28, 0.28, 0.28)
        world.categories.quality_effect[:] = 4
    change = gain(plain, better, price=2, poor_quality=2, rich_productivity=0.28)
    buyer, _, _ = terms(plain)
    assert change == pytest.approx(np.array([6, 7, 8, 8, 8, 8])[buyer] * np.log(2))


@pytest.mark.parametrize(
    ("weight", "table", "column", "moves"),
    [
        ("distance", "dyads", "distance", -1),
        ("alignment", "dyads", "alignment", 1),
        ("allied", "dyads", "allied", 1),
    ],
)
def test_foreign_offers_answer_to_the_pair_of_states(weight, table, column, moves):
    near, _ = bid_upon()
    far = twin(near)
    values = getattr(getattr(far, table), column)
    values[:] = values * 2 if column == "distance" else values + 0.3
    change = gain(near, far, **{weight: 1.0})
    buyer, exporter, _ = terms(near)
    size = np.log(2) if column == "distance" else 0.3
    assert change[buyer != exporter] == pytest.approx(moves * size)
    assert change[buyer == exporter] == pytest.approx(0)


def test_the_weight_of_pacts_is_the_buyer_s_policy():
    plain, _ = bid_upon()
    loyal = twin(plain)
    loyal.states.alliance_preference[3] = 3.0
    change = gain(plain, loyal, allied=0.5)
    buyer, exporter, _ = terms(plain)
    tie = plain.dyads.allied[exporter, buyer]
    assert change == pytest.approx(np.where((buyer == 3) & (exporter != 3), 2 * 0.5 * tie, 0))
    assert change.max() > 0


def test_unlike_regimes_trade_less():
    alike, _ = bid_upon()
    unlike = twin(alike)
    alike.states.polity[:], unlike.states.polity[:] = 0.5, (0.5, 0.5, 0.5, 0.5, 0.5, 0.9)
    change = gain(alike, unlike, polity=0.7)
    buyer, exporter, _ = terms(alike)
    apart = (buyer == 5) != (exporter == 5)
    assert change == pytest.approx(np.where(apart, -0.7 * 0.4, 0))


def test_the_domestic_margin_favours_home_offers_alone():
    plain, _ = bid_upon()
    keen = twin(plain)
    keen.states.domestic_margin[:] += 0.2
    change = gain(plain, keen, home_margin=3)
    buyer, exporter, _ = terms(plain)
    assert change == pytest.approx(np.where(buyer == exporter, 0.6, 0))


def test_habit_counts_for_the_pair_and_for_the_category():
    none, _ = bid_upon()
    buyer, exporter, category = terms(none)
    fleets = none.dyads.fleet_row[buyer, exporter, category]
    known = np.flatnonzero((fleets >= 0) & (buyer != exporter))[0]
    none.dyads.relation[:], none.fleets.recent_deliveries[:] = 0, 0
    some = twin(none)
    some.dyads.relation[exporter[known], buyer[known]] = 1
    some.fleets.recent_deliveries[fleets[known]] = 1
    change = gain(none, some, supplier=0.7, same_category=1.3, record=0)
    pair = (buyer == buyer[known]) & (exporter == exporter[known])
    assert change == pytest.approx(0.7 * pair + 1.3 * (pair & (category == category[known])))


def test_a_record_of_deliveries_attracts_all_buyers():
    new, _ = bid_upon()
    proven = twin(new)
    new.fleets.recent_deliveries[:] = proven.fleets.recent_deliveries[:] = 0
    own = proven.dyads.fleet_row[5, 5, 0]
    proven.fleets.recent_deliveries[own] = 95
    change = gain(new, proven, record=0.5, record_floor=5, same_category=0)
    _, exporter, category = terms(new)
    assert change == pytest.approx(np.where((exporter == 5) & (category == 0), 0.5 * np.log(20), 0))


def test_rivals_of_a_refuser_court_the_refused_buyer():
    plain, rows = bid_upon()
    refused = twin(plain)
    refused.tenders.refuser[rows] = 3
    change = gain(plain, refused, backfill=0.8)
    buyer, exporter, _ = terms(plain)
    rival = (exporter == 0) & (buyer != 0)  # hostile to 3 by 0.4
    assert rival.any()
    assert change == pytest.approx(np.where(rival, 0.8 * 0.4, 0))


def test_pool_partners_value_an_exporter_alike_and_prefer_members():
    world, _ = bid_upon(pooled=1.0)
    joint = world.tenders.pool[world.bids.tender] >= 0
    assert joint.any()
    score = utility(world)
    keys = world.tenders.pool_key[world.bids.tender]
    for key in set(keys[joint]):
        for exporter in range(6):
            theirs = joint & (keys == key) & (world.bids.exporter == exporter)
            for developed in (True, False):
                mine = theirs & ((world.bids.mode == Mode.CODEVELOPMENT) == developed)
                assert np.ptp(score[mine]) == pytest.approx(0) if mine.any() else True
    world, _ = bid_upon(pooled=1.0)
    keener = twin(world)
    keener.alliances.preference[:] += 0.5
    change = gain(world, keener)
    outside = world.bids.exporter == 5  # no member of the pool of 0, 1 and 2
    in_first = joint & (world.tenders.pool[world.bids.tender] == 1)
    assert change[in_first & outside] == pytest.approx(0)
    assert change[in_first & ~outside & (world.bids.exporter < 3)].max() > 0


def test_luck_belongs_to_tender_and_exporter():
    world, _ = bid_upon()
    again = twin(world)
    play(world, "selecting", noise=1, nest=0.5)
    play(again, "selecting", noise=1, nest=0.5)
    assert world.bids.score == pytest.approx(again.bids.score)
    quiet = twin(again)
    play(quiet, "selecting", noise=0)
    luck = again.bids.score - quiet.bids.score
    assert luck.std() == pytest.approx(np.pi / np.sqrt(6), rel=0.35)


def awards(world):
    """Return the logged awards: tender, runner-up and margin."""
    mine = world.decisions.kind == DecisionKind.AWARD
    return world.decisions.row[mine], world.decisions.runner_up[mine], world.decisions.margin[mine]


def test_a_single_offer_is_measured_against_waiting():
    world, rows = bid_upon()
    first = np.unique(world.bids.tender, return_index=True)[1]
    world.bids.is_released[:] = False
    world.bids.is_released[first] = True
    before = len(world.decisions)
    play(world, "selecting", noise=0, wait=-50)
    tender, runner_up, margin = (column[-(len(world.decisions) - before) :] for column in awards(world))
    assert set(rows) <= set(tender)
    assert np.all(runner_up == -1)
    score = world.bids.score[first]
    assert np.sort(margin) == pytest.approx(np.sort(score + 50))


def test_the_margin_is_finite_whatever_luck_and_nest():
    world, _ = bid_upon()
    play(world, "selecting", wait=-50)
    _, _, margin = awards(world)
    assert len(margin)
    assert np.all(np.isfinite(margin))
    assert margin.min() >= 0


def test_pool_partners_agree_on_the_exporter_in_a_nest_too():
    world, rows = bid_upon(pooled=1.0)
    joint = rows[world.tenders.pool[rows] >= 0]
    many = len(world.tenders)
    chosen = 0
    for key in range(40):
        trial = twin(world)
        trial.tenders.pool_key[joint] += np.uint64(key)
        play(trial, "selecting", wait=-50, nest=0.3)
        for pool_key in set(trial.tenders.pool_key[joint]):
            partners = joint[trial.tenders.pool_key[joint] == pool_key]
            offered = [frozenset(trial.bids.exporter[(trial.bids.tender == partner)]) for partner in partners]
            if len(set(offered)) == 1:
                assert len(set(trial.tenders.exporter[partners])) == 1
                chosen += len(partners) > 1
    assert many == len(trial.tenders)
    assert chosen > 40


def test_a_smaller_nest_leaves_more_to_chance_between_ways():
    world, rows = bid_upon()
    shares = []
    for nest in (1.0, 0.2):
        home = 0
        for key in range(60):
            trial = twin(world)
            trial.tenders.uid[rows] += np.uint64(key)
            play(trial, "selecting", wait=-50, nest=nest)
            home += np.count_nonzero(trial.tenders.exporter[rows] == trial.tenders.buyer[rows])
        shares.append(home / 60 / len(rows))
    assert abs(shares[1] - 0.5) < abs(shares[0] - 0.5) < 0.5


UNTESTED = {
    "noise",
    "nest",
    "wait",
    "rich_productivity",
    "recent_floor",
    "maker",
}  # not weights, or not of these bids
WEIGHTS = [name for name in SelectingParams.model_fields if name not in UNTESTED]


@pytest.mark.parametrize("name", WEIGHTS)
def test_every_weight_moves_some_score(name):
    plain, rows = bid_upon()
    plain.bids.mode[0] = Mode.SECOND_HAND
    plain.bids.stretch[:] = 1.5
    plain.bids.package_share[:] = 0.3
    plain.tenders.refuser[rows] = 3
    plain.tenders.offset_rate[rows] = 0.4
    base = utility(twin(plain))
    moved = utility(plain, **{name: SelectingParams.model_fields[name].default * 0.9})
    assert not np.allclose(moved, base)


AGAINST = {"price", "simplicity", "delay", "used", "distance", "polity", "enmity"}


@pytest.mark.parametrize("at_home", [False, True])
def test_every_term_counts_for_or_against_an_offer(at_home):
    one, yes, exporter = np.full(1, 2.0), np.ones(1, dtype=bool), np.zeros(1, dtype=np.int64)
    two = np.full(2, 0.5)
    nations = Nations(
        gdp=np.array([3.0, 1.0]),
        polity=np.array([1.0, 0.0]),
        productivity=two / 5,
        alliance_preference=two,
        domestic_margin=two,
        export_credit=np.zeros(2),
        record=np.ones((2, 1)),
        quality_effect=np.full(1, 2.83),
    )
    given = dict.fromkeys(Features._fields, one) | {"concession": np.zeros(1)}
    flags = dict.fromkeys(
        ("at_home", "is_equipment", "is_made", "is_used", "is_maker", "grants_licence"), yes
    )
    places = {"exporter": exporter, "category": exporter, "buyer": exporter + 1}
    seen = Features(**given | flags | places | {"nations": nations, "market_price": np.ones(1)})
    found = counted(utility_terms(seen, SelectingParams()), np.array([at_home]))
    signs = {name: np.sign(term[0]) for name, term in found.items() if term[0]}
    assert signs == {name: -1 if name in AGAINST else 1 for name in signs}
    assert len(signs) == (10 if at_home else 19)
