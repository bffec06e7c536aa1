"""What events do to one state or firm: shocks, war, aid, collapse, breakthrough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from deftrade.phases.contracting.phase import add_fleets
from deftrade.phases.researching.renewal.closing import close_down
from deftrade.scenario.events.effects import ALL_ROWS, Effect, LogShift, Share, StateOrAll
from deftrade.scenario.schema_types import CategoryRow, FirmRow, Quantity, StateRow

if TYPE_CHECKING:
    from deftrade.core.world import World

_LEAST_QUALITY = 0.05


class GdpShock(Effect):
    """GDP shifts and returns to its trend."""

    state: StateOrAll
    """State, or all."""
    size: LogShift
    """Log shift of GDP; -0.1 is about 10 % less."""

    def apply(self, world: World) -> None:
        """Add to the scheduled shift."""
        rows = slice(None) if self.state == ALL_ROWS else self.state
        world.states.gdp_shock[rows] += self.size


class OilShock(Effect):
    """The price of oil shifts and returns to its trend."""

    size: LogShift
    """Log shift of the price; 0.4 is about 50 % more."""

    def apply(self, world: World) -> None:
        """Add to the scheduled shift."""
        world.environment.oil_shock[0] += self.size


class ExchangeShock(Effect):
    """Foreign exchange becomes scarce or abundant."""

    state: StateRow
    """State."""
    to: Share
    """Scarcity from now on; 0 is abundant."""

    def apply(self, world: World) -> None:
        """Set the scarcity."""
        world.states.exchange_tightness[self.state] = self.to


class War(Effect):
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


class InternalConflict(Effect):
    """Internal conflict of a state changes its severity."""

    state: StateRow
    """State."""
    to: Share
    """Severity from now on."""

    def apply(self, world: World) -> None:
        """Set the severity."""
        world.states.internal_conflict[self.state] = self.to


class Aid(Effect):
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


class Collapse(Effect):
    """A firm fails: its lines stop and its contracts end undelivered."""

    firm: FirmRow
    """Firm that fails."""

    def apply(self, world: World) -> None:
        """Close the firm as if it had failed; what it owes is lost to lenders."""
        if world.firms.is_active[self.firm]:
            close_down(world, self.firm)


class Breakthrough(Effect):
    """A state's know-how jumps."""

    state: StateRow
    """State."""
    category: CategoryRow | None = None
    """Category; all if absent."""
    gain: Share
    """Know-how gained; the frontier of the price year is 1."""

    def apply(self, world: World) -> None:
        """Add to know-how."""
        where = slice(None) if self.category is None else self.category
        world.states.know_how[self.state, where] += self.gain
