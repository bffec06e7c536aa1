"""Levers of generated states and firms: defaults with keyed differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core import elementary
from deftrade.core.tables import States
from deftrade.scenario.generate.draws import default

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.draws import Draws
    from deftrade.core.table import Column, Table
    from deftrade.scenario.generate.industry import Standing
    from deftrade.scenario.generate.spec import PolicySpec

    Values = dict[Column[Any], NDArray[Any]]

INDUSTRIAL = (
    States.localisation_target,
    States.offset_rate,
    States.offset_threshold,
    States.licence_demand,
    States.technology_purchase_share,
)
"""Levers that differ most among states."""
ALIKE = (States.alliance_preference, States.recapitalisation, States.criterion_weight)
"""Levers that all states share at the opening."""


def defaults(table: type[Table], rows: int, sizes: dict[str, int]) -> Values:
    """Return every given and lever column of a table at its declared default."""
    return {
        column: np.full((rows, *(sizes[axis] for axis in column.axes)), default(column), dtype=np.float64)
        for column in table.columns
        if column.role in ("given", "lever")
    }


def within(column: Column[Any], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values inside a column's declared bounds."""
    bounds = column.bounds
    return values if bounds is None else values.clip(bounds.low, bounds.high)


def levers(table: type[Table], spec: PolicySpec, draws: Draws, uid: NDArray[np.uint64]) -> Values:
    """Return the levers of states or firms that differ from actor to actor, ``(rows,)`` each.

    Levers whose default is zero stay there: nobody has an export credit unless policy says so.
    """
    drawn: Values = {}
    for column in table.columns:
        if column.role != "lever" or column in ALIKE or not default(column):
            continue
        spread = spec.industrial_spread if column in INDUSTRIAL else spec.spread
        luck_of_row = draws.normal(f"generating.lever/{column.name}", uid)
        drawn[column] = within(column, default(column) * elementary.exp(spread * luck_of_row))
    return drawn


def budget_shares(spec: PolicySpec, draws: Draws, uid: NDArray[np.uint64], standing: Standing) -> Values:
    """Return shares for equipment, research and support, which leave a part for personnel."""
    draw = draws.uniform("generating.procurement", uid)
    procurement = spec.procurement_low + (spec.procurement_high - spec.procurement_low) * draw
    known = standing.know_how.mean(axis=1)
    lead = ((known - spec.research_know_how) / (1 - spec.research_know_how)).clip(0, 1)
    maker = spec.research_maker + (spec.research_leader - spec.research_maker) * lead
    research = np.where(standing.place < standing.makers, maker, spec.research_buyer)
    support = levers(States, spec, draws, uid)[States.support_share]
    room = spec.without_personnel - procurement - research
    return {
        States.procurement_share: procurement,
        States.research_share: research,
        States.support_share: np.minimum(support, room),
    }
