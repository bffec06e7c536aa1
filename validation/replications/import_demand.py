"""Smith and Tasiran 2005: imports of arms answer to spending by less than one, to price by about -1."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables import Firms, States
from deftrade.core.tables.codes import ContractKind
from deftrade.core.wording import fixed, fixed_span
from deftrade.scenario.load import load
from deftrade.scenario.resolved import Setting
from validation.replications.base import Replication, Table
from validation.replications.statistics import Estimate, Line, least_squares, paired
from validation.replications.watching import trade_of

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.results.results import Results
    from deftrade.scenario.resolved import Scenario
    from validation.replications.watching import Trade


CROSS_SECTION = (0.82, 0.86)
"""Elasticity of imports to own spending in four cross-sections (V31)."""
PRICE = -1.0
"""Price elasticity of Smith and Tasiran 2005 (V32)."""
YEARS, SEEDS = 20, tuple(range(1, 13))
WINDOW = 5
"""Years of a cross-section."""
SETTLED = 8
"""Years after which effects of a shock are counted, so that pipelines have turned over."""
EVERY = 5
"""Every so-manieth state, by size of spending, gets the shock: the others keep the market as it was."""
PLEDGE = 1.5
"""Burden pledged by shocked states, against their own."""
MARGIN = 0.1
"""Rise of all firms' mark-ups."""


