"""PRIM, the patient rule induction method: boxes of factors in which a policy fails.

Friedman and Fisher (1999) peel a box face by face to where the outcome is densest; Bryant and
Lempert (2010) judge such boxes for scenario discovery by coverage (share of all failures that lie
in the box) and density (share of the box's worlds that fail), and test each restriction. This is a
small version of it for outcomes that are true or false. It differs from the original in that

- a peel is chosen by what it gains in density per share of points that it removes, so that factors
  with few levels, whose peels are coarse, are not preferred (Kwakkel and Jaxa-Rozen 2016);
- the analyst's choice of a box along the peeling is replaced by a rule: the largest correlation
  between lying in the box and failing, which weighs coverage against density whether failures are
  rare or common;
- a limit that chance explains is dropped, which widens the box.

It is deterministic: ties go to the first factor and to its lower end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deftrade.core.arrays import Bool, Float


PEEL = 0.05
"""Share of a box's points that a peel or a paste takes: patient, as Friedman and Fisher advise."""
LEAST_MASS = 0.05
"""Smallest share of all points in a box; smaller boxes would be told by a handful of worlds."""
FEWEST = 5
"""Fewest points in a box, for the same reason."""
CHANCE = 0.05
"""Quasi-p-value above which a restriction is dropped."""
MOST_BOXES = 3
"""Most boxes that are sought: more could not be read."""
RESAMPLES = 20
"""Half samples of the resampling test."""


class Limits(NamedTuple):
    """A box: a lower and an upper limit by factor; infinite where it does not restrict."""

    low: Float
    high: Float

    def holds(self, x: Float) -> Bool:
        """Return which points lie inside, ``(points,)``; ``x`` is ``(points, factors)``."""
        return np.asarray(((x >= self.low) & (x <= self.high)).all(axis=1))

    def restricted(self) -> Bool:
        """Return which factors have a finite limit, ``(factors,)``."""
        return np.isfinite(self.low) | np.isfinite(self.high)

    def faces(self) -> list[tuple[int, bool]]:
        """Return the faces that restrict: factor, and whether it is the upper limit."""
        finite = np.isfinite(np.column_stack(self))
        return [(int(factor), bool(side)) for factor, side in np.argwhere(finite)]

    def without(self, factor: int, *, upper: bool) -> Limits:
        """Return the box without its limit on one side of a factor."""
        return self.moved(factor, np.inf if upper else -np.inf, upper=upper)

    def moved(self, factor: int, limit: float, *, upper: bool) -> Limits:
        """Return the box with another limit on one side of a factor."""
        low, high = self.low.copy(), self.high.copy()
        (high if upper else low)[factor] = limit
        return Limits(low, high)


@dataclass(frozen=True)
class Box:
    """A box that was found.

    Parameters
    ----------
    limits : Limits
        Its faces.
    coverage, density, mass : float
        Share of all failures inside, share of failures among the points inside, share of all
        points inside.
    chance : (factors, 2) float
        Quasi-p-value of each lower and upper limit: the chance that as many failures would lie
        inside if the limit did nothing; nan without one.
    reproduced : (factors,) float
        Share of half samples in which the method restricts the factor too.
    """

    limits: Limits
    coverage: float
    density: float
    mass: float
    chance: Float
    reproduced: Float


def find_boxes(x: Float, y: Bool, *, seed: int = 0) -> list[Box]:
    """Return the boxes in which failures are densest, the best first.

    Each further box explains failures that those before do not hold. There are none where nothing
    or everything fails, or where no restriction is more than chance.

    Parameters
    ----------
    x : (points, factors) float
        Worlds.
    y : (points,) bool
        Whether the policy fails there.
    seed : int
        Seed of the half samples.
    """
    boxes: list[Box] = []
    left = np.ones(len(y), dtype=bool)
    while len(boxes) < MOST_BOXES and 0 < y[left].sum() < left.sum():
        limits = seek(x[left], y[left])
        if not limits.restricted().any():
            break
        boxes.append(_judged(limits, x, y, left, seed))
        left &= ~limits.holds(x)
    return boxes


def seek(x: Float, y: Bool) -> Limits:
    """Return the best box: peeled, chosen, pasted, and freed of what chance explains."""
    limits = max(peelings(x, y), key=lambda one: _worth(one, x, y))
    return significant(paste(limits, x, y), x, y)


def peelings(x: Float, y: Bool) -> Iterator[Limits]:
    """Yield ever smaller boxes, from the whole space on."""
    limits = Limits(np.full(x.shape[1], -np.inf), np.full(x.shape[1], np.inf))
    least = max(FEWEST, int(np.ceil(LEAST_MASS * len(y))))
    while True:
        yield limits
        inside = limits.holds(x)
        best, gain = limits, 0.0
        for peeled in _peels(limits, x[inside]):
            kept = inside & peeled.holds(x)
            lost = inside.sum() - kept.sum()
            if not lost or kept.sum() < least:
                continue
            worth = (y[kept].mean() - y[inside].mean()) / lost
            if worth > gain:
                best, gain = peeled, worth
        if best is limits:
            return
        limits = best


