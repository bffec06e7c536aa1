"""Each declared number alone at each end of its bounds, in a small world: refused with its place, or finite.

    python -m validation.extreme_bounds                       # all of them, some minutes
    python -m validation.extreme_bounds --every 20 --first 3

These are parameters, what may be given of states, categories, firms, alliances and relations, and levers of
policy. The exit code is 1 if one is not well.
"""

from __future__ import annotations

import argparse
import copy
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import yaml

from deftrade.core.params import Group
from deftrade.core.table import Column, Table
from deftrade.core.tables import Alliances, Categories, Dyads, Firms, States
from deftrade.phases import Params
from deftrade.scenario.schema import limits, parameter_limits, settable
from validation.extreme_worlds import RAN, REFUSED, STOPPED, WRONG, Outcome, outcome_of

WORLD = Path(__file__).parent / "fuzzing" / "bases" / "world.yaml"

_GIVEN: tuple[tuple[type[Table], str], ...] = (
    (States, "states"),
    (Categories, "categories"),
    (Firms, "firms"),
    (Alliances, "alliances"),
    (Dyads, "relations"),
)
_LEVERS: tuple[tuple[type[Table], tuple[Any, ...]], ...] = (
    (States, ("policy", "states", "Noor")),
    (Firms, ("policy", "firms", "Noor Defence")),
    (Alliances, ("policy", "alliances", "Pool")),
    (Dyads, ("policy", "relations", 0)),
)


class End(NamedTuple):
    """A number at an end of its bounds: where a scenario has it, and what it is there."""

    path: tuple[Any, ...]
    value: float

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))} = {self.value}"


def ends() -> list[End]:
    """Return all numbers at both ends of their bounds."""
    found = list(_parameters(Params(), ("parameters",)))
    for table, name in _GIVEN:
        for column in settable(table, "given"):
            if column.bounds is not None:
                found += [End(("world", name, 0, column.name), end) for end in _limits(column)]
    for table, path in _LEVERS:
        for column in settable(table, "lever"):
            if column.bounds is not None:
                found += [End((*path, column.name), end) for end in _limits(column)]
    return found


def _limits(column: Column[Any]) -> tuple[float, float]:
    """Return both ends of what a column's numbers may be."""
    bounds = limits(column)
    return bounds.low, bounds.high


def _parameters(group: Any, path: tuple[str, ...]) -> Iterator[End]:
    """Yield a group's parameters at both ends, those of the groups in it included."""
    for name, info in type(group).model_fields.items():
        value = getattr(group, name)
        if isinstance(value, Group):
            yield from _parameters(value, (*path, name))
        else:
            yield from (End((*path, name), end) for end in parameter_limits(info))


def played(end: End, folder: Path) -> Outcome:
    """Run a small world with one number at its end."""
    says = copy.deepcopy(_world())
    *way, last = end.path
    place: Any = says
    for key in way:
        place = place.setdefault(key, {}) if isinstance(place, dict) else place[key]
    place[last] = end.value
    return outcome_of(says, folder / "end.json")


def _world() -> dict[str, Any]:
    """Return the world, with an opening that settles for a year."""
    says: dict[str, Any] = yaml.safe_load(WORLD.read_text("utf-8"))
    says["parameters"]["opening"] = {"coarse_years": 0, "fine_years": 1}
    return says


def main() -> int:
    """Run worlds, print what went wrong and how often what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    asked = parser.parse_args()
    counts: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        for end in ends()[asked.first :: asked.every]:
            what, why = played(end, Path(folder))
            counts[what] += 1
            if what in (STOPPED, WRONG):
                print(f"{end} {what}: {why}", flush=True)
    print(", ".join(f"{counts[what]} {what}" for what in (RAN, REFUSED, STOPPED, WRONG)))
    return int(counts[WRONG] > 0)


if __name__ == "__main__":
    sys.exit(main())
