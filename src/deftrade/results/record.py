"""What a run keeps: series of declared columns, trade flows, aggregated payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.arrays import grouped, total
from deftrade.core.balances import held_balances
from deftrade.core.tables import ON_REQUEST, SERIES
from deftrade.phases import ORDER
from deftrade.results.arrivals import Arrivals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from deftrade.core.arrays import Float
    from deftrade.core.dates import Calendar
    from deftrade.core.table import Column, Table
    from deftrade.core.world import World
    from deftrade.scenario.resolved import Outputs


ACCOUNT_KEYS = ("item", "payer_sector", "payer_state", "payee_sector", "payee_state")
"""What payments are summed by."""

OPEN = np.iinfo(np.int64).max
"""Steps after which a firm that trades at the end has closed."""


def recorded_columns(table: type[Table]) -> tuple[Column[Any], ...]:
    """Return the columns of a table that phases change and that are kept.

    Columns by category are kept as their sum if they are stocks or flows, else as their mean.
    """
    written = {column for phase in ORDER for column in phase.opens}
    return tuple(
        column
        for column in table.columns
        if column in written
        and column.kind not in ("identity", "date")
        and column.axes in ((), ("categories",))
    )


class Record:
    """Series of one run; row 0 is the opening, row t the close of the t-th kept step.

    Parameters
    ----------
    outputs : Outputs
        What to keep.
    calendar : Calendar
        How many computed steps make a row.

    Attributes
    ----------
    steps : list of int
        Computed steps completed at each kept row.
    arrivals : Arrivals
        Deliveries by computed step and contract.
    """

    def __init__(self, outputs: Outputs, calendar: Calendar) -> None:
        self.outputs = outputs
        self.steps: list[int] = []
        # Other series are always kept, as indicators read them; outputs choose what is written.
        asked = {name: table for name, table in ON_REQUEST.items() if name in outputs.series}
        self.columns = {name: recorded_columns(table) for name, table in (SERIES | asked).items()}
        self._joined = calendar.steps_per_row
        self._thin = calendar.steps_per_year if outputs.every == "year" else self._joined
        self._series: dict[str, list[Float]] = {name: [] for name in self.columns}
        self._held: dict[str, Float] = {}
        self._flows: list[tuple[NDArray[np.int64], NDArray[np.int64], Float]] = []
        self._flow_sum: Float | None = None
        self._accounts: list[tuple[NDArray[np.int64], Float]] = []
        self._balances: list[Float] = []
        self._closed = np.zeros(0, dtype=np.int64)
        self.arrivals = Arrivals()

    def take(self, world: World) -> None:
        """Record the world as it stands: series, flows, accounts, balances and arrivals."""
        step = world.clock.step
        whole = step % self._thin == 0
        for name, columns in self.columns.items():
            table = getattr(world, name)
            self._take_series(name, columns, table, whole)
        self._take_flows(world, whole)
        opens_row = step == 0 or (step - 1) % self._joined == 0
        if not opens_row:
            self._balances.pop()
        self._take_accounts(world, opens_row)
        self._balances.append(held_balances(world))
        self._take_closings(world)
        self.arrivals.take(world)
        if whole:
            self.steps.append(step)

    def _take_series(self, name: str, columns: tuple[Column[Any], ...], table: Table, whole: bool) -> None:
        """Keep one table's columns, adding up flows until a row is whole."""
        now = np.empty((len(columns), len(table)))
        for place, column in enumerate(columns):
            now[place] = _flat(column, getattr(table, column.name))
        held = self._held.pop(name, None)
        if held is not None:
            flows = [place for place, column in enumerate(columns) if column.kind == "flow"]
            now[flows, : held.shape[1]] += held[flows]
        if whole:
            self._series[name].append(now)
        else:
            self._held[name] = now

    def _take_closings(self, world: World) -> None:
        """Keep after which step firms no longer trade."""
        firms = world.firms
        new = np.full(len(firms) - len(self._closed), OPEN, dtype=np.int64)
        self._closed = np.concatenate((self._closed, new))
        self._closed[(self._closed == OPEN) & ~firms.is_active] = world.clock.step

    def _take_flows(self, world: World, whole: bool) -> None:
        """Keep the bilateral flows that are not zero."""
        dyads = world.dyads
        now = np.stack((dyads.exports, dyads.deliveries))
        if self._flow_sum is not None:
            now += self._flow_sum
        self._flow_sum = None if whole else now
        if whole:
            # Flat places are found several times faster than pairs.
            place = np.flatnonzero((now[0] != 0) | (now[1] != 0))
            exporter, importer = np.divmod(place, now.shape[2])
            self._flows.append((exporter, importer, now.reshape(2, -1)[:, place]))

    def _take_accounts(self, world: World, opens_row: bool) -> None:
        """Keep the step's payments, summed by item, sectors and states, or add them to the last row."""
        postings = world.postings
        size = len(world.states)
        key = postings.item.astype(np.int64)
        columns: tuple[NDArray[Any], ...] = (
            postings.payer_sector,
            postings.payer_state,
            postings.payee_sector,
            postings.payee_state,
        )
        for column in columns:
            key *= max(size, 8)
            key += column.astype(np.int64, copy=False)
        keys, group, row = grouped(key)
        amounts = total(group, postings.amount[row], len(keys))
        if not opens_row:
            before, paid = self._accounts.pop()
            keys, group, row = grouped(np.concatenate((before, keys)))
            amounts = total(group, np.concatenate((paid, amounts))[row], len(keys))
        self._accounts.append((keys, amounts))

    def pack(self) -> dict[str, NDArray[Any]]:
        """Return all that was kept as plain arrays, from which `unpack` restores it."""
        packed: dict[str, NDArray[Any]] = {"steps": np.array(self.steps)}
        for name, rows in self._series.items():
            packed[f"{name}/widths"] = np.array([row.shape[1] for row in rows])
            packed[f"{name}/rows"] = np.concatenate(rows, axis=1)
        for name, row in self._held.items():
            packed[f"{name}/held"] = row
        if self._flow_sum is not None:
            packed["flows/held"] = self._flow_sum
        flows = self.flows()
        packed["flows/counts"] = np.array([len(flow[0]) for flow in self._flows])
        packed["flows/who"] = np.stack((flows["exporter"], flows["importer"]))
        packed["flows/what"] = np.stack((flows["exports"], flows["deliveries"]))
        packed["balances"] = self.balances()
        packed["firms/closed"] = self.closed()
        packed["accounts/counts"] = np.array([len(keys) for keys, _ in self._accounts])
        packed["accounts/keys"] = np.concatenate([keys for keys, _ in self._accounts])
        packed["accounts/amounts"] = np.concatenate([amounts for _, amounts in self._accounts])
        return packed | self.arrivals.pack()

    def unpack(self, packed: Mapping[str, NDArray[Any]]) -> None:
        """Restore the record from the arrays that `pack` returned."""
        self.steps = [int(step) for step in packed["steps"]]
        for name in self.columns:
            edges = np.cumsum(packed[f"{name}/widths"])[:-1]
            self._series[name] = np.split(packed[f"{name}/rows"], edges, axis=1)
        self._held = {name: packed[f"{name}/held"] for name in self.columns if f"{name}/held" in packed}
        self._flow_sum = packed.get("flows/held")
        edges = np.cumsum(packed["flows/counts"])[:-1]
        who = np.split(packed["flows/who"], edges, axis=1)
        what = np.split(packed["flows/what"], edges, axis=1)
        self._flows = [(pair[0], pair[1], flow) for pair, flow in zip(who, what, strict=True)]
        edges = np.cumsum(packed["accounts/counts"])[:-1]
        keys = np.split(packed["accounts/keys"], edges)
        self._accounts = list(zip(keys, np.split(packed["accounts/amounts"], edges), strict=True))
        self._balances = list(packed["balances"])
        self._closed = packed["firms/closed"].copy()
        self.arrivals.unpack(packed)

    def series(self, name: str, column: str) -> Float:
        """Return one column as ``(rows kept, entities)``; entities that came later are nan."""
        places = [item.name for item in self.columns[name]]
        place = places.index(column)
        rows = self._series[name]
        width = rows[-1].shape[1]
        result = np.full((len(rows), width), np.nan)
        for row, values in enumerate(rows):
            result[row, : values.shape[1]] = values[place]
        return result

    def last(self, name: str, column: str) -> Float:
        """Return one column of the last row kept, shape ``(entities,)``."""
        place = [item.name for item in self.columns[name]].index(column)
        return self._series[name][-1][place]

    def flows(self) -> dict[str, NDArray[Any]]:
        """Return the kept flows as columns ``row, exporter, importer, exports, deliveries``."""
        counts = [len(exporter) for exporter, _, _ in self._flows]
        empty, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
        return {
            "row": np.repeat(np.arange(len(counts)), counts),
            "exporter": np.concatenate([flow[0] for flow in self._flows] or [empty]),
            "importer": np.concatenate([flow[1] for flow in self._flows] or [empty]),
            "exports": np.concatenate([flow[2][0] for flow in self._flows] or [nothing]),
            "deliveries": np.concatenate([flow[2][1] for flow in self._flows] or [nothing]),
        }

    def balances(self) -> Float:
        """Return what sectors held at the opening and after each kept step, ``(rows, sectors, states)``."""
        return np.stack(self._balances)

    def closed(self) -> NDArray[np.int64]:
        """Return how many computed steps were done when each firm had closed, `OPEN` while it trades."""
        return self._closed

    def accounts(self, states: int) -> dict[str, NDArray[Any]]:
        """Return summed payments as columns ``row`` (0 is the opening), keys and ``amount``."""
        counts = [len(keys) for keys, _ in self._accounts]
        empty, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
        key = np.concatenate([keys for keys, _ in self._accounts] or [empty])
        base = max(states, 8)
        columns: dict[str, NDArray[Any]] = {}
        for name in reversed(ACCOUNT_KEYS[1:]):
            key, columns[name] = np.divmod(key, base)
        columns["item"] = key
        amounts = [amount for _, amount in self._accounts] or [nothing]
        return {
            "row": np.repeat(np.arange(len(counts)), counts),
            **{name: columns[name] for name in ACCOUNT_KEYS},
            "amount": np.concatenate(amounts),
        }


def _flat(column: Column[Any], values: NDArray[Any]) -> NDArray[Any]:
    """Return one number a row: the sum or mean over categories where there are any."""
    if not column.axes:
        return values
    return values.sum(axis=1) if column.kind in ("stock", "flow") else values.mean(axis=1)
