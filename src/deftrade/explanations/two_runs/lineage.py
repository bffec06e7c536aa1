"""The chain from policy to an indicator's difference, and how much of the difference it covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deftrade.core.wording import counted, number, percent, signed
from deftrade.explanations.replay.sections import Grid, Section
from deftrade.explanations.replay.tallies import Tally, began
from deftrade.explanations.two_runs.contrasts import Looks, contrast
from deftrade.explanations.two_runs.story import decision_data, pair_told
from deftrade.explanations.two_runs.threads import LINE, OPEN, OWN, POLICY, Tracer, covered
from deftrade.explanations.two_runs.ties import WHY, Web
from deftrade.explanations.two_runs.trials import UNTOLD, Needed, question_of, record
from deftrade.results.indicators.parts import less

if TYPE_CHECKING:
    from deftrade.explanations.replay.decisions import Log, Pair
    from deftrade.explanations.replay.sources import Source
    from deftrade.explanations.replay.windows import Window
    from deftrade.explanations.two_runs.threads import Thread
    from deftrade.explanations.two_runs.trials import Question, Trials

TOLD = 3
"""Chains that are told link by link."""

NOTHING = 1e-5
"""Relative difference that is nothing to speak of."""

SHOWN = 10
"""Parts that the table shows."""


@dataclass(frozen=True)
class Step:
    """One link of a chain: a logged decision, why it hangs on the one before, and what tipped it."""

    pair: Pair
    told: str
    why: str
    tipped: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Strand:
    """A chain told link by link, from what policy did to a part of the difference.

    Parameters
    ----------
    thread : Thread
        The part with the decisions that it hangs on.
    needed : Needed
        The causes that the first link needs.
    steps : list of Step
        The links, none later than the part's beginning to differ.
    differs_from : str
        Date from which on the runs differ in the part.
    """

    thread: Thread
    needed: Needed
    steps: list[Step]
    differs_from: str

    @property
    def opens_with_record(self) -> bool:
        """Whether the record of a contract is its first link: a decision did not begin it."""
        return bool(self.thread.record) and (self.thread.key.sort == "upkeep" or not self.steps)

    @property
    def begins(self) -> str:
        """The sentence on which causes the first link needs."""
        if not self.needed.causes:
            return f"What it begins with is open: {self.needed.told('')}"
        told = f"It begins with {self.needed.told('its first link is')}"
        shown = self.opens_with_record or self.steps[0].tipped
        return told if shown else f"{told}; {UNTOLD}"


@dataclass(frozen=True)
class Lineage:
    """An indicator's difference with the parts it is made of and the chains that lead to them.

    Parameters
    ----------
    window : Window
        The indicator.
    a, b : float
        Its values.
    threads : list of Thread
        All parts, the largest first; their changes sum to the difference.
    strands : list of Strand
        The chains of the largest parts that hang on decisions.
    """

    window: Window
    a: float
    b: float
    threads: list[Thread]
    strands: list[Strand]

    @property
    def difference(self) -> float:
        """The indicator's value in B less that in A, in its unit."""
        return self.b - self.a

    @property
    def coverage(self) -> dict[str, dict[str, float]]:
        """Net change, and share of all movement, by the way in which parts are traced."""
        found = covered(self.threads)
        whole = sum(size for _, size in found.values()) or 1.0
        return {how: {"net": net, "share_of_movement": size / whole} for how, (net, size) in found.items()}

    def data(self) -> dict[str, Any]:
        """Return indicator, coverage, parts and chains of decisions as plain data, valid JSON."""
        return {
            "indicator": self.window.column,
            "unit": self.window.unit,
            "a": self.a,
            "b": self.b,
            "difference": self.difference,
            "coverage": self.coverage,
            "parts": [
                {
                    "what": thread.told,
                    "sort": thread.key.sort,
                    "numbers": _numbers(thread),
                    "change": thread.change,
                    "traced": thread.how,
                    "record": list(thread.record),
                }
                for thread in self.threads
            ],
            "chains": [
                {
                    "part": strand.thread.told,
                    "numbers": _numbers(strand.thread),
                    "change": strand.thread.change,
                    "differs_from": strand.differs_from,
                    "causes": [cause.told for cause in strand.needed.causes],
                    "marks": [cause.mark for cause in strand.needed.causes],
                    "needed": strand.needed.how,
                    "links": [
                        {**step.data, "hangs_on_last": step.why, "tipped": step.tipped}
                        for step in strand.steps
                    ],
                }
                for strand in self.strands
            ],
        }


def _numbers(thread: Thread) -> dict[str, int | None]:
    """Return by which number a part goes in each run; None where it goes by none."""
    return dict(zip("ab", thread.numbers, strict=True))


def trace(
    a: Source,
    b: Source,
    logs: tuple[Log, Log],
    pairs: list[Pair],
    trials: Trials | None,
    window: Window,
    tallies: list[Tally],
) -> Lineage:
    """Return an indicator's difference traced back."""
    web = Web.spin(*logs, pairs)
    one, other = (tally.scaled(window.factor) for tally in tallies)
    maker = tallies[0].state if window.column == "jobs_direct" else -1
    threads = Tracer(*logs, web, began(*tallies), maker).all(less(other, one))
    strong = [thread for thread in threads if thread.how in (OWN, LINE) and (thread.links or thread.record)]
    told = _distinct(strong)[:TOLD]
    used = [web.pairs[place] for thread in told for place, _ in thread.links]
    looks = (Looks(a, used, 0), Looks(b, used, 1)) if used else None
    strands = [_strand(a, logs, web, thread, trials, looks) for thread in told]
    totals = [tally.total * window.factor for tally in tallies]
    return Lineage(window, totals[0], totals[1], threads, strands)


