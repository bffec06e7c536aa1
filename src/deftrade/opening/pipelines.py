"""Opening order books: every fleet has one contract under way that replaces what wears out.

Why: with empty pipelines all buyers would order at once, and the wave would take decades to fade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import total
from deftrade.core.draws import identify, mix
from deftrade.core.tables.codes import ContractKind, ContractStatus, Mode
from deftrade.phases.shared.lines import largest_lines
from deftrade.phases.shared.quality import cost_at_home
from deftrade.phases.tendering.planning import retirement_rate

if TYPE_CHECKING:
    from deftrade.core.arrays import Int
    from deftrade.core.world import World
    from deftrade.phases import Params


def fill_pipelines(world: World, params: Params) -> None:
    """Append a running contract for every fleet, at a drawn point of its schedule.

    Its volume is what retires over the length of its schedule, so that on average deliveries
    equal retirement.
    """
    fleets, categories, contracts = world.fleets, world.categories, world.contracts
    largest = largest_lines(world)[fleets.origin, fleets.category]
    fleet = np.flatnonzero((fleets.volume > 0) & (largest >= 0))
    category, origin = fleets.category[fleet], fleets.origin[fleet]
    lead, span = categories.lead_time[category], categories.delivery_span[category]
    length = lead + span
    rows = contracts.append(len(fleet))
    contracts.uid[rows] = uid = mix(fleets.uid[fleet], identify("pipeline"))
    contracts.line[rows] = largest[fleet]
    contracts.fleet[rows] = fleet
    contracts.buyer[rows] = fleets.holder[fleet]
    contracts.supplier[rows] = origin
    contracts.category[rows] = category
    contracts.kind[rows] = ContractKind.EQUIPMENT
    home = fleets.holder[fleet] == origin
    contracts.mode[rows] = np.where(home, Mode.DOMESTIC, Mode.OFF_THE_SHELF)
    contracts.firm[rows] = world.lines.firm[contracts.line[rows]]
    contracts.lead[rows], contracts.span[rows] = lead, span
    contracts.progress[rows] = length * world.draws.uniform("opening.pipeline", uid)
    retirement = retirement_rate(categories.declining_balance, categories.lifetime)[category]
    contracts.volume[rows] = fleets.volume[fleet] * retirement * length
    _set_terms(world, params, rows)


def _set_terms(world: World, params: Params, rows: Int) -> None:
    """Write price, payments and deliveries that fit each contract's progress."""
    contracts, lines = world.contracts, world.lines
    line, length = contracts.line[rows], contracts.lead[rows] + contracts.span[rows]
    progress, volume = contracts.progress[rows], contracts.volume[rows]
    margin = world.firms.margin[contracts.firm[rows]]
    unit = cost_at_home(world, lines.home[line], lines.category[line], lines.quality[line], params.bidding)
    price = volume * unit * (1 + margin)
    down = params.contracting.down_payment
    contracts.quality[rows] = lines.quality[line]
    contracts.price[rows] = contracts.planned_price[rows] = price
    contracts.down_payment[rows] = down
    contracts.signed[rows] = world.clock.step - np.round(progress / world.clock.elapsed())
    contracts.paid[rows] = price * (down + (1 - down) * progress / length)
    arrived = (progress - contracts.lead[rows]) / contracts.span[rows]
    contracts.delivered[rows] = volume * arrived.clip(0, 1)
    contracts.status[rows] = ContractStatus.ACTIVE
    owed = price - contracts.paid[rows]
    world.states.commitments = total(contracts.buyer[rows], owed, len(world.states))
    lines.backlog = total(line, price * (1 - progress / length), len(lines))
