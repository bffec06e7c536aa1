"""Jobs gross and net, value added, trade, dependence and risk are read off the step's records."""

from deftrade.phases.accounting.phase import AccountingParams, accounting

__all__ = ["AccountingParams", "accounting"]
