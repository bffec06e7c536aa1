"""Until when two runs are the same, and what policy and events make them differ."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from deftrade.core.wording import listed, number
from deftrade.errors import ExplanationError
from deftrade.explanations.replay.replay import advance, begin, fork
from deftrade.scenario.changes import changes
from deftrade.scenario.describing import world_digest
from deftrade.scenario.plain import date_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.explanations.replay.replay import Watch
    from deftrade.explanations.replay.sources import Source
    from deftrade.results.run import Run
    from deftrade.scenario.changes import Change
    from deftrade.scenario.events.kinds import Event
    from deftrade.scenario.resolved import Scenario, Setting


@dataclass(frozen=True)
class Cause:
    """Something that policy or events do in one run and not, or not so, in the other.

    Parameters
    ----------
    step : int
        Step at which it acts.
    told : str
        It in words.
    name : str
        It in two or three words.
    mark : str
        What it is called where it is told once and meant often, such as ``P1``.
    lever : Column or None
        The lever that it sets; None for an event.
    index : tuple of int
        Where it sets the lever.
    event : Event or None
        What happens in one run only; None for a lever.
    """

    step: int
    told: str
    name: str = ""
    mark: str = ""
    lever: Any = None
    index: tuple[int, ...] = ()
    event: Event | None = None


@dataclass
class CounterfactualPair:
    """Two runs of the same world and luck that differ in policy or events alone, replayed side by side.

    Parameters
    ----------
    a, b : Run
        Both at their end.
    first : int or None
        First step after which any value differs; None if all are equal to the end.
    proof : list of (str, str)
        Dates, and the digest of every value of both worlds there, up to the last equal one.
    begun : Run or None
        The second run at the opening of the step that was asked for; None if none was.
    """

    a: Run
    b: Run
    first: int | None
    proof: list[tuple[str, str]] = field(default_factory=list)
    begun: Run | None = None


def check_pair(a: Source, b: Source) -> None:
    """Refuse runs that no decision tells apart: other worlds, other luck.

    Raises
    ------
    ExplanationError
        The worlds, parameters, calendars or seeds differ.
    """
    if world_digest(a.scenario) != world_digest(b.scenario):
        raise ExplanationError(
            f"{a.label} and {b.label} are runs of different worlds (entities, calendar or parameters):"
            " what differs between them goes back to no decision; compare runs of one world"
        )
    if a.scenario.seed != b.scenario.seed:
        raise ExplanationError(
            f"{a.label} has seed {a.scenario.seed} and {b.label} seed {b.scenario.seed}: their luck differs"
            " from the first step on; run one of them again with the other's seed"
        )


def run_pair(
    a: Source,
    b: Source,
    watches_a: Sequence[Watch] = (),
    watches_b: Sequence[Watch] = (),
    *,
    keep: int | None = None,
) -> CounterfactualPair:
    """Replay two runs step by step, compare every value until they part.

    At the opening of the step ``keep``, the second run is kept as it stands.

    Raises
    ------
    ExplanationError
        A replay is not the run that was recorded.
    """
    runs = CounterfactualPair(
        begin(a, watches_a, from_opening=True), begin(b, watches_b, from_opening=True), None
    )
    _compare(runs)
    while not runs.a.is_done:
        step = runs.b.world.clock.step
        if keep is not None and step <= keep < step + b.scenario.calendar.steps_per_row:
            runs.begun = fork(runs.b, b.scenario, b.order)
        advance(runs.a, a)
        advance(runs.b, b)
        if runs.first is None:
            _compare(runs)
    return runs


def _compare(runs: CounterfactualPair) -> None:
    """Compare the digests of both worlds as they stand."""
    step = runs.a.world.clock.step
    one, other = runs.a.world.digest(), runs.b.world.digest()
    if one == other:
        runs.proof.append((runs.a.scenario.calendar.label(step), one))
    else:
        runs.first = step - 1


def causes(a: Scenario, b: Scenario) -> list[Cause]:
    """Return what policy and events do differently in the second run, by date."""
    apart = changes(a, b)
    found = sorted([*_settings(apart, a.calendar.start), *_events(apart)], key=lambda cause: cause.step)
    return [replace(cause, mark=f"P{place}") for place, cause in enumerate(found, start=1)]


def _settings(found: Sequence[Change], start: float) -> list[Cause]:
    """Return levers that come to other values in a step."""
    held: dict[tuple[str, tuple[int, ...], int], list[Change]] = {}
    for change in found:
        if change.kind == "policy":
            held.setdefault((change.path, change.index, change.due), []).append(change)
    return [
        Cause(
            change.due,
            _setting_told(change, start),
            _setting_name(change),
            lever=change.lever,
            index=change.index,
        )
        for change in map(_together, held.values())
        if change.old != change.new
    ]


def _together(group: Sequence[Change]) -> Change:
    """Return what changes of a lever come to that fall due in one step: the last dates hold."""
    by_date = sorted(group, key=lambda change: change.year)
    olds = [change for change in by_date if change.old is not None]
    news = [change for change in by_date if change.new is not None]
    old, new = (olds[-1].old if olds else None), (news[-1].new if news else None)
    return replace((news or olds)[-1], old=old, new=new)


def place_of(scenario: Scenario, setting: Setting) -> tuple[str, tuple[int, ...], int]:
    """Return what a setting sets, and at which step."""
    return setting.column.path, setting.index, scenario.calendar.due(setting.year)


def _setting_told(change: Change, start: float) -> str:
    """Return a lever's two values in words."""
    values = [number(value) if value is not None else "unchanged" for value in (change.old, change.new)]
    lever, *what = _setting_name(change).split(", ")
    where = f" ({', '.join(what)})" if what else ""
    date = date_text(max(change.year, start))
    return f"{date}: {lever}{where} of {change.where[0]}: {values[0]} in A, {values[1]} in B"


def _setting_name(change: Change) -> str:
    """Return what a lever is called, such as ``criterion weight, human rights``."""
    return ", ".join((change.path.split(".")[1], *change.where[1:])).replace("_", " ")


def _events(found: Sequence[Change]) -> list[Cause]:
    """Return events that only one run has."""
    return [_event(change) for change in found if change.kind == "event"]


def _event(change: Change) -> Cause:
    """Return an event that only one run has as a cause."""
    side, plain = ("A", change.old) if change.new is None else ("B", change.new)
    particulars = ", ".join(f"{key} {_flat(value)}" for key, value in plain[change.path].items())
    kind = change.path.replace("_", " ")
    told = f"{date_text(change.year)}: {kind} ({particulars}) in {side} only"
    return Cause(change.due, told, kind, event=change.event)


def _flat(value: object) -> str:
    """Return a particular of an event in words."""
    if isinstance(value, list):
        return " and ".join(map(str, value))
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def in_force(found: Sequence[Cause], step: int) -> list[Cause]:
    """Return what policy set by a step and has not set again since, and the events by then."""
    due = [cause for cause in found if cause.step <= step]
    last = {(cause.lever, cause.index): cause.mark for cause in due}
    return [cause for cause in due if cause.lever is None or last[cause.lever, cause.index] == cause.mark]


def marks(found: Sequence[Cause]) -> str:
    """Return the marks of causes as a list in words."""
    return listed([cause.mark for cause in found])


def named(found: Sequence[Cause]) -> str:
    """Return causes with their marks as a list in words, such as ``P3 (export credit)``."""
    return listed([f"{cause.mark} ({cause.name})" for cause in found])
