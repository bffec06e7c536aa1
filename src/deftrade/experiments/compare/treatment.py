"""What a policy changes, in words, and whether it can act at all within the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.experiments.compare.fairness import differences, late_differences
from deftrade.scenario.changes import changes
from deftrade.scenario.changes_text import told
from deftrade.scenario.digests import treatment_digest, world_digest
from deftrade.scenario.plain import date_text, setting_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from deftrade.core.table import Column
    from deftrade.scenario.changes import Change
    from deftrade.scenario.resolved import Scenario, Setting

    Levers = dict[Column[Any], NDArray[Any]]

_SHOWN = 5
"""Late changes that are named, so that a long policy cut short still leaves a note that is read."""


@dataclass(frozen=True)
class Treatment:
    """How a policy's treatment stands to the baseline's.

    Parameters
    ----------
    changes : tuple of str
        What differs within the run, in words; if nothing does, what differs after it.
    can_act : bool
        Whether any lever has another value at any date of the run, or any event falls into it.
    reasons : tuple of str
        For what cannot act: why.
    is_same : bool
        Whether policy and events are the baseline's throughout the run.
    is_elsewhere : bool
        Whether world or parameters are not the baseline's.
    is_reparametrised : bool
        Whether, of world and parameters, only parameters are not the baseline's.
    """

    changes: tuple[str, ...]
    can_act: bool
    reasons: tuple[str, ...]
    is_same: bool = False
    is_elsewhere: bool = False
    is_reparametrised: bool = False


def treatment_of(base: Scenario, policy: Scenario) -> Treatment:
    """Return what a policy changes and whether it can act.

    Parameters
    ----------
    base, policy : Scenario
        With equal time axes.
    """
    found, late = differences(base, policy), late_differences(base, policy)
    is_same = treatment_digest(base) == treatment_digest(policy)
    is_elsewhere = world_digest(base) != world_digest(policy)
    can_act = not is_same and policy_start(base, policy) is not None
    reasons = [] if is_same else list(_idle(base, policy))
    if late and not can_act:
        reasons.append(_outside(base, late))
    elif is_same and not is_elsewhere:
        reasons.append(f"the two are the same{_span(base)}: world, parameters, policy and events")
    lines = told(found, base, policy) or [f"outside the run: {line}" for line in late]
    elsewhere = {change.kind for change in found if change.is_world}
    return Treatment(tuple(lines), can_act, tuple(reasons), is_same, is_elsewhere, elsewhere == {"parameter"})


def _span(scenario: Scenario) -> str:
    """Return the years of a run in words."""
    return f" from {scenario.calendar.start} to {scenario.calendar.end - 1}"


def _outside(base: Scenario, late: Sequence[str]) -> str:
    """Return what is dated after the run, by lever or event and date."""
    named = "; ".join(line.removeprefix("policy: ") for line in late[:_SHOWN])
    more = f"; and {len(late) - _SHOWN} more" if len(late) > _SHOWN else ""
    return f"outside the run, which goes{_span(base)}, lies {named}{more}"


def policy_start(base: Scenario, policy: Scenario) -> int | None:
    """Return the first step in which levers or events of two scenarios differ; none if in no step."""
    steps = base.calendar.steps
    dates = sorted({*_due_steps(base), *_due_steps(policy), 0})
    differing = [step for step in dates if step < steps and _differ(base, policy, step)]
    shocks = [event.due for event in _only_in_one(base, policy) if 0 <= event.due < steps]
    return min([*differing, *shocks], default=None)


def _differ(base: Scenario, policy: Scenario, step: int) -> bool:
    """Return whether any lever has another value in a step."""
    one, other = _levers(base, step), _levers(policy, step)
    columns = one.keys() | other.keys()
    return any(_value(base, one, column) != _value(policy, other, column) for column in columns)


def _value(scenario: Scenario, levers: Levers, column: Column[Any]) -> list[Any]:
    """Return a lever's values, the world's own where no policy has set it."""
    return levers.get(column, scenario.world.values[column]).tolist()


def _levers(scenario: Scenario, step: int) -> Levers:
    """Return the levers that policy has set by a step, as a run would hold them."""
    held: Levers = {}
    due = [(setting, scenario.calendar.due(setting.year)) for setting in scenario.policy]
    for setting, _ in sorted((pair for pair in due if pair[1] <= step), key=lambda pair: pair[1]):
        values = held.setdefault(setting.column, scenario.world.values[setting.column].copy())
        values[setting.index] = setting.value
    return held


def _due_steps(scenario: Scenario) -> set[int]:
    """Return the steps in which policy sets anything."""
    return {scenario.calendar.due(setting.year) for setting in scenario.policy}


def _only_in_one(base: Scenario, policy: Scenario) -> Iterator[Change]:
    """Yield events that only one of two scenarios has."""
    yield from (change for change in changes(base, policy) if change.kind == "event")


def _idle(base: Scenario, policy: Scenario) -> Iterator[str]:
    """Yield why parts of a policy cannot act: too late, or nothing new.

    In a world of other entities a setting's index means another lever, so nothing is said.
    """
    if base.world.names != policy.world.names:
        return
    end, steps = base.calendar.end, base.calendar.steps
    for setting in policy.policy:
        name = f"{setting.column.name} of {', '.join(setting_names(setting, policy.world.names))}"
        due = policy.calendar.due(setting.year)
        if due >= steps:
            yield f"{name} from {date_text(setting.year)}: the run ends before {end}"
        elif np.all(_before(policy, setting) == setting.value) and np.all(
            _levers(base, due).get(setting.column, base.world.values[setting.column])[setting.index]
            == setting.value
        ):
            yield f"{name}: has this value already"
    for event in _only_in_one(base, policy):
        if not 0 <= event.due < steps:
            kind = event.path.replace("_", " ")
            yield f"{date_text(event.year)} {kind}: outside {base.calendar.start} to {end - 1}"


def _before(scenario: Scenario, setting: Setting) -> Any:
    """Return what a lever stood at in the step before a policy sets it."""
    due = scenario.calendar.due(setting.year)
    return _levers(scenario, due - 1).get(setting.column, scenario.world.values[setting.column])[
        setting.index
    ]


def explain_silence(treatment: Treatment) -> str:
    """Return why two scenarios ran alike in every pair, for a reader."""
    if treatment.can_act:
        moving = (
            "its levers move, but nothing that anybody decided in these runs depended on them: what they"
            " work through is cut, not there, or had no case within the run"
        )
        return "; ".join([*treatment.reasons, moving])
    if treatment.is_elsewhere and not treatment.reasons:
        return "what differs had no effect on anything that anybody decided in these runs"
    return "; ".join(treatment.reasons) or "its levers hold the values they had"


def explain_elsewhere(treatment: Treatment, baseline: str) -> str:
    """Return how a world differs from the baseline's and whose the difference then is, for a reader."""
    where = "has other parameters than" if treatment.is_reparametrised else "stands in another world than"
    whose = "the difference is not its policy's alone"
    if treatment.is_same:
        whose = "policy and events are the same, so the difference is no policy's"
    return f"{where} {baseline}: {whose}"
