"""What no single value shows: shares that must add up, pairs and dates that contradict."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from deftrade.core.dates import STEPS_PER_YEAR
from deftrade.core.tables import Categories, States
from deftrade.core.wording import exact
from deftrade.phases.bidding.params import BiddingParams
from deftrade.scenario.schema import limits
from deftrade.scenario.schema_types import ALL
from deftrade.scenario.values import InvalidValue, is_date, parse_date, parse_number
from deftrade.scenario.yaml.places import KeyPath

if TYPE_CHECKING:
    from deftrade.core.table import Column
    from deftrade.errors import Fault
    from deftrade.scenario.faults import Located
    from deftrade.scenario.resolved import WorldSpec

_EXACT = 1e-6
SUMS: tuple[tuple[str, tuple[Column[Any], ...]], ...] = (
    (
        "the shares for equipment, support and research",
        (States.procurement_share, States.support_share, States.research_share),
    ),
    (
        "the shares financed by debt and by other spending",
        (States.debt_financing, States.reallocation_financing),
    ),
)
"""Shares of one whole: each sum may not exceed one at any date."""


def cross_faults(data: Mapping[str, Any], located: Located, spec: WorldSpec | None) -> Iterator[Fault]:
    """Yield what is wrong between values; works on raw data, so that other faults do not hide it.

    Parameters
    ----------
    data : mapping
        The scenario as plain data, tables expanded.
    located : Located
        Where values stand.
    spec : WorldSpec or None
        A generated world.
    """
    world, policy = _mapping(data.get("world")), _mapping(data.get("policy"))
    yield from _demand_faults(world, located)
    yield from _retirement_faults(world, located)
    yield from _quality_faults(world, _mapping(data.get("parameters")), located)
    yield from _share_faults(world, _mapping(policy.get("states")), located, spec)
    yield from _line_faults(world, located)
    yield from _relation_faults("world", world.get("relations"), located)
    yield from _relation_faults("policy", policy.get("relations"), located)
    yield from _membership_faults(world, data.get("events"), located)
    yield from _output_faults(_mapping(data.get("outputs")), _mapping(data.get("time")), located)


def _mapping(raw: object) -> dict[str, Any]:
    """Return a mapping, or an empty one for anything else."""
    return raw if isinstance(raw, dict) else {}


def _items(raw: object) -> list[tuple[int, dict[str, Any]]]:
    """Return the mappings in a list with their places."""
    entries = raw if isinstance(raw, list) else []
    return [(row, entry) for row, entry in enumerate(entries) if isinstance(entry, dict)]


def _number(raw: object, unit: str) -> float | None:
    """Return a number, or None if it is none: that fault is reported elsewhere."""
    try:
        return parse_number(raw, unit)
    except InvalidValue:
        return None


def _demand_faults(world: Mapping[str, Any], located: Located) -> Iterator[Fault]:
    """Yield a fault if the categories' shares of demand do not add to one."""
    entries = world.get("categories")
    if not isinstance(entries, list) or not entries:
        return
    name = Categories.demand_share.name
    shares = [_number(entry.get(name), "share") for _, entry in _items(entries)]
    given = [share for share in shares if share is not None]
    if len(given) == len(entries) and abs(sum(given) - 1) > _EXACT:
        problem = "the demand shares of the categories do not add to 100%"
        path = ("world", "categories")
        yield located.fault(path, problem, key=True, found=exact(sum(given), "share"))


def _retirement_faults(world: Mapping[str, Any], located: Located) -> Iterator[Fault]:
    """Yield categories of which more than all would retire in a year."""
    balance, lifetime = Categories.declining_balance, Categories.lifetime
    for row, entry in _items(world.get("categories")):
        rate, years = (_value(entry, column) for column in (balance, lifetime))
        if rate is None or years is None or rate <= years:
            continue
        column = balance if balance.name in entry else lifetime
        problem = "more than all would retire in a year: the declining balance is above the lifetime"
        found = f"{balance.name} {exact(rate, balance.unit)}, {lifetime.name} {exact(years, lifetime.unit)}"
        yield located.fault(("world", "categories", row, column.name), problem, found=found)


