"""The indicators of a batch over its runs: mean, its interval, and the band of the runs."""

from __future__ import annotations

from html import escape
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from deftrade.core.wording import counted, four_digit_span, four_digits
from deftrade.experiments import statistics
from deftrade.experiments.statistics import FEWEST_OPENINGS
from deftrade.results.indicators import INDICATORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.experiments.batch.played import Played


CONFIDENCE = 0.95
"""Confidence of intervals of means."""


class Summary(NamedTuple):
    """One indicator of one cell over all runs that came to their end.

    Parameters
    ----------
    cell, indicator, unit, scope, meaning : str
        Of what.
    runs : int
        Over how many runs.
    mean : float
        Mean of the runs.
    low, high : float
        Student's 95 % interval of the mean, as far as the indicator can reach; nan for a single run
        and where all runs came out alike, which tells nothing of the rare ones that do not. Where
        openings are drawn it is one of their means, and nan for fewer than eight of them.
    band_low, band_high : float
        Between which at least 90 % of the runs lie: runs at the 5 % and 95 % quantiles or just beyond,
        all of fewer than 20; never narrower than the interval of the mean, and whole for counts.
    other_at_most : float
        Share of runs that may come out otherwise although none did, at 95 %; nan where some did.
    """

    cell: str
    indicator: str
    unit: str
    scope: str
    meaning: str
    runs: int
    mean: float
    low: float
    high: float
    band_low: float
    band_high: float
    other_at_most: float


def values_by_cell(result: Played) -> Mapping[str, Mapping[str, Float]]:
    """Return every indicator's values, runs in order, by cell and indicator."""
    table = result.table("indicators")
    values = table["value"].to_numpy()
    cell_of, indicator_of = _places(table["cell"]), _places(table["indicator"])
    nothing = values[:0]
    found: dict[tuple[str, str], Float] = {}
    for cell, rows in cell_of.items():
        inside = np.zeros(len(values), dtype=bool)
        inside[rows] = True
        found |= {(cell, name): values[own[inside[own]]] for name, own in indicator_of.items()}
    return {
        cell: {item.name: found.get((cell, item.name), nothing) for item in INDICATORS}
        for cell in result.cells
    }


def _places(words: pa.ChunkedArray) -> dict[str, NDArray[np.intp]]:
    """Return the rows where each word stands; a string a row would take more memory than the table."""
    encoded = words.combine_chunks().dictionary_encode()
    code = encoded.indices.to_numpy()
    return {word: np.flatnonzero(code == place) for place, word in enumerate(encoded.dictionary.to_pylist())}


def summarise(result: Played) -> list[Summary]:
    """Return every indicator of every cell over the runs."""
    found = values_by_cell(result)
    lost = {outcome.key for outcome in result.failed}
    runs = {
        cell: np.array([key.run for key in result.keys if key.cell == cell and key not in lost], dtype=int)
        for cell in result.cells
    }
    openings = result.plan["openings"]
    return [
        Summary(
            cell,
            item.name,
            item.unit,
            item.scope,
            item.meaning,
            len(found[cell][item.name]),
            *_statistics(found[cell][item.name], item.limits, _groups(runs[cell], openings)),
        )
        for cell in result.cells
        for item in INDICATORS
    ]


def opening_in_words(plan: Mapping[str, Any]) -> str:
    """Return how many openings a batch draws, or that it holds for one only."""
    drawn = plan["openings"]
    return f"{counted(drawn, 'opening')} drawn" if drawn else "this opening only"


def _groups(runs: NDArray[np.int64], openings: int) -> list[NDArray[np.intp]]:
    """Return which runs belong to each opening; each for itself where there is but one opening."""
    if not openings:
        return []
    found = [np.flatnonzero(runs % openings == place) for place in range(openings)]
    return [group for group in found if len(group)]


