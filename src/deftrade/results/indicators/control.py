"""What export control costs and what it prevents: business and jobs forgone against diversions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables import States
from deftrade.results.indicators.series import (
    Indicator,
    Reading,
    focus_row,
    mean,
    over_run,
    whole,
    whole_world,
)

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.table import Column
    from deftrade.results.run import Kept


def _prevented(read: Callable[[Column[Any]], Reading]) -> Reading:
    """Read the diversions that checks and refusals prevent over the run."""
    ways = [read(column).of for column in (States.prevented_by_checks, States.prevented_by_refusals)]
    return over_run(lambda results: sum((measure(results) for measure in ways), 0.0))


def refusal_rates(results: Kept) -> Float:
    """Return the share of small licences that each state refused over the run, ``(states,)``."""
    refused, decided = (
        results.record.series("states", column.name)[1:].sum(axis=0)
        for column in (States.small_refusals, States.small_licences)
    )
    return np.divide(refused, decided, out=np.zeros_like(refused), where=decided > 0)


def _refusal_rate(results: Kept) -> float:
    """Return the focus state's refusal rate of small licences."""
    return float(refusal_rates(results)[focus_row(results)])


def _median_refusal_rate(results: Kept) -> float:
    """Return the median refusal rate of states that decide on small licences."""
    decided = results.record.series("states", States.small_licences.name)[1:].sum(axis=0) > 0
    return float(np.median(refusal_rates(results)[decided])) if decided.any() else 0.0


CONTROL = (
    Indicator(
        "business_forgone",
        "MUSD",
        "focus",
        "Orders lost to refused licences over the run",
        whole(States.business_forgone),
        headline=120,
    ),
    Indicator(
        "offers_withheld",
        "MUSD",
        "focus",
        "Orders that release policy gave away",
        whole(States.offers_withheld),
    ),
    Indicator(
        "diversions",
        "count",
        "focus",
        "Diversions of own exports over the run",
        whole(States.diversions),
        headline=140,
    ),
    Indicator(
        "diverted_value",
        "MUSD",
        "focus",
        "Own exports diverted over the run",
        whole(States.diverted_value),
    ),
    Indicator(
        "diversions_prevented",
        "MUSD",
        "focus",
        "Diversions that its checks and refusals prevent, expected",
        _prevented(whole),
        headline=150,
    ),
    Indicator(
        "refused_supplied",
        "MUSD",
        "focus",
        "Refused orders that other exporters signed",
        whole(States.refused_supplied),
    ),
    Indicator(
        "jobs_forgone",
        "jobs",
        "focus",
        "Jobs that refused orders would have paid, mean over the run",
        mean(States.jobs_forgone),
        headline=130,
    ),
    Indicator(
        "control_cost",
        "MUSD",
        "focus",
        "Case work and end-use checks paid over the run",
        whole(States.control_cost),
    ),
    Indicator(
        "refusal_rate_small",
        "share",
        "focus",
        "Share of small licences refused (published: EU 0.23-0.40 %, UK about 5.7 %)",
        over_run(_refusal_rate),
    ),
)
"""What control does to the focus state."""

WORLD_CONTROL = (
    Indicator(
        "world_diversions",
        "count",
        "world",
        "Diversions over the run",
        whole_world(States.diversions),
    ),
    Indicator(
        "world_diversions_prevented",
        "MUSD",
        "world",
        "Diversions that all checks and refusals prevent, expected",
        _prevented(whole_world),
    ),
    Indicator(
        "world_business_forgone",
        "MUSD",
        "world",
        "Orders lost to refused licences, all states over the run",
        whole_world(States.business_forgone),
    ),
    Indicator(
        "world_refused_supplied",
        "MUSD",
        "world",
        "Refused orders, of all states, that other exporters signed",
        whole_world(States.refused_supplied),
    ),
    Indicator(
        "median_refusal_rate_small",
        "share",
        "world",
        "Median share of small licences refused",
        over_run(_median_refusal_rate),
    ),
)
"""What control does in the world."""
