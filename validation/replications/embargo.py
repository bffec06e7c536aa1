"""An embargo on the flagship state, with and without a cut of support."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import ratio
from deftrade.core.wording import fixed, fixed_span
from deftrade.scenario.events.effect import Imposers
from deftrade.scenario.events.effects import Embargo as EmbargoEffect
from deftrade.scenario.events.kinds import Event
from deftrade.scenario.load import load
from validation.replications.base import Replication, Table
from validation.replications.statistics import Estimate, paired
from validation.replications.watching import watch

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.scenario.resolved import Scenario


IMPOSER, TARGET = "Westmark", "Noor"
YEAR, DURATION = 2031, 3
RUN_YEARS = 20
SEEDS = (1, 2, 3, 4, 5, 6, 7, 8)
RECOVERED = 0.95
"""Level against the world without embargo from which something counts as recovered."""
ARMS = ("arms only", "arms and support")
MEASURES = (
    "readiness of the imposer's equipment",
    "readiness of other equipment",
    "usable capability",
    "imports of equipment",
    "its imports from the imposer",
)
READY, OTHERS, CAPABLE, IMPORTED, FROM_IMPOSER = range(len(MEASURES))
PUBLISHED = (-0.64, -0.33)
"""Change of transfers from the imposer (V49)."""


class Sides(NamedTuple):
    """Rows of the imposing and of the target state."""

    imposer: int
    target: int


def under_embargo(scenario: Scenario, sides: Sides, *, support: bool) -> Scenario:
    """Return a scenario in which one state stops selling arms to another, and supporting them."""
    effect = EmbargoEffect.model_construct(
        imposers=Imposers((sides.imposer,)), target=sides.target, years=float(DURATION), support=support
    )
    return replace(scenario, events=(*scenario.events, Event(float(YEAR), "embargo", effect)))


def trajectories(scenario: Scenario, sides: Sides) -> Float:
    """Run a scenario and return the trajectory of the measures, ``(steps + 1, measures)``."""

    def look(world: World) -> Float:
        fleets, dyads = world.fleets, world.dyads
        held = fleets.holder == sides.target
        theirs = held & (fleets.origin == sides.imposer)
        strength = fleets.volume * fleets.quality
        usable = strength * fleets.readiness
        bought = dyads.deliveries[:, sides.target]
        rest = held & ~theirs
        return np.array(
            [
                ratio(usable[theirs].sum(), strength[theirs].sum(), otherwise=np.nan),
                ratio(usable[rest].sum(), strength[rest].sum(), otherwise=np.nan),
                world.states.usable_capability[sides.target].sum(),
                bought.sum() - bought[sides.target],
                bought[sides.imposer],
            ],
            dtype=np.float64,
        )

    return np.array(watch(scenario, look, every="step")[1])


@dataclass(frozen=True)
class Embargo(Replication):
    """Trajectories of paired runs.

    Parameters
    ----------
    base : (seeds, steps, measures) float
        Without embargo; flows are those of a step.
    arms : (2, seeds, steps, measures) float
        Under an embargo on arms only, and on arms and support.
    dates : (steps,) float
        Decimal years.
    """

    title = "An embargo on arms, with and without support"
    claim = (
        "Embargoes cut transfers from who imposes them by a third to two thirds, and change a target's"
        " imports notably in about 30 % of cases. How fast equipment is grounded whose maker withholds spares"
        " and training, no source at hand says in numbers."
    )
    source = (
        "Baronchelli, Caruso and Ricciuti (2022), World Economy 45:1336-61 (V49); Brzoska (2008) (V50); V71"
        " (importers after the loss of a main supplier, descriptive). No published number for readiness was"
        " found: its course is shown, not scored."
    )
    method = (
        f"`crescent_cooperation.yaml`, {len(SEEDS)} paired seeds. From {YEAR} the ally {IMPOSER} sells"
        f" {TARGET}"
        f" no arms for {DURATION} years, in the second arm no support either; components and alignment"
        " are left"
        " alone. Differences are against the same seed without embargo."
    )

    base: Float
    arms: Float
    dates: Float

    def change(self, arm: int, measure: int, first: float, last: float) -> Estimate:
        """Return the paired relative change of a measure's mean between two dates."""
        rows = (self.dates > first) & (self.dates <= last)
        before = self.base[:, rows, measure].mean(axis=1)
        after = self.arms[arm][:, rows, measure].mean(axis=1)
        return paired(after / before - 1)

    def trough(self, arm: int, measure: int) -> Estimate:
        """Return the deepest relative gap of a measure after the embargo begins, over seeds."""
        rows = self.dates > YEAR
        gap = self.arms[arm][:, rows, measure] / self.base[:, rows, measure] - 1
        return paired(gap.min(axis=1))

    def recovery(self, arm: int, measure: int) -> Float:
        """Return for each seed the years after the embargo's end until the measure stays recovered.

        Nan where it has not by the end of the run; zero where it never fell that far.
        """
        rows = self.dates > YEAR + DURATION
        level = self.arms[arm][:, rows, measure] / self.base[:, rows, measure]
        low = level < RECOVERED
        last = np.where(low.any(axis=1), low.shape[1] - np.argmax(low[:, ::-1], axis=1), 0)
        years = last / _steps_per_year(self.dates)
        return np.where(last == low.shape[1], np.nan, years)

    def table(self) -> Table:
        """Return changes during and after the embargo."""
        rows = []
        end = YEAR + DURATION
        for measure, name in enumerate(MEASURES):
            for arm, kind in enumerate(ARMS):
                during = self.change(arm, measure, YEAR, end)
                after = self.change(arm, measure, end, end + DURATION)
                rows.append(
                    (f"{name}, {kind}", _percent(during), _percent(after), self._recovered(arm, measure))
                )
        header = (
            "relative change, mean and 95 % interval",
            f"{YEAR}-{end - 1}",
            f"{end}-{end + DURATION - 1}",
            "recovery, years",
        )
        return Table(header, tuple(rows))

    def _recovered(self, arm: int, measure: int) -> str:
        """Return the recovery in words; flows have none, they are lumpy."""
        if measure in (IMPORTED, FROM_IMPOSER):
            return "–"
        years = self.recovery(arm, measure)
        late = int(np.isnan(years).sum())
        if late == len(years):
            return "not within the run"
        text = fixed(float(np.nanmedian(years)), 1)
        return text + (f" ({late} of {len(years)} not within the run)" if late else "")

    def verdict(self) -> str:
        """Return what holds."""
        end = YEAR + DURATION
        cut, spared = self.change(1, READY, YEAR, end), self.change(0, READY, YEAR, end)
        deeper = cut.high < min(spared.low, 0)
        flow = self.change(0, FROM_IMPOSER, YEAR, end)
        whole = self.change(0, IMPORTED, YEAR, end)
        later = self.change(1, OTHERS, end, end + DURATION)
        leaky = PUBLISHED[0] <= flow.mean <= PUBLISHED[1]
        return (
            f"**{'Holds' if leaky else 'Misses'}**: deliveries from the imposer change by"
            f" {_percent(flow)} while"
            f" the embargo lasts; the literature finds {_published()}. The model's embargo is kept by whoever"
            " declares it; real ones leak, have exemptions and let old orders arrive. The target's whole"
            f" imports change by {_percent(whole)}. **{'Shown' if deeper else 'Not shown'}**, without"
            " a published"
            " number to compare: a cut of support grounds the imposer's equipment (readiness"
            f" {_percent(cut)}), an embargo on arms alone does not ({_percent(spared)}). Other equipment"
            f" changes by {_percent(self.change(1, OTHERS, YEAR, end))} during the embargo and by"
            f" {_percent(later)}"
            " in the three years after it (the cause was not isolated). At its lowest,"
            f" usable capability lies {_percent(self.trough(0, CAPABLE))} off without and"
            f" {_percent(self.trough(1, CAPABLE))} with the cut of support; median years after the embargo"
            f" until it is back at {100 * RECOVERED:.0f} %: {self._recovered(0, CAPABLE)} and"
            f" {self._recovered(1, CAPABLE)}."
        )

    def figure(self) -> Figure:
        """Return the trajectories against the world without embargo, with bands over seeds."""
        from deftrade.report.style import BLUE, GRID, INK, VERMILION, sheet
        from validation.replications.drawing import finish, legend

        figure, panels = sheet(
            "Without support the ally's equipment is grounded; without arms alone capability erodes slowly",
            f"{TARGET} under an embargo of {IMPOSER}, {YEAR} to {YEAR + DURATION - 1} (grey), against"
            " the same seed"
            f" without embargo: mean and 95 % interval of {self.base.shape[0]} paired seeds.",
            panels=3,
            right=0.97,
            gap=0.12,
        )
        lowest, highest = 1.0, 1.0
        for axes, measure in zip(panels, (READY, OTHERS, CAPABLE), strict=True):
            axes.axvspan(YEAR, YEAR + DURATION, color=GRID, linewidth=0)
            axes.axhline(1, color=INK, linewidth=0.8)
            for arm, colour in enumerate((BLUE, VERMILION)):
                level = self.arms[arm][..., measure] / self.base[..., measure]
                band = [paired(values) for values in level.T]
                low, high = [each.low for each in band], [each.high for each in band]
                lowest, highest = min(lowest, *low), max(highest, *high)
                axes.fill_between(self.dates, low, high, color=colour, alpha=0.2, linewidth=0)
                axes.plot(self.dates, level.mean(axis=0), color=colour, linewidth=2, label=ARMS[arm])
            axes.set_xlim(YEAR - 2, self.dates[-1])
        for axes, measure in zip(panels, (READY, OTHERS, CAPABLE), strict=True):
            axes.set_ylim(lowest - 0.03, highest + 0.03)
            finish(axes, MEASURES[measure].capitalize(), "", percents=True)
            axes.tick_params(labelleft=axes is panels[0])
        legend(panels[2], "lower right")
        return figure


