"""The licence desk: what the focus state's licensing authority decided, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables.codes import LicenceStatus, Rule
from deftrade.core.wording import counted, money, percent
from deftrade.report import style
from deftrade.report.trajectories import focus_name, trajectory
from deftrade.results.indicators import focus_row

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from deftrade.core.arrays import Int
    from deftrade.results.results import Results


@dataclass(frozen=True)
class Desk:
    """Decisions on applications during the run.

    Parameters
    ----------
    granted, refused : int
        Decisions of the exporter's authority and of those whose consent it needs.
    by_rule : (rules,) int
        Refusals by the rule that decided.
    forgone : float
        Value of refused applications, MUSD.
    """

    granted: int
    refused: int
    by_rule: Int
    forgone: float

    @property
    def decided(self) -> int:
        """Number of decisions, granted and refused."""
        return self.granted + self.refused

    @property
    def main_rule(self) -> str:
        """The rule that refused most, in words; empty where nothing was refused."""
        return rule_name(int(np.argmax(self.by_rule))) if self.refused else ""


def rule_name(code: int) -> str:
    """Return a rule's name as words: lower case, spaces for underscores."""
    return Rule(code).name.lower().replace("_", " ")


def licence_desk(results: Results, exporter: int | None = None) -> Desk:
    """Return the decisions of one exporter's desk during the run; None sums over all."""
    table = results.world.applications
    inside = table.decided >= 0
    if exporter is not None:
        inside &= table.exporter == exporter
    refused = inside & (table.status == LicenceStatus.REFUSED)
    granted = inside & (table.status == LicenceStatus.GRANTED)
    return Desk(
        int(granted.sum()),
        int(refused.sum()),
        np.bincount(table.rule[refused], minlength=len(Rule)),
        float(table.value[refused].sum()),
    )


def licences(results: Results) -> Figure:
    """Return decisions by year of the focus state, and refusals by rule of all states."""
    row, name = focus_row(results), focus_name(results)
    mine, world = licence_desk(results, row), licence_desk(results)
    figure, (left, right) = style.sheet(
        _title(mine, name), _note(mine, world), 2, ratios=(1.25, 1), gap=0.62, right=0.95
    )
    granted = trajectory(results, "licences_granted", yearly=True)
    refused = trajectory(results, "licences_refused", yearly=True)
    years = np.floor(granted.years)
    yes, no = granted.values[:, row], refused.values[:, row]
    left.bar(years, yes, color=style.BLUE, width=0.72)
    left.bar(years, no, bottom=yes, color=style.ORANGE, width=0.72)
    left.set_ylim(0, max(float((yes + no).max()) * 1.15, 1))
    style.dress(left, f"Decisions of {name} on major systems, count a year", counts=True)
    left.set_xlim(years[0] - 0.8, max(years[-1], years[0] + 4) + 0.8)
    _key(left)
    _by_rule(right, world)
    return figure


def _key(axes: Axes) -> None:
    """Name the two colours above the bars."""
    for place, (word, colour) in enumerate((("granted", style.BLUE), ("refused", style.ORANGE))):
        axes.text(0.01 + 0.19 * place, 0.99, word, transform=axes.transAxes, size=9.5,
                  color=colour if place == 0 else "#A36F00", weight="bold", va="top")  # fmt: skip


def _title(mine: Desk, name: str) -> str:
    """Return the figure's title: the share of applications refused, and the rule most often behind it."""
    if not mine.decided:
        return f"Nobody applied for a licence to export major systems from {name}"
    if not mine.refused:
        return f"{name} granted every one of {counted(mine.decided, 'application')}"
    return (
        f"{name} refused {percent(mine.refused / mine.decided)} of"
        f" {counted(mine.decided, 'application')}, most often for {mine.main_rule}"
    )


def _note(mine: Desk, world: Desk) -> str:
    """Return the caption: what counts, what refused applications were worth, all states' figures."""
    text = "Applications for major systems over the run; small licences are not shown. "
    if mine.refused:
        text += f"Value of the refused ones: {money(mine.forgone)}. "
    rate = f", {percent(world.refused / world.decided)} refused" if world.decided else ""
    return f"{text}All states: {counted(world.decided, 'decision')}{rate}."


def _by_rule(axes: Axes, world: Desk) -> None:
    """Draw refusals of all states by the rule that decided."""
    order = np.argsort(-world.by_rule, kind="stable")[:8]
    order = order[world.by_rule[order] > 0]
    names = [rule_name(int(code)) for code in order]
    label = "Refusals of all states by rule, count"
    if not names:
        label = "No state refused an application"
    style.bars(axes, names, world.by_rule[order].astype(float), [style.ORANGE] * len(names), label)
