"""What events do: embargoes, shocks, hostility, war, aid, alliances, collapse, breakthrough.

A new kind is declared here and nowhere else: files, their JSON Schema and the reference read the declaration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field, model_validator

from deftrade.phases.contracting.phase import add_fleets
from deftrade.phases.researching.renewal.closing import close_down
from deftrade.scenario.events.effect import (
    Alignment,
    Effect,
    From,
    LogShift,
    Share,
    Years,
)
from deftrade.scenario.schema_types import (
    ALL_ROWS,
    AllianceRow,
    CategoryRow,
    FirmRow,
    Quantity,
    StateOrAll,
    StateRow,
    Unfit,
)

if TYPE_CHECKING:
    from deftrade.core.world import World

_FEWEST_MEMBERS = 2
_LEAST_QUALITY = 0.05


class Embargo(Effect, kind="embargo"):
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


class LiftEmbargo(Effect, kind="lift_embargo"):
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


class Sanction(Effect, kind="sanction"):
    """A firm's exports are sanctioned."""

    firm: FirmRow
    """Firm under sanction."""
    years: Years
    """How long; a longer sanction in force stays."""

    def apply(self, world: World) -> None:
        """Raise the years left of the sanction."""
        left = world.firms.sanction_years
        left[self.firm] = max(left[self.firm], self.years)


class Veto(Effect, kind="veto"):
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


class GdpShock(Effect, kind="gdp_shock"):
    """GDP shifts and returns to its trend."""

    state: StateOrAll
    """State, or all."""
    size: LogShift
    """Log shift of GDP; -0.1 is about 10 % less."""

    def apply(self, world: World) -> None:
        """Add to the scheduled shift."""
        rows = slice(None) if self.state == ALL_ROWS else self.state
        world.states.gdp_shock[rows] += self.size


class OilShock(Effect, kind="oil_shock"):
    """The price of oil shifts and returns to its trend."""

    size: LogShift
    """Log shift of the price; 0.4 is about 50 % more."""

    def apply(self, world: World) -> None:
        """Add to the scheduled shift."""
        world.environment.oil_shock[0] += self.size


class ExchangeShock(Effect, kind="exchange_shock"):
    """Foreign exchange becomes scarce or abundant."""

    state: StateRow
    """State."""
    to: Share
    """Scarcity from now on; 0 is abundant."""

    def apply(self, world: World) -> None:
        """Set the scarcity."""
        world.states.exchange_tightness[self.state] = self.to


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


class Hostility(_OnPair, kind="hostility"):
    """Hostility between states jumps to a level and stays near it."""

    to: Share
    """Hostility from now on; 1 is war."""

    def apply(self, world: World) -> None:
        """Set hostility and the level to which it drifts back."""
        pair = self.directions()
        world.dyads.hostility[pair] = self.to
        world.dyads.hostility_anchor[pair] = self.to


class AlignmentChange(Effect, kind="alignment"):
    """Two states' political alignment begins to move to another level."""

    between: list[StateRow] = Field(min_length=2, max_length=2)
    """Two states."""
    to: Alignment
    """Where alignment moves, from -1 opposed to 1 united."""

    def apply(self, world: World) -> None:
        """Set the anchor in both directions."""
        first, second = self.between
        world.dyads.alignment_anchor[[first, second], [second, first]] = self.to


class War(Effect, kind="war"):
    """A state loses part of its equipment."""

    state: StateRow
    """State at war."""
    loss: Share
    """Share of its fleets lost in this step."""
    categories: list[CategoryRow] | None = None
    """Categories that lose; all if absent."""

    def apply(self, world: World) -> None:
        """Mark the losses; fleets that lose already lose the larger share."""
        fleets = world.fleets
        hit = fleets.holder == self.state
        if self.categories is not None:
            hit &= np.isin(fleets.category, self.categories)
        fleets.loss_share = np.where(hit, np.maximum(fleets.loss_share, self.loss), fleets.loss_share)


class InternalConflict(Effect, kind="internal_conflict"):
    """Internal conflict of a state changes its severity."""

    state: StateRow
    """State."""
    to: Share
    """Severity from now on."""

    def apply(self, world: World) -> None:
        """Set the severity."""
        world.states.internal_conflict[self.state] = self.to


class Aid(Effect, kind="aid"):
    """A state gives another equipment that it makes, free of charge."""

    source: StateRow = Field(alias="from")
    """State that gives and whose make it is."""
    target: StateRow = Field(alias="on")
    """State that receives."""
    category: CategoryRow
    """What is given."""
    volume: Annotated[float, Quantity("CU", 0, 1e7)]
    """How much."""

    def apply(self, world: World) -> None:
        """Note the gift; it enters the fleet with the step's deliveries."""
        fleet = int(world.dyads.fleet_row[self.target, self.source, self.category])
        if fleet < 0:
            holder, origin, category = (np.array([row]) for row in (self.target, self.source, self.category))
            fleet = int(add_fleets(world, holder, origin, category)[0])
            made = world.states.know_how[self.source, self.category]
            world.fleets.quality[fleet] = max(made, _LEAST_QUALITY)
        world.fleets.donated[fleet] += self.volume


class Accession(Effect, kind="accession"):
    """A state joins an alliance."""

    alliance: AllianceRow
    """Alliance."""
    state: StateRow
    """State that joins."""

    def apply(self, world: World) -> None:
        """Make the state a member."""
        world.alliances.member[self.alliance, self.state] = True


class Exit(Effect, kind="exit"):
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


class Collapse(Effect, kind="collapse"):
    """A firm fails: its lines stop and its contracts end undelivered."""

    firm: FirmRow
    """Firm that fails."""

    def apply(self, world: World) -> None:
        """Close the firm as if it had failed; what it owes is lost to lenders."""
        if world.firms.is_active[self.firm]:
            close_down(world, self.firm)


class Breakthrough(Effect, kind="breakthrough"):
    """A state's know-how jumps."""

    state: StateRow
    """State."""
    category: CategoryRow | None = None
    """Category; all if absent."""
    gain: Share
    """Know-how gained; the frontier of the price year is 1."""

    def apply(self, world: World) -> None:
        """Add to know-how, up to the frontier: nobody knows more than the best."""
        where = slice(None) if self.category is None else slice(self.category, self.category + 1)
        known = world.states.know_how[self.state, where]
        frontier = world.categories.frontier_quality[where]
        known[...] = np.maximum(known, np.minimum(known + self.gain, frontier))


class Leader(Effect, kind="leader"):
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


KINDS = Effect.kinds
"""All of them, by the key that files use."""
