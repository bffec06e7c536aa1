"""Plants deliver what capacity, parts and money allow; fleets grow, age and stay ready or not."""

from deftrade.phases.producing.params import ProducingParams
from deftrade.phases.producing.phase import producing

__all__ = ["ProducingParams", "producing"]
