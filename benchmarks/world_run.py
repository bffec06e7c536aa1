"""Time the synthetic world in one process: load, start, run with every series kept, and memory.

Usage: python benchmarks/world_run.py [--years 40] [--repeats 3] [--scenario FILE]
"""

import argparse
import os
import platform
import statistics
import sys
import time
from pathlib import Path

# One thread, set before NumPy loads its BLAS, as in the tests and the manifests.
for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
    os.environ.setdefault(f"{name}_NUM_THREADS", "1")

REPOSITORY = Path(__file__).resolve().parents[1]
SCENARIO = REPOSITORY / "scenarios" / "world_synthetic.yaml"


def peak_memory():
    """Return the peak memory of this process in MB, or None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1024)


def timed(seconds, part, action):
    """Run an action, add its seconds under a part's name, return its result."""
    begun = time.perf_counter()
    result = action()
    seconds.setdefault(part, []).append(time.perf_counter() - begun)
    return result


def once(scenario_file, years, seconds):
    """Load, start and run a scenario once; `simulate` is the same start and steps in one call."""
    from deftrade import Results, load, start, step

    def run_on():
        while not run.is_done:
            step(run)
        return Results(run)

    scenario = timed(seconds, "load", lambda: load(scenario_file, years=years))
    run = timed(seconds, "start (opening equilibrium)", lambda: start(scenario))
    return timed(seconds, "run (all series kept)", run_on)


def report(results, seconds):
    """Print one line a part and the size of what was run."""
    world, calendar = results.world, results.scenario.calendar
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors")
    # Settling before the opening also leaves tenders and contracts; they are not of the run.
    tenders = int((world.tenders.opened >= 0).sum())
    contracts = int((world.contracts.signed >= 0).sum())
    print(
        f"{len(world.states)} states, {len(world.firms)} firms, {len(world.lines)} lines, "
        f"{calendar.steps} steps, {tenders} tenders, {contracts} contracts signed"
    )
    width = max(map(len, seconds))
    print(f"{'part':<{width}}  {'best s':>8}  {'median s':>8}  {'runs':>4}")
    for part, values in seconds.items():
        median = statistics.median(values)
        print(f"{part:<{width}}  {min(values):8.3f}  {median:8.3f}  {len(values):4d}")
    run = min(seconds["run (all series kept)"])
    each = f"{1e6 * run / tenders:.0f} µs a tender" if tenders else "no time a tender"
    print(f"{1e3 * run / max(calendar.steps, 1):.1f} ms a step, {each}")
    memory = peak_memory()
    print(f"peak memory {memory:.0f} MB" if memory else "peak memory unknown on this system")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", type=Path, default=SCENARIO)
    parser.add_argument("--years", type=float, default=None, help="default: the whole scenario")
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    seconds = {}
    timed(seconds, "import", lambda: __import__("deftrade.simulation"))
    results = None
    for _ in range(max(arguments.repeats, 1)):
        results = once(arguments.scenario, arguments.years, seconds)
    report(results, seconds)


if __name__ == "__main__":
    main()
