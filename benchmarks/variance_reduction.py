"""What common random numbers gain: how many unpaired runs one pair is worth, by indicator and horizon.

Usage: python benchmarks/variance_reduction.py [--runs 16] [--horizons 1 5 10 25] [--only NAME ...]
       [--workers N]

Every variant and what it varies are run with the same seeds, first with draws keyed by the ids of what they
decide (as deftrade draws), then with a shared stream: one generator, seeded alike in both scenarios, whose
next number goes to whoever asks next, as in most simulators. The factor is ``(var A + var B) / var(B - A)``:
1 is what independent seeds give. Indicators are those of a run that ends at the horizon.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from deftrade import load
from deftrade.core.draws import Draws, replicate_seed
from deftrade.experiments.batch.openings import opened
from deftrade.experiments.statistics import variance_reduction
from deftrade.results.indicators import HEADLINES, measure
from deftrade.results.results import Results
from deftrade.simulation import start, step

ROOT = Path(__file__).resolve().parents[1]
SEED = 2033
PAIRS = {
    "crescent_cooperation": "baseline",
    "autarky": "baseline",
    "burden_pledge": "baseline",
    "export_drive": "crescent_cooperation",
    "strict_control": "crescent_cooperation",
    "embargo_shock": "crescent_cooperation",
}


class SharedStream(Draws):
    """Draws from one generator in the order of asking, whatever they are for."""

    def __init__(self, seed):
        super().__init__(seed)
        self.stream = np.random.default_rng(seed)

    def words(self, purpose, *ids):
        """Return the next words of the stream, one a decision."""
        shape = np.broadcast_shapes(*(np.shape(each) for each in ids))
        return self.stream.integers(0, 2**64, shape, dtype=np.uint64)


def played(name, run, horizons, shared):
    """Return the indicators of one run at every horizon, ``(horizons, indicators)``."""
    scenario = load(ROOT / "scenarios" / f"{name}.yaml", years=max(horizons))
    scenario = scenario.with_seed(replicate_seed(SEED, run))
    scenario = replace(
        scenario, outputs=replace(scenario.outputs, series=("states", "firms", "alliances", "flows"))
    )
    going = start(scenario, opening=opened(scenario))
    if shared:
        going.world.draws = SharedStream(scenario.seed)
    found = []
    for years in range(1, max(horizons) + 1):
        for _ in range(scenario.calendar.steps_per_year):
            step(going)
        if years in horizons:
            values = {item.name: value for item, value in measure(Results(going))}
            found.append([values[indicator] for indicator in HEADLINES])
    return np.array(found)


def main():
    from joblib import Parallel, delayed

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=16)
    parser.add_argument("--horizons", type=int, nargs="+", default=[1, 5, 10, 25])
    parser.add_argument("--only", nargs="*", choices=PAIRS, default=list(PAIRS))
    parser.add_argument("--workers", type=int, default=-1)
    options = parser.parse_args()
    names = sorted({*options.only, *(PAIRS[name] for name in options.only)})
    tasks = [(name, run, shared) for shared in (False, True) for name in names for run in range(options.runs)]
    results = Parallel(options.workers)(
        delayed(played)(name, run, options.horizons, shared) for name, run, shared in tasks
    )
    runs = {
        (name, shared): np.array([found for task, found in zip(tasks, results, strict=True)
                                  if (task[0], task[2]) == (name, shared)])
        for shared in (False, True) for name in names
    }  # fmt: skip
    for name in options.only:
        base = PAIRS[name]
        print(f"\n### {name} against {base}, {options.runs} pairs: keyed draws / shared stream\n")
        print("| indicator | " + " | ".join(f"{years} years" for years in options.horizons) + " |")
        print("|---|" + "---:|" * len(options.horizons))
        gains = [
            [
                variance_reduction(runs[base, shared][:, h], runs[name, shared][:, h])
                for h in range(len(options.horizons))
            ]
            for shared in (False, True)
        ]
        for k, indicator in enumerate(HEADLINES):
            cells = [f"{told(keyed[k])} / {told(stream[k])}" for keyed, stream in zip(*gains, strict=True)]
            print(f"| {indicator} | {' | '.join(cells)} |", flush=True)


def told(gain):
    """Return a factor in two digits; nothing varies, or only the difference does not."""
    if np.isnan(gain):
        return "–"
    if np.isinf(gain):
        return "∞"
    return f"{gain:.2g}" if gain < 100 else f"{gain:.0f}" if gain <= 1000 else "> 1,000"


if __name__ == "__main__":
    main()
