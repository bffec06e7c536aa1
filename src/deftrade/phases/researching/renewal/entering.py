"""Firms start: of own design, or as reproductions of what a state operates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import ratio, total2
from deftrade.core.posting import Verdict, log
from deftrade.core.tables.codes import DecisionKind
from deftrade.phases.contracting.founding import Plant, open_line
from deftrade.phases.researching.renewal.investing import affordable_capacity, is_affordable, pay_for_plant
from deftrade.phases.shared.lines import has_lines

if TYPE_CHECKING:
    from deftrade.core.arrays import Float
    from deftrade.core.world import World
    from deftrade.phases.researching.params import ResearchingParams


def copied_quality(world: World, params: ResearchingParams) -> Float:
    """Return the quality of what a state could reproduce, ``(states, categories)``; 0 where it has nothing.

    Krause (1992): producers of the third tier reproduce what exists without the know-how behind it.
    The pattern is the mean of what a state operates.
    """
    fleets = world.fleets
    shape = world.states.know_how.shape
    volume = total2(fleets.holder, fleets.category, fleets.volume, shape)
    quality = total2(fleets.holder, fleets.category, fleets.volume * fleets.quality, shape)
    return params.copy_quality * ratio(quality, volume)


def _prospects(world: World, params: ResearchingParams) -> tuple[Float, Float]:
    """Return the hazard of a first line and the quality of its product, both ``(states, categories)``.

    Who can design makes its own; who cannot yet may reproduce what it operates, with less research.
    """
    states = world.states
    copied = copied_quality(world, params)
    designs = states.rung >= world.categories.rung_design
    own = params.entry_hazard * (states.research_stock >= params.entry_stock)
    copying = params.copy_hazard * ((states.research_stock >= params.copy_stock) & (copied > 0))
    quality = np.where(designs, states.know_how, np.maximum(copied, states.know_how))
    return np.where(designs, own, copying), quality


def enter(world: World, params: ResearchingParams) -> None:
    """Open a line where none exists and money was spent: of own design, or a copy below its rung."""
    states, categories = world.states, world.categories
    budget = world.clock.per_year(states.procurement_budget)
    hazard, quality = _prospects(world, params)
    able = ~has_lines(world) & (hazard > 0)
    able &= is_affordable(budget, params.entry_capacity, params)[:, None]
    state, category = np.nonzero(able)
    luck = world.draws.uniform(
        "researching.entry", states.uid[state], categories.uid[category], world.clock.date_id
    )
    chosen = luck < world.clock.chance(hazard[state, category])
    for home, kind in zip(state[chosen], category[chosen], strict=True):
        at_home = float(budget[home])
        demand = at_home * float(categories.demand_share[kind])
        planned = max(params.entry_capacity, params.entry_share * demand)
        capacity = affordable_capacity(planned, params.entry_capacity, at_home, params)
        plant = Plant(float(quality[home, kind]), capacity, params.newcomer_experience)
        line = open_line(world, int(home), int(kind), plant)
        pay_for_plant(world, params, line)
        firm = world.lines.firm[line]
        log(
            world,
            DecisionKind.FIRM_ENTRY,
            np.array([home]),
            world.firms.uid[[firm]],
            firm,
            Verdict(chosen=kind),
        )
