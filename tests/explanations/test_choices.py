"""Offers: their parts sum to the recorded score, and what is said to flip a choice flips it."""

import numpy as np
import pytest

from deftrade import simulation
from deftrade.core.tables import Bids
from deftrade.core.tables.codes import DecisionKind
from deftrade.explanations.one_thing.flips import flips
from deftrade.explanations.one_thing.scoring import Selections
from deftrade.explanations.replay.replay import Watch, begin, replay
from deftrade.explanations.replay.sources import open_source

BARELY = 1e-6


def awards(source):
    """Return the step and tender of all awards since the opening, with what was logged."""
    log = source.results.world.decisions
    rows = np.flatnonzero((log.kind == DecisionKind.AWARD) & (log.step >= 0))
    return {
        (int(log.step[row]), int(log.row[row])): (
            int(log.chosen[row]),
            int(log.runner_up[row]),
            log.margin[row],
        )
        for row in rows
    }


@pytest.fixture(scope="module")
def seen(flagship):
    source = open_source(flagship("crescent_cooperation", 2, 5))
    wanted = awards(source)
    selections = Selections(wanted)
    replay(source, [selections.watch()])
    return source, wanted, selections


def test_the_parts_of_every_offer_sum_to_the_recorded_score(seen):
    _, wanted, selections = seen
    assert set(selections.kept) == set(wanted)
    for key, scored in selections.kept.items():
        np.testing.assert_allclose(sum(scored.parts.values()), selections.recorded[key], rtol=0, atol=1e-9)
        np.testing.assert_allclose(scored.score, selections.recorded[key], rtol=0, atol=1e-12)


def test_choosing_again_gives_what_was_logged(seen):
    _, wanted, selections = seen
    for key, (chosen, runner_up, margin) in wanted.items():
        scored = selections.kept[key]
        choice = scored.choice()
        exporter = scored.columns["exporter"]
        assert exporter[choice.offer[0]] == chosen
        assert choice.margin[0] == pytest.approx(margin, abs=1e-9)
        second = choice.runner_up[0]
        assert (exporter[second] if second >= 0 else -1) == runner_up


def test_several_kinds_of_terms_make_a_difference(seen):
    _, _, selections = seen
    moving = {
        term for scored in selections.kept.values() for term, part in scored.parts.items() if np.ptp(part) > 0
    }
    assert len(moving) > 10


def chosen_with(source, key, offer, factor):
    """Return the exporter and line that win if one offer's price is changed just before the choice."""
    step, tender = key

    def reprice(world, _params):
        world.gate.arrays[Bids.price][offer] *= factor

    run = begin(source, [Watch("selecting", before=reprice, steps=frozenset({step}))])
    while run.world.clock.step <= step:
        simulation.step(run)
    tenders, log = run.world.tenders, run.world.decisions
    mine = (log.kind == DecisionKind.AWARD) & (log.step == step) & (log.row == tender)
    assert mine.sum() == 1
    return int(log.chosen[mine][0]), int(tenders.mode[tender])


def test_a_price_said_to_flip_a_choice_flips_it(seen):
    source, _, selections = seen
    tried = 0
    for key, scored in selections.kept.items():
        alone = source.results.world.tenders.pool[key[1]] < 0
        near = next((flip for flip in flips(scored) if flip.is_released and 0 < flip.needed < 1), None)
        if near is None or not alone or key[0] > 2:
            continue
        columns = scored.columns
        wanted = columns["exporter"][near.offer], columns["mode"][near.offer]
        bid = scored.bid[near.offer]
        assert chosen_with(source, key, bid, near.price * (1 - BARELY)) == wanted
        assert chosen_with(source, key, bid, near.price * (1 + BARELY)) != wanted
        tried += 1
        if tried == 3:
            break
    assert tried


def test_release_is_said_to_flip_a_choice_where_it_would(seen):
    _, _, selections = seen
    for scored in selections.kept.values():
        for flip in flips(scored):
            cleared = scored.columns["is_released"].copy()
            cleared[flip.offer] = True
            better = np.zeros(len(scored.bid))
            better[flip.offer] = flip.needed * (1 + 1e-9)
            assert scored.choice(better, cleared).offer[0] == flip.offer
            if flip.needed:
                better[flip.offer] = flip.needed * (1 - 1e-9) - 1e-9
                assert scored.choice(better, cleared).offer[0] != flip.offer
