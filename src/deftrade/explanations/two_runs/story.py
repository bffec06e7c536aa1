"""Decisions of two runs in sentences, tables and plain data."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from deftrade.explanations.replay.sections import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.explanations.replay.decisions import Log, Pair
    from deftrade.explanations.replay.sources import Source

NOT = "not decided"


def pair_told(source: Source, logs: tuple[Log, Log], pair: Pair) -> str:
    """Return one decision of two runs in a sentence."""
    one, other = sides(logs, pair)
    date = source.scenario.calendar.label(pair.step)
    if not pair.differs:
        return f"{date}, {one}"
    if pair.a is None or pair.b is None:
        return f"{date}, only in {'B' if pair.a is None else 'A'}: {other if pair.a is None else one}"
    return f"{date}, in A {one}; in B {other}"


def sides(logs: tuple[Log, Log], pair: Pair) -> tuple[str, str]:
    """Return what each run decided, in words."""
    told = [
        log.told(decision) if decision is not None else NOT
        for log, decision in zip(logs, (pair.a, pair.b), strict=True)
    ]
    return told[0], told[1]


def pair_grid(source: Source, logs: tuple[Log, Log], pairs: Sequence[Pair]) -> Grid:
    """Return decisions of two runs as a table."""
    rows = tuple((source.scenario.calendar.label(pair.step), *sides(logs, pair)) for pair in pairs)
    return Grid(("date", "in A", "in B"), rows)


def decision_data(source: Source, logs: tuple[Log, Log], pair: Pair) -> dict[str, Any]:
    """Return one decision of two runs as plain data; places are row numbers of the logs."""
    one, other = sides(logs, pair)
    decision = pair.decision
    log = logs[0] if pair.a is not None else logs[1]
    return {
        "step": pair.step,
        "date": source.scenario.calendar.label(pair.step),
        "kind": pair.kind.name.lower(),
        "subject": str(pair.subject),
        "about": log.about(decision),
        "actor": log.world.names.states[decision.actor] if decision.actor >= 0 else None,
        "a": _side(pair.a, one),
        "b": _side(pair.b, other),
    }


def _side(decision: Any, told: str) -> dict[str, Any] | None:
    """Return one run's decision as plain data."""
    if decision is None:
        return None
    margin = decision.margin if isfinite(decision.margin) else None
    return {"number": decision.place, "outcome": decision.outcome, "margin": margin, "told": told}
