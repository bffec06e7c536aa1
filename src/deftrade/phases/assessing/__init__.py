"""States compare themselves with rivals and allies."""

from deftrade.phases.assessing.phase import AssessingParams, assessing

__all__ = ["AssessingParams", "assessing"]
