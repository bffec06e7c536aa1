"""Print published facts beside the synthetic world: ``python -m validation.facts [--seeds N] [--years N]``.

The register's column is measured where ``DEFTRADE_DATA`` names a folder with SIPRI's trade register, and
otherwise what was kept of it. ``python -m validation.renew facts`` writes the table to its page.
"""

import argparse
import sys
from pathlib import Path

from validation.facts import pages

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m validation.facts", description=__doc__)
    parser.add_argument("--seeds", type=int, default=pages.SEEDS)
    parser.add_argument("--years", type=int, default=pages.YEARS)
    options = parser.parse_args()
    scenarios = Path(__file__).resolve().parents[2] / "scenarios"
    sys.stdout.write(pages.measure(scenarios, options.seeds, options.years))
