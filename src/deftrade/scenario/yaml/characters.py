"""Characters of names and titles: one spelling for each, and none that nobody sees.

Texts are read in Unicode's composed form (NFC), so that one name is one name however its marks are
typed. What leaves no mark on a page, turns the reading direction or steers a terminal is refused.
"""

from __future__ import annotations

from itertools import chain
from unicodedata import category, name, normalize

_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_TURNS = frozenset((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0x200E, 0x200F))
# Letters and marks that are drawn as nothing: fillers, joiners and selectors of variants.
_FILLERS = frozenset(
    chain(
        (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
        range(0x180B, 0x1810),
        range(0xFE00, 0xFE10),
        range(0xE0100, 0xE01F0),
    )
)


def composed(text: str) -> str:
    """Return a text with its marks composed."""
    return text if text.isascii() else normalize("NFC", text)


def unseen(text: str) -> str:
    """Return in words the first character that no name may hold, or empty text."""
    if text.isascii() and text.isprintable():
        return ""
    return next((_named(letter) for letter in text if _is_unseen(letter)), "")


def _is_unseen(letter: str) -> bool:
    """Return whether a character leaves no mark of its own; a plain space is a space."""
    kind = category(letter)
    return kind in _UNSEEN or ord(letter) in _FILLERS or (kind == "Zs" and letter != " ")


def _named(letter: str) -> str:
    """Return a character by sort, code point and name."""
    kind = category(letter)
    sort = "a control" if kind == "Cc" else "a bidirectional" if ord(letter) in _TURNS else "an invisible"
    called = name(letter, "")
    return f"{sort} character, U+{ord(letter):04X}{f' ({called.lower()})' if called else ''}"
