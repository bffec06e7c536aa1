"""The likeliest intended name, and lists of names short enough to read."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

_LONGEST = 80
_SHOWN = 8


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return the allowed name most like ``name``, or empty text if none is close."""
    spelt = _by_spelling(allowed)
    matches = get_close_matches(name[:_LONGEST].casefold(), spelt, n=1)
    return spelt[matches[0]] if matches else ""


def listing(allowed: Iterable[str], name: str = "", shown: int = _SHOWN) -> str:
    """Return the allowed names as one line; a long list is cut, with those like ``name`` first."""
    names = list(dict.fromkeys(allowed))
    if len(names) <= shown:
        return ", ".join(names)
    if name:
        names.sort(key=lambda other: -_likeness(name, other))
    return f"{', '.join(names[:shown])}, … and {len(names) - shown} more"


def _by_spelling(allowed: Iterable[str]) -> dict[str, str]:
    """Return the names by their caseless spelling; the first of two keeps its place."""
    spelt: dict[str, str] = {}
    for name in allowed:
        spelt.setdefault(name.casefold(), name)
    return spelt


def _likeness(name: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1."""
    return SequenceMatcher(None, name[:_LONGEST].casefold(), other.casefold()).ratio()
