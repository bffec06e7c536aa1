"""A fact is declared once: indicators, codes, tables and their places, and no second list of them."""

import ast
import re
from pathlib import Path

import pytest
from tests.worlds import small_scenario

from deftrade.core.params import Group
from deftrade.core.tables import (
    ALL,
    ENTITIES,
    FLOWS,
    ON_REQUEST,
    POLICY,
    SECTIONS,
    SERIES,
    Bids,
    Decisions,
    Dyads,
    Fleets,
    Lines,
    States,
)
from deftrade.core.tables.codes import Item
from deftrade.core.units import UNITS
from deftrade.phases import ORDER, Params
from deftrade.report.figures import FIGURES
from deftrade.report.tables import arrow_table, dictionary, output_names
from deftrade.results.indicators import HEADLINES, INDICATORS, Span, title
from deftrade.results.indicators.parts import BREAKDOWNS
from deftrade.results.outputs import OUTPUTS, output
from deftrade.scenario.resolved import Outputs
from deftrade.scenario.schema import Policy, World, settable_tables
from deftrade.simulation import simulate

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "deftrade"
BY_COLUMN = {"model.py"}  # Mesa's reporters are of columns, some of which are called as indicators are
MODULES = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
}
COLUMNS = [column for table in ALL for column in table.columns]


def names_of(module, names, *, computed=True):
    """Yield the line of every display that holds three or more of some names as plain text.

    Mappings to what is computed may be left out.
    """
    for node in ast.walk(module):
        items = getattr(node, "elts", ())
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            items = [key for key, value in pairs if computed or not isinstance(value, ast.Call)]
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


def lists_again(names, *, computed=True):
    """Return the place of every display in the package that holds some names, and which."""
    return {
        f"{name}:{line}": found
        for name, module in MODULES.items()
        for line, found in names_of(module, names, computed=computed)
    }


def test_no_module_lists_indicators_again():
    again = lists_again({item.name for item in INDICATORS})
    assert {place for place in again if place.partition(":")[0] not in BY_COLUMN} == set()


SPELT_OR_TOLD = {
    "scenario/values.py",  # how people spell the units of which others consist
    "report/summary.py",  # which of the wordings tells an indicator of a unit
}


def test_no_module_lists_units_again():
    again = lists_again(set(UNITS) - {"share"})
    assert {place for place in again if place.partition(":")[0] not in SPELT_OR_TOLD} == set()


def test_no_module_lists_figures_again():
    assert {place.partition(":")[0] for place in lists_again(set(FIGURES))} == {"report/figures.py"}


def test_every_figure_says_what_it_shows():
    shown = [drawing.shows for drawing in FIGURES.values()]
    assert all(shown)
    assert len(set(shown)) == len(shown)


def test_a_second_list_of_indicators_is_found():
    module = ast.parse('A = {"burden": 1, "exports": 2, "rung": 3}\nB = ("burden", "rung", "imports")\n')
    assert [line for line, _ in names_of(module, {item.name for item in INDICATORS})] == [1, 2]


def items_of(module):
    """Yield the line of every display that lists three or more items of payments, and which."""
    for node in ast.walk(module):
        items = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", ())
        named = {
            item.attr
            for item in items
            if isinstance(item, ast.Attribute) and getattr(item.value, "id", "") == "Item"
        }
        named |= {item.value for item in items if isinstance(item, ast.Constant)} & {
            member.name.lower() for member in Item
        }
        if len(named) >= 3:
            yield node.lineno, frozenset(named)


def test_no_list_of_items_of_payments_stands_twice_or_by_their_names():
    seen = {}
    for name, module in MODULES.items():
        for line, items in items_of(module):
            others = [place for place, other in seen.items() if 2 * len(items & other) > len(items | other)]
            assert not others, f"{name}:{line} lists again what stands in {others}"
            assert not any(item.islower() for item in items), f"{name}:{line} lists items by their names"
            seen[f"{name}:{line}"] = items


# Outputs


@pytest.fixture(scope="module")
def results():
    return simulate(small_scenario(years=1, outputs=Outputs((*SERIES, *FLOWS, *ON_REQUEST))))


def test_every_output_has_a_name_and_a_file_of_its_own():
    assert len({each.name for each in OUTPUTS}) == len({each.place for each in OUTPUTS}) == len(OUTPUTS)
    assert {each.name for each in OUTPUTS if each.is_series} == {*SERIES, *FLOWS, *ON_REQUEST}
    assert output("states").place == "series/states"
    assert output("licences").place == "licences"