def _peels(limits: Limits, x: Float) -> Iterator[Limits]:
    """Yield the box with each face moved inwards past a share of its points, or past one level."""
    for factor in range(x.shape[1]):
        values = np.unique(x[:, factor])
        if len(values) < 2:
            continue
        ordered = np.sort(x[:, factor])
        take = max(int(PEEL * len(ordered)), 1)
        # What goes is at least one value, and the limit lies midway to the next that stays.
        place = max(int(np.searchsorted(values, ordered[take - 1], side="right")), 1)
        if place < len(values):
            yield limits.moved(factor, (values[place - 1] + values[place]) / 2, upper=False)
        place = min(int(np.searchsorted(values, ordered[-take])), len(values) - 1)
        if place > 0:
            yield limits.moved(factor, (values[place - 1] + values[place]) / 2, upper=True)


def paste(limits: Limits, x: Float, y: Bool) -> Limits:
    """Return a box with its faces moved outwards as long as its density does not fall."""
    while True:
        inside = limits.holds(x)
        density = y[inside].mean()
        wider = [
            pasted
            for pasted in _pastes(limits, x)
            if pasted.holds(x).sum() > inside.sum() and y[pasted.holds(x)].mean() >= density
        ]
        if not wider:
            return limits
        limits = max(wider, key=lambda one: y[one.holds(x)].mean())


def _pastes(limits: Limits, x: Float) -> Iterator[Limits]:
    """Yield the box with each limited face moved outwards past a share of its points."""
    size = max(int(PEEL * limits.holds(x).sum()), 1)
    for factor, upper in limits.faces():
        limit = (limits.high if upper else limits.low)[factor]
        free = limits.without(factor, upper=upper)
        values = x[free.holds(x), factor]
        outside = np.sort(values[values > limit]) if upper else np.sort(values[values < limit])[::-1]
        if len(outside) <= size:
            yield free
        else:
            yield limits.moved(factor, (outside[size - 1] + outside[size]) / 2, upper=upper)


def significant(limits: Limits, x: Float, y: Bool) -> Limits:
    """Return a box without the limits that chance explains, the weakest dropped first."""
    while limits.restricted().any():
        chance = quasi_p(limits, x, y)
        factor, side = np.unravel_index(np.nanargmax(chance), chance.shape)
        if chance[factor, side] <= CHANCE:
            break
        limits = limits.without(int(factor), upper=bool(side))
    return limits


def quasi_p(limits: Limits, x: Float, y: Bool) -> Float:
    """Return the quasi-p-value of each limit (Bryant and Lempert 2010), ``(factors, 2)``.

    A limit is set against the box without it: the chance, by the binomial distribution, that as
    many of the points inside would fail as do if they failed as often as in the wider box.
    """
    from scipy.stats import binom

    inside = limits.holds(x)
    count, hits = int(inside.sum()), int(y[inside].sum())
    chance = np.full((x.shape[1], 2), np.nan)
    for factor, upper in limits.faces():
        wider = limits.without(factor, upper=upper).holds(x)
        chance[factor, int(upper)] = binom.sf(hits - 1, count, y[wider].mean())
    return chance


def _worth(limits: Limits, x: Float, y: Bool) -> float:
    """Return the correlation between lying in the box and failing; none for the whole space."""
    inside = limits.holds(x)
    if inside.all():
        return 0.0
    return float(np.corrcoef(inside, y)[0, 1])


def _judged(limits: Limits, x: Float, y: Bool, left: Bool, seed: int) -> Box:
    """Return a box with its measures; points of earlier boxes count in none of them."""
    inside = limits.holds(x) & left
    return Box(
        limits=limits,
        coverage=float(y[inside].sum() / y.sum()),
        density=float(y[inside].mean()),
        mass=float(inside.mean()),
        chance=quasi_p(limits, x[left], y[left]),
        reproduced=_reproduced(x[left], y[left], seed),
    )


def _reproduced(x: Float, y: Bool, seed: int) -> Float:
    """Return in which share of random halves of the points each factor is restricted."""
    rng = np.random.default_rng(seed)
    times = np.zeros(x.shape[1])
    for _ in range(RESAMPLES):
        half = rng.permutation(len(y))[: (len(y) + 1) // 2]
        if 0 < y[half].sum() < len(half):
            times += seek(x[half], y[half]).restricted()
    return times / RESAMPLES
