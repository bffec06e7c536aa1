"""Each term of a phase, altered in the phase alone, is altered in what explanations say of it."""

import sys

import numpy as np
import pytest

from deftrade import simulation
from deftrade.core.tables import Bids, Categories
from deftrade.core.tables.codes import CRITERIA, LicenceStatus, Rule
from deftrade.explanations.one_thing import alliances, firms
from deftrade.explanations.one_thing.flips import flips
from deftrade.explanations.one_thing.judgements import Judgements
from deftrade.explanations.one_thing.scoring import LUCK, Selections
from deftrade.phases import ORDER
from deftrade.phases.allying import uniting
from deftrade.phases.allying.uniting import CohesionTerms
from deftrade.phases.licensing import margins
from deftrade.phases.licensing.margins import Effects, MarginTerms
from deftrade.phases.researching.renewal import merging, renewing
from deftrade.phases.selecting import utility
from deftrade.phases.selecting.utility import CommonTerms, ForeignTerms, HomeTerms

PHASES = {phase.name: phase for phase in ORDER}
UTILITY = [
    (group, name)
    for group, terms in (("home", HomeTerms), ("foreign", ForeignTerms), ("common", CommonTerms))
    for name in terms._fields
]
SHIFT = 0.05
"""What an altered term has more than double, so that terms which are nothing change too."""
BARELY = 1e-6
TRIED = 4
"""How many flips are tried out."""


def altered(terms, name):
    return terms._replace(**{name: 2 * getattr(terms, name) + SHIFT})


def module_of(name):
    """Return a phase's module; its package has the phase itself under that name."""
    return sys.modules[PHASES[name].run.__module__]


@pytest.fixture(scope="module")
def before(flagship):
    """Give what returns a world as a phase finds it at a step, and the phase's parameters."""
    scenario = flagship("strict_control", 6, 10).scenario

    def find(name, step):
        run = simulation.start(scenario)
        while run.world.clock.step < step:
            simulation.step(run)
        for phase in ORDER[: ORDER.index(PHASES[name])]:
            phase(run.world, getattr(scenario.params, phase.name))
        return run.world, getattr(scenario.params, name)

    return find


def watched(name, world, params, watch):
    """Play one phase on a copy of a world with what watches it; return the copy."""
    world = world.copy()
    with world.gate.reading():
        watch.before(world, params)
    PHASES[name](world, params)
    with world.gate.reading():
        watch.after(world, params)
    return world


@pytest.fixture(scope="module")
def buyers(before):
    """Give a world whose buyers are about to make their first choices, and the phase's parameters."""
    return before("selecting", 1)


@pytest.fixture(scope="module")
def market(buyers):
    """Give what plays the first choices of buyers, and the offers as an explanation has them."""
    world, params = buyers
    with world.gate.reading():
        tenders = np.unique(world.bids.tender)
        pooled = world.tenders.pool[tenders] >= 0

    def choose(params=params):
        seen = Selections([(1, int(tender)) for tender in tenders])
        watched("selecting", world, params, seen.watch())
        for key, scored in seen.kept.items():
            np.testing.assert_allclose(scored.score, seen.recorded[key], rtol=0, atol=1e-12)
            np.testing.assert_allclose(sum(scored.parts.values()), seen.recorded[key], rtol=0, atol=1e-9)
        return [seen.kept[1, int(tender)] for tender in tenders[~pooled]]

    return choose, choose(), params


def alter_utility(monkeypatch, alter):
    terms = utility.utility_terms
    for module in (utility, module_of("selecting")):
        monkeypatch.setattr(module, "utility_terms", lambda seen, params: alter(terms(seen, params)))


@pytest.mark.parametrize(("group", "name"), UTILITY, ids=[name for _, name in UTILITY])
def test_scores_follow_each_term_of_utility(market, monkeypatch, group, name):
    choose, usual, _ = market
    alter_utility(monkeypatch, lambda terms: terms._replace(**{group: altered(getattr(terms, group), name)}))
    changed = 0
    for was, now in zip(usual, choose(), strict=True):
        for words, part in now.parts.items():
            if words != utility.WORDS[name]:
                np.testing.assert_array_equal(part, was.parts[words])
        part, old = now.parts[utility.WORDS[name]], was.parts[utility.WORDS[name]]
        counts = part != 0
        np.testing.assert_allclose(part[counts], 2 * old[counts] + SHIFT, atol=1e-12)
        assert group != "common" or counts.all()
        changed += counts.sum()
    assert changed


