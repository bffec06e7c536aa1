"""What a comparison of policies found: paired runs, and what they say about each indicator and date."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.experiments.compare.findings import Finding, trajectory_rows
from deftrade.experiments.compare.pairs import Trajectories
from deftrade.experiments.compare.treatment import Treatment, explain_elsewhere, explain_silence
from deftrade.experiments.statistics import LEVEL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from deftrade.experiments.batch.replicate import Cell
    from deftrade.experiments.batch.result import BatchResult

TABLES = ("indicators", "courses", "changes")
"""What `Comparison.to_frame` offers."""


@dataclass(frozen=True)
class Compared:
    """Policies against a baseline on paired runs, without any way to show them.

    Parameters
    ----------
    result : BatchResult
        The runs.
    cells : tuple of Cell
        The scenarios, the baseline first.
    findings : tuple of Finding
        One an indicator and policy.
    trajectories : Trajectories
        The focus state over time in every run.
    treatments : dict of str to Treatment
        What each policy changes.
    acts : dict of str to bool
        For each policy, whether any value at all differs in any pair.
    notes : tuple of str
        What else a reader must know, such as a precision that was not reached.
    """

    result: BatchResult
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    trajectories: Trajectories
    treatments: dict[str, Treatment]
    acts: dict[str, bool]
    notes: tuple[str, ...] = ()

    @property
    def baseline(self) -> str:
        """Name of what the policies are compared with."""
        return self.cells[0].name

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of the policies."""
        return tuple(cell.name for cell in self.cells[1:])

    @property
    def focus(self) -> dict[str, str]:
        """State that each scenario's indicators are about, by the scenario's name."""
        return {cell["name"]: cell["focus"] for cell in self.result.plan["cells"]}

    @property
    def folder(self) -> Path | None:
        """Where runs and tables stand; none in memory."""
        return self.result.folder

    @property
    def family(self) -> int:
        """Number of findings, which Holm's correction counts together."""
        return len(self.findings)

    def of(self, indicator: str, policy: str | None = None) -> Finding:
        """Return the finding on an indicator, of the only policy or the one that is named.

        Raises
        ------
        KeyError
            It was not asked about, or the policy must be named.
        """
        name = self.named(policy)
        for finding in self.findings:
            if (finding.policy, finding.indicator.name) == (name, indicator):
                return finding
        raise KeyError(f"nothing was found on {indicator!r} of {name!r}")

    def sentence(self, *indicators: str, policy: str | None = None) -> str:
        """Return what a policy does to indicators, as one sentence."""
        name = self.named(policy)
        chosen = indicators or tuple(finding.indicator.name for finding in self.findings)
        parts = dict.fromkeys(self.of(indicator, name).verdict.sentence for indicator in chosen)
        return f"policy {name}: {'; '.join(parts)}"

    def remarks(self) -> list[str]:
        """Return what a reader must know beside the numbers: silent policies, idle parts, failed runs."""
        told = list(self.notes)
        told += [
            f"{name} {explain_elsewhere(self.treatments[name], self.baseline)}"
            for name in self.policies
            if self.treatments[name].is_elsewhere
        ]
        told += [
            f"{name} has another focus state than {self.baseline}: what is measured for the focus state"
            f" compares {self.focus[name]} with {self.focus[self.baseline]}"
            for name in self.policies
            if self.focus[name] != self.focus[self.baseline]
        ]
        told += [
            f"policy {name} runs exactly as {self.baseline} does in every pair: "
            f"{explain_silence(self.treatments[name])}"
            for name in self.policies
            if not self.acts[name]
        ]
        told += [
            f"policy {name}: {reason}"
            for name in self.policies
            if self.acts[name]
            for reason in self.treatments[name].reasons
        ]
        told += [
            f"run {outcome.run} of {outcome.cell} failed and leaves its pair out: {outcome.reason}"
            for outcome in self.result.failed
        ]
        return told

    def to_frame(self, name: str = "indicators") -> pd.DataFrame:
        """Return a table as a tidy DataFrame.

        Parameters
        ----------
        name : str
            ``indicators`` (one row a policy and indicator), ``courses`` (one a policy, quantity and
            date) or ``changes`` (what each policy changes, in words).
        """
        import pandas as pd

        if name == "indicators":
            return pd.DataFrame([finding.row() for finding in self.findings])
        if name == "courses":
            return pd.DataFrame(self.trajectory_columns)
        if name == "changes":
            rows = [(policy, line) for policy in self.policies for line in self.treatments[policy].changes]
            return pd.DataFrame(rows, columns=["policy", "change"])
        raise KeyError(f"no table {name!r}; there are {', '.join(TABLES)}")

    @cached_property
    def trajectory_columns(self) -> dict[str, Any]:
        """Paired differences at every date, as columns."""
        return trajectory_rows(self.trajectories, self.result.plan["openings"])

    def tables(self) -> dict[str, pa.Table]:
        """Return indicators and trajectories as Arrow tables."""
        import pyarrow as pa

        rows = [finding.row() for finding in self.findings]
        return {
            "comparison": pa.Table.from_pylist(rows),
            "courses_comparison": pa.table(self.trajectory_columns),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return everything but trajectories as plain data: valid JSON, null for what is not known."""
        plan = self.result.plan
        return {
            "baseline": self.baseline,
            "policies": list(self.policies),
            "runs": self.result.runs,
            "openings": plan["openings"],
            "root_seed": plan["root"],
            "level": LEVEL,
            "family": self.family,
            "changes": {name: list(self.treatments[name].changes) for name in self.policies},
            "acts": dict(self.acts),
            "remarks": self.remarks(),
            "failed": [list(outcome.key) for outcome in self.result.failed],
            "findings": [plain(finding.row()) for finding in self.findings],
        }

    def named(self, name: str | None) -> str:
        """Return a policy's name, checked; without one, that of the only policy."""
        if name is None and len(self.policies) == 1:
            return self.policies[0]
        if name not in self.policies:
            raise KeyError(f"name one of the policies {', '.join(self.policies)}; found {name!r}")
        return name

    def __repr__(self) -> str:
        policies = ", ".join(self.policies)
        return f"{type(self).__name__}({policies} against {self.baseline}, {self.result.runs} pairs of runs)"


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row for JSON: numbers that are not finite become null."""
    return {
        key: None if isinstance(value, float) and not np.isfinite(value) else value
        for key, value in row.items()
    }
