"""What a batch over a design came to: an array by point, policy, run and indicator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.wording import counted
from deftrade.experiments.batch.summaries import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.experiments.batch.result import BatchResult
    from deftrade.experiments.design.experiment import Experiment


@dataclass(frozen=True)
class Outcomes:
    """Indicators over a design.

    Parameters
    ----------
    experiment : Experiment
        What was asked.
    points : (points, factors) float
        The design, in the factors' units.
    values : (points, policies, runs, indicators) float
        Indicators in their units, or paired differences from the baseline; nan where a run
        failed.
    batch : BatchResult or None
        The runs behind them.
    """

    experiment: Experiment
    points: Float
    values: Float
    batch: BatchResult | None = None

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of the policies."""
        return tuple(self.experiment.policies)

    def of(self, policy: str, indicator: str) -> Float:
        """Return one indicator of one policy, ``(points, runs)``."""
        place = self.experiment.indicators.index(indicator)
        return self.values[:, self.policies.index(policy), :, place]

    def told(self) -> str:
        """Return name, points, policies and runs in one line, for a terminal."""
        several = "policy" if len(self.policies) == 1 else "policies"
        points, runs = len(self.points), self.experiment.runs
        return (
            f"{self.experiment.name}: {counted(points, 'point')}, {len(self.policies)} {several},"
            f" {counted(runs, 'run')} each"
        )

    def means(self) -> Float:
        """Return means over the runs that succeeded, ``(points, policies, indicators)``."""
        return summarise(self.values, axis=2)[0]

    def succeeded(self) -> NDArray[np.int64]:
        """Return how many runs came to an outcome, ``(points, policies)``."""
        return np.asarray(np.isfinite(self.values).any(axis=3).sum(axis=2))


def chosen(what: str, name: str | None, names: Sequence[str]) -> str:
    """Return a name, checked; without one, the first.

    Raises
    ------
    KeyError
        There is no such name.
    """
    if name is None:
        return names[0]
    if name not in names:
        raise KeyError(f"no {what} {name!r}; there are {', '.join(names)}")
    return name


def gather(
    experiment: Experiment, points: Float, frame: pd.DataFrame, batch: BatchResult | None = None
) -> Outcomes:
    """Return the outcomes of a batch.

    Parameters
    ----------
    experiment : Experiment
        What was asked.
    points : (points, factors) float
        The design whose cells were run.
    frame : DataFrame
        ``cell, run, indicator, value``: the batch's indicators, in any order.
    batch : BatchResult, optional
        The batch itself, to go with the outcomes.
    """
    arms, size = experiment.arms, len(points)
    names = [experiment.cell_name(row, size, arm) for row in range(size) for arm in arms]
    cells = {name: place for place, name in enumerate(dict.fromkeys(names))}
    indicators = {name: place for place, name in enumerate(experiment.indicators)}
    kept = frame[frame["indicator"].isin(indicators) & (frame["run"] < experiment.runs)]
    values = np.full((len(cells), experiment.runs, len(indicators)), np.nan)
    place = (kept["cell"].map(cells), kept["run"], kept["indicator"].map(indicators))
    values[tuple(part.to_numpy(dtype=np.int64) for part in place)] = kept["value"]
    by_arm = values[[cells[name] for name in names]].reshape(size, len(arms), *values.shape[1:])
    if experiment.is_paired:
        by_arm = by_arm[:, :-1] - by_arm[:, -1:]
    return Outcomes(experiment, points, by_arm, batch)


def summarise(values: Float, axis: int) -> tuple[Float, Float, Float, NDArray[np.int64]]:
    """Return mean, both ends of the 95 % interval (Student's t) and count along an axis.

    What is not finite is left out. One value has no interval: its ends are nan.
    """
    from scipy import stats

    known = np.isfinite(values)
    count = known.sum(axis=axis)
    clean = np.where(known, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = clean.sum(axis=axis) / count
        spread = np.where(known, values - np.expand_dims(mean, axis), 0.0)
        error = np.sqrt((spread**2).sum(axis=axis) / (count - 1) / count)
        quantile = stats.t.ppf(0.5 + CONFIDENCE / 2, count - 1)
        half = np.where(count > 1, error * quantile, np.nan)
    return mean, mean - half, mean + half, count


def comparable(mean: Float, low: Float, runs: int) -> Float:
    """Return means with nan for those that may not be called highest or lowest.

    Where several runs were asked for and all but one failed, there is no interval, and the one that
    is left is mostly luck.

    Parameters
    ----------
    mean, low : float
        Means and the lower ends of their intervals.
    runs : int
        Runs that were asked for at every point.
    """
    return mean if runs == 1 else np.where(np.isfinite(low), mean, np.nan)
