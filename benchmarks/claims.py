"""Answer the flagship's five claims in a main, a null and a reverse world, and print Markdown tables.

Usage: python benchmarks/claims.py [--seeds 12] [--years 20] [--only capability ...] [--worlds main ...]
       [--set PHASE.NAME=VALUE ...] [--jobs N]

A claim is a policy and the indicators that it is said to move (``scenarios/claims/README.md``). In each
world the policy's run is compared with the run without it on paired seeds (``paired.py``). ``--set``
changes a parameter of every world asked for: with it one finds the value at which a verdict turns.
"""

import argparse
import os
from functools import partial
from statistics import fmean

import paired

WORLDS = ("main", "null", "reverse")
CLAIMS = {
    "capability": {"usable_capability": 1, "know_how": 1, "readiness": 0, "fiscal_cost": 0},
    "exports": {"jobs_net": 1, "know_how": 1, "exports": 0, "value_added": 0, "fiscal_cost": 0},
    "alliances": {"cohesion": 1, "alignment": 1, "memberships": 0, "exports": 0},
    "control": {
        "diversions_prevented": 1,
        "diversions": -1,
        "world_diversions": -1,
        "business_forgone": 0,
        "refused_supplied": 0,
        "jobs_direct": 0,
    },
    "together": {
        "jobs_net": 1,
        "usable_capability": 1,
        "conflict_spiral": -1,
        "conflict_deterrence": 0,
        "value_added": 0,
        "fiscal_cost": 0,
    },
}
"""Indicators of each claim: 1 it should rise, -1 it should fall, 0 reported beside, as price or means.

The first is the claim's headline: null and reverse worlds are built for it."""


def verdict(low, high, wanted, level):
    """Return what an interval says, in words, and what that is to the claim."""
    if low == high == 0:
        return "no effect at all"
    if low <= 0 <= high:
        widest = max(-low, high) / abs(level) if level else 1
        return f"cannot tell: within {widest:.1%} either way" if widest < 1 else "cannot tell"
    sign = 1 if low > 0 else -1
    words = "rises" if sign > 0 else "falls"
    return f"{words}: {'as claimed' if sign == wanted else 'the opposite'}" if wanted else words


def table(claim, world, runs, seeds):
    """Print the paired comparison of a claim in a world."""
    without, treated = (f"claims/{claim}/{world}{ending}" for ending in ("", "_policy"))
    print(f"\n### {claim}: {world} world, {len(seeds)} paired seeds\n")
    print("| indicator | unit | without | with | difference | 95 % interval | verdict |")
    print("|---|---|---:|---:|---:|---:|---|")
    for place, (key, wanted) in enumerate(CLAIMS[claim].items()):
        one = [runs[without, seed][key][0] for seed in seeds]
        other = [runs[treated, seed][key][0] for seed in seeds]
        moved, low, high = paired.interval(one, other)
        cells = [paired.number(value) for value in (fmean(one), fmean(other), moved, low, high)]
        name = f"**{key}**" if place == 0 else key
        print(
            f"| {name} | {runs[without, seeds[0]][key][1]} | {' | '.join(cells[:3])} "
            f"| {cells[3]} … {cells[4]} | {verdict(low, high, wanted, fmean(one))} |",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--years", type=float, default=20)
    parser.add_argument("--only", nargs="*", choices=CLAIMS, default=list(CLAIMS))
    parser.add_argument("--worlds", nargs="*", choices=WORLDS, default=WORLDS)
    parser.add_argument("--set", action="append", default=[], metavar="PHASE.NAME=VALUE")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    seeds = paired.seeds_of(arguments.seeds)
    work = partial(paired.measured, settings=tuple(arguments.set))
    for claim in arguments.only:
        for world in arguments.worlds:
            names = [f"claims/{claim}/{world}{ending}" for ending in ("", "_policy")]
            runs = paired.run_all(names, seeds, arguments.years, arguments.jobs, work)
            table(claim, world, runs, seeds)


if __name__ == "__main__":
    main()
