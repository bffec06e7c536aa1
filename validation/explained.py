"""The explanations that the documentation shows in full, made anew from the flagship's variants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deftrade.explanations.replay.sources import open_source
from deftrade.explanations.two_runs.between import between
from deftrade.scenario.load import load
from deftrade.simulation import simulate

if TYPE_CHECKING:
    from pathlib import Path

    from deftrade.explanations.replay.explanation import Explanation
    from deftrade.results.results import Results

FLAGSHIP = "crescent_cooperation"
"""What the variants are compared with."""

BLOCK = re.compile(r"<!-- explained: (\w+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
"""A generated part of a page, by the variant that it explains."""

LEVEL = 3
"""Level of the headings of an explanation inside a page."""


@dataclass(frozen=True)
class Example:
    """A variant against the flagship: length, luck, and the indicator that is traced."""

    variant: str
    years: int
    seed: int
    indicator: str

    def runs(self, scenarios: Path) -> tuple[Results, Results]:
        """Run flagship and variant."""
        one, other = (
            simulate(load(scenarios / f"{name}.yaml", years=self.years, seed=self.seed))
            for name in (FLAGSHIP, self.variant)
        )
        return one, other

    def explain(self, scenarios: Path) -> Explanation:
        """Return the explanation of the difference."""
        one, other = self.runs(scenarios)
        return between(open_source(one), open_source(other), self.indicator)[0]


EXAMPLES = {
    example.variant: example
    for example in (
        Example("strict_control", 6, 10, "business_forgone"),
        Example("embargo_shock", 8, 7, "usable_capability"),
        Example("export_drive", 4, 21, "jobs_direct"),
    )
}
"""Examples by their variant: short runs with luck in which policy changes decisions early."""


def block(variant: str, told: Explanation) -> str:
    """Return a generated part of a page."""
    return f"<!-- explained: {variant} -->\n\n{told.text(LEVEL)}\n\n<!-- end -->\n"


def renew(page: str, scenarios: Path) -> str:
    """Return a page with all its explanations made anew."""
    return BLOCK.sub(lambda found: block(found[1], EXAMPLES[found[1]].explain(scenarios)), page)
