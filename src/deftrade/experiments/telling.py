"""Numbers of experiments in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from deftrade.indicators import INDICATORS
from deftrade.scenario.schema_types import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deftrade.experiments.experiment import Experiment

UNITS = {indicator.name: indicator.unit for indicator in INDICATORS}
"""Unit of every indicator by name."""
UNKNOWN = "unknown"


def tell(value: float, unit: str, digits: int = 3) -> str:
    """Return a number with its unit, rounded to some significant digits."""
    if not math.isfinite(value):
        return UNKNOWN
    return shown(float(f"{value:.{digits}g}"), unit).replace("%", " %")


def percent(share: float) -> str:
    """Return a share in whole percent, with one decimal below one percent."""
    if not math.isfinite(share):
        return UNKNOWN
    text = f"{100 * share:.0f}" if share >= 0.01 or share == 0 else f"{100 * share:.1g}"
    return f"{text} %"


def between(low: float, high: float, unit: str = "") -> str:
    """Return an interval in words; without a unit its ends are shares of one."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval"
    if not unit:
        return f"95 % interval {100 * low:.0f} to {percent(high)}"
    return f"95 % interval {tell(low, unit)} to {tell(high, unit)}"


def subject(experiment: Experiment, policy: str, indicator: str) -> str:
    """Return what an outcome is called, with its policy where there are several or a baseline."""
    if experiment.is_paired:
        return f"{indicator} ({policy} less baseline)"
    return f"{indicator} ({policy})" if len(experiment.policies) > 1 else indicator


def listed(parts: Iterable[str]) -> str:
    """Return parts as a list in a sentence."""
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
