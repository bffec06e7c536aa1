"""Approved offers become contracts: schedule, overrun, offsets, local partner."""

from deftrade.phases.contracting.params import ContractingParams
from deftrade.phases.contracting.phase import contracting

__all__ = ["ContractingParams", "contracting"]
