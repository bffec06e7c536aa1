"""Numbers of experiments in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from deftrade.indicators import INDICATORS
from deftrade.report.wording import number, percent

if TYPE_CHECKING:
    from deftrade.experiments.experiment import Experiment

UNITS = {indicator.name: indicator.unit for indicator in INDICATORS}
"""Unit of every indicator by name."""


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
