"""Signs that a terminal's code page lacks, written in ASCII instead of as question marks."""

from __future__ import annotations

import codecs
from unicodedata import normalize

NAME = "deftrade.spelt"
"""Name under which codecs find the handler."""

_BY_SPELLING = {
    "-": "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\u2500\u2501\u2574\u2576\u2578\u257a",
    "'": "\u2018\u2019\u201a\u2032",
    '"': "\u201c\u201d\u201e\u2033",
    "->": "\u2192",
    "<-": "\u2190",
    "<->": "\u2194",
    "<=": "\u2264",
    ">=": "\u2265",
    "!=": "\u2260",
    "~": "\u2248",
    "+/-": "\u00b1",
    "x": "\u00d7",
    "*": "\u00b7\u2022",
    "|": "\u2502\u2503",
    "ae": "\u00e6",
    "AE": "\u00c6",
    "oe": "\u0153",
    "OE": "\u0152",
    "ss": "\u00df",
    "o": "\u00f8",
    "O": "\u00d8",
    "l": "\u0142",
    "L": "\u0141",
}
_SPELT = {sign: text for text, signs in _BY_SPELLING.items() for sign in signs}


def spelt(sign: str) -> str:
    """Return a sign in ASCII: by its look, else without accents, else by its code point.

    Examples
    --------
    >>> "".join(map(spelt, "\u22121\u202f234 \u2192 \u00e9"))
    '-1 234 -> e'
    """
    known = _SPELT.get(sign)
    if known is not None:
        return known
    plain = normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return plain or sign.encode("ascii", "backslashreplace").decode()


def _handle(error: UnicodeError) -> tuple[str, int]:
    """Spell what a codec cannot write."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(spelt, error.object[error.start : error.end])), error.end


codecs.register_error(NAME, _handle)
