"""The names in a scenario, gathered before anything is validated, so that faults stay apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from deftrade.scenario.schema_types import ALL, DEFAULT, SORTS

if TYPE_CHECKING:
    from deftrade.errors import Fault
    from deftrade.scenario.faults import Located

_RESERVED = {"states": ALL, "categories": DEFAULT}


def gather(world: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Return the row of each name by sort; a sort that cannot be known is left out."""
    rows: dict[str, dict[str, int]] = {}
    for sort in SORTS:
        entries = world.get(sort, [])
        if not isinstance(entries, list):
            continue
        rows[sort] = {}
        for row, name in _names(entries):
            rows[sort].setdefault(name, row)
    return rows


def name_faults(world: dict[str, Any], located: Located) -> Iterator[Fault]:
    """Yield names given twice, names alike but for case, and reserved names."""
    taken: dict[str, str] = {}
    for sort, single in SORTS.items():
        entries = world.get(sort)
        first: dict[str, tuple[int, str]] = {}
        for row, name in _names(entries if isinstance(entries, list) else []):
            path = ("world", sort, row, "name")
            if name == _RESERVED.get(sort):
                yield located.fault(path, f"no {single} may have this name: it has a meaning here")
            known = first.setdefault(_alike(name), (row, name))
            if known[0] != row:
                place = located.at(("world", sort, known[0], "name"))
                differs = f"differs from {known[1]} only in {_what(name, known[1])}"
                how = "is given twice" if known[1] == name else differs
                yield located.fault(path, f"this {single} {how}; first at {place}", found=name)
            elif sort == "alliances" and taken.get(_alike(name)) == "states":
                yield located.fault(path, "an alliance and a state have the same name", found=name)
            taken.setdefault(_alike(name), sort)


def _alike(name: str) -> str:
    """Return what names that read alike have in common: case and width of letters do not count."""
    return normalize("NFKC", name).casefold()


def _what(one: str, other: str) -> str:
    """Return in what two names that read alike differ."""
    return "case" if one.casefold() == other.casefold() else "the forms of its letters"


def _names(entries: list[Any]) -> Iterator[tuple[int, str]]:
    """Yield the row and name of the entries that have one."""
    for row, entry in enumerate(entries):
        name = entry.get("name") if isinstance(entry, dict) else None
        if isinstance(name, str):
            yield row, name
