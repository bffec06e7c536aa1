"""A resolved scenario as plain data again: every value, so that it can be run for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables import ENTITIES, POLICY, Alliances, Dyads, Firms, Lines, States
from deftrade.scenario.plain import dated_text, plain_event, timelines
from deftrade.scenario.resolve import axis_names
from deftrade.scenario.schema import FORMAT, KINDS_OF_ALLIANCE, settable

if TYPE_CHECKING:
    from deftrade.scenario.resolved import Scenario, WorldSpec

IN_PLACE = 40
"""Most states whose tables stand in the lock file itself; larger worlds keep them beside it."""
IN_PLACE_ROWS = 2000
"""Most firms, lines and memberships of alliances that stand in the lock file itself."""
BESIDE = tuple(table.section for table in (States, Firms, Alliances, Lines, Dyads))
"""Tables of large worlds that stand in files beside the lock."""
_SECTIONS = {table.__name__: section for section, table in POLICY.items()}


def lock(scenario: Scenario) -> dict[str, Any]:
    """Return every resolved value as plain data that loads again to an equal scenario.

    Large worlds name Parquet files for their tables, whose rows `lock_tables` returns; they are to be
    written beside the file.
    """
    calendar, outputs = scenario.calendar, scenario.outputs
    return {
        "deftrade": FORMAT,
        "title": scenario.title,
        "time": {"start": calendar.start, "end": calendar.end, "step": calendar.step},
        "price_year": scenario.price_year,
        "seed": scenario.seed,
        "world": _world(scenario.world),
        "policy": _policy(scenario),
        "events": [plain_event(event, scenario.world.names) for event in scenario.events],
        "parameters": scenario.params.model_dump(),
        "outputs": {
            "series": list(outputs.series),
            "every": outputs.every,
            **({"focus": outputs.focus} if outputs.focus else {}),
        },
    }


def lock_tables(scenario: Scenario) -> dict[str, list[dict[str, Any]]]:
    """Return the flat rows of the tables that stand beside a lock, by name; none if small."""
    world = scenario.world
    if not _is_large(world):
        return {}
    return {name: [_flat(row) for row in _rows(world, name)] for name in BESIDE}


def lock_values(scenario: Scenario) -> int:
    """Return how many keys and values the lock file itself holds, as its reader counts them."""
    return _count(lock(scenario))


def _count(plain: Any) -> int:
    """Return how many keys and values plain data holds."""
    if isinstance(plain, dict):
        return 1 + sum(1 + _count(value) for value in plain.values())
    return 1 + sum(map(_count, plain)) if isinstance(plain, list) else 1


def _is_large(world: WorldSpec) -> bool:
    """Return whether the tables of a world stand beside its lock file."""
    rows = len(world.names.firms) + len(world.line_firm) + int(np.count_nonzero(world.alliance_member))
    return len(world.names.states) > IN_PLACE or rows > IN_PLACE_ROWS


def _world(world: WorldSpec) -> dict[str, Any]:
    """Return the section ``world`` of a lock file."""
    beside = BESIDE if _is_large(world) else ()
    tables = {
        name: {"parquet": f"{name}.parquet"} if name in beside else _rows(world, name)
        for name in (*ENTITIES, Lines.section, Dyads.section)
    }
    return {"seed": world.seed, **tables}


def _rows(world: WorldSpec, name: str) -> list[dict[str, Any]]:
    """Return one list of the world section."""
    if name == Lines.section:
        return line_rows(world)
    if name == Dyads.section:
        return _relations(world)
    rows: list[dict[str, Any]] = [
        {"name": each, **_ties(world, name, row)} for row, each in enumerate(getattr(world.names, name))
    ]
    along = axis_names(world.names)
    for column in settable(ENTITIES[name], "given", "lever"):
        array = world.values[column]
        for row, entry in enumerate(rows):
            if column.axes:
                value: Any = dict(zip(along[column.axes[0]], array[row].tolist(), strict=True))
            else:
                value = float(array[row])
            entry[column.name] = value
    return rows


def _ties(world: WorldSpec, name: str, row: int) -> dict[str, Any]:
    """Return what ties a firm or an alliance to states."""
    states = world.names.states
    if name == "firms":
        return {"home": states[world.firm_home[row]]}
    if name == "alliances":
        members = np.flatnonzero(world.alliance_member[row])
        kind = KINDS_OF_ALLIANCE[world.alliance_kind[row]]
        return {"kind": kind, "members": [states[member] for member in members]}
    return {}


def line_rows(world: WorldSpec) -> list[dict[str, Any]]:
    """Return the lines of a world as entries of a scenario file, each with firm and category."""
    names, rows = world.names, []
    for row, firm in enumerate(world.line_firm):
        entry: dict[str, Any] = {
            "firm": names.firms[firm],
            "category": names.categories[world.line_category[row]],
            "weight": float(world.line_weight[row]),
        }
        if not np.isnan(world.line_quality[row]):
            entry["quality"] = float(world.line_quality[row])
        if world.line_design[row] >= 0:
            entry["design"] = names.states[world.line_design[row]]
        sources = zip(world.component_source[row], world.component_share[row], strict=True)
        parts = [
            {"from": names.states[source], "share": float(share)} for source, share in sources if source >= 0
        ]
        rows.append({**entry, "components": parts} if parts else entry)
    return rows


def _relations(world: WorldSpec) -> list[dict[str, Any]]:
    """Return all pairs of states, as one entry where both directions are equal."""
    names = world.names.states
    values = {column.name: world.values[column].tolist() for column in settable(Dyads, "given", "lever")}
    rows: list[dict[str, Any]] = []
    for first, name in enumerate(names):
        for second in range(first + 1, len(names)):
            there = {key: array[first][second] for key, array in values.items()}
            back = {key: array[second][first] for key, array in values.items()}
            if there == back:
                rows.append({"between": [name, names[second]], **there})
            else:
                rows.append({"from": name, "to": names[second], **there})
                rows.append({"from": names[second], "to": name, **back})
    return rows


def _flat(entry: dict[str, Any]) -> dict[str, Any]:
    """Return an entry as a row of a table: no mappings inside, and no lists but of names."""
    row: dict[str, Any] = {}
    for key, value in entry.items():
        if key == "components":
            for place, part in enumerate(value, start=1):
                row[f"component_{place}"] = part["from"]
                row[f"share_{place}"] = part["share"]
        elif isinstance(value, dict):
            row |= {f"{key}.{name}": number for name, number in value.items()}
        else:
            row[key] = value
    return row


def _policy(scenario: Scenario) -> dict[str, Any]:
    """Return the section ``policy`` of a lock file: every dated value of every lever."""
    policy: dict[str, Any] = {}
    pairs: dict[tuple[str, str], dict[str, Any]] = {}
    for (path, entity, *further), line in timelines(scenario).items():
        table, name = path.split(".")
        if table == Dyads.__name__:
            pairs.setdefault((entity, further[0]), {})[name] = dated_text(line)
            continue
        levers = policy.setdefault(_SECTIONS[table], {}).setdefault(entity, {})
        if further:
            levers.setdefault(name, {})[further[0]] = dated_text(line)
        else:
            levers[name] = dated_text(line)
    if pairs:
        policy[Dyads.section] = [
            {"from": first, "to": second, **values} for (first, second), values in pairs.items()
        ]
    return policy
