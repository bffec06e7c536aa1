"""End-use checks, diversions and what follows from them."""

from deftrade.phases.monitoring.params import MonitoringParams
from deftrade.phases.monitoring.phase import monitoring

__all__ = ["MonitoringParams", "monitoring"]
