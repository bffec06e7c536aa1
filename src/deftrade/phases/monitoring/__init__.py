"""End-use checks, diversions and what follows from them."""

from deftrade.phases.monitoring.phase import MonitoringParams, monitoring

__all__ = ["MonitoringParams", "monitoring"]
