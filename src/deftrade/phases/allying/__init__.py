"""Alignment moves with trade and refusals; alliances gain, lose and bind members."""

from deftrade.phases.allying.params import AllyingParams
from deftrade.phases.allying.phase import allying

__all__ = ["AllyingParams", "allying"]
