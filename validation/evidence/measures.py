"""Indicators of finished runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.table import Column
from deftrade.core.tables.codes import ContractKind, Mode
from deftrade.phases import ORDER
from deftrade.results.run import Run
from validation.evidence.running import FIRST, FOCUS, YEARS, members, row, scenario, states

if TYPE_CHECKING:
    from numpy.typing import NDArray

LATE = 3
"""Levels are means over the last years of a run."""


@dataclass(frozen=True)
class Measure:
    """A number of a finished run.

    Parameters
    ----------
    phase : str
        The phase whose result it reads.
    of : function of a run
        The number.
    name, unit : str
        What it is called, and its unit.
    """

    phase: str
    of: Callable[[Run], float]
    name: str
    unit: str


def writer(column: Column[Any]) -> str:
    """Return the last phase of a step that writes a column."""
    return next(phase.name for phase in reversed(ORDER) if column in phase.opens)


def level(column: Column[Any], state: str = FOCUS) -> Measure:
    """Measure a state's column over the last years."""
    place = row("states", state)
    return Measure(
        writer(column),
        lambda run: float(run.record.series("states", column.name)[-LATE:, place].mean()),
        f"{column.name} of {state}, mean of the last {LATE} years",
        column.unit,
    )


def early(column: Column[Any], state: str = FOCUS) -> Measure:
    """Measure a state's column over the years after an event, before what it does is made good."""
    place = row("states", state)
    first = 1 + round(FIRST - scenario().calendar.start)
    return Measure(
        writer(column),
        lambda run: float(run.record.series("states", column.name)[first : first + LATE, place].mean()),
        f"{column.name} of {state}, mean of the {LATE} years after the event",
        column.unit,
    )


def summed(column: Column[Any], *names: str) -> Measure:
    """Measure a flow over the run, of some states or of all."""
    chosen: Any = states(*names) if names else slice(None)
    return Measure(
        writer(column),
        lambda run: float(run.record.series("states", column.name)[1:, chosen].sum()),
        f"{column.name} of {', '.join(names) or 'all states'}, sum over the run",
        column.unit,
    )


def gain(column: Column[Any], state: str = FOCUS) -> Measure:
    """Measure how far a state's column rises over the run."""
    place = row("states", state)

    def rise(run: Run) -> float:
        values = run.record.series("states", column.name)[:, place]
        return float(values[-1] - values[0])

    return Measure(writer(column), rise, f"{column.name} of {state}, gain over the run", column.unit)


def sold(exporter: str, importer: str | None = None, *, what: str = "exports") -> Measure:
    """Measure payments (or deliveries) from one state to another, or to all others."""

    def flow(run: Run) -> float:
        flows = run.record.flows()
        kept = (flows["row"] > 0) & (flows["exporter"] == row("states", exporter))
        if importer is not None:
            kept &= flows["importer"] == row("states", importer)
        return float(flows[what][kept].sum())

    unit = "MUSD" if what == "exports" else "CU"
    return Measure("producing", flow, f"{what} of {exporter} to {importer or 'all'}, sum over the run", unit)


def orders(measure: Callable[[Any, NDArray[np.bool_]], float], name: str, unit: str) -> Measure:
    """Measure the equipment contracts signed in the run."""

    def signed(run: Run) -> float:
        contracts = run.world.contracts
        mine = (contracts.signed >= 0) & (contracts.kind == ContractKind.EQUIPMENT)
        return float(measure(contracts, mine))

    return Measure("contracting", signed, name, unit)


def ordered_from(supplier: str, buyer: str) -> Measure:
    """Measure the share of a buyer's orders that one supplier wins."""
    home, away = states(supplier, buyer)

    def share(contracts: Any, mine: NDArray[np.bool_]) -> float:
        all_of = mine & (contracts.buyer == away)
        ours = contracts.price[all_of & (contracts.supplier == home)].sum()
        return float(ours / contracts.price[all_of].sum())

    return orders(share, f"share of {supplier} in the orders of {buyer}", "share")


def ordered_by(buyer: str, years: int = YEARS) -> Measure:
    """Measure what a state orders in the first years of the run."""
    home = row("states", buyer)

    def value(contracts: Any, mine: NDArray[np.bool_]) -> float:
        end = years * scenario().calendar.steps_per_year
        return float(contracts.price[mine & (contracts.buyer == home) & (contracts.signed < end)].sum())

    return orders(value, f"value ordered by {buyer} in {years} years", "MUSD")


