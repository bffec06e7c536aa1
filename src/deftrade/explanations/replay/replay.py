"""Exact replay: the run again, bit for bit, with watches that look at a phase as it works."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from deftrade import simulation
from deftrade.errors import ExplanationError
from deftrade.results.record import Record
from deftrade.results.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deftrade.core.phase import Phase
    from deftrade.core.world import World
    from deftrade.explanations.replay.sources import Source
    from deftrade.scenario.resolved import Scenario

    Look = Callable[[World, Any], None]


def _nothing(world: World, params: Any) -> None:
    """Look at nothing."""


@dataclass(frozen=True)
class Watch:
    """What looks at the world just before and just after a phase.

    Parameters
    ----------
    phase : str
        Name of the phase.
    before, after : callable
        Called with the world, open for reading, and the phase's parameters.
    steps : frozenset of int, optional
        Steps at which it looks; None is every step.
    """

    phase: str
    before: Look = _nothing
    after: Look = _nothing
    steps: frozenset[int] | None = None

    def is_due(self, step: int) -> bool:
        """Return whether the hook is called at a step."""
        return self.steps is None or step in self.steps


def replay(source: Source, watches: Sequence[Watch] = (), until: int | None = None) -> Run:
    """Return the run as it stood after ``until`` steps, by default at its end.

    It starts from the last saved state before the first watch, or from the opening.

    Raises
    ------
    ExplanationError
        The replay is not the run that was recorded.
    """
    run = begin(source, watches)
    steps = source.scenario.calendar.steps if until is None else until
    while run.world.clock.step < steps:
        advance(run, source)
    return run


def begin(source: Source, watches: Sequence[Watch] = (), *, from_opening: bool = False) -> Run:
    """Return the run at its opening or, unless told, at the last saved state before the first watch."""
    order = tuple(_watched(phase, [w for w in watches if w.phase == phase.name]) for phase in source.order)
    looked = [step for watch in watches for step in (watch.steps if watch.steps is not None else {0})]
    first = 0 if from_opening else min(looked, default=0)
    usable = [step for step in source.saved_states if step <= first]
    if usable:
        run = simulation.resume(source.scenario, source.saved_states[max(usable)], order=order)
    else:
        run = simulation.start(source.scenario, order=order)
    for label in run.digests:
        _check(run, source, label)
    return run


def advance(run: Run, source: Source) -> None:
    """Take a step of a replay and compare the digest of a year that it ends."""
    simulation.step(run)
    label = source.scenario.calendar.label(run.world.clock.step)
    if label in run.digests:
        _check(run, source, label)


def fork(run: Run, scenario: Scenario, order: tuple[Phase, ...]) -> Run:
    """Return a run that goes on from where another stands, under policy and events that may differ."""
    record = Record(scenario.outputs, scenario.calendar)
    record.unpack(run.record.pack())
    return Run(
        scenario, run.world.copy(), record, order, dict(run.residuals), run.clips.copy(), dict(run.digests)
    )


def _check(run: Run, source: Source, label: str) -> None:
    """Refuse a replay whose world is not the one recorded at a date."""
    if source.digests.get(label) != run.digests[label]:
        raise ExplanationError(
            f"the replay of {source.label} is not the run that was recorded: the worlds differ at {label};"
            " other versions of Python or NumPy may be the cause"
        )


def _watched(phase: Phase, watches: list[Watch]) -> Phase:
    """Return a phase that lets watches look before and after it works."""
    if not watches:
        return phase

    def run(world: World, params: Any) -> None:
        due = [watch for watch in watches if watch.is_due(world.clock.step)]
        for watch in due:
            _look(world, params, watch.before)
        phase.run(world, params)
        for watch in due:
            _look(world, params, watch.after)

    return replace(phase, run=run)


def _look(world: World, params: Any, look: Look) -> None:
    """Let a watch look at a world that is open for reading, then open what the phase had open."""
    with world.gate.reading():
        look(world, params)
