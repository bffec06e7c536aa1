"""Runs, the register's kept statistics, and the block of the page that sets them beside published facts."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from deftrade import load, simulate
from deftrade.files.writing import write_text
from validation.facts import deliveries, table

PAGE = "benchmarks/README.md"
SCENARIO = "world_synthetic.yaml"
KEPT = Path(__file__).with_name("register.csv")
"""Statistics of SIPRI's register (own calculation, SIPRI Arms Transfers Database), for where it is absent."""
YEARS, SEEDS = 20, 4
BLOCK = re.compile(r"(?<=<!-- facts -->\n).*?(?=<!-- end -->)", re.DOTALL)


def read_kept() -> dict[str, float]:
    """Return what is kept of the register's statistics."""
    rows = list(csv.reader(KEPT.read_text(encoding="utf-8").splitlines()))
    return {name: float(value) for name, value in rows[1:]}


def of_register() -> dict[str, float]:
    """Return the register's statistics, measured and kept anew where it is present."""
    found = deliveries.found_register()
    if found is None:
        return read_kept()
    measured = table.of_deliveries(found)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([("fact", "value"), *((name, f"{value:.4g}") for name, value in measured.items())])
    write_text(KEPT, file.getvalue())
    return measured


def run(scenarios: Path, seed: int, years: int) -> dict[str, float]:
    """Return the statistics of one run of the synthetic world."""
    results = simulate(load(scenarios / SCENARIO, years=years, seed=seed))
    return table.of_results(results, deliveries.simulated(results))


def measure(scenarios: Path, seeds: int = SEEDS, years: int = YEARS) -> str:
    """Return the table over seeds, in Markdown, with what it rests on."""
    runs = [run(scenarios, seed, years) for seed in range(1, seeds + 1)]
    told = table.text(runs, of_register())
    return f"\nSynthetic world, {years} years, {seeds} seeds, one opening.\n\n{told}\n\n"


def renew(page: str, scenarios: Path) -> str:
    """Return the page with its table made anew."""
    block = measure(scenarios)
    return BLOCK.sub(lambda _: block, page)
