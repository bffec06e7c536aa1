"""What two arms of a comparison differ in, and what holds in both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deftrade.core.table import Column
from deftrade.core.tables import Lines
from deftrade.core.tables.codes import CRITERIA
from deftrade.scenario.events.kinds import Event
from deftrade.scenario.resolved import Setting

Pairs = tuple[tuple[str, float], ...]
Place = tuple[Column[Any], Any, Any]


@dataclass(frozen=True)
class Treatment:
    """What someone chooses and what happens."""

    policy: tuple[Setting, ...] = ()
    events: tuple[Event, ...] = ()

    def __add__(self, other: Treatment) -> Treatment:
        return Treatment(self.policy + other.policy, self.events + other.events)


@dataclass(frozen=True)
class Condition:
    """What is different in both arms of a comparison.

    Parameters
    ----------
    params : pairs of ``phase.name`` and value
        Parameters of the run.
    settled : the same
        Parameters of the run and of the years in which the world settled before it.
    given : (column, index, value) triples
        Given values of the world, changed before it settles.
    opening : (column, index, value) triples
        Values changed at the opening date.
    also : Treatment
        Policy and events that come before those compared.
    """

    params: Pairs = ()
    settled: Pairs = ()
    given: tuple[Place, ...] = ()
    opening: tuple[Place, ...] = ()
    also: Treatment = Treatment()

    def __add__(self, other: Condition) -> Condition:
        return Condition(
            self.params + other.params,
            self.settled + other.settled,
            self.given + other.given,
            self.opening + other.opening,
            self.also + other.also,
        )


AS_IT_IS = Condition()
"""The baseline."""


def together(*treatments: Treatment) -> Treatment:
    """Return several treatments as one."""
    return sum(treatments, Treatment())


def no(*names: str) -> Condition:
    """Set parameters to zero."""
    return Condition(params=tuple((name, 0.0) for name in names))


def given(column: Column[Any], value: Any, index: Any = Ellipsis) -> Condition:
    """Let the world be given another value before it settles."""
    return Condition(given=((column, index, value),))


def opening(column: Column[Any], value: Any, index: Any = Ellipsis) -> Condition:
    """Let the world open with another value."""
    return Condition(opening=((column, index, value),))


def settled(**values: float) -> Condition:
    """Let the world settle and run under parameters written ``phase__name``."""
    return Condition(settled=tuple((name.replace("__", "."), value) for name, value in values.items()))


NO_RISK = no(*(f"licensing.weight_{criterion}" for criterion in CRITERIA))
"""Licensing sees no risk: strictness has nothing to weigh."""
NO_PLEDGE = no("budgeting.pledge_compliance")
FIXED_KNOW_HOW = no("researching.frontier_growth", "researching.catch_up", "monitoring.leaks")
"""Know-how neither grows nor diffuses nor leaks."""
COST_OF_QUALITY = Condition(
    params=(
        ("bidding.learning_floor", 1.0),
        ("bidding.learning_ceiling", 1.0),
        ("bidding.wage_share", 0.0),
        ("bidding.know_how_saving", 0.0),
        ("bidding.reach_cost", 0.0),
    )
)
"""Unit cost answers to quality alone, neither to experience, wages nor know-how."""
LICENCES_FREE = no("bidding.licence_release", "producing.explained") + Condition(
    params=(("bidding.technology_gap", 1.0),)
)
"""Every offer grants the licence asked for, shared work teaches whatever its source releases, and no
know-how is for sale."""
SOURCED_AT_HOME = (
    opening(Lines.component_source, -1)
    + opening(Lines.component_share, 0.0)
    + opening(Lines.design_origin, -1)
)
"""Products hold neither foreign parts nor foreign design."""
