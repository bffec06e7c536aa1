"""How lines start: newcomers with their own design, and licensees on a supplier's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.draws import identify, mix
from deftrade.core.posting import Verdict, log
from deftrade.core.tables.codes import ContractKind, DecisionKind, Mode
from deftrade.phases.shared.lines import has_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World
    from deftrade.phases.contracting.params import ContractingParams


class Plant(NamedTuple):
    """What a new line starts with; experience is a share of the norm, here a year's capacity."""

    quality: float
    capacity: float
    experience: float


def open_line(world: World, home: int, category: int, plant: Plant) -> int:
    """Give the largest home firm a new line, or found a firm; return the line."""
    firms, lines, states = world.firms, world.lines, world.states
    firm = largest_firm(world, firms.is_active & (firms.home == home))
    if firm < 0:
        firm = _found_firm(world, home)
    line = int(lines.append(1)[0])
    ordinal = int(np.count_nonzero((lines.home == home) & (lines.category == category)))
    lines.uid[line] = mix(states.uid[home], world.categories.uid[category], identify("line"), ordinal)
    world.names.lines.append(f"{world.names.firms[firm]}: {world.names.categories[category]}")
    lines.firm[line] = firm
    lines.home[line] = home
    lines.category[line] = category
    lines.design_origin[line] = -1
    lines.component_source[line] = -1
    lines.is_active[line] = True
    lines.quality[line] = plant.quality
    lines.capacity[line] = plant.capacity
    lines.opening_experience[line] = plant.capacity
    lines.experience[line] = plant.experience * plant.capacity
    return line


def by_id(world: World, which: NDArray[np.bool_]) -> Int:
    """Return the rows of marked firms in the order of their ids, which no permutation changes."""
    rows = np.flatnonzero(which)
    return rows[np.argsort(world.firms.uid[rows])]


def largest_firm(world: World, which: NDArray[np.bool_]) -> int:
    """Return the marked firm with the largest receipts, of equal ones the first by id; -1 for none."""
    rows = by_id(world, which)
    receipts = world.firms.smoothed_revenue[rows]
    return int(rows[np.argmax(receipts)]) if len(rows) else -1


def _found_firm(world: World, home: int) -> int:
    """Append a firm owned privately at home."""
    firms = world.firms
    row = int(firms.append(1)[0])
    ordinal = int(np.count_nonzero(firms.home == home))
    firms.uid[row] = mix(world.states.uid[home], identify("firm"), ordinal)
    world.names.firms.append(f"{world.names.states[home]} entrant {ordinal}")
    firms.home[row] = home
    firms.is_active[row] = True
    firms.entered[row] = world.clock.step
    bounds = type(firms).margin.bounds
    research = type(firms).research_intensity.bounds
    if bounds is not None and research is not None:
        firms.margin[row] = bounds.default
        firms.research_intensity[row] = research.default
    return row


def found_licensees(world: World, params: ContractingParams, rows: Int) -> None:
    """Open a line for every licensed contract whose buyer has none in the category.

    It builds the supplier's design from the supplier's kits, at the quality bought, in a plant for
    its share of the work.
    """
    contracts, lines, tenders = world.contracts, world.lines, world.tenders
    licensed = (contracts.mode[rows] == Mode.LICENSED) & (contracts.kind[rows] == ContractKind.EQUIPMENT)
    made = has_lines(world)[contracts.buyer[rows], contracts.category[rows]]
    for row in rows[licensed & ~made]:
        home, category = int(contracts.buyer[row]), int(contracts.category[row])
        founded = (lines.home == home) & (lines.category == category) & lines.is_active
        share = float(tenders.local_share[contracts.tender[row]])
        if founded.any() or share <= 0:
            continue
        length = contracts.lead[row] + contracts.span[row]
        capacity = params.licence_plant * share * contracts.price[row] / length
        plant = Plant(contracts.quality[row], float(capacity), params.licence_experience)
        line = open_line(world, home, category, plant)
        supplier = contracts.supplier[row]
        lines.design_origin[line] = supplier
        lines.component_source[line, 0] = supplier
        lines.component_share[line, 0] = params.kit_share
        log(
            world,
            DecisionKind.LINE_OPENED,
            contracts.buyer[[row]],
            lines.uid[[line]],
            line,
            Verdict(chosen=supplier),
        )


def is_own(rung: Float, needed: Float, known: Float, quality: Float, parity: float) -> NDArray[np.bool_]:
    """Return where a maker could replace a licensed design by its own, all ``(lines,)``.

    Its state must design in the category and know nearly as much as the licensed product embodies.
    """
    return np.asarray((rung >= needed) & (known >= parity * quality))
