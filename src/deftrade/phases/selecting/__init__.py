"""Buyers choose: first make, buy or wait, then the exporter, whose line bid already."""

from deftrade.phases.selecting.params import SelectingParams
from deftrade.phases.selecting.phase import selecting

__all__ = ["SelectingParams", "selecting"]
