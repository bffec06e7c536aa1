"""The path under which the documentation names `deftrade.core.elementary`."""

from deftrade.core.elementary import (
    arccos,
    cosine,
    exp,
    log,
    log1p,
    log2,
    logistic,
    normal_quantile,
    power,
    tanh,
)

__all__ = ["arccos", "cosine", "exp", "log", "log1p", "log2", "logistic", "normal_quantile", "power", "tanh"]
