"""States compare what they have and ordered with what the budget can keep, and go to market."""

from deftrade.phases.tendering.params import TenderingParams
from deftrade.phases.tendering.phase import tendering

__all__ = ["TenderingParams", "tendering"]
