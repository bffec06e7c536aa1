"""What a batch comes to as its folder tells it: a page, its table as CSV, figures, a dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables import States
from deftrade.core.wording import counted, markdown_row
from deftrade.experiments.batch.folder import LOCKS
from deftrade.experiments.batch.summaries import HEADS, opening_in_words, rows_for_people, summarise
from deftrade.experiments.batch.tables import NAMES, schema
from deftrade.experiments.columns import dictionary_of
from deftrade.experiments.statistics import BAND
from deftrade.files.locking import NAME as LOCK
from deftrade.files.tables import write_table
from deftrade.report.tables import DICTIONARY
from deftrade.scenario.load import load

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deftrade.experiments.batch.played import Played

SUMMARY = "summary"
FIGURES = "figures"

_MOST_CELLS = 4
"""Scenarios of a batch whose numbers the page holds, and whose courses are drawn."""

_SHOWN = (States.usable_capability, States.exports, States.jobs_direct)
"""Quantities that are drawn: the courses of headline indicators."""

_CLOSE = "time"
"""Column of courses that says when a date closes."""


def write_page(result: Played, folder: Path) -> list[str]:
    """Write what a batch comes to into a folder and return the names of the files.

    Parameters
    ----------
    result : Played
        A batch on disk.
    folder : Path
        Where the files go, which need not be its own.
    """
    import pyarrow as pa

    rows = [each._asdict() for each in summarise(result)]
    table = pa.Table.from_pylist(rows)
    write_table(table, folder / f"{SUMMARY}.csv")
    tables = {name: schema(name).empty_table() for name in NAMES}
    write_table(dictionary_of({SUMMARY: table, **tables}), folder / DICTIONARY)
    figures = _write_figures(result, folder)
    (folder / f"{SUMMARY}.md").write_text(_page(result, figures), encoding="utf-8")
    return [f"{SUMMARY}.csv", f"{SUMMARY}.md", DICTIONARY, *figures]


def _page(result: Played, figures: list[str]) -> str:
    """Return the page: what was run, every indicator over the runs, how to read it."""
    plan, failed = result.plan, len(result.failed)
    part = " (shard {}/{})".format(*plan["shard"]) if plan["shard"] else ""
    titles = ", ".join(cell["title"] for cell in plan["cells"])
    lost = f", of which {failed} failed" if failed else ""
    parts = [
        f"# {titles}",
        f"{counted(len(result.keys), 'run')}{part}{lost}, root seed {plan['root']};"
        f" {opening_in_words(plan)}.",
    ]
    rows = rows_for_people(result) if len(result.cells) <= _MOST_CELLS and result.keys else []
    for cell in result.cells if rows else ():
        parts += [f"## {cell}"] if len(result.cells) > 1 else []
        own = [markdown_row(row[1:]) for row in rows if row[0] == cell]
        parts.append("\n".join([markdown_row(HEADS), "|---|---:|---:|---:|---|", *own]))
    parts += [f"![{name}]({name})" for name in figures]
    parts.append(
        f"The mean is over the runs that came to their end; its interval (Student's t, 95 %) says how well"
        f" they tell the mean, the band how far runs differ by luck. The same numbers stand in"
        f" `{SUMMARY}.csv`, those of every run in `indicators.parquet` and `courses.parquet`, what columns"
        f" are in `{DICTIONARY}`."
    )
    return "\n\n".join(parts) + "\n"


def _write_figures(result: Played, folder: Path) -> list[str]:
    """Write the courses of every scenario, where there are few, and return the names of the files."""
    from deftrade.report.style import save

    if len(result.cells) > _MOST_CELLS or len(result.failed) == len(result.keys):
        return []
    courses = result.to_frame("courses")
    found = []
    for cell in result.cells:
        own = courses[courses["cell"] == cell]
        own = own[own["state"] == _focus(result, cell, own)]
        if own.empty:
            continue
        (folder / FIGURES).mkdir(exist_ok=True)
        name = f"{FIGURES}/courses-{cell}.png"
        save(_drawn(own, cell), folder / name)
        found.append(name)
    return found


def _focus(result: Played, cell: str, courses: pd.DataFrame) -> str:
    """Return the focus state of a scenario: the only one that was kept, or the one that its lock names."""
    states = courses["state"].unique()
    if len(states) == 1 or result.folder is None:
        return str(states[0])
    scenario = load(result.folder / LOCKS / cell / LOCK)
    return scenario.outputs.focus or scenario.world.names.states[0]


def _drawn(courses: pd.DataFrame, cell: str) -> Figure:
    """Return the courses of a scenario's runs: their median, and the band of the runs."""
    from deftrade.report import style

    runs, state = courses["run"].nunique(), courses["state"].iloc[0]
    figure, panels = style.sheet(
        f"{state} in {counted(runs, 'run')} of {cell}",
        f"Line: median of the runs; band: the middle {100 * (BAND[1] - BAND[0]):.0f} % of them at every date,"
        " which no single run need follow. Flows are those of the date.",
        len(_SHOWN),
        right=0.97,
    )
    for axes, column in zip(panels, _SHOWN, strict=True):
        wide = courses.pivot(index="row", columns="run", values=column.name)
        close = courses.drop_duplicates("row").set_index("row")[_CLOSE].loc[wide.index].to_numpy()
        if column.aggregation == "sum":  # in the middle of their date; the opening has none
            wide, close = wide.iloc[1:], (close[1:] + close[:-1]) / 2
        _draw(axes, close, wide.to_numpy())
        unit = "" if column.unit == column.title.split()[-1] else f", {column.unit}"
        style.dress(axes, f"{column.title.capitalize()}{unit}")
    return figure


def _draw(axes: Axes, years: np.ndarray, values: np.ndarray) -> None:
    """Draw the median and the band of runs, ``(dates, runs)``."""
    from deftrade.report import style

    low, middle, high = np.quantile(values, (BAND[0], 0.5, BAND[1]), axis=1)
    axes.fill_between(years, low, high, color=style.BLUE, alpha=0.25, linewidth=0)
    style.line(axes, years, middle, style.BLUE)
    axes.set_ylim(bottom=min(0.0, float(low.min())))
