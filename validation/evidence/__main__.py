"""``python -m validation.evidence``: measure all rows and write the table that the package shows."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from deftrade.report import measured
from validation.evidence.measured import measure_all, write
from validation.evidence.running import play_on

KEPT = Path(measured.__file__).with_name(measured.FILE)
"""The table that is part of the package."""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m validation.evidence", description=__doc__)
    parser.add_argument("--scenario", type=Path, help="the baseline, if it lies elsewhere")
    parser.add_argument("--out", type=Path, default=KEPT, help="file to write")
    chosen = parser.parse_args()
    if chosen.scenario is not None:
        play_on(chosen.scenario)
    rows = []
    for row in measure_all():
        sys.stderr.write(f"{row.row}: {row.indicator} {row.share:+.3g}, cut {row.size_cut:g}\n")
        rows.append(row)
    write(rows, chosen.out)


if __name__ == "__main__":
    main()
