"""Old keys of the format: read under their new name, with a warning."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from deftrade.scenario.yaml.places import KeyPath, dotted

if TYPE_CHECKING:
    from deftrade.errors import Fault
    from deftrade.scenario.faults import Located

ANY = "*"
"""Stands for every key or list item in a pattern."""
RENAMED: dict[KeyPath, str] = {}
"""Path of an old key, such as ``("policy", "states", "*", "offset_share")``, and its new name."""


_ACCOUNTING: KeyPath = ("parameters", "accounting")
REPLACED: dict[KeyPath, str] = {
    (*_ACCOUNTING, "tax_displacement"): "consumption (0 to 1) says what taxes cost",
    (*_ACCOUNTING, "debt_displacement"): "crowding_out (0 to 1) says what borrowing costs",
    (*_ACCOUNTING, "reallocation_displacement"): "what is reallocated costs its whole by definition",
    (*_ACCOUNTING, "skill_displacement"): "slack (0: full employment, to 1) says what part of jobs is net",
}
"""Path of a key that is gone because something else stands for it, and what does."""


class OldKeyWarning(FutureWarning):
    """A scenario file uses a key that has a new name."""


def rename(data: Any, located: Located, table: dict[KeyPath, str] | None = None) -> list[Fault]:
    """Give old keys their new names in place; an old beside a new one is a fault.

    Parameters
    ----------
    data : dict
        The scenario as plain data.
    located : Located
        Learns where the renamed keys stand.
    table : dict, optional
        Old keys; `RENAMED` if absent.
    """
    faults: list[Fault] = []
    for pattern, new in (RENAMED if table is None else table).items():
        for path, holder in _holders(data, pattern[:-1], ()):
            old = str(pattern[-1])
            if old not in holder:
                continue
            if new in holder:
                problem = f"this is the old name of {new}, which is given too"
                faults.append(located.fault((*path, old), problem, key=True))
                del holder[old]
                continue
            located.moved[*path, new] = (*path, old)
            holder[new] = holder.pop(old)
            place = located.at((*path, new), key=True)
            message = f"{place}: {dotted((*path, old))} is now called {new}"
            warnings.warn(message, OldKeyWarning, stacklevel=2)
    return faults


def refuse_replaced(data: Any, located: Located) -> list[Fault]:
    """Take keys out for which something else stands, each a fault that says what."""
    faults: list[Fault] = []
    for pattern, instead in REPLACED.items():
        for path, holder in _holders(data, pattern[:-1], ()):
            old = str(pattern[-1])
            if old in holder:
                faults.append(
                    located.fault((*path, old), f"there is no such key any more: {instead}", key=True)
                )
                del holder[old]
    return faults


def _holders(data: Any, pattern: KeyPath, path: KeyPath) -> list[tuple[KeyPath, dict[str, Any]]]:
    """Return the mappings that a pattern means, with their paths."""
    if not pattern:
        return [(path, data)] if isinstance(data, dict) else []
    part, rest = pattern[0], pattern[1:]
    if part == ANY:
        items = (
            list(data.items())
            if isinstance(data, dict)
            else list(enumerate(data) if isinstance(data, list) else ())
        )
    else:
        items = [(part, data[part])] if isinstance(data, dict) and part in data else []
    return [found for key, item in items for found in _holders(item, rest, (*path, key))]
