"""A small world to tell stories on: opened once, copied for every test.

Six states in a row, 0 the smallest and 5 the leader, whose components are in everybody's products.
States three apart are rivals; 3, 4 and 5 have a defence pact, 0, 1 and 2 buy together. Each state
has two firms and four lines in the categories aircraft, ships and missiles.
"""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
from tests.worlds import TRADING, copied, small_scenario

from deftrade.core import laws
from deftrade.core.tables.codes import ContractKind, ContractStatus, TenderStatus
from deftrade.phases import ORDER
from deftrade.scenario.build import open_world

PHASES = {phase.name: phase for phase in ORDER}


@cache
def _first():
    return open_world(small_scenario(10))


def opened():
    """Return the world at its opening date, open for reading and writing."""
    return twin(_first())


def twin(world, step=None):
    """Return a copy of a world that shares nothing with it, with another step length if told."""
    calendar = world.clock.calendar
    return copied(world, replace(calendar, step=step or calendar.step), world.draws.seed)


def play(world, *names, **changes):
    """Run phases in the order given; ``changes`` are parameters of the last one."""
    for place, name in enumerate(names, start=1):
        phase = PHASES[name]
        own = {"home": TRADING.selecting.home} if name == "selecting" else {}
        phase(world, phase.group(**{**own, **(changes if place == len(names) else {})}))
    world.gate.unlock()
    return world


def next_step(world):
    """Forget the last step's flows, as the loop does."""
    world.begin_step()
    return world


def advance(world, years, params=None, before=None):
    """Take whole steps and check the laws; ``before`` is done to the world as each step opens."""
    for _ in range(round(years * world.clock.calendar.steps_per_year)):
        world.gate.unlock()
        world.begin_step()
        opening = laws.remember(world)
        if before is not None:
            before(world)
        for phase in ORDER:
            phase(world, getattr(params or TRADING, phase.name))
        world.gate.unlock()
        laws.check(world, opening, {})
        world.clock.step += 1
    return world


def play_until(happened, world, name, **changes):
    """Play a phase at the first date whose luck lets something happen; return the world after it.

    Luck belongs to dates, so a test of what follows from an event looks for a date that has it.
    """
    for _ in range(200):
        trial = play(next_step(twin(world)), name, **changes)
        if happened(trial):
            return trial
        world.clock.step += 1
    raise AssertionError("it never happened in 200 dates")


def running(world, kind=ContractKind.EQUIPMENT, foreign=None):
    """Return the rows of running contracts of a kind, from abroad or from home if told."""
    contracts = world.contracts
    rows = (contracts.status == ContractStatus.ACTIVE) & (contracts.kind == kind)
    if foreign is not None:
        rows &= (contracts.buyer != contracts.supplier) == foreign
    return np.flatnonzero(rows)


def tenders_since(world, count, kind=ContractKind.EQUIPMENT):
    """Return the rows of tenders of a kind published after the first ``count``."""
    rows = np.arange(count, len(world.tenders))
    return rows[world.tenders.kind[rows] == kind]


def in_need(world, states=None):
    """Let states lose their fleets and order books, so that they order at once."""
    who = np.arange(len(world.states)) if states is None else np.atleast_1d(states)
    world.fleets.volume[np.isin(world.fleets.holder, who)] = 0.0
    mine = np.isin(world.contracts.buyer, who) & (world.contracts.status == ContractStatus.ACTIVE)
    world.contracts.delivered[mine] = world.contracts.volume[mine]
    waiting = np.isin(world.tenders.buyer, who) & (world.tenders.status < TenderStatus.SIGNED)
    world.tenders.status[waiting] = TenderStatus.WITHDRAWN
    world.states.commitments[who] = 0.0
    return world


def sign(world, buyer, supplier, category, *, status=TenderStatus.APPROVED, **terms):
    """Append an approved equipment tender for an offer of the supplier's first line; return its row."""
    lines, tenders = world.lines, world.tenders
    made = np.flatnonzero((lines.home == supplier) & (lines.category == category) & lines.is_active)
    row = tenders.append(1)
    usual = SimpleNamespace(
        uid=np.uint64(10_000 + row[0]), buyer=buyer, exporter=supplier, category=category,
        kind=ContractKind.EQUIPMENT, line=made[0] if len(made) else -1, price=100.0, value=100.0, volume=50.0,
        quality=1.0, status=status, opened=world.clock.step,
    )  # fmt: skip
    for name, value in {**vars(usual), **terms}.items():
        getattr(tenders, name)[row] = value
    if hasattr(tenders, "stretch"):
        tenders.stretch[row] = terms.get("stretch", 1.0)
    return int(row[0])
