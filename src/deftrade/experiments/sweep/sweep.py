"""Sweeps: how outcomes change over the points of a design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.wording import confidence, quantity
from deftrade.experiments.design.outcomes import Outcomes, chosen, comparable, summarise
from deftrade.experiments.design.wording import UNITS, shortfalls, subject, whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from deftrade.experiments.batch.result import BatchResult
    from deftrade.experiments.design.experiment import Experiment


@dataclass(frozen=True)
class Sweep:
    """Outcomes over a design, with means and 95 % intervals.

    Parameters
    ----------
    outcomes : Outcomes
        What every run came to.
    """

    outcomes: Outcomes

    @property
    def experiment(self) -> Experiment:
        """What was asked."""
        return self.outcomes.experiment

    @property
    def batch(self) -> BatchResult | None:
        """The runs behind it."""
        return self.outcomes.batch

    def to_frame(self) -> pd.DataFrame:
        """Return a tidy table, one row a point, policy and indicator.

        Columns: ``point``, one for each factor (by its path), ``policy, indicator, unit, mean, low,
        high, runs``; ``low`` and ``high`` are the ends of the 95 % interval (Student's t over runs;
        absent with one run).
        """
        import pandas as pd

        experiment, points = self.experiment, self.outcomes.points
        policies, indicators = self.outcomes.policies, experiment.indicators
        mean, low, high, count = (part.ravel() for part in summarise(self.outcomes.values, axis=2))
        rows = np.repeat(np.arange(len(points)), len(policies) * len(indicators))
        names = np.tile(np.array(indicators, dtype=object), len(points) * len(policies))
        return pd.DataFrame(
            {
                "point": rows,
                **{factor.path: points[rows, place] for place, factor in enumerate(experiment.factors)},
                "policy": np.tile(np.repeat(np.array(policies, dtype=object), len(indicators)), len(points)),
                "indicator": names,
                "unit": [UNITS[name] for name in names],
                "mean": mean,
                "low": low,
                "high": high,
                "runs": count,
            }
        )

    def sentences(self) -> Iterator[str]:
        """Yield where runs failed, and where each outcome is highest and lowest, in words."""
        yield from shortfalls(self.outcomes)
        mean, low, high, _ = summarise(self.outcomes.values, axis=2)
        for column, policy in enumerate(self.outcomes.policies):
            for place, name in enumerate(self.experiment.indicators):
                values = comparable(mean[:, column, place], low[:, column, place], self.experiment.runs)
                if not np.isfinite(values).any():
                    yield f"{subject(self.experiment, policy, name)}: {_unknown(mean[:, column, place])}."
                    continue
                ends = []
                for words, row in (("highest", np.nanargmax(values)), ("lowest", np.nanargmin(values))):
                    interval = confidence(low[row, column, place], high[row, column, place], UNITS[name])
                    at = self._where(int(row))
                    ends.append(f"{words} {quantity(values[row], UNITS[name])} ({interval}) at {at}")
                yield f"{subject(self.experiment, policy, name)}: {'; '.join(ends)}."

    def _where(self, row: int) -> str:
        """Return the values of the factors at a point in words."""
        return whereabouts(self.experiment, self.outcomes.points[row])

    def plot(self, indicator: str | None = None, policy: str | None = None) -> Figure:
        """Return a figure of an outcome over the design: a line, a heat map, or a panel a factor.

        Parameters
        ----------
        indicator : str, optional
            Which one; without it, the first.
        policy : str, optional
            Which policy; without it, the first. Over a single factor, all of them are drawn together.

        Raises
        ------
        KeyError
            There is no such indicator or policy.
        """
        from deftrade.experiments.sweep.figures import figure

        arm = chosen("policy", policy, self.outcomes.policies)
        return figure(self.outcomes, arm, chosen("indicator", indicator, self.experiment.indicators))

    def __repr__(self) -> str:
        return f"Sweep({self.outcomes.told()})"

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        from deftrade.experiments.design.tables import show_sweep

        return show_sweep(self.outcomes).to_html(self.experiment.title)


def _unknown(mean: NDArray[np.float64]) -> str:
    """Return why nothing can be called highest."""
    return "no point has two runs that succeeded" if np.isfinite(mean).any() else "no run succeeded"
