"""Logged decisions as people name them, and the decisions of two runs side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.tables.codes import ContractKind, DecisionKind, Rule
from deftrade.explanations.replay.names import RULES, goods

if TYPE_CHECKING:
    from deftrade.core.table import Table
    from deftrade.core.world import World

_ABOUT = {
    DecisionKind.AWARD: "tenders",
    DecisionKind.WITHDRAWAL: "tenders",
    DecisionKind.RECONSIDERATION: "tenders",
    DecisionKind.LICENCE: "applications",
    DecisionKind.DIVERSION: "contracts",
    DecisionKind.FINDING: "contracts",
    DecisionKind.DIVERSION_EMBARGO: "contracts",
    DecisionKind.ACCESSION: "alliances",
    DecisionKind.EXIT: "alliances",
    DecisionKind.FIRM_EXIT: "firms",
    DecisionKind.FIRM_ENTRY: "firms",
    DecisionKind.RECAPITALISATION: "firms",
    DecisionKind.MERGER: "firms",
    DecisionKind.LEADER_CHANGE: "states",
    DecisionKind.LINE_OPENED: "lines",
}
"""Tables whose rows decisions are about."""


class Decision(NamedTuple):
    """One logged decision; ``outcome`` says in words what was chosen."""

    place: int
    step: int
    kind: DecisionKind
    subject: int
    row: int
    actor: int
    outcome: str
    margin: float
    runner_up: int


@dataclass(frozen=True)
class Log:
    """The decisions of a run from its opening on.

    Parameters
    ----------
    world : World
        The world at the end of the run.
    """

    world: World

    @cached_property
    def decisions(self) -> list[Decision]:
        """All decisions in the order in which they were taken."""
        log = self.world.decisions
        return [self._decision(int(place)) for place in np.flatnonzero(log.step >= 0)]

    def _decision(self, place: int) -> Decision:
        """Return row ``place`` of the log, with its outcome in words."""
        log = self.world.decisions
        kind = DecisionKind(int(log.kind[place]))
        chosen, rule = int(log.chosen[place]), Rule(int(log.rule[place]))
        return Decision(
            place,
            int(log.step[place]),
            kind,
            int(log.subject[place]),
            int(log.row[place]),
            int(log.actor[place]),
            self._outcome(kind, chosen, rule, int(log.runner_up[place])),
            float(log.margin[place]),
            int(log.runner_up[place]),
        )

    def _outcome(self, kind: DecisionKind, chosen: int, rule: Rule, runner_up: int) -> str:
        """Return the chosen state, firm or category by name, or granted, refused, closed or yes."""
        names = self.world.names
        if kind == DecisionKind.LICENCE:
            if chosen:
                return "granted"
            if rule == Rule.CONSENT:
                return f"refused, as {names.states[runner_up]} withheld its consent"
            return f"refused for {RULES[rule.name.lower()]}"
        if kind in (DecisionKind.AWARD, DecisionKind.LINE_OPENED):
            return names.states[chosen]
        if kind in (DecisionKind.FIRM_EXIT, DecisionKind.MERGER):
            return names.firms[chosen] if chosen >= 0 else "closed"
        if kind == DecisionKind.FIRM_ENTRY:
            return names.categories[chosen]
        return "yes"

    def about(self, decision: Decision) -> str:
        """Return the subject of a decision in words: a trade, alliance, firm, state or line."""
        table, names = getattr(self.world, _ABOUT[decision.kind]), self.world.names
        if _ABOUT[decision.kind] in ("tenders", "applications", "contracts"):
            return self._trade(table, decision)
        return str(getattr(names, _ABOUT[decision.kind])[decision.row])

    def _trade(self, table: Table, decision: Decision) -> str:
        """Return a tender, application or contract in words."""
        names, values = self.world.names, {c.name: table.gate.open[c] for c in table.columns}
        kind = ContractKind(int(values["kind"][decision.row])).name.lower()
        what = goods(kind, names.categories[values["category"][decision.row]])
        buyer = names.states[values["buyer"][decision.row]]
        if _ABOUT[decision.kind] == "applications":
            return f"{what} from {names.states[values['exporter'][decision.row]]} to {buyer}"
        if _ABOUT[decision.kind] == "contracts":
            return f"{what} from {names.states[values['supplier'][decision.row]]} to {buyer}"
        return f"{what} for {buyer}"

    def told(self, decision: Decision) -> str:
        """Return a decision in words, without its date."""
        actor = self.world.names.states[decision.actor] if decision.actor >= 0 else "nobody"
        return _SENTENCES[decision.kind](actor, self.about(decision), decision)


_SENTENCES: dict[DecisionKind, Callable[[str, str, Decision], str]] = {
    DecisionKind.AWARD: lambda who, what, decision: f"{what}: {who} chose {decision.outcome}",
    DecisionKind.LICENCE: lambda who, what, decision: (
        f"{what}: {who}'s agency {decision.outcome} the licence"
        if decision.outcome == "granted"
        else f"{what}: licence {decision.outcome}"
    ),
    DecisionKind.DIVERSION: lambda who, what, decision: f"{who} diverted {what}",
    DecisionKind.FINDING: lambda who, what, decision: f"{who} found {what} diverted",
    DecisionKind.DIVERSION_EMBARGO: lambda who, what, decision: f"{who} imposed an embargo over {what}",
    DecisionKind.ACCESSION: lambda who, what, decision: f"{who} joined {what}",
    DecisionKind.EXIT: lambda who, what, decision: f"{who} left {what}",
    DecisionKind.FIRM_EXIT: lambda who, what, decision: (
        f"{what} of {who} closed"
        if decision.outcome == "closed"
        else f"{what} of {who} was taken over by {decision.outcome}"
    ),
    DecisionKind.FIRM_ENTRY: lambda who, what, decision: (
        f"{what} of {who} opened a line in {decision.outcome}"
    ),
    DecisionKind.RECAPITALISATION: lambda who, what, decision: f"{who} put money into {what}",
    DecisionKind.WITHDRAWAL: lambda who, what, decision: f"{what}: {who} withdrew the tender",
    DecisionKind.LEADER_CHANGE: lambda who, what, decision: f"{who} changed its leader",
    DecisionKind.MERGER: lambda who, what, decision: f"{what} of {who} joined {decision.outcome}",
    DecisionKind.RECONSIDERATION: lambda who, what, decision: f"{what}: {who} lowered its demands",
    DecisionKind.LINE_OPENED: lambda who, what, decision: (
        f"{who} opened the line {what} with {decision.outcome}"
    ),
}


class Pair(NamedTuple):
    """The same decision in two runs; None where one run did not take it."""

    step: int
    order: int
    kind: DecisionKind
    subject: int
    a: Decision | None
    b: Decision | None

    @property
    def differs(self) -> bool:
        """Whether the outcomes differ."""
        return self.a is None or self.b is None or self.a.outcome != self.b.outcome

    @property
    def is_formal(self) -> bool:
        """Whether it is a licence that one run alone asked for and granted."""
        alone = self.a is None or self.b is None
        return alone and self.kind == DecisionKind.LICENCE and self.decision.outcome == "granted"

    @property
    def is_touched(self) -> bool:
        """Whether anything about it differs, such as the margin."""
        return self.differs or self.a.margin != self.b.margin  # type: ignore[union-attr]

    @property
    def decision(self) -> Decision:
        """The decision in a run that took it."""
        return self.a or self.b  # type: ignore[return-value]


def align(a: Log, b: Log) -> list[Pair]:
    """Return the decisions of two runs side by side, in the order in which they were taken.

    Decisions are the same if date, kind, subject and actor are; of several, the first meets the first.
    """
    found: dict[tuple[int, ...], list[Decision | None]] = {}
    for side, log in enumerate((a, b)):
        seen: Counter[tuple[int, ...]] = Counter()
        for decision in log.decisions:
            same = (decision.step, decision.kind, decision.subject, decision.actor)
            key = (*same, seen[same])
            seen[same] += 1
            found.setdefault(key, [None, None])[side] = decision
    pairs = [
        Pair(
            key[0],
            min(d.place for d in both if d is not None),
            DecisionKind(key[1]),
            key[2],
            both[0],
            both[1],
        )
        for key, both in found.items()
    ]
    return sorted(pairs, key=lambda pair: (pair.step, pair.order, pair.kind, pair.subject))
