"""Rows of evidence, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from deftrade.core.table import Column
from deftrade.results.run import Run
from validation.evidence.conditions import AS_IT_IS, Condition, Treatment
from validation.evidence.measures import Measure
from validation.evidence.running import SEEDS, played, put, traces


@dataclass(frozen=True)
class Evidence:
    """One row: what is moved, what answers, and what silences the answer.

    Parameters
    ----------
    subject : Column or str
        Lever, or kind of event.
    low, high : Treatment
        The two arms.
    measure : Measure
        The indicator.
    sign : int
        Direction in which it moves from low to high.
    least : float
        Smallest move that counts as visible, as a share of the larger arm.
    channel : str
        How it acts.
    cut : Condition
        What cuts the channel: low and high then come to exactly the same.
    source : str
        What the direction is known from: a key of the literature, a definition or an assumption.
    base : Condition
        What holds in both arms with and without the cut.
    whole : bool
        Whether the cut leaves every column of the world equal but those in ``beside``.
    beside : columns
        Columns that differ all the same: the lever and its own readouts.
    off : Treatment or None
        Treatment under which the uncut world comes to exactly what the cut one does.
    broken : str
        Why the code does not act as documented, until it does.
    instead : bool
        Whether the cut stands in place of the base, not beside it.
    """

    subject: Column[Any] | str
    low: Treatment
    high: Treatment
    measure: Measure
    sign: int
    least: float
    channel: str
    cut: Condition
    source: str
    base: Condition = AS_IT_IS
    whole: bool = True
    beside: tuple[Column[Any], ...] = ()
    off: Treatment | None = None
    broken: str = ""
    instead: bool = False

    @property
    def name(self) -> str:
        """Name of what is moved."""
        return self.subject if isinstance(self.subject, str) else self.subject.path


def lever(
    column: Column[Any],
    span: tuple[float, float],
    measure: Measure,
    expected: tuple[int, float],
    channel: str,
    cut: Condition,
    *,
    source: str,
    rows: Iterable[int] | None = None,
    off: float | None = None,
    **more: Any,
) -> Evidence:
    """Return the row of a lever.

    Parameters
    ----------
    column : Column
        The lever.
    span : pair of float
        Its low and its high value.
    measure : Measure
        The indicator.
    expected : (int, float)
        Sign and least share.
    channel, cut, source
        See `Evidence`.
    rows : iterable of int or None
        Who moves it; without them, all.
    off : float or None
        Value at which it is as if the channel were cut.
    **more
        Further fields of `Evidence`; the lever itself is always in ``beside``.
    """
    chosen = None if rows is None else tuple(rows)
    low, high = (put(column, value, chosen) for value in span)
    silent = None if off is None else put(column, off, chosen)
    beside = (column, *more.pop("beside", ()))
    sign, least = expected
    return Evidence(
        column, low, high, measure, sign, least, channel, cut, source, off=silent, beside=beside, **more
    )


def happening(
    kind: str,
    what: Treatment,
    measure: Measure,
    expected: tuple[int, float],
    channel: str,
    cut: Condition,
    *,
    source: str,
    **more: Any,
) -> Evidence:
    """Return the row of an event against a world in which it does not happen."""
    sign, least = expected
    return Evidence(kind, Treatment(), what, measure, sign, least, channel, cut, source, **more)


def cut_condition(evidence: Evidence) -> Condition:
    """Return what holds in both arms where the channel is cut."""
    return evidence.cut if evidence.instead else evidence.base + evidence.cut


def arms(evidence: Evidence, seeds: Iterable[int] = SEEDS) -> tuple[list[float], list[float]]:
    """Return the indicator of the low and of the high arm for each seed."""
    low, high = (
        [evidence.measure.of(played(arm, evidence.base, seed)) for seed in seeds]
        for arm in (evidence.low, evidence.high)
    )
    return low, high


def share_moved(evidence: Evidence) -> float:
    """Return the paired move of the indicator as a share of the larger arm."""
    low, high = (float(np.mean(values)) for values in arms(evidence))
    return (high - low) / max(abs(low), abs(high), 1e-12)


def moved_when_cut(evidence: Evidence) -> float:
    """Return the move of the indicator where the channel is cut: nothing, if the row is right."""
    low, high = (
        evidence.measure.of(played(arm, cut_condition(evidence), SEEDS[0]))
        for arm in (evidence.low, evidence.high)
    )
    return high - low


def differing(one: Run, other: Run, beside: tuple[Column[Any], ...] = ()) -> list[str]:
    """Return the columns in which two runs differ at their end."""
    first, second = traces(one), traces(other)
    spared = {column.path for column in beside}
    return [path for path in first if first[path] != second[path] and path not in spared]
