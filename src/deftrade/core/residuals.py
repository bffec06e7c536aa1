"""How a law compares two computations of one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from deftrade.core.arrays import Float

_ROUNDED = 1e-4
"""With a tolerance of 1e-9 this allows some hundred roundings of the largest number."""


@dataclass(frozen=True)
class Balance:
    """Two independent computations of one thing, and the turnover that scales their difference.

    Parameters
    ----------
    recorded, held : (rows,) float
        From contract, event and ledger records; from the world's arrays.
    turnover : float
        Scale of the residual.
    row : callable
        Names a row for the message.
    reach : float
        Size of the largest numbers that were added and taken off on the way. What is left of them
        carries their rounding, so that the scale is never less than their `_ROUNDED` part: an order
        book that was just emptied, or a small flow beside a large stock.
    """

    recorded: Float
    held: Float
    turnover: float
    row: Callable[[int], str]
    reach: float = 0.0

    @property
    def residual(self) -> float:
        """Largest gap between recorded and held balances as a share of turnover (at least 1)."""
        if not self.recorded.size:
            return 0.0
        gap = self.recorded - self.held
        np.abs(gap, out=gap)
        return float(gap.max() / max(self.turnover, self.reach * _ROUNDED, 1.0))
