"""Worlds drawn at and near all bounds: each is refused at load with its place, or runs with finite numbers.

    python -m validation.extreme_worlds                        # 5,000 worlds
    python -m validation.extreme_worlds --worlds 200 --first 7000 --keep FOLDER

A world is named by a whole number, from which alone it is drawn. Values stand at an end of their bounds, next
to one, or in between; how many are given at all differs from world to world. A world is well if it is refused
with file, line and column, runs to its end with finite series, balanced books and no warning, or stops with
the reason that its values together are more than the formulas bear. The exit code is 1 if one is not.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from deftrade import load, simulate
from deftrade.core.params import Group
from deftrade.core.table import Column, Table
from deftrade.core.tables import Alliances, Categories, Dyads, Firms, States
from deftrade.errors import NotFiniteError, ScenarioError
from deftrade.phases import Params
from deftrade.scenario.schema import KINDS_OF_ALLIANCE, limits, parameter_limits, settable

REFUSED, RAN, STOPPED, WRONG = "refused", "ran", "stopped", "wrong"
_NEAR = 1e-6
_RICHEST = 1e9
_WAYS = (0.35, 0.7, 0.8, 0.9)
"""Up to these: the low end, the high end, next to the low one, next to the high one; else in between."""
_SHARES = ("procurement_share", "support_share", "research_share", "debt_financing", "reallocation_financing")


class Outcome(NamedTuple):
    """What became of a world, and why."""

    what: str
    why: str = ""


class Drawer:
    """Draws the parts of one world.

    Parameters
    ----------
    number : int
        Names the world.
    """

    def __init__(self, number: int) -> None:
        self.luck = np.random.default_rng(number)
        self.number = number
        self.density = self.luck.choice([0.02, 0.1, 0.3, 0.8])
        self.states = [f"S{row}" for row in range(self.luck.integers(1, 7))]
        self.firms = [f"F{row}" for row in range(self.luck.integers(0, 7))]

    def number_in(self, low: float, high: float) -> float:
        """Return a number at, near or between two bounds."""
        near = _NEAR * (high - low)
        way = int(np.searchsorted(_WAYS, self.luck.random(), side="right"))
        return float((low, high, low + near, high - near, self.luck.uniform(low, high))[way])

    def given(self, density: float | None = None) -> bool:
        """Return whether something that may be given is."""
        return bool(self.luck.random() < (self.density if density is None else density))

    def pick(self, among: list[str]) -> str:
        """Return one of a list."""
        return str(among[self.luck.integers(len(among))])

    def some(self, among: list[str]) -> list[str]:
        """Return at least one of a list, in its order."""
        chosen = [one for one in among if self.given(0.4)]
        return chosen or [self.pick(among)]

    def columns(self, table: type[Table], *roles: str) -> dict[str, Any]:
        """Return some of a table's columns in these roles with a number each."""
        found = {}
        for column in settable(table, *roles):
            if column.bounds is not None and self.given():
                found[column.name] = self._value(column)
        return found

    def _value(self, column: Column[Any]) -> float:
        """Return a number for a column; shares of one whole mostly leave room for each other."""
        bounds = limits(column)
        high = bounds.high / 3 if column.name in _SHARES and self.given(0.9) else bounds.high
        return self.number_in(bounds.low, high)

    def parameters(self, group: type[Group]) -> dict[str, Any]:
        """Return some of a group's parameters, those of the groups in it included."""
        found: dict[str, Any] = {}
        for name, info in group.model_fields.items():
            kind = info.annotation
            if isinstance(kind, type) and issubclass(kind, Group):
                found[name] = self.parameters(kind)
            elif self.given(self.density / 2):
                found[name] = self.number_in(*parameter_limits(info))
        return {name: value for name, value in found.items() if value != {}}

    def categories(self) -> list[dict[str, Any]]:
        """Return one to three categories whose shares add to all."""
        names = ["aircraft", "ships", "missiles"][: self.luck.integers(1, 4)]
        shares = self.luck.dirichlet(np.ones(len(names)))
        return [
            {"name": name, **self.columns(Categories, "given"), "demand_share": float(share)}
            for name, share in zip(names, shares, strict=True)
        ]

    def state(self, name: str) -> dict[str, Any]:
        """Return a state; what it earns is spread over all sizes."""
        gdp = self.number_in(1, _RICHEST) if self.given() else 10 ** float(self.luck.uniform(3, 8))
        return {"name": name, **self.columns(States, "given"), "gdp": gdp}

    def firm(self, name: str, categories: list[str]) -> dict[str, Any]:
        """Return a firm with lines in some categories."""
        lines = []
        for category in self.some(categories):
            line: dict[str, Any] = {"category": category}
            if self.given():
                line["quality"] = self.number_in(0.01, 10)
            if self.given():
                line["design"] = self.pick(self.states)
            lines.append(line)
        return {"name": name, "home": self.pick(self.states), "lines": lines, **self.columns(Firms, "given")}

    def alliances(self) -> list[dict[str, Any]]:
        """Return up to two alliances."""
        found = []
        for row in range(self.luck.integers(0, 3) if len(self.states) > 2 else 0):
            members = self.some(self.states)
            if len(members) > 1:
                kind = self.pick(list(KINDS_OF_ALLIANCE))
                values = self.columns(Alliances, "given")
                found.append({"name": f"A{row}", "kind": kind, "members": members, **values})
        return found

    def relations(self) -> list[dict[str, Any]]:
        """Return what some pairs are to each other."""
        found = []
        for row, one in enumerate(self.states):
            for other in self.states[:row]:
                values = self.columns(Dyads, "given")
                if values:
                    found.append({"between": [one, other], **values})
        return found

    def policy(self, table: type[Table], names: list[str]) -> dict[str, Any]:
        """Return levers of some, dated or not."""
        found = {}
        for name in names:
            values = self.columns(table, "lever")
            dated = {key: {"2026": value} if self.given(0.3) else value for key, value in values.items()}
            if dated:
                found[name] = dated
        return found

    def events(self) -> list[dict[str, Any]]:
        """Return some events at their ends."""
        state, size = self.pick(self.states), float(self.luck.choice([1e-6, 0.5, 0.9, 1]))
        drawn: list[dict[str, Any]] = [
            {"war": {"state": state, "loss": size}},
            {"breakthrough": {"state": state, "gain": size}},
            {"gdp_shock": {"state": "all", "size": -size / 2}},
            {"oil_shock": {"size": size}},
        ]
        drawn += [{"collapse": {"firm": firm}} for firm in self.firms[:1]]
        return [{"at": "2025-Q3", **event} for event in drawn if self.given()]


