"""Settled openings, kept by process: runs of one world start from copies of one settling.

The opening equilibrium depends on the world (entities, calendar, parameters) and on the opening's
seed alone, neither on policy nor on the run's luck, and settling it costs as much as a third of a run.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from deftrade.core.draws import Draws
from deftrade.scenario.build import open_world
from deftrade.scenario.digests import world_digest

if TYPE_CHECKING:
    from deftrade.core.world import World
    from deftrade.scenario.resolved import Scenario

KEPT = 4
"""Openings that a process keeps; variants of a policy share one."""


class _Asked:
    """A scenario that is equal to another if their openings are."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.digest = (world_digest(scenario), scenario.opening)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def opened(scenario: Scenario) -> World:
    """Return what `open_world` returns, bit for bit, from a copy where an equal world was settled."""
    world = _settled(_Asked(scenario)).copy()
    world.draws = Draws(scenario.seed)
    return world


@lru_cache(maxsize=KEPT)
def _settled(asked: _Asked) -> World:
    """Return a settled world that nobody may change."""
    return open_world(asked.scenario)
