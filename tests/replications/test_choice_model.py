"""The conditional logit finds the weights that made the choices."""

import numpy as np
import pytest

from validation.replications.choice_model import Choices, estimate, probabilities

TRUE = np.array([0.8, -0.5])


def drawn(choices=4000, alternatives=5):
    luck = np.random.default_rng(3)
    features = luck.normal(size=(choices * alternatives, 2))
    start = np.arange(choices) * alternatives
    value = (features @ TRUE + luck.gumbel(size=len(features))).reshape(choices, alternatives)
    return Choices(start, start + value.argmax(axis=1), features, np.ones(choices))


def test_two_alternatives_are_a_binary_logit():
    # Three of four choose the alternative with the feature: its weight is ln 3.
    features = np.tile([[1.0], [0.0]], (4, 1))
    fitted = estimate(Choices(np.arange(0, 8, 2), np.array([0, 2, 4, 7]), features, np.ones(4)))
    assert fitted.coefficients == pytest.approx([np.log(3)])
    assert fitted.hit == pytest.approx(0.75)
    entropy = 0.75 * np.log(0.75) + 0.25 * np.log(0.25)
    assert fitted.fit == pytest.approx(1 - entropy / np.log(0.5))


def test_the_weights_behind_the_choices_are_found():
    fitted = estimate(drawn())
    assert fitted.coefficients == pytest.approx(TRUE, abs=0.08)
    assert (fitted.errors < 0.04).all()


def test_counting_a_choice_twice_is_weighting_it_by_two():
    choices = drawn(300)
    twice = estimate(choices._replace(weight=np.where(np.arange(300) < 100, 2.0, 1.0)))
    rows = np.concatenate((np.arange(300), np.arange(100)))
    features = np.concatenate([choices.features[5 * row : 5 * row + 5] for row in rows])
    start = np.arange(400) * 5
    chosen = start + (choices.chosen - choices.start)[rows]
    copied = estimate(Choices(start, chosen, features, np.ones(400)))
    assert twice.coefficients == pytest.approx(copied.coefficients)


def test_chances_of_a_choice_add_to_one():
    choices = drawn(10)
    chance = probabilities(choices, TRUE)
    assert np.add.reduceat(chance, choices.start) == pytest.approx(np.ones(10))


def test_a_feature_that_never_differs_is_refused():
    choices = drawn(50)
    flat = np.column_stack((choices.features, np.ones(len(choices.features))))
    with pytest.raises(ValueError, match="never differs"):
        estimate(choices._replace(features=flat))


def test_choices_that_a_feature_separates_are_refused():
    features = np.tile([[1.0], [0.0]], (4, 1))
    with pytest.raises(ValueError, match="likelihood"):
        estimate(Choices(np.arange(0, 8, 2), np.arange(0, 8, 2), features, np.ones(4)))