def with_spending(scenario: Scenario) -> tuple[Scenario, NDArray[np.int64]]:
    """Return a scenario in which some states pledge a higher burden, and those states."""
    values = scenario.world.values
    burden = values[States.burden]
    order = np.argsort(-burden * values[States.gdp], kind="stable")
    shocked = np.sort(order[EVERY // 2 :: EVERY])
    pledges = tuple(
        Setting(States.burden_pledge, (int(row),), -np.inf, float(PLEDGE * burden[row])) for row in shocked
    )
    return replace(scenario, policy=(*scenario.policy, *pledges)), shocked


def with_prices(scenario: Scenario) -> Scenario:
    """Return a scenario in which all firms ask for a higher mark-up."""
    margins = scenario.world.values[Firms.margin]
    dearer = tuple(
        Setting(Firms.margin, (row,), -np.inf, float(margin + MARGIN)) for row, margin in enumerate(margins)
    )
    return replace(scenario, policy=(*scenario.policy, *dearer))


def imports(trade: Trade, first: int, last: int) -> Float:
    """Return volume imported by state over years ``first`` to ``last - 1``."""
    return np.asarray(trade.flows(first, last).sum(axis=(0, 2)), dtype=np.float64)


def spending(results: Results, first: int, last: int) -> Float:
    """Return military expenditure by state over the same years, MUSD."""
    return np.asarray(results.record.series("states", "milex")[1 + first : 1 + last].sum(axis=0))


def unit_price(results: Results, first: int, last: int) -> float:
    """Return the mean price of a quality-adjusted unit in new foreign orders of some years, MUSD/CU.

    Quality enters with the exponent of its cost, so that buying better is not buying dearer.
    """
    contracts = results.world.contracts
    year = contracts.signed // results.scenario.calendar.steps_per_year
    rows = (year >= first) & (year < last) & (contracts.buyer != contracts.supplier)
    rows &= (contracts.kind == ContractKind.EQUIPMENT) & (contracts.line >= 0)
    cost = results.scenario.params.bidding.quality_cost
    units = contracts.volume[rows] * contracts.quality[rows] ** cost
    return float(contracts.planned_price[rows].sum() / units.sum())


def cross_section(results: Results, trade: Trade, last: int) -> tuple[Float, Float, Line, Line]:
    """Return log spending and log imports of importers, and the line and the parabola through them."""
    volume, money = imports(trade, last - WINDOW, last), spending(results, last - WINDOW, last)
    buys = volume > 0
    size, bought = np.log(money[buys]), np.log(volume[buys])
    centred = size - size.mean()
    return size, bought, least_squares(bought, size), least_squares(bought, centred, centred**2)


@dataclass(frozen=True)
class ImportDemand(Replication):
    """Elasticities of imports.

    Parameters
    ----------
    spent, bought : (states,) float
        Log spending and log imports of the last cross-section of the first seed.
    section : Line
        Log imports on log spending there.
    parabola : Line
        With the square of spending, centred.
    sections : (seeds, windows) float
        The elasticity in every cross-section of every seed.
    to_spending, to_price : Estimate
        Of paired seeds: change of log imports over change of log spending, or price.
    """

    title = "The demand for arms imports"
    claim = (
        "Imports rise less than in proportion to military expenditure, and fall in proportion to price;"
        " income itself plays no systematic part. In cross-section the elasticity to spending is 0.82-0.86."
    )
    source = (
        "Smith and Tasiran (2005), Journal of Peace Research (abstract); V31, V32; L§2.3 and own estimates in"
        " L§2c."
    )
    method = (
        "The synthetic world is run for 20 years with twelve seeds, three times each: as it is; with"
        " a pledge of"
        " 1.5 times the own burden by every fifth state; with a mark-up of all firms raised by 0.1. Volume is"
        " volume times quality, used equipment at 0.4, as the SIPRI register counts. Cross-sections are"
        " log on log over states, five years each. The paired elasticity is the change of the log of imports"
        " of the shocked states together (for prices: of all) over the change of the log of their spending"
        " (of the quality-adjusted unit price), from the ninth year on."
    )

    spent: Float
    bought: Float
    section: Line
    parabola: Line
    sections: Float
    to_spending: Estimate
    to_price: Estimate

    @property
    def bend(self) -> float:
        """Student's t of the square of spending; Smith and Tasiran found it negative."""
        return float(self.parabola.coefficients[2] / self.parabola.errors[2])

    def table(self) -> Table:
        """Return elasticities beside the published ones."""
        return Table(
            ("elasticity of imports", "published", "found", "95 % interval or range"),
            (
                (
                    "to own spending, cross-section, mean of all",
                    fixed_span(*CROSS_SECTION),
                    fixed(float(self.sections.mean())),
                    fixed_span(float(self.sections.min()), float(self.sections.max())),
                ),
                (
                    "the same, last window of the first seed (s.e.)",
                    "(0.05-0.06)",
                    f"{fixed(float(self.section.coefficients[1]))} ({fixed(float(self.section.errors[1]))})",
                    "",
                ),
                ("R² there", "0.58-0.67", fixed(self.section.fit), ""),
                ("t of the square of spending there", "−0.6 to −1.7", fixed(self.bend, 1), ""),
                (
                    "to own spending, paired shock",
                    "below 1",
                    fixed(self.to_spending.mean),
                    fixed_span(self.to_spending.low, self.to_spending.high),
                ),
                (
                    "to price, paired shock",
                    "about −1",
                    fixed(self.to_price.mean),
                    fixed_span(self.to_price.low, self.to_price.high),
                ),
            ),
        )

    def verdict(self) -> str:
        """Return what holds."""
        mean = float(self.sections.mean())
        low, high = CROSS_SECTION
        if low <= mean <= high:
            section = "**Holds**: the cross-section lies in the published range."
        elif mean < 1:
            section = (
                f"**Holds in part**: the cross-section is below one ({fixed(mean)}), not in the"
                " published range."
            )
        else:
            section = f"**Misses**: the cross-section gives {fixed(mean)}, one or more."
        shock = self.to_spending
        if shock.high < 1:
            spent = f"**Holds**: the paired shock is surely below one ({fixed(shock.mean)})."
        elif shock.low < 1:
            spent = f"**Open**: the paired shock gives {fixed(shock.mean)}; its interval holds one."
        else:
            spent = f"**Misses**: the paired shock gives {fixed(shock.mean)}, surely above one."
        price = self.to_price
        dear = price.low <= PRICE <= price.high or abs(price.mean - PRICE) <= 0.25
        priced = (
            f"**{'Holds' if dear else 'Misses'}**: price elasticity {fixed(price.mean)}. A budget in money"
            " that is spent whole gives −1 by itself, so this says little about choice."
        )
        bent = (
            f" Across states imports {'bend down' if self.bend < -2 else 'do not clearly bend'} with spending"
            f" (t of the square {fixed(self.bend, 1)}): large spenders make more at home, and the few"
            " largest decide the bend. Smith and Tasiran"
            " found that bend, the register of 1998-2017 hardly shows it."
        )
        return f"{section}{bent} {spent} {priced}"

    def figure(self) -> Figure:
        """Return the cross-section and the elasticities."""
        from deftrade.report.style import BLUE, INK, OTHERS, VERMILION, sheet
        from validation.replications.drawing import finish

        figure, (left, right) = sheet(
            f"Imports answer to spending with an elasticity of {fixed(float(self.sections.mean()))} across"
            f" states and {fixed(self.to_spending.mean)} after a shock; to price with"
            f" {fixed(self.to_price.mean)}",
            "Left: importers of the synthetic world, last five years of the first seed, natural logs. Right:"
            " dots are cross-sections, or means of paired seeds with 95 % intervals; red: published.",
            panels=2,
            right=0.975,
            gap=0.25,
        )
        left.plot(self.spent, self.bought, "o", color=OTHERS, markersize=4)
        ends = np.array([self.spent.min(), self.spent.max()])
        left.plot(ends, self.section.coefficients[0] + self.section.coefficients[1] * ends, color=BLUE)
        finish(left, "Log volume of imports", "log military expenditure")
        right.plot([0.0] * self.sections.size, self.sections.ravel(), "o", color=OTHERS, markersize=5)
        for place, each in ((1.0, self.to_spending), (2.0, self.to_price)):
            reach = [[each.mean - each.low], [each.high - each.mean]]
            right.errorbar([place], [each.mean], yerr=reach, fmt="s", color=BLUE, markersize=6)
        right.plot([0.0, 0.0], CROSS_SECTION, color=VERMILION, linewidth=5, alpha=0.7)
        right.plot([0.8, 1.2], [1.0, 1.0], color=VERMILION)
        right.plot([1.8, 2.2], [PRICE, PRICE], color=VERMILION)
        right.axhline(0, color=INK, linewidth=0.8)
        right.set_xlim(-0.5, 2.5)
        finish(right, "Elasticity of imports", "")
        right.set_xticks(
            [0, 1, 2], ["to spending,\nacross states", "to spending,\nshock", "to price,\nshock"]
        )
        return figure


def replicate(
    scenarios: Path, *, years: int = YEARS, seeds: tuple[int, ...] = SEEDS, settled: int = SETTLED
) -> ImportDemand:
    """Run the paired shocks and estimate elasticities; at least two seeds."""
    scenario = load(scenarios / "world_synthetic.yaml", years=years)
    richer, shocked = with_spending(scenario)
    dearer = with_prices(scenario)
    everyone = np.arange(len(scenario.world.names.states))
    sections, spent, priced, pictures = [], [], [], []
    for seed in seeds:
        base = trade_of(scenario.with_seed(seed))
        pictures.append(cross_section(*base, years))
        windows = range(years, WINDOW, -WINDOW)
        sections.append([cross_section(*base, last)[2].coefficients[1] for last in windows])
        more = trade_of(richer.with_seed(seed))
        bought = _change(base[1], more[1], shocked, settled, years)
        outlay = [spending(each[0], settled, years)[shocked].sum() for each in (base, more)]
        spent.append(bought / np.log(outlay[1] / outlay[0]))
        dear = trade_of(dearer.with_seed(seed))
        bought = _change(base[1], dear[1], everyone, settled, years)
        # Deliveries of a window were ordered before it, hence the earlier start for prices.
        prices = [unit_price(each[0], settled - WINDOW, years) for each in (base, dear)]
        priced.append(bought / np.log(prices[1] / prices[0]))
    return ImportDemand(*pictures[0], np.array(sections), paired(np.array(spent)), paired(np.array(priced)))


def _change(base: Trade, other: Trade, states: NDArray[np.int64], first: int, last: int) -> float:
    """Return the change of the log of some states' imports together."""
    volumes = [imports(each, first, last)[states].sum() for each in (base, other)]
    return float(np.log(volumes[1] / volumes[0]))
