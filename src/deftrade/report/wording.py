"""Numbers in words: units that people use, few digits, and which way a thing went."""

from __future__ import annotations

from collections.abc import Callable
from math import floor, isfinite, log10

HELD = 0.005
"""Relative change below which a quantity is said to have held."""

SMALL_SUM = 100.0
"""Sum below which millions are told instead of billions, MUSD."""

THIN_SPACE, NO_BREAK = "\u202f", "\u00a0"


def number(value: float, digits: int = 3) -> str:
    """Return a number with at least ``digits`` significant digits and spaced thousands."""
    if not isfinite(value):
        return "–"
    size = floor(log10(abs(value))) if value else 0
    decimals = min(max(digits - 1 - size, 0), 6)
    if round(value, decimals) == 0:
        return "0"
    return f"{value:,.{decimals}f}".replace(",", THIN_SPACE).replace("-", "−")


def money(value: float) -> str:
    """Return MUSD as billions of dollars, small sums as millions."""
    return f"{number(value)} m USD" if abs(value) < SMALL_SUM else f"{number(value / 1e3)} bn USD"


def jobs(value: float) -> str:
    """Return jobs in thousands, a few hundred as they are."""
    return number(value) if abs(value) < 1e3 else f"{number(value / 1e3)} thousand"


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{number(100 * share, 2)}{NO_BREAK}%"


def change(first: float, last: float) -> float:
    """Return the relative change, nan where the first value allows none."""
    return last / first - 1 if first > 0 else float("nan")


def verb(first: float, last: float) -> str:
    """Return which way a quantity went: rose, fell or held."""
    if abs(last - first) <= HELD * max(abs(first), abs(last)):
        return "held"
    return "rose" if last > first else "fell"


def went(first: float, last: float) -> str:
    """Return which way a quantity went and how far, such as ``rose by 12 %``."""
    way = verb(first, last)
    far = change(first, last)
    if way == "held":
        return "held steady"
    if not isfinite(far) or abs(far) > 10:
        return way
    return f"{way} by {percent(abs(far))}"


def moved(first: float, last: float, words: Callable[[float], str]) -> str:
    """Return both values and which way it went, such as ``rose from 2.0 to 2.4 bn USD``."""
    before, after = words(first), words(last)
    if before == after:
        return f"held at {after}"
    value, _, unit = before.partition(" ")
    if unit == after.partition(" ")[2]:
        before = value
    return f"{'rose' if last > first else 'fell'} from {before} to {after}"


def volume(value: float) -> str:
    """Return capability units in thousands."""
    return f"{number(value / 1e3)} thousand CU"


def listed(words: list[str]) -> str:
    """Return words as an English list."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(count: float, noun: str) -> str:
    """Return a count with its noun, plural where needed."""
    ending = "" if count == 1 else "s"
    return f"{number(count, 1)} {noun}{ending}"


def ordinal(place: int) -> str:
    """Return 1st, 2nd, 3rd, 4th and so on."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}th" if 10 <= place % 100 <= 20 else f"{place}{ending}"
