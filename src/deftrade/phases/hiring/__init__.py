"""Firms hire towards their workload from a pool of skilled workers that training enlarges."""

from deftrade.phases.hiring.params import HiringParams
from deftrade.phases.hiring.phase import hiring

__all__ = ["HiringParams", "hiring"]
