"""A firm: its orders and money by year, and the decisions that opened, saved, merged or closed it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.arrays import pick
from deftrade.core.tables.codes import ContractStatus, DecisionKind
from deftrade.core.wording import counted, jobs, listed, money, number, percent
from deftrade.explanations.replay.explanation import Explanation
from deftrade.explanations.replay.names import named
from deftrade.explanations.replay.replay import Watch, replay
from deftrade.explanations.replay.sections import Grid, Section
from deftrade.phases.researching.renewal.closing import exit_chance, exit_draws
from deftrade.phases.researching.renewal.merging import merger_chance, merger_draws, use_of_plant
from deftrade.phases.researching.renewal.renewing import distress_limit, smoothed_receipts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.world import World
    from deftrade.explanations.replay.sources import Source
    from deftrade.phases.researching import ResearchingParams

_TURNS = (
    DecisionKind.FIRM_ENTRY,
    DecisionKind.RECAPITALISATION,
    DecisionKind.MERGER,
    DecisionKind.FIRM_EXIT,
)
"""Decisions whose row is a firm."""


@dataclass
class Books:
    """Keeps a firm's books at every step at which it trades: as its owners find them, and as they close."""

    name: str
    kept: dict[int, dict[str, float]] = field(default_factory=dict)

    def watches(self, last: str) -> list[Watch]:
        """Return what looks at the phase in which firms close and start, and at the last of a step."""
        return [Watch("researching", before=self._before), Watch(last, after=self._after)]

    def _before(self, world: World, params: ResearchingParams) -> None:
        """Keep cash, the limit of distress, use of plant and what was drawn."""
        if self.name not in world.names.firms:
            return
        row = world.names.firms.index(self.name)
        firms, lines, clock = world.firms, world.lines, world.clock
        if not firms.is_active[row]:
            return
        mine, one = (lines.firm == row) & lines.is_active, np.array([row])
        self.kept[clock.step] = {
            "cash": float(firms.cash[row]),
            "limit": float(distress_limit(smoothed_receipts(world, params), params)[row]),
            "load": float(lines.load[mine].sum()),
            "capacity": float(lines.capacity[mine].sum()),
            "workers": float(firms.workers[row]),
            "exit_chance": float(exit_chance(world, params)),
            "exit_draw": float(exit_draws(world, one)[0]),
            "merger_chance": float(merger_chance(world, params)),
            "merger_draw": float(merger_draws(world, one)[0]),
        }

    def _after(self, world: World, params: Any) -> None:
        """Keep the cash and workers with which a step ends, as the series of a run have them."""
        page = self.kept.get(world.clock.step)
        if page is None:
            return
        row = world.names.firms.index(self.name)
        if world.firms.is_active[row]:  # what a firm that closed at this step had is another's by now
            page["closing_cash"] = float(world.firms.cash[row])
            page["closing_workers"] = float(world.firms.workers[row])


def explain_firm(source: Source, name: str) -> Explanation:
    """Explain how a firm came, fared and went.

    Raises
    ------
    ExplanationError
        There is no such firm.
    """
    books = Books(name)
    world = replay(source, books.watches(source.order[-1].name)).world
    row = named("firm", name, world.names.firms)
    turns = _turns(source, world, row, books)
    told = [turn["told"] for turn in turns] or [_standing(world, row, books)]
    sections = (
        Section("What was decided", tuple(told)),
        Section(
            "Its orders and money", tuple(_orders(source, world, row)), (_years(source, world, row, books),)
        ),
    )
    home = world.names.states[world.firms.home[row]]
    fate = "trading at the end" if world.firms.is_active[row] else "closed by the end"
    data = {
        "firm": name,
        "home": home,
        "is_active": bool(world.firms.is_active[row]),
        "decisions": turns,
        "books": {source.scenario.calendar.label(step): page for step, page in books.kept.items()},
    }
    return Explanation(f"{name} of {home}, {fate}", sections, data)


def _turns(source: Source, world: World, row: int, books: Books) -> list[dict[str, Any]]:
    """Return the logged decisions about a firm with what led to them."""
    log = world.decisions
    found = np.flatnonzero(np.isin(log.kind, _TURNS) & (log.step >= 0) & (log.row == row))
    hosted = np.flatnonzero(
        np.isin(log.kind, (DecisionKind.MERGER, DecisionKind.FIRM_EXIT))
        & (log.step >= 0)
        & (log.chosen == row)
    )
    turns = [_turn(source, world, int(place), books) for place in found]
    for place in hosted:
        other = world.names.firms[log.row[place]]
        date = source.scenario.calendar.label(int(log.step[place]))
        turns.append({"date": date, "kind": "takeover", "told": f"In {date} it took {other} over."})
    return sorted(turns, key=lambda turn: source.step_of(turn["date"]))


