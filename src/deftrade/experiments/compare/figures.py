"""Figures of a comparison: all differences on one scale, and one quantity over time in pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.ticker import FuncFormatter

from deftrade.core.wording import counted, number
from deftrade.report import style
from deftrade.report.style import BLUE, INK, QUIET, VERMILION, WORDS, Ending
from deftrade.results.indicators import title

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deftrade.core.arrays import Float
    from deftrade.experiments.compare.compared import Compared
    from deftrade.experiments.compare.findings import Finding


_ROW = 0.27
_MARGINS = 2.2
_SMALL = 1e-3
_FAR = 10.0
"""Spreads beyond which the scale is logarithmic, so that one large difference leaves the others legible."""


def forest(comparison: Compared, policy: str) -> Figure:
    """Return the differences of all indicators of a policy, in spreads of the baseline's runs."""
    shown = [
        each
        for each in comparison.findings
        if each.policy == policy and each.baseline_spread > 0 and np.isfinite(each.measured.low)
    ]
    far = max((abs(each.measured.mean) / each.baseline_spread for each in shown), default=0.0) > _FAR
    scale = " The scale is logarithmic beyond 1 either way." if far else ""
    told = sum(each.verdict.is_told for each in shown)
    pairs = f"{counted(comparison.result.runs, 'pair')} of runs with the same luck"
    figure, (axes,) = style.sheet(
        f"{policy} against {comparison.baseline}: {told} of {len(shown)} differences told",
        "Mean paired differences with 95 % intervals, in standard deviations of the baseline's runs;"
        f" {pairs}. {WORDS[BLUE].capitalize()}: raised; {WORDS[VERMILION]}: lowered; grey: not told from"
        f" chance, with Holm's correction for {comparison.family} questions, or practically the same, which,"
        " like “but little”, goes by the baseline's mean and not by its spread. Left out: what never varies"
        f" or moves in few pairs.{scale}",
    )
    height = max(_ROW * len(shown) + _MARGINS, 3.0)
    figure.set_size_inches(style.WIDTH, height)
    axes.set_position((0.25, 1.05 / height, 0.45, 1 - 2.0 / height))
    axes.axvline(0, color=QUIET, linewidth=1)
    for place, finding in enumerate(reversed(shown)):
        _draw(axes, finding, place)
    if far:
        axes.set_xscale("symlog", linthresh=1.0)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, 1)))
    axes.set_yticks(range(len(shown)), [each.indicator.title for each in reversed(shown)])
    axes.set_ylim(-0.7, max(len(shown), 1) - 0.3)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=9.5, labelcolor=INK)
    axes.set_title(
        "policy less baseline, spreads of the baseline's runs", loc="left", size=10, color=INK, pad=8
    )
    return figure


def _draw(axes: Axes, finding: Finding, place: int) -> None:
    """Draw one row: interval, mean and, at the right, the words."""
    found, spread = finding.measured, finding.baseline_spread
    colour = QUIET if not finding.verdict.is_told else (BLUE if found.mean > 0 else VERMILION)
    axes.plot([found.low / spread, found.high / spread], [place, place], color=colour, linewidth=2.2)
    axes.plot([found.mean / spread], [place], "o", color=colour, markersize=5)
    axes.annotate(
        finding.verdict.short, (1.0, place), xycoords=("axes fraction", "data"), xytext=(8, 0),
        textcoords="offset points", size=8.5, color=colour, va="center", annotation_clip=False,
    )  # fmt: skip


def trajectory(comparison: Compared, quantity: str, policy: str) -> Figure:
    """Return a quantity over time: both means with their runs, and the paired difference.

    Raises
    ------
    KeyError
        No such quantity is kept.
    """
    trajectories = comparison.trajectories
    if quantity not in trajectories.columns:
        raise KeyError(f"no quantity {quantity!r}; there are {', '.join(trajectories.columns)}")
    rows = _rows(comparison, quantity, policy)
    told = trajectories.units[trajectories.columns.index(quantity)]
    unit = f" {told}" if told not in ("1", "count") else ""
    last, years = -1, rows["time"]
    end = {name: number(float(rows[name][last])) for name in ("difference", "low", "high")}
    known = np.isfinite(rows["low"][last])
    within = (
        f"95 % interval {end['low']} to {end['high']}" if known else "too few pairs differ for an interval"
    )
    figure, (left, right) = style.sheet(
        f"{title(quantity)}: {policy} less {comparison.baseline} is {end['difference']}{unit} in"
        f" {trajectories.dates[last]}, {within}",
        f"{counted(comparison.result.runs, 'pair')} of runs with the same luck. Left: means, bands hold 90 %"
        " of the runs or more. Right: mean of the pairs' differences with its 95 % interval at each date by"
        " itself. Points stand at the close of their dates.",
        2,
        ends=(comparison.baseline, policy),
    )
    for who, colour in (("baseline", QUIET), ("policy", BLUE)):
        left.fill_between(
            years, rows[f"{who}_low"], rows[f"{who}_high"], color=colour, alpha=0.18, linewidth=0
        )
        style.line(left, years, rows[f"{who}_mean"], colour, strong=who == "policy")
    style.dress(left, f"{title(quantity)}{unit and f',{unit}'}")
    style.label_ends(left, [
        Ending(float(rows["baseline_mean"][last]), comparison.baseline, QUIET),
        Ending(float(rows["policy_mean"][last]), policy, BLUE, True),
    ])  # fmt: skip
    right.axhline(0, color=QUIET, linewidth=1)
    right.fill_between(years, rows["low"], rows["high"], color=BLUE, alpha=0.25, linewidth=0)
    style.line(right, years, rows["difference"], BLUE)
    style.dress(right, f"difference{unit and f',{unit}'}")
    if np.nanmax(np.abs(rows["difference"]), initial=0.0) < _SMALL:
        right.yaxis.set_major_formatter("{x:.2g}")
    return figure


def _rows(comparison: Compared, quantity: str, policy: str) -> dict[str, Float]:
    """Return the trajectory of one quantity of one policy by column."""
    columns = comparison.trajectory_columns
    mine = (np.array(columns["policy"], dtype=object) == policy) & (
        np.array(columns["quantity"], dtype=object) == quantity
    )
    return {name: values[mine] for name, values in columns.items() if isinstance(values, np.ndarray)}


def most_moved(comparison: Compared, policy: str) -> str:
    """Return the kept quantity whose indicator moves most clearly; empty if none asked about is kept.

    What is told from chance goes before what has an interval only, what is more than little before what
    is practically the same.
    """
    kept = [
        each
        for each in comparison.findings
        if each.policy == policy and each.indicator.name in comparison.trajectories.columns
    ]

    def clearness(finding: Finding) -> tuple[bool, bool, bool, float]:
        ratio = abs(finding.measured.mean) / finding.error if finding.error > 0 else 0.0
        is_given, is_little = np.isfinite(finding.measured.low), np.isfinite(finding.verdict.same_within)
        return finding.verdict.is_told, bool(is_given), not is_little, ratio if np.isfinite(ratio) else 0.0

    return max(kept, key=clearness).indicator.name if kept else ""
