"""Firms hire towards their workload from a pool of skilled workers that training enlarges."""

from deftrade.phases.hiring.phase import HiringParams, hiring

__all__ = ["HiringParams", "hiring"]
