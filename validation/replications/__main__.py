"""Write the gallery: ``python -m validation.replications [names] --out DIR``."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from validation.replications.gallery import NAMES, run, write


def main(arguments: list[str] | None = None) -> None:
    """Run replications and write figures and page."""
    parser = argparse.ArgumentParser(prog="python -m validation.replications", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"out of {', '.join(NAMES)}; default all")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder of the page (default: docs)")
    parser.add_argument(
        "--scenarios", type=Path, default=Path("scenarios"), help="folder of the shipped scenarios"
    )
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.names) - set(NAMES))
    if unknown:
        parser.error(f"no replication {', '.join(unknown)}; there are {', '.join(NAMES)}")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    log = logging.getLogger("validation.replications")
    for name in options.names or NAMES:
        log.info("%s …", name)
        page = write({name: run(name, options.scenarios)}, options.out)
        log.info("%s: %s", name, page)


if __name__ == "__main__":
    main()
