"""Sensitivity: which factors move an outcome, and how much of its variance is luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.wording import confidence, counted, listed, percent, quantity
from deftrade.errors import ExperimentError
from deftrade.experiments.design import indices
from deftrade.experiments.design.design import morris_scale, unit_points
from deftrade.experiments.design.indices import FEW, Measured
from deftrade.experiments.design.noise import balanced, noise_share
from deftrade.experiments.design.outcomes import chosen
from deftrade.experiments.design.wording import UNITS, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.figure import Figure

    from deftrade.experiments.batch.result import BatchResult
    from deftrade.experiments.design.experiment import Experiment
    from deftrade.experiments.design.indices import Morris, Sobol
    from deftrade.experiments.design.outcomes import Outcomes

METHODS = {"morris": "morris", "sobol": "saltelli"}
"""Methods, and the design that each needs."""
STEADY = 0.5
"""Spread of effects next to their mean size below which they count as alike (assumption)."""
ONE_WAY = 0.9
"""Mean effect next to the mean size above which it counts as of one direction (assumption)."""
SHOWN = 3
"""Factors that a sentence names."""
WIDE = 0.5
"""Width of an interval above which a share of variance is called open (assumption)."""


@dataclass(frozen=True)
class Sensitivity:
    """Indices of every outcome.

    Parameters
    ----------
    experiment : Experiment
        What was asked.
    method : str
        ``morris`` or ``sobol``.
    measured : tuple of Measured
        By policy and indicator.
    batch : BatchResult or None
        The runs behind it.
    """

    experiment: Experiment
    method: str
    measured: tuple[Measured, ...]
    batch: BatchResult | None = None

    def to_frame(self) -> pd.DataFrame:
        """Return one row a policy, indicator and factor, largest first within each.

        Morris: ``size, low, high`` (mu* and its 95 % interval), ``mean`` (mu) and ``spread``
        (sigma), changes of the outcome over the factor's whole range, in ``unit``. Sobol:
        ``total, low, high`` and ``first, first_low, first_high``, shares of variance.
        """
        import pandas as pd

        rows = []
        for one in self.measured:
            if one.found is None:
                continue
            unit = UNITS[one.indicator] if self.method == "morris" else "share"
            for place in _ranked(one.found):
                row = {"policy": one.policy, "indicator": one.indicator,
                       "factor": self.experiment.factors[place].path, "unit": unit}  # fmt: skip
                rows.append(row | {name: float(part[place]) for name, part in one.found._asdict().items()})
        return pd.DataFrame(rows)

    def luck_frame(self) -> pd.DataFrame:
        """Return the shares of luck: ``policy, indicator, single, remaining, runs``."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"policy": one.policy, "indicator": one.indicator, **one.noise._asdict(), "runs": one.runs}
                for one in self.measured
            ]
        )

    def sentences(self) -> Iterator[str]:
        """Yield what drives each outcome, and how much is luck, in words."""
        fewest = min((one.runs for one in self.measured), default=self.experiment.runs)
        if fewest < self.experiment.runs:
            yield f"Runs failed: only {fewest} of {self.experiment.runs} succeeded at every point and count."
        for one in self.measured:
            name = subject(self.experiment, one.policy, one.indicator)
            if one.found is None:
                yield f"{name} is the same at every point: no factor moves it."
                continue
            yield f"{self._drivers(one, name)} {_lucky(one)}"

    def _drivers(self, one: Measured, name: str) -> str:
        """Return the sentence on the factors that matter most."""
        assert one.found is not None
        first, *others = _ranked(one.found)[:SHOWN]
        verb = "drives" if self.method == "sobol" else "moves"
        text = f"{self._label(first)} {verb} {name} most: {self._size(one, first)}"
        # What has no effect at all stays behind, even if the interval of the first begins at 0.
        rivals = [
            place
            for place in others
            if one.found[0][place] > 0 and one.found.high[place] >= one.found.low[first]
        ]
        if others:
            text += (
                f"; then {'; '.join(f'{self._label(place)}: {self._size(one, place)}' for place in others)}"
            )
        if rivals:
            names = listed([self._label(place) for place in rivals])
            text += f". The order is open: the interval of {names} overlaps the first"
        return f"{text}.{self._doubt(one.found)}"

    def _doubt(self, found: Morris | Sobol) -> str:
        """Return the sentence on what so few points cannot tell, or empty text."""
        points, is_morris = self.experiment.points, self.method == "morris"
        one, many = ("trajectory", "trajectories") if is_morris else ("base point", "base points")
        few = f" {points} {one} is too few" if points == 1 else f" {points} {many} are too few"
        if points < FEW:
            what = "intervals or the order of factors"
            if is_morris:
                what = "intervals, the order of factors or whether an effect depends on the other factors"
            least = FEW if is_morris else 1 << (FEW - 1).bit_length()  # Sobol takes powers of two
            return f"{few} to tell {what}: take {least} or more."
        if not is_morris and (width := float((found.high - found.low).max())) > WIDE:
            return f"{few} to tell shares: an interval spans {percent(width)} of variance; take more."
        return ""

    def _label(self, place: int) -> str:
        """Return the name of a factor."""
        return self.experiment.factors[place].label

    def _size(self, one: Measured, place: int) -> str:
        """Return an index with its interval in words."""
        found = one.found
        assert found is not None
        is_enough = self.experiment.points >= FEW  # with fewer, `_doubt` says why there are no intervals
        if isinstance(found, indices.Sobol):
            interval = f", {confidence(found.low[place], found.high[place])}" if is_enough else ""
            return f"{percent(found.total[place])} of variance{interval}"
        unit = UNITS[one.indicator]
        interval = f", {confidence(found.low[place], found.high[place], unit)}" if is_enough else ""
        way = _way(found, place) + (_steadiness(found, place) if is_enough else "")
        return f"{quantity(found.size[place], unit)} over its range{interval}, {way}"

    def plot(self, indicator: str | None = None, policy: str | None = None) -> Figure:
        """Return the tornado of an outcome: factors by how much they move it, with intervals.

        Parameters
        ----------
        indicator, policy : str, optional
            Which ones; without them, the first.

        Raises
        ------
        KeyError
            There is no such indicator or policy.
        ExperimentError
            No factor moves it.
        """
        from deftrade.experiments.sensitivity.figures import tornado

        name = chosen("indicator", indicator, self.experiment.indicators)
        arm = chosen("policy", policy, tuple(self.experiment.policies))
        (one,) = (one for one in self.measured if (one.policy, one.indicator) == (arm, name))
        if one.found is None:
            raise ExperimentError(f"{name} is the same at every point, so there is nothing to draw")
        return tornado(self.experiment, one)

    def __repr__(self) -> str:
        experiment = self.experiment
        several = "policy" if len(experiment.policies) == 1 else "policies"
        return (
            f"Sensitivity({experiment.name}: {self.method}, {len(experiment.factors)} factors,"
            f" {len(experiment.policies)} {several}, {counted(experiment.runs, 'run')} a point)"
        )

    def _repr_html_(self) -> str:
        from deftrade.experiments.design.tables import show_sensitivity

        return show_sensitivity(self.experiment, self.method, self.measured).to_html(self.experiment.title)


