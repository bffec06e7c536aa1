"""Runs to compare: the baseline, its settled opening, and what was played on it already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.draws import Draws
from deftrade.core.table import Column
from deftrade.core.tables import Alliances
from deftrade.phases import Params
from deftrade.results.run import Run
from deftrade.scenario.build import open_world
from deftrade.scenario.events.effect import Imposers
from deftrade.scenario.events.kinds import KINDS, Event
from deftrade.scenario.load import load
from deftrade.scenario.resolved import Outputs, Scenario, Setting
from deftrade.simulation import start, step
from validation.evidence.conditions import Condition, Pairs, Place, Treatment, opening

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.world import World

YEARS = 8
SEEDS = (1, 2, 3)
FOCUS = "Noor"
FIRST = 2026.0
"""Year of the events compared; those of a condition come a year before."""

_CHOSEN = {"path": Path(__file__).resolve().parents[2] / "scenarios" / "baseline.yaml"}
_PLAYED: dict[str, Run] = {}


def play_on(path: Path) -> None:
    """Choose the scenario of all runs; it must have the names of the baseline."""
    _CHOSEN["path"] = path
    _PLAYED.clear()
    scenario.cache_clear()
    _settled.cache_clear()


@cache
def scenario() -> Scenario:
    """Return the baseline cut to its first years, kept by year."""
    first = load(_CHOSEN["path"], years=YEARS)
    return replace(first, outputs=Outputs(("states", "flows"), "year", FOCUS))


def changed(params: Params, pairs: Pairs) -> Params:
    """Return parameters with some values exchanged."""
    for path, value in pairs:
        phase, name = path.split(".")
        group = getattr(params, phase)
        if name not in type(group).model_fields:
            raise KeyError(path)
        params = params.model_copy(update={phase: group.model_copy(update={name: value})})
    return params


@cache
def _settled(settled: Pairs, given: tuple[Place, ...]) -> World:
    """Return an opening; every other condition shares it."""
    first = scenario()
    values = {column: array.copy() for column, array in first.world.values.items()}
    for column, index, value in given:
        values[column][index] = value
    world = replace(first.world, values=values)
    return open_world(replace(first, world=world, params=changed(first.params, settled)))


def played(treatment: Treatment, condition: Condition, seed: int) -> Run:
    """Return a finished run; equal ones are run once."""
    key = repr((treatment, condition, seed))  # events are not hashable
    if key not in _PLAYED:
        _PLAYED[key] = _play(treatment, condition, seed)
    return _PLAYED[key]


def _play(treatment: Treatment, condition: Condition, seed: int) -> Run:
    """Return a run, finished."""
    both = condition.also + treatment
    first = scenario()
    chosen = replace(
        first,
        seed=seed,
        policy=both.policy,
        events=both.events,
        params=changed(first.params, condition.settled + condition.params),
    )
    world = _settled(condition.settled, condition.given).copy()
    world.draws = Draws(seed)
    for column, index, value in condition.opening:
        world.gate.arrays[column][index] = value
    run = start(chosen, opening=world)
    while not run.is_done:
        step(run)
    return run


def traces(run: Run) -> dict[str, str]:
    """Return a hash of every column at the end of a run."""
    return {
        column.path: sha256(
            np.ascontiguousarray(run.world.gate.arrays[column][: len(table)]).data
        ).hexdigest()
        for table in run.world.tables
        for column in table.columns
    }


# Names and treatments


def row(sort: str, name: str) -> int:
    """Return the row of a name, such as ``row("states", "Noor")``."""
    return list(getattr(scenario().world.names, sort)).index(name)


def states(*names: str) -> list[int]:
    """Return the rows of states."""
    return [row("states", name) for name in names]


def firms_of(state: str) -> list[int]:
    """Return the rows of a state's firms."""
    return [int(firm) for firm in np.flatnonzero(scenario().world.firm_home == row("states", state))]


def members(alliance: str) -> NDArray[np.bool_]:
    """Return the opening members of an alliance."""
    return scenario().world.alliance_member[row("alliances", alliance)]


def put(column: Column[Any], value: float, rows: Iterable[int] | None = None) -> Treatment:
    """Set a lever from the start, for some rows or for all."""
    every = range(len(scenario().world.values[column])) if rows is None else rows
    return Treatment(tuple(Setting(column, (int(place),), -np.inf, value) for place in every))


def event(kind: str, at: float = FIRST, **details: Any) -> Treatment:
    """Let one event happen; details are rows, as after a file was read."""
    model = KINDS[kind]
    blank = {name: field.default for name, field in model.model_fields.items() if not field.is_required()}
    return Treatment(events=(Event(at, kind, model.model_construct(**{**blank, **details})),))


def by(*names: str) -> Imposers:
    """Return imposing states."""
    return Imposers(states=tuple(states(*names)))


def alone(alliance: str) -> Condition:
    """Let only the focus state be in an alliance; none joins it."""
    inside = np.arange(len(scenario().world.names.states)) == row("states", FOCUS)
    place = (row("alliances", alliance), slice(None))
    # A tuple, not an array: conditions are keys of the cache of runs.
    only = opening(Alliances.member, tuple(inside.tolist()), place)
    return only + Condition(params=(("allying.accession_hazard", 0.0),))
