"""What events do between states: embargoes, vetoes, hostility, alignment, alliances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np
from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, model_validator

from deftrade.scenario.schema_types import (
    ALL,
    AllianceRow,
    Context,
    FirmRow,
    Quantity,
    Refers,
    StateRow,
    Unfit,
    Written,
    unknown,
)
from deftrade.scenario.values import describe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.world import World

ALL_ROWS = -2
"""Row number that stands for all states."""
_FEWEST_MEMBERS = 2

Years = Annotated[float, Quantity("year", 0, 100)]
Share = Annotated[float, Quantity("share", 0, 1)]
LogShift = Annotated[float, Quantity("1", -2, 2)]
Alignment = Annotated[float, Quantity("1", -1, 1)]


class Imposers(NamedTuple):
    """Who imposes: states by row, or the members that an alliance has at the date."""

    states: tuple[int, ...] = ()
    alliance: int = -1

    def rows(self, world: World) -> NDArray[np.int64]:
        """Return the rows of the imposing states."""
        if self.alliance >= 0:
            return np.flatnonzero(world.alliances.member[self.alliance])
        return np.array(self.states, dtype=np.int64)


def _imposers(raw: object, info: ValidationInfo) -> Imposers:
    """Return who imposes: a state, a list of states or an alliance."""
    context = info.context if isinstance(info.context, Context) else Context({})
    states, alliances = context.rows.get("states"), context.rows.get("alliances", {})
    if isinstance(raw, str) and raw in alliances:
        return Imposers(alliance=alliances[raw])
    items = raw if isinstance(raw, list) else [raw]
    if not items:
        raise Unfit("a state, a list of states or an alliance belongs here", describe(raw))
    rows = []
    for place, name in enumerate(items):
        known = (*(states or ()), *alliances) if items is not raw else tuple(states or ())
        if not isinstance(name, str) or (states is not None and name not in states):
            fault = unknown("state or alliance" if items is not raw else "state", name, known)
            fault.below = (place,) if items is raw else ()
            raise fault
        rows.append((states or {}).get(name, -1))
    return Imposers(tuple(rows))


def _state_or_all(raw: object, info: ValidationInfo) -> int:
    """Return a state's row, or the mark of all states."""
    if raw == ALL:
        return ALL_ROWS
    context = info.context if isinstance(info.context, Context) else Context({})
    states = context.rows.get("states")
    if not isinstance(raw, str) or (states is not None and raw not in states):
        raise unknown("state", raw, (*(states or ()), ALL))
    return (states or {}).get(raw, -1)


_NAME = {"type": "string", "minLength": 1}
From = Annotated[
    Imposers,
    BeforeValidator(_imposers),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}]}),
]
StateOrAll = Annotated[int, BeforeValidator(_state_or_all), Refers("states"), WithJsonSchema(_NAME)]


class Effect(Written):
    """What one kind of event does."""

    @model_validator(mode="after")
    def _not_to_itself(self) -> Effect:
        """Refuse what a state would do to itself."""
        by = getattr(self, "source", None)
        on = getattr(self, "target", None)
        imposers = getattr(self, "imposers", Imposers())
        if on is not None and on >= 0 and (by == on or imposers.states == (on,)):
            raise Unfit("a state cannot do this to itself", below=("on",))
        return self

    def apply(self, world: World) -> None:
        """Change the world, which is open for writing."""
        raise NotImplementedError


class Embargo(Effect):
    """States stop selling arms to another, and stop support too if so told."""

    imposers: From = Field(alias="from")
    """Who imposes: a state, a list of states or an alliance."""
    target: StateRow = Field(alias="on")
    """State under embargo."""
    years: Years
    """How long; a longer embargo in force stays."""
    support: bool = False
    """Whether spare parts and maintenance stop too."""

    def apply(self, world: World) -> None:
        """Raise the years left of the embargo, and of that on support."""
        rows, dyads = self.imposers.rows(world), world.dyads
        rows = rows[rows != self.target]
        left = dyads.embargo_years
        left[rows, self.target] = np.maximum(left[rows, self.target], self.years)
        if self.support:
            left = dyads.support_embargo_years
            left[rows, self.target] = np.maximum(left[rows, self.target], self.years)


