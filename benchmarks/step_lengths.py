"""Compare months and years with quarters as step lengths over many runs, and print a Markdown table.

Usage: python benchmarks/step_lengths.py [--seeds 100] [--years 5] [--jobs N] [--bound 0.05]

The baseline world runs with each step length and every seed, from the same opening. Years are
computed in quarters, so that each must end exactly as the quarters of its seed: it is said of how
many it is true. Luck that belongs to a date differs between months and quarters, so paths differ and
only means can agree. They count as equivalent in an indicator where the 90 % interval of the ratio of
their means lies within one plus or minus the bound (two one-sided tests at 5 %; Schuirmann 1987);
where the interval sticks out they differ by more, or the runs are too few to tell. Rare events have
no bound: their interval says what is known.
"""

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from statistics import NormalDist, fmean, stdev

# One thread a process, set before NumPy loads its BLAS.
for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ.setdefault(f"{name}_NUM_THREADS", "1")

SCENARIO = Path(__file__).resolve().parents[1] / "scenarios" / "baseline.yaml"
STEPS = ("year", "quarter", "month")
RARE = ("diversions", "business_forgone")
SUMMED = ("milex", "exports", "value_added", "small_refusals", *RARE)
LEVELS = ("usable_capability", "readiness", "jobs_direct", "know_how", "debt", "threat")
LATE = 3


@cache
def scenario(step, years):
    """Return the baseline with another step length, kept by year."""
    from deftrade import load
    from deftrade.core.dates import Calendar
    from deftrade.scenario.resolved import Outputs

    first = load(SCENARIO, years=years)
    calendar = Calendar(first.calendar.start, first.calendar.end, step)
    return replace(first, calendar=calendar, outputs=Outputs(("states",), "year", first.outputs.focus))


def measured(step, years, seed):
    """Return the digest of a run's end and its indicators, sums and late levels over all states."""
    from deftrade.simulation import simulate

    results = simulate(scenario(step, years).with_seed(seed))
    record = results.record
    sums = {name: record.series("states", name)[1:].sum() / years for name in SUMMED}
    means = ("readiness", "know_how", "threat")
    levels = {
        name: record.series("states", name)[-LATE:].mean()
        if name in means
        else record.series("states", name)[-LATE:].sum() / LATE
        for name in LEVELS
    }
    return results.world.digest(), {name: float(value) for name, value in (sums | levels).items()}


def ratio_interval(these, those):
    """Return the ratio of two means and its 90 % interval by the delta method; nan where one is zero."""
    top, bottom = fmean(these), fmean(those)
    if not (top and bottom):
        return (float("nan"),) * 3
    spread = ((stdev(these) / top) ** 2 / len(these) + (stdev(those) / bottom) ** 2 / len(those)) ** 0.5
    half = NormalDist().inv_cdf(0.95) * spread * top / bottom
    return top / bottom, top / bottom - half, top / bottom + half


def main():
    """Print ratios of means to those of quarters."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--bound", type=float, default=0.05)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    seeds = range(1, options.seeds + 1)
    found = {}
    with ProcessPoolExecutor(options.jobs) as pool:
        for step in STEPS:
            work = partial(measured, step, options.years)
            found[step] = list(pool.map(work, seeds, chunksize=5))
    ends = {step: [digest for digest, _ in runs] for step, runs in found.items()}
    same = sum(one == other for one, other in zip(ends["year"], ends["quarter"], strict=True))
    print(f"{options.seeds} runs of {options.years} years each; bound ±{options.bound:.0%}")
    print(f"{same} of {options.seeds} runs in years end as those in quarters, to the bit\n")
    print("| indicator | quarter | month / quarter | 90 % interval | |")
    print("|---|---:|---:|---|---|")
    for name in (*SUMMED, *LEVELS):
        month, quarter = ([run[name] for _, run in found[step]] for step in ("month", "quarter"))
        middle, low, high = ratio_interval(month, quarter)
        inside = low >= 1 - options.bound and high <= 1 + options.bound
        verdict = "equivalent" if inside else "rare" if name in RARE else "not shown"
        print(f"| {name} | {fmean(quarter):,.4g} | {middle:.3f} | {low:.3f} … {high:.3f} | {verdict} |")


if __name__ == "__main__":
    main()