def _statistics(
    values: Float, within: tuple[float, float], groups: Sequence[NDArray[np.intp]] = ()
) -> tuple[float, ...]:
    """Return mean, interval of the mean, band, and how many runs may differ where none did."""
    if not len(values):
        return (np.nan,) * 6
    means = np.array([values[group].mean() for group in groups]) if groups else values
    mean = float(means.mean())
    band = [float(edge) for edge in statistics.band(values)]
    if len(values) < 2:
        return mean, np.nan, np.nan, *band, np.nan
    if statistics.are_alike(values):
        return mean, np.nan, np.nan, *band, statistics.share_moved_at_most(len(values), CONFIDENCE)
    low, high = _interval(means, within) if len(means) >= (FEWEST_OPENINGS if groups else 2) else (mean, mean)
    wide = min(band[0], low), max(band[1], high)
    low, high = (low, high) if low < high else (np.nan, np.nan)
    is_whole = bool(np.all(values == np.round(values)))
    return mean, low, high, *((floor(wide[0]), ceil(wide[1])) if is_whole else wide), np.nan


def _interval(values: Float, within: tuple[float, float]) -> tuple[float, float]:
    """Return Student's interval of the mean, as far as the indicator can reach."""
    from scipy.stats import t

    mean = float(values.mean())
    half = float(t.ppf((1 + CONFIDENCE) / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return max(mean - half, within[0]), min(mean + half, within[1])


def interval(each: Summary) -> str:
    """Return the interval of a mean as people read it or, where all runs are alike, what they allow."""
    if np.isfinite(each.other_at_most):
        return f"other in at most {100 * each.other_at_most:.2g} % of runs"
    return four_digit_span(each.low, each.high)


HEADS = ("indicator", "mean", "95 % interval of the mean", "90 % of runs", "unit")
"""Headings of the columns of `rows_for_people`, after that of the scenario."""


def rows_for_people(result: Played) -> list[tuple[str, ...]]:
    """Return a row a scenario and indicator, its cells as people read them; see `HEADS`."""
    return [
        (
            each.cell,
            each.meaning,
            four_digits(each.mean),
            interval(each),
            four_digit_span(each.band_low, each.band_high),
            each.unit,
        )
        for each in summarise(result)
    ]


STATUS_HEADS = ("scenario", "done", "failed", "median time", "largest residual of a law")
"""Headings of the columns of `status_rows`."""


def status_rows(result: Played) -> list[tuple[str, ...]]:
    """Return a row a scenario on how its runs went, as people read it."""
    status = result.table("status")
    cells = np.array(status["cell"].to_pylist(), dtype=object)
    done = np.array(status["status"].to_pylist(), dtype=object) == "done"
    seconds, residual = (status[name].to_numpy() for name in ("seconds", "residual"))
    rows: list[tuple[str, ...]] = []
    for cell in result.cells:
        own = cells == cell
        whole = own & done
        spent = f"{np.median(seconds[whole]):.2f} s" if whole.any() else "–"
        worst = f"{residual[whole].max():.1e}" if whole.any() else "–"
        rows.append((cell, str(whole.sum()), str((own & ~done).sum()), spent, worst))
    return rows


_NUMBERS = ("mean", "low", "high", "band_low", "band_high", "other_at_most")


def to_dict(result: Played) -> dict[str, Any]:
    """Return the summary of a batch as plain data, None for what is not known."""
    return {
        "folder": str(result.folder),
        "is_new": result.is_new,
        **{
            key: result.plan[key]
            for key in ("name", "digest", "root", "runs", "openings", "shard", "keep", "code")
        },
        "cells": list(result.cells),
        "done": len(result.keys) - len(result.failed),
        "failed": [
            {"cell": each.cell, "run": each.run, "seed": each.seed, "error": each.reason}
            for each in result.failed
        ],
        "content": result.content,
        "indicators": [
            {
                name: (value if np.isfinite(value) else None) if name in _NUMBERS else value
                for name, value in each._asdict().items()
            }
            for each in summarise(result)
        ],
    }


def to_html(result: Played) -> str:
    """Return a batch as a table for notebooks."""
    head = ("scenario", "indicator", "mean", "95 % interval", "90 % of runs", "unit")
    rows = rows_for_people(result)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    headings = "".join(f"<th>{escape(name)}</th>" for name in head)
    failed = f", {len(result.failed)} failed" if result.failed else ""
    return (
        f"<p><b>{escape(result.name)}</b>: {len(result.keys)} runs{failed},"
        f" {opening_in_words(result.plan)}</p>"
        f"<table><thead><tr>{headings}</tr></thead><tbody>{body}</tbody></table>"
    )
