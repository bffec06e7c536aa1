"""Numbers and units in words: each style as it reads, and no style outside its module."""

import math
from pathlib import Path

import pytest

import deftrade
from deftrade.core import wording

PACKAGE = Path(deftrade.__file__).parent
MARKS = ("\u202f", "\\u202f", 'replace("-", "−")', ":,.0f}")
"""What only a module that words numbers has."""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1234567.0, "1\u202f234\u202f567"),
        (12.345, "12.3"),
        (0.01234, "0.0123"),
        (-5.0, "−5.00"),
        (-0.0, "0"),
        (1e-12, "0"),
        (math.nan, "–"),
        (math.inf, "–"),
    ],
)
def test_numbers_have_three_digits(value, text):
    assert wording.number(value) == text


def test_changes_are_put_into_words():
    assert wording.went(100, 112) == "rose by 12\u00a0%"
    assert wording.went(100, 75) == "fell by 25\u00a0%"
    assert wording.went(100, 100.2) == "held steady"
    assert wording.went(0, 5) == "rose"
    assert wording.went(-3, -8) == "fell"
    assert wording.moved(2000, 2400, wording.money) == "rose from 2.00 to 2.40 bn USD"
    assert wording.moved(2000, 2001, wording.money) == "held at 2.00 bn USD"


def test_lists_and_plurals():
    assert wording.listed([]) == ""
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.counted(1, "firm") == "1 firm"
    assert wording.counted(2, "firm") == "2 firms"
    assert [wording.ordinal(place) for place in (1, 2, 3, 11, 22, 113)] == [
        "1st",
        "2nd",
        "3rd",
        "11th",
        "22nd",
        "113th",
    ]


def test_one_value_in_every_style():
    value = 0.1234567
    assert wording.signed(value) == "+0.12"
    assert wording.percent(value) == "12\u00a0%"
    assert wording.quantity(value, "share") == "12\u00a0%"
    assert wording.quantity(value, "MUSD/yr") == "0.123 MUSD/yr"
    assert wording.level(value, "share") == "12.3 %"
    assert wording.difference(value, "share") == "+12.3 points"
    assert wording.distance(-value, "MUSD/yr") == "−0.123 m USD a year"
    assert wording.exact(value, "share") == "12.34567%"
    assert wording.bounds("1", 0, 1500) == "0 to 1 500"
    assert wording.four_digits(1234.5) == "1,234"
    assert wording.four_digit_span(value, 2) == "0.1235 to 2"
    assert wording.fixed(-0.001) == "0.00"
    assert wording.fixed_span(-value, value, 1) == "−0.1 to 0.1"
    assert wording.whole(-1234.4) == "−1\u202f234"


def test_what_is_unknown_is_a_dash():
    assert wording.quantity(math.nan, "jobs") == "–"
    assert wording.ends(0.0, math.inf, "jobs") == wording.interval(math.nan, 1.0, "jobs") == "–"
    assert wording.confidence(math.nan, 1.0) == "no interval"
    assert wording.four_digit_span(math.nan, 1.0) == "–"


def test_what_rounds_to_nothing_has_no_sign():
    assert wording.difference(1e-9, "share") == "0 points"
    assert wording.signed(1e-9) == "0"
    assert wording.is_naught(1e-9, "share")
    assert not wording.is_naught(0.01, "share")


WRITERS = {PACKAGE / "core" / "wording.py", PACKAGE / "cli" / "spelling.py"}
"""What words numbers, and what spells signs for terminals that lack them."""


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PACKAGE.rglob("*.py")) if path not in WRITERS],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_no_other_module_writes_numbers_for_people(path):
    text = path.read_text(encoding="utf-8")
    assert not [mark for mark in MARKS if mark in text]
