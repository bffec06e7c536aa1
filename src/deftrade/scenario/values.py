"""Numbers and dates as people write them: ``50%``, ``2.5 bn USD``, ``6 months``, ``2031-Q1``."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from deftrade.core.units import UNITS

_LONGEST = 80
_MONEY = {
    "usd": Fraction(1, 1_000_000),
    "thousand usd": Fraction(1, 1000),
    "k usd": Fraction(1, 1000),
    "million usd": Fraction(1),
    "m usd": Fraction(1),
    "mn usd": Fraction(1),
    "musd": Fraction(1),
    "billion usd": Fraction(1000),
    "bn usd": Fraction(1000),
    "trillion usd": Fraction(1_000_000),
    "tn usd": Fraction(1_000_000),
}
_PLAIN = {"": Fraction(1), "%": Fraction(1, 100)}
_TIME = {"yr": Fraction(1), "quarter": Fraction(1, 4), "month": Fraction(1, 12)}
_BASES = {
    "1": _PLAIN,
    "share": _PLAIN,
    "MUSD": _MONEY,
    "CU": {"cu": Fraction(1)},
    "CE": {"ce": Fraction(1)},
    "jobs": {"job": Fraction(1)},
    "year": _TIME,
    "km": {"km": Fraction(1)},
    "step": {"step": Fraction(1)},
}
_FORM = re.compile(
    r"([-+]?(?=\.?[0-9]))([0-9]{1,3}(?:[ _][0-9]{3})+|[0-9]+)?(\.[0-9]*)?(e[-+]?[0-9]{1,3})?"
    r"(?: ?([a-z%/][^0-9]*))?"
)
_COMMA = re.compile(r"[-+]?[0-9 ]+,[0-9]+(\D.*)?")
_SPACES = re.compile(r"\s+")
_PER = re.compile(r" ?/ ?| per | an? (?=yr)")
_NAMES = {"years": "yr", "year": "yr", "jobs": "job", "months": "month",
          "quarters": "quarter", "steps": "step", "mio": "m", "mrd": "bn", "us$": "usd",
          "percent": "%"}  # fmt: skip
_YEAR = re.compile(r"[0-9]{4}")
_PART = re.compile(r"([0-9]{4})-(?:[Qq]([0-9])|([0-9]{2}))")
_DATES = "a year (2031), a quarter (2031-Q1) or a month (2031-03)"


class InvalidValue(ValueError):  # noqa: N818 - it names the value, as in the messages
    """A number or date that cannot be read as what it should be.

    Parameters
    ----------
    problem : str
        What is wrong, in plain words.
    found, allowed : str
        What was given, and what may be given.
    """

    def __init__(self, problem: str, found: str, allowed: str) -> None:
        self.problem = problem
        self.found = found
        self.allowed = allowed
        super().__init__(problem, found, allowed)

    def __str__(self) -> str:
        return f"{self.problem}; found {self.found}; allowed: {self.allowed}"


def parse_number(raw: object, unit: str) -> float:
    """Return a number in ``unit``, one of `deftrade.core.units.UNITS`.

    Numbers without a unit are taken to be in ``unit`` already. Digits may be grouped by spaces or
    underscores; ``/yr`` may be left out.

    Raises
    ------
    InvalidValue
        It is not a finite number, or has another unit.
    """
    allowed = UNITS[unit].example
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise InvalidValue("this is not a number", describe(raw), allowed)
    try:
        number = float(_from_text(raw, unit)) if isinstance(raw, str) else float(raw)
    except OverflowError:
        raise InvalidValue("the number is too large", describe(raw), allowed) from None
    if not math.isfinite(number):
        raise InvalidValue("the number must be finite", describe(raw), allowed)
    return number


def parse_date(raw: object) -> float:
    """Return the decimal year at which a date begins: ``2031-Q2`` is 2031.25.

    Allowed are a year (2031), a quarter (2031-Q2) and a month (2031-04).

    Raises
    ------
    InvalidValue
        It is none of these.
    """
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = str(raw).strip() if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    if _YEAR.fullmatch(text):
        return float(text)
    match = _PART.fullmatch(text)
    if match is None:
        raise InvalidValue("this is not a date", describe(raw), _DATES)
    year, quarter, month = match.groups()
    part, parts = (int(quarter), 4) if quarter else (int(month), 12)
    if not 1 <= part <= parts:
        limit = "quarters run from Q1 to Q4" if quarter else "months run from 01 to 12"
        raise InvalidValue(limit, describe(raw), _DATES)
    return float(int(year) + Fraction(part - 1, parts))


def is_date(text: str) -> bool:
    """Return whether a key looks like a date, so that its mapping is a dated value."""
    return bool(_YEAR.fullmatch(text) or _PART.fullmatch(text))


def describe(raw: object) -> str:
    """Return a value as a user would recognise it."""
    if raw is None or raw == "":
        return "nothing" if raw is None else "empty text"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, dict | list):
        return "a mapping" if isinstance(raw, dict) else "a list"
    return str(raw)[:_LONGEST]


def _from_text(raw: str, unit: str) -> Fraction:
    """Return the exact number that a text stands for."""
    text = _SPACES.sub(" ", raw.strip()).replace("\u2212", "-")
    found, allowed = describe(raw), UNITS[unit].example
    if text.casefold().strip("+-.") in {"nan", "inf", "infinity"}:
        raise InvalidValue("the number must be finite", found, allowed)
    if _COMMA.fullmatch(text):
        raise InvalidValue("a comma is not used in numbers; write 2.5 and 1 500", found, allowed)
    match = _FORM.fullmatch(text.casefold()) if len(text) <= _LONGEST else None
    if match is None:
        raise InvalidValue("this is not a number", found, allowed)
    digits = f"{match[1]}{match[2] or 0}{match[3] or ''}{match[4] or ''}"
    return Fraction(digits.replace(" ", "").replace("_", "")) * _factor(match[5] or "", unit, raw)


def _factor(suffix: str, unit: str, raw: str) -> Fraction:
    """Return what the unit after a number multiplies it with."""
    if not suffix:
        return Fraction(1)
    numerator, _, denominator = _normal(suffix).partition("/")
    base, _, per = unit.partition("/")
    factor = _BASES.get(base, {}).get(numerator)
    right_denominator = denominator == _normal(per) or (per == "yr" and not denominator)
    if factor is None or not right_denominator:
        found = describe(raw)
        raise InvalidValue(_mismatch(numerator, denominator, unit), found, UNITS[unit].example)
    return factor


def _normal(suffix: str) -> str:
    """Return a unit in one spelling, such as ``bn usd/yr``."""
    words = suffix.casefold().replace("%", " % ").replace("/", " / ").split()
    words = [_NAMES.get(word, word) for word in words]
    return _PER.sub("/", " ".join(words))


def _mismatch(numerator: str, denominator: str, unit: str) -> str:
    """Return in words why a unit does not fit."""
    wanted = UNITS[unit].wanted
    if numerator == "%" and not denominator:
        return f"a percentage cannot stand for {wanted}"
    if not any(numerator in forms for forms in _BASES.values()):
        return f"the unit {numerator} is not known here"
    return f"the unit does not fit: {wanted} is wanted"
