"""Numbers and units in words: the styles in which deftrade tells quantities, and no other place has any.

- `number` and what builds on it: prose, with three digits that count and thin spaces (1 234, −0.25, 12 %);
- `quantity`, `ends`, `confidence`: the same digits with the unit as it is declared (12.3 MUSD/yr);
- `level`, `difference`, `interval`: the same digits with the unit as it is read (12.3 m USD a year, points);
- `exact`, `bounds`: a value as a file has it, no digit dropped (0.125, 12.5%, 1 500 MUSD);
- `four_digits`, `four_digit_span`: tables of a batch (1,234 or 0.1234);
- `fixed`: a set number of decimals, for columns to be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import floor, isfinite, log10, nan

from deftrade.core.units import unit_of

HELD = 0.005
"""Relative change below which a quantity is said to have held."""

SMALL_SUM = 100.0
"""Sum below which millions are told instead of billions, MUSD."""

THIN_SPACE, NO_BREAK = "\u202f", "\u00a0"
MINUS, DASH = "−", "–"


# Prose


def number(value: float, digits: int = 3) -> str:
    """Return a number with at least ``digits`` significant digits and spaced thousands."""
    if not isfinite(value):
        return DASH
    size = floor(log10(abs(value))) if value else 0
    decimals = min(max(digits - 1 - size, 0), 6)
    if round(value, decimals) == 0:
        return "0"
    return f"{value:,.{decimals}f}".replace(",", THIN_SPACE).replace("-", MINUS)


def whole(value: float) -> str:
    """Return a number without decimals and with spaced thousands."""
    return f"{value:,.0f}".replace(",", THIN_SPACE).replace("-", MINUS)


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, plus written out."""
    text = number(value, digits)
    return f"+{text}" if isfinite(value) and value > 0 and text != "0" else text


def money(value: float) -> str:
    """Return MUSD as billions of dollars, small sums as millions."""
    return f"{number(value)} m USD" if abs(value) < SMALL_SUM else f"{number(value / 1e3)} bn USD"


def jobs(value: float) -> str:
    """Return jobs in thousands, a few hundred as they are."""
    return number(value) if abs(value) < 1e3 else f"{number(value / 1e3)} thousand"


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{number(100 * share, 2)}{NO_BREAK}%"


def less_or_more(ratio: float) -> str:
    """Return a ratio as a change, such as ``4.1 % lower``."""
    return f"{percent(abs(ratio - 1))} {'lower' if ratio < 1 else 'higher'}"


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


def changed(ends: tuple[float, float], words: Callable[[float], str]) -> str:
    """Return which way a quantity went and how far; its last value where there is no first."""
    first, last = ends
    return went(first, last) if isfinite(first) else f"was {words(last)}"


def moved(first: float, last: float, words: Callable[[float], str]) -> str:
    """Return both values and which way it went, such as ``rose from 2.0 to 2.4 bn USD``.

    Where there is no first one the last alone is told: ``was 2.4 bn USD``.
    """
    before, after = words(first), words(last)
    if not isfinite(first):
        return f"was {after}"
    if before == after:
        return f"held at {after}"
    return f"{'rose' if last > first else 'fell'} from {span(before, after)}"


def span(low: str, high: str) -> str:
    """Return two values in words with their unit once, where they share it: ``2.0 to 2.4 bn USD``."""
    value, _, unit = low.partition(" ")
    return f"{value if unit == high.partition(' ')[2] else low} to {high}"


def volume(value: float) -> str:
    """Return volume in thousands of units."""
    return f"{number(value / 1e3)} thousand CU"


def capability(value: float) -> str:
    """Return capability in thousands of units."""
    return f"{number(value / 1e3)} thousand CE"


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


# With the unit as it is declared


def quantity(value: float, unit: str, digits: int = 3) -> str:
    """Return a number with its unit, with at least some significant digits; a dash if unknown."""
    if not isfinite(value):
        return number(value)
    if unit == "share":
        return percent(value)
    return number(value, digits) if unit == "1" else f"{number(value, digits)} {unit}"


def ends(low: float, high: float, unit: str) -> str:
    """Return both ends of an interval, a dash where there is none."""
    if not (isfinite(low) and isfinite(high)):
        return number(nan)
    return f"{quantity(low, unit)} to {quantity(high, unit)}"


def confidence(low: float, high: float, unit: str = "share") -> str:
    """Return a 95 % interval in words."""
    if not (isfinite(low) and isfinite(high)):
        return "no interval"
    return f"95 % interval {ends(low, high, unit)}"


# With the unit as it is read


def level(value: float, unit: str) -> str:
    """Return a value as people write it, with its unit."""
    told = unit_of(unit)
    return f"{number(value * told.factor)} {told.level}".strip()


def difference(value: float, unit: str) -> str:
    """Return a difference as people write it, with its sign and unit."""
    size = distance(value, unit)
    return f"+{size}" if value > 0 and not is_naught(value, unit) else size


def distance(value: float, unit: str) -> str:
    """Return a difference with its unit, without a plus."""
    told = unit_of(unit)
    return f"{number(value * told.factor)} {told.difference}".strip()


def is_naught(value: float, unit: str) -> bool:
    """Return whether a difference is too small for the digits in which it would be told."""
    return number(value * unit_of(unit).factor) == "0"


def interval(low: float, high: float, unit: str) -> str:
    """Return an interval of a difference without its unit; a dash if there is none."""
    if not (isfinite(low) and isfinite(high)):
        return DASH
    factor = unit_of(unit).factor
    return f"{number(low * factor)} to {number(high * factor)}"


# As a file has it


def exact(value: float, unit: str) -> str:
    """Return a number with its unit as people write it in a scenario."""
    if unit == "share":
        return f"{_plain(value * 100)}%"
    return _plain(value) if unit in ("1", "id") else f"{_plain(value)} {unit}"


def bounds(unit: str, low: float, high: float) -> str:
    """Return limits in words, such as ``0% to 150%``."""
    if unit == "share":
        return f"{exact(low, unit)} to {exact(high, unit)}"
    return f"{_plain(low)} to {exact(high, unit)}"


def _plain(value: float) -> str:
    """Return a number without exponent and useless digits, thousands grouped by spaces."""
    if value and abs(value) < 1e-4:
        return f"{value:.6g}"
    text = f"{value:,.10f}".rstrip("0").rstrip(".").replace(",", " ")
    return text if len(text) < 24 else f"{value:.6g}"


# In tables


def four_digits(value: float) -> str:
    """Return a number in four digits that count, thousands apart by commas."""
    if not isfinite(value):
        return DASH
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def four_digit_span(low: float, high: float) -> str:
    """Return an interval in four digits that count, a dash where there is none."""
    return f"{four_digits(low)} to {four_digits(high)}" if isfinite(low + high) else DASH


def fixed(value: float, digits: int = 2) -> str:
    """Return a number with a fixed number of decimals and a true minus."""
    # Adding zero takes the sign off what rounds to zero.
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", MINUS)


def fixed_span(low: float, high: float, digits: int = 2) -> str:
    """Return a range with a fixed number of decimals."""
    return f"{fixed(low, digits)} to {fixed(high, digits)}"


def markdown_row(cells: Iterable[str]) -> str:
    """Return cells as a row of a Markdown table; what is in them cannot end a cell or the row."""
    return f"| {' | '.join(markdown_cell(cell) for cell in cells)} |"


def markdown_cell(text: str) -> str:
    """Return a text that stays in its cell of a Markdown table."""
    return " ".join(text.splitlines()).replace("|", "\\|")
