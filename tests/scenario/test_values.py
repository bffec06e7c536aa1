import math

import pytest

from deftrade.core.units import UNITS
from deftrade.scenario.values import InvalidValue, is_date, parse_date, parse_number


@pytest.mark.parametrize(
    ("raw", "unit", "number"),
    [
        (5, "1", 5.0),
        (0.3, "share", 0.3),
        ("50%", "share", 0.5),
        ("50 %", "1", 0.5),
        ("12.5 percent", "share", 0.125),
        ("-3.5%/yr", "1/yr", -0.035),
        ("3.5% a year", "1/yr", 0.035),
        ("3.5%", "1/yr", 0.035),
        ("0.035/yr", "1/yr", 0.035),
        ("2.5 bn USD", "MUSD", 2500.0),
        ("2.5bn usd", "MUSD", 2500.0),
        ("300 m USD", "MUSD", 300.0),
        ("300 million USD", "MUSD", 300.0),
        ("300 MUSD", "MUSD", 300.0),
        ("1.2 tn USD", "MUSD", 1_200_000.0),
        ("1 500 000 USD", "MUSD", 1.5),
        ("2.5 bn USD/yr", "MUSD/yr", 2500.0),
        ("2.5 bn USD per year", "MUSD/yr", 2500.0),
        ("2.5 bn USD", "MUSD/yr", 2500.0),
        ("270 k USD/job", "MUSD/job", 0.27),
        ("30 m USD per CU", "MUSD/CU", 30.0),
        ("40 000 USD / job", "MUSD/job", 0.04),
        ("1 500", "1", 1500.0),
        ("1\u202f500", "jobs", 1500.0),
        ("1_500_000", "count", 1_500_000.0),
        ("1e3", "count", 1000.0),
        ("\u22122.5", "1", -2.5),
        (".5", "1", 0.5),
        ("1 500 jobs", "jobs", 1500.0),
        ("5 jobs/MUSD", "jobs/MUSD", 5.0),
        ("12 CU/yr", "CU/yr", 12.0),
        ("5 years", "year", 5.0),
        ("1 year", "year", 1.0),
        ("6 months", "year", 0.5),
        ("2 quarters", "year", 0.5),
        ("300 km", "km", 300.0),
        ("4 steps", "step", 4.0),
    ],
)
def test_numbers_as_people_write_them(raw, unit, number):
    assert parse_number(raw, unit) == number


@pytest.mark.parametrize(
    ("raw", "unit", "problem"),
    [
        (True, "1", "this is not a number"),
        (None, "1", "this is not a number"),
        ([1], "1", "this is not a number"),
        ({"2027": 1}, "1", "this is not a number"),
        ("", "1", "this is not a number"),
        ("many", "1", "this is not a number"),
        (".", "1", "this is not a number"),
        ("%", "share", "this is not a number"),
        ("2031-Q1", "1", "this is not a number"),
        ("2031-03", "1", "this is not a number"),
        ("12:30:00", "1", "this is not a number"),
        ("1 50", "1", "this is not a number"),
        ("1_50", "1", "this is not a number"),
        ("1.2.3", "1", "this is not a number"),
        ("1" * 100, "1", "this is not a number"),
        ("2,5", "1", "a comma is not used in numbers; write 2.5 and 1 500"),
        ("1,500", "MUSD", "a comma is not used in numbers; write 2.5 and 1 500"),
        ("2,5 bn USD", "MUSD", "a comma is not used in numbers; write 2.5 and 1 500"),
        (math.nan, "1", "the number must be finite"),
        (math.inf, "1", "the number must be finite"),
        (".nan", "1", "the number must be finite"),
        ("-.inf", "1", "the number must be finite"),
        ("Infinity", "1", "the number must be finite"),
        (10**400, "1", "the number is too large"),
        ("1e999", "1", "the number is too large"),
        ("1e9999999999", "1", "this is not a number"),
        ("50%", "MUSD", "a percentage cannot stand for MUSD"),
        ("50%", "jobs", "a percentage cannot stand for jobs"),
        ("50%", "year", "a percentage cannot stand for years"),
        ("3%/yr", "share", "the unit does not fit: a share is wanted"),
        ("5 years", "share", "the unit does not fit: a share is wanted"),
        ("5 years", "MUSD", "the unit does not fit: MUSD is wanted"),
        ("5 m USD", "year", "the unit does not fit: years is wanted"),
        ("5 m USD/yr", "MUSD", "the unit does not fit: MUSD is wanted"),
        ("5 m USD", "MUSD/job", "the unit does not fit: MUSD/job is wanted"),
        ("5 jobs", "count", "the unit does not fit: count is wanted"),
        ("5 bn EUR", "MUSD", "the unit bn eur is not known here"),
        ("5 bn", "MUSD", "the unit bn is not known here"),
    ],
)
def test_what_is_no_number_of_the_unit(raw, unit, problem):
    with pytest.raises(InvalidValue) as caught:
        parse_number(raw, unit)
    assert caught.value.problem == problem
    assert caught.value.found
    assert caught.value.allowed


def test_the_message_says_what_is_allowed():
    with pytest.raises(InvalidValue) as caught:
        parse_number("50%", "MUSD")
    assert str(caught.value) == (
        "a percentage cannot stand for MUSD; found 50%; allowed: an amount such as 300 (million "
        "USD), 300 m USD or 2.5 bn USD"
    )


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_every_unit_of_the_model_is_known(unit):
    assert parse_number(3, unit) == 3.0
    assert parse_number("3", unit) == 3.0
    with pytest.raises(InvalidValue, match="allowed: "):
        parse_number("3 wishes", unit)


def test_the_examples_in_messages_are_true():
    assert parse_number("200 k USD/job", "MUSD/job") == 0.2


@pytest.mark.parametrize(
    ("raw", "year"),
    [
        (2031, 2031.0),
        ("2031", 2031.0),
        ("2031-Q1", 2031.0),
        ("2031-Q2", 2031.25),
        ("2031-q4", 2031.75),
        ("2031-01", 2031.0),
        ("2031-03", 2031 + 2 / 12),
        (" 2031-12 ", 2031 + 11 / 12),
    ],
)
def test_dates(raw, year):
    assert parse_date(raw) == year


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("2031-Q5", "quarters run from Q1 to Q4"),
        ("2031-Q0", "quarters run from Q1 to Q4"),
        ("2031-13", "months run from 01 to 12"),
        ("2031-00", "months run from 01 to 12"),
        ("2031-3", "this is not a date"),
        ("2031-03-01", "this is not a date"),
        ("31", "this is not a date"),
        (31, "this is not a date"),
        (2031.5, "this is not a date"),
        ("2031.5", "this is not a date"),
        ("soon", "this is not a date"),
        ("٢٠٣١", "this is not a date"),
        (True, "this is not a date"),
        (None, "this is not a date"),
        ([2031], "this is not a date"),
    ],
)
def test_what_is_no_date(raw, problem):
    with pytest.raises(InvalidValue) as caught:
        parse_date(raw)
    assert caught.value.problem == problem
    assert caught.value.allowed == "a year (2031), a quarter (2031-Q1) or a month (2031-03)"


def test_keys_that_look_like_dates():
    assert [is_date(key) for key in ("2027", "2027-Q1", "2027-02", "Noor", "27", "")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip
