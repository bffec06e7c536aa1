"""A run under way, and what it left behind for readers of all kinds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from deftrade.phases import ORDER

if TYPE_CHECKING:
    from deftrade.core.phase import Phase
    from deftrade.core.world import World
    from deftrade.results.record import Record
    from deftrade.scenario.resolved import Scenario


@dataclass
class Run:
    """A run under way.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    world : World
        Where it stands.
    record : Record
        What was kept so far.
    order : tuple of Phase
        The phases of a step.
    residuals : dict of str to float
        Largest residual of each law so far, relative to turnover.
    clips : (clips, 2) int
        Rows clipped and rows considered so far.
    digests : dict of str to str
        Digest of what moves in the world (`World.quick_digest`) at the opening and after every year.
    """

    scenario: Scenario
    world: World
    record: Record
    order: tuple[Phase, ...] = field(default_factory=lambda: ORDER)
    residuals: dict[str, float] = field(default_factory=dict)
    clips: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Whether the run has reached the end of its calendar."""
        return self.world.clock.step >= self.scenario.calendar.steps


class Kept:
    """What a run left behind: its world and the series of its record, without any table of them.

    Parameters
    ----------
    run : Run
        A finished run.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    @property
    def scenario(self) -> Scenario:
        """The scenario that was run."""
        return self.run.scenario

    @property
    def world(self) -> World:
        """The world as it stood at the end of the run."""
        return self.run.world

    @property
    def record(self) -> Record:
        """The series, flows and accounts that the run recorded."""
        return self.run.record

    def dates(self) -> list[str]:
        """Return the label of every kept row; the first is the opening."""
        calendar = self.scenario.calendar
        return ["opening", *(calendar.label(step - 1) for step in self.record.steps[1:])]