def replicate(scenarios: Path, *, seeds: tuple[int, ...] = SEEDS, years: int = RUN_YEARS) -> Embargo:
    """Run paired seeds without embargo, with one on arms, and with one on arms and support."""
    scenario = load(scenarios / "crescent_cooperation.yaml", years=years)
    names = scenario.world.names.states
    sides = Sides(names.index(IMPOSER), names.index(TARGET))
    treatments = (
        scenario,
        under_embargo(scenario, sides, support=False),
        under_embargo(scenario, sides, support=True),
    )
    runs = np.array([[trajectories(each.with_seed(seed), sides) for seed in seeds] for each in treatments])
    per_year = scenario.calendar.steps_per_year
    dates = scenario.calendar.start + np.arange(runs.shape[2]) / per_year
    return Embargo(runs[0], runs[1:], dates)


def _steps_per_year(dates: Float) -> int:
    """Return how many dates make a year."""
    return round(1 / (dates[1] - dates[0]))


def _published() -> str:
    """Return the published range in percent."""
    return f"{fixed_span(100 * PUBLISHED[0], 100 * PUBLISHED[1], 0)} %"


def _percent(estimate: Estimate) -> str:
    """Return an estimate in percent with its interval."""
    low, high = 100 * estimate.low, 100 * estimate.high
    return f"{fixed(100 * estimate.mean, 0)} % ({fixed_span(low, high, 0)})"
