"""deftrade: an agent-based simulator of defence trade and the defence industry."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deftrade.experiments.answers.api import robustness, sensitivity, sweep
    from deftrade.experiments.batch.api import ensemble
    from deftrade.experiments.batch.execution import Execution
    from deftrade.experiments.batch.merge import merge
    from deftrade.experiments.batch.result import BatchResult, read_batch
    from deftrade.experiments.compare.compare import compare, read_comparison
    from deftrade.experiments.compare.comparison import Comparison
    from deftrade.experiments.design.load import load_experiment
    from deftrade.explanations.api import explain, explain_between
    from deftrade.explanations.replay.explanation import Explanation
    from deftrade.model import DefenceTradeModel
    from deftrade.provenance.check import verify
    from deftrade.provenance.reproduce import reproduce
    from deftrade.report.reading import read_table
    from deftrade.results.results import Results
    from deftrade.results.run import Run
    from deftrade.scenario.load import load
    from deftrade.scenario.resolved import Scenario
    from deftrade.simulation import resume, save, simulate, start, step

__version__ = "0.1.0"

_HOMES = {
    "load": "deftrade.scenario.load",
    "Scenario": "deftrade.scenario.resolved",
    "simulate": "deftrade.simulation",
    "start": "deftrade.simulation",
    "step": "deftrade.simulation",
    "save": "deftrade.simulation",
    "resume": "deftrade.simulation",
    "Run": "deftrade.results.run",
    "Results": "deftrade.results.results",
    "Execution": "deftrade.experiments.batch.execution",
    "ensemble": "deftrade.experiments.batch.api",
    "merge": "deftrade.experiments.batch.merge",
    "sweep": "deftrade.experiments.answers.api",
    "sensitivity": "deftrade.experiments.answers.api",
    "robustness": "deftrade.experiments.answers.api",
    "load_experiment": "deftrade.experiments.design.load",
    "compare": "deftrade.experiments.compare.compare",
    "read_comparison": "deftrade.experiments.compare.compare",
    "Comparison": "deftrade.experiments.compare.comparison",
    "BatchResult": "deftrade.experiments.batch.result",
    "read_batch": "deftrade.experiments.batch.result",
    "read_table": "deftrade.report.reading",
    "DefenceTradeModel": "deftrade.model",
    "explain": "deftrade.explanations.api",
    "explain_between": "deftrade.explanations.api",
    "Explanation": "deftrade.explanations.replay.explanation",
    "verify": "deftrade.provenance.check",
    "reproduce": "deftrade.provenance.reproduce",
}

__all__ = [
    "BatchResult",
    "Comparison",
    "DefenceTradeModel",
    "Execution",
    "Explanation",
    "Results",
    "Run",
    "Scenario",
    "__version__",
    "compare",
    "ensemble",
    "explain",
    "explain_between",
    "load",
    "load_experiment",
    "merge",
    "read_batch",
    "read_comparison",
    "read_table",
    "reproduce",
    "resume",
    "robustness",
    "save",
    "sensitivity",
    "simulate",
    "start",
    "step",
    "sweep",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Load public names when they are first used, so that importing costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'deftrade' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names, whether they are loaded already or not."""
    return sorted(__all__)


def _drop_missing_backend() -> None:
    """Forget a notebook's backend of figures that is not installed here: Matplotlib would refuse to load."""
    kind, sign, module = os.environ.get("MPLBACKEND", "").partition("module://")
    if kind or not sign:
        return
    try:
        found = find_spec(module)
    except (ImportError, ValueError):
        found = None
    if found is None:
        del os.environ["MPLBACKEND"]


_drop_missing_backend()
