"""Where in the space of factors to look: grids, Latin hypercubes, Sobol sequences, Morris, Saltelli."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.draws import identify
from deftrade.experiments.design.salib import problem, require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.core.arrays import Float
    from deftrade.experiments.design.factors import Factor


DESIGNS = ("grid", "lhs", "sobol", "morris")
"""Designs that an experiment file may ask for."""
MOST_POINTS = 100_000
"""Most points of a design; more would be a slip of the pen."""
MORRIS_LEVELS = 4
"""Levels of Morris' grid: the usual choice (Saltelli et al. 2004, Sensitivity Analysis in Practice)."""


MORRIS_STEP = MORRIS_LEVELS / (2 * (MORRIS_LEVELS - 1))
"""Step of a trajectory in the unit interval, by which Morris (1991) treats all levels alike."""
MORRIS_CHOICES = (2, MORRIS_LEVELS)
"""Numbers of levels of a factor on which every step is equally long."""


def morris_problem(factors: Sequence[Factor]) -> str:
    """Return which factor Morris' trajectories cannot step over evenly, or empty text."""
    for factor in factors:
        if factor.levels and len(factor.levels) not in MORRIS_CHOICES:
            count = len(factor.levels)
            return f"morris takes ranges, and 2 or {MORRIS_LEVELS} levels; {factor.path} has {count}"
    return ""


def morris_scale(factors: Sequence[Factor]) -> Float:
    """Return by what effects per unit become effects of the whole range, ``(factors,)``.

    Between two levels every step is the whole range.
    """
    return np.array([MORRIS_STEP if len(factor.levels) == 2 else 1.0 for factor in factors])


def grid_levels(factor: Factor, points: int) -> Float:
    """Return the values of a factor in a grid: its levels, or ``points`` equal steps of its range."""
    if factor.levels:
        return np.array(factor.levels)
    return factor.at(np.linspace(0.0, 1.0, points))


def size(kind: str, factors: Sequence[Factor], points: int) -> int:
    """Return how many points a design has, without making them."""
    if kind == "grid":
        sizes = [len(factor.levels) or points for factor in factors]
        return int(np.prod(sizes, dtype=object))
    if kind == "morris":
        return points * (len(factors) + 1)
    if kind == "saltelli":
        return points * (len(factors) + 2)
    return points


def lay_out(kind: str, factors: Sequence[Factor], points: int, seed: int) -> Float:
    """Return the points of a design, in the factors' units.

    Parameters
    ----------
    kind : str
        One of `DESIGNS`, or ``saltelli`` for Sobol indices.
    factors : sequence of Factor
        What varies.
    points : int
        Levels of each ranged factor in a grid, points of a Latin hypercube or a Sobol sequence,
        trajectories of Morris, base points of Saltelli.
    seed : int
        Seed of the experiment.

    Returns
    -------
    (points, factors) float
    """
    if kind == "grid":
        return np.array(list(product(*(grid_levels(factor, points) for factor in factors))))
    unit = unit_points(kind, len(factors), points, seed)
    return spread(factors, unit)


def spread(factors: Sequence[Factor], unit: Float) -> Float:
    """Return points of the unit cube ``(points, factors)`` in the factors' units."""
    return np.column_stack([factor.at(unit[:, place]) for place, factor in enumerate(factors)])


def unit_points(kind: str, dimensions: int, points: int, seed: int) -> Float:
    """Return the points of a sampled design in the unit cube, ``(points, dimensions)``.

    The same arguments give the same points; another kind of design draws anew.
    """
    draw = identify("design", kind, seed) % 2**32
    if kind in ("morris", "saltelli"):
        return _salib(kind, dimensions, points, draw)
    from scipy.stats import qmc

    rng = np.random.default_rng(draw)
    sampler: Any
    if kind == "lhs":
        sampler = qmc.LatinHypercube(d=dimensions, seed=rng)
    else:
        sampler = qmc.Sobol(d=dimensions, scramble=True, seed=rng)
    return np.asarray(sampler.random(points))


def _salib(kind: str, dimensions: int, points: int, draw: int) -> Float:
    """Return SALib's points in the unit cube."""
    require()
    from SALib.sample import morris, sobol

    space = problem([f"x{place}" for place in range(dimensions)])
    if kind == "morris":
        return np.asarray(morris.sample(space, points, num_levels=MORRIS_LEVELS, seed=draw))
    return np.asarray(sobol.sample(space, points, calc_second_order=False, seed=draw))
