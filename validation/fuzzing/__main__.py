"""Tries spoilt files by number: no traceback, hang or warning, nothing written, each refusal with its place.

    python -m validation.fuzzing                                         # 100,000 cases
    python -m validation.fuzzing --cases 500 --first 7000 --kinds tables claims
    python -m validation.fuzzing --first 7134 --cases 1 --kinds tables --keep FOLDER    # one, and its files
    python -m validation.fuzzing --cases 50 --outside                    # on the command line

A case is the same wherever it is tried: kind and number say what it is. The
exit code is 1 if a case goes wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from validation.fuzzing.bench import KINDS, Bench
from validation.fuzzing.judging import REFUSED, TAKEN, WRONG


def main() -> int:
    """Try cases, print what went wrong and how often what happened."""
    parser = argparse.ArgumentParser(
        prog="python -m validation.fuzzing",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument(
        "--shown", type=int, default=20, help="how many wrong ones are printed, of each origin one"
    )
    parser.add_argument("--outside", action="store_true", help="on the command line, in a process each")
    parser.add_argument(
        "--keep", type=Path, help="folder for the files of cases that went wrong, or of the only one"
    )
    asked = parser.parse_args()
    keep = asked.keep.absolute() if asked.keep else None
    counts: Counter[tuple[str, str]] = Counter()
    alike: Counter[str] = Counter()
    with TemporaryDirectory(prefix="deftrade-fuzzing-") as name, Bench(Path(name), asked.kinds) as bench:
        for number in range(asked.first, asked.first + asked.cases):
            kind, verdict = bench.case(number, outside=asked.outside, keep=keep, always=asked.cases == 1)
            counts[kind, verdict.what] += 1
            if verdict.what == WRONG:
                origin = verdict.why.rpartition("(")[2] if verdict.why.endswith(")") else verdict.why[:40]
                alike[origin] += 1
                if alike[origin] == 1 and len(alike) <= asked.shown:
                    print(f"{number} {kind}: {verdict.why[:600]}", flush=True)
    for kind in asked.kinds:
        print(f"{kind}: " + ", ".join(f"{counts[kind, what]} {what}" for what in (TAKEN, REFUSED, WRONG)))
    for origin, count in alike.most_common(asked.shown):
        print(f"{count} times: {origin}")
    return int(bool(alike))


if __name__ == "__main__":
    sys.exit(main())
