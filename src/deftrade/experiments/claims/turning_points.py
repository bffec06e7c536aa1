"""Where an answer turns: halving the way from one world's parameters to another's on paired seeds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deftrade.experiments.claims.claims import parameters_apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.scenario.resolved import Scenario


@dataclass(frozen=True)
class TurningPoint:
    """The stretch of a way on which the answer changes.

    Parameters
    ----------
    before, after : int
        The answer at the start and the end of the way: 1 raised, -1 lowered, 0 cannot tell.
    low, high : float
        Shares of the way: up to ``low`` the answer is as at the start, from ``high`` as at the end; nan
        where the ends agree.
    points : tuple of (float, int)
        Every share that was tried, with its answer.
    """

    before: int
    after: int
    low: float
    high: float
    points: tuple[tuple[float, int], ...]

    @property
    def turns(self) -> bool:
        """Whether the answer differs at the ends."""
        return self.before != self.after


def seek(answer: Callable[[float], int], halvings: int) -> TurningPoint:
    """Return where an answer turns between shares 0 and 1 of a way.

    It is taken to turn once: the stretch after the last share that answers as the start does, and
    before the first that answers as the end does, is halved from either side.

    Parameters
    ----------
    answer : callable
        From a share of the way to -1, 0 or 1.
    halvings : int
        How often each side is halved.
    """
    known: dict[float, int] = {}

    def at(share: float) -> int:
        if share not in known:
            known[share] = answer(share)
        return known[share]

    first, last = at(0.0), at(1.0)
    if first == last:
        nowhere = float("nan")
        return TurningPoint(first, last, nowhere, nowhere, tuple(sorted(known.items())))
    low = _halve(lambda share: at(share) == first, halvings)[0]
    high = _halve(lambda share: at(share) != last, halvings)[1]
    return TurningPoint(first, last, low, max(high, low), tuple(sorted(known.items())))


def _halve(holds: Callable[[float], bool], halvings: int) -> tuple[float, float]:
    """Return the last share at which a condition holds and the first at which it does not."""
    low, high = 0.0, 1.0
    for _ in range(halvings):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low, high


def between(one: Scenario, other: Scenario, share: float) -> Scenario:
    """Return a scenario whose parameters lie a share of the way from its own to another's.

    Parameters that differ move together, each in proportion.
    """
    params = one.params
    for path, (before, after) in parameters_apart(one, other).items():
        group, name = path.split(".")
        kind = type(getattr(getattr(params, group), name))
        value = (1 - share) * before + share * after
        changed = getattr(params, group).model_copy(
            update={name: kind(round(value)) if kind is int else value}
        )
        params = params.model_copy(update={group: changed})
    return replace(one, params=params)
