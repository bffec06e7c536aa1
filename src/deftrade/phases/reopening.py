"""Put tenders whose chosen offer fell through on the market again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deftrade.tables import Tenders
from deftrade.tables.codes import ContractKind, TenderStatus

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from deftrade.world import World

REOPENED = (Tenders.status, Tenders.volume, Tenders.value)
"""What a phase that calls `reopen` writes; it reads `REMEMBERED`."""

REMEMBERED = (Tenders.kind, Tenders.wanted_volume, Tenders.wanted_value)


def reopen(world: World, tender: NDArray[np.int64]) -> None:
    """Open tenders again for what was wanted before the lost offer was chosen, ``(n,)`` rows."""
    tenders = world.tenders
    tenders.status[tender] = int(TenderStatus.OPEN)
    equipment = tender[tenders.kind[tender] == int(ContractKind.EQUIPMENT)]
    tenders.volume[equipment] = tenders.wanted_volume[equipment]
    tenders.value[equipment] = tenders.wanted_value[equipment]
