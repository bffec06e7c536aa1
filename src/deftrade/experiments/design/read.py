"""Factors and goals of an experiment file, once the scenarios that they refer to are known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from deftrade.core.wording import bounds
from deftrade.experiments.design.experiment import Goal
from deftrade.experiments.design.factors import Factor
from deftrade.experiments.design.targets import Lever, Opening, Parameter, Target, find_target
from deftrade.results.indicators import INDICATORS
from deftrade.scenario.schema_types import Quantity, Unfit
from deftrade.scenario.values import InvalidValue, describe, parse_date

if TYPE_CHECKING:
    from deftrade.errors import Fault
    from deftrade.scenario.faults import Located
    from deftrade.scenario.resolved import Scenario
    from deftrade.scenario.yaml.places import KeyPath


def read_factors(raw: object, scenario: Scenario, located: Located) -> tuple[tuple[Factor, ...], list[Fault]]:
    """Return the factors that can be read, and what is wrong with the others.

    Parameters
    ----------
    raw : object
        What stands under ``factors``; what is no mapping is reported by the schema.
    scenario : Scenario
        Whose names the paths use.
    located : Located
        Where values stand.
    """
    factors: list[Factor] = []
    faults: list[Fault] = []
    for path, entry in (raw if isinstance(raw, dict) else {}).items():
        place: KeyPath = ("factors", path)
        factor = _Reader(scenario, located, place, faults).factor(path, entry)
        if factor is None:
            continue
        factors.append(factor)
        twin = next((one for one in factors[:-1] if _overlap(one.target, factor.target)), None)
        if twin:
            faults.append(located.fault(place, f"this sets what {twin.path} sets", key=True))
    return tuple(factors), faults


def _overlap(one: Target, other: Target) -> bool:
    """Return whether two targets set the same value."""
    if isinstance(one, Lever | Opening) and isinstance(other, Lever | Opening):
        same = type(one) is type(other) and one.column == other.column
        return same and any(a[: len(b)] == b or b[: len(a)] == a for a in one.indices for b in other.indices)
    if isinstance(one, Parameter) and isinstance(other, Parameter):
        return (one.group, one.name) == (other.group, other.name)
    return False


class _Reader:
    """Reads one factor and notes its faults.

    Parameters
    ----------
    scenario : Scenario
        Whose names the path uses.
    located : Located
        Where values stand.
    place : tuple
        Path of the factor in the experiment file.
    faults : list of Fault
        Where to note what is wrong.
    """

    def __init__(self, scenario: Scenario, located: Located, place: KeyPath, faults: list[Fault]) -> None:
        self.scenario, self.located, self.place, self.faults = scenario, located, place, faults

    def factor(self, path: str, entry: object) -> Factor | None:
        """Return the factor, or none after noting its faults."""
        said: dict[str, Any] = entry if isinstance(entry, dict) else {}
        before = len(self.faults)
        target = self._target(path, said)
        if target is None:
            return None
        if "range" in said and "levels" in said:
            self._note(("levels",), "a factor has a range or levels, not both", key=True)
        if said.get("levels") is not None:
            levels = self._levels(target, said["levels"])
            ends = (min(levels), max(levels)) if levels else None
        else:
            levels, ends = (), self._range(target, said.get("range"))
        if len(self.faults) > before or ends is None:
            return None
        return Factor(target, *ends, levels)

    def _note(self, below: KeyPath, problem: str, **more: Any) -> None:
        self.faults.append(self.located.fault((*self.place, *below), problem, **more))

    def _unfit(self, below: KeyPath, error: InvalidValue, *, key: bool = False) -> None:
        """Note the fault of a value that its type refused."""
        names = error.names if isinstance(error, Unfit) else ()
        self._note(below, error.problem, key=key, found=error.found, allowed=names or error.allowed)

    def _target(self, path: str, said: dict[str, Any]) -> Target | None:
        """Return the parameter, lever or opening value that a path names; None, with a fault, if none."""
        year = self._year(said.get("from"))
        try:
            target = find_target(path, self.scenario, year)
        except Unfit as error:
            self._unfit((), error, key=True)
            return None
        if said.get("from") is not None and not isinstance(target, Lever):
            self._note(("from",), "only levers of policy change at a date", key=True)
        return target

    def _year(self, raw: object) -> float:
        """Return the date from which a lever is set; minus infinity if none is given."""
        if raw is None:
            return -math.inf
        calendar = self.scenario.calendar
        try:
            year = parse_date(raw)
        except InvalidValue as error:
            self._unfit(("from",), error)
            return -math.inf
        if not calendar.start <= year < calendar.end:
            allowed = f"from {calendar.start} to before {calendar.end}"
            problem = "the date is outside the time that is simulated"
            self._note(("from",), problem, found=describe(raw), allowed=allowed)
        return year

    def _numbers(self, target: Target, key: str, raw: object) -> list[float] | None:
        """Return the numbers of a list, or none if the schema or this notes a fault."""
        if not isinstance(raw, list):
            return None
        quantity = Quantity(target.unit, target.low, target.high)
        numbers = []
        for place, value in enumerate(raw):
            try:
                numbers.append(quantity.read(value))
            except InvalidValue as error:
                self._unfit((key, place), error)
        return numbers if len(numbers) == len(raw) else None

    def _levels(self, target: Target, raw: object) -> tuple[float, ...]:
        """Return the levels of a factor; none after noting a fault."""
        numbers = self._numbers(target, "levels", raw)
        if numbers is None:
            return ()
        if len(numbers) < 2 or len(set(numbers)) < len(numbers):
            self._note(("levels",), "two or more different levels belong here")
            return ()
        return tuple(numbers)

    def _range(self, target: Target, raw: object) -> tuple[float, float] | None:
        """Return the range of a factor: as given, or the declared bounds."""
        if raw is None:
            if isinstance(target, Opening):
                problem = "an opening value needs a range: or levels:"
                self._note((), problem, key=True, allowed=bounds(target.unit, target.low, target.high))
            return target.low, target.high
        numbers = self._numbers(target, "range", raw)
        if numbers is None:
            return None
        if len(numbers) != 2 or numbers[0] >= numbers[1]:
            found = ", ".join(describe(value) for value in raw) if isinstance(raw, list) else ""
            self._note(("range",), "a range is its lowest and its highest value", found=found)
            return None
        return numbers[0], numbers[1]


def read_goals(raw: object, located: Located) -> tuple[tuple[Goal, ...], list[Fault]]:
    """Return the goals that can be read, and what is wrong with the others."""
    units = {indicator.name: indicator.unit for indicator in INDICATORS}
    goals: list[Goal] = []
    faults: list[Fault] = []
    for name, entry in (raw if isinstance(raw, dict) else {}).items():
        if name not in units or not isinstance(entry, dict):
            continue  # the schema reports it
        given = [key for key in ("at_least", "at_most") if entry.get(key) is not None]
        if len(given) != 1:
            problem = "a goal has one threshold: at_least: or at_most:"
            faults.append(located.fault(("goals", name), problem, key=True))
            continue
        try:
            threshold = Quantity(units[name], -math.inf, math.inf).read(entry[given[0]])
        except InvalidValue as error:
            place = ("goals", name, given[0])
            faults.append(located.fault(place, error.problem, found=error.found, allowed=error.allowed))
            continue
        goals.append(Goal(name, threshold, more=given[0] == "at_least"))
    return tuple(goals), faults
