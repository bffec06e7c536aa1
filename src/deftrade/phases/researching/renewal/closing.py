"""Firms in distress are taken over by a rival at home, or close."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.posting import Party, Verdict, households, log, post
from deftrade.core.tables.codes import ContractStatus, DecisionKind, Item, Sector
from deftrade.phases.contracting.founding import largest_firm
from deftrade.phases.researching.renewal.merging import hand_over
from deftrade.phases.shared.contracts import cancel, release_obligations

if TYPE_CHECKING:
    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World
    from deftrade.phases.researching.params import ResearchingParams


def exit_chance(world: World, params: ResearchingParams) -> float:
    """Return the chance of the step that a firm in distress closes or is taken over."""
    return world.clock.chance(params.exit_hazard)


def exit_draws(world: World, rows: Int) -> Float:
    """Return the draws of firms below whose chance those in distress close, ``(rows,)``."""
    return world.draws.uniform("researching.exit", world.firms.uid[rows], world.clock.date_id)


def close(world: World, params: ResearchingParams, rows: Int) -> None:
    """Let firms in distress be taken over by a home rival, or close and cancel their contracts."""
    firms = world.firms
    for firm in rows[exit_draws(world, rows) < exit_chance(world, params)]:
        rivals = firms.is_active & (firms.home == firms.home[firm])
        rivals[firm] = False
        buyer = largest_firm(world, rivals)
        if buyer >= 0:
            # A sanction goes with the lines.
            firms.sanction_years[buyer] = firms.sanction_years[[firm, buyer]].max()
            hand_over(world, int(firm), buyer)
        else:
            close_down(world, int(firm))
        firms.is_active[firm] = False
        log(
            world,
            DecisionKind.FIRM_EXIT,
            firms.home[[firm]],
            firms.uid[[firm]],
            firm,
            Verdict(chosen=buyer),
        )


def close_down(world: World, firm: int) -> None:
    """Stop a firm's lines, cancel what they were to make and leave its debts with lenders."""
    firms, lines, contracts = world.firms, world.lines, world.contracts
    mine = np.flatnonzero(lines.firm == firm)
    lines.is_active[mine] = False
    held = np.isin(contracts.line, mine) | np.isin(contracts.partner, mine)
    cancel(world, np.flatnonzero(held & (contracts.status == ContractStatus.ACTIVE)))
    release_obligations(world, world.obligations.firm == firm)
    _write_off(world, firm)
    firms.is_active[firm] = False


def _write_off(world: World, firm: int) -> None:
    """Let lenders, here households, lose what a closed firm owes, or its owners have what is left."""
    firms = world.firms
    home = firms.home[[firm]]
    party = Party(Sector.FIRM, np.array([firm]), home)
    cash = firms.cash[[firm]]
    post(world, Item.RECAPITALISATION, households(home), party, np.maximum(-cash, 0))
    post(world, Item.DIVIDENDS, party, households(home), np.maximum(cash, 0))
    firms.cash[firm] = 0.0
    world.states.employed[home] -= firms.workers[firm]
    firms.workers[firm] = 0.0
