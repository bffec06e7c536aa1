"""Replicates of the flagship in ensembles of several sizes: time, peak memory, size on disk.

Peak memory is the largest resident set that the process which asks, and the largest of its workers,
ever had; it should not grow with the number of runs.

    python benchmarks/ensemble_size.py [--runs 50 200] [--years 25] [--workers 2] [--scenario FILE]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
FLAGSHIP = REPOSITORY / "scenarios" / "crescent_cooperation.yaml"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")]),
}
PROGRAM = """
import resource, sys
from deftrade.cli import main
try:
    main()
finally:
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)  # only processes that were waited for are counted
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        print(resource.getrusage(who).ru_maxrss, file=sys.stderr)
"""


def size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--years", type=int)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--scenario", default=str(FLAGSHIP))
    asked = parser.parse_args()
    print("  runs  workers  time s  s a run and worker  MB asking  MB a worker  MB on disk  kB a run")
    for runs in asked.runs:
        with tempfile.TemporaryDirectory(prefix="deftrade-size-") as name:
            out = Path(name)
            command = [sys.executable, "-c", PROGRAM, "ensemble", asked.scenario, "--quiet"]
            command += ["--runs", str(runs), "--workers", str(asked.workers), "--out", str(out)]
            if asked.years:
                command += ["--years", str(asked.years)]
            began = time.perf_counter()
            done = subprocess.run(
                command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, encoding="utf-8", check=False
            )
            seconds = time.perf_counter() - began
            if done.returncode:
                raise SystemExit(done.stderr)
            own, worker = (int(line) / 1024 for line in done.stderr.split()[-2:])
            disk = size(out)
        print(
            f"{runs:6}  {asked.workers:7}  {seconds:6.1f}  {seconds * asked.workers / runs:18.2f}  {own:9.0f}"
            f"  {worker:11.0f}  {disk / 1e6:10.2f}  {disk / 1e3 / runs:8.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
