"""Answers as tables for people: rounded, with units, one line a thing."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.wording import ends, number, percent, quantity
from deftrade.experiments.design import indices
from deftrade.experiments.design.outcomes import summarise
from deftrade.experiments.design.wording import UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from deftrade.experiments.design.experiment import Experiment
    from deftrade.experiments.design.indices import Measured
    from deftrade.experiments.design.outcomes import Outcomes


class Shown(NamedTuple):
    """A table for people: headings, the places of columns of numbers, and rows of text."""

    headings: list[str]
    numbers: list[int]
    rows: list[list[str]]

    def to_html(self, title: str = "") -> str:
        """Return title, headings and rows as HTML."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.headings)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.rows
        )
        caption = f"<p><b>{escape(title)}</b></p>" if title else ""
        return f"{caption}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def show_sweep(outcomes: Outcomes) -> Shown:
    """Return one row a point and policy, one column an indicator: mean and 95 % interval."""
    experiment, points = outcomes.experiment, outcomes.points
    mean, low, high, _ = summarise(outcomes.values, axis=2)
    policies = outcomes.policies
    several = ["policy"] if len(policies) > 1 else []
    headings = ["point", *(factor.label for factor in experiment.factors), *several]
    first = len(headings)
    headings += [f"{name}, {UNITS[name]}" for name in experiment.indicators]
    rows = []
    for row, point in enumerate(points):
        for column, policy in enumerate(policies):
            start = [str(row), *(f.shown(value) for f, value in zip(experiment.factors, point, strict=True))]
            cells = zip(mean[row, column], low[row, column], high[row, column], strict=True)
            rows.append([*start, *([policy] if several else []), *(_cell(*each) for each in cells)])
    return Shown(headings, [*range(1 + len(experiment.factors)), *range(first, len(headings))], rows)


def show_sensitivity(experiment: Experiment, method: str, measured: Sequence[Measured]) -> Shown:
    """Return one row an outcome and factor, largest first."""
    is_morris = method == "morris"
    several = ["policy"] if len(experiment.policies) > 1 else []
    last = ["mean", "spread"] if is_morris else ["alone"]
    headings = [*several, "indicator", "factor", "size" if is_morris else "share", "95 % interval", *last]
    rows = []
    for one in measured:
        found = one.found
        if found is None:
            continue
        unit = UNITS[one.indicator] if is_morris else "share"
        for place in np.argsort(-found[0], kind="stable"):
            parts = (found.mean, found.spread) if isinstance(found, indices.Morris) else (found.first,)
            rows.append(
                [
                    *([one.policy] if several else []),
                    one.indicator,
                    experiment.factors[place].label,
                    quantity(found[0][place], unit),
                    ends(found.low[place], found.high[place], unit),
                    *(quantity(part[place], unit) for part in parts),
                ]
            )
    first = 2 + len(several)
    return Shown(headings, list(range(first, len(headings))), rows)


def show_robustness(frame: pd.DataFrame) -> Shown:
    """Return one row a policy and goal: share of worlds, and regret where there are several.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `Robustness.to_frame`.
    """
    has_regret = "regret_mean" in frame
    headings = ["policy", "goal", "worlds that meet it", "95 % interval"]
    headings += ["mean regret", "largest regret"] if has_regret else []
    rows = []
    for row in frame.to_dict("records"):
        cells = [row["policy"], row["goal"], percent(row["satisfied"])]
        cells.append(f"{percent(row['low'])} to {percent(row['high'])}")
        if has_regret:
            alone = row["goal"] == "all goals"
            cells += [
                "" if alone else quantity(row[key], row["unit"]) for key in ("regret_mean", "regret_largest")
            ]
        rows.append(cells)
    return Shown(headings, list(range(2, len(headings))), rows)


def _cell(mean: float, low: float, high: float) -> str:
    """Return a mean with its interval."""
    if not np.isfinite(low):
        return number(mean)
    return f"{number(mean)} [{number(low)}, {number(high)}]"
