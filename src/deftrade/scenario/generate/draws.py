"""Names and distributions for generated worlds."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core import elementary
from deftrade.core.draws import Draws, identify

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.table import Column


_STARTS = "Ar Bal Cor Dor El Fen Gal Har Il Jor Kal Lor Mar Nor Or Pel Quel Ral Sor Tal Ul Val Wel Yar Zel"
_MIDDLES = "a ba da e ga i ka la ma na o ra sa ta u va"
_STATE_ENDS = "dia lia mar ndor nia ria ros than ther via"
_FIRM_ENDS = "ckt dyn ffel ksen lt mex nix rax sk tec von x"
_FIRM_TRADES = "Aeronautics Arms Defence Dynamics Electronics Industries Ordnance Shipyards Systems Works"
_ALLIANCE_ENDS = "bor burg den gate mere port"


def state_names(count: int, draws: Draws) -> list[str]:
    """Return unique invented names of states."""
    return _draw(_words(_STATE_ENDS), count, draws, "generating.state")


def firm_names(count: int, draws: Draws) -> list[str]:
    """Return unique invented names of firms."""
    roots = _words(_FIRM_ENDS)
    names = [f"{root} {trade}" for root in roots for trade in _FIRM_TRADES.split()]
    return _draw(names, count, draws, "generating.firm")


def alliance_words(count: int, draws: Draws) -> list[str]:
    """Return unique invented words to name alliances by."""
    return _draw(_words(_ALLIANCE_ENDS), count, draws, "generating.pact")


def _words(ends: str) -> list[str]:
    """Return all words of three syllables, without repetition."""
    words = ("".join(parts) for parts in product(_STARTS.split(), _MIDDLES.split(), ends.split()))
    return list(dict.fromkeys(words))


def _draw(names: list[str], count: int, draws: Draws, purpose: str) -> list[str]:
    """Return ``count`` of the names in an order of luck."""
    order = np.argsort(draws.words(purpose, np.arange(len(names))), kind="stable")
    return [names[place] for place in order[:count]]


def normal_quantiles(count: int, ceiling: float = 1.0) -> Float:
    """Return evenly spaced quantiles of the standard normal up to a ceiling, ascending."""
    return np.asarray(elementary.normal_quantile(ceiling * (np.arange(count) + 0.5) / count))


def ranks(score: Float) -> Int:
    """Return the place of every element in ascending order, shape as given."""
    place = np.empty(len(score), dtype=np.int64)
    place[np.argsort(score, kind="stable")] = np.arange(len(score))
    return place


def even(score: Float) -> Float:
    """Return the score's quantile, evenly spread inside (0, 1)."""
    return (ranks(score) + 0.5) / len(score)


def standard(score: Float) -> Float:
    """Return the score mapped to standard normal quantiles by rank."""
    return normal_quantiles(len(score))[ranks(score)]


def share_of(count: int, share: float, least: int = 0) -> int:
    """Return a share of a count as a whole number, at least ``least``, at most the count."""
    return int(min(count, max(least, round(count * share))))


def purpose_id(name: str) -> np.uint64:
    """Return an id that keeps draws of one purpose apart by a name."""
    return np.uint64(identify("generating", name))


def default(column: Column[Any]) -> float:
    """Return the declared default of a column that a scenario may set; 0 if it has none."""
    bounds = column.bounds
    return 0.0 if bounds is None or bounds.default is None else bounds.default
