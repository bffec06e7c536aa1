"""A comparison of policies, as it is made, told and drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deftrade.errors import ExperimentError
from deftrade.experiments.compare.compared import Compared
from deftrade.experiments.compare.findings import chosen_indicators, find
from deftrade.experiments.compare.pairs import Trajectories, indicators_by_run, trajectories_by_run
from deftrade.experiments.compare.text import to_html
from deftrade.experiments.compare.treatment import treatment_of
from deftrade.results.indicators import INDICATORS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from deftrade.core.arrays import Float
    from deftrade.experiments.batch.replicate import Cell
    from deftrade.experiments.batch.result import BatchResult


@dataclass(frozen=True, repr=False)
class Comparison(Compared):
    """Policies against a baseline on paired runs; `Compared` has its parameters."""

    def plot(self, kind: str = "forest", quantity: str | None = None, policy: str | None = None) -> Figure:
        """Return a figure.

        Parameters
        ----------
        kind : str
            ``forest``: differences of all indicators of a policy, in standard deviations of the
            baseline's runs; ``course``: a quantity over time.
        quantity : str, optional
            Quantity of a ``course``; without it, the indicator asked about that moves most.
        policy : str, optional
            Which policy, if there are several.
        """
        from deftrade.experiments.compare.figures import forest, most_moved, trajectory

        name = self.named(policy)
        if kind == "forest":
            return forest(self, name)
        if kind == "course":
            chosen = quantity or most_moved(self, name)
            if not chosen:
                raise KeyError("none of the indicators asked about is kept over time; name a quantity")
            return trajectory(self, chosen, name)
        raise KeyError(f"no figure {kind!r}; there are forest and course")

    def _repr_html_(self) -> str:
        """Return the table of findings as HTML."""
        return to_html(self)


def compare_result(
    result: BatchResult, cells: tuple[Cell, ...], indicators: Sequence[str] | None = None
) -> Comparison:
    """Return what the runs of a batch say about its policies.

    Parameters
    ----------
    result : BatchResult
        A whole batch of these cells, however it was run.
    cells : tuple of Cell
        The scenarios, the baseline first.
    indicators : sequence of str, optional
        The family of questions; see `deftrade.experiments.compare.findings.chosen_indicators`.

    Raises
    ------
    ExperimentError
        The batch is a shard, has other cells, or there is no such indicator.
    """
    if result.plan["shard"]:
        raise ExperimentError("a shard holds no pairs; merge the shards and compare the whole batch")
    if result.cells != tuple(cell.name for cell in cells):
        raise ExperimentError(f"the batch holds {', '.join(result.cells)}, not the scenarios to compare")
    family = chosen_indicators(indicators)
    trajectories = trajectories_by_run(result)
    everything = indicators_by_run(result, tuple(item.name for item in INDICATORS))
    acts = _acts(everything, trajectories)
    order = [INDICATORS.index(item) for item in family]
    values = {name: numbers[:, order] for name, numbers in everything.items()}
    base = cells[0]
    treatments = {cell.name: treatment_of(base.scenario, cell.scenario) for cell in cells[1:]}
    may = {name: acts[name] or each.can_act or each.is_elsewhere for name, each in treatments.items()}
    found = find(values, family, may, result.plan["openings"])
    return Comparison(result, cells, found, trajectories, treatments, acts)


def _acts(indicators: Mapping[str, Float], trajectories: Trajectories) -> dict[str, bool]:
    """Return for each policy whether any value differs from the baseline's in any pair that ran."""
    base, *policies = indicators
    acts = {}
    for name in policies:
        done = np.isfinite(trajectories.values[base]).any(axis=(1, 2)) & np.isfinite(
            trajectories.values[name]
        ).any(axis=(1, 2))
        acts[name] = any(
            not np.array_equal(one[done], other[done], equal_nan=True)
            for one, other in (
                (indicators[base], indicators[name]),
                (trajectories.values[base], trajectories.values[name]),
            )
        )
    return acts