def _distinct(threads: list[Thread]) -> list[Thread]:
    """Return threads of which none tells only what an earlier one told."""
    found: list[Thread] = []
    seen: set[tuple[int, ...]] = set()
    for thread in threads:
        ends = tuple(place for place, _ in thread.links)
        if ends and ends in seen:
            continue
        seen.add(ends)
        found.append(thread)
    return found


def _strand(
    source: Source,
    logs: tuple[Log, Log],
    web: Web,
    thread: Thread,
    trials: Trials | None,
    looks: tuple[Looks, Looks] | None,
) -> Strand:
    """Return one chain link by link."""
    steps = []
    for place, strength in thread.links:
        pair = web.pairs[place]
        tipped = contrast(pair, *looks) if looks else ""
        told = pair_told(source, logs, pair)
        steps.append(Step(pair, told, WHY.get(strength, ""), tipped, decision_data(source, logs, pair)))
    date = source.scenario.calendar.label(thread.effect)
    return Strand(thread, _needed(trials, _question(logs, web, thread)), steps, date)


def _question(logs: tuple[Log, Log], web: Web, thread: Thread) -> Question:
    """Return what both runs answer otherwise at the first link of a chain."""
    if thread.links and not (thread.key.sort == "upkeep" and thread.record):
        return question_of(web.pairs[thread.links[0][0]])
    return record(logs, thread.recorded)


def _needed(trials: Trials | None, question: Question) -> Needed:
    """Return the causes that the first link of a chain needs; none where nothing is done otherwise."""
    return trials.needed(question) if trials else Needed([])


def lineage_section(lineage: Lineage) -> Section:
    """Return an indicator's difference and its chains as sentences and a table."""
    window = lineage.window
    told = [
        f"{window.meaning}: {number(lineage.a)} {window.unit} in A, {number(lineage.b)} in B, a difference of"
        f" {signed(lineage.difference, 3)}.",
        _coverage(lineage) if lineage.threads else "No part of it differs.",
    ]
    for place, strand in enumerate(lineage.strands, start=1):
        told += _chain(place, strand)
    if lineage.threads and not lineage.strands:
        told.append("No part of it could be traced to a logged decision.")
    return Section(
        f"What came of it: {window.column.replace('_', ' ')}",
        tuple(told),
        (_grid(lineage),) if lineage.threads else (),
    )


def _coverage(lineage: Lineage) -> str:
    """Return how much of the difference is traced, and how much is left open."""
    if abs(lineage.difference) <= NOTHING * max(abs(lineage.a), abs(lineage.b)):
        return "That is nothing to speak of: what follows only says where the small change came from."
    found = lineage.coverage
    return (
        f"Traced to decisions on the contracts themselves: {signed(found[OWN]['net'], 3)}"
        f" ({percent(found[OWN]['share_of_movement'])} of all movement); paid under the policy itself:"
        f" {signed(found[POLICY]['net'], 3)} ({percent(found[POLICY]['share_of_movement'])}); through other"
        f" orders of the same makers: {signed(found[LINE]['net'], 3)}"
        f" ({percent(found[LINE]['share_of_movement'])}); left open: {signed(found[OPEN]['net'], 3)}"
        f" ({percent(found[OPEN]['share_of_movement'])})."
    )


def _chain(place: int, strand: Strand) -> list[str]:
    """Return one chain in sentences, from policy to the part."""
    head = f"Chain {place}, {signed(strand.thread.change, 3)} through {strand.thread.told}"
    told = [f"{head}. {strand.begins}."]
    if strand.thread.record and strand.thread.key.sort == "upkeep":
        told.append(_record(strand))
    steps = strand.steps
    if len(steps) > 2 * TOLD:
        hidden = len(steps) - 2 * TOLD
        told += [_link(place, step) for step in steps[:TOLD]]
        told.append(f"… {counted(hidden, 'more link')}, all in the JSON …")
        told += [_link(place, step) for step in steps[-TOLD:]]
    else:
        told += [_link(place, step) for step in steps]
    if strand.thread.record and strand.thread.key.sort != "upkeep":
        told.append(_record(strand))
    return told


def _record(strand: Strand) -> str:
    """Return the record of the contract that a chain ends or begins with."""
    one, other = strand.thread.record
    what = "support contract" if strand.thread.key.sort == "upkeep" else "contract"
    return f"→ The {what}'s record: in A {one}; in B {other}."


def _link(place: int, step: Step) -> str:
    """Return one link in a sentence."""
    why = f" It hangs on the last, as {step.why}." if step.why else ""
    tipped = f" What tipped it: {step.tipped}." if step.tipped else ""
    return f"→ {step.told}.{tipped}{why}"


def _grid(lineage: Lineage) -> Grid:
    """Return the largest parts as a table."""
    shown = lineage.threads[:SHOWN]
    rows = [(thread.told, signed(thread.change, 3), thread.how) for thread in shown]
    rest = lineage.difference - sum(thread.change for thread in shown)
    if len(lineage.threads) > len(shown):
        rows.append((f"{len(lineage.threads) - len(shown)} more", signed(rest, 3), ""))
    rows.append(("all", signed(lineage.difference, 3), ""))
    return Grid(("what", "B less A", "traced to"), tuple(rows), (1,))
