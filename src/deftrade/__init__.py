"""deftrade: an agent-based simulator of defence trade and the defence industry."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deftrade.experiments.api import ensemble
    from deftrade.experiments.comparing import compare, read_comparison
    from deftrade.experiments.comparison import Comparison
    from deftrade.experiments.designs import robustness, sensitivity, sweep
    from deftrade.experiments.execution import Execution
    from deftrade.experiments.loading import load_experiment
    from deftrade.experiments.merging import merge
    from deftrade.experiments.result import BatchResult, read_batch
    from deftrade.explanations.api import explain, explain_between
    from deftrade.explanations.explanation import Explanation
    from deftrade.model import DefenceTradeModel
    from deftrade.provenance.checking import verify
    from deftrade.provenance.reproducing import reproduce
    from deftrade.results import Results
    from deftrade.run import Run
    from deftrade.scenario.loading import load
    from deftrade.scenario.resolved import Scenario
    from deftrade.simulation import resume, save, simulate, start, step

__version__ = "0.1.0"

_HOMES = {
    "load": "deftrade.scenario.loading",
    "Scenario": "deftrade.scenario.resolved",
    "simulate": "deftrade.simulation",
    "start": "deftrade.simulation",
    "step": "deftrade.simulation",
    "save": "deftrade.simulation",
    "resume": "deftrade.simulation",
    "Run": "deftrade.run",
    "Results": "deftrade.results",
    "Execution": "deftrade.experiments.execution",
    "ensemble": "deftrade.experiments.api",
    "merge": "deftrade.experiments.merging",
    "sweep": "deftrade.experiments.designs",
    "sensitivity": "deftrade.experiments.designs",
    "robustness": "deftrade.experiments.designs",
    "load_experiment": "deftrade.experiments.loading",
    "compare": "deftrade.experiments.comparing",
    "read_comparison": "deftrade.experiments.comparing",
    "Comparison": "deftrade.experiments.comparison",
    "BatchResult": "deftrade.experiments.result",
    "read_batch": "deftrade.experiments.result",
    "DefenceTradeModel": "deftrade.model",
    "explain": "deftrade.explanations.api",
    "explain_between": "deftrade.explanations.api",
    "Explanation": "deftrade.explanations.explanation",
    "verify": "deftrade.provenance.checking",
    "reproduce": "deftrade.provenance.reproducing",
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
