"""The world: all tables, the date and the seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core import tables
from deftrade.core.dates import Clock
from deftrade.core.draws import Draws
from deftrade.core.gate import Gate
from deftrade.core.table import Table
from deftrade.core.tables.codes import CLIPS, CRITERIA, SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray


@dataclass
class Names:
    """What rows are called; the order is the row order."""

    states: list[str]
    categories: list[str]
    firms: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    alliances: list[str] = field(default_factory=list)


class World:
    """Everything that is, at one date.

    Parameters
    ----------
    names : Names
        Names of the entities; their counts size the tables.
    clock : Clock
        Calendar and step.
    seed : int
        The run's seed.
    """

    def __init__(self, names: Names, clock: Clock, seed: int) -> None:
        self.names = names
        self.clock = clock
        self.draws = Draws(seed)
        self.gate = gate = Gate()
        states, categories = len(names.states), len(names.categories)
        sizes = {
            "states": states,
            "categories": categories,
            "criteria": len(CRITERIA),
            "clips": len(CLIPS),
            "sources": SOURCES,
        }
        self.environment = tables.Environment(gate, 1, sizes)
        self.categories = tables.Categories(gate, categories, sizes)
        self.states = tables.States(gate, states, sizes)
        self.dyads = tables.Dyads(gate, states, sizes)
        self.firms = tables.Firms(gate, len(names.firms), sizes)
        self.lines = tables.Lines(gate, len(names.lines), sizes)
        self.alliances = tables.Alliances(gate, len(names.alliances), sizes)
        self.fleets = tables.Fleets(gate, 0, sizes)
        self.tenders = tables.Tenders(gate, 0, sizes)
        self.bids = tables.Bids(gate, 0, sizes)
        self.applications = tables.Applications(gate, 0, sizes)
        self.contracts = tables.Contracts(gate, 0, sizes)
        self.obligations = tables.Obligations(gate, 0, sizes)
        self.postings = tables.Postings(gate, 0, sizes)
        self.decisions = tables.Decisions(gate, 0, sizes)
        self.tables = tuple(each for each in vars(self).values() if isinstance(each, Table))
        """All tables in their fixed order."""
        self._recalled: dict[str, tuple[tuple[NDArray[Any], ...], Any]] = {}
        gate.unlock()

    def recall(self, what: str, inputs: tuple[NDArray[Any], ...], find: Callable[[], Any]) -> Any:
        """Return what ``find`` returned when the inputs were last as they are now, or call it.

        For results that cost much and depend on nothing but arrays that seldom change. Who gets them
        must not write to them.
        """
        known = self._recalled.get(what)
        if known is None or not all(map(_is_same, known[0], inputs)):
            known = tuple(values.copy() for values in inputs), find()
            self._recalled[what] = known
        return known[1]

    def copy(self) -> World:
        """Return a world with the same values that shares no array with this one."""
        names = Names(**{sort: list(each) for sort, each in vars(self.names).items()})
        other = World(names, Clock(self.clock.calendar, self.clock.step, self.clock.stride), self.draws.seed)
        other._take(self._values())
        return other

    def _values(self) -> list[dict[str, NDArray[Any]]]:
        """Return the rows of every column of every table."""
        arrays = self.gate.arrays
        return [
            {column.name: arrays[column][: table.rows] for column in table.columns} for table in self.tables
        ]

    def _take(self, values: list[dict[str, NDArray[Any]]]) -> None:
        """Fill the tables with the rows of another world."""
        for table, arrays in zip(self.tables, values, strict=True):
            table.restore(arrays)

    def __getstate__(self) -> dict[str, Any]:
        # Values alone: the gate holds views that would lose what they look at.
        return {
            "names": self.names,
            "clock": self.clock,
            "seed": self.draws.seed,
            "values": self._values(),
            "is_shown": self.gate.is_shown,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["names"], state["clock"], state["seed"])  # type: ignore[misc]
        self._take(state["values"])
        if state["is_shown"]:
            self.gate.show()

    def begin_step(self) -> None:
        """Forget the last step's flows and scratch rows."""
        for table in self.tables:
            if table.sort == "scratch":
                table.clear()
                continue
            for column in table.flows:
                self.gate.arrays[column][: table.rows] = 0

    def quick_digest(self) -> str:
        """Return a hash of states, firms, lines, fleets, alliances and of how many records there are.

        It costs a fraction of `digest` and tells runs apart as well: whatever is decided moves funds,
        fleets or firms.
        """
        counts = [self.clock.step, *(len(table) for table in self.tables)]
        moving = (self.environment, self.states, self.firms, self.lines, self.alliances, self.fleets)
        return self._hash(counts, moving)

    def digest(self) -> str:
        """Return a hash of every value of every table and of the step, as 32 hex digits."""
        return self._hash([self.clock.step], self.tables)

    def _hash(self, numbers: Iterable[int], hashed: Iterable[Table]) -> str:
        """Return a hash of numbers and of all values of tables, as 32 hex digits."""
        state = sha256(repr(list(numbers)).encode())
        for table in hashed:
            for column in table.columns:
                values: NDArray[np.generic] = self.gate.arrays[column][: table.rows]
                state.update(column.path.encode())
                state.update(np.ascontiguousarray(values).data)
        return state.hexdigest()[:32]


def _is_same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Return whether two arrays hold the same, as `numpy.array_equal` but faster."""
    return one.shape == other.shape and bool((one == other).all())
