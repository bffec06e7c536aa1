"""Income, threat, allies and pledges set the military burden; the burden sets the budget."""

from deftrade.phases.budgeting.phase import BudgetingParams, budgeting

__all__ = ["BudgetingParams", "budgeting"]
