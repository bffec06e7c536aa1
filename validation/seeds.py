"""The seed of every shipped scenario that leaves it nearest the middle: ``python -m validation.seeds``.

A scenario file shows one draw of luck, so it should be a typical one. Every file of `scenarios` that names
a seed is played with the seeds 1, 2, ..., and so are the scenarios that take theirs from it. A seed's
distance is the sum, over scenarios and main indicators, of the squared distance of its rank from the middle
rank; the seed of least distance is the most typical. ``--write`` puts it into the files: all numbers that
are kept of these scenarios change then, see `validation.renew`.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from deftrade import load, simulate
from deftrade.files.writing import write_text
from deftrade.results.indicators import HEADLINES, measure

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"
SEEDS = 15
"""How many seeds are tried."""

_SEED = re.compile(r"^seed:[ ]*(\d+)", re.MULTILINE)


def families(scenarios: Path = SCENARIOS) -> dict[Path, list[Path]]:
    """Return the scenario files that share a seed, by the file that names it, itself first."""
    naming = {path: seed for path in sorted(scenarios.glob("*.yaml")) if (seed := named(path)) is not None}
    found: dict[Path, list[Path]] = {path: [path] for path in naming}
    for path in sorted(set(scenarios.glob("*.yaml")) - naming.keys()):
        at = path
        while at not in naming:
            at = at.parent / yaml.safe_load(at.read_text(encoding="utf-8"))["extends"]
        found[at].append(path)
    return found


def named(path: Path) -> int | None:
    """Return the seed that a file itself names, none where it takes another's."""
    found = _SEED.search(path.read_text(encoding="utf-8"))
    return int(found[1]) if found else None


def headlines(path: Path, seed: int, years: int | None = None) -> list[float]:
    """Return the main indicators of a run of a scenario with a seed."""
    values = {item.name: value for item, value in measure(simulate(load(path, seed=seed, years=years)))}
    return [values[name] for name in HEADLINES]


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rank from 1 of every row in each column; rows that are alike share their mean rank.

    Examples
    --------
    >>> ranks(np.array([[3.0], [1.0], [3.0]])).ravel().tolist()
    [2.5, 1.0, 2.5]
    """
    below = (values[None, :, :] < values[:, None, :]).sum(axis=1)
    alike = (values[None, :, :] == values[:, None, :]).sum(axis=1)
    return below + (alike + 1) / 2


def distances(tables: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return every seed's distance from the middle, of one table ``(seeds, indicators)`` a scenario."""
    middle = (len(tables[0]) + 1) / 2
    return np.sum([((ranks(table) - middle) ** 2).sum(axis=1) for table in tables], axis=0)


def play(
    paths: Sequence[Path], seeds: Sequence[int], years: int | None, workers: int | None
) -> list[NDArray[np.float64]]:
    """Return the main indicators of every scenario by seed, ``(seeds, indicators)`` each."""
    tasks = [(path, seed) for path in paths for seed in seeds]
    context = get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        rows = list(pool.map(partial(headlines, years=years), *zip(*tasks, strict=True)))
    return list(np.array(rows).reshape(len(paths), len(seeds), -1))


def written(text: str, seed: int) -> str:
    """Return the text of a scenario file with another seed."""
    return _SEED.sub(f"seed: {seed}", text, count=1)


def told(found: Mapping[int, float], now: int) -> str:
    """Return the distances of seeds as lines, nearest first."""
    order = sorted(found, key=lambda seed: (found[seed], seed))
    return "\n".join(
        f"  seed {seed:3}  {found[seed]:8.0f}{'  as it is' if seed == now else ''}" for seed in order
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Show how typical every seed is, and write the most typical one if asked."""
    parser = argparse.ArgumentParser(prog="python -m validation.seeds", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="file", help="such as baseline.yaml; all without names")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many are tried")
    parser.add_argument("--years", type=int, help="play only the first years")
    parser.add_argument("--workers", type=int, help="processes")
    parser.add_argument("--write", action="store_true", help="write the most typical seed into the file")
    options = parser.parse_args(arguments)
    for file, members in families().items():
        if options.names and file.name not in options.names:
            continue
        now = named(file)
        seeds = sorted({*range(1, options.seeds + 1), now or 1})
        found = dict(zip(seeds, distances(play(members, seeds, options.years, options.workers)), strict=True))
        best = min(found, key=lambda seed: (found[seed], seed))
        names = ", ".join(path.stem for path in members)
        sys.stdout.write(f"{file.name} ({names}): {best}\n{told(found, now or 0)}\n")
        if options.write and best != now:
            write_text(file, written(file.read_text(encoding="utf-8"), best))


if __name__ == "__main__":
    main()
