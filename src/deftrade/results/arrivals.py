"""What contracts delivered at each step, and by whose design it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.arrays import pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from deftrade.core.arrays import Float, Int
    from deftrade.core.world import World


COLUMNS = ("step", "contract", "design", "volume")
"""What is kept of a delivery: steps completed, row of the contract, state of the design, CU."""


class Arrivals:
    """Deliveries of one run by step and contract; what came before the opening is not among them."""

    def __init__(self) -> None:
        nothing = np.zeros(0, dtype=np.int64)
        self._kept: list[tuple[Int, Int, Int, Float]] = [(nothing, nothing, nothing, np.zeros(0))]
        self._before: Float | None = None
        self._designs = nothing

    def take(self, world: World) -> None:
        """Keep what came since the last call; the first one only looks.

        Designs are those of the last close: a line that replaced a licensed one in this step
        delivered the licensed one before. Lines founded since have no other than their first.
        """
        contracts, lines = world.contracts, world.lines
        if self._before is not None:
            arrived = contracts.delivered.copy()
            arrived[: len(self._before)] -= self._before
            rows = np.flatnonzero(arrived)
            designs = lines.design_origin.astype(np.int64)
            designs[: len(self._designs)] = self._designs
            origin = pick(designs, contracts.line[rows], -1)
            design = np.where(origin >= 0, origin, contracts.supplier[rows])
            self._kept.append((np.full(len(rows), world.clock.step), rows, design, arrived[rows]))
        self._before = contracts.delivered.copy()
        self._designs = lines.design_origin.astype(np.int64)

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return all deliveries as columns ``step, contract, design, volume``."""
        return {
            name: np.concatenate([kept[place] for kept in self._kept]) for place, name in enumerate(COLUMNS)
        }

    def pack(self) -> dict[str, NDArray[Any]]:
        """Return all that was kept as plain arrays, from which `unpack` restores it."""
        packed = {f"arrivals/{name}": values for name, values in self.columns().items()}
        before = np.zeros(0) if self._before is None else self._before
        return packed | {"arrivals/before": before, "arrivals/designs": self._designs}

    def unpack(self, packed: Mapping[str, NDArray[Any]]) -> None:
        """Restore the deliveries from the arrays that `pack` returned."""
        step, contract, design, volume = (packed[f"arrivals/{name}"] for name in COLUMNS)
        self._kept = [(step, contract, design, volume)]
        self._before, self._designs = packed["arrivals/before"], packed["arrivals/designs"]
