"""Who paid whom, as a small table: the focus state's transaction-flow matrix, mean of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.core.wording import markdown_row, whole
from deftrade.report.trajectories import focus_name
from deftrade.results.ledger import CHANGE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deftrade.results.results import Results

SMALL = 0.03
"""Items whose payments stay below this share of the largest one are summed up."""


def payments_table(results: Results) -> str:
    """Return the matrix as a Markdown table in MUSD a year, small items together."""
    name = focus_name(results)
    calendar = results.scenario.calendar
    matrix = results.flow_matrix(state=name) * calendar.rows_per_year / calendar.rows
    payments = matrix.drop(index=CHANGE)
    is_small = payments.abs().max(axis=1) < SMALL * payments.abs().to_numpy().max()
    rows = [_row(str(item), values) for item, values in payments[~is_small].iterrows()]
    if is_small.any():
        rows.append(_row("other", payments[is_small].sum()))
    rows.append(_row(CHANGE, matrix[matrix.index == CHANGE].sum()))
    head = [
        markdown_row([f"MUSD a year, {name}", *matrix.columns]),
        f"|---|{'---:|' * len(matrix.columns)}",
    ]
    note = (
        f"Means of a year over the run, {calendar.start} to {calendar.end - 1}."
        " Positive where received, negative where paid; the last row is what a sector kept, sign turned."
        " Every row and every column sums to zero but for rounding. Every step and state stands in"
        " `transactions`, every payer and payee in `accounts`."
    )
    return "\n".join([*head, *rows, "", note])


def _row(item: str, values: Iterable[float]) -> str:
    """Return a row of the table; nothing where nobody was paid."""
    return markdown_row([item.replace("_", " "), *(_amount(value) for value in values)])


def _amount(value: float) -> str:
    """Return whole millions, empty for none."""
    return whole(value) if round(value) else ""
