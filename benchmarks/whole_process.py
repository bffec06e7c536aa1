"""Time the command as a user runs it: a fresh Python, one scenario, results on disk.

Usage: python benchmarks/whole_process.py [--repeats 3] [--scenario FILE] [-- OPTIONS OF run]

Each repeat runs in an empty folder of its own, so that no earlier result is found and reused.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
SCENARIO = REPOSITORY / "scenarios" / "world_synthetic.yaml"


def environment():
    """Return this environment with one BLAS thread, no window, and the package on the path."""
    values = dict(os.environ, MPLBACKEND="Agg", PYTHONUTF8="1")
    for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
        values.setdefault(f"{name}_NUM_THREADS", "1")
    paths = [str(REPOSITORY / "src"), values.get("PYTHONPATH", "")]
    values["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return values


def once(scenario, options):
    """Run the command once in an empty folder; return seconds and bytes written."""
    plain = ["--luck", "0", "--quiet"]
    command = [sys.executable, "-m", "deftrade", "run", str(scenario.resolve()), *plain, *options]
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        done = subprocess.run(
            command, cwd=folder, env=environment(), capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - begun
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nexit {done.returncode}\n{done.stdout}{done.stderr}")
    return seconds, size


def children_peak():
    """Return the largest peak memory of the processes run, in MB, or None if unknown."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1024)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scenario", type=Path, default=SCENARIO)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("options", nargs="*", help="passed on to `deftrade run`, after --")
    arguments = parser.parse_args()
    runs = [once(arguments.scenario, arguments.options) for _ in range(max(arguments.repeats, 1))]
    seconds = [run[0] for run in runs]
    print(f"whole process: best {min(seconds):.2f} s, median {statistics.median(seconds):.2f} s")
    print(f"results on disk: {runs[-1][1] / 1e6:.1f} MB")
    memory = children_peak()
    print(f"peak memory {memory:.0f} MB" if memory else "peak memory unknown on this system")


if __name__ == "__main__":
    main()
