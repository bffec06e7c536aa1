"""Which causes a difference needs: the second run again, with some of them as in the first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from deftrade import simulation
from deftrade.core.tables.codes import ContractStatus
from deftrade.explanations.replay.decisions import Log
from deftrade.explanations.replay.labels import row_of
from deftrade.explanations.replay.replay import fork
from deftrade.explanations.two_runs.divergence import named, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.core.world import World
    from deftrade.explanations.replay.decisions import Pair
    from deftrade.explanations.replay.sources import Source
    from deftrade.explanations.two_runs.divergence import Cause
    from deftrade.results.run import Run
    from deftrade.scenario.resolved import Scenario

MOST = 12
"""Causes in force that are tried: each costs a replay from its opening to the decision."""

UNTOLD = "how policy reached it is not in the log"
"""What is said where nothing that policy does could be shown to be needed."""


class Question(NamedTuple):
    """Something that two runs answer otherwise, once a step is over."""

    step: int
    answer: Callable[[Log], object]


def question_of(pair: Pair) -> Question:
    """Return what a decision was: its outcomes, none where it was not taken."""
    same = (pair.step, pair.kind, pair.subject, pair.decision.actor)

    def answer(log: Log) -> object:
        found = (
            decision
            for decision in log.decisions
            if (decision.step, decision.kind, decision.subject, decision.actor) == same
        )
        return [decision.outcome for decision in found]

    return Question(pair.step, answer)


def record(logs: tuple[Log, Log], uid: int) -> Question:
    """Return what had become of a contract when the runs first recorded otherwise of it."""
    step = max(first_apart(logs, uid), 0)

    def answer(log: Log) -> object:
        return tuple(date if 0 <= date <= step else -1 for date in _dates(log.world, uid))

    return Question(step, answer)


def first_apart(logs: tuple[Log, Log], uid: int) -> int:
    """Return the first step at which two runs recorded otherwise of a contract; -1 if they never did."""
    dates = [_dates(log.world, uid) for log in logs]
    apart = [step for pair in zip(*dates, strict=True) if pair[0] != pair[1] for step in pair if step >= 0]
    return min(apart, default=-1)


def _dates(world: World, uid: int) -> tuple[int, int, int]:
    """Return when a contract was signed, completed and cancelled; -1 is not yet."""
    row = row_of(world.contracts, uid)
    if row < 0:
        return -1, -1, -1
    contracts = world.contracts
    ended = int(contracts.ended[row])
    is_lost = contracts.status[row] == ContractStatus.CANCELLED
    return int(contracts.signed[row]), -1 if is_lost else ended, ended if is_lost else -1


@dataclass(frozen=True)
class Needed:
    """The causes without which the second run answers a question as the first does.

    Parameters
    ----------
    causes : list of Cause
        Any one of them is enough to leave out, unless `together`; empty if none could be shown.
    together : bool
        Whether all of them have to be left out at once, and no fewer.
    untried : int
        How many there were where they were too many to be tried; else 0.
    """

    causes: list[Cause]
    together: bool = False
    untried: int = 0

    @property
    def how(self) -> str:
        """How sure it is in a word: ``each``, ``together``, ``untried`` or ``open``."""
        if self.untried:
            return "untried"
        return ("together" if self.together else "each") if self.causes else "open"

    def told(self, what: str) -> str:
        """Return why these causes are named, in words; ``what`` is what goes as in the first run."""
        if self.untried:
            return f"which of the {self.untried} things in force it needs was not tried: more than {MOST}"
        if not self.causes:
            return UNTOLD
        if self.together:
            return f"{named(self.causes)} together: {what} in B as in A only without all of them"
        leave = "it" if len(self.causes) == 1 else "any one of them"
        return f"{named(self.causes)}: without {leave}, {what} in B as in A"


@dataclass(frozen=True)
class Trials:
    """Replays of the second run in which some causes are left out.

    Parameters
    ----------
    a, b : Source
        The runs.
    log : Log
        The decisions of the first.
    causes : sequence of Cause
        What policy and events do differently.
    begun : Run
        The second run at the opening of the first step at which a cause acts.
    """

    a: Source
    b: Source
    log: Log
    causes: Sequence[Cause]
    begun: Run
    _runs: dict[frozenset[str], Run] = field(default_factory=dict)

    def needed(self, question: Question) -> Needed:
        """Return the causes that the answer of the second run needs."""
        due = [cause for cause in self.causes if cause.step <= question.step]
        if len(due) > MOST:
            return Needed([], untried=len(due))
        alone = [cause for cause in due if self._is_undone(question, [cause])]
        if alone or not due or not self._is_undone(question, due):
            return Needed(alone)
        return Needed(self._fewest(question, due), together=True)

    def _fewest(self, question: Question, due: list[Cause]) -> list[Cause]:
        """Return causes that undo a difference together, and no longer do if one of them is kept."""
        left = due
        for cause in due:
            fewer = [other for other in left if other is not cause]
            if self._is_undone(question, fewer):
                left = fewer
        return left

    def _is_undone(self, question: Question, left_out: Sequence[Cause]) -> bool:
        """Return whether the second run without some causes answers as the first does."""
        run = self._run(left_out)
        while run.world.clock.step <= question.step:
            simulation.step(run)
        return question.answer(Log(run.world)) == question.answer(self.log)

    def _run(self, left_out: Sequence[Cause]) -> Run:
        """Return the second run without some causes, as far as it was taken before."""
        key = frozenset(cause.mark for cause in left_out)
        if key not in self._runs:
            scenario = without(self.a.scenario, self.b.scenario, left_out)
            self._runs[key] = fork(self.begun, scenario, self.b.order)
        return self._runs[key]


def without(a: Scenario, b: Scenario, left_out: Sequence[Cause]) -> Scenario:
    """Return the second scenario with some causes as they are in the first."""
    places = {(cause.lever.path, cause.index, cause.step) for cause in left_out if cause.lever is not None}
    events = [cause.event for cause in left_out if cause.event is not None]
    kept = [setting for setting in b.policy if place_of(b, setting) not in places]
    taken = [setting for setting in a.policy if place_of(a, setting) in places]
    return replace(
        b,
        policy=(*kept, *taken),
        events=(
            *(event for event in b.events if not any(event is other for other in events)),
            *(event for event in a.events if any(event is other for other in events)),
        ),
    )