def drawn(number: int) -> dict[str, Any]:
    """Return the world of a number as what a scenario file says."""
    draw = Drawer(number)
    world: dict[str, Any] = {"states": [draw.state(name) for name in draw.states]}
    kinds = ["aircraft", "ships", "missiles"]
    if draw.given(0.7):
        world["categories"] = draw.categories()
        kinds = [entry["name"] for entry in world["categories"]]
    world["firms"] = [draw.firm(name, kinds) for name in draw.firms]
    world["alliances"] = draw.alliances()
    world["relations"] = draw.relations()
    step, years = draw.pick(["year", "quarter", "month"]), int(draw.luck.integers(2, 4))
    parameters = {name: draw.parameters(type(group)) for name, group in Params()}
    # Settling takes longest, and seldom needs its full length to go wrong.
    short = {"coarse_years": int(draw.luck.integers(0, 5)), "fine_years": int(draw.luck.integers(0, 3))}
    parameters["opening"] = {**parameters["opening"], **short}
    return {
        "deftrade": 1,
        "price_year": 2024,
        "seed": number,
        "time": {"start": 2025, "end": 2025 + years, "step": step},
        "world": {key: value for key, value in world.items() if value},
        "policy": {
            "states": draw.policy(States, draw.states),
            "firms": draw.policy(Firms, draw.firms),
            "alliances": draw.policy(Alliances, [one["name"] for one in world["alliances"]]),
        },
        "events": draw.events(),
        "parameters": {name: values for name, values in parameters.items() if values},
    }


def outcome(number: int, folder: Path) -> Outcome:
    """Write a world to a file in a folder, run it, and return what became of it."""
    return outcome_of(drawn(number), folder / f"world_{number}.json")


def outcome_of(says: dict[str, Any], file: Path) -> Outcome:
    """Write what a scenario says to a file, run it, and return what became of it."""
    file.write_text(json.dumps(says), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return _played(file)
        except ScenarioError as error:
            lost = [fault for fault in error.faults if not (fault.line and fault.column)]
            return Outcome(WRONG, f"no place: {lost[0]}") if lost else Outcome(REFUSED, str(error.faults[0]))
        except NotFiniteError as error:
            return Outcome(STOPPED, str(error))
        except Exception as error:
            return Outcome(WRONG, f"{type(error).__name__}: {error}")


def _played(file: Path) -> Outcome:
    """Run a world and look at its series."""
    results = simulate(load(file))
    for name in ("states", "firms", "alliances"):
        frame = results.to_frame(name)
        # A firm or alliance that came later has no numbers before.
        for column in frame.select_dtypes("float").columns if name == "states" else ():
            if not np.isfinite(frame[column]).all():
                return Outcome(WRONG, f"{name}.{column} is not finite")
    return Outcome(RAN)


def main() -> int:
    """Run worlds, print what went wrong and how often what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--worlds", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for the worlds that stopped or went wrong")
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    with TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(asked.first, asked.first + asked.worlds):
            what, why = outcome(number, folder)
            counts[what] += 1
            file = folder / f"world_{number}.json"
            if what in (STOPPED, WRONG):
                print(f"{number} {what}: {why}", flush=True)
                if asked.keep:
                    asked.keep.mkdir(parents=True, exist_ok=True)
                    (asked.keep / file.name).write_bytes(file.read_bytes())
            file.unlink()
    print(", ".join(f"{counts[what]} {what}" for what in (RAN, REFUSED, STOPPED, WRONG)))
    return int(counts[WRONG] > 0)


if __name__ == "__main__":
    sys.exit(main())
