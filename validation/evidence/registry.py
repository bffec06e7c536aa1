"""Which modules hold rows: a new one is named here and nowhere else."""

from __future__ import annotations

from functools import cache

from validation.evidence import (
    alliances,
    barriers,
    budget,
    control,
    cooperation,
    demand,
    fleets,
    industry,
    nothing,
    packages,
    politics,
    shocks,
    supply,
)
from validation.evidence.conditions import Treatment
from validation.evidence.rows import Evidence

LEVERS = (
    alliances.levers,
    budget.levers,
    control.levers,
    cooperation.levers,
    demand.levers,
    industry.levers,
    fleets.levers,
    packages.levers,
    supply.levers,
)
"""Functions that yield rows of levers."""

EVENTS = (
    barriers.events,
    politics.events,
    shocks.events,
)
"""Functions that yield rows of events."""

NOTHING = (nothing.events,)
"""Functions that return events in a form that changes nothing, by kind."""


@cache
def levers() -> tuple[Evidence, ...]:
    """Return the evidence for every lever; some act through two channels and have two rows."""
    return tuple(row for rows in LEVERS for row in rows())


@cache
def events() -> tuple[Evidence, ...]:
    """Return the evidence for every kind of event."""
    return tuple(row for rows in EVENTS for row in rows())


def nothing_happens() -> dict[str, Treatment]:
    """Return each kind of event that has a null form, in that form."""
    return {kind: treatment for forms in NOTHING for kind, treatment in forms().items()}
