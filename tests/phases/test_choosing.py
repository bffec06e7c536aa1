"""Ways and offers are chosen with exactly the probabilities of the nested logit."""

import numpy as np
import pytest

from deftrade.core.draws import Draws
from deftrade.phases.selecting.choosing import (
    BUY,
    MAKE,
    WAIT,
    Offers,
    choose,
    inclusive_values,
    won_if_released,
)

DRAWS = 200_000


def test_the_inclusive_value_is_the_scaled_log_sum():
    value = np.array([1.0, 2.0, 700.0, -np.inf])
    worth = inclusive_values(value, np.array([0, 0, 1, 2]), 4, 0.5)
    assert worth[0] == pytest.approx(0.5 * np.log(np.exp(2) + np.exp(4)))
    assert worth[1] == pytest.approx(700)
    assert np.all(worth[2:] == -np.inf)


def test_without_luck_a_nest_is_worth_its_best():
    assert inclusive_values(np.array([1.0, 2.0]), np.array([0, 0]), 1, 0.0) == pytest.approx([2.0])


def shares(home, foreign, wait, nest, noise=1.0):
    """Return how often home, each foreign offer and waiting win, over many keyed draws."""
    draws, many = Draws(5), 1 + len(foreign)
    key = np.arange(DRAWS, dtype=np.uint64)
    value = np.tile([home, *foreign], DRAWS)
    group, place = np.repeat(np.arange(DRAWS), many), np.tile(np.arange(many), DRAWS)
    alternative = np.where(place == 0, MAKE, BUY)
    score = value + noise * nest * draws.gumbel("test.taste", key[group], place)
    luck = noise * draws.gumbel("test.way", key[:, None], np.array([[MAKE, BUY]]))
    waiting = wait + noise * draws.gumbel("test.wait", key)
    choice = choose(Offers(group, alternative, value, score), DRAWS, noise * nest, luck, waiting)
    assert np.all((choice.offer < 0) == (choice.alternative == WAIT))
    won = np.where(choice.offer >= 0, choice.offer % many, many)
    return np.bincount(won, minlength=many + 1) / DRAWS


def nested(home, foreign, wait, nest, noise=1.0):
    """Return the same probabilities from their formula (McFadden 1978)."""
    inside = np.exp(np.array(foreign) / (noise * nest))
    outer = np.exp(np.array([home, noise * nest * np.log(inside.sum()), wait]) / noise)
    outer /= outer.sum()
    return np.array([outer[0], *(outer[1] * inside / inside.sum()), outer[2]])


@pytest.mark.parametrize(("nest", "noise"), [(1.0, 1.0), (0.7, 1.0), (0.3, 1.0), (0.6, 2.0), (0.05, 1.0)])
def test_frequencies_are_those_of_the_nested_logit(nest, noise):
    terms = (0.4, (0.1, 0.3, -0.2, 0.25), -0.5, nest, noise)
    assert shares(*terms) == pytest.approx(nested(*terms), abs=0.005)


def test_a_nest_of_one_is_the_flat_logit():
    values = np.array([0.4, 0.1, 0.3, -0.2, -0.5])
    flat = np.exp(values) / np.exp(values).sum()
    assert shares(0.4, (0.1, 0.3, -0.2), -0.5, 1.0) == pytest.approx(flat, abs=0.005)


def test_a_twin_exporter_takes_more_from_exporters_than_from_home():
    alone, crowded = nested(0, (0, 0), -9, 0.3), shares(0, (0, 0, 0), -9, 0.3)
    assert crowded[0] / alone[0] > crowded[1] / alone[1]


def decided(value, alternative, waiting, size=1, group=None):
    """Return the choice without luck."""
    values = np.array(value, dtype=float)
    groups = np.zeros(len(values), dtype=int) if group is None else np.array(group)
    offers = Offers(groups, np.array(alternative), values, values)
    return choose(offers, size, 0.0, np.zeros((size, 2)), np.full(size, waiting))


@pytest.mark.parametrize(
    ("value", "alternative", "waiting", "offer", "runner_up", "margin"),
    [
        ((3.0, 2.5, 1.0), (BUY, BUY, MAKE), -9.0, 0, 1, 0.5),  # closest within the way
        ((3.0, 1.0, 2.75), (BUY, BUY, MAKE), -9.0, 0, 2, 0.25),  # closest between ways
        ((3.0, 1.0, 2.0), (BUY, BUY, MAKE), 2.9, 0, -1, 0.1),  # waiting was closest
        ((3.0, 1.0, 3.5), (BUY, BUY, MAKE), -9.0, 2, 0, 0.5),
        ((3.0,), (BUY,), 1.0, 0, -1, 2.0),
    ],
)
def test_the_margin_is_taken_where_the_choice_was_closest(
    value, alternative, waiting, offer, runner_up, margin
):
    choice = decided(value, alternative, waiting)
    assert choice.offer.tolist() == [offer]
    assert choice.runner_up.tolist() == [runner_up]
    assert choice.margin == pytest.approx([margin])


def test_groups_without_offers_wait():
    choice = decided((1.0, -np.inf), (MAKE, BUY), 0.0, size=3, group=(0, 2))
    assert choice.alternative.tolist() == [MAKE, WAIT, WAIT]
    assert choice.offer.tolist() == [0, -1, -1]
    assert choice.margin[0] == pytest.approx(1.0)


def test_what_would_win_if_released_is_what_a_choice_among_all_takes_of_the_rest():
    draws, many, size = Draws(6), 5, 400
    group = np.repeat(np.arange(size), many)
    key, place = group.astype(np.uint64), np.tile(np.arange(many), size)
    value = draws.uniform("test.value", key, place)
    offers = Offers(group, place % 2, value, value + 0.3 * draws.gumbel("test.taste", key, place))
    released = draws.uniform("test.released", key, place) < 0.7
    luck = draws.gumbel("test.way", np.arange(size)[:, None], np.array([[MAKE, BUY]]))
    waiting = draws.gumbel("test.wait", np.arange(size))
    offer = choose(offers, size, 0.3, luck, waiting).offer
    expected = offer[(offer >= 0) & ~released[offer]]
    assert 0 < len(expected) < size
    np.testing.assert_array_equal(won_if_released(offers, released, 0.3, luck, waiting), expected)
