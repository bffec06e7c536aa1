"""Research, learning by several channels, rungs, product quality, and the renewal of firms."""

from deftrade.phases.researching.params import ResearchingParams
from deftrade.phases.researching.phase import researching

__all__ = ["ResearchingParams", "researching"]
