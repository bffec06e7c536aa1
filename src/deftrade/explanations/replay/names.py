"""Names and words: nothing that people read says a row number where a name exists."""

from __future__ import annotations

from math import isnan
from typing import Any

from deftrade.errors import ExplanationError

RULES = {
    "none": "no rule",
    "embargo": "an embargo",
    "obligations": "criterion 1, international obligations",
    "human_rights": "criterion 2, human rights",
    "internal_situation": "criterion 3, the internal situation",
    "regional_stability": "criterion 4, regional stability",
    "allies_security": "criterion 5, the security of allies",
    "buyer_behaviour": "criterion 6, the buyer's behaviour",
    "diversion": "criterion 7, the risk of diversion",
    "economic_capacity": "criterion 8, economic capacity",
    "consent": "a refused consent",
    "sanction": "a sanction on the firm",
}
"""Rules in words, by their names in tables."""

MODES = {
    "off_the_shelf": "off the shelf",
    "licensed": "built under licence",
    "domestic": "made at home",
    "second_hand": "second-hand",
    "codevelopment": "developed together",
}
"""Modes of obtaining equipment in words."""


def said(value: Any) -> str:
    """Return a word of a table as people write it; what is missing is nobody."""
    if is_missing(value):
        return "nobody"
    return str(value).replace("_", " ")


def is_missing(value: Any) -> bool:
    """Return whether a cell of a table holds nothing."""
    return value is None or value == "" or (isinstance(value, float) and isnan(value))


def goods(kind: Any, category: Any) -> str:
    """Return what a tender or contract is about, such as ``support for aircraft``."""
    thing = said(category)
    return {"support": f"support for {thing}", "technology": f"know-how in {thing}"}.get(str(kind), thing)


def numbered(what: str, given: str, rows: int) -> int:
    """Return the number of a record.

    Raises
    ------
    ExplanationError
        There is none; the range is named.
    """
    known = f"this run has {what}s 0 to {rows - 1}" if rows else f"this run has no {what}s"
    try:
        place = int(given)
    except ValueError:
        raise ExplanationError(f"{given!r} is no number of a {what}; {known}") from None
    if not 0 <= place < rows:
        raise ExplanationError(f"there is no {what} {place}; {known}")
    return place


def named(what: str, given: str, names: list[str]) -> int:
    """Return the place of a name.

    Raises
    ------
    ExplanationError
        There is none; the nearest names are shown.
    """
    if given in names:
        return names.index(given)
    from difflib import get_close_matches

    near = get_close_matches(given, names, 3, 0.5) or names[:8]
    raise ExplanationError(f"there is no {what} {given!r}; there are {', '.join(near)} …")
