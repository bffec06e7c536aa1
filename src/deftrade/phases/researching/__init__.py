"""Research, learning by several channels, rungs, product quality, and the renewal of firms."""

from deftrade.phases.researching.phase import ResearchingParams, researching

__all__ = ["ResearchingParams", "researching"]
