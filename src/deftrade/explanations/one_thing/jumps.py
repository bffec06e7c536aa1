"""A jump in a series of a state: which contracts, fleets or items it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.wording import number, percent, signed
from deftrade.errors import ExplanationError
from deftrade.explanations.replay.explanation import Explanation
from deftrade.explanations.replay.labels import label, row_of
from deftrade.explanations.replay.names import named
from deftrade.explanations.replay.replay import advance, begin
from deftrade.explanations.replay.sections import Grid, Section
from deftrade.explanations.replay.tallies import Tally
from deftrade.results.indicators.parts import breakdowns, largest, less

if TYPE_CHECKING:
    from deftrade.core.world import World
    from deftrade.explanations.replay.sources import Source
    from deftrade.results.indicators.parts import Key, Parts
    from deftrade.results.run import Run

SHOWN = 10


def explain_series(source: Source, state: str, column: str, date: str = "") -> Explanation:
    """Explain the change of a state's column from the step before a date; by default its largest.

    Raises
    ------
    ExplanationError
        There is no such state, column or date.
    """
    row = named("state", state, source.scenario.world.names.states)
    if column not in breakdowns():
        raise ExplanationError(
            f"a jump in {column!r} cannot be broken down; these can: {', '.join(breakdowns())}"
        )
    calendar = source.scenario.calendar
    label_of = calendar.label
    if date and source.step_of(date) < 1:
        first, last = label_of(1), label_of(calendar.steps - 1)
        raise ExplanationError(f"{date!r} is no {calendar.step} of this run's; from {first} to {last}")
    run, series = _replayed(source, row, column)
    step = source.step_of(date) if date else _largest_jump(series)
    before, after = (Tally(column, row, frozenset({at})) for at in (step - 1, step))
    _count(source, (before, after), step + 1)
    rise = less(after.parts, before.parts)
    unit = _unit(run.world, column)
    dates = (label_of(step - 1), label_of(step)) if date or any(np.diff(series)) else _ends(source)
    title = f"{column.replace('_', ' ')} of {state} {_went((before.total, after.total), dates, unit)}"
    section = Section(
        "What the change is made of",
        _told(run.world, series, step, rise, unit),
        (_grid(run.world, rise),) if rise else (),
    )
    data = {
        "state": state,
        "column": column,
        "unit": unit,
        "date": label_of(step),
        "before": before.total,
        "after": after.total,
        "parts": [
            {"what": label(run.world, key), "sort": key.sort, "change": value}
            for key, value in largest(rise, len(rise))
        ],
    }
    return Explanation(title[0].upper() + title[1:], (section,), data)


def _unit(world: World, column: str) -> str:
    """Return the unit of a column of states."""
    return next(each.unit for each in world.states.columns if each.name == column)


def _ends(source: Source) -> tuple[str, str]:
    """Return the first and the last date of a run."""
    calendar = source.scenario.calendar
    return calendar.label(0), calendar.label(calendar.steps - 1)


def _went(values: tuple[float, float], dates: tuple[str, str], unit: str) -> str:
    """Return how a quantity went between two dates, in words."""
    before, after = (f"{number(value)} {unit}" for value in values)
    if before == after:
        return f"did not move from {dates[0]} to {dates[1]}: {after}"
    verb = "rose" if values[1] > values[0] else "fell"
    return f"{verb} from {before} in {dates[0]} to {after} in {dates[1]}"


def _replayed(source: Source, row: int, column: str) -> tuple[Run, list[float]]:
    """Return the whole run and the column step by step."""
    run = begin(source)
    series = []
    while not run.is_done:
        advance(run, source)
        series.append(float(np.sum(getattr(run.world.states, column)[row])))
    return run, series


def _count(source: Source, tallies: tuple[Tally, ...], until: int) -> None:
    """Replay a run up to a step, so that the tallies fill on the way."""
    run = begin(source, [watch for tally in tallies for watch in tally.watches()])
    while run.world.clock.step < until:
        advance(run, source)


def _largest_jump(series: list[float]) -> int:
    """Return the step of the largest change from the step before."""
    if len(series) < 2:
        raise ExplanationError("a run of one step has no jump")
    return int(np.argmax(np.abs(np.diff(series)))) + 1


def _told(world: World, series: list[float], step: int, rise: Parts, unit: str) -> tuple[str, ...]:
    """Return how unusual the change is, and how much of it the parts shown make up."""
    if not rise:
        return ("No part of it moved.",)
    changes = np.abs(np.diff(series))
    whole = series[step] - series[step - 1]
    told = [
        f"The change is {signed(whole, 3)} {unit}; the median change from step to step is"
        f" {number(float(np.median(changes)))} {unit}."
    ]
    begun = [_status(world, key, step) for key, _ in largest(rise, 3)]
    return (*told, *(text for text in begun if text))


def _status(world: World, key: Key, step: int) -> str:
    """Return what happened to a contract at the step."""
    row = row_of(world.contracts, key.uid) if key.sort == "contract" else -1
    if row < 0:
        return ""
    contracts = world.contracts
    if contracts.signed[row] == step:
        return f"{label(world, key)} was signed at this step."
    if contracts.ended[row] == step:
        return f"{label(world, key)} ended at this step."
    return ""


def _grid(world: World, rise: Parts) -> Grid:
    """Return the largest parts of a change as a table, the rest as one row."""
    whole = sum(rise.values())
    size = sum(abs(value) for value in rise.values()) or 1.0
    shown = list(largest(rise, SHOWN))
    rows = [(label(world, key), signed(value, 3), percent(abs(value) / size)) for key, value in shown]
    rest = whole - sum(value for _, value in shown)
    if len(rise) > len(shown):
        rows.append((f"{len(rise) - len(shown)} more", signed(rest, 3), ""))
    rows.append(("all", signed(whole, 3), ""))
    return Grid(("what", "change", "share of all movement"), tuple(rows), (1, 2))
