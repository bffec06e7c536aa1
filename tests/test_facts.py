"""A fact is declared once: indicators, codes, tables and their places, and no second list of them."""

import ast
from pathlib import Path

import pytest

from deftrade.indicators import HEADLINES, INDICATORS, Span, title
from deftrade.indicators.parts import BREAKDOWNS
from deftrade.table import UNITS
from deftrade.tables import ALL, Bids, Decisions, States

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "deftrade"
BY_COLUMN = {"model.py"}  # Mesa's reporters are of columns, some of which are called as indicators are
COLUMNS = [column for table in ALL for column in table.columns]


def names_of(module, names):
    """Yield the line of every display that holds three or more of some names as plain text."""
    for node in ast.walk(module):
        items = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", ())
        found = {item.value for item in items if isinstance(item, ast.Constant)} & names
        if len(found) >= 3:
            yield node.lineno, sorted(found)


@pytest.mark.parametrize("item", INDICATORS, ids=lambda item: item.name)
def test_an_indicator_has_a_title_a_unit_a_span_and_limits(item):
    assert item.title
    assert "_" not in item.title
    assert item.title == title(item.name)
    assert item.unit in UNITS
    assert isinstance(item.reading.span, Span)
    assert item.limits[0] < item.limits[1]
    assert (item.reading.column is None) == (item.reading.taken == "")
    assert item.scope == "focus" or item.reading.column is None


def test_an_indicator_of_a_column_has_the_unit_of_the_column_or_its_pace():
    for item in INDICATORS:
        if item.reading.column is not None:
            a_year = "/yr" if item.reading.taken == "pace" else ""
            assert item.unit == item.reading.column.unit + a_year, item.name


def test_headlines_have_places_of_their_own():
    places = [item.headline for item in INDICATORS if item.headline]
    assert len(set(places)) == len(places) == len(HEADLINES)
    assert HEADLINES[0] == "usable_capability"


def test_what_is_broken_down_is_a_column_of_states_and_an_indicator():
    assert {item.reading.column for item in INDICATORS if item.parts} == set(BREAKDOWNS)
    assert set(BREAKDOWNS) <= set(States.columns)


def test_columns_are_called_as_declared():
    assert States.jobs_indirect.title == "indirect jobs"
    assert States.milex.title == "milex"


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.path)
def test_a_column_of_codes_names_its_list(column):
    says = column.meaning.startswith("Code of `")
    assert says == (column.codes is not None)
    if column.codes is not None:
        assert f"`{column.codes.__name__}`" in column.meaning
        assert [member.value for member in column.codes] == list(range(len(column.codes)))


def test_columns_of_codes_are_found():
    assert Bids.mode.codes is not None
    assert Decisions.rule.meaning == "Code of `Rule`"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_no_module_lists_indicators_again(path):
    place = path.relative_to(PACKAGE).as_posix()
    if place in BY_COLUMN or place.startswith("indicators/"):
        return
    module = ast.parse(path.read_text(encoding="utf-8"))
    assert not list(names_of(module, {item.name for item in INDICATORS}))


def test_a_second_list_of_indicators_is_found():
    module = ast.parse('A = {"burden": 1, "exports": 2, "rung": 3}\nB = ("burden", "rung", "imports")\n')
    assert [line for line, _ in names_of(module, {item.name for item in INDICATORS})] == [1, 2]
