"""Draws are functions of seed, purpose and ids: uniform, independent, the same in any order."""

import numpy as np
import pytest

from deftrade.core.draws import Draws, extend, identify, identities, mix, replicate_seed

MANY = 200_000
DISTRIBUTIONS = ("uniform", "normal", "gumbel", "exponential")


@pytest.fixture
def draws():
    return Draws(7)


def correlation(first, second):
    return abs(np.corrcoef(first, second)[0, 1])


def test_ids_are_stable_between_versions():
    assert identify("state", "Noor") == 13017881234484187802
    assert identities("state", ["Noor"])[0] == np.uint64(13017881234484187802)
    assert mix(1, 2) == np.uint64(15464554662374473518)


def test_ids_tell_sort_and_name_apart():
    assert identify("state", "Noor") != identify("firm", "Noor")
    assert identify("a", "bc") != identify("ab", "c")


def test_mixing_is_not_symmetric_and_broadcasts():
    ids = np.arange(5, dtype=np.uint64)
    matrix = mix(ids[:, None], ids[None, :])
    assert matrix.shape == (5, 5)
    assert len(np.unique(matrix)) == 25
    assert matrix[1, 2] == mix(1, 2) != mix(2, 1)


def test_ids_may_be_mixed_in_stages(draws):
    first, second, group = mix(np.arange(3)), mix(np.arange(6) + 9), np.array([0, 0, 1, 2, 2, 2])
    np.testing.assert_array_equal(extend(mix(first)[group], second), mix(first[group], second))
    staged = draws.uniform("test", first, second, group=group)
    np.testing.assert_array_equal(staged, draws.uniform("test", first[group], second))


def test_mixing_has_no_collisions_among_neighbours():
    words = mix(np.arange(MANY, dtype=np.uint64), 3)
    assert len(np.unique(words)) == MANY


def test_each_bit_of_a_word_is_a_fair_coin(draws):
    words = draws.words("test", np.arange(MANY))
    for bit in range(64):
        share = ((words >> np.uint64(bit)) & np.uint64(1)).mean()
        assert share == pytest.approx(0.5, abs=0.006)


def test_uniform_draws_fill_the_open_interval_evenly(draws):
    drawn = draws.uniform("test", np.arange(MANY))
    assert 0 < drawn.min() < 1e-4
    assert 1 - 1e-4 < drawn.max() < 1
    counts = np.histogram(drawn, bins=20, range=(0, 1))[0]
    expected = MANY / 20
    assert ((counts - expected) ** 2 / expected).sum() < 43.8  # chi-squared, 19 df, p = 0.001


def test_normal_draws_have_normal_moments(draws):
    drawn = draws.normal("test", np.arange(MANY))
    assert drawn.mean() == pytest.approx(0, abs=0.01)
    assert drawn.std() == pytest.approx(1, abs=0.01)
    assert (drawn**3).mean() == pytest.approx(0, abs=0.03)
    assert (drawn**4).mean() == pytest.approx(3, abs=0.08)


def test_gumbel_and_exponential_draws_have_their_means(draws):
    ids = np.arange(MANY)
    assert draws.gumbel("test", ids).mean() == pytest.approx(np.euler_gamma, abs=0.01)
    assert draws.gumbel("test", ids).var() == pytest.approx(np.pi**2 / 6, abs=0.03)
    assert draws.exponential("test", ids).mean() == pytest.approx(1, abs=0.01)
    assert draws.exponential("test", ids).min() > 0


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_purposes_seeds_and_ids_are_independent(name, draws):
    ids = np.arange(MANY)
    base = getattr(draws, name)("test.one", ids)
    others = {
        "purpose": getattr(draws, name)("test.two", ids),
        "seed": getattr(Draws(8), name)("test.one", ids),
        "next id": getattr(draws, name)("test.one", ids + 1),
        "second id": getattr(draws, name)("test.one", ids, 1),
        "other second id": getattr(draws, name)("test.one", ids, 2),
        "swapped ids": getattr(draws, name)("test.one", 1, ids),
    }
    for what, drawn in others.items():
        assert not np.array_equal(base, drawn), what
        assert correlation(base, drawn) < 0.01, what


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_draws_do_not_depend_on_order_company_or_earlier_draws(name, draws):
    ids = mix(np.arange(1000), 5)
    drawn = getattr(draws, name)("test", ids)
    shuffled = np.random.default_rng(1).permutation(1000)
    assert np.array_equal(getattr(draws, name)("test", ids[shuffled]), drawn[shuffled])
    assert np.array_equal(getattr(draws, name)("test", ids[10:20]), drawn[10:20])
    draws.normal("other", ids)
    assert np.array_equal(getattr(Draws(7), name)("test", ids), drawn)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_one_id_draws_the_same_as_in_an_array(name, draws):
    ids = mix(np.arange(50), 5)
    drawn = getattr(draws, name)("test", ids, 3)
    single = [float(getattr(draws, name)("test", one, 3)) for one in ids]
    assert np.array_equal(drawn, single)


def test_integer_dtypes_do_not_matter(draws):
    rows = np.arange(9)
    assert np.array_equal(draws.words("test", rows), draws.words("test", rows.astype(np.uint64)))
    assert np.array_equal(draws.words("test", True), draws.words("test", 1))


def test_replicates_have_their_own_reproducible_seeds():
    seeds = [replicate_seed(1, index) for index in range(1000)]
    assert len(set(seeds)) == 1000
    assert seeds[3] == replicate_seed(1, 3) != replicate_seed(2, 3)
    assert all(0 <= seed < 2**63 for seed in seeds)
