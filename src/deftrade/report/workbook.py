"""All tables of a run as one workbook, its summary in front."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from deftrade.core.wording import counted
from deftrade.files.workbook import MOST_ROWS, write_workbook
from deftrade.report.summary import main_indicators
from deftrade.report.trajectories import late_told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from deftrade.results.results import Results

SUMMARY, DICTIONARY = "summary", "dictionary"
"""First and last sheet; the others bear the names of tables."""


def write_book(results: Results, tables: Mapping[str, pa.Table], entries: pa.Table, path: Path) -> None:
    """Write summary, indicators, all other tables and the data dictionary as sheets of a workbook.

    Parameters
    ----------
    results : Results
        A finished run.
    tables : mapping of str to Table
        Its tables by name; those that Excel could not open are left out, which the summary says.
    entries : Table
        Their data dictionary.
    path : Path
        The file.
    """
    left_out = [
        f"The sheet {name} is left out: its {counted(table.num_rows, 'row')} and the headings are more than"
        f" the {MOST_ROWS:,} rows that Excel opens; --format csv-excel or parquet keeps them"
        for name, table in tables.items()
        if table.num_rows >= MOST_ROWS
    ]
    for line in left_out:
        warnings.warn(f"{path.name}: {line}", stacklevel=2)
    first = ["indicators"]
    kept = {name: tables[name] for name in [*first, *tables] if tables[name].num_rows < MOST_ROWS}
    write_workbook({SUMMARY: _summary(results, left_out), **kept, DICTIONARY: entries}, path)


def _summary(results: Results, left_out: list[str]) -> pa.Table:
    """Return what was run and its main indicators as rows of text."""
    import pyarrow as pa

    scenario = results.scenario
    calendar = scenario.calendar
    rows = [
        (scenario.title, "", ""),
        (f"{calendar.start} to {calendar.end - 1} in steps of a {calendar.step}", "", ""),
        (f"Seed {scenario.seed}; money in dollars of {scenario.price_year}", "", ""),
        *main_indicators(results),
        (late_told(results), "", ""),
        *((line, "", "") for line in left_out),
    ]
    columns = zip(*rows, strict=True)
    return pa.table(dict(zip(("indicator", "value", "of"), map(list, columns), strict=True)))
