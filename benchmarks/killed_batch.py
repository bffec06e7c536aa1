"""Kill a batch with kill -9 at random moments, go on with it, and compare the hashes.

Each trial starts `deftrade ensemble` in a process group of its own, kills the command at a moment drawn
evenly over the time that the whole batch takes (workers are left to notice), as often as told, goes
on with `--resume`, and compares the hashes of values with those of a batch that was never killed.

    python benchmarks/killed_batch.py [--trials 10] [--kills 2] [--runs 12] [--years 2] [--seed 1]
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[1]
FLAGSHIP = REPOSITORY / "scenarios" / "crescent_cooperation.yaml"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")]),
}


def command(asked, out, *more):
    return [
        sys.executable, "-m", "deftrade", "ensemble", asked.scenario, "--runs", str(asked.runs),
        "--years", str(asked.years), "--workers", str(asked.workers), "--out", str(out), "--quiet", *more,
    ]  # fmt: skip


def content(out):
    (folder,) = out.iterdir()
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["content"]


def killed(asked, out, after):
    """Start or go on, kill after some seconds; return whether it was still running, and runs kept."""
    process = subprocess.Popen(
        command(asked, out, "--resume"), env=ENVIRONMENT, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
    kept = len(list(out.glob("*/runs/*.parquet")))
    return process.returncode == -signal.SIGKILL, kept


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (
        ("trials", 10),
        ("kills", 2),
        ("runs", 12),
        ("years", 2),
        ("seed", 1),
        ("workers", 2),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--scenario", default=str(FLAGSHIP))
    asked = parser.parse_args()
    draws = np.random.default_rng(asked.seed)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="deftrade-killed-") as name:
        whole = Path(name) / "whole"
        began = time.perf_counter()
        subprocess.run(command(asked, whole), env=ENVIRONMENT, check=True)
        length = time.perf_counter() - began
        expected = content(whole)
        print(f"{asked.runs} runs of {asked.years} years, never killed: {length:.1f} s")
        print(f"{'trial':>5}  {'killed after s (runs kept)':40} hashes")
        for trial in range(1, asked.trials + 1):
            out = Path(name) / f"trial-{trial}"
            out.mkdir()
            story = []
            for after in draws.uniform(0, length, asked.kills):
                was_killed, kept = killed(asked, out, after)
                story.append(f"{after:.2f} ({kept})" if was_killed else "done before")
            subprocess.run(command(asked, out, "--resume"), env=ENVIRONMENT, check=True)
            same = content(out) == expected
            wrong += not same
            print(f"{trial:5}  {', '.join(story):40} {'same' if same else 'DIFFER'}", flush=True)
    print(f"{asked.trials - wrong} of {asked.trials} ended with the same hashes")
    raise SystemExit(wrong > 0)


if __name__ == "__main__":
    main()
