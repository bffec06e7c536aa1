"""Deliveries as a register of arms transfers would count them: a view beside the money, never added to it.

SIPRI's trend-indicator value is the number of weapons times a unit value times a factor for their
condition; it measures the capability that was transferred and not what was paid, and includes
production under licence (L§9). Here the unit value is a capability unit times quality. Counted is what
crossed a border, and at home what was made to another state's design, for which the exporter is the
licensor. Support, technology and components do not count, nor does aid, which has no contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.params import Group, param
from deftrade.core.tables.codes import ContractKind, Mode
from deftrade.results.frames import Added

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.results.run import Kept


class TivWeights(Group):
    """Factors for the condition of what is delivered.

    SIPRI's third, 0.66 for what was significantly refurbished, has no use: nothing of the kind is sold.
    """

    new: float = param(1.0, "1", 0, 1, "L§9: SIPRI, factor of new equipment")
    """Worth of new equipment."""
    second_hand: float = param(0.4, "1", 0, 1, "L§9: SIPRI, factor of second-hand equipment")
    """Worth of second-hand equipment against new."""


WEIGHTS = TivWeights()

VOLUME = Added(
    "volume",
    "CU",
    "flow",
    "Volume delivered times quality, second-hand at 0.4: like SIPRI's TIV, never to be added to money",
)
"""The view's last column."""


def condition(mode: NDArray[np.int64]) -> Float:
    """Return the factor of each contract by its mode, of the same shape."""
    return np.where(mode == Mode.SECOND_HAND, WEIGHTS.second_hand, WEIGHTS.new)


def transfers(results: Kept) -> pd.DataFrame:
    """Return a row for every kept step and contract that delivered; see `Results.to_frame`."""
    import pandas as pd

    contracts, names = results.world.contracts, results.world.names
    arrived = results.record.arrivals.columns()
    row = arrived["contract"]
    supplier, buyer = contracts.supplier[row], contracts.buyer[row]
    exporter = np.where(supplier == buyer, arrived["design"], supplier)
    counted = np.flatnonzero((contracts.kind[row] == ContractKind.EQUIPMENT) & (exporter != buyer))
    row = row[counted]
    worth = contracts.quality[row] * condition(contracts.mode[row])
    calendar, stride = results.scenario.calendar, results.scenario.calendar.steps_per_row
    dates = [calendar.label(step) for step in range(0, results.world.clock.step, stride)]
    words = {
        "date": ((arrived["step"][counted] - 1) // stride, dates, True),
        "exporter": (exporter[counted], names.states, False),
        "importer": (buyer[counted], names.states, False),
        "category": (contracts.category[row], names.categories, False),
    }
    frame = pd.DataFrame(
        {
            name: pd.Categorical.from_codes(codes.tolist(), categories=pd.Index(known), ordered=ordered)
            for name, (codes, known, ordered) in words.items()
        }
        | {"contract": row, "volume": arrived["volume"][counted] * worth}
    )
    if stride > 1:  # a contract delivers in several of the quarters that a year is computed in
        frame = frame.groupby([*words, "contract"], observed=True, as_index=False).agg({"volume": "sum"})
    frame.attrs["units"] = {VOLUME.name: VOLUME.unit}
    frame.attrs["meanings"] = {VOLUME.name: VOLUME.meaning}
    return frame
