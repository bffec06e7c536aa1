"""Whether every point of a design is a scenario that could be loaded."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from deftrade.core.wording import exact
from deftrade.scenario.check import SUMS
from deftrade.scenario.stability import reaction

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from deftrade.core.table import Column
    from deftrade.experiments.design.experiment import Experiment
    from deftrade.scenario.resolved import Scenario

_SLACK = 1e-6


def infeasible(experiment: Experiment, points: NDArray[np.float64]) -> str:
    """Return what is wrong with the first point that cannot be run, or empty text.

    Parameters
    ----------
    experiment : Experiment
        The experiment.
    points : (points, factors) float
        Its design.
    """
    for row, point in enumerate(points):
        for arm in experiment.arms:
            problem = next(_problems(experiment.scenario_at(arm, point)), "")
            if problem:
                values = ", ".join(
                    f"{factor.label} {factor.shown(value)}"
                    for factor, value in zip(experiment.factors, point, strict=True)
                )
                return f"point {row} of the design cannot be run ({values}): {problem}"
    return ""


def _problems(scenario: Scenario) -> Iterator[str]:
    """Yield what the loader would refuse in a scenario whose single values are within bounds."""
    found = reaction(scenario.world, scenario.params)
    if found.radius >= 1:
        yield f"the arms race among {', '.join(found.cluster)} feeds itself"
    for words, columns in SUMS:
        for row, name in enumerate(scenario.world.names.states):
            whole = _largest_sum(scenario, columns, row)
            if whole > 1 + _SLACK:
                yield f"{words} of {name} add to {exact(float(f'{whole:.4g}'), 'share')}"


def _largest_sum(scenario: Scenario, columns: tuple[Column[Any], ...], row: int) -> float:
    """Return the largest sum of a state's shares at any date."""
    values = {column: float(scenario.world.values[column][row]) for column in columns}
    settings = [one for one in scenario.policy if one.column in values and one.index[0] == row]
    largest = 0.0
    for moment in sorted({-math.inf, *(setting.year for setting in settings)}):
        values |= {setting.column: setting.value for setting in settings if setting.year == moment}
        largest = max(largest, sum(values.values()))
    return largest
