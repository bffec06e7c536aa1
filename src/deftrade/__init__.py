"""deftrade: an agent-based simulator of defence trade and the defence industry."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deftrade.experiments.api import ensemble
    from deftrade.experiments.result import BatchResult, read_batch
    from deftrade.explanations.api import explain, explain_between
    from deftrade.explanations.explanation import Explanation
    from deftrade.model import DefenceTradeModel
    from deftrade.results import Results
    from deftrade.scenario.loading import load
    from deftrade.scenario.resolved import Scenario
    from deftrade.simulation import Run, resume, save, simulate, start, step

__version__ = "0.1.0"

_HOMES = {
    "load": "deftrade.scenario.loading",
    "Scenario": "deftrade.scenario.resolved",
    "simulate": "deftrade.simulation",
    "start": "deftrade.simulation",
    "step": "deftrade.simulation",
    "save": "deftrade.simulation",
    "resume": "deftrade.simulation",
    "Run": "deftrade.simulation",
    "Results": "deftrade.results",
    "ensemble": "deftrade.experiments.api",
    "BatchResult": "deftrade.experiments.result",
    "read_batch": "deftrade.experiments.result",
    "DefenceTradeModel": "deftrade.model",
    "explain": "deftrade.explanations.api",
    "explain_between": "deftrade.explanations.api",
    "Explanation": "deftrade.explanations.explanation",
}

__all__ = [
    "BatchResult",
    "DefenceTradeModel",
    "Explanation",
    "Results",
    "Run",
    "Scenario",
    "__version__",
    "ensemble",
    "explain",
    "explain_between",
    "load",
    "read_batch",
    "resume",
    "save",
    "simulate",
    "start",
    "step",
]


def __getattr__(name: str) -> Any:
    """Load public names when they are first used, so that importing costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'deftrade' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
