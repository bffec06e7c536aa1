"""Approved offers become contracts: schedule, overrun, offsets, local partner."""

from deftrade.phases.contracting.phase import ContractingParams, contracting

__all__ = ["ContractingParams", "contracting"]
