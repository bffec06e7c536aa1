"""Spoils text, plain data and bytes; what it does follows from a number alone."""

from __future__ import annotations

import copy
import random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DEEP: Any = "core"
for _ in range(60):
    _DEEP = [_DEEP]

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, -0.0, 1.5, 1e-320, 1e308, float("inf"), float("-inf"), float("nan"), 2**31,
    2**63, -(2**63), 10**30, 10**400, "", " ", "~", "null", "NaN", "inf", "yes", "NO", "1e5", "0x1F",
    "1_000", "1 000", "1,5", "450.000", "2,000 km", "30%", "-5 %", "400%", "1e400%", "400 bn USD",
    "3 k jobs", "5 years", "95 k USD/job", "%", "2026", "2026-Q3", "2026-Q5", "2026-13", "1799", "9999-Q1",
    "2026-06-31", "-2026", "all", "default", "Noor", "noor", "Westmark", "Cafe\u0301", "Café", "No\u200bor",
    "N\u202eroo", "\ufeffNoor", "国防 部", "रक्षा", "🚀", "x" * 61, "x" * 300, "a\nb", "a\tb", "\x1b[31mred",
    "é" * 300,
    "\x00", "\ud800", "$x^2$", "$", "a|b", "| a | b |", "<b>b</b>", "=1+1", "`id`", "$(id)", "'", '"',
    "a: b", "- a", "# a", "*a", "&a", "!!str a", "{}", "[]", ".", "..", "/", "../x", "a/b", "a.b",
    "world.yaml", "nowhere.yaml", "states.csv", "/dev/null", "/dev/zero", "/etc/passwd", "/proc/self/mem",
    "n" * 5000, [], {}, [[]], [None], [{}], {"": ""}, {"all": {}}, {None: 1}, {1: 2}, {True: 1}, {1.5: 1},
    ["Noor", "Noor"], {"Noor": None}, {"2026": 1}, {2026: 0.5, "2026-Q1": 0.5}, {"csv": "states.csv"},
    {"csv": None}, {"csv": []}, {"csv": "."}, {"parquet": "states.csv"}, {"xlsx": "states.csv"},
    {"from": "Noor"}, {"default": 1}, _DEEP, ["x"] * 2000,
)  # fmt: skip
"""Values that stand where they should not."""

PIECES = (
    "\t", " ", "\n", "\r", "\r\n", "  ", ":", ": ", "- ", "#", "&a ", "*a", "!!python/object:os.system ",
    "!x ", "|", ">", "%", "@", "`", '"', "'", "{", "}", "[", "]", ",", "? ", "---\n", "...\n", "<<: *a\n",
    "\x00", "\x07", "\x1b[2J", "\x85", "\xa0", "\u2028", "\ufeff", "\u202e", "\u200d", "é", "e\u0301", "−",
    "½", "9" * 400, ";", "\\", "\\u0000", "{{", "[[[[", "~", "null", "=", "1e999", "--", "&a [*a]",
    "%YAML 9.9\n", "0o8", "0x", "1__0", "sep=;\n",
)  # fmt: skip
"""What slips into text."""


