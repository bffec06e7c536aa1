"""The path under which the documentation names `deftrade.core.arrays`."""

from deftrade.core.arrays import (
    at_pairs,
    best_of,
    by_key,
    grouped,
    is_among,
    pick,
    product,
    ratio,
    saturate,
    spread_evenly,
    total,
    total2,
)

__all__ = [
    "at_pairs",
    "best_of",
    "by_key",
    "grouped",
    "is_among",
    "pick",
    "product",
    "ratio",
    "saturate",
    "spread_evenly",
    "total",
    "total2",
]
