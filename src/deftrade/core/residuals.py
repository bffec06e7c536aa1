"""How a law compares two computations of one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from deftrade.core.arrays import Float


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
    """

    recorded: Float
    held: Float
    turnover: float
    row: Callable[[int], str]

    @property
    def residual(self) -> float:
        """Largest difference relative to turnover."""
        if not self.recorded.size:
            return 0.0
        gap = self.recorded - self.held
        np.abs(gap, out=gap)
        return float(gap.max() / max(self.turnover, 1.0))
