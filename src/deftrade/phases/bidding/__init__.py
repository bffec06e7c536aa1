"""Exporters' release policy screens, then lines make offers."""

from deftrade.phases.bidding.params import BiddingParams
from deftrade.phases.bidding.phase import bidding

__all__ = ["BiddingParams", "bidding"]
