"""An alliance: why states joined or left, and why its cohesion moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.wording import listed, number, percent, signed
from deftrade.explanations.replay.explanation import Explanation
from deftrade.explanations.replay.names import named
from deftrade.explanations.replay.replay import Watch, replay
from deftrade.explanations.replay.sections import Grid, Section
from deftrade.phases.allying.uniting import (
    WORDS,
    Hazards,
    cohesion_goal,
    cohesion_terms,
    mean_alignment,
    membership_chance,
    membership_draws,
    membership_hazards,
)

if TYPE_CHECKING:
    import pandas as pd

    from deftrade.core.world import World
    from deftrade.explanations.replay.sources import Source
    from deftrade.phases.allying.params import AllyingParams


@dataclass(frozen=True)
class Moment:
    """An alliance at one step: hazards of all states, draws, its cohesion's goal and what that is made of."""

    hazards: Hazards
    chance: np.ndarray
    draw: np.ndarray
    cohesion: float
    after: float
    goal: float
    parts: dict[str, float]


@dataclass
class Memberships:
    """Keeps what moved one alliance, at every step.

    Parameters
    ----------
    row : int
        The alliance.
    """

    row: int
    kept: dict[int, Moment] = field(default_factory=dict)

    def watch(self) -> Watch:
        """Return the hook by which a replay calls this before and after `allying`."""
        return Watch("allying", self._before, self._after)

    def _before(self, world: World, params: AllyingParams) -> None:
        """Keep members and cohesion as the phase finds them."""
        self._member = world.alliances.member.copy()
        self._cohesion = world.alliances.cohesion.copy()

    def _after(self, world: World, params: AllyingParams) -> None:
        """Work the hazards out again from the alignment of the step."""
        alliances, dyads, clock, row = world.alliances, world.dyads, world.clock, self.row
        closeness = mean_alignment(dyads.alignment, self._member)
        found = membership_hazards(params, self._member, self._cohesion, closeness, dyads.hostility)
        terms = cohesion_terms(world, params, mean_alignment(dyads.alignment, alliances.member))
        shape = self._member.shape
        self.kept[clock.step] = Moment(
            Hazards(*(np.broadcast_to(part, shape)[row].copy() for part in found)),
            membership_chance(world, found, params)[row],
            membership_draws(world)[row],
            float(self._cohesion[row]),
            float(alliances.cohesion[row]),
            float(cohesion_goal(terms)[row]),
            {WORDS[name]: float(term[row]) for name, term in terms._asdict().items()},
        )


def explain_alliance(source: Source, name: str) -> Explanation:
    """Explain how an alliance's membership and cohesion changed.

    Raises
    ------
    ExplanationError
        There is no such alliance.
    """
    row = named("alliance", name, source.scenario.world.names.alliances)
    seen = Memberships(row)
    world = replay(source, [seen.watch()]).world
    log = source.frame("decisions")
    moves = log[log["kind"].isin(["accession", "exit"]) & (log["row"] == row)]
    moves = moves[moves["step"].isin(list(source.steps))]
    members = [
        state for state, inside in zip(world.names.states, world.alliances.member[row], strict=True) if inside
    ]
    told = [_move_told(source, seen, world, move) for _, move in moves.iterrows()]
    told = told or ["No state joined or left during the run."]
    told.append(f"At the end its members are {listed(members) or 'none'}.")
    if not len(moves):
        told += _nearest(source, seen, world)
    sections = (Section("Who came and went", tuple(told)), _cohesion_section(source, seen))
    data = {
        "alliance": name,
        "members": members,
        "moves": [_move_data(source, seen, world, move) for _, move in moves.iterrows()],
        "cohesion": {
            source.scenario.calendar.label(step): moment.after for step, moment in seen.kept.items()
        },
    }
    return Explanation(f"{name}: who came, who went, and what held it together", sections, data)


