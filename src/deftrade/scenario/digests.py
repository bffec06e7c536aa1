"""Hashes of what a scenario says: one of its world, one of its treatment.

They are of values, not of bytes of files: comments, order of keys and ways of writing a number do
not matter. A comparison of two policies is fair if the worlds are equal and the treatments differ.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables import ENTITIES
from deftrade.scenario.plain import dated_text, plain_event, timelines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.scenario.resolved import Scenario, WorldSpec


def treatment_digest(scenario: Scenario) -> str:
    """Return the hash of policy and events, 64 hex digits; the order of settings does not matter."""
    policy = sorted((list(key), dated_text(line)) for key, line in timelines(scenario).items())
    events = [plain_event(event, scenario.world.names) for event in scenario.events]
    return _hash({"policy": policy, "events": events})


def world_digest(scenario: Scenario) -> str:
    """Return the hash of world, time, price year and parameters, 64 hex digits."""
    calendar, world = scenario.calendar, scenario.world
    state = sha256()
    plain = {
        "time": [calendar.start, calendar.end, calendar.step],
        "price_year": scenario.price_year,
        "parameters": _as_floats(scenario.params.model_dump()),
        "seed": world.seed,
        "names": {sort: list(getattr(world.names, sort)) for sort in ENTITIES},
    }
    state.update(_hash(plain).encode())
    for name, array in sorted(_arrays(world).items()):
        state.update(f"{name} {array.shape}".encode())
        state.update(_bytes(array))
    return state.hexdigest()


def _arrays(world: WorldSpec) -> dict[str, NDArray[Any]]:
    """Return every array of a world by name."""
    arrays = {name: value for name, value in vars(world).items() if isinstance(value, np.ndarray)}
    return arrays | {column.path: array for column, array in world.values.items()}


def _bytes(array: NDArray[Any]) -> bytes:
    """Return values as bytes: one zero, one not-a-number, little endian."""
    if array.dtype.kind == "f":
        array = np.where(np.isnan(array), np.nan, array + 0.0)
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).tobytes()


def _as_floats(values: dict[str, Any]) -> dict[str, Any]:
    """Return nested numbers as floats: a default written as 7 is the value 7.0."""
    return {
        key: _as_floats(value) if isinstance(value, dict) else float(value) for key, value in values.items()
    }


def _hash(plain: Any) -> str:
    """Return the hash of plain data."""
    text = json.dumps(plain, sort_keys=True, ensure_ascii=True, default=str)
    return sha256(text.encode()).hexdigest()
