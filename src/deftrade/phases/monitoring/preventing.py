"""What export control gives away and what it prevents; nothing here is read by a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import ratio, total
from deftrade.core.tables.codes import ContractKind, LicenceStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World


def refused_loss(value: Float, hazard: Float, span: Float) -> Float:
    """Return what would have been diverted of refused orders, shape ``(orders,)``, MUSD.

    Deliveries grow evenly over the span, so half of the value is exposed on average.

    Parameters
    ----------
    value : (orders,) float, MUSD
    hazard : (orders,) float, 1/yr
        Hazard of diversion with the checks in force.
    span : (orders,) float, year
        First to last delivery.
    """
    return np.asarray(value * hazard * span / 2, dtype=np.float64)


def yearly_work(value: Float, years: Float, productivity: Float) -> Float:
    """Return jobs that an order would have paid while it lasted, shape ``(orders,)``.

    Parameters
    ----------
    value : (orders,) float, MUSD
    years : (orders,) float, year
        Signature to last delivery, or duration of support.
    productivity : (orders,) float, MUSD a job and year
        Against the labour intensity of what is made.
    """
    return ratio(value, years * productivity)


def measure_refusals(world: World, hazard_of: Callable[[Int, Int, Int], Float]) -> None:
    """Read off what refusals prevent, give away and leave to others.

    Parameters
    ----------
    hazard_of : callable
        From exporters, buyers and categories, ``(orders,)`` each, to hazards of diversion, 1/yr.
    """
    applications, states, categories = world.applications, world.states, world.categories
    clock, size = world.clock, len(world.states)
    refused = np.flatnonzero(applications.status == int(LicenceStatus.REFUSED))
    exporter, category = applications.exporter[refused], applications.category[refused]
    kind, value = applications.kind[refused], applications.value[refused]
    equipment = kind == int(ContractKind.EQUIPMENT)
    decided = applications.decided[refused]
    new = np.flatnonzero(equipment & (decided == clock.step))
    span = categories.delivery_span[category]
    hazard = hazard_of(exporter[new], applications.buyer[refused[new]], category[new])
    states.prevented_by_refusals = total(exporter[new], refused_loss(value[new], hazard, span[new]), size)
    years = np.where(
        equipment, categories.lead_time[category] + span, world.tenders.years[applications.tender[refused]]
    )
    running = (clock.since(decided) < years) & (applications.line[refused] >= 0)
    running &= kind != int(ContractKind.TECHNOLOGY)
    rows = np.flatnonzero(running)
    output = ratio(states.productivity[exporter[rows]], categories.labour_intensity[category[rows]])
    jobs = yearly_work(value[rows], years[rows], output)
    states.jobs_forgone = total(exporter[rows], jobs, size)
    _measure_substitution(world, refused)


def _measure_substitution(world: World, refused: Int) -> None:
    """Count refused orders that the buyer now signs with another exporter."""
    applications, contracts = world.applications, world.contracts
    signed = np.flatnonzero(contracts.signed == world.clock.step)
    tender, supplier = contracts.tender[signed], contracts.supplier[signed]
    # Support that packages bring answers no tender.
    new = (tender >= 0) & (contracts.buyer[signed] != supplier)
    winner = np.full(len(world.tenders), -1)
    winner[tender[new]] = supplier[new]
    exporter = applications.exporter[refused]
    taken = winner[applications.tender[refused]]
    lost = (taken >= 0) & (taken != exporter)
    world.states.refused_supplied = total(
        exporter[lost], applications.value[refused[lost]], len(world.states)
    )
