"""Content hashes of all results of shipped scenarios, for two states of the source side by side.

    python validation/content_hashes.py                     # the source that is installed
    python validation/content_hashes.py --other OTHER/src   # and another checkout's, in a second column

Hashes are of values and of the order of rows, not of file bytes: equal columns mean that no simulated
number changed. The exit code is 1 where they differ.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
SCENARIOS = REPOSITORY / "scenarios"
YEARS = {"world_synthetic": 10}
"""Scenarios that are not run to their end."""
TABLES = (
    "states", "firms", "alliances", "flows", "contracts", "licences", "accounts", "transactions", "tiv",
    "decisions", "tenders", "obligations", "indicators",
)  # fmt: skip


def hashes() -> dict[str, str]:
    """Return the hash of the last world and of every table of every scenario, by ``scenario table``."""
    import pandas as pd

    from deftrade import load, simulate

    found = {}
    for path in sorted(SCENARIOS.glob("*.yaml")):
        results = simulate(load(path, years=YEARS.get(path.stem)))
        found[f"{path.stem} world"] = results.world.digest()
        for name in TABLES:
            frame = results.to_frame(name)
            state = sha256(",".join(frame.columns).encode())
            for column in frame:
                values = frame[column]
                words = values.astype(str) if isinstance(values.dtype, pd.CategoricalDtype) else values
                state.update(pd.util.hash_pandas_object(words, index=False).to_numpy().tobytes())
            found[f"{path.stem} {name}"] = state.hexdigest()
    return found


def hashes_of(source: Path) -> dict[str, str]:
    """Return what `hashes` returns when the package of another source folder is imported."""
    environment = os.environ | {"PYTHONPATH": str(source.resolve()), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, __file__, "--json"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{source}: {done.stderr}")
    return json.loads(done.stdout)


def main() -> None:
    """Print the hashes, beside those of another source where one is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--other", type=Path, help="folder that holds another deftrade package")
    parser.add_argument("--json", action="store_true", help="print this source's hashes as JSON")
    options = parser.parse_args()
    if options.json:
        print(json.dumps(hashes()))
        return
    here = hashes()
    other = hashes_of(options.other) if options.other else {}
    differing = 0
    for name in sorted(here.keys() | other.keys()):
        pair = [columns.get(name, "-")[:16] for columns in ((here, other) if other else (here,))]
        differs = len(set(pair)) > 1
        differing += differs
        print(f"{name:44}", *pair, "DIFFERS" if differs else "")
    if other:
        print(f"{len(here)} hashes, {differing} differ")
    sys.exit(differing > 0)


if __name__ == "__main__":
    main()
