"""Compare years, quarters and months as step lengths over many runs, and print a Markdown table.

Usage: python benchmarks/step_lengths.py [--seeds 100] [--years 10] [--jobs N] [--bound 0.05]

The baseline world runs with each step length and every seed. Luck that belongs to a date differs
between step lengths, so paths differ and only means can agree. Two step lengths count as equivalent
in an indicator where the 90 % interval of the ratio of their means lies within one plus or minus the
bound (two one-sided tests at 5 %; Schuirmann 1987); where the interval sticks out they differ by
more, or the runs are too few to tell.
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
SUMMED = ("milex", "exports", "value_added", "diversions", "small_refusals", "business_forgone")
LEVELS = ("usable_capability", "readiness", "jobs_direct", "know_how", "debt", "threat")
LATE = 3


@cache
def scenario(step, years):
    """Return the baseline with another step length, kept by year."""
    from deftrade import load
    from deftrade.dates import Calendar
    from deftrade.scenario.resolved import Outputs

    first = load(SCENARIO, years=years)
    calendar = Calendar(first.calendar.start, first.calendar.end, step)
    return replace(first, calendar=calendar, outputs=Outputs(("states",), "year", first.outputs.focus))


def measured(step, years, seed):
    """Return indicators of one run, sums and late levels over all states."""
    from deftrade.simulation import simulate

    record = simulate(scenario(step, years).with_seed(seed)).record
    sums = {name: record.series("states", name)[1:].sum() / years for name in SUMMED}
    means = ("readiness", "know_how", "threat")
    levels = {
        name: record.series("states", name)[-LATE:].mean()
        if name in means
        else record.series("states", name)[-LATE:].sum() / LATE
        for name in LEVELS
    }
    return {name: float(value) for name, value in (sums | levels).items()}


def ratio_interval(these, those):
    """Return the ratio of two means and its 90 % interval by the delta method."""
    top, bottom = fmean(these), fmean(those)
    spread = ((stdev(these) / top) ** 2 / len(these) + (stdev(those) / bottom) ** 2 / len(those)) ** 0.5
    half = NormalDist().inv_cdf(0.95) * spread * top / bottom
    return top / bottom, top / bottom - half, top / bottom + half


def main():
    """Print ratios of means to those of quarters."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--bound", type=float, default=0.05)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    seeds = range(1, options.seeds + 1)
    found = {}
    with ProcessPoolExecutor(options.jobs) as pool:
        for step in STEPS:
            work = partial(measured, step, options.years)
            found[step] = list(pool.map(work, seeds, chunksize=5))
    print(f"{options.seeds} runs of {options.years} years each; bound ±{options.bound:.0%}\n")
    print("| indicator | quarter | year / quarter | 90 % interval | | month / quarter | 90 % interval | |")
    print("|---|---:|---:|---|---|---:|---|---|")
    for name in (*SUMMED, *LEVELS):
        quarter = [run[name] for run in found["quarter"]]
        cells = [f"{fmean(quarter):,.4g}"]
        for step in ("year", "month"):
            middle, low, high = ratio_interval([run[name] for run in found[step]], quarter)
            inside = low >= 1 - options.bound and high <= 1 + options.bound
            cells += [f"{middle:.3f}", f"{low:.3f} … {high:.3f}", "equivalent" if inside else ""]
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
