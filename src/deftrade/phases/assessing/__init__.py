"""States compare themselves with rivals and allies."""

from deftrade.phases.assessing.params import AssessingParams
from deftrade.phases.assessing.phase import assessing

__all__ = ["AssessingParams", "assessing"]
