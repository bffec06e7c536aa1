"""The transaction-flow matrix that the documentation shows, made anew from a run of the flagship."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from deftrade.scenario.load import load
from deftrade.simulation import simulate

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

FLAGSHIP = "crescent_cooperation"
YEARS, YEAR, STATE = 8, 2031, "Noor"
"""Length of the run, and the year and the state that are shown."""

BLOCK = re.compile(r"(<!-- flow matrix -->\n).*?(<!-- end -->\n)", re.DOTALL)
"""The generated part of the page."""


def renew(page: str, scenarios: Path) -> str:
    """Return a page with its matrix, and what is said about it, made anew."""
    results = simulate(load(scenarios / f"{FLAGSHIP}.yaml", years=YEARS))
    matrix = results.flow_matrix(YEAR, STATE).round()
    block = f"\n{table(matrix)}\n{words(matrix)}\n"
    return BLOCK.sub(lambda found: found[1] + block + found[2], page)


def table(matrix: pd.DataFrame) -> str:
    """Return the matrix in Markdown; cells of nothing are empty."""
    head = [f"{YEAR}, {STATE}", *map(str, matrix.columns)]
    lines = [head, ["---", *["---:"] * len(matrix.columns)]]
    for item, row in matrix.iterrows():
        lines.append([f"`{item}`", *(_amount(value) if value else "" for value in row)])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def words(matrix: pd.DataFrame) -> str:
    """Return how to read a row, and a column with its last row."""
    rows: dict[Any, dict[Any, float]] = matrix.T.to_dict()
    equipment = rows["equipment"]
    kept = {sector: -value for sector, value in rows["change_in_balance"].items()}
    return (
        f"Read along the row: {STATE}'s government paid {_amount(-equipment['government'])} for equipment,"
        f" {_amount(equipment['firms'])} to firms at home and {_amount(equipment['abroad'])} abroad.\n"
        f"Read down the column: {STATE}'s government"
        f" {_moved(kept['government'])} its funds, and its firms {_moved(kept['firms'])} their cash.\n"
    )


def _moved(rise: float) -> str:
    """Return a rise or a fall of a balance in words."""
    return f"put {_amount(rise)} into" if rise >= 0 else f"took {_amount(-rise)} out of"


def _amount(value: float) -> str:
    """Return an amount in MUSD with spaced thousands and a true minus."""
    return f"{value:,.0f}".replace(",", " ").replace("-", "−")
