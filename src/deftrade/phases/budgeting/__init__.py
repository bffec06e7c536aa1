"""Income, threat, allies and pledges set the military burden; the burden sets the budget."""

from deftrade.phases.budgeting.params import BudgetingParams
from deftrade.phases.budgeting.phase import budgeting

__all__ = ["BudgetingParams", "budgeting"]
