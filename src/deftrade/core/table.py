"""Columns and tables: a thing is declared once, with its unit, and guarded at run time."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar, overload

import numpy as np

from deftrade.core.units import UNITS
from deftrade.errors import UndeclaredAccessError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from deftrade.core.gate import Gate

Number = TypeVar("Number", bound=np.generic)
Kind = Literal["stock", "flow", "rate", "share", "index", "identity", "date"]
Role = Literal["given", "lever", "state", "readout"]
Sort = Literal["entity", "record", "scratch"]

_ROOM = 1024
"""Rows that tables which are bound to grow have room for from the start."""

_AGGREGATION = {"flow": "sum", "rate": "mean", "share": "mean", "index": "mean"}


@dataclass(frozen=True)
class Bounds:
    """Default, limits and source of a number that a scenario may set."""

    default: float | None
    low: float
    high: float
    source: str


class Column(Generic[Number]):
    """One declared quantity of a table; the class gives the column, a table gives its array.

    Parameters
    ----------
    dtype : type
        NumPy scalar type.
    unit : str
        One of `deftrade.core.units.UNITS`.
    kind : str
        stock, flow (the step's amount), rate, share, index, identity or date.
    meaning : str
        What it is, in one sentence.
    axes : tuple of str
        Axes after the row, named by table (``states``, ``categories``) or by a fixed list.
    refers : str
        Table whose rows the values point at; -1 means none. Empty if not a reference.
    role : str
        ``given`` by the world, ``lever`` of a policy, ``state`` that a later decision reads, or
        ``readout`` that none reads.
    bounds : Bounds or None
        For what a scenario may set.
    codes : type of IntEnum or None
        The closed list whose members the values are.
    title : str
        What it is called in words; the name without underscores if empty.
    """

    def __init__(
        self,
        dtype: type[Number],
        unit: str,
        kind: Kind,
        meaning: str,
        *,
        axes: tuple[str, ...] = (),
        refers: str = "",
        role: Role = "state",
        bounds: Bounds | None = None,
        fill: float = 0,
        codes: type[IntEnum] | None = None,
        title: str = "",
    ) -> None:
        if unit not in UNITS:
            raise ValueError(f"unit {unit!r} is not in the closed list of units")
        self.dtype = dtype
        self.unit = unit
        self.kind = kind
        self.meaning = meaning
        self.axes = axes
        self.refers = refers
        self.role = role
        self.bounds = bounds
        self.fill = -1 if refers else fill
        self.codes = codes
        self.title = title
        self.name = ""
        self.table = ""
        self._owner: type[Table] = Table

    @property
    def aggregation(self) -> str:
        """How values of several steps combine: last, sum or mean."""
        return _AGGREGATION.get(self.kind, "last")

    @property
    def owner(self) -> type[Table]:
        """The table that declares it."""
        return self._owner

    @property
    def path(self) -> str:
        """Full name, such as ``States.gdp``."""
        return f"{self.table}.{self.name}"

    def __set_name__(self, owner: type[Table], name: str) -> None:
        self.name = name
        self.title = self.title or name.replace("_", " ")
        self.table = owner.__name__
        self._owner = owner

    def __reduce__(self) -> tuple[Any, ...]:
        # A column is known by identity: in another process it is the one declared there.
        return getattr, (self._owner, self.name)

    def __repr__(self) -> str:
        return f"<{self.path}>"

    @overload
    def __get__(self, instance: None, owner: type) -> Column[Number]: ...
    @overload
    def __get__(self, instance: Table, owner: type) -> NDArray[Number]: ...
    def __get__(self, instance: Table | None, owner: type) -> Column[Number] | NDArray[Number]:
        if instance is None:
            return self
        gate = instance.gate
        try:
            array = gate.open[self]
        except KeyError:
            raise UndeclaredAccessError(f"{gate.who} reads {self.path} without declaring it") from None
        rows = instance.rows
        shown = array if len(array) == rows else array[:rows]
        # From now on the table's own dictionary answers, which is many times faster.
        instance.__dict__[self.name] = shown
        return shown

    if TYPE_CHECKING:
        # At run time `Table.__setattr__` assigns: beside a `__set__` no dictionary would ever answer.
        def __set__(self, instance: Table, value: ArrayLike) -> None: ...

    def assign(self, instance: Table, value: ArrayLike) -> None:
        """Write values over a column's whole array: one for all rows, or one each."""
        array = getattr(instance, self.name)
        if not array.flags.writeable:
            raise UndeclaredAccessError(f"{instance.gate.who} writes {self.path} without declaring it")
        if value is array:  # written in place, as by +=
            return
        values = np.asarray(value)
        if values.ndim and values.shape != array.shape:
            raise ValueError(f"{self.path} has shape {array.shape}, not {values.shape}")
        array[...] = values


def real(unit: str, kind: Kind, meaning: str, **more: Any) -> Column[np.float64]:
    """Declare a column of floats; ``more`` are further fields of `Column`."""
    return Column(np.float64, unit, kind, meaning, **more)


def given(unit: str, kind: Kind, meaning: str, bounds: Bounds, **more: Any) -> Column[np.float64]:
    """Declare a number that the world of a scenario gives."""
    return Column(np.float64, unit, kind, meaning, role="given", bounds=bounds, **more)


def lever(unit: str, kind: Kind, meaning: str, bounds: Bounds, **more: Any) -> Column[np.float64]:
    """Declare a number that policy sets and may date."""
    return Column(np.float64, unit, kind, meaning, role="lever", bounds=bounds, **more)


def whole(unit: str, kind: Kind, meaning: str, **more: Any) -> Column[np.int64]:
    """Declare a column of 64-bit whole numbers, such as counts and steps."""
    return Column(np.int64, unit, kind, meaning, **more)


def code(codes: type[IntEnum], of: str = "", **more: Any) -> Column[np.int8]:
    """Declare a column of members of a closed list, as small numbers: such columns are scanned often."""
    return small(f"Code of `{codes.__name__}` {of}".rstrip(), codes=codes, **more)


def small(meaning: str, **more: Any) -> Column[np.int8]:
    """Declare a column of codes from -128 to 127, one byte each."""
    return Column(np.int8, "id", "identity", meaning, **more)


def flag(meaning: str, **more: Any) -> Column[np.bool_]:
    """Declare a column of truth values."""
    return Column(np.bool_, "1", "identity", meaning, **more)


def identity(meaning: str, **more: Any) -> Column[np.uint64]:
    """Declare a column of stable 64-bit ids."""
    return Column(np.uint64, "id", "identity", meaning, **more)


def refer(table: str, meaning: str, **more: Any) -> Column[np.int64]:
    """Declare a column of row numbers of another table; -1 means none."""
    return Column(np.int64, "id", "identity", meaning, refers=table, **more)


_set_plainly = object.__setattr__


class Table:
    """Rows of one sort; subclasses declare columns and nothing else.

    Rows are append-only: a row number is an identity for the whole run, and meaning lives in the
    ``uid``. Scratch tables are emptied every step.

    Parameters
    ----------
    gate : Gate
        Shared by all tables of a world.
    rows : int
        Opening number of rows.
    sizes : mapping of str to int
        Length of every axis that columns name.

    Attributes
    ----------
    sort : str
        Entities, records that are never removed, or scratch rows of one step.
    section : str
        Key of a scenario file, under ``world`` and ``policy``, that holds its entries; empty if none does.
    single : str
        What one of its rows is called, where files give rows names.
    row_axis : str
        What its rows are named along: its section, if it says nothing else.
    """

    # Columns that were looked at stand in the instance dictionary, so that nothing else may.
    __slots__ = ("__dict__", "__weakref__", "_capacity", "_rows", "_seen", "_sizes", "gate")

    sort: ClassVar[Sort] = "entity"
    section: ClassVar[str] = ""
    single: ClassVar[str] = ""
    row_axis: ClassVar[str] = ""
    columns: ClassVar[tuple[Column[Any], ...]] = ()
    flows: ClassVar[tuple[Column[Any], ...]] = ()
    by_name: ClassVar[Mapping[str, Column[Any]]] = {}

    def __init_subclass__(cls) -> None:
        cls.row_axis = cls.row_axis or cls.section
        cls.columns = tuple(value for value in vars(cls).values() if isinstance(value, Column))
        cls.flows = tuple(column for column in cls.columns if column.kind == "flow")
        cls.by_name = {column.name: column for column in cls.columns}

    def __init__(self, gate: Gate, rows: int, sizes: Mapping[str, int]) -> None:
        self.gate = gate
        self._rows = rows
        self._seen: dict[Hashable, dict[str, Any]] = {}
        self._sizes = sizes
        self._capacity = max(rows, 1 if self.sort == "entity" else _ROOM)
        for column in self.columns:
            gate.arrays[column] = self._blank(column, self._capacity)
        gate.join(self)

    def __len__(self) -> int:
        return self._rows

    def __iter__(self) -> Iterator[int]:
        return iter(range(self._rows))

    def __setattr__(self, name: str, value: Any) -> None:
        column = self.by_name.get(name)
        if column is None:
            _set_plainly(self, name, value)
        else:
            column.assign(self, value)

    @property
    def rows(self) -> int:
        """Number of rows in use; arrays may hold more."""
        return self._rows

    def turn(self, key: Hashable) -> None:
        """Show what a view opens: arrays that were looked at there since the table had its length."""
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = {}
        _set_plainly(self, "__dict__", seen)

    def _resize(self, rows: int) -> None:
        """Set the number of rows; what was seen had another length."""
        seen: dict[str, Any] = {}
        _set_plainly(self, "_rows", rows)
        _set_plainly(self, "_seen", {self.gate.key: seen})
        _set_plainly(self, "__dict__", seen)

    def append(self, count: int) -> NDArray[np.int64]:
        """Add blank rows and return their numbers, shape ``(count,)``."""
        rows = self.extend(count)
        return np.arange(rows.start, rows.stop)

    def extend(self, count: int) -> slice:
        """Add blank rows and return the slice of row numbers that they take."""
        gate = self.gate
        array = gate.open.get(self.columns[0])
        if array is None or not array.flags.writeable:
            raise UndeclaredAccessError(f"{gate.who} appends to {type(self).__name__} undeclared")
        start = self._rows
        if start + count > self._capacity:
            self._grow(start + count)
        self._resize(start + count)
        return slice(start, start + count)

    def add(self, count: int, **values: ArrayLike) -> None:
        """Add rows with values by column name, one for all rows or one each."""
        rows = self.extend(count)
        arrays = self.gate.open
        for name, value in values.items():
            arrays[self.by_name[name]][rows] = value

    def clear(self) -> None:
        """Forget all rows; only scratch tables may."""
        if self.sort != "scratch":
            raise ValueError(f"{type(self).__name__} keeps its rows")
        self.clear_all()

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Fill the table with saved values, one array a column."""
        rows = len(arrays[self.columns[0].name])
        if rows > self._capacity:
            self._grow(rows)
        self._resize(rows)
        for column in self.columns:
            self.gate.arrays[column][:rows] = arrays[column.name]

    def keep(self, rows: NDArray[np.int64]) -> None:
        """Drop all other rows; only for building worlds, as row numbers change."""
        kept = {column.name: self.gate.arrays[column][rows] for column in self.columns}
        self.clear_all()
        self.restore(kept)

    def clear_all(self) -> None:
        """Blank every row and forget it, whatever the sort."""
        for column in self.columns:
            self.gate.arrays[column][: self._rows] = column.fill
        self._resize(0)

    def _grow(self, rows: int) -> None:
        """Make room for at least ``rows`` rows, doubling."""
        self._capacity = max(rows, 2 * self._capacity)
        grown = {}
        for column in self.columns:
            array = self._blank(column, self._capacity)
            array[: self._rows] = self.gate.arrays[column][: self._rows]
            grown[column] = array
        self.gate.replace(grown)

    def _blank(self, column: Column[Number], rows: int) -> NDArray[Number]:
        """Return an array of a column's default values."""
        shape = (rows, *(self._sizes[axis] for axis in column.axes))
        return np.full(shape, column.fill, dtype=column.dtype)