def _move_data(source: Source, seen: Memberships, world: World, move: pd.Series[Any]) -> dict[str, Any]:
    """Return an accession or exit as plain data."""
    moment = seen.kept[source.step_of(move["step"])]
    state = world.names.states.index(str(move["actor"]))
    hazards = moment.hazards
    return {
        "date": str(move["step"]),
        "kind": str(move["kind"]),
        "state": str(move["actor"]),
        "alignment_with_members": float(hazards.closeness[state]),
        "enmity_of_members": float(hazards.enmity[state]),
        "looseness": float(hazards.loose[state]),
        "estrangement": float(hazards.strain[state]),
        "yearly_hazard": float(hazards.joining[state] + hazards.leaving[state]),
        "chance": float(moment.chance[state]),
        "draw": float(moment.draw[state]),
        "recorded_margin": float(move["margin"]),
        "cohesion": moment.cohesion,
    }


def _move_told(source: Source, seen: Memberships, world: World, move: pd.Series[Any]) -> str:
    """Return why a state joined or left."""
    data = _move_data(source, seen, world, move)
    luck = (
        f"the chance of the step was {percent(data['chance'])}, the draw {number(data['draw'])} was below it"
    )
    flip = f"a chance lower by {number(data['chance'] - data['draw'], 2)} would have kept things as they were"
    if data["kind"] == "accession":
        near = signed(data["alignment_with_members"])
        why = f"its alignment with the members was {near} and no member's enmity barred it"
        verb = "joined"
    else:
        why = (
            f"the alliance was loose (cohesion {percent(data['cohesion'])}, adding"
            f" {number(data['looseness'], 2)}) and its estrangement from the members added"
            f" {number(data['estrangement'], 2)}"
        )
        verb = "left"
    return f"{data['state']} {verb} in {data['date']}: {why}; {luck}; {flip}."


def _nearest(source: Source, seen: Memberships, world: World) -> list[str]:
    """Return who came nearest to moving where nobody did."""
    # The last two members stay whatever is drawn.
    gaps = [
        (float(np.min(m.draw - m.chance)), step)
        for step, m in seen.kept.items()
        if np.any(m.chance > 0) and np.all(m.draw >= m.chance)
    ]
    if not gaps:
        return ["Nobody could have: no outsider was close enough, and the last two members stay."]
    step = min(gaps)[1]
    moment = seen.kept[step]
    state = int(np.argmin(np.where(moment.chance > 0, moment.draw - moment.chance, np.inf)))
    step_taken = "leaving" if moment.hazards.leaving[state] > 0 else "joining"
    date = source.scenario.calendar.label(step)
    return [
        f"{world.names.states[state]} came nearest, to {step_taken} in {date}: a chance higher by"
        f" {number(float(moment.draw[state] - moment.chance[state]), 2)} would have done it."
    ]


def _cohesion_section(source: Source, seen: Memberships) -> Section:
    """Return the trajectory of cohesion with the parts of its goal, year by year."""
    steps = sorted(seen.kept)
    per_year = source.scenario.calendar.steps_per_year
    last = steps[per_year - 1 :: per_year]
    first, end = seen.kept[steps[0]], seen.kept[steps[-1]]
    parts = list(first.parts)
    rows = tuple(
        (
            source.scenario.calendar.label(step),
            percent(seen.kept[step].after),
            *(signed(seen.kept[step].parts[part]) for part in parts),
        )
        for step in last
    )
    driver = max(parts[1:], key=lambda part: abs(end.parts[part]))
    told = (
        f"Cohesion went from {percent(first.cohesion)} to {percent(end.after)}.",
        f"At the end its goal was {percent(end.goal)};"
        f" what moved the goal most was: {driver} ({signed(end.parts[driver])}).",
    )
    return Section(
        "Cohesion", told, (Grid(("date", "cohesion", *parts), rows, tuple(range(1, len(parts) + 2))),)
    )