class LiftEmbargo(Effect):
    """States end their embargo, that on support included."""

    imposers: From = Field(alias="from")
    """Who lifts: a state, a list of states or an alliance."""
    target: StateRow = Field(alias="on")
    """State under embargo."""

    def apply(self, world: World) -> None:
        """Set the years left to zero."""
        rows = self.imposers.rows(world)
        world.dyads.embargo_years[rows, self.target] = 0
        world.dyads.support_embargo_years[rows, self.target] = 0


class Sanction(Effect):
    """A firm's exports are sanctioned."""

    firm: FirmRow
    """Firm under sanction."""
    years: Years
    """How long; a longer sanction in force stays."""

    def apply(self, world: World) -> None:
        """Raise the years left of the sanction."""
        left = world.firms.sanction_years
        left[self.firm] = max(left[self.firm], self.years)


class Veto(Effect):
    """A state withholds components from another's products and consent to their export."""

    source: StateRow = Field(alias="from")
    """State whose parts or designs are inside."""
    target: StateRow = Field(alias="on")
    """State whose products hold them."""
    years: Years
    """How long; a longer veto in force stays."""

    def apply(self, world: World) -> None:
        """Raise the years left of the veto."""
        left = world.dyads.veto_years
        left[self.source, self.target] = max(left[self.source, self.target], self.years)


class _OnPair(Effect):
    """An event between two states: ``between`` for both directions, ``from`` and ``on`` for one."""

    between: list[StateRow] | None = None
    """Two states, both directions."""
    source: StateRow | None = Field(None, alias="from")
    """State that feels."""
    target: StateRow | None = Field(None, alias="on")
    """State towards which."""

    @model_validator(mode="after")
    def _one_way_or_both(self) -> _OnPair:
        one_way = self.source is not None and self.target is not None
        partly = self.source is not None or self.target is not None
        if (self.between is None) != one_way or (self.between is not None and partly):
            raise Unfit("name the states by between: [A, B], or by from: A and on: B")
        if self.between is not None and len(self.between) != 2:
            raise Unfit("between names two states", str(len(self.between)), below=("between",))
        return self

    def directions(self) -> tuple[list[int], list[int]]:
        """Return who and towards whom, as indices."""
        if self.between is not None:
            return list(self.between), list(reversed(self.between))
        return [self.source or 0], [self.target or 0]


class Hostility(_OnPair):
    """Hostility between states jumps to a level and stays near it."""

    to: Share
    """Hostility from now on; 1 is war."""

    def apply(self, world: World) -> None:
        """Set hostility and the level to which it drifts back."""
        pair = self.directions()
        world.dyads.hostility[pair] = self.to
        world.dyads.hostility_anchor[pair] = self.to


class AlignmentChange(Effect):
    """Two states' political alignment begins to move to another level."""

    between: list[StateRow] = Field(min_length=2, max_length=2)
    """Two states."""
    to: Alignment
    """Where alignment moves, from -1 opposed to 1 united."""

    def apply(self, world: World) -> None:
        """Set the anchor in both directions."""
        first, second = self.between
        world.dyads.alignment_anchor[[first, second], [second, first]] = self.to


class Leader(Effect):
    """A new leader turns a state towards another or away from it."""

    state: StateRow
    """State with a new leader."""
    towards: StateRow
    """The other state."""
    by: Annotated[float, Quantity("1", -2, 2)]
    """Shift of alignment; negative turns away."""

    def apply(self, world: World) -> None:
        """Shift the anchor of alignment, which the two share."""
        anchor = world.dyads.alignment_anchor
        shifted = float(np.clip(anchor[self.state, self.towards] + self.by, -1, 1))
        anchor[[self.state, self.towards], [self.towards, self.state]] = shifted


class Accession(Effect):
    """A state joins an alliance."""

    alliance: AllianceRow
    """Alliance."""
    state: StateRow
    """State that joins."""

    def apply(self, world: World) -> None:
        """Make the state a member."""
        world.alliances.member[self.alliance, self.state] = True


class Exit(Effect):
    """A state leaves an alliance; the last two members stay."""

    alliance: AllianceRow
    """Alliance."""
    state: StateRow
    """State that leaves."""

    def apply(self, world: World) -> None:
        """End the membership, unless fewer than two would be left."""
        member = world.alliances.member[self.alliance]
        if member.sum() > _FEWEST_MEMBERS:
            member[self.state] = False