def _quality_faults(
    world: Mapping[str, Any], parameters: Mapping[str, Any], located: Located
) -> Iterator[Fault]:
    """Yield what makes better equipment, or a fuller export version, do less for its money."""
    effect, group = Categories.quality_effect, "bidding"
    given, entries = _mapping(parameters.get(group)), _items(world.get("categories")) or [(0, {})]
    for name, may_equal in (("quality_cost", True), ("version_cost", False)):
        declared = BiddingParams.model_fields[name].default
        cost = _number(given[name], "1") if name in given else declared
        for row, entry in entries:
            does = _value(entry, effect)
            if cost is None or does is None or cost < does or (may_equal and cost == does):
                continue
            own = ("world", "categories", row, effect.name)
            path: KeyPath = own if effect.name in entry else ("parameters", group, name)
            problem = "quality would cost what it does or more: money would buy no more capability in it"
            found = f"{name} {exact(cost, '1')}, {effect.name} {exact(does, effect.unit)}"
            yield located.fault(path, problem, found=found)
            break


def _value(entry: Mapping[str, Any], column: Column[Any]) -> float | None:
    """Return what an entry gives for a column, or the default; None if it is no number within bounds."""
    bounds = limits(column)
    number = _number(entry[column.name], column.unit) if column.name in entry else bounds.default
    return number if number is not None and bounds.low <= number <= bounds.high else None


# Shares of a state's budget


def _share_faults(
    world: Mapping[str, Any],
    policy: Mapping[str, Any],
    located: Located,
    spec: WorldSpec | None,
) -> Iterator[Fault]:
    """Yield shares of one whole that add to more than one at some date."""
    names = spec.names.states if spec else []
    entries: dict[str, tuple[KeyPath, dict[str, Any]]] = {
        name: (("world",), _opening(spec, row)) for row, name in enumerate(names) if spec
    }
    for row, entry in _items(world.get("states")):
        if isinstance(entry.get("name"), str):
            entries.setdefault(entry["name"], (("world", "states", row), entry))
    told: set[KeyPath] = set()
    for name, (path, entry) in entries.items():
        for words, columns in SUMS:
            fault = _sum_fault(words, columns, (path, entry), (name, policy), located)
            if fault and (place := (fault.file, fault.line, fault.column)) not in told:
                told.add(place)  # what is set for all states is told once
                yield fault


def _opening(spec: WorldSpec | None, row: int) -> dict[str, Any]:
    """Return the opening shares of a generated state."""
    if spec is None:
        return {}
    columns = [column for _, group in SUMS for column in group]
    return {column.name: float(spec.values[column][row]) for column in columns}


def _sum_fault(
    words: str,
    columns: tuple[Column[Any], ...],
    opening: tuple[KeyPath, dict[str, Any]],
    policy: tuple[str, Mapping[str, Any]],
    located: Located,
) -> Fault | None:
    """Return the fault of the first date at which shares add to more than one."""
    path, entry = opening
    name, levers = policy
    own, for_all = _mapping(levers.get(name)), _mapping(levers.get(ALL))
    own, mine = {**for_all, **own}, own.keys()
    lines = {column: _timeline(own.get(column.name), entry.get(column.name), column) for column in columns}
    for year in sorted({year for line in lines.values() for year in line}):
        values = {column: _at(line, year) for column, line in lines.items()}
        whole = sum(values.values())
        if whole <= 1 + _EXACT:
            continue
        changed = [column for column, line in lines.items() if year in line and column.name in own]
        changed += [column for column in columns if column.name in entry]
        column = (changed or list(columns))[0]
        in_policy = column.name in own
        whose = name if column.name in mine else ALL
        place = ("policy", "states", whose, column.name) if in_policy else (*path, column.name)
        when = "" if math.isinf(year) else f" from {year:g}"
        parts = " + ".join(exact(value, "share") for value in values.values())
        found = f"{parts} = {exact(whole, 'share')}{when}"
        problem = f"{words} of {name} add to more than 100%"
        return located.fault(place, problem, found=found)
    return None


def _timeline(dated: object, opening: object, column: Column[Any]) -> dict[float, float]:
    """Return the value of a lever from each date on; what cannot be read is left out."""
    bounds = limits(column)
    first = _number(opening, column.unit) if opening is not None else None
    line = {-math.inf: (bounds.default or 0.0) if first is None else first}
    pairs = dated.items() if isinstance(dated, dict) else [("", dated)]
    for key, raw in pairs:
        number = _number(raw, column.unit) if raw is not None else None
        if number is None or not bounds.low <= number <= bounds.high:
            continue
        if not key:
            line[-math.inf] = number
        elif is_date(key):
            try:
                line[parse_date(key)] = number
            except InvalidValue:
                continue
    return line


