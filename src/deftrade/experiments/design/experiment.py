"""An experiment with everything resolved: policies, factors, points, goals."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.design.design import lay_out

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.experiments.design.factors import Factor
    from deftrade.scenario.resolved import Scenario


BASELINE = "baseline"
"""Name of what policies are compared with."""


@dataclass(frozen=True)
class Goal:
    """What counts as success in an indicator.

    Parameters
    ----------
    indicator : str
        Name of the indicator.
    threshold : float
        Value that just satisfies, in the indicator's unit.
    more : bool
        Whether more is better.
    """

    indicator: str
    threshold: float
    more: bool

    def met(self, values: Float) -> NDArray[np.bool_]:
        """Return where values satisfy; unknown ones do not."""
        met: NDArray[np.bool_] = values >= self.threshold if self.more else values <= self.threshold
        return met


@dataclass(frozen=True)
class Experiment:
    """Scenarios that vary, how, and what to look at.

    Parameters
    ----------
    name, title : str
        Short name (the file's stem) and title.
    policies : mapping of str to Scenario
        The scenarios that are varied, by name.
    baseline : Scenario or None
        What they are compared with; factors of policy leave it alone.
    factors : tuple of Factor
        What varies.
    design : str
        Kind of design: one of `deftrade.experiments.design.design.DESIGNS`, or ``saltelli``.
    points, runs, seed : int
        Size of the design, runs per point, luck.
    indicators : tuple of str
        What to look at.
    goals : tuple of Goal
        What counts as success.
    files : mapping of Path to str
        Files that were read, with the SHA-256 of their bytes.
    """

    name: str
    title: str
    policies: dict[str, Scenario]
    baseline: Scenario | None
    factors: tuple[Factor, ...]
    design: str
    points: int
    runs: int
    seed: int
    indicators: tuple[str, ...]
    goals: tuple[Goal, ...] = ()
    files: dict[Path, str] = field(default_factory=dict)

    def with_runs(self, runs: int) -> Experiment:
        """Return the experiment with another number of runs per point."""
        return replace(self, runs=runs)

    def with_design(self, design: str, points: int) -> Experiment:
        """Return the experiment with a design of another kind and size."""
        return replace(self, design=design, points=points)

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of all that is run at a point: the policies, then the baseline if there is one."""
        return (*self.policies, *([BASELINE] if self.baseline else []))

    @property
    def is_paired(self) -> bool:
        """Whether outcomes are paired differences from a baseline."""
        return self.baseline is not None

    def lay_out(self) -> Float:
        """Return the points of the design in the factors' units, ``(points, factors)``."""
        return lay_out(self.design, self.factors, self.points, self.seed)

    def scenario_at(self, arm: str, point: Float) -> Scenario:
        """Return what is run at a point.

        Parameters
        ----------
        arm : str
            A policy, or the baseline.
        point : (factors,) float
            Values of the factors.
        """
        is_baseline = self.baseline is not None and arm == BASELINE
        scenario = self.baseline if self.baseline is not None and is_baseline else self.policies[arm]
        for factor, value in zip(self.factors, point, strict=True):
            if not (is_baseline and factor.is_policy):
                scenario = factor.target.apply(scenario, float(value))
        return scenario

    def cell_name(self, row: int, points: int, arm: str) -> str:
        """Return the name of what is run at a point, which sorts by point: ``p07-policy``.

        A baseline that no factor touches is one and the same at every point, and run once.
        """
        if self.is_paired and arm == BASELINE and all(factor.is_policy for factor in self.factors):
            return BASELINE
        return f"p{row:0{len(str(points - 1))}}-{arm}"

    def cells(self, points: Float) -> list[Cell]:
        """Return the named scenarios of all points, arms within points.

        Parameters
        ----------
        points : (points, factors) float
            The design.
        """
        cells: dict[str, Cell] = {}
        for row, point in enumerate(points):
            for arm in self.arms:
                name = self.cell_name(row, len(points), arm)
                if name not in cells:
                    cells[name] = Cell(name, self.scenario_at(arm, point))
        return list(cells.values())
