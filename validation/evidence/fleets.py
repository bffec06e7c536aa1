"""Levers of fleets in service."""

from __future__ import annotations

from collections.abc import Iterable

from deftrade.core.tables import States
from validation.evidence.conditions import no
from validation.evidence.measures import level
from validation.evidence.rows import Evidence, lever
from validation.evidence.running import FOCUS, states


def levers() -> Iterable[Evidence]:
    """Yield levers of fleets in service."""
    noor = states(FOCUS)
    unfunded = no("producing.extension_ceiling")
    yield lever(
        States.life_extension,
        (0, 0.8),
        level(States.usable_capability, "Sumara"),
        (1, 0.05),
        "overhaul keeps equipment in service; without money for workshops none is kept",
        unfunded,
        rows=states("Sumara"),
        off=0,
        source="by definition: what is overhauled does not retire",
    )
    yield lever(
        States.life_extension,
        (0, 0.8),
        level(States.jobs_direct),
        (1, 0.1),
        "home workshops are paid for overhauls",
        unfunded,
        rows=noor,
        off=0,
        source="assumption: workshops employ as makers of components do",
    )
