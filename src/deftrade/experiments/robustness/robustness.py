"""Robustness: in which share of worlds a policy does well enough, what it misses, where it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.draws import identify
from deftrade.core.wording import confidence, exact, listed, percent, quantity
from deftrade.errors import ExperimentError
from deftrade.experiments.batch.summaries import CONFIDENCE
from deftrade.experiments.design.outcomes import chosen
from deftrade.experiments.design.wording import UNITS, shortfalls
from deftrade.experiments.robustness.prim import FEWEST, Box, find_boxes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.figure import Figure

    from deftrade.core.arrays import Bool, Float
    from deftrade.experiments.batch.result import BatchResult
    from deftrade.experiments.design.experiment import Experiment, Goal
    from deftrade.experiments.design.outcomes import Outcomes


REPRODUCED = 0.5
"""Share of half samples below which a restriction is called doubtful (assumption)."""


@dataclass(frozen=True)
class Robustness:
    """Policies over uncertain worlds.

    Parameters
    ----------
    outcomes : Outcomes
        What every run came to; a world's outcome is the mean over its runs.
    known : (worlds,) bool
        Worlds in which every policy has an outcome; the others are left out.
    met : (known worlds, policies, goals) bool
        Whether a goal is met.
    regret : (known worlds, policies, goals) float
        What the best policy of that world has over each, in the indicator's unit, not negative.
    boxes : mapping of str to list of Box
        For each policy where it fails, by PRIM; empty where nothing tells failures apart.
    """

    outcomes: Outcomes
    known: Bool
    met: Bool
    regret: Float
    boxes: dict[str, list[Box]]

    @property
    def experiment(self) -> Experiment:
        """What was asked."""
        return self.outcomes.experiment

    @property
    def batch(self) -> BatchResult | None:
        """The runs behind it."""
        return self.outcomes.batch

    @property
    def fails(self) -> Bool:
        """Whether a policy misses any goal in a world, ``(known worlds, policies)``."""
        return ~np.asarray(self.met.all(axis=2))

    def to_frame(self) -> pd.DataFrame:
        """Return one row a policy and goal, and one for all goals together.

        Columns: ``policy, goal, satisfied, low, high`` (share of worlds with its 95 % interval,
        Wilson 1927), ``worlds``, and for single goals ``regret_mean, regret_largest, unit``; regret
        is absent with one policy.
        """
        import pandas as pd

        rows = []
        for column, policy in enumerate(self.outcomes.policies):
            rows.append({"policy": policy, "goal": "all goals", **_share(~self.fails[:, column])})
            for place, goal in enumerate(self.experiment.goals):
                row = {"policy": policy, "goal": told(goal), **_share(self.met[:, column, place])}
                rows.append(row | self._regret(column, place) | {"unit": UNITS[goal.indicator]})
        return pd.DataFrame(rows)

    def _regret(self, column: int, place: int) -> dict[str, float]:
        """Return mean and largest regret of a policy in one goal."""
        regret = self.regret[:, column, place]
        if len(self.outcomes.policies) < 2 or not len(regret):
            return {}
        return {"regret_mean": float(regret.mean()), "regret_largest": float(regret.max())}

    def boxes_frame(self) -> pd.DataFrame:
        """Return one row a policy, box and restricted factor."""
        import pandas as pd

        rows = []
        for policy, boxes in self.boxes.items():
            for number, box in enumerate(boxes, start=1):
                for place in np.flatnonzero(box.limits.restricted()):
                    chance = box.chance[place]
                    rows.append(
                        {
                            "policy": policy,
                            "box": number,
                            "factor": self.experiment.factors[place].path,
                            "above": float(box.limits.low[place]),
                            "below": float(box.limits.high[place]),
                            "chance": float(np.nanmax(chance)),
                            "reproduced": float(box.reproduced[place]),
                            "coverage": box.coverage,
                            "density": box.density,
                            "mass": box.mass,
                        }
                    )
        return pd.DataFrame(rows)

    def sentences(self) -> Iterator[str]:
        """Yield how robust each policy is, what it may miss, and where it fails, in words."""
        if not self.known.all():
            yield f"{(~self.known).sum()} of {len(self.known)} worlds are left out: runs failed there."
        yield from shortfalls(self.outcomes, "world")
        for column, policy in enumerate(self.outcomes.policies):
            share = _share(~self.fails[:, column])
            goals = listed([told(goal) for goal in self.experiment.goals])
            yield (
                f"{policy} meets {goals} in {percent(share['satisfied'])} of {int(share['worlds'])} worlds"
                f" ({confidence(share['low'], share['high'])})."
            )
            yield from self._regrets(column, policy)
            yield from self._failures(column, policy)

    def _regrets(self, column: int, policy: str) -> Iterator[str]:
        """Yield what a policy may miss against the best one."""
        for place, goal in enumerate(self.experiment.goals):
            regret = self._regret(column, place)
            if regret:
                unit = UNITS[goal.indicator]
                mean, worst = (quantity(regret[f"regret_{key}"], unit) for key in ("mean", "largest"))
                yield (
                    f"{policy} misses the best policy's {goal.indicator} by {mean} on average,"
                    f" by {worst} in the worst world."
                )

    def _failures(self, column: int, policy: str) -> Iterator[str]:
        """Yield in which worlds a policy fails."""
        fails = self.fails[:, column]
        if not fails.any():
            return
        if fails.all():
            yield f"{policy} fails in every world, so nothing tells its failures apart."
            return
        few = _too_few(fails)
        if few:
            yield f"{policy} {few}"
        elif not self.boxes[policy]:
            yield f"{policy} fails here and there: no factor tells its failures apart."
        for number, box in enumerate(self.boxes[policy]):
            begin = f"{policy} fails when" if number == 0 else f"{policy} fails also when"
            yield (
                f"{begin} {self._conditions(box)}: {percent(box.coverage)} of the failures,"
                f" {percent(box.density)} of such worlds fail{self._doubt(box)}."
            )

    def _conditions(self, box: Box) -> str:
        """Return the faces of a box in words."""
        parts = []
        for place in np.flatnonzero(box.limits.restricted()):
            factor, low, high = self.experiment.factors[place], box.limits.low[place], box.limits.high[place]
            if np.isfinite(low) and np.isfinite(high):
                limits = f"between {factor.shown(low)} and {factor.shown(high)}"
            else:
                limits = f"above {factor.shown(low)}" if np.isfinite(low) else f"below {factor.shown(high)}"
            parts.append(f"{factor.label} is {limits}")
        return listed(parts)

    def _doubt(self, box: Box) -> str:
        """Return which restrictions random halves of the worlds do not bear out."""
        weak = np.flatnonzero(box.limits.restricted() & (box.reproduced < REPRODUCED))
        if not len(weak):
            return ""
        names = listed([self.experiment.factors[place].label for place in weak])
        return f" (doubtful: fewer than half of the half samples restrict {names})"

    def plot(self, kind: str = "satisficing", policy: str | None = None) -> Figure:
        """Return a figure.

        Parameters
        ----------
        kind : str
            ``satisficing``: in which share of worlds each policy meets all goals; ``fails``: the worlds
            in which a policy fails.
        policy : str, optional
            Which policy ``fails`` is about; without it, the first.

        Raises
        ------
        KeyError
            There is no such figure or policy.
        ExperimentError
            Nothing tells where it fails, or no world has an outcome.
        """
        if kind not in ("satisficing", "fails"):
            raise KeyError(f"no figure {kind!r}; there are satisficing and fails")
        if not self.known.any():
            raise ExperimentError("no world has an outcome, so there is nothing to draw")
        if kind == "satisficing":
            return self._satisficing()
        name = chosen("policy", policy, self.outcomes.policies)
        if not self.boxes[name]:
            raise ExperimentError(f"nothing tells where {name} fails, so there is nothing to draw")
        return self._worlds(name)

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Yield file names without ending and figures."""
        if not self.known.any():
            return
        yield "satisficing", self._satisficing()
        for policy in self.outcomes.policies:
            if self.boxes[policy]:
                yield f"fails-{policy}", self._worlds(policy)

    def _satisficing(self) -> Figure:
        """Return in which share of worlds each policy meets all goals."""
        from deftrade.experiments.robustness.figures import satisficing

        return satisficing(self.experiment, self.to_frame())

    def _worlds(self, policy: str) -> Figure:
        """Return the worlds in which a policy fails."""
        from deftrade.experiments.robustness.figures import worlds

        fails = self.fails[:, self.outcomes.policies.index(policy)]
        points, box = self.outcomes.points[self.known], self.boxes[policy][0]
        return worlds(policy, self.experiment.factors, points, fails, box)

    def __repr__(self) -> str:
        return f"Robustness({self.outcomes.told()})"

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        from deftrade.experiments.design.tables import show_robustness

        return show_robustness(self.to_frame()).to_html(self.experiment.title)