class Mutator:
    """Spoils what it is given.

    Parameters
    ----------
    luck : random.Random
        Decides how.
    """

    def __init__(self, luck: random.Random) -> None:
        self.luck = luck

    def odd(self) -> Any:
        """Return a value that seldom belongs anywhere."""
        return copy.deepcopy(self.luck.choice(ODD))

    def data(self, root: Any) -> Any:
        """Return plain data with one to three places spoilt."""
        root = copy.deepcopy(root)
        for _ in range(self.luck.choice((1, 1, 1, 2, 3))):
            places = list(_places(root))
            if not places:
                return self.odd()
            self.luck.choice(_SPOILING)(self, *self.luck.choice(places), places)
        return root

    def replaced(self, holder: Any, key: Any, _places: Any) -> None:
        """Put an odd value in a place."""
        holder[key] = self.odd()

    def removed(self, holder: Any, key: Any, _places: Any) -> None:
        """Take a place away."""
        del holder[key]

    def copied(self, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
        """Put what stands elsewhere in a place."""
        other, at = self.luck.choice(places)
        if at in other if isinstance(other, dict) else at < len(other):
            holder[key] = copy.deepcopy(other[at])

    def renamed(self, holder: Any, key: Any, _places: Any) -> None:
        """Call a key something else, or put an odd item beside it."""
        if isinstance(holder, list):
            holder.insert(key, self.odd())
            return
        new = self.luck.choice((self.odd(), f"{key}x", str(key)[:-1], str(key).upper(), f" {key}", 2026))
        holder[new if isinstance(new, (str, int, float, bool)) else str(new)] = holder.pop(key)

    def wrapped(self, holder: Any, key: Any, _places: Any) -> None:
        """Put a place into a list, under a key, or say it as text."""
        value = holder[key]
        ways = (
            [value],
            {"default": value},
            {"2026": value},
            {str(value)[:50]: value},
            str(value),
            [value, value],
        )
        holder[key] = self.luck.choice(ways)

    def scaled(self, holder: Any, key: Any, _places: Any) -> None:
        """Make a number another one; what is none becomes one."""
        value = holder[key]
        by = self.luck.choice((0, -1, 1e-9, 1e9, 100, 0.01, 1e300))
        holder[key] = value * by if isinstance(value, (int, float)) else by

    def text(self, text: str) -> str:
        """Return text with one to four places spoilt."""
        for _ in range(self.luck.choice((1, 1, 2, 4))):
            text = self.luck.choice((self._pieced, self._cut, self._moved, self._lines))(text)
        return text

    def _pieced(self, text: str) -> str:
        """Return text with something slipped in, or in place of a character."""
        at = self.luck.randrange(len(text) + 1)
        return text[:at] + self.luck.choice(PIECES) + text[at + self.luck.choice((0, 0, 1)) :]

    def _cut(self, text: str) -> str:
        """Return text with some characters missing, or without its end."""
        at = self.luck.randrange(len(text) + 1)
        return text[:at] + text[at + self.luck.choice((1, 2, 10, 100, len(text))) :]

    def _moved(self, text: str) -> str:
        """Return text with a part of it once more elsewhere."""
        start, to = self.luck.randrange(len(text) + 1), self.luck.randrange(len(text) + 1)
        return text[:to] + text[start : start + self.luck.choice((1, 5, 40))] + text[to:]

    def _lines(self, text: str) -> str:
        """Return text with a line gone, doubled, moved, or further in."""
        lines = text.splitlines(keepends=True) or [""]
        at, to = self.luck.randrange(len(lines)), self.luck.randrange(len(lines))
        way = self.luck.randrange(5)
        if way == 0:
            del lines[at]
        elif way == 1:
            lines.insert(to, lines[at])
        elif way == 2:
            lines.insert(to, lines.pop(at))
        elif way == 3:
            lines[at] = " " * self.luck.randrange(1, 5) + lines[at]
        else:
            lines[at] = lines[at].lstrip()
        return "".join(lines)

    def bytes(self, data: bytes) -> bytes:
        """Return bytes with some changed, in another encoding, or cut."""
        way = self.luck.randrange(6)
        if way == 0:
            return data[: self.luck.randrange(len(data) + 1)]
        if way == 1:
            code = self.luck.choice(("utf-16", "utf-16-be", "utf-32", "cp1252", "utf-8-sig", "utf-7"))
            return data.decode("utf-8", "replace").encode(code, "replace")
        if way == 2:
            head = self.luck.choice(
                (b"PK\x03\x04", b"\xff\xfe", b"PAR1", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"%PDF")
            )
            return head + data
        spoilt = bytearray(data)
        for _ in range(self.luck.choice((1, 1, 3, 30))):
            if spoilt:
                spoilt[self.luck.randrange(len(spoilt))] = self.luck.randrange(256)
        return bytes(spoilt)


_SPOILING: tuple[Callable[..., None], ...] = (
    Mutator.replaced, Mutator.replaced, Mutator.replaced, Mutator.removed, Mutator.copied, Mutator.renamed,
    Mutator.wrapped, Mutator.scaled,
)  # fmt: skip


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each place in plain data as what holds it and its key."""
    keys = list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    for key in keys:
        yield node, key
        yield from _places(node[key])
