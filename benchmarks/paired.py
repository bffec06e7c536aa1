"""Run scenarios on paired seeds and compare their indicators; what the benchmarks of policy share.

Two scenarios run with the same seeds: what they do not change has the same luck. The interval of the
paired difference is mean ± t·s/√n with the 97.5 % quantile of Student's t (2.093 for twenty seeds); for
other numbers of seeds the normal quantile with Cornish and Fisher's correction.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from statistics import NormalDist, fmean, stdev

# One thread a process, set before NumPy loads its BLAS.
for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ.setdefault(f"{name}_NUM_THREADS", "1")

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"


@cache
def scenario(name, years):
    """Return a scenario that keeps what indicators need, by year."""
    from deftrade import load
    from deftrade.scenario.resolved import Outputs

    first = load(SCENARIOS / f"{name}.yaml", years=years)
    outputs = Outputs(("states", "firms", "alliances", "flows"), "year", first.outputs.focus)
    return replace(first, outputs=outputs)


def changed(params, settings):
    """Return parameters with values exchanged, given as ``phase.name=value``."""
    for setting in settings:
        path, value = setting.split("=")
        phase, name = path.split(".")
        group = getattr(params, phase).model_copy(update={name: float(value)})
        params = params.model_copy(update={phase: group})
    return params


def measured(name, seed, years, settings=()):
    """Return the indicators of one run, with their units."""
    return indicated(played(name, seed, years, settings))


def played(name, seed, years, settings=()):
    """Return the results of one run, with changed parameters if any are given."""
    from deftrade.simulation import simulate

    first = scenario(name, years).with_seed(seed)
    return simulate(replace(first, params=changed(first.params, settings)))


def indicated(results):
    """Return the indicators of results, with their units."""
    from deftrade.indicators import measure

    return {item.name: (value, item.unit) for item, value in measure(results)}


def run_all(names, seeds, years, jobs, work=measured):
    """Return what ``work`` finds for each scenario and seed."""
    tasks = [(name, seed, years) for name in names for seed in seeds]
    with ProcessPoolExecutor(jobs) as pool:
        done = list(pool.map(work, *zip(*tasks, strict=True), chunksize=4))
    return {(name, seed): found for (name, seed, _), found in zip(tasks, done, strict=True)}


def quantile(count):
    """Return the 97.5 % quantile of Student's t with ``count - 1`` degrees of freedom."""
    if count == 20:
        return 2.093
    normal, freedom = NormalDist().inv_cdf(0.975), count - 1
    return (
        normal
        + (normal**3 + normal) / (4 * freedom)
        + (5 * normal**5 + 16 * normal**3 + 3 * normal) / (96 * freedom**2)
    )


def interval(one, other):
    """Return the mean paired difference and the ends of its 95 % interval."""
    moved = [after - before for before, after in zip(one, other, strict=True)]
    half = quantile(len(moved)) * stdev(moved) / len(moved) ** 0.5
    return fmean(moved), fmean(moved) - half, fmean(moved) + half


def number(value):
    """Return a number with four digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def seeds_of(count):
    """Return that many seeds, two at least: one has no spread."""
    return list(range(1, max(count, 2) + 1))
