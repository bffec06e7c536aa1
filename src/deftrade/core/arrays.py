"""Small array tools that many phases share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Float = NDArray[np.float64]
Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
Ids = NDArray[np.uint64]
"""Arrays by what they hold; ids are stable 64-bit numbers of entities."""

NOISE = 1e-12
"""Share of a value by which sums in another order may differ: what is less is no difference.

assumption: some thousand roundings of a double's 1e-16.
"""


def total(rows: NDArray[np.int64], values: ArrayLike, size: int) -> NDArray[np.float64]:
    """Return sums of values by row number, shape ``(size,)``."""
    weights = np.asarray(values, dtype=np.float64)
    if weights.shape != rows.shape:
        weights = np.full(rows.shape, weights)
    # Nothing to add up comes back as whole numbers.
    return np.bincount(rows, weights, size).astype(np.float64, copy=False)


def total2(
    first: NDArray[np.int64], second: NDArray[np.int64], values: ArrayLike, shape: tuple[int, int]
) -> NDArray[np.float64]:
    """Return sums of values by a pair of row numbers, shape ``shape``."""
    return total(first * shape[1] + second, values, shape[0] * shape[1]).reshape(shape)


def ratio(top: ArrayLike, bottom: ArrayLike, otherwise: float = 0.0) -> NDArray[np.float64]:
    """Return ``top / bottom``, and ``otherwise`` where the bottom is zero."""
    above, below = np.asarray(top, dtype=np.float64), np.asarray(bottom, dtype=np.float64)
    zero = below == 0
    if not zero.any():
        return np.asarray(above / below)
    # A masked division costs several plain ones: divide by one and write over what that leaves.
    result = np.asarray(above / (below + zero))
    np.copyto(result, otherwise, where=zero)
    return result


def product(left: NDArray[Any], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the product of a matrix with a vector or a matrix.

    Unlike BLAS's, its sums run in one order, and with no fused operations, on every processor.
    """
    if right.ndim == 1:
        return np.asarray((left * right).sum(axis=1))
    result = np.empty((len(left), right.shape[1]))
    for row, weight in zip(result, left, strict=True):
        there = weight.nonzero()[0]
        (weight[there, None] * right[there]).sum(axis=0, out=row)
    return result


def at_pairs(matrix: NDArray[Any], row: NDArray[np.int64], column: NDArray[np.int64]) -> NDArray[Any]:
    """Return ``matrix[row, column]`` of a square or wide matrix; columns are not negative.

    One flat index costs a third of NumPy's two.
    """
    return matrix.reshape(-1).take(row * matrix.shape[1] + column)


def by_key(key: NDArray[np.int64], uid: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Return the order by key and, within a key, by id; ids are unique.

    As `np.lexsort` but faster: one sort of numbers that begin with the key and go on with the id.
    """
    bits = np.uint64(int(key.max(initial=0)).bit_length())
    packed = (key.astype(np.uint64) << (np.uint64(64) - bits)) | (uid >> bits) if bits else uid
    order = packed.argsort()
    ordered = packed[order]
    if (ordered[1:] != ordered[:-1]).all():
        return order
    # Ids of one key begin alike, as good as never.
    order = uid.argsort()
    return order[key[order].argsort(kind="stable")]


def saturate(amount: NDArray[np.float64], half: float) -> NDArray[np.float64]:
    """Return ``amount / (amount + half)``: 0 for nothing, one half at ``half``, towards 1."""
    return ratio(amount, amount + half)


def spread_evenly(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for ragged groups the group of each element and its place in the group.

    Parameters
    ----------
    counts : (n,) int
        Sizes of the groups.

    Returns
    -------
    group, place : (sum(counts),) int
    """
    group = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(group)) - np.repeat(np.cumsum(counts) - counts, counts)
    return group, place


def grouped(
    key: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct keys in order, and rows in order of key with the group of each.

    Rows of one key keep their order. As `np.unique` with its inverse, but faster.

    Parameters
    ----------
    key : (n,) int
        Not negative.

    Returns
    -------
    keys : (groups,) int
    group, row : (n,) int
    """
    bits = len(key).bit_length()
    if int(key.max(initial=0)).bit_length() + bits < 63:
        # Key and row in one number: plain sorting is several times faster than sorting rows by key.
        packed = (key << bits) | np.arange(len(key))
        packed.sort()
        row, ordered = packed & ((1 << bits) - 1), packed >> bits
    else:
        row = key.argsort(kind="stable")
        ordered = key[row]
    is_first = np.ones(len(key), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first], is_first.cumsum() - 1, row


def best_of(group: NDArray[np.int64], score: NDArray[np.float64], size: int) -> NDArray[np.int64]:
    """Return for each group the place of its highest score, -1 for empty groups.

    Parameters
    ----------
    group : (n,) int
        Group of each element, below ``size``.
    score : (n,) float
        Minus infinity never wins. Of equal scores the first wins.

    Returns
    -------
    (size,) int
    """
    highest = np.full(size, -np.inf)
    np.maximum.at(highest, group, score)
    winner = np.flatnonzero((score == highest[group]) & (score > -np.inf))[::-1]
    result = np.full(size, -1)
    result[group[winner]] = winner
    return result


def pick(values: NDArray[Any], rows: NDArray[np.int64], otherwise: Any) -> NDArray[Any]:
    """Return values by row number, and ``otherwise`` where the row is -1; the table may be empty."""
    if not len(values):
        return np.full(rows.shape, otherwise, dtype=values.dtype)
    result = values[rows]
    np.copyto(result, otherwise, where=rows < 0)
    return result


def is_among(keys: NDArray[Any], few: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which keys are among a few others, ``(n,)``; as `np.isin` but faster."""
    if not len(few):
        return np.zeros(keys.shape, dtype=bool)
    ordered = np.sort(few)
    place = ordered.searchsorted(keys)
    return np.asarray(ordered.take(place, mode="clip") == keys)
