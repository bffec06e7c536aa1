"""Array tools give what plain NumPy gives, bit for bit where they are short cuts."""

import numpy as np
import pytest

from deftrade.core.arrays import at_pairs, by_key, grouped, is_among, pick, ratio, total


def test_cells_are_what_two_indices_pick():
    matrix = np.arange(12.0).reshape(3, 4)
    row, column = np.array([0, 2, -1, 1]), np.array([3, 0, 2, 1])
    np.testing.assert_array_equal(at_pairs(matrix, row, column), matrix[row, column])


def test_cells_refuse_rows_that_are_not_there():
    with pytest.raises(IndexError):
        at_pairs(np.zeros((3, 4)), np.array([3]), np.array([0]))


def test_order_by_key_is_that_of_lexsort():
    rng = np.random.default_rng(1)
    key, uid = rng.integers(0, 5, 200), rng.permutation(2**63 + np.arange(200, dtype=np.uint64))
    np.testing.assert_array_equal(by_key(key, uid), np.lexsort((uid, key)))
    far = rng.integers(0, 2**64, 200, dtype=np.uint64)
    np.testing.assert_array_equal(by_key(key, far), np.lexsort((far, key)))
    np.testing.assert_array_equal(by_key(0 * key, uid), uid.argsort())


@pytest.mark.parametrize("few", [[], [7], [9, 3, 40, 3]])
def test_keys_are_found_among_few(few):
    keys, few = np.array([3, 50, 7, 0, 40, 3]), np.array(few, dtype=np.int64)
    np.testing.assert_array_equal(is_among(keys, few), np.isin(keys, few))


@pytest.mark.parametrize("rows", [[0, -1, 2], [-1, -1], []])
def test_picking_fills_where_there_is_no_row(rows):
    rows = np.array(rows, dtype=np.int64)
    for values, otherwise in ((np.array([1.5, 2.5, 3.5]), np.inf), (np.array([5, 6, 7]), -1)):
        expected = [values[row] if row >= 0 else otherwise for row in rows]
        assert pick(values, rows, otherwise).tolist() == expected
        assert pick(values[:0], np.full(2, -1), otherwise).tolist() == [otherwise] * 2


@pytest.mark.parametrize("zeros", [False, True])
def test_ratio_divides_and_fills(zeros):
    bottom = np.array([[2.0, 0.0 if zeros else 1.0, -4.0]])
    top = np.array([[1.0, 5.0, 0.0], [3.0, 0.0, 2.0]])
    expected = [[0.5, 7.0 if zeros else 5.0, -0.0], [1.5, 7.0 if zeros else 0.0, -0.5]]
    np.testing.assert_array_equal(ratio(top, bottom, otherwise=7.0), expected)


def test_ratio_of_scalars_is_an_array():
    assert ratio(1.0, 0.0).shape == ratio(1.0, 2.0).shape == ()


def test_total_of_nothing_is_zeros_of_floats():
    sums = total(np.zeros(0, dtype=np.int64), np.zeros(0), 3)
    assert sums.dtype == np.float64
    assert not sums.any()


@pytest.mark.parametrize("scale", [1, 2**55])
def test_grouped_is_unique_with_rows_in_order(scale):
    key = np.random.default_rng(2).integers(0, 9, 100) * scale
    keys, group, row = grouped(key)
    expected, inverse = np.unique(key, return_inverse=True)
    np.testing.assert_array_equal(keys, expected)
    np.testing.assert_array_equal(row, key.argsort(kind="stable"))
    np.testing.assert_array_equal(group, inverse[row])


def test_grouped_of_nothing_is_nothing():
    assert all(len(part) == 0 for part in grouped(np.zeros(0, dtype=np.int64)))
