"""What a kind of event is: how it is declared, who may do it to whom, and in which units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema, model_validator

from deftrade.scenario.schema_types import (
    Context,
    Quantity,
    Unfit,
    Written,
    unknown,
)
from deftrade.scenario.values import describe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.world import World

Years = Annotated[float, Quantity("year", 0, 100)]
Share = Annotated[float, Quantity("share", 0, 1)]
LogShift = Annotated[float, Quantity("1", -2, 2)]
Alignment = Annotated[float, Quantity("1", -1, 1)]


class Imposers(NamedTuple):
    """Who imposes: states by row, or the members that an alliance has at the date."""

    states: tuple[int, ...] = ()
    alliance: int = -1

    def rows(self, world: World) -> NDArray[np.int64]:
        """Return the rows of the imposing states."""
        if self.alliance >= 0:
            return np.flatnonzero(world.alliances.member[self.alliance])
        return np.array(self.states, dtype=np.int64)


def _imposers(raw: object, info: ValidationInfo) -> Imposers:
    """Return who imposes: a state, a list of states or an alliance."""
    context = info.context if isinstance(info.context, Context) else Context({})
    states, alliances = context.rows.get("states"), context.rows.get("alliances", {})
    if isinstance(raw, str) and raw in alliances:
        return Imposers(alliance=alliances[raw])
    items = raw if isinstance(raw, list) else [raw]
    if not items:
        raise Unfit("a state, a list of states or an alliance belongs here", describe(raw))
    rows = []
    for place, name in enumerate(items):
        known = (*(states or ()), *alliances) if items is not raw else tuple(states or ())
        if not isinstance(name, str) or (states is not None and name not in states):
            fault = unknown("state or alliance" if items is not raw else "state", name, known)
            fault.below = (place,) if items is raw else ()
            raise fault
        rows.append((states or {}).get(name, -1))
    return Imposers(tuple(rows))


_NAME = {"type": "string", "minLength": 1}
From = Annotated[
    Imposers,
    BeforeValidator(_imposers),
    WithJsonSchema({"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}]}),
]


class Effect(Written):
    """What one kind of event does; subclasses declare themselves by ``kind=``, the key that files use."""

    kinds: ClassVar[dict[str, type[Effect]]] = {}
    """Kinds of events by the key that files use, in the order of their declarations."""

    def __init_subclass__(cls, *, kind: str = "", **more: Any) -> None:
        super().__init_subclass__(**more)
        if kind:
            Effect.kinds[kind] = cls

    @model_validator(mode="after")
    def _not_to_itself(self) -> Effect:
        """Refuse what a state would do to itself."""
        by = getattr(self, "source", None)
        on = getattr(self, "target", None)
        imposers = getattr(self, "imposers", Imposers())
        if on is not None and on >= 0 and (by == on or imposers.states == (on,)):
            raise Unfit("a state cannot do this to itself", below=("on",))
        return self

    def apply(self, world: World) -> None:
        """Change the world, which is open for writing."""
        raise NotImplementedError
