"""What an experiment is about in words: outcomes, places in its design, runs that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.results.indicators import INDICATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from deftrade.experiments.design.experiment import Experiment
    from deftrade.experiments.design.outcomes import Outcomes

UNITS = {indicator.name: indicator.unit for indicator in INDICATORS}
"""Unit of every indicator by name."""
NAMED = 5
"""Points with failed runs that a sentence names; the table has them all."""


def subject(experiment: Experiment, policy: str, indicator: str) -> str:
    """Return what an outcome is called, with its policy where there are several or a baseline."""
    if experiment.is_paired:
        return f"{indicator} ({policy} less baseline)"
    return f"{indicator} ({policy})" if len(experiment.policies) > 1 else indicator


def whereabouts(experiment: Experiment, point: NDArray[np.float64]) -> str:
    """Return the values of the factors at a point in words."""
    return ", ".join(
        f"{factor.label} {factor.shown(value)}"
        for factor, value in zip(experiment.factors, point, strict=True)
    )


def shortfalls(outcomes: Outcomes, noun: str = "point") -> Iterator[str]:
    """Yield at which points runs failed, and how many are left there, in words."""
    experiment, left = outcomes.experiment, outcomes.succeeded()
    short = [
        f"{left[row, column]} at {noun} {row}{f', {policy}' if len(outcomes.policies) > 1 else ''}"
        f" ({whereabouts(experiment, outcomes.points[row])})"
        for row in range(len(left))
        for column, policy in enumerate(outcomes.policies)
        if left[row, column] < experiment.runs
    ]
    if short:
        more = f"; and at {len(short) - NAMED} more" if len(short) > NAMED else ""
        yield f"Runs failed. Left of the {experiment.runs} asked for: {'; '.join(short[:NAMED])}{more}."
