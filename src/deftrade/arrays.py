"""The path under which the documentation names `deftrade.core.arrays`."""

from deftrade.core.arrays import (
    best_of,
    by_key,
    cells,
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
    "best_of",
    "by_key",
    "cells",
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
