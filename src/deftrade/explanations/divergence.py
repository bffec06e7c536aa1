"""Until when two runs are the same, and what policy and events make them differ."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from deftrade.errors import ExplanationError
from deftrade.explanations.replaying import advance, begin, fork
from deftrade.report.wording import listed, number
from deftrade.scenario.describing import world_digest
from deftrade.scenario.plain import date_text, plain_event, setting_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.explanations.replaying import Watch
    from deftrade.explanations.sources import Source
    from deftrade.scenario.events import Event
    from deftrade.scenario.resolved import Scenario, Setting
    from deftrade.simulation import Run


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
class Twins:
    """Two runs of the same world and luck, replayed side by side.

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


def check_twins(a: Source, b: Source) -> None:
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


def run_twins(
    a: Source,
    b: Source,
    watches_a: Sequence[Watch] = (),
    watches_b: Sequence[Watch] = (),
    *,
    keep: int | None = None,
) -> Twins:
    """Replay two runs step by step, compare every value until they part.

    At the opening of the step ``keep``, the second run is kept as it stands.

    Raises
    ------
    ExplanationError
        A replay is not the run that was recorded.
    """
    twins = Twins(begin(a, watches_a, from_opening=True), begin(b, watches_b, from_opening=True), None)
    _compare(twins)
    while not twins.a.is_done:
        step = twins.b.world.clock.step
        if keep is not None and step <= keep < step + b.scenario.calendar.steps_per_row:
            twins.begun = fork(twins.b, b.scenario, b.order)
        advance(twins.a, a)
        advance(twins.b, b)
        if twins.first is None:
            _compare(twins)
    return twins


def _compare(twins: Twins) -> None:
    """Compare the digests of both worlds as they stand."""
    step = twins.a.world.clock.step
    one, other = twins.a.world.digest(), twins.b.world.digest()
    if one == other:
        twins.proof.append((twins.a.scenario.calendar.label(step), one))
    else:
        twins.first = step - 1


def causes(a: Scenario, b: Scenario) -> list[Cause]:
    """Return what policy and events do differently in the second run, by date."""
    found = sorted([*_settings(a, b), *_events(a, b)], key=lambda cause: cause.step)
    return [replace(cause, mark=f"P{place}") for place, cause in enumerate(found, start=1)]


def _settings(a: Scenario, b: Scenario) -> list[Cause]:
    """Return values of levers that differ."""
    ours, theirs = _values(a), _values(b)
    found = []
    for key in dict.fromkeys((*theirs, *ours)):
        one, other = ours.get(key), theirs.get(key)
        if one and other and one.value == other.value:
            continue
        setting = other or one
        if setting is not None:
            told, name = _setting_told(b, setting, one, other), _setting_name(b, setting)
            found.append(Cause(key[2], told, name, lever=setting.column, index=setting.index))
    return found


def _values(scenario: Scenario) -> dict[tuple[str, tuple[int, ...], int], Setting]:
    """Return settings by column, index and step."""
    dated: dict[tuple[str, tuple[int, ...], int], Setting] = {}
    for setting in scenario.policy:
        dated[place_of(scenario, setting)] = setting
    return dated


def place_of(scenario: Scenario, setting: Setting) -> tuple[str, tuple[int, ...], int]:
    """Return what a setting sets, and at which step."""
    calendar = scenario.calendar
    step = max(calendar.step_at(setting.year), 0) if setting.year > calendar.start else 0
    return setting.column.path, setting.index, step


def _setting_told(scenario: Scenario, setting: Setting, one: Setting | None, other: Setting | None) -> str:
    """Return a lever's two values in words."""
    who = setting_names(setting, scenario.world.names)[0]
    year = max(setting.year, scenario.calendar.start)
    values = [number(each.value) if each else "unchanged" for each in (one, other)]
    lever, *what = _setting_name(scenario, setting).split(", ")
    where = f" ({', '.join(what)})" if what else ""
    return f"{date_text(year)}: {lever}{where} of {who}: {values[0]} in A, {values[1]} in B"


def _setting_name(scenario: Scenario, setting: Setting) -> str:
    """Return what a lever is called, such as ``criterion weight, human rights``."""
    _, *what = setting_names(setting, scenario.world.names)
    return ", ".join((setting.column.name, *what)).replace("_", " ")


def _events(a: Scenario, b: Scenario) -> list[Cause]:
    """Return events that only one run has."""
    found = []
    for side, scenario, others in (("A", a, b), ("B", b, a)):
        known = [plain_event(event, others.world.names) for event in others.events]
        for event in scenario.events:
            plain = plain_event(event, scenario.world.names)
            if plain not in known:
                particulars = ", ".join(f"{key} {_flat(value)}" for key, value in plain[event.kind].items())
                kind = event.kind.replace("_", " ")
                told = f"{date_text(event.year)}: {kind} ({particulars}) in {side} only"
                step = scenario.calendar.step_at(event.year)
                found.append(Cause(step, told, kind, event=event))
    return found


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
