"""The gate: which columns are open to whom."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from weakref import ref

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Door(Protocol):
    """What shows the columns that are open: a table."""

    def turn(self, key: Hashable) -> None:
        """Show what was shown at a key before."""


class Gate:
    """What is open just now: one dictionary of arrays, swapped whole at each phase.

    Tables hold their gate and not the other way round: a world that nobody needs any more is freed
    at once, not when Python happens to look for cycles. What a column is, the gate need not know.
    """

    def __init__(self) -> None:
        self.arrays: dict[Hashable, NDArray[Any]] = {}
        self.open: Mapping[Hashable, NDArray[Any]] = self.arrays
        self.who = "the outside"
        self._tables: list[ref[Door]] = []
        self.key: Hashable = None
        self._views: dict[Hashable, Mapping[Hashable, NDArray[Any]]] = {}

    def join(self, table: Door) -> None:
        """Let a table show what is open, from the next turn on."""
        self._tables.append(ref(table))

    def admit(
        self,
        who: str,
        reads: Iterable[Hashable],
        writes: Iterable[Hashable],
        *,
        key: Hashable | None = None,
    ) -> None:
        """Open only the declared columns for ``who``; writes are open for reading too.

        Views are kept by ``key``, as two phases may bear one name; by default by ``who``.
        """
        key = who if key is None else key
        view = self._views.get(key)
        if view is None:
            view = {column: _read_only(self.arrays[column]) for column in reads}
            view = {**view, **{column: self.arrays[column] for column in writes}}
            self._views[key] = view
        self._turn(key, view, who)

    def show(self) -> None:
        """Open everything for reading and nothing for writing."""
        view = self._views.get("")
        if view is None:
            view = {column: _read_only(array) for column, array in self.arrays.items()}
            self._views[""] = view
        self._turn("", view, "a reader")

    @property
    def is_shown(self) -> bool:
        """Whether everything is open for reading, as between steps."""
        return self.key == ""

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Open everything for reading for a while, then what was open before."""
        key, view, who = self.key, self.open, self.who
        self.show()
        try:
            yield
        finally:
            self._turn(key, view, who)

    def unlock(self) -> None:
        """Open everything: for building worlds and for scheduled events."""
        self._turn(None, self.arrays, "the builder")

    def _turn(self, key: Hashable, view: Mapping[Hashable, NDArray[Any]], who: str) -> None:
        """Open a view, and let every table show what it showed there before."""
        self.key, self.open, self.who = key, view, who
        for known in self._tables:
            table = known()
            if table is not None:
                table.turn(key)

    def replace(self, arrays: Mapping[Any, NDArray[Any]]) -> None:
        """Exchange grown arrays for their larger copies, in every view."""
        self.arrays.update(arrays)
        stale = self._views
        self._views = {}
        current = self.open
        for who, view in stale.items():
            self._views[who] = {
                column: array
                if column not in arrays
                else (arrays[column] if array.flags.writeable else _read_only(arrays[column]))
                for column, array in view.items()
            }
            if view is current:
                self.open = self._views[who]


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a view that refuses writing."""
    view = array.view()
    view.flags.writeable = False
    return view