def measure(outcomes: Outcomes, method: str) -> Sensitivity:
    """Return the indices of every outcome, of averages over the runs.

    Parameters
    ----------
    outcomes : Outcomes
        A batch over the design of the method.
    method : str
        ``morris`` or ``sobol``.

    Raises
    ------
    ExperimentError
        At some point no run succeeded that did so at all others; indices need every point.
    """
    experiment = outcomes.experiment
    measured = [
        _measured(outcomes, method, policy, indicator)
        for policy in outcomes.policies
        for indicator in experiment.indicators
    ]
    return Sensitivity(experiment, method, tuple(measured), outcomes.batch)


def _measured(outcomes: Outcomes, method: str, policy: str, indicator: str) -> Measured:
    """Return the indices of one outcome."""
    experiment = outcomes.experiment
    values = balanced(outcomes.of(policy, indicator))
    if not values.shape[1]:
        raise ExperimentError(
            f"no run gave {indicator} of {policy} at every point of the design, which the indices need;"
            " look at the failed runs"
        )
    y = values.mean(axis=1)
    names = [factor.path for factor in experiment.factors]
    found: Morris | Sobol | None = None
    if indices.varies(y) and method == "morris":
        unit = unit_points("morris", len(names), experiment.points, experiment.seed)
        found = indices.morris(names, unit, y, experiment.seed, morris_scale(experiment.factors))
    elif indices.varies(y):
        found = indices.sobol(names, y, experiment.seed)
    return Measured(policy, indicator, found, noise_share(values), values.shape[1])


def _ranked(found: Morris | Sobol) -> list[int]:
    """Return the factors, that with the largest index first."""
    return [int(place) for place in np.argsort(-found[0], kind="stable")]


def _way(found: Morris, place: int) -> str:
    """Return the direction of an effect in words."""
    size, mean = found.size[place], found.mean[place]
    if size <= 0:
        return "without effect"
    return "up and down" if abs(mean) < ONE_WAY * size else ("upwards" if mean > 0 else "downwards")


def _steadiness(found: Morris, place: int) -> str:
    """Return in words that an effect is not the same everywhere, or empty text."""
    size = found.size[place]
    if size <= 0 or found.spread[place] < STEADY * size:
        return ""
    return ", by how much depends on the other factors or on where it stands"


def _lucky(one: Measured) -> str:
    """Return the sentence on how much of the variance is luck."""
    if not np.isfinite(one.noise.single):
        return "With one run a point, luck cannot be told from the factors."
    averaged = percent(one.noise.remaining)
    return (
        f"Luck makes {percent(one.noise.single)} of the variance of single runs,"
        f" and {averaged} of that of the averages over {one.runs} runs on which this rests."
    )
