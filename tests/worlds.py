"""Small worlds built in code, for tests that need no scenario file."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np

from deftrade.core.dates import Calendar, Clock
from deftrade.core.draws import Draws
from deftrade.core.tables import Alliances, Categories, Dyads, Firms, States
from deftrade.core.tables.codes import CRITERIA, AllianceKind
from deftrade.core.world import Names, World
from deftrade.phases import Params
from deftrade.scenario.build import open_world
from deftrade.scenario.resolved import Outputs, Scenario, WorldSpec

CATEGORIES = ("aircraft", "ships", "missiles")
SHARES = (0.5, 0.3, 0.2)


TRADING = Params().model_copy(update={"selecting": Params().selecting.model_copy(update={"home": 3.4})})
"""Parameters of small worlds: with the default preference for home six states would hardly trade."""


def small_world(
    states: int = 6, firms_per_state: int = 2, seed: int = 3, order: list[int] | None = None
) -> WorldSpec:
    """Return a world of a few states with round numbers; ``order`` permutes the states' rows."""
    rows = np.array(order if order is not None else range(states))
    names = [f"State {row}" for row in rows]
    firm_home = np.repeat(np.arange(states), firms_per_state)
    firms = [f"Firm {rows[home]}.{place % firms_per_state}" for place, home in enumerate(firm_home)]
    line_firm = np.repeat(np.arange(len(firms)), 2)
    place = np.arange(len(line_firm)) % (2 * firms_per_state)
    line_category = (place + rows[firm_home[line_firm]]) % len(CATEGORIES)
    lines = len(line_firm)
    values = _defaults(states, len(firms))
    rank = rows.astype(float)
    values[States.gdp] = 200_000.0 * (1 + rank)
    values[States.burden] = 0.015 + 0.004 * rank
    values[States.governance] = 0.3 + 0.6 * rank / states
    values[States.polity] = 0.2 + 0.7 * rank / states
    values[States.productivity] = 0.08 + 0.03 * rank
    values[States.know_how] = np.repeat((0.35 + 0.6 * rank / states)[:, None], 3, axis=1)
    values[States.rung] = np.repeat((2 + 5 * rank / states)[:, None], 3, axis=1)
    values[Categories.demand_share] = np.array(SHARES)
    values[Dyads.distance] = 500.0 + 700.0 * np.abs(rank[:, None] - rank)
    enemies = np.abs(rank[:, None] - rank) == states // 2
    values[Dyads.hostility] = 0.4 * enemies
    close = np.exp(-np.abs(rank[:, None] - rank) / 2)
    values[Dyads.alignment] = np.where(enemies, -0.4, close - 0.2)
    np.fill_diagonal(values[Dyads.hostility], 0.0)
    member = np.zeros((2, states), dtype=bool)
    member[0] = rank >= states - 3
    member[1] = rank < 3
    source = np.full((lines, 3), -1)
    leader = int(np.argmax(rank))
    source[:, 0] = np.where(firm_home[line_firm] == leader, -1, leader)
    share = np.zeros((lines, 3))
    share[:, 0] = np.where(source[:, 0] >= 0, 0.2, 0.0)
    return WorldSpec(
        names=Names(names, list(CATEGORIES), firms, [], ["Pact", "Pool"]),
        values=values,
        firm_home=firm_home,
        line_firm=line_firm,
        line_category=line_category,
        line_design=np.full(lines, -1),
        line_quality=np.full(lines, np.nan),
        line_weight=np.ones(lines),
        component_source=source,
        component_share=share,
        alliance_kind=np.array([AllianceKind.DEFENCE_PACT, AllianceKind.PROCUREMENT_POOL]),
        alliance_member=member,
        seed=seed,
    )


def _defaults(states: int, firms: int) -> dict[Any, Any]:
    """Return every given and lever column at its default, 1 where it has none."""
    sizes = {"states": states, "categories": len(CATEGORIES), "criteria": len(CRITERIA)}
    rows = {States: states, Dyads: states, Categories: len(CATEGORIES), Firms: firms, Alliances: 2}
    values: dict[Any, Any] = {}
    for table, count in rows.items():
        for column in table.columns:
            if column.bounds is None:
                continue
            shape = (count, *(sizes[axis] for axis in column.axes))
            default = column.bounds.default
            values[column] = np.full(shape, 1.0 if default is None else default, dtype=np.float64)
    return values


def small_scenario(years: int = 5, step: str = "quarter", seed: int = 1, **more: Any) -> Scenario:
    """Return a scenario on a small world."""
    world = more.pop("world", None) or small_world(**more.pop("size", {}))
    return Scenario(
        name="small",
        title="A small world",
        calendar=Calendar(2025, 2025 + years, step),
        price_year=2024,
        seed=seed,
        world=world,
        params=more.pop("params", TRADING),
        outputs=more.pop("outputs", Outputs()),
        **more,
    )


def copied(world: World, calendar: Calendar, seed: int) -> World:
    """Return a copy of a world that shares nothing with it, with another calendar and luck."""
    other = world.copy()
    other.clock = Clock(calendar, world.clock.step)
    other.draws = Draws(seed)
    return other


_OPENINGS: dict[str, World] = {}


def opened_once(scenario: Scenario) -> World:
    """Return what `open_world` returns, from a copy where an equal world was settled before."""
    spec, calendar = scenario.world, scenario.calendar
    key = sha256(repr((calendar.start, calendar.step, vars(spec.names), spec.seed)).encode())
    key.update(scenario.params.model_dump_json().encode())
    for name, value in (*vars(spec).items(), *spec.values.items()):
        if isinstance(value, np.ndarray):
            key.update(f"{name} {value.shape}".encode() + value.tobytes())
    digest = key.hexdigest()
    if digest not in _OPENINGS:
        _OPENINGS[digest] = open_world(scenario)
    return copied(_OPENINGS[digest], calendar, scenario.seed)
