"""Numbers stay finite, or the run stops and says where: the last guard behind bounds and checks at load."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.errors import NotFiniteError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deftrade.core.table import Column, Table
    from deftrade.core.world import World

_ADVICE = "the scenario's values, each within its bounds, are together more than the formulas bear"


@contextmanager
def computing(world: World) -> Iterator[None]:
    """Let a division by zero, an overflow or an undefined number be a reason to stop, not a warning.

    Raises
    ------
    NotFiniteError
        It happened; the message names the phase and the date.
    """
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        try:
            yield
        except FloatingPointError as error:
            raise NotFiniteError(
                f"{world.gate.who} cannot compute {world.clock.today}: {error}; {_ADVICE}"
            ) from error


def check_finite(world: World) -> None:
    """Check that every number of states, firms and alliances is finite; at a year's close, all numbers.

    Raises
    ------
    NotFiniteError
        One is not; the message names its table, column, row and date.
    """
    closes_year = (world.clock.step + 1) % world.clock.calendar.steps_per_year == 0
    told = (world.environment, world.states, world.firms, world.alliances)
    for table in world.tables if closes_year else told:
        for column in table.columns:
            if column.dtype is not np.float64 or _may_be_infinite(table, column):
                continue
            values = world.gate.arrays[column][: table.rows]
            if not np.isfinite(values).all():
                row = int(np.argwhere(~np.isfinite(values))[0][0])
                where = f"{column.path} of {_name(world, table, row)}"
                raise NotFiniteError(f"{where} is not finite in {world.clock.today}; {_ADVICE}")


def _may_be_infinite(table: Table, column: Column[Any]) -> bool:
    """Return whether a number may be beyond all bounds: what a single decision is told by, no stock or flow.

    The margin of a test that is switched off is infinite: whatever comes is granted.
    """
    return table.sort == "scratch" or (table.sort == "record" and column.role == "readout")


def _name(world: World, table: Table, row: int) -> str:
    """Return the name of a table's row; a row of dyads is a state's."""
    axis = "states" if table is world.dyads else type(table).__name__.lower()
    names = getattr(world.names, axis, None)
    return f"row {row}" if names is None else str(names[row])
