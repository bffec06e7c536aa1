"""What happens to the world at a date: embargoes, shocks, wars, aid, accessions.

An event of a file is a date and exactly one kind with its particulars::

    - {at: 2031-Q1, embargo: {from: Westmark, on: Noor, years: 3, support: true}}

Names are row numbers once a file is read. Events act on a world that is open for writing, after the
flows of the last step were cleared and before the first phase runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import Field, create_model, model_validator

from deftrade.scenario.events.effects import KINDS
from deftrade.scenario.schema_types import Date, Strict, Unfit

if TYPE_CHECKING:
    from deftrade.core.world import World
    from deftrade.scenario.events.effect import Effect

__all__ = ["KINDS", "Event", "EventEntry"]


@dataclass(frozen=True)
class Event:
    """Something that happens at a date.

    Parameters
    ----------
    year : float
        Decimal year; it acts in the first step that opens at or after it.
    kind : str
        Key of `KINDS`.
    effect : Effect
        What it does.
    """

    year: float
    kind: str
    effect: Effect

    def apply(self, world: World) -> None:
        """Change the world, which is open for writing."""
        self.effect.apply(world)


class _OneKind(Strict):
    """An event of a file."""

    @model_validator(mode="after")
    def _exactly_one(self) -> _OneKind:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if not given:
            raise Unfit("an event needs a kind", names=tuple(KINDS))
        if len(given) > 1:
            raise Unfit("an event has one kind; write one event for each", " and ".join(given))
        return self

    def event(self) -> Event:
        """Return date, kind and effect of this entry."""
        kind = next(kind for kind in KINDS if getattr(self, kind) is not None)
        return Event(self.at, kind, getattr(self, kind))  # type: ignore[attr-defined]


def _kind_field(kind: type[Effect]) -> tuple[Any, Any]:
    """Return the type and field of a kind."""
    return kind | None, Field(None, description=(kind.__doc__ or "").splitlines()[0])


_kinds: dict[str, Any] = {name: _kind_field(kind) for name, kind in KINDS.items()}
EventEntry: Any = create_model(
    "EventEntry",
    __base__=_OneKind,
    __doc__="Something that happens at a date.",
    at=(Date, Field(description="When: a year, a quarter or a month")),
    **_kinds,
)
