"""One decision in two runs: which terms of it differ, by replaying both once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.core.tables.codes import CRITERIA, DecisionKind
from deftrade.core.wording import listed, number, signed
from deftrade.explanations.one_thing.awards import ALTERNATIVES, offer_name
from deftrade.explanations.one_thing.judgements import Judgements, View
from deftrade.explanations.one_thing.scoring import LUCK, Scored, Selections
from deftrade.explanations.replay.names import RULES
from deftrade.explanations.replay.replay import replay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.core.world import Names
    from deftrade.explanations.replay.decisions import Decision, Pair
    from deftrade.explanations.replay.sources import Source

LEAST = 0.005
"""Smallest change of a term that is told."""

TOLD = 3
"""Terms or offers that are told."""


class Looks:
    """What one run looked like at decisions of interest."""

    def __init__(self, source: Source, pairs: Sequence[Pair], side: int) -> None:
        decisions = [decision for pair in pairs if (decision := (pair.a, pair.b)[side]) is not None]
        awards = [
            (decision.step, decision.row) for decision in decisions if decision.kind == DecisionKind.AWARD
        ]
        cases = [
            (decision.step, decision.row) for decision in decisions if decision.kind == DecisionKind.LICENCE
        ]
        self.chosen, self.judged = Selections(awards), Judgements(cases)
        last = max((step for step, _ in (*awards, *cases)), default=-1)
        self.names: Names = replay(source, [self.chosen.watch(), self.judged.watch()], last + 1).world.names

    def scored(self, decision: Decision | None) -> Scored | None:
        """Return the scored offers of the tender that a decision awarded; None if they were not seen."""
        return None if decision is None else self.chosen.kept.get((decision.step, decision.row))

    def views(self, decision: Decision | None) -> list[View]:
        """Return how the exporters judged the application that a decision settled; empty if not seen."""
        return [] if decision is None else self.judged.kept.get(decision.row, [])


def contrast(pair: Pair, a: Looks, b: Looks) -> str:
    """Return in words which terms of a decision differ between two runs; empty where none was seen."""
    if pair.kind == DecisionKind.AWARD:
        one, other = a.scored(pair.a), b.scored(pair.b)
        if one is None or other is None:
            return ""
        return _offers(one, other, a.names)
    if pair.kind == DecisionKind.LICENCE:
        ours, theirs = a.views(pair.a), b.views(pair.b)
        return _views(ours, theirs, a.names) if ours and theirs else ""
    return ""


def _offers(a: Scored, b: Scored, names: Names) -> str:
    """Return what became of both runs' winning offers, else of the offers that moved most."""
    ours, theirs = _by_name(a, names), _by_name(b, names)
    winners = list(dict.fromkeys(name for name in (_winner(a, names), _winner(b, names)) if name))
    told = [_moved(name, a, b, ours.get(name), theirs.get(name)) for name in winners]
    if any(told):
        return "; ".join(text for text in told if text)
    moves = {name: _shift(a, b, ours[name], theirs[name]) for name in ours if name in theirs}
    largest = sorted(moves, key=lambda name: -abs(moves[name]))[:TOLD]
    others = [_moved(name, a, b, ours[name], theirs[name]) for name in largest]
    others += [f"{name} offered in A only" for name in ours if name not in theirs]
    others += [f"{name} offered in B only" for name in theirs if name not in ours]
    around = "; ".join(text for text in others[: 2 * TOLD] if text)
    if not around:
        return ""
    alternatives = ALTERNATIVES[int(a.choice().alternative[0])], ALTERNATIVES[int(b.choice().alternative[0])]
    turn = (
        f", so that the buyer chose {alternatives[1]} instead of {alternatives[0]}"
        if alternatives[0] != alternatives[1]
        else ""
    )
    return f"both winners' own offers were the same, but {around}{turn}"


def _by_name(scored: Scored, names: Names) -> dict[str, int]:
    """Return the offers by who offers and how."""
    return {offer_name(scored, offer, names): offer for offer in range(len(scored.bid))}


def _winner(scored: Scored, names: Names) -> str:
    """Return the name of the chosen offer, empty where the buyer waited."""
    offer = int(scored.choice().offer[0])
    return offer_name(scored, offer, names) if offer >= 0 else ""


def _shift(a: Scored, b: Scored, one: int, other: int) -> float:
    """Return how much more an offer was worth in B, luck aside."""
    return float(b.value[other] - a.value[one])


def _moved(who: str, a: Scored, b: Scored, one: int | None, other: int | None) -> str:
    """Return how an offer differed between runs; empty where it did not."""
    if one is None or other is None:
        return f"{who} was offered in {'B' if one is None else 'A'} only"
    if a.columns["is_released"][one] != b.columns["is_released"][other]:
        return f"{who} was not released in {'B' if a.columns['is_released'][one] else 'A'}"
    terms = {term: float(b.parts[term][other] - a.parts[term][one]) for term in a.parts if term != LUCK}
    if abs(sum(terms.values())) < LEAST:
        return ""
    return f"{who} scored {signed(sum(terms.values()))} in B against A{_list(terms)}"


def _list(terms: dict[str, float]) -> str:
    """Return the terms that changed most in brackets, each with its change; empty if none did."""
    order = sorted((term for term in terms if abs(terms[term]) >= LEAST), key=lambda term: -abs(terms[term]))
    words = [f"{term} {signed(terms[term])}" for term in order[:TOLD]]
    return f" ({listed(words)})" if words else ""


def _views(a: list[View], b: list[View], names: Names) -> str:
    """Return what differs in the exporters' views of one application."""
    one, other = a[0], b[0]
    who = names.states[one.state]
    if one.strictness <= 0 or other.strictness <= 0:
        return f"{who}'s strictness was {number(one.strictness)} in A, {number(other.strictness)} in B"
    terms = {RULES.get(term, term): other.parts[term] - one.parts[term] for term in one.parts}
    criteria = sum(other.weights[name] for name in CRITERIA) - sum(one.weights[name] for name in CRITERIA)
    weights = ", with other weights of criteria" if abs(criteria) > 1e-12 else ""
    return (
        f"{who} judged at strictness {_strict(one)} in A, {_strict(other)} in B{weights}: margin"
        f" {signed(one.margin)} in A, {signed(other.margin)} in B{_list(terms)}"
    )


def _strict(view: View) -> str:
    """Return strictness, with what policy sets it to where findings, leaders or denials moved it."""
    moved = abs(view.strictness - view.lever) > LEAST
    return number(view.strictness) + (f" (set to {number(view.lever)})" if moved else "")