def test_every_term_has_words_and_all_words_a_term(market):
    _, usual, _ = market
    assert sorted(utility.WORDS) == sorted(name for _, name in UTILITY)
    assert list(usual[0].parts) == [*utility.WORDS.values(), LUCK]
    assert len(set(usual[0].parts)) == len(utility.WORDS) + 1
    assert {*margins.WORDS, "criteria"} == set(Effects._fields)


def ratios(scored):
    return {flip.offer: (flip.needed, flip.price, flip.quality) for flip in flips(scored)}


def full_weight(params):
    """Return what quality weighs for who has no taste for simple equipment."""
    return params.price * Categories.quality_effect.bounds.default


@pytest.mark.parametrize("name", ["price", "quality"])
def test_what_flips_a_choice_follows_the_terms_of_price_and_quality(market, monkeypatch, name):
    choose, usual, params = market
    alter_utility(
        monkeypatch,
        lambda terms: terms._replace(common=terms.common._replace(**{name: 2 * getattr(terms.common, name)})),
    )
    for was, now in zip(usual, choose(), strict=True):
        steep, old = getattr(now.slopes, name), getattr(was.slopes, name)
        twice = {"price": 2 * old, "quality": old + full_weight(params)}[name]
        np.testing.assert_allclose(steep, twice, rtol=1e-12, atol=1e-12)
        for offer, (needed, price, quality) in ratios(now).items():
            ratio = {"price": price, "quality": quality}[name]
            assert np.log(ratio) == pytest.approx(needed / twice[offer], abs=1e-9)


def test_what_flips_a_choice_follows_the_poverty_of_buyers(market, monkeypatch):
    choose, usual, params = market
    terms = utility.utility_terms
    for module in (utility, module_of("selecting")):
        monkeypatch.setattr(
            module,
            "utility_terms",
            lambda seen, params: terms(
                seen, params.model_copy(update={"poor_quality": 2 * params.poor_quality})
            ),
        )
    less = [was.slopes.quality - now.slopes.quality for was, now in zip(usual, choose(), strict=True)]
    poor = [full_weight(params) - was.slopes.quality for was in usual]
    np.testing.assert_allclose(np.concatenate(less), np.concatenate(poor), atol=1e-9)
    assert max(map(np.max, poor)) > 0.1


def wins_at(buyers, scored, column, offer, ratio):
    """Return whether the phase chooses an offer of which one thing is so many times its own."""
    world, params = buyers[0].copy(), buyers[1]
    world.gate.arrays[column][scored.bid[offer]] *= ratio
    PHASES["selecting"](world, params)
    with world.gate.reading():
        bids, tenders = world.bids, world.tenders
        return all(
            getattr(tenders, name)[scored.tender] == getattr(bids, name)[scored.bid[offer]]
            for name in ("exporter", "line", "mode", "price", "quality")
        )


@pytest.mark.parametrize("term", [None, "price", "quality"])
@pytest.mark.parametrize("column", [Bids.price, Bids.quality], ids=lambda column: column.name)
def test_what_is_said_to_flip_a_choice_flips_it(buyers, market, monkeypatch, column, term):
    if term:
        alter_utility(
            monkeypatch,
            lambda terms: terms._replace(
                common=terms.common._replace(**{term: 2 * getattr(terms.common, term)})
            ),
        )
    tried = 0
    for scored in market[0]():
        near = next((flip for flip in flips(scored) if flip.is_released and 0 < flip.needed < 1), None)
        ratio = getattr(near, column.name) if near else np.nan
        if not np.isfinite(ratio):
            continue
        more = 1 + BARELY if ratio > 1 else 1 - BARELY
        assert wins_at(buyers, scored, column, near.offer, ratio * more)
        assert not wins_at(buyers, scored, column, near.offer, ratio / more)
        tried += 1
        if tried == TRIED:
            break
    assert tried


@pytest.fixture(scope="module")
def cases(before):
    """Give what plays judgements of applications, and their views as an explanation has them."""
    world, params = before("licensing", 8)

    def judge(params=params):
        with world.gate.reading():
            left = world.applications.waiting - world.clock.elapsed()
            ripe = (world.applications.status == LicenceStatus.PENDING) & (left <= 0)
        seen = Judgements([(8, int(row)) for row in np.flatnonzero(ripe)])
        after = watched("licensing", world, params, seen.watch())
        with after.gate.reading():
            recorded = {
                row: (after.applications.margin[row], after.applications.risk[row])
                for row in seen.kept
                if after.applications.rule[row] != Rule.CONSENT
            }
        assert recorded
        for row, (margin, risk) in recorded.items():
            own = seen.kept[row][0]
            assert (own.margin, own.risk) == (margin, risk)
        return [view for views in seen.kept.values() for view in views]

    return judge, judge(), params


