"""Idle rivals at home join forces of their own will."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.arrays import ratio, total
from deftrade.core.posting import Party, Verdict, log, post
from deftrade.core.tables.codes import DecisionKind, Item, Sector
from deftrade.phases.contracting.founding import by_id, largest_firm

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World
    from deftrade.phases.researching.params import ResearchingParams


def merge(world: World, params: ResearchingParams) -> None:
    """Let idle firms join the largest idle firm at home that makes the same.

    Lines stay what they are and change hands; the rest of the firm goes with them. A sanctioned firm
    finds no partner: a merger would wash the sanction off.
    """
    firms = world.firms
    idle = idle_firms(world, params.merger_load) & (firms.sanction_years <= 0)
    # By id: who joins first may make a host the largest for the next.
    rows = by_id(world, idle)
    luck, chance = merger_draws(world, rows), merger_chance(world, params)
    joining = rows[luck < chance]
    margin = chance - luck[luck < chance]
    # Who joins another takes nobody in at the same date.
    hosts = idle.copy()
    hosts[joining] = False
    for firm, by in zip(joining, margin, strict=True):
        partner = find_partner(world, hosts, int(firm))
        if partner >= 0:
            _share_ownership(world, int(firm), partner)
            hand_over(world, int(firm), partner)
            firms.is_active[firm] = False
            log(
                world,
                DecisionKind.MERGER,
                firms.home[[firm]],
                firms.uid[[firm]],
                firm,
                Verdict(chosen=partner, margin=by),
            )


def merger_draws(world: World, rows: Int) -> Float:
    """Return the draws of firms below whose chance idle ones look for a host, ``(rows,)``."""
    return world.draws.uniform("researching.merger", world.firms.uid[rows], world.clock.date_id)


def merger_chance(world: World, params: ResearchingParams) -> float:
    """Return the chance of the step that an idle firm looks for a host."""
    return world.clock.chance(params.merger_hazard)


def idle_firms(world: World, below: float) -> NDArray[np.bool_]:
    """Return which firms use less than a share of their capacity, shape ``(firms,)``."""
    firms, lines = world.firms, world.lines
    size = len(firms)
    capacity = total(lines.firm, lines.capacity * lines.is_active, size)
    load = total(lines.firm, lines.load * lines.is_active, size)
    return np.asarray(firms.is_active & (capacity > 0) & (use_of_plant(load, capacity) < below))


def use_of_plant(load: ArrayLike, capacity: ArrayLike) -> Float:
    """Return the share of capacity that work takes; 0 where there is no capacity."""
    return ratio(load, capacity)


def find_partner(world: World, hosts: NDArray[np.bool_], firm: int) -> int:
    """Return the largest host at home that makes something the firm makes, larger than it; or -1."""
    firms, lines = world.firms, world.lines
    at_home = np.flatnonzero(lines.is_active & (lines.home == firms.home[firm]))
    maker, category = lines.firm[at_home], lines.category[at_home]
    mine = np.zeros(len(world.categories), dtype=bool)
    mine[category[maker == firm]] = True
    alike = mine[category]
    candidates = np.zeros(len(firms), dtype=bool)
    candidates[maker[alike]] = True
    candidates[firm] = False
    candidates &= hosts & (firms.smoothed_revenue >= firms.smoothed_revenue[firm])
    return largest_firm(world, candidates)


def _share_ownership(world: World, firm: int, buyer: int) -> None:
    """Give owners of both firms shares by size; owners of a failed firm would get none."""
    firms = world.firms
    size = firms.smoothed_revenue[[firm, buyer]]
    if size.sum() > 0:
        firms.state_share[buyer] = (firms.state_share[[firm, buyer]] * size).sum() / size.sum()


def hand_over(world: World, firm: int, buyer: int) -> None:
    """Move lines, contracts, workers, civil business and cash or debt of a firm to its buyer."""
    firms = world.firms
    world.lines.firm[world.lines.firm == firm] = buyer
    world.contracts.firm[world.contracts.firm == firm] = buyer
    world.obligations.firm[world.obligations.firm == firm] = buyer
    parties = Party(Sector.FIRM, np.array([firm]), firms.home[[firm]])
    host = Party(Sector.FIRM, np.array([buyer]), firms.home[[firm]])
    cash = firms.cash[[firm]]
    post(world, Item.RECAPITALISATION, host, parties, np.maximum(-cash, 0))
    post(world, Item.RECAPITALISATION, parties, host, np.maximum(cash, 0))
    firms.cash[buyer] += cash[0]
    firms.cash[firm] = 0.0
    firms.workers[buyer] += firms.workers[firm]
    firms.workers[firm] = 0.0
    firms.civil_revenue[buyer] += firms.civil_revenue[firm]
    firms.civil_revenue[firm] = 0.0
    firms.smoothed_revenue[buyer] += firms.smoothed_revenue[firm]
    firms.smoothed_revenue[firm] = 0.0
