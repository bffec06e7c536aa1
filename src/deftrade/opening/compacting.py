"""Forget the closed business of the settling years, so that a run starts with what is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables.codes import ContractStatus, LicenceStatus, TenderStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.table import Table
    from deftrade.core.world import World


def forget_closed(world: World) -> None:
    """Drop closed tenders, contracts, applications and obligations, and the log of decisions."""
    _keep(world, world.tenders, world.tenders.status < TenderStatus.SIGNED)
    _keep(world, world.contracts, world.contracts.status == ContractStatus.ACTIVE)
    _keep(world, world.applications, world.applications.status == LicenceStatus.PENDING)
    running = (world.obligations.is_open == 1) & (world.obligations.contract >= 0)
    _keep(world, world.obligations, running)
    _keep(world, world.decisions, np.zeros(len(world.decisions), dtype=bool))
    _empty_books(world)


def _empty_books(world: World) -> None:
    """Take from order books without a contract what rounding left of contracts that are forgotten."""
    lines = world.lines
    working = np.bincount(world.contracts.line[world.contracts.line >= 0], minlength=len(lines)) > 0
    lines.backlog = np.where(working, lines.backlog, 0.0)


def _keep(world: World, table: Table, mask: NDArray[np.bool_]) -> None:
    """Keep marked rows and renumber every reference to the table; lost ones become -1."""
    rows = np.flatnonzero(mask)
    number = np.full(len(table) + 1, -1)
    number[rows] = np.arange(len(rows))
    name = type(table).__name__
    for other in world.tables:
        for column in other.columns:
            if column.refers == name:
                values = world.gate.arrays[column][: len(other)]
                values[...] = number[values]
    table.keep(rows)