def alter_margin(monkeypatch, name):
    terms = margins.margin_terms
    for module in (margins, module_of("licensing")):
        monkeypatch.setattr(module, "margin_terms", lambda *given: altered(terms(*given), name))


@pytest.mark.parametrize("name", MarginTerms._fields)
def test_views_follow_each_term_of_the_margin(cases, monkeypatch, name):
    judge, usual, _ = cases
    alter_margin(monkeypatch, name)
    slope = 2 if name == "tolerance" else 1
    for was, now in zip(usual, judge(), strict=True):
        assert sum(now.parts.values()) == pytest.approx(now.margin, abs=1e-12)
        rest = sum(value for word, value in now.parts.items() if word not in CRITERIA)
        assert now.greatest_strictness * now.risk == pytest.approx(rest, abs=1e-12)
        gain = sum(now.parts[margins.WORDS[word]] for word in ("strategic", "commercial", "balance"))
        assert now.benefit == pytest.approx(gain, abs=1e-12)
        assert now.lacking_tolerance == pytest.approx(-now.margin / slope, abs=1e-12)
        moved = {word for word in now.parts if now.parts[word] != was.parts[word]}
        if name in margins.WORDS:
            word = margins.WORDS[name]
            assert moved == {word}
            assert now.parts[word] == pytest.approx(2 * was.parts[word] + SHIFT)
        else:
            assert moved
            assert moved <= set(CRITERIA)
        told = {"scores": "scores", "weights": "weights", "sensitivity": "weights"}
        told["strictness"] = "strictness"
        if name in told:
            assert getattr(now, told[name]) != getattr(was, told[name])


@pytest.mark.parametrize("name", [None, "tolerance"])
def test_the_tolerance_said_to_turn_a_judgement_turns_it(cases, monkeypatch, name):
    judge, _, params = cases
    if name:
        alter_margin(monkeypatch, name)
    for place, view in enumerate(judge()[:TRIED]):
        for more in (BARELY, -BARELY):
            tolerance = params.tolerance + view.lacking_tolerance + more
            now = judge(params.model_copy(update={"tolerance": tolerance}))[place]
            assert (now.margin >= 0) == (more > 0)


def test_the_benefit_told_is_that_of_the_phase(cases, monkeypatch):
    judge, usual, _ = cases
    benefit = margins.benefit
    monkeypatch.setattr(margins, "benefit", lambda terms: 3 * benefit(terms) + SHIFT)
    for was, now in zip(usual, judge(), strict=True):
        assert now.benefit == pytest.approx(3 * was.benefit + SHIFT)


@pytest.mark.parametrize("name", CohesionTerms._fields)
def test_the_goal_of_cohesion_follows_each_of_its_terms(before, monkeypatch, name):
    world, params = before("allying", 4)
    assert set(uniting.WORDS) == set(CohesionTerms._fields)

    def move():
        seen = alliances.Memberships(0)
        watched("allying", world, params, seen.watch())
        moment = seen.kept[4]
        pace = float(world.clock.share(params.cohesion_pace))
        assert moment.after == pytest.approx(moment.cohesion + pace * (moment.goal - moment.cohesion))
        assert moment.goal == pytest.approx(np.clip(sum(moment.parts.values()), 0, 1))
        return moment

    was = move()
    terms = uniting.cohesion_terms
    for module in (module_of("allying"), alliances):
        monkeypatch.setattr(module, "cohesion_terms", lambda *given: altered(terms(*given), name))
    now = move()
    moved = {word for word in now.parts if now.parts[word] != was.parts[word]}
    assert moved == {uniting.WORDS[name]}


def test_the_limit_of_distress_follows_the_phase(before, monkeypatch):
    world, params = before("researching", 4)
    with world.gate.reading():
        name = world.names.firms[int(np.flatnonzero(world.firms.is_active)[0])]

    def limit():
        books = firms.Books(name)
        with world.gate.reading():
            books.watches("accounting")[0].before(world, params)
        return books.kept[4]["limit"]

    was = limit()
    for module in (renewing, firms):
        monkeypatch.setattr(module, "distress_limit", lambda receipts, _: -7.0 * receipts)
    assert limit() == pytest.approx(was * -7.0 / params.distress)


def test_the_use_of_plant_told_is_that_of_the_phase(monkeypatch):
    assert firms._use({"load": 3.0, "capacity": 4.0}) == merging.use_of_plant(3.0, 4.0) == 0.75
    assert firms._use({"load": 3.0, "capacity": 0.0}) == 0
    monkeypatch.setattr(firms, "use_of_plant", lambda load, capacity: 2 * load / capacity)
    assert firms._use({"load": 3.0, "capacity": 4.0}) == 1.5
