"""Build the world of a scenario and have it settled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.dates import Clock
from deftrade.core.draws import Draws, identify, identities, mix
from deftrade.core.finite import check_finite, computing
from deftrade.core.world import Names, World
from deftrade.opening.settling import guess_stocks, settle
from deftrade.phases.allying.phase import allied_ties

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.dates import Calendar
    from deftrade.phases import Params
    from deftrade.scenario.resolved import Scenario, WorldSpec


def open_world(scenario: Scenario) -> World:
    """Return the world of a scenario at its opening date, settled, with the run's own luck."""
    # Settled in quarters whatever the run's steps, so that all step lengths open from the same world.
    world = unsettled(scenario, replace(scenario.calendar, step="quarter"))
    params, opening = scenario.params, scenario.params.opening
    years = int(opening.coarse_years + opening.fine_years)
    world.clock.step = -years * world.clock.calendar.steps_per_year
    with computing(world):
        guess_stocks(world, params, opening, scenario.world.line_weight)
        settle(world, params, int(opening.fine_years))
    check_finite(world)
    _count_in_steps_of(world, scenario.calendar)
    world.draws = Draws(scenario.seed)
    return world


def unsettled(scenario: Scenario, calendar: Calendar) -> World:
    """Return the entities of a scenario with their given values and the draws of its opening."""
    spec = scenario.world
    names = Names(**{key: list(value) for key, value in vars(spec.names).items()})
    if not names.lines:
        names.lines.extend(
            f"{names.firms[firm]}: {names.categories[category]}"
            for firm, category in zip(spec.line_firm, spec.line_category, strict=True)
        )
    world = World(names, Clock(calendar), spec.seed if scenario.opening is None else scenario.opening)
    _fill_entities(world, spec, scenario.params)
    return world


def _count_in_steps_of(world: World, calendar: Calendar) -> None:
    """Count the dates of business under way in the steps of another calendar from now on."""
    finer = calendar.steps_per_year // world.clock.calendar.steps_per_year
    for table in world.tables:
        for column in table.columns:
            if column.kind == "date":
                world.gate.arrays[column][: len(table)] *= finer
    world.clock.calendar = calendar


def _fill_entities(world: World, spec: WorldSpec, params: Params) -> None:
    """Write ids, given values and levers of all entities."""
    names = world.names
    for column, values in spec.values.items():
        if values.dtype != column.dtype:
            raise TypeError(f"{column.path} holds {values.dtype}, declared {np.dtype(column.dtype)}")
        world.gate.arrays[column][: len(values)] = values
    world.states.uid = identities("state", names.states)
    world.categories.uid = identities("category", names.categories)
    world.firms.uid = identities("firm", names.firms)
    world.alliances.uid = identities("alliance", names.alliances)
    firms, alliances, dyads = world.firms, world.alliances, world.dyads
    firms.home = spec.firm_home
    firms.is_active = True
    alliances.kind = spec.alliance_kind
    alliances.member = spec.alliance_member
    alliances.opening_cohesion = alliances.cohesion
    alliances.members = alliances.member.sum(axis=1)
    dyads.proximity = 1 / (1 + dyads.distance / params.assessing.reach)
    dyads.hostility_anchor = dyads.hostility
    dyads.alignment_anchor = dyads.alignment
    dyads.allied = allied_ties(world)
    _fill_lines(world, spec)


def _fill_lines(world: World, spec: WorldSpec) -> None:
    """Write what lines are and who their sources are."""
    firms, lines, categories = world.firms, world.lines, world.categories
    lines.firm = spec.line_firm
    lines.home = firms.home[spec.line_firm]
    lines.category = spec.line_category
    lines.design_origin = spec.line_design
    lines.component_source = spec.component_source
    lines.component_share = spec.component_share
    lines.is_active = True
    known = world.states.know_how[lines.home, lines.category]
    lines.quality = np.where(np.isnan(spec.line_quality), known, spec.line_quality)
    ordinal = _ordinals(lines.firm * len(categories) + lines.category)
    lines.uid = mix(firms.uid[lines.firm], categories.uid[lines.category], identify("line"), ordinal)


def _ordinals(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many earlier rows have the same key."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    first = np.maximum.accumulate(np.where(starts, np.arange(len(keys)), 0))
    result = np.empty(len(keys), dtype=np.int64)
    result[order] = np.arange(len(keys)) - first
    return result
