"""How fleets grow, age, wear out and stay ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import at_pairs, pick, ratio, total, total2
from deftrade.core.tables.codes import RUNGS, ContractKind, ContractStatus, Mode, TenderStatus
from deftrade.phases.producing.extending import due_to_retire
from deftrade.phases.shared.quality import effect, fleet_effect, quality_of

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World
    from deftrade.phases.producing.params import ProducingParams
    from deftrade.phases.producing.working import Work


def receive(world: World, done: Work) -> None:
    """Bring deliveries into fleets, and take used equipment out of its old ones."""
    contracts, fleets = world.contracts, world.fleets
    size = len(fleets)
    arrived = np.flatnonzero(done.delivered > 0)
    rows, volume = done.rows[arrived], done.delivered[arrived]
    fleet = contracts.fleet[rows]
    used = contracts.mode[rows] == Mode.SECOND_HAND.value
    fleets.delivered = total(fleet[~used], volume[~used], size)
    gone = total(contracts.source_fleet[rows[used]], volume[used], size)
    fleets.transferred = total(fleet[used], volume[used], size) - gone
    # Aid arrives at the fleet's own quality and age.
    fleets.volume += fleets.donated
    inflow = total(fleet, volume, size)
    kept = fleets.volume - gone
    whole = kept + inflow
    mix_quality(world, rows, volume, kept, whole)
    # Used equipment arrives as old as the donor's fleet is on average.
    age_in = total(fleet[used], volume[used] * fleets.age[contracts.source_fleet[rows[used]]], size)
    fleets.age = ratio(kept * fleets.age + age_in, whole)
    fleets.readiness = ratio(kept * fleets.readiness + inflow, whole, otherwise=1.0)
    fleets.volume = whole
    support = (contracts.kind[done.rows] == ContractKind.SUPPORT.value) & (done.value > 0)
    rows = done.rows[support]
    fleets.support_received = total(
        contracts.fleet[rows], _needed_share(world, rows, done.value[support]), size
    )


def mix_quality(world: World, rows: Int, volume: Float, kept: Float, whole: Float) -> None:
    """Let fleets be of the quality at which their volume can do what its parts can together.

    Parameters
    ----------
    rows : (deliveries,) int
        Contracts that deliver ``volume``, CU.
    kept, whole : (fleets,) float, CU
        Volume without and with what is delivered.
    """
    contracts, fleets = world.contracts, world.fleets
    exponent = world.categories.quality_effect[fleets.category]
    fleet = contracts.fleet[rows]
    mixed = np.unique(fleet)
    came = total(fleet, volume * effect(contracts.quality[rows], exponent[fleet]), len(fleets))[mixed]
    had = kept[mixed] * effect(fleets.quality[mixed], exponent[mixed])
    quality = quality_of(ratio(had + came, whole[mixed], otherwise=1.0), exponent[mixed])
    fleets.quality = np.where(whole > 0, fleets.quality, 1.0)
    fleets.quality[mixed] = quality


def _needed_share(world: World, rows: Int, value: Float) -> Float:
    """Return the support that work amounts to at the price agreed, as need covered, MUSD."""
    contracts = world.contracts
    length = contracts.lead[rows] + contracts.span[rows]
    # Price may lie above or below need: what counts is the share of the schedule that was done, and how
    # well, as others than the maker know the product less.
    years = ratio(value * length, contracts.price[rows]) * contracts.quality[rows]
    return years * pick(world.fleets.support_need, contracts.fleet[rows], 0.0)


def retire(world: World) -> None:
    """Remove what is worn out or lost; what was overhauled stays."""
    fleets = world.fleets
    due = due_to_retire(world)
    fleets.lost = fleets.volume * fleets.loss_share
    fleets.loss_share = 0.0
    left = fleets.volume - fleets.lost
    fleets.retired = due - fleets.extended
    fleets.volume = left - fleets.retired
    # What would have retired is as old as equipment gets.
    life = world.categories.lifetime[fleets.category]
    old = ratio(fleets.extended, fleets.volume)
    fleets.age = fleets.age + old * np.maximum(life - fleets.age, 0)


def age_fleets(world: World) -> None:
    """Add the passing time to mean ages; retirement takes the oldest, so age levels off."""
    fleets, clock = world.fleets, world.clock
    life = world.categories.lifetime[fleets.category]
    older = fleets.age + clock.elapsed()
    fleets.age = np.where(fleets.volume > 0, np.minimum(older, life), 0.0)


def keep_ready(world: World, params: ProducingParams) -> None:
    """Let readiness follow support, end support that has run out, and sum capability."""
    fleets, states, clock = world.fleets, world.states, world.clock
    covered = ratio(clock.per_year(fleets.support_received), fleets.support_need, otherwise=1.0)
    embargo = world.dyads.support_embargo_years
    if embargo.any():
        cut = at_pairs(embargo, fleets.origin, fleets.holder) > 0
        covered = covered * np.where(cut, 1 - params.spare_parts, 1.0)
    rung = at_pairs(states.rung, fleets.holder, fleets.category)
    goal = ready_goal(covered, rung, params)
    pace = clock.share(params.readiness_pace)
    fleets.readiness += pace * (goal - fleets.readiness)
    _end_support(world)
    shape = (len(states), len(world.categories))
    strength = fleets.volume * fleet_effect(world)
    states.usable_capability = total2(fleets.holder, fleets.category, strength * fleets.readiness, shape)
    whole = total(fleets.holder, strength, shape[0])
    states.readiness = ratio(states.usable_capability.sum(axis=1), whole, otherwise=1.0)


def _end_support(world: World) -> None:
    """Let fleets forget support contracts that have ended and tenders that are settled."""
    contracts, tenders, fleets = world.contracts, world.tenders, world.fleets
    held = np.flatnonzero(fleets.support_contract >= 0)
    ended = contracts.status[fleets.support_contract[held]] != ContractStatus.ACTIVE.value
    fleets.support_contract[held[ended]] = -1
    sought = np.flatnonzero(fleets.support_tender >= 0)
    settled = tenders.status[fleets.support_tender[sought]] >= TenderStatus.SIGNED.value
    fleets.support_tender[sought[settled]] = -1


def ready_goal(covered: Float, rung: Float, params: ProducingParams) -> Float:
    """Return the readiness that support and own workshops sustain, shape ``(fleets,)``, 0 to 1.

    Parameters
    ----------
    covered : (fleets,) float
        Support received against needed.
    rung : (fleets,) float
        The holder's rung in the category.
    """
    reach = RUNGS - params.overhaul_start
    skill = ratio(rung - params.overhaul_start, reach).clip(0, 1)
    own = params.own_overhaul * skill
    return np.asarray(own + (1 - own) * covered.clip(0, 1), dtype=np.float64)
