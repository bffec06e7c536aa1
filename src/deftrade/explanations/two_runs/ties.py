"""What a decision hangs on: earlier decisions on the same tender, buyer or maker that differ too."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from deftrade.core.tables.codes import DecisionKind

if TYPE_CHECKING:
    from deftrade.explanations.replay.decisions import Decision, Log, Pair

_OF_TENDERS = (DecisionKind.AWARD, DecisionKind.WITHDRAWAL, DecisionKind.RECONSIDERATION)
_OF_CONTRACTS = (DecisionKind.DIVERSION, DecisionKind.FINDING, DecisionKind.DIVERSION_EMBARGO)

_AFTER_ALL = (DecisionKind.DIVERSION, DecisionKind.FINDING)
"""What happens to goods that were delivered long ago; only an embargo over it moves trade."""


class Tie(NamedTuple):
    """What a decision touches: tender (its id; 0 none), buyer, category, and states that sell."""

    tender: int
    buyer: int
    category: int
    sellers: frozenset[int]


WHY = {
    "tender": "it decides the same tender",
    "need": "it moved what the same buyer has, has ordered and still needs in the category",
    "maker": "it moved the order book, price and experience of the same maker's line",
    "purse": "it moved the same buyer's money for orders",
}
"""How a decision hangs on an earlier one, by the strength of the tie."""


def tie_of(log: Log, decision: Decision) -> Tie:
    """Return tender, buyer, category and sellers that one run's decision touches."""
    world, row = log.world, decision.row
    if decision.kind in _OF_TENDERS:
        table = world.tenders
        sells = frozenset(
            {world.names.states.index(decision.outcome)} if decision.kind == DecisionKind.AWARD else ()
        )
        return Tie(decision.subject, int(table.buyer[row]), int(table.category[row]), sells)
    if decision.kind == DecisionKind.LICENCE:
        cases = world.applications
        tender = int(world.tenders.uid[cases.tender[row]])
        return Tie(
            tender, int(cases.buyer[row]), int(cases.category[row]), frozenset({int(cases.exporter[row])})
        )
    if decision.kind in _OF_CONTRACTS:
        deals = world.contracts
        return Tie(
            int(deals.uid[row]),
            int(deals.buyer[row]),
            int(deals.category[row]),
            frozenset({int(deals.supplier[row])}),
        )
    return Tie(0, -1, -1, frozenset({decision.actor}))


def tie_of_pair(a: Log, b: Log, pair: Pair) -> Tie:
    """Return what a decision touches in both runs together."""
    ties = [tie_of(log, decision) for log, decision in ((a, pair.a), (b, pair.b)) if decision is not None]
    sellers = frozenset[int]().union(*(tie.sellers for tie in ties))
    return ties[0]._replace(sellers=sellers)


@dataclass(frozen=True)
class Web:
    """All decisions that differ between two runs, with what each touches.

    Parameters
    ----------
    pairs : list of Pair
        In the order in which they were taken.
    ties : list of Tie
        One a pair.
    """

    pairs: list[Pair]
    ties: list[Tie]

    @classmethod
    def spin(cls, a: Log, b: Log, pairs: list[Pair]) -> Web:
        """Return the web of those pairs whose outcomes differ, in their order."""
        differing = [pair for pair in pairs if pair.differs]
        return cls(differing, [tie_of_pair(a, b, pair) for pair in differing])

    def up_to(self, step: int) -> int:
        """Return how many decisions were taken by a step's end: none of the others is a cause of it."""
        return bisect_right(self.pairs, step, key=lambda pair: pair.step)

    def of_tender(self, tender: int) -> list[int]:
        """Return the places of decisions on what became of a tender: no formality, nothing after it."""
        return [
            place
            for place, tie in enumerate(self.ties)
            if tie.tender == tender
            and not self.pairs[place].is_formal
            and self.pairs[place].kind not in _OF_CONTRACTS
        ]

    def before(self, place: int) -> tuple[int, str]:
        """Return the earlier decision on which one hangs most closely, and by which tie; -1 is none."""
        pair = self.pairs[place]
        return self.latest(self.ties[place], place, alone=pair.a is None or pair.b is None)

    def latest(self, tie: Tie, place: int, *, alone: bool) -> tuple[int, str]:
        """Return the latest decision before a place with the strongest tie.

        What only one run decided hangs on the buyer's needs before it hangs on makers; what both
        decided otherwise hangs on the offers. Only a tender's own decisions hang on one another
        within a step, and what one run alone granted decided nothing that the award had not.
        """
        if not self.pairs:
            return -1, ""
        order = ("tender", "need", "maker", "purse") if alone else ("tender", "maker", "need")
        step = self.pairs[place].step if place < len(self.pairs) else self.pairs[-1].step + 1
        for strength in order:
            for earlier in range(place - 1, -1, -1):
                pair = self.pairs[earlier]
                if pair.is_formal or pair.kind in _AFTER_ALL or (strength != "tender" and pair.step >= step):
                    continue
                if _is_tied(strength, tie, self.ties[earlier]):
                    return earlier, strength
        return -1, ""

    def chain(self, place: int) -> list[tuple[int, str]]:
        """Return decisions from the first to one, each with the tie to the one before it."""
        links = [(place, "")]
        while place >= 0:
            place, strength = self.before(place)
            links[-1] = (links[-1][0], strength)
            if place >= 0:
                links.append((place, ""))
        return links[::-1]


def _is_tied(strength: str, tie: Tie, earlier: Tie) -> bool:
    """Return whether an earlier decision is tied so."""
    if strength == "tender":
        return tie.tender != 0 and tie.tender == earlier.tender
    if strength == "need":
        return tie.buyer >= 0 and (tie.buyer, tie.category) == (earlier.buyer, earlier.category)
    if strength == "maker":
        return tie.category >= 0 and tie.category == earlier.category and bool(tie.sellers & earlier.sellers)
    return tie.buyer >= 0 and tie.buyer == earlier.buyer
