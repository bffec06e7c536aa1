"""How often the 95 % interval of a small comparison holds the truth, for each headline indicator.

Usage: python benchmarks/coverage.py [--pairs 800] [--years 5] [--compared 30 100 200] [--times 1000]
       [--base baseline] [--policy crescent_cooperation] [--workers N] [--out FOLDER]

A pool of real pairs of runs (the flagship against its baseline, cut to its first years) is played once.
Its means are the truth; each of 1,000 small comparisons draws its pairs from the pool with replacement, so
that the pool is the population and the truth is known exactly. What no pair of the pool shows, such as an
event of one run in 10,000, this cannot see. An interval is not given where fewer than ten pairs differ;
how often that is stands beside the coverage of those given. The pool stays in --out and is gone on with.
"""

import argparse
from pathlib import Path

import numpy as np

from deftrade import compare
from deftrade.experiments.compare.pairs import indicators_by_run
from deftrade.experiments.statistics import estimate
from deftrade.results.indicators import HEADLINES

ROOT = Path(__file__).resolve().parents[1]
SEED = 2031
DRAWS = np.random.default_rng(11)


def pool(options):
    """Return the differences of many pairs, ``(pairs, indicators)``."""
    files = [ROOT / "scenarios" / f"{name}.yaml" for name in (options.base, options.policy)]
    found = compare(
        *files,
        runs=options.pairs,
        years=options.years,
        seed=SEED,
        workers=options.workers,
        out=options.out,
        resume=True,
    )
    base, policy = indicators_by_run(found.result, HEADLINES).values()
    return policy - base


def coverage(differences, pairs, times):
    """Return the share of intervals that hold the truth, and of comparisons that give one."""
    truth = differences.mean(axis=0)
    held, given = (np.zeros(len(truth)) for _ in range(2))
    for _ in range(times):
        found = estimate(differences[DRAWS.integers(0, len(differences), pairs)])
        told = np.isfinite(found.low)
        # Equal bits in every pair are told as "no effect in any pair", not as an interval.
        told &= (found.moved > 0) | (np.abs(differences).max(axis=0) == 0)
        given += told
        held += told & (found.low <= truth) & (truth <= found.high)
    return np.divide(held, given, out=np.full(len(truth), np.nan), where=given > 0), given / times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=800)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--compared", type=int, nargs="+", default=[30, 100, 200])
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--base", default="baseline")
    parser.add_argument("--policy", default="crescent_cooperation")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--out", default=str(ROOT / "outputs"))
    options = parser.parse_args()
    differences = pool(options)
    spread = differences.std(axis=0)
    apart = differences - differences.mean(axis=0)
    skew = (apart**3).mean(axis=0) / np.where(spread > 0, spread, np.nan) ** 3
    tables = [coverage(differences, pairs, options.times) for pairs in options.compared]
    print(f"{options.policy} against {options.base}, {options.years} years, {len(differences)} pairs in the")
    print(
        f"pool; {options.times} comparisons of each size. Covered, share of comparisons with an interval:\n"
    )
    heads = " | ".join(f"{pairs} pairs" for pairs in options.compared)
    print(f"| indicator | pairs that differ | skewness | {heads} |")
    print(f"|---|---:|---:|{'---:|' * len(options.compared)}")
    for k, name in enumerate(HEADLINES):
        cells = [
            f"{held[k]:.1%}" + ("" if given[k] == 1 else f" of {given[k]:.1%}") if given[k] else "none given"
            for held, given in tables
        ]
        moved = (differences[:, k] != 0).mean()
        print(f"| {name} | {moved:.1%} | {skew[k]:.1f} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
