"""The table of facts: what was published, and what the register and runs give by the same functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from validation.facts import others, statistics

if TYPE_CHECKING:
    from deftrade.results.results import Results
    from validation.facts.deliveries import Deliveries

INITIALISED, ECHOED, EMERGENT = "initialised", "echoed", "emergent"
CONFIDENCE = 0.95
HEAD = ("fact", "model", "95 %", "register", "published", "how it comes about", "")


@dataclass(frozen=True)
class Fact:
    """A published range and the one function that gives the statistic.

    Parameters
    ----------
    name : str
        Key of the validation target and what is measured.
    measure : callable
        Of a table of deliveries, or of results for what deliveries do not hold.
    published : tuple of float
        The range in the sources of ``docs/model.md``.
    kind : str
        ``initialised``, ``echoed`` or ``emergent``.
    """

    name: str
    measure: Callable[..., float]
    published: tuple[float, float]
    kind: str


DELIVERED = (
    Fact("V03 leader's share of exports", statistics.leader, (0.30, 0.43), INITIALISED),
    Fact("V01 top five exporters", statistics.top_exporters, (0.715, 0.77), INITIALISED),
    Fact("V02 top ten exporters", statistics.top_ten_exporters, (0.876, 0.911), INITIALISED),
    Fact("V04 exporter concentration (HHI)", statistics.exporter_concentration, (1635, 2105), INITIALISED),
    Fact("V05 top five importers", statistics.top_importers, (0.31, 0.38), INITIALISED),
    Fact("V05 importer concentration (HHI)", statistics.importer_concentration, (330, 467), INITIALISED),
    Fact("V07 exporters a year", statistics.exporters_a_year, (38, 55), EMERGENT),
    Fact("V07 importers a year", statistics.importers_a_year, (96, 136), EMERGENT),
    Fact("V08 density of ties", statistics.density, (0.021, 0.029), EMERGENT),
    Fact("V09 reciprocity of ties", statistics.reciprocity, (0.04, 0.10), EMERGENT),
    Fact("V12 a tie lasts a year", statistics.persistence, (0.57, 0.68), EMERGENT),
    Fact("V17 share of the main supplier", statistics.main_supplier, (0.57, 0.62), EMERGENT),
    Fact("V26 spread of log deal size", statistics.deal_spread, (1.6, 1.95), EMERGENT),
    Fact("V26 volume in the largest tenth of deals", statistics.largest_deals, (0.65, 0.75), EMERGENT),
    Fact("V27 years from order to delivery", statistics.delivery_lag, (3.0, 3.8), ECHOED),
    Fact("V28 local production, share of volume", statistics.local_share, (0.26, 0.38), EMERGENT),
    Fact("V29 second-hand, share of volume", statistics.used_share, (0.07, 0.14), EMERGENT),
    Fact("V30 aircraft, share of volume", statistics.aircraft_share, (0.41, 0.47), ECHOED),
)
"""What a table of deliveries gives."""
OTHER = (
    Fact("V33 median burden", others.median_burden, (0.014, 0.015), INITIALISED),
    Fact("V33 mean burden", others.mean_burden, (0.020, 0.021), INITIALISED),
    Fact("V35 top five spenders", others.top_spenders, (0.58, 0.64), INITIALISED),
    Fact("V36 five-year correlation of burdens", others.burden_persistence, (0.82, 0.91), EMERGENT),
    Fact("V45 refusals, all licences", others.refusals, (0.002, 0.061), EMERGENT),
    Fact("V55 profit, share of revenue", others.profit, (0.082, 0.098), EMERGENT),
    Fact("V60 backlog, years of output", others.backlog, (2.5, 5.0), EMERGENT),
    Fact("V61 jobs per MUSD, direct and indirect", others.jobs, (6.9, 8.6), ECHOED),
)
"""What only results give."""


def of_deliveries(table: Deliveries) -> dict[str, float]:
    """Return every statistic of a table of deliveries by the fact's name."""
    return {fact.name: fact.measure(table) for fact in DELIVERED}


def of_results(results: Results, table: Deliveries) -> dict[str, float]:
    """Return every statistic of a run by the fact's name."""
    return of_deliveries(table) | {fact.name: fact.measure(results) for fact in OTHER}


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the mean and the ends of its interval, not numbers for a single run."""
    mean, count = float(np.mean(values)), len(values)
    if count == 1:
        return mean, float("nan"), float("nan")
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, count - 1) * np.std(values, ddof=1) / np.sqrt(count))
    return mean, mean - half, mean + half


def verdict(low: float, high: float, published: tuple[float, float]) -> str:
    """Return ``miss`` where the interval of the mean and the published range do not meet."""
    return "miss" if high < published[0] or low > published[1] else ""


def _short(value: float) -> str:
    """Return three digits without an exponent."""
    return f"{float(f'{value:.3g}'):g}"


def text(runs: Sequence[Mapping[str, float]], register: Mapping[str, float] | None) -> str:
    """Return the table in Markdown."""
    lines = [f"| {' | '.join(HEAD)} |", "|---|---:|---|---:|---|---|---|"]
    for fact in (*DELIVERED, *OTHER):
        mean, low, high = interval([run[fact.name] for run in runs])
        ends = (mean, mean) if np.isnan(low) else (low, high)
        between = "" if np.isnan(low) else f"{_short(low)} to {_short(high)}"
        same = _short(register[fact.name]) if register and fact.name in register else ""
        wanted = f"{fact.published[0]:.4g} to {fact.published[1]:.4g}"
        cells = (fact.name, _short(mean), between, same, wanted, fact.kind, verdict(*ends, fact.published))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
