"""Tables of deliveries, from SIPRI's register or from results, in the form that statistics take."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.tables.codes import Mode

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.results.results import Results

REGISTER = Path("sipri/trade_register_deliveries_1995_2014.csv")
HEADER = "SIPRI AT Database ID"


@dataclass(frozen=True)
class Deliveries:
    """A row for what an order delivered in a year; all arrays are ``(rows,)``.

    Parameters
    ----------
    year, ordered : ndarray
        Calendar year of the delivery and of its order, not a number where that is unknown.
    exporter, importer, category : ndarray
        Names; categories in lower case.
    volume : ndarray
        Trend-indicator value, or the model's volume like it. Statistics do not depend on its unit.
    order : ndarray
        What tells orders apart.
    is_local, is_used : ndarray
        Made in the importing state, and second-hand.
    """

    year: NDArray[np.int64]
    ordered: NDArray[np.float64]
    exporter: NDArray[np.str_]
    importer: NDArray[np.str_]
    category: NDArray[np.str_]
    volume: NDArray[np.float64]
    order: NDArray[np.int64]
    is_local: NDArray[np.bool_]
    is_used: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_]) -> Deliveries:
        """Return some of the rows."""
        return Deliveries(**{name: values[chosen] for name, values in vars(self).items()})

    def late(self, years: int) -> Deliveries:
        """Return the last years."""
        return self.where(self.year > self.year.max() - years)


def register(path: Path) -> Deliveries:
    """Return SIPRI's trade register in its original layout, without parties that are no states."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        lines = list(csv.reader(file))
    start = next(place for place, line in enumerate(lines) if line and line[0] == HEADER)
    names = [name.strip(";") for name in lines[start]]
    rows = [
        dict(zip(names, (cell.strip("; ") for cell in line), strict=False)) for line in lines[start + 1 :]
    ]
    rows = [row for row in rows if _is_state(row["Supplier"]) and _is_state(row["Recipient"])]

    def column(name: str) -> NDArray[Any]:
        return np.array([row[name] for row in rows])

    def numbers(name: str) -> NDArray[np.float64]:
        return np.array([float(row[name] or "nan") for row in rows])

    return Deliveries(
        year=numbers("Delivery year").astype(np.int64),
        ordered=numbers("Order date"),
        exporter=column("Supplier"),
        importer=column("Recipient"),
        category=np.char.lower(column("Armament category")),
        volume=np.nan_to_num(numbers("TIV delivery values")),
        order=numbers(HEADER).astype(np.int64),
        is_local=column("Local production") == "Yes",
        is_used=np.char.startswith(column("Status"), "Second hand"),
    )


def _is_state(name: str) -> bool:
    return "*" not in name and not name.startswith("unknown")


def found_register() -> Deliveries | None:
    """Return the register where ``DEFTRADE_DATA`` has it."""
    path = Path(os.environ.get("DEFTRADE_DATA", "../shared/data")) / REGISTER
    return register(path) if path.exists() else None


def simulated(results: Results) -> Deliveries:
    """Return what a run delivered across borders and under licence, by calendar year."""
    calendar, contracts = results.scenario.calendar, results.world.contracts
    first = int(calendar.label(0)[:4])
    return from_view(
        results.to_frame("tiv"), contracts.signed / calendar.steps_per_year + first, contracts.mode
    )


def from_view(frame: Any, signed: NDArray[np.float64], mode: NDArray[Any]) -> Deliveries:
    """Return the view of transfers with the order year and mode of its contracts; signed in years."""
    order = frame["contract"].to_numpy(dtype=np.int64)
    mode = np.asarray(mode)[order]
    return Deliveries(
        year=np.array([int(str(date)[:4]) for date in frame["date"]]),
        ordered=np.floor(signed)[order],
        exporter=frame["exporter"].to_numpy(dtype=str),
        importer=frame["importer"].to_numpy(dtype=str),
        category=frame["category"].to_numpy(dtype=str),
        volume=frame["volume"].to_numpy(dtype=float),
        order=order,
        is_local=np.isin(mode, [Mode.LICENSED, Mode.DOMESTIC, Mode.CODEVELOPMENT]),
        is_used=mode == Mode.SECOND_HAND,
    )