def _turn(source: Source, world: World, place: int, books: Books) -> dict[str, Any]:
    """Return one entry, rescue, merger or exit of a firm as plain data, with a sentence."""
    log = world.decisions
    kind = DecisionKind(int(log.kind[place]))
    step, chosen, margin = int(log.step[place]), int(log.chosen[place]), float(log.margin[place])
    date = source.scenario.calendar.label(step)
    page = books.kept.get(step, {})
    names = world.names
    if kind == DecisionKind.FIRM_ENTRY:
        what = names.categories[chosen].replace("_", " ")
        told = f"In {date} it opened a line in {what}: its state could design there and none did."
    elif kind == DecisionKind.RECAPITALISATION:
        told = f"In {date} its government put {money(margin)} in: cash {_cash(page)}."
    elif kind == DecisionKind.MERGER:
        told = (
            f"In {date} it joined {names.firms[chosen]}: it used {percent(_use(page))} of its plant;"
            f" {_drawn(page, 'merger')}."
        )
    else:
        end = (
            f"was taken over by {names.firms[chosen]}"
            if chosen >= 0
            else "closed, for want of a rival at home"
        )
        told = f"In {date} it {end}: cash {_cash(page)}; {_drawn(page, 'exit')}."
    return {"date": date, "kind": kind.name.lower(), "chosen": chosen, "margin": margin, "told": told, **page}


def _cash(page: dict[str, float]) -> str:
    """Return cash against the limit of distress."""
    return f"{money(page['cash'])} against the limit of distress of {money(page['limit'])}"


def _use(page: dict[str, float]) -> float:
    """Return the share of its plant that a firm used."""
    return float(use_of_plant(page["load"], page["capacity"]))


def _drawn(page: dict[str, float], what: str) -> str:
    """Return the chance and the draw, and what would have flipped it."""
    chance, draw = page[f"{what}_chance"], page[f"{what}_draw"]
    return (
        f"the chance of the step was {percent(chance)}, the draw {number(draw)};"
        f" {money(page['limit'] - page['cash'])} more cash would have kept it out of distress"
        if what == "exit"
        else f"the chance of the step was {percent(chance)}, the draw {number(draw)}"
    )


def _standing(world: World, row: int, books: Books) -> str:
    """Return how near to distress a firm came to which nothing happened."""
    if not books.kept:
        return "Nothing was decided about it."
    steps = {step: page["cash"] - page["limit"] for step, page in books.kept.items()}
    worst = min(steps, key=lambda step: steps[step])
    date = world.clock.calendar.label(worst)
    near = f"It came nearest to distress in {date}: cash {_cash(books.kept[worst])}"
    return f"Nothing was decided about it. {near}."


def _orders(source: Source, world: World, row: int) -> list[str]:
    """Return its lines and the largest of its contracts."""
    contracts, lines, names = world.contracts, world.lines, world.names
    held = np.flatnonzero(_opened(world, row) | (lines.firm == row))
    made = sorted({names.categories[lines.category[line]].replace("_", " ") for line in held})
    mine = np.flatnonzero(_own(world, row) & (contracts.signed >= 0))
    worth = float(contracts.planned_price[mine].sum())
    abroad = float(contracts.planned_price[mine][contracts.buyer[mine] != contracts.supplier[mine]].sum())
    told = [f"It makes {listed(made) or 'nothing'}."]
    share = f", {percent(abroad / worth)} of it abroad" if worth else ""
    told.append(f"It signed {counted(len(mine), 'contract')} worth {money(worth)}{share}.")
    lost = np.flatnonzero(
        _own(world, row) & (contracts.status == ContractStatus.CANCELLED) & (contracts.ended >= 0)
    )
    if len(lost):
        told.append(
            f"{counted(len(lost), 'contract')} ended by cancellation, worth"
            f" {money(float(contracts.price[lost].sum()))}."
        )
    return told


def _opened(world: World, row: int) -> NDArray[np.bool_]:
    """Return which lines a firm began with or opened; after a takeover they are another's."""
    first = f"{world.names.firms[row]}: "
    return np.array([name.startswith(first) for name in world.names.lines], dtype=bool)


def _own(world: World, row: int) -> NDArray[np.bool_]:
    """Return which contracts were a firm's, those that passed to others with its lines included."""
    contracts = world.contracts
    return np.asarray((contracts.firm == row) | pick(_opened(world, row), contracts.line, False))


def _years(source: Source, world: World, row: int, books: Books) -> Grid:
    """Return orders, cash, use of plant and workers by year, the last row at the step of its end."""
    calendar = source.scenario.calendar
    rows = []
    for start in range(0, calendar.steps, calendar.steps_per_year):
        close = start + calendar.steps_per_year - 1
        last = max((step for step in books.kept if start <= step <= close), default=-1)
        if last < 0:
            continue
        year = str(calendar.start + start // calendar.steps_per_year)
        is_whole = last == close and "closing_cash" in books.kept[last]
        date = year if is_whole else f"{year}, closed in {calendar.label(last)}"
        rows.append((date, *_year(world, row, (start, close), books.kept[last])))
    heads = ("year", "orders", "cash at its end", "limit of distress", "use of plant", "workers")
    return Grid(heads, tuple(rows), (1, 2, 3, 4, 5))


def _year(world: World, row: int, span: tuple[int, int], page: dict[str, float]) -> tuple[str, ...]:
    """Return a firm's orders from a step to a step, and its books at the end."""
    contracts = world.contracts
    signed = _own(world, row) & (contracts.signed >= span[0]) & (contracts.signed <= span[1])
    return (
        money(float(contracts.planned_price[signed].sum())),
        money(page.get("closing_cash", page["cash"])),
        money(page["limit"]),
        percent(_use(page)),
        jobs(page.get("closing_workers", page["workers"])),
    )
