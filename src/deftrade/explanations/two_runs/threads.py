"""From a part of an indicator's difference back to the first decision that it hangs on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables.codes import ContractKind, ContractStatus
from deftrade.explanations.replay.labels import label_of_both, number_of, row_of
from deftrade.explanations.two_runs.ties import Tie, Web
from deftrade.explanations.two_runs.trials import first_apart
from deftrade.phases.shared.packages import promised_uid
from deftrade.results.indicators.parts import PAID_BY_POLICY

if TYPE_CHECKING:
    from deftrade.core.world import World
    from deftrade.explanations.replay.decisions import Log
    from deftrade.results.indicators.parts import Key, Parts

OWN, POLICY, LINE, OPEN = "own decisions", "policy itself", "other orders of the maker", "open"
"""How a part is traced: to decisions on it, to policy, to other orders of its maker, or not at all."""

_PAID_BY_POLICY = {item.name.lower() for item in PAID_BY_POLICY}


@dataclass(frozen=True)
class Thread:
    """A part of the difference with what it hangs on.

    Parameters
    ----------
    key : Key
        The part.
    change : float
        What it is greater by in B.
    told : str
        It in words.
    how : str
        One of `OWN`, `POLICY`, `LINE`, `OPEN`.
    links : list of (int, str)
        Places in the web of decisions that differ, first to last, with the tie to the one before.
    record : tuple of str
        The contract's record in A and in B, empty where there is none.
    recorded : int
        The id of that contract.
    effect : int
        Step from which on the runs differ in it: no link is later.
    numbers : tuple of (int or None)
        The number that the part goes by in A and in B; None where it goes by none.
    """

    key: Key
    change: float
    told: str
    how: str
    links: list[tuple[int, str]] = field(default_factory=list)
    record: tuple[str, ...] = ()
    recorded: int = 0
    effect: int = 0
    numbers: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True)
class Tracer:
    """Traces parts of a difference between two finished runs.

    Parameters
    ----------
    a, b : Log
        The decisions of both runs.
    web : Web
        Those that differ.
    began : dict of Key to int
        First step at which each part differs.
    maker : int
        State whose lines are meant where others' orders are looked for; -1 is the contract's supplier.
    """

    a: Log
    b: Log
    web: Web
    began: dict[Key, int]
    maker: int = -1

    def trace(self, key: Key, change: float) -> Thread:
        """Return one part of the difference with the decision, policy or open end that it goes back to."""
        told = label_of_both(self.a.world, self.b.world, key)
        if key.sort == "item":
            return Thread(key, change, told, POLICY if key.word in _PAID_BY_POLICY else OPEN)
        if key.sort == "contract":
            return self._contract(key, change, told)
        if key.sort == "licence":
            return self._licence(key, change, told)
        if key.sort == "upkeep":
            return self._upkeep(key, change, told)
        return Thread(key, change, told, OPEN)

    def all(self, parts: Parts) -> list[Thread]:
        """Return all parts traced, the largest first."""
        order = sorted(parts, key=lambda key: (-abs(parts[key]), key))
        return [replace(self.trace(key, parts[key]), numbers=self._numbers(key)) for key in order]

    def _numbers(self, key: Key) -> tuple[int | None, int | None]:
        """Return the number that a part goes by in either run."""
        return number_of(self.a.world, key), number_of(self.b.world, key)

    def _contract(self, key: Key, change: float, told: str) -> Thread:
        """Trace a contract to decisions on its tender, to its end, or to its maker's other orders."""
        record = self._records(key.uid)
        apart = first_apart((self.a, self.b), key.uid)
        effect = min(self.began[key], apart) if apart >= 0 else self.began[key]
        known = partial(Thread, key, change, told, record=record, recorded=key.uid, effect=effect)
        own = self._by(effect, self.web.of_tender(self._promised_by(key.uid)))
        if own:
            return known(OWN, self.web.chain(own[-1]))
        links = self._at_line(key.uid, effect)
        if record and record[0] != record[1]:
            return known(OWN if _ended_apart(record) else LINE, links)
        return known(LINE if links else OPEN, links)

    def _licence(self, key: Key, change: float, told: str) -> Thread:
        """Trace a refused application to its decision."""
        # An exporter asked again for the same tender gives the application the same id.
        effect = self.began[key]
        places = [place for place, pair in enumerate(self.web.pairs) if pair.subject == key.uid]
        places = self._by(effect, places)
        if not places:
            return Thread(key, change, told, OPEN, effect=effect)
        return Thread(key, change, told, OWN, self.web.chain(places[-1]), effect=effect)

    def _upkeep(self, key: Key, change: float, told: str) -> Thread:
        """Trace a fleet's readiness to decisions on its support."""
        effect = self.began[key]
        support = self._support(key.uid)
        known = partial(Thread, key, change, told, effect=effect)
        found = self._by(effect, [place for uid in support for place in self.web.of_tender(uid)])
        for uid in support:
            record, apart = self._records(uid), first_apart((self.a, self.b), uid)
            if record and _ended_apart(record) and apart <= effect:
                # Its end in one run alone made the fleet go without: to market it went after that.
                after = [place for place in found if self.web.pairs[place].step >= apart]
                links = [(min(after), "")] if after else []
                return known(OWN, links, record, uid)
        if found:
            return known(OWN, self.web.chain(min(found)))
        return known(OPEN)

    def _by(self, step: int, places: list[int]) -> list[int]:
        """Return those decisions that were taken by a step: a cause is never later than its effect."""
        return [place for place in places if self.web.pairs[place].step <= step]

    def _support(self, fleet: int) -> list[int]:
        """Return the ids of support tenders and contracts of a fleet in either run."""
        found: dict[int, None] = {}
        for log in (self.a, self.b):
            world, row = log.world, row_of(log.world.fleets, fleet)
            if row < 0:
                continue
            for table in (world.tenders, world.contracts):
                mine = (table.fleet == row) & (table.kind == ContractKind.SUPPORT)
                found.update(dict.fromkeys(int(uid) for uid in table.uid[mine]))
        return list(found)

    def _promised_by(self, uid: int) -> int:
        """Return the equipment contract whose package promised a support contract, or itself."""
        for log in (self.a, self.b):
            contracts = log.world.contracts
            row = row_of(contracts, uid)
            if row >= 0 and contracts.tender[row] < 0 and contracts.signed[row] >= 0:
                promise = promised_uid(contracts.uid)
                parent = np.flatnonzero(promise == np.uint64(uid))
                return int(contracts.uid[parent[0]]) if len(parent) else uid
        return uid

    def _records(self, uid: int) -> tuple[str, ...]:
        """Return a contract's record in both runs in words."""
        rows = [(log.world, row_of(log.world.contracts, uid)) for log in (self.a, self.b)]
        return tuple(_record(world, row) for world, row in rows) if any(row >= 0 for _, row in rows) else ()

    def _at_line(self, uid: int, step: int) -> list[tuple[int, str]]:
        """Return the decisions about its maker in its category that differ, up to a step."""
        for log in (self.a, self.b):
            contracts = log.world.contracts
            row = row_of(contracts, uid)
            if row >= 0:
                maker = self.maker if self.maker >= 0 else int(contracts.supplier[row])
                tie = Tie(0, -1, int(contracts.category[row]), frozenset({maker}))
                place, _ = self.web.latest(tie, self.web.up_to(step), alone=False)
                return self.web.chain(place) if place >= 0 else []
        return []


def _record(world: World, row: int) -> str:
    """Return a contract's record in words."""
    if row < 0:
        return "no such contract"
    contracts, label_of = world.contracts, world.clock.calendar.label
    seller = world.names.states[contracts.supplier[row]]
    signed = int(contracts.signed[row])
    text = f"with {seller}" + (f", signed {label_of(signed)}" if signed >= 0 else "")
    status = ContractStatus(int(contracts.status[row]))
    if status == ContractStatus.ACTIVE:
        return f"{text}, running"
    return f"{text}, {status.name.lower()} {label_of(int(contracts.ended[row]))}"


def _ended_apart(record: tuple[str, ...]) -> bool:
    """Return whether a contract was cancelled in one run alone."""
    return ("cancelled" in record[0]) != ("cancelled" in record[1])


def covered(threads: list[Thread]) -> dict[str, tuple[float, float]]:
    """Return for every way of tracing the sum of changes and the sum of their sizes."""
    found = dict.fromkeys((OWN, POLICY, LINE, OPEN), (0.0, 0.0))
    for thread in threads:
        net, size = found[thread.how]
        found[thread.how] = (net + thread.change, size + abs(thread.change))
    return found
