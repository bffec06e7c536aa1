"""Numbers of experiments in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from deftrade.indicators import INDICATORS
from deftrade.report.wording import number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from deftrade.experiments.experiment import Experiment
    from deftrade.experiments.outcomes import Outcomes

UNITS = {indicator.name: indicator.unit for indicator in INDICATORS}
"""Unit of every indicator by name."""
NAMED = 5
"""Points with failed runs that a sentence names; the table has them all."""


def tell(value: float, unit: str, digits: int = 3) -> str:
    """Return a number with its unit, with at least some significant digits; a dash if unknown."""
    if not math.isfinite(value):
        return number(value)
    if unit == "share":
        return percent(value)
    return number(value, digits) if unit == "1" else f"{number(value, digits)} {unit}"


def between(low: float, high: float, unit: str = "share") -> str:
    """Return a 95 % interval in words."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval"
    return f"95 % interval {ends(low, high, unit)}"


def ends(low: float, high: float, unit: str) -> str:
    """Return both ends of an interval, a dash where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return number(math.nan)
    return f"{tell(low, unit)} to {tell(high, unit)}"


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
