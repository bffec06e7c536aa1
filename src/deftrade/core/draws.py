"""Draws keyed by meaning: each is a function of the seed, a purpose and stable ids.

Why counter-based: a draw belongs to the decision it decides (one tender, one contract), not to its
place in an array or to the moment it happens. Two policy worlds that share a tender share its luck,
and a world with permuted rows draws the same numbers.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core import elementary

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

# Arrays without axes: NumPy takes them faster than its scalars.
_GOLDEN = np.array(0x9E3779B97F4A7C15, dtype=np.uint64)
_MIX_A = np.array(0xBF58476D1CE4E5B9, dtype=np.uint64)
_MIX_B = np.array(0x94D049BB133111EB, dtype=np.uint64)
_SHIFTS = tuple(np.array(bits, dtype=np.uint64) for bits in (30, 27, 31))
_TOP = np.array(11, dtype=np.uint64)
_UNIT = 2.0**-53


@lru_cache(maxsize=4096)
def identify(*parts: str | int) -> int:
    """Return the stable 64-bit id of a meaning, such as ``("state", "Noor")``."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def identities(sort: str, names: list[str]) -> NDArray[np.uint64]:
    """Return the ids of many names of one sort, shape ``(len(names),)``."""
    return np.array([identify(sort, name) for name in names], dtype=np.uint64)


def mix(*parts: ArrayLike) -> NDArray[np.uint64]:
    """Combine ids into one 64-bit id, element by element (SplitMix64 finaliser; Steele et al. 2014).

    The parts broadcast; their order matters, so ``mix(buyer, seller)`` differs from its mirror.
    """
    with np.errstate(over="ignore"):
        state = _finalise(_words(parts[0]) + _GOLDEN)
    return extend(state, *parts[1:])


def extend(state: NDArray[np.uint64], *parts: ArrayLike) -> NDArray[np.uint64]:
    """Combine further ids into one: ``extend(mix(a), b)`` is ``mix(a, b)``.

    What many rows share need be mixed only once.
    """
    with np.errstate(over="ignore"):
        for part in parts:
            state = state ^ _words(part)
            state *= _GOLDEN
            state += _GOLDEN
            state = _finalise(state)
    return state


def _words(part: ArrayLike) -> NDArray[np.uint64]:
    """Return ids as 64-bit words."""
    return np.asarray(part).astype(np.uint64, copy=False)


def _finalise(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64-bit words so that neighbours look independent; the words may be written over."""
    state ^= state >> _SHIFTS[0]
    state *= _MIX_A
    state ^= state >> _SHIFTS[1]
    state *= _MIX_B
    state ^= state >> _SHIFTS[2]
    return state


@lru_cache(maxsize=256)
def _purpose(seed: int, purpose: str) -> NDArray[np.uint64]:
    """Return the word from which all draws of a purpose are made in a run."""
    return mix(np.uint64(identify("seed", seed, purpose)))


def _unit(words: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return words as numbers strictly inside (0, 1)."""
    draws: NDArray[np.float64] = (words >> _TOP).astype(np.float64)
    draws += 0.5
    draws *= _UNIT
    return draws


def replicate_seed(root: int, index: int) -> int:
    """Return the seed of replicate ``index`` of a batch rooted at ``root``."""
    return identify("replicate", root, index) >> 1


def opening_seed(root: int, index: int) -> int:
    """Return the seed of opening ``index`` of a batch rooted at ``root``; it serves settling alone."""
    return identify("opening", root, index) >> 1


class Draws:
    """The draws of one run, addressed by purpose and ids.

    Parameters
    ----------
    seed : int
        The run's seed.

    Notes
    -----
    ``purpose`` begins with the name of the phase that draws. Ids are ``(n,)`` or broadcastable
    arrays of stable 64-bit ids. Draws that belong to a date include the date's own id; all other
    draws must not, so that a decision keeps its luck when it happens a quarter later.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def words(self, purpose: str, *ids: ArrayLike) -> NDArray[np.uint64]:
        """Return raw 64-bit words for sorting and for further mixing."""
        return extend(_purpose(self.seed, purpose), *ids)

    def uniform(
        self, purpose: str, *ids: ArrayLike, group: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """Return draws strictly inside (0, 1).

        Parameters
        ----------
        group : (n,) int, optional
            Element of the first ids that each draw takes, where many share it; the further ids are
            those of the draws.
        """
        if group is None:
            return _unit(self.words(purpose, *ids))
        return _unit(extend(self.words(purpose, ids[0])[group], *ids[1:]))

    def normal(self, purpose: str, *ids: ArrayLike) -> NDArray[np.float64]:
        """Return standard normal draws (Box and Muller 1958)."""
        starts = np.array([_purpose(self.seed, f"{purpose}/{part}") for part in ("radius", "angle")])
        # Both draws at once: their axis stands before those of the ids.
        starts = starts.reshape(2, *(1,) * max((np.ndim(part) for part in ids), default=0))
        radius, angle = _unit(extend(starts, *ids))
        draws: NDArray[np.float64] = np.sqrt(-2.0 * elementary.log(radius)) * elementary.cosine(angle)
        return draws

    def gumbel(
        self, purpose: str, *ids: ArrayLike, group: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """Return standard Gumbel draws, the taste shocks of a logit choice; `group` as in `uniform`."""
        draws: NDArray[np.float64] = -elementary.log(
            -elementary.log(self.uniform(purpose, *ids, group=group))
        )
        return draws

    def exponential(self, purpose: str, *ids: ArrayLike) -> NDArray[np.float64]:
        """Return unit-mean exponential draws."""
        draws: NDArray[np.float64] = -elementary.log(self.uniform(purpose, *ids))
        return draws
