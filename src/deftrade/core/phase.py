"""A phase: one mechanism, with what it reads and writes declared where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from deftrade.core.params import Group
from deftrade.core.table import Column, Table

if TYPE_CHECKING:
    from deftrade.core.world import World

Writer = Callable[["World", Any], None]


@dataclass(frozen=True, eq=False)
class Phase:
    """A named step of the year with declared access.

    Parameters
    ----------
    name : str
        Also its module, parameter group, random purpose, test file and word in the docs.
    run : callable
        The writer: ``run(world, group)``.
    group : type of Group
        Its parameters.
    reads, writes : tuple of Column
        What it may see and what it may assign.
    appends : tuple of Table types
        Tables whose rows it may add; all their columns are open for writing.
    """

    name: str
    run: Writer
    group: type[Group]
    reads: tuple[Column[Any], ...]
    writes: tuple[Column[Any], ...]
    appends: tuple[type[Table], ...]

    @cached_property
    def opens(self) -> tuple[Column[Any], ...]:
        """All columns the phase may assign, those of appended tables included."""
        return self.writes + tuple(column for table in self.appends for column in table.columns)

    @property
    def meaning(self) -> str:
        """The phase in one sentence."""
        return (self.run.__doc__ or "").strip().splitlines()[0]

    def __call__(self, world: World, group: Group) -> None:
        """Run the phase with only its declared columns open."""
        world.gate.admit(self.name, self.reads, self.opens, key=self)
        self.run(world, group)

    def __repr__(self) -> str:
        return f"<phase {self.name}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # The writer's name means the phase, so neither can be looked up as the function it wraps.
        return _named, (self.run.__module__, self.run.__qualname__)


def _named(module: str, name: str) -> Any:
    """Return the phase of this name: phases are pickled as functions are, by where they stand."""
    return getattr(import_module(module), name)


def phase(
    group: type[Group],
    *,
    reads: tuple[Column[Any], ...],
    writes: tuple[Column[Any], ...] = (),
    appends: tuple[type[Table], ...] = (),
) -> Callable[[Writer], Phase]:
    """Turn a writer into a `Phase`; its function name is the phase's name."""

    def wrap(run: Writer) -> Phase:
        return Phase(run.__name__, run, group, reads, writes, appends)

    return wrap
