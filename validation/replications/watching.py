"""Runs that are watched while they go: deliveries by contract and year, ties, places of the actors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from deftrade.core.arrays import total
from deftrade.core.tables.codes import ContractKind, Mode
from deftrade.results.results import Results
from deftrade.results.tiv import condition
from deftrade.scenario.resolved import Outputs
from deftrade.simulation import start, step

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World
    from deftrade.scenario.resolved import Scenario


Seen = TypeVar("Seen")


def watch(
    scenario: Scenario, look: Callable[[World], Seen], *, every: str = "year"
) -> tuple[Results, list[Seen]]:
    """Run a scenario and return its results and what was seen at the opening and after each step.

    Parameters
    ----------
    scenario : Scenario
        What is run.
    look : callable
        From the world to what is kept of it; it must copy what it keeps.
    every : str
        ``year`` looks after the last step of each year, ``step`` after all.
    """
    run = start(replace(scenario, outputs=Outputs(("states", "flows"), "year", scenario.outputs.focus)))
    stride = scenario.calendar.steps_per_year if every == "year" else 1
    seen = [look(run.world)]
    while not run.is_done:
        step(run)
        if run.world.clock.step % stride == 0:
            seen.append(look(run.world))
    return Results(run), seen


@dataclass(frozen=True)
class Trade:
    """Orders and deliveries of a run, by year, as a register of arms transfers would hold them.

    Parameters
    ----------
    signed : (contracts,) int
        Year of the order, counted from the opening; negative before it.
    buyer, supplier, category, mode : (contracts,) int
        Of every equipment contract.
    worth : (contracts,) float
        Volume ordered, in the register's terms: volume times quality, used equipment at 0.4.
    delivered : (years, contracts) float
        The same of what was delivered in each year.
    gdp, polity : (years, states) float
        At the start of each year.
    allied : (years, states, states) bool
        Whether two states had a defence pact in force then.
    distance : (states, states) float, km
    categories : int
        How many there are.
    """

    signed: Int
    buyer: Int
    supplier: Int
    category: Int
    mode: Int
    worth: Float
    delivered: Float
    gdp: Float
    polity: Float
    allied: Bool
    distance: Float
    categories: int

    @property
    def abroad(self) -> Bool:
        """Where buyer and supplier differ, shape ``(contracts,)``."""
        return self.buyer != self.supplier

    @property
    def new(self) -> Bool:
        """Where new equipment is bought from abroad, shape ``(contracts,)``."""
        return self.abroad & (self.mode != Mode.SECOND_HAND) & (self.mode != Mode.DOMESTIC)

    def flows(self, first: int, last: int) -> Float:
        """Return deliveries across borders in years ``first`` to ``last - 1``.

        Returns
        -------
        (exporters, importers, categories) float
        """
        size = len(self.distance)
        amounts = np.where(self.abroad, self.delivered[max(first, 0) : last].sum(axis=0), 0.0)
        flat = (self.supplier * size + self.buyer) * self.categories + self.category
        return total(flat, amounts, size * size * self.categories).reshape(size, size, self.categories)


def trade_of(scenario: Scenario) -> tuple[Results, Trade]:
    """Run a scenario and return its results and its trade."""
    results, seen = watch(scenario, _look)
    contracts, world = results.world.contracts, results.world
    rows = np.flatnonzero(contracts.kind == ContractKind.EQUIPMENT)
    so_far = np.zeros((len(seen), len(contracts)))
    for year, (delivered, *_) in enumerate(seen):
        so_far[year, : len(delivered)] = delivered
    mode = contracts.mode[rows].astype(np.int64)
    factor = contracts.quality[rows] * condition(mode)
    per_year = scenario.calendar.steps_per_year
    return results, Trade(
        contracts.signed[rows] // per_year,
        contracts.buyer[rows].astype(np.int64),
        contracts.supplier[rows].astype(np.int64),
        contracts.category[rows].astype(np.int64),
        mode,
        contracts.volume[rows] * factor,
        np.diff(so_far, axis=0)[:, rows].clip(0) * factor,
        np.array([item[1] for item in seen[:-1]]),
        np.array([item[2] for item in seen[:-1]]),
        np.array([item[3] for item in seen[:-1]]),
        world.dyads.distance.copy(),
        len(world.categories),
    )


def _look(world: World) -> tuple[Float, Float, Float, Bool]:
    """Return what is kept of a year: deliveries so far, GDP, polity, pacts."""
    states = world.states
    return (
        world.contracts.delivered.copy(),
        states.gdp.copy(),
        states.polity.copy(),
        np.asarray(world.dyads.allied > 0).copy(),
    )