def told(goal: Goal) -> str:
    """Return indicator, direction and threshold of a goal in words."""
    words = "at least" if goal.more else "at most"
    return f"{goal.indicator} {words} {exact(goal.threshold, UNITS[goal.indicator])}"


def judge(outcomes: Outcomes) -> Robustness:
    """Return how policies do over the worlds of a design.

    Parameters
    ----------
    outcomes : Outcomes
        A batch of an experiment with goals.
    """
    experiment = outcomes.experiment
    places = [experiment.indicators.index(goal.indicator) for goal in experiment.goals]
    values = outcomes.means()[:, :, places]
    known = np.asarray(np.isfinite(values).all(axis=(1, 2)))
    values = values[known]
    met = np.stack([goal.met(values[:, :, n]) for n, goal in enumerate(experiment.goals)], axis=2)
    good = values * np.where([goal.more for goal in experiment.goals], 1.0, -1.0)
    regret = good.max(axis=1, keepdims=True) - good
    fails = ~np.asarray(met.all(axis=2))
    seed = identify("half samples", experiment.seed) % 2**32
    boxes = {
        policy: find_boxes(outcomes.points[known], fails[:, column], seed=seed)
        for column, policy in enumerate(outcomes.policies)
    }
    return Robustness(outcomes, known, met, regret, boxes)


def _too_few(fails: Bool) -> str:
    """Return that failures, or successes, are too few to be told apart; empty text if they are not."""
    failures, successes = int(fails.sum()), int((~fails).sum())
    few = "failures" if failures < FEWEST else "successes" if successes < FEWEST else ""
    if not few:
        return ""
    return (
        f"fails in {failures} of {len(fails)} worlds: fewer than {FEWEST} {few} are too few"
        " to tell in which worlds it fails; more worlds are needed."
    )


def _share(satisfied: Bool) -> dict[str, float]:
    """Return a share of worlds with its interval."""
    count = len(satisfied)
    if not count:
        return {"satisfied": np.nan, "low": np.nan, "high": np.nan, "worlds": 0}
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(int(satisfied.sum()), count, alpha=1 - CONFIDENCE, method="wilson")
    return {"satisfied": float(satisfied.mean()), "low": float(low), "high": float(high), "worlds": count}
