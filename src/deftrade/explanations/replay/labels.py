"""What parts are called: contracts, fleets and firms by their stable ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deftrade.core.tables.codes import ContractKind
from deftrade.explanations.replay.names import goods

if TYPE_CHECKING:
    from deftrade.core.table import Table
    from deftrade.core.world import World
    from deftrade.results.indicators.parts import Key


def row_of(table: Table, uid: int) -> int:
    """Return the row of a stable id in a table that has one, -1 if it is not there."""
    column = next(column for column in table.columns if column.name == "uid")
    found = np.flatnonzero(table.gate.open[column][: len(table)] == np.uint64(uid))
    return int(found[0]) if len(found) else -1


NUMBERED = {"contract": "contracts", "licence": "applications"}
"""Sorts of parts that go by their number in a run, with their tables."""


def number_of(world: World, key: Key) -> int | None:
    """Return the number that a part goes by in a run; None if it goes by none or is not there."""
    if key.sort not in NUMBERED:
        return None
    row = row_of(getattr(world, NUMBERED[key.sort]), key.uid)
    return row if row >= 0 else None


def label_of_both(a: World, b: World, key: Key) -> str:
    """Return what a part is called in two runs; where its numbers differ, it says whose they are."""
    one, other = number_of(a, key), number_of(b, key)
    if one == other:
        return label(b, key) or label(a, key)
    told, side = (label(a, key), "A") if other is None else (label(b, key), "B")
    head, colon, rest = told.partition(":")
    also = f" ({key.sort} {one} of A)" if one is not None and other is not None else ""
    return f"{side}'s {head}{also}{colon}{rest}"


def label(world: World, key: Key) -> str:
    """Return what a part is called; empty if the world does not know it."""
    if key.sort == "item":
        return key.word.replace("_", " ")
    if key.sort == "contract":
        return _contract(world, row_of(world.contracts, key.uid))
    if key.sort == "licence":
        return _licence(world, row_of(world.applications, key.uid))
    if key.sort in ("stock", "upkeep"):
        return _fleet(world, row_of(world.fleets, key.uid), key.sort)
    row = row_of(world.firms, key.uid)
    if row < 0:
        return ""
    name = world.names.firms[row]
    return f"{name}: parts and overhauls" if key.sort == "components" else f"{name}: no work"


def _contract(world: World, row: int) -> str:
    """Return a contract in words, such as ``contract 812: Kharan buys ships from Noor (2031-Q2)``."""
    if row < 0:
        return ""
    table, names = world.contracts, world.names
    kind = ContractKind(int(table.kind[row])).name.lower()
    what = goods(kind, names.categories[table.category[row]])
    step = int(table.signed[row])
    when = world.clock.calendar.label(step) if step >= 0 else "before the opening"
    buyer, seller = names.states[table.buyer[row]], names.states[table.supplier[row]]
    return f"contract {row}: {buyer} buys {what} from {seller} ({when})"


def _licence(world: World, row: int) -> str:
    """Return a licence application in words."""
    if row < 0:
        return ""
    table, names = world.applications, world.names
    what = goods(ContractKind(int(table.kind[row])).name.lower(), names.categories[table.category[row]])
    return (
        f"licence {row}: {what} from {names.states[table.exporter[row]]} to {names.states[table.buyer[row]]}"
    )


def _fleet(world: World, row: int, sort: str) -> str:
    """Return a fleet in words."""
    if row < 0:
        return ""
    fleets, names = world.fleets, world.names
    what = (
        f"{names.categories[fleets.category[row]].replace('_', ' ')} from {names.states[fleets.origin[row]]}"
    )
    return f"{what}: {'what is not ready' if sort == 'upkeep' else 'old stock'}"
