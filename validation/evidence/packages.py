"""Levers of government-to-government packages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from deftrade.core.tables import Categories, States
from validation.evidence.conditions import given
from validation.evidence.measures import Measure, orders
from validation.evidence.rows import Evidence, lever
from validation.evidence.running import row, states

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.results.run import Run

LENDER = "Westmark"
NO_PACKAGES = given(Categories.package_share, 0.0)
"""No category is sold in packages."""


def _packages(contracts: Any, mine: NDArray[Any]) -> float:
    """Return the value of packages ordered from the lender."""
    ours = mine & (contracts.supplier == row("states", LENDER)) & (contracts.package_share > 0)
    return float(contracts.price[ours].sum())


def _loans(run: Run) -> float:
    """Return what all states owe the lender at the end."""
    return float(run.world.dyads.loans[row("states", LENDER)].sum())


PACKAGES = orders(_packages, f"packages ordered from {LENDER}", "MUSD")
LOANS = Measure("budgeting", _loans, f"loans for packages owed to {LENDER} at the end", "MUSD")


def levers() -> Iterable[Evidence]:
    """Yield levers of packages."""
    lender = states(LENDER)
    yield lever(
        States.package_loan,
        (0, 0.8),
        PACKAGES,
        (1, 0.03),
        "a loan wins orders; where nothing is sold in packages nothing is lent",
        NO_PACKAGES,
        rows=lender,
        source="assumption: buyers take easier terms for a lower price",
    )
    yield lever(
        States.package_loan,
        (0, 0.3),
        LOANS,
        (1, 0.5),
        "part of each payment is lent, and repaid in years; without packages nothing is",
        NO_PACKAGES,
        rows=lender,
        source="by definition: loans are owed until they are repaid",
    )
