"""Jobs gross and net, value added, trade, dependence and risk are read off the step's records."""

from deftrade.phases.accounting.params import AccountingParams
from deftrade.phases.accounting.phase import accounting

__all__ = ["AccountingParams", "accounting"]
