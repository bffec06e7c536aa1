"""Whether scenarios may be compared: equal time axes always, equal worlds unless asked otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deftrade.errors import ExperimentError
from deftrade.experiments.batch.batch import file_name
from deftrade.experiments.batch.replicate import Cell
from deftrade.scenario.changes import changes
from deftrade.scenario.changes_text import told
from deftrade.scenario.digests import world_digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.scenario.changes import Change
    from deftrade.scenario.resolved import Scenario

_SHOWN = 10


def cells_of(scenarios: Sequence[Scenario]) -> tuple[Cell, ...]:
    """Return scenarios as cells with names that can name files; one that comes again gets a number."""
    cells: list[Cell] = []
    taken: set[str] = set()
    for scenario in scenarios:
        stem = file_name(scenario.name)
        name, count = stem, 1
        while name in taken:
            count += 1
            name = f"{stem}-{count}"
        taken.add(name)
        cells.append(Cell(name, scenario))
    return tuple(cells)


def check_comparable(cells: Sequence[Cell], *, allow_different_worlds: bool = False) -> None:
    """Refuse scenarios whose difference would not be that of their policies.

    Parameters
    ----------
    cells : sequence of Cell
        The baseline first.
    allow_different_worlds : bool
        Whether worlds and parameters may differ; time axes never may.

    Raises
    ------
    ExperimentError
        Naming the scenario and what differs, in words.
    """
    if len(cells) < 2:
        raise ExperimentError("a comparison needs a baseline and at least one policy")
    base, *policies = cells
    for policy in policies:
        if policy.scenario.calendar != base.scenario.calendar:
            axes = " and ".join(_axis(cell) for cell in (base, policy))
            raise ExperimentError(f"scenarios of different time axes cannot be compared: {axes}")
        if allow_different_worlds or world_digest(policy.scenario) == world_digest(base.scenario):
            continue
        raise ExperimentError(_refusal(base, policy))


def _axis(cell: Cell) -> str:
    """Return a scenario's time axis in words."""
    calendar = cell.scenario.calendar
    return f"{cell.name} runs from {calendar.start} to {calendar.end - 1} by {calendar.step}"


def _refusal(base: Cell, policy: Cell) -> str:
    """Return the message that says which differences make two scenarios incomparable."""
    one, other = base.scenario, policy.scenario
    apart = told([change for change in changes(one, other) if change.is_world], one, other)
    more = [f"… and {len(apart) - _SHOWN} more"] if len(apart) > _SHOWN else []
    lines = [
        f"{base.name} and {policy.name} differ in more than policy, so no difference would be the policy's:"
    ]
    return "\n    ".join(
        [*lines, *apart[:_SHOWN], *more, "--allow-different-worlds compares them all the same"]
    )


def differences(base: Scenario, policy: Scenario) -> list[Change]:
    """Return what differs between two scenarios, but for the runs' luck and what is kept."""
    return [change for change in changes(base, policy) if change.kind not in ("seed", "outputs")]


def late_differences(base: Scenario, policy: Scenario) -> list[str]:
    """Return what differs in words only after the end to which two scenarios were cut."""
    whole = _uncut(base), _uncut(policy)
    known = set(told(differences(base, policy), base, policy))
    return [line for line in told(differences(*whole), *whole) if line not in known]


def _uncut(scenario: Scenario) -> Scenario:
    """Return a scenario that dates again what lies after its end, to be told and not to be run."""
    return replace(
        scenario,
        policy=(*scenario.policy, *scenario.late_policy),
        events=(*scenario.events, *scenario.late_events),
    )