def ordered_abroad(supplier: str) -> Measure:
    """Measure what one state's firms were ordered from abroad."""
    home = row("states", supplier)

    def value(contracts: Any, mine: NDArray[np.bool_]) -> float:
        return float(contracts.price[mine & (contracts.supplier == home) & (contracts.buyer != home)].sum())

    return orders(value, f"orders from abroad to firms of {supplier}", "MUSD")


def from_members(alliance: str) -> Measure:
    """Measure the members' share in what members order abroad."""
    inside = members(alliance)

    def share(contracts: Any, mine: NDArray[np.bool_]) -> float:
        abroad = mine & inside[contracts.buyer] & (contracts.buyer != contracts.supplier)
        ours = contracts.price[abroad & inside[contracts.supplier]].sum()
        return float(ours / contracts.price[abroad].sum())

    return orders(share, f"members' share in what members of {alliance} order abroad", "share")


def _import_quality(contracts: Any, mine: NDArray[np.bool_]) -> float:
    """Return the mean quality of new equipment ordered abroad."""
    new = mine & (contracts.buyer != contracts.supplier) & (contracts.mode != Mode.SECOND_HAND)
    return float(np.average(contracts.quality[new], weights=contracts.volume[new]))


def _pool_price(contracts: Any, mine: NDArray[np.bool_]) -> float:
    """Return what members of the pool agree to pay abroad for new equipment of equal quality.

    Overruns are luck of the makers, and what is made at home is seldom ordered together.
    """
    inside = members("Crescent Cooperation")[contracts.buyer] & (contracts.buyer != contracts.supplier)
    new = mine & inside & (contracts.mode != Mode.SECOND_HAND)
    worth = contracts.volume[new] * contracts.quality[new] ** scenario().params.bidding.quality_cost
    return float(contracts.planned_price[new].sum() / worth.sum())


def _used(contracts: Any, mine: NDArray[np.bool_]) -> float:
    """Return used equipment delivered."""
    return float(contracts.delivered[mine & (contracts.mode == Mode.SECOND_HAND)].sum())


def _developed_together(contracts: Any, mine: NDArray[np.bool_]) -> float:
    """Return what members of the pool ordered to be developed together; others develop whatever they do."""
    together = members("Crescent Cooperation")[contracts.buyer] & (contracts.mode == Mode.CODEVELOPMENT)
    return float(contracts.price[mine & together].sum())


def _cohesion(run: Run) -> float:
    """Return the cohesion of the Western Compact at the end."""
    return float(run.world.alliances.cohesion[row("alliances", "Western Compact")])


def _unit_cost(run: Run) -> float:
    """Return the mean unit cost of the focus state's lines."""
    lines = run.world.lines
    return float(lines.unit_cost[lines.is_active & (lines.home == row("states", FOCUS))].mean())


def _small_refusal_rate(run: Run) -> float:
    """Return the share of small licences refused to all."""
    series = run.record.series
    return float(series("states", "small_refusals")[1:].sum() / series("states", "small_licences")[1:].sum())


IMPORT_QUALITY = orders(_import_quality, "quality of new equipment ordered abroad", "share")
POOL_PRICE = orders(_pool_price, "price of equal quality abroad to Crescent Cooperation", "MUSD/CU")
CODEVELOPED = orders(_developed_together, "members' orders to be developed together", "MUSD")
USED = orders(_used, "used equipment delivered", "CU")
COHESION = Measure("allying", _cohesion, "cohesion of Western Compact at the end", "1")


def _old_makers(run: Run) -> float:
    """Return in how many firms of the focus state that were there at the opening there is work at the end."""
    firms = run.world.firms
    stayed = firms.is_active & (firms.entered <= 0) & (firms.home == row("states", FOCUS))
    return float(np.count_nonzero(stayed & (firms.output > 0)))


OLD_MAKERS = Measure("producing", _old_makers, f"old firms of {FOCUS} that work at the end", "count")
UNIT_COST = Measure("bidding", _unit_cost, f"mean unit cost of lines of {FOCUS} at the end", "MUSD/CU")
"""Unit cost rises with quality."""
REFUSAL_RATE = Measure("licensing", _small_refusal_rate, "share of small licences refused to all", "share")
