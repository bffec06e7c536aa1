"""A factor: a value of the scenario that varies over the points of a design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.wording import exact

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.experiments.design.targets import Target


@dataclass(frozen=True)
class Factor:
    """What varies, and where to.

    Parameters
    ----------
    target : Target
        The value that is set.
    low, high : float
        Range, in the target's unit; the extremes of the levels where those are given.
    levels : tuple of float
        The only values; empty if any in the range will do.
    """

    target: Target
    low: float
    high: float
    levels: tuple[float, ...] = ()

    @property
    def path(self) -> str:
        """Path as the user wrote it."""
        return self.target.path

    @property
    def is_policy(self) -> bool:
        """Whether it is a choice; a baseline then goes without it."""
        return self.path.startswith("policy.")

    @property
    def label(self) -> str:
        """Path without its root, as tables call the factor."""
        return self.path.partition(".")[2]

    @property
    def title(self) -> str:
        """What it is called in words, as figures call it."""
        return self.target.title

    @property
    def unit(self) -> str:
        """Unit of the value."""
        return self.target.unit

    def at(self, unit: Float) -> Float:
        """Return values at places of the unit interval.

        Levels share the interval equally, in the order in which they are given.
        """
        if not self.levels:
            # So written, the ends of the range come out exactly.
            return self.low * (1 - unit) + self.high * unit
        place = np.minimum((unit * len(self.levels)).astype(np.int64), len(self.levels) - 1)
        values: Float = np.array(self.levels)[place]
        return values

    def shown(self, value: float) -> str:
        """Return a value as people write it, rounded to four significant digits."""
        return exact(float(f"{value:.4g}"), self.unit)