def _at(line: Mapping[float, float], year: float) -> float:
    """Return the value that holds at a date."""
    return line[max(date for date in line if date <= year)]


# Lines, pairs, members


def _line_faults(world: Mapping[str, Any], located: Located) -> Iterator[Fault]:
    """Yield categories that one firm makes twice, and components from its own state."""
    seen: dict[tuple[str, str], KeyPath] = {}
    homes = {}
    lines: list[tuple[object, KeyPath, Any]] = []
    for row, firm in _items(world.get("firms")):
        path: KeyPath = ("world", "firms", row, "lines")
        homes[str(firm.get("name"))] = firm.get("home")
        given = firm.get("lines")
        for place, line in enumerate(given if isinstance(given, list) else []):
            lines.append((firm.get("name"), (*path, place), line))
    for row, line in _items(world.get("lines")):
        lines.append((line.get("firm"), ("world", "lines", row), line))
    for firm_name, place_of, line in lines:
        entry = _mapping(line)
        category = line if isinstance(line, str) else entry.get("category")
        key = (str(firm_name), str(category))
        if seen.setdefault(key, place_of) != place_of:
            problem = f"{firm_name} makes this category twice; first at {located.at(seen[key])}"
            yield located.fault(place_of, problem, found=str(category))
        for place, part in _items(entry.get("components")):
            if part.get("from") is not None and part.get("from") == homes.get(str(firm_name)):
                path = (*place_of, "components", place, "from")
                yield located.fault(path, "components from home are not foreign", found=part["from"])


def _relation_faults(section: str, raw: object, located: Located) -> Iterator[Fault]:
    """Yield values that two entries give to one pair; one direction may refine both."""
    seen: dict[tuple[str, str, str, bool], int] = {}
    for row, entry in _items(raw):
        both = isinstance(entry.get("between"), list) and len(entry["between"]) == 2
        ends = entry["between"] if both else [entry.get("from"), entry.get("to")]
        first, second = sorted(map(str, ends)) if both else map(str, ends)
        for name in entry.keys() - {"between", "from", "to"}:
            before = seen.setdefault((first, second, name, both), row)
            if before != row:
                place = located.at((section, "relations", before, name))
                problem = f"this is given twice for {first} and {second}; first at {place}"
                yield located.fault((section, "relations", row, name), problem, key=True)


def _membership_faults(world: Mapping[str, Any], events: object, located: Located) -> Iterator[Fault]:
    """Yield exits by event that would leave an alliance with fewer than two members."""
    members = {
        str(entry.get("name")): {str(name) for name in entry["members"]}
        for _, entry in _items(world.get("alliances"))
        if isinstance(entry.get("members"), list)
    }
    moves = []
    for row, entry in _items(events):
        for kind in ("accession", "exit"):
            move = _mapping(entry.get(kind))
            date = _date(entry.get("at"))
            alliance = str(move.get("alliance"))
            if alliance in members and date is not None:
                moves.append((date, row, kind, alliance, str(move.get("state"))))
    for _, row, kind, alliance, state in sorted(moves):
        problem = _move(members[alliance], state, alliance, joins=kind == "accession")
        if problem:
            yield located.fault(("events", row, kind, "state"), problem, found=state)


def _move(group: set[str], state: str, alliance: str, *, joins: bool) -> str:
    """Let a state join or leave, and return what is wrong with that, or empty text."""
    if joins:
        problem = f"this state is a member of {alliance} already" if state in group else ""
        group.add(state)
        return problem
    if state not in group:
        return f"this state is no member of {alliance} at that date"
    group.discard(state)
    return f"this exit leaves {alliance} with fewer than two members" if len(group) < 2 else ""


def _output_faults(outputs: Mapping[str, Any], time: Mapping[str, Any], located: Located) -> Iterator[Fault]:
    """Yield a fault if results are to be kept at dates that are neither steps nor years."""
    every, step = outputs.get("every", "step"), time.get("step", "quarter")
    if not (isinstance(every, str) and isinstance(step, str)):
        return  # reported where they are read
    if every in STEPS_PER_YEAR and step in STEPS_PER_YEAR and every not in ("year", step):
        problem = f"results are kept every step, here a {step}, or every year"
        yield located.fault(("outputs", "every"), problem, found=every, allowed=("step", "year"))


def _date(raw: object) -> float | None:
    """Return a date, or None if it is none: that fault is reported elsewhere."""
    try:
        return parse_date(raw)
    except InvalidValue:
        return None