def test_every_output_is_made_of_what_it_declares(results):
    assert output_names(results) == [each.name for each in OUTPUTS]
    for each in OUTPUTS:
        columns = list(results.to_frame(each.name))
        added = [column.name for column in each.added]
        assert columns[: len(added)] == added, each.name
        assert each.table or columns == added, each.name
        entries = dictionary({each.name: arrow_table(results, each.name)})
        assert [entry.column for entry in entries] == columns
        assert all(entry.meaning and entry.kind for entry in entries)


@pytest.mark.parametrize("name", [each.name for each in OUTPUTS if each.table and not each.is_series])
def test_every_column_of_codes_is_shown_in_words(results, name):
    frame, table = results.to_frame(name), output(name).table
    for column in (each for each in table.columns if each.codes is not None and each.name in frame):
        assert list(frame[column.name].cat.categories) == [member.name.lower() for member in column.codes]


def test_no_module_lists_outputs_again():
    assert lists_again({each.name for each in OUTPUTS} - {*SERIES, *FLOWS}) == {}


# Sections of scenario files


def test_the_sections_of_files_are_those_that_tables_declare():
    assert list(World.model_fields) == ["seed", *SECTIONS]
    assert list(Policy.model_fields) == [*POLICY, Dyads.section]
    assert {table.section for table in ALL} == {*SECTIONS, ""}


def test_named_entities_and_pairs_say_what_their_rows_are():
    assert list(ENTITIES) == ["states", "categories", "firms", "alliances"]
    assert [table.row_axis for table in ENTITIES.values()] == list(ENTITIES)
    assert (Dyads.row_axis, Dyads.single) == ("states", "")
    assert (Fleets.section, Lines.single) == ("", "")


def test_whatever_a_scenario_may_set_stands_in_a_section():
    settable = {column.owner for column in COLUMNS if column.role in ("given", "lever")}
    assert set(settable_tables()) == settable
    assert all(table.section for table in settable)


def test_no_module_lists_sections_again():
    assert lists_again(set(SECTIONS), computed=False) == {}


def told_in_order(text):
    """Return the parts told below every phase of ORDER, and below them those of a sub-folder."""
    told: dict[str, list[str]] = {}
    listing = text.partition("\nORDER = (\n")[2].partition("\n)\n")[0]
    for line in listing.splitlines():
        phase, indent, part = re.match(r" +(?:(\w+),  # \w|#( +)(\w+) +\w)", line).groups()
        if phase:
            told[phase] = []
        elif len(indent) == 3:
            folder = part
            told[[*told][-1]].append(part)
        else:
            told[[*told][-1]].append(f"{folder}/{part}")
    return told


@pytest.mark.parametrize("phase", ORDER, ids=lambda phase: phase.name)
def test_the_year_tells_every_part_of_a_phase_once(phase):
    text = (PACKAGE / "phases" / "__init__.py").read_text(encoding="utf-8")
    folder = PACKAGE / "phases" / phase.name
    parts = [path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.py")]
    parts = {part.removesuffix("/__init__") for part in parts} - {"__init__", "phase", "params"}
    told = told_in_order(text)
    assert list(told) == [each.name for each in ORDER]
    assert sorted(told[phase.name]) == sorted(parts)


@pytest.mark.parametrize(("name", "field"), Params.model_fields.items(), ids=list(Params.model_fields))
def test_the_parameters_of_a_phase_are_one_flat_group(name, field):
    assert field.annotation.__bases__ == (Group,)
    place = "deftrade.core.params" if name == "opening" else f"deftrade.phases.{name}.params"
    assert field.annotation.__module__ == place


def test_phases_declare_no_other_groups():
    places = {
        path.relative_to(PACKAGE / "phases").as_posix(): re.findall(
            r"^class (\w+)\((?:.*Params|Group)\b", path.read_text(encoding="utf-8"), re.M
        )
        for path in (PACKAGE / "phases").rglob("*.py")
    }
    declared = {place: found for place, found in places.items() if found}
    expected = {f"{phase.name}/params.py": [phase.group.__name__] for phase in ORDER}
    assert declared == expected | {"__init__.py": ["Params"]}
