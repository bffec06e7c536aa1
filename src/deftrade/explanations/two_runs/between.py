"""Two runs of one world and luck: until when they are one, where they part, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deftrade.core.wording import counted
from deftrade.explanations.replay.decisions import Log, align
from deftrade.explanations.replay.explanation import Explanation
from deftrade.explanations.replay.sections import Section
from deftrade.explanations.replay.tallies import Tally
from deftrade.explanations.replay.windows import window_of
from deftrade.explanations.two_runs.contrasts import Looks, contrast
from deftrade.explanations.two_runs.divergence import causes, check_pair, in_force, marks, run_pair
from deftrade.explanations.two_runs.lineage import Lineage, lineage_section, trace
from deftrade.explanations.two_runs.story import decision_data, pair_grid, pair_told
from deftrade.explanations.two_runs.trials import Needed, Trials, question_of

if TYPE_CHECKING:
    from deftrade.explanations.replay.decisions import Pair
    from deftrade.explanations.replay.sources import Source
    from deftrade.explanations.two_runs.divergence import Cause, CounterfactualPair

SHOWN = 8
"""Decisions that the table of the first differing ones shows."""


def between(a: Source, b: Source, indicator: str = "") -> tuple[Explanation, Lineage | None]:
    """Return where two runs part, and the chain of decisions to an indicator's difference.

    Parameters
    ----------
    a, b : Source
        Runs of one world and seed.
    indicator : str
        An indicator of the focus state that is a sum of parts; empty for none.

    Raises
    ------
    ExplanationError
        The runs have different worlds or seeds, or the indicator cannot be traced.
    """
    check_pair(a, b)
    window = window_of(indicator, a.scenario) if indicator else None
    focus = _focus(a)
    tallies = [Tally(window.column, focus, window.steps) for _ in range(2)] if window else []
    watches = [tally.watches() for tally in tallies] or [[], []]
    reasons = causes(a.scenario, b.scenario)
    opens = max(min((cause.step for cause in reasons), default=0), 0)
    runs = run_pair(a, b, *watches, keep=opens)
    logs = Log(runs.a.world), Log(runs.b.world)
    pairs = align(*logs)
    trials = Trials(a, b, logs[0], reasons, runs.begun) if runs.begun else None
    lineage = trace(a, b, logs, pairs, trials, window, tallies) if window else None
    first = next((pair for pair in pairs if pair.differs), None)
    needed = trials.needed(question_of(first)) if trials and first else Needed([])
    sections = [
        Section("Until when they are one", tuple(_same(runs))),
        Section("What policy and events do differently", _reasons(reasons)),
        _parting(a, b, logs, pairs, reasons, needed),
    ]
    if lineage is not None:
        sections.append(lineage_section(lineage))
    data = {
        "a": a.label,
        "b": b.label,
        "seed": a.scenario.seed,
        "equal_until": runs.proof[-1][0] if runs.proof else None,
        "proof": [{"date": date, "digest": digest} for date, digest in runs.proof],
        "causes": [
            {"mark": cause.mark, "date": _date(a, cause.step), "what": cause.told} for cause in reasons
        ],
        "decisions": {
            "in_all": len(pairs),
            "touched": sum(pair.is_touched for pair in pairs),
            "differing": sum(pair.differs for pair in pairs),
        },
        "first_difference": _first_data(a, logs, first, needed),
        **({"lineage": lineage.data()} if lineage is not None else {}),
    }
    title = f"{b.label} (B) against {a.label} (A), seed {a.scenario.seed}"
    return Explanation(title, tuple(sections), data), lineage


def _reasons(reasons: list[Cause]) -> tuple[str, ...]:
    """Return what policy and events do differently in sentences with their marks."""
    return tuple(f"{cause.mark}: {cause.told}" for cause in reasons) or ("Nothing.",)


def _focus(source: Source) -> int:
    """Return the row of the focus state."""
    focus = source.scenario.outputs.focus
    return source.scenario.world.names.states.index(focus) if focus else 0


def _date(source: Source, step: int) -> str:
    """Return a step's label."""
    return source.scenario.calendar.label(step)


def _same(runs: CounterfactualPair) -> list[str]:
    """Return the proof that two runs are one up to a date."""
    label = runs.a.scenario.calendar.label
    if not runs.proof:
        return ["They differ from their opening on."]
    date, digest = runs.proof[-1]
    if runs.first is None:
        return [f"Every value of every table is equal at every step to the end (digest {digest})."]
    many = counted(len(runs.proof) - 1, "step")
    return [
        f"After {many} of the exact replay of both, every value of every table is equal; at the opening of"
        f" {date} both worlds have the digest {digest}.",
        f"They differ from the close of {label(runs.first)} on.",
    ]


def _parting(
    a: Source,
    b: Source,
    logs: tuple[Log, Log],
    pairs: list[Pair],
    reasons: list[Cause],
    needed: Needed,
) -> Section:
    """Return the first decisions that differ, with what made the first one do so."""
    differing = [pair for pair in pairs if pair.differs]
    touched = sum(pair.is_touched for pair in pairs)
    told = [
        f"Of {counted(len(pairs), 'logged decision')}, {len(differing)} went otherwise or were taken in one"
        f" run only; {touched - len(differing)} more went the same way by another margin."
    ]
    if not differing:
        told.append(_closest(a, logs, pairs))
        return Section("The first decision that differs", tuple(told))
    first = differing[0]
    told.append(f"The first: {pair_told(a, logs, first)}.")
    looks = Looks(a, [first], 0), Looks(b, [first], 1)
    why = contrast(first, *looks)
    if why:
        told.append(f"What tipped it: {why}.")
    due = in_force(reasons, first.step)
    if due:
        told.append(f"In force by then: {marks(due)}.")
        told.append(f"What it needs of that: {needed.told('it goes')}.")
    return Section("The first decision that differs", tuple(told), (pair_grid(a, logs, differing[:SHOWN]),))


def _closest(a: Source, logs: tuple[Log, Log], pairs: list[Pair]) -> str:
    """Return the touched decision that came nearest to going otherwise."""
    moved = [pair for pair in pairs if pair.is_touched and pair.a is not None and pair.b is not None]
    if not moved:
        return "No decision was touched at all: policy could not act here."
    near = min(moved, key=lambda pair: min(abs(pair.a.margin), abs(pair.b.margin)))  # type: ignore[union-attr]
    return (
        "None went otherwise: policy moved margins only. The nearest call:"
        f" {pair_told(a, logs, near)}, with a margin of {near.a.margin:.3g} in A and"  # type: ignore[union-attr]
        f" {near.b.margin:.3g} in B."  # type: ignore[union-attr]
    )


def _first_data(
    a: Source, logs: tuple[Log, Log], first: Pair | None, needed: Needed
) -> dict[str, Any] | None:
    """Return the first differing decision, and the causes that it needs, as plain data."""
    if first is None:
        return None
    marked = {"marks": [cause.mark for cause in needed.causes], "needed": needed.how}
    return {**decision_data(a, logs, first), **marked}
