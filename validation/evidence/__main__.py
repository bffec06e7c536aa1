"""``python -m validation.evidence``: measure rows and write the table that the package shows.

Without names all rows are measured; with names only the rows of these levers (``States.offset_rate``) and
events (``embargo``), while the others stay as the table has them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deftrade.report import measured
from deftrade.report.measured import Measured
from validation.evidence.measured import measure, named, write
from validation.evidence.running import play_on

KEPT = Path(measured.__file__).with_name(measured.FILE)
"""The table that is part of the package."""


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(prog="python -m validation.evidence", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="name", help="measure the rows of these levers and events alone"
    )
    parser.add_argument("--scenario", type=Path, help="the baseline, if it lies elsewhere")
    parser.add_argument("--out", type=Path, default=KEPT, help="file to write")
    chosen = parser.parse_args()
    if chosen.scenario is not None:
        play_on(chosen.scenario)
    unknown = sorted(set(chosen.names) - {row.name for row in named().values()})
    if unknown:
        parser.error(f"no evidence for {', '.join(unknown)}")
    write(_measured(chosen.names), chosen.out)


def _measured(names: Sequence[str]) -> list[Measured]:
    """Return the rows of the table, those of the names measured anew, or all if there are none."""
    before = {row.row: row for row in measured.kept()} if names else {}
    rows = []
    for name, evidence in named().items():
        row = before.get(name)
        if row is None or evidence.name in names:
            row = measure(name, evidence)
            sys.stderr.write(f"{row.row}: {row.indicator} {row.share:+.3g}, cut {row.size_cut:g}\n")
        rows.append(row)
    return rows


if __name__ == "__main__":
    main()
