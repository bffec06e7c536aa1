"""Government-to-government packages: what is sold in them, what they bring, on what conditions.

A package is a large order abroad in a category whose world says so. Training, weapons and
infrastructure are added to its price; the maker supports the fleet for years from the first
delivery; the seller's government lends part of the price (`lending`). The licence of the equipment
covers all of it. Exporters keep sensitive goods in which they lead from buyers whose fleets hold much
of their rivals' make.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import at_pairs, pick, total
from deftrade.core.draws import mix
from deftrade.core.tables.codes import ContractKind, ContractStatus
from deftrade.phases.shared.lines import largest_lines

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World
    from deftrade.phases.contracting.params import ContractingParams


_ACTIVE = int(ContractStatus.ACTIVE)


_EQUIPMENT, _SUPPORT = int(ContractKind.EQUIPMENT), int(ContractKind.SUPPORT)


def compared_price(world: World, loan_value: float) -> Float:
    """Return each offer's price for comparison with others, against what is asked, ``(bids,)``.

    What a package adds is worth what it costs, and a loan is worth part of its amount.
    """
    bids = world.bids
    loan = np.where(bids.package_share > 0, world.states.package_loan[bids.exporter], 0.0)
    return np.asarray((1 - loan_value * loan) / (1 + bids.package_share), dtype=np.float64)


def promised(world: World) -> Int:
    """Return contracts whose package owes support that is due: the first delivery has come."""
    contracts = world.contracts
    owing = np.flatnonzero(contracts.support_years > 0)
    return owing[contracts.delivered[owing] > 0]


def awaits_support(world: World) -> Bool:
    """Return fleets that a package is about to support, which need no tender, ``(fleets,)``."""
    result = np.zeros(len(world.fleets), dtype=bool)
    result[world.contracts.fleet[promised(world)]] = True
    return result


def promise_support(world: World, params: ContractingParams, rows: Int) -> None:
    """Write what packages among new contracts bring: support for years, and a loan."""
    contracts, tenders = world.contracts, world.tenders
    share = tenders.package_share[contracts.tender[rows]]
    package = share > 0
    contracts.package_share[rows] = share
    contracts.support_years[rows] = np.where(package, params.package_years, 0.0)
    loan = world.states.package_loan[contracts.supplier[rows]]
    contracts.loan_share[rows] = np.where(package, loan, 0.0)


def begin_support(world: World) -> None:
    """Sign the support that packages owe, for fleets whose running contract has ended.

    A fleet has one support contract at a time: what several packages owe begins together, and lasts
    as long as the longest of them. An embargo on support, or the last line's end, ends the promise.
    """
    contracts, fleets = world.contracts, world.fleets
    due = promised(world)
    if not len(due):
        return
    # Which of several packages names the contract must not hang on the order of rows.
    due = due[np.argsort(contracts.uid[due])]
    supplier, line = contracts.supplier[due], contracts.line[due]
    cut = at_pairs(world.dyads.support_embargo_years, supplier, contracts.buyer[due]) > 0
    gone = np.flatnonzero(~pick(world.lines.is_active, line, False))
    if len(gone):
        line[gone] = largest_lines(world)[supplier[gone], contracts.category[due[gone]]]
    void = cut | (line < 0)
    contracts.support_years[due[void]] = 0.0
    due, line = due[~void], line[~void]
    free = fleets.support_contract[contracts.fleet[due]] < 0
    due, line = due[free], line[free]
    fleet, place = np.unique(contracts.fleet[due], return_index=True)
    years = np.zeros(len(fleets))
    np.maximum.at(years, contracts.fleet[due], contracts.support_years[due])
    contracts.support_years[due] = 0.0
    if len(fleet):
        _sign_support(world, due[place], line[place], years[fleet])


def promised_uid(package: ArrayLike) -> NDArray[np.uint64]:
    """Return the ids of the support contracts that packages promise, from the ids of the packages."""
    return mix(package, ContractKind.SUPPORT)


def _sign_support(world: World, package: Int, line: Int, years: Float) -> None:
    """Append support contracts of packages, at the maker's usual price of what the fleet will need."""
    contracts, fleets, categories = world.contracts, world.fleets, world.categories
    fleet, category = contracts.fleet[package], contracts.category[package]
    running = np.flatnonzero((contracts.status == _ACTIVE) & (contracts.kind == _EQUIPMENT))
    ordered = total(contracts.fleet[running], contracts.volume[running], len(fleets))
    # A young fleet is priced as it will be once its orders have come.
    volume = np.maximum(fleets.volume, ordered)[fleet]
    need = volume * categories.market_price[category] * categories.support_rate[category]
    rows = contracts.append(len(package))
    contracts.uid[rows] = promised_uid(contracts.uid[package])
    contracts.tender[rows] = -1
    contracts.buyer[rows] = contracts.buyer[package]
    contracts.supplier[rows] = contracts.supplier[package]
    contracts.line[rows] = line
    contracts.firm[rows] = world.lines.firm[line]
    contracts.category[rows] = category
    contracts.kind[rows] = _SUPPORT
    contracts.fleet[rows] = fleet
    contracts.quality[rows] = 1.0  # the maker knows its product
    contracts.price[rows] = contracts.planned_price[rows] = need * years
    contracts.signed[rows] = world.clock.step
    contracts.span[rows] = years
    contracts.status[rows] = _ACTIVE
    fleets.support_contract[fleet] = rows
    np.add.at(world.lines.backlog, line, contracts.price[rows])
