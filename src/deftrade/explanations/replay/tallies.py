"""Parts of a state's quantity over a window of steps, counted while a run is replayed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables.codes import ContractKind
from deftrade.explanations.replay.replay import Watch
from deftrade.results.indicators.parts import OTHER, Parts, breakdowns, less

if TYPE_CHECKING:
    from deftrade.core.world import World
    from deftrade.results.indicators.parts import Key

WORTH = 0.1
"""A part begins to differ where it does by this share of what it differs by at most in a step.

assumption: what is smaller by a whole order is another effect than the one that is told.
"""


@dataclass
class Tally:
    """Sums the parts of a column of one state over steps.

    Parameters
    ----------
    column : str
        One of `breakdowns`.
    state : int
        Row of the state.
    steps : frozenset of int
        The window.
    """

    column: str
    state: int
    steps: frozenset[int]
    parts: Parts = field(default_factory=dict)
    by_step: dict[int, Parts] = field(default_factory=dict)
    total: float = 0.0

    def __post_init__(self) -> None:
        self._progress = np.zeros(0)

    def watches(self) -> list[Watch]:
        """Return the hooks by which a replay counts parts: before producing and after accounting."""
        return [
            Watch("producing", before=self._begin, steps=self.steps),
            Watch("accounting", after=self._count, steps=self.steps),
        ]

    def _begin(self, world: World, params: Any) -> None:
        """Keep how far contracts are before the step's work."""
        self._progress = world.contracts.progress.copy()

    def _count(self, world: World, params: Any) -> None:
        """Add the step's parts, and what they leave open."""
        contracts = world.contracts
        length = np.maximum(contracts.lead + contracts.span, 1e-12)
        done = (contracts.progress - self._progress) / length * contracts.price
        made = (contracts.line >= 0) & (contracts.kind != ContractKind.TECHNOLOGY)
        found = breakdowns()[self.column](world, self.state, np.where(made, done, 0.0))
        self.by_step[world.clock.step] = found
        value = float(np.sum(getattr(world.states, self.column)[self.state]))
        for key, part in found.items():
            self.parts[key] = self.parts.get(key, 0.0) + part
        left = value - sum(found.values())
        if abs(left) > 1e-9 * max(abs(value), 1.0):
            self.parts[OTHER] = self.parts.get(OTHER, 0.0) + left
        self.total += value

    def scaled(self, factor: float) -> Parts:
        """Return the parts times a factor, such as one over the number of steps."""
        return {key: part * factor for key, part in self.parts.items()}


def began(one: Tally, other: Tally) -> dict[Key, int]:
    """Return for every part that differs the first step of the window at which it does, worth telling."""
    sizes: dict[Key, dict[int, float]] = {}
    for step in sorted(one.by_step.keys() & other.by_step.keys()):
        for key, size in less(other.by_step[step], one.by_step[step]).items():
            sizes.setdefault(key, {})[step] = abs(size)
    return {
        key: next(step for step, size in found.items() if size >= WORTH * max(found.values()))
        for key, found in sizes.items()
    }
