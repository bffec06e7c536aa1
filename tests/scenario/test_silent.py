"""What used to be read as something else than was meant is refused at its place, or read as meant."""

import math

import matplotlib
import numpy as np
import pandas as pd
import pytest
import yaml

from deftrade import load
from deftrade.cli.printing import show
from deftrade.core.wording import markdown_row
from deftrade.errors import ScenarioError
from deftrade.files.locking import write_lock
from deftrade.report.style import save, sheet
from deftrade.scenario.compose import is_module
from deftrade.scenario.jsonschema import json_schema

HEAD = "deftrade: 1\ntitle: T\ntime: {start: 2025, end: 2027}\nprice_year: 2024\nworld:\n"
STATES = "  states: [{name: Ara, gdp: 100 bn USD}, {name: Bel, gdp: 10 bn USD}]\n"


@pytest.fixture
def world(tmp_path, monkeypatch):
    """Return the reading of a world whose tables stand beside it."""
    monkeypatch.chdir(tmp_path)

    def read(body=STATES, head=HEAD, **tables):
        for name, content in tables.items():
            path = tmp_path / name.replace("__", ".")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (tmp_path / "x.yaml").write_text(head + body, encoding="utf-8")
        return load("x.yaml")

    return read


@pytest.fixture
def firsts(world):
    """Return the first lines of the faults of a world."""

    def read(*args, **tables):
        with pytest.raises(ScenarioError) as caught:
            world(*args, **tables)
        return [str(fault).splitlines()[0] for fault in caught.value.faults]

    return read


CSV = "  states: {csv: s.csv}\n"


# Characters


def test_one_name_however_its_accents_are_typed(world):
    scenario = world(
        CSV + "  relations: [{between: [Co\u0302te, Bel], distance: 123 km}]\n",
        s__csv="name,gdp\nC\u00f4te,450000\nBel,3000\n",
    )
    assert scenario.world.names.states == ["C\u00f4te", "Bel"]


def test_a_file_is_found_however_its_accents_are_typed(world):
    assert world("  states: {csv: co\u0302te.csv}\n", côte__csv="name,gdp\nA,3000\n")


@pytest.mark.parametrize(
    ("character", "said"),
    [
        ("\u200b", "an invisible character, U+200B (zero width space)"),
        ("\u00a0", "an invisible character, U+00A0 (no-break space)"),
        ("\u3164", "an invisible character, U+3164 (hangul filler)"),
        ("\u202e", "a bidirectional character, U+202E (right-to-left override)"),
        ("\\e", "a control character, U+001B"),
        ("\\n", "a control character, U+000A"),
    ],
)
@pytest.mark.parametrize("of", ["name", "title"])
def test_characters_that_nobody_sees_are_refused(firsts, character, said, of):
    text = f'"A{character}b"'
    faults = (
        firsts(f"  states: [{{name: {text}, gdp: 9000}}]\n")
        if of == "name"
        else firsts(head=HEAD.replace("title: T", f"title: {text}"))
    )
    assert len(faults) == 1
    assert f"the {of} holds {said}" in faults[0]


def test_names_that_read_alike_are_refused(firsts):
    (fault,) = firsts("  states: [{name: Bel, gdp: 9000}, {name: \uff22el, gdp: 9000}]\n")
    assert "differs from Bel only in the forms of its letters" in fault


def test_a_title_has_a_length_and_may_be_a_folded_block(world, firsts):
    assert world(head=HEAD.replace("title: T", "title: >\n  Two\n  lines\n")).title == "Two lines"
    assert "the title is too long" in firsts(head=HEAD.replace("title: T", f"title: {'x' * 201}"))[0]


def test_names_are_plain_text_wherever_they_are_shown(tmp_path, capsys):
    assert markdown_row(["a|b", "c\nd"]) == "| a\\|b | c d |"
    figure, (axes,) = sheet("$ $", "$x")
    axes.set_title("$ $")
    with matplotlib.rc_context({"text.parse_math": True}):
        save(figure, tmp_path / "x.svg")
    show("a\x1b[31mb\u202ec\n\td")
    assert capsys.readouterr().out == "a\\x1b[31mb\\u202ec\n\td\n"


@pytest.mark.parametrize("name", ["1e5", "-.5E3", "true", "9" * 50, "~", "a|b", "010", "1_000", "=", "{x}"])
def test_every_name_reads_back_from_its_lock(world, tmp_path, name):
    text = yaml.safe_dump(name, default_style="'").strip()
    scenario = world(f"  states: [{{name: {text}, gdp: 9000}}]\n  firms: [{{name: {text}, home: {text}}}]\n")
    write_lock(scenario, tmp_path / "lock")
    assert load(tmp_path / "lock" / "scenario.lock.yaml").world.names == scenario.world.names


# Numbers


@pytest.mark.parametrize("cell", ["450.000", "1.234.567", "12.500 m USD", "-1.500"])
def test_dots_that_may_group_thousands_are_refused(firsts, cell):
    (fault,) = firsts(CSV, s__csv=f"name;gdp\nAra;{cell}\n")
    assert fault.startswith("s.csv:2:5: gdp: dots may group thousands here")


@pytest.mark.parametrize("cell", ["0.125", "450.00", "1250.500"])
def test_dots_that_cannot_group_thousands_are_decimal(world, cell):
    scenario = world(CSV, s__csv=f"name;gdp;governance\nAra;9000;{cell if float(cell) < 1 else 0.5}\n")
    assert scenario.world.names.states == ["Ara"]


def test_a_gdp_whose_unit_seems_forgotten_is_warned_of(world):
    (warning,) = world("  states: [{name: Ara, gdp: 400}, {name: Bel, gdp: 400 m USD}]\n").warnings
    assert str(warning).startswith("x.yaml:6:29: world.states[0].gdp: a number without a unit is million USD")
    assert world().warnings == ()


def test_a_number_split_by_a_comma_in_braces_is_named(firsts):
    (fault,) = firsts(STATES + "  relations: [{between: [Ara, Bel], distance: 2,000 km}]\n")
    assert fault.startswith("x.yaml:7:49: world.relations[0].'000 km': a comma in braces ends a value")


def test_whole_numbers_are_whole_however_written(world, tmp_path):
    assert world(head=HEAD.replace("2025", "2025.0")).calendar.start == 2025
    assert load("x.yaml", seed=np.int64(3)).seed == 3
    for wrong in (1.5, True, math.nan, np.float64(0.5), "1"):
        with pytest.raises(ScenarioError, match="whole years up to 2"):
            load("x.yaml", years=wrong)
    assert load("x.yaml", years=np.int32(1)).calendar.end == 2026


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  categories: []\n", "x.yaml:7:15: world.categories: the world has no categories"),
        ("outputs: {every: [step]}\n", "x.yaml:7:18: outputs.every: this is none of the words"),
        ("outputs: {every: {step: 1}}\n", "x.yaml:7:18: outputs.every: this is none of the words"),
    ],
)
def test_lists_where_none_may_stand(firsts, text, said):
    (fault,) = firsts(STATES + text)
    assert fault.startswith(said)


# Tables


WDI = (
    '"Data Source","World Development Indicators",\n\n'
    '"Country Name","Code","2022","2023"\n"Aruba","ABW","35","44.5"\n'
)


def test_a_preamble_is_named_and_skipped(world, firsts):
    (fault,) = firsts(CSV, s__csv=WDI)
    assert fault.startswith(
        "s.csv:1:1: the first lines are no table; line 3 looks like the header: write skip: 2"
    )
    mapped = '  states: {csv: s.csv, skip: 2, columns: {name: Country Name, gdp: "2023"}}\n'
    scenario = world(mapped, s__csv=WDI)
    assert scenario.world.names.states == ["Aruba"]
    assert str(scenario.warnings[0]).startswith("s.csv:4:20: world.states[0].gdp")


def test_a_preamble_above_columns_that_are_known(firsts):
    (fault,) = firsts(CSV, s__csv="Military expenditure\n\nname,gdp\nAra,9000\n")
    assert "line 3 looks like the header" in fault


def test_what_excel_adds_is_passed_over(world):
    table = "sep=;\nname;gdp;burden;;\nAra;450000;3.2%;;\n;;;;\n"
    assert world(CSV, s__csv=table).world.names.states == ["Ara"]


@pytest.mark.parametrize("start", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_a_workbook_by_another_name_is_called_one(firsts, start):
    (fault,) = firsts(CSV, s__csv=start + b"rest")
    assert "this is an Excel workbook" in fault


def test_a_workbook_is_a_table(world, firsts, tmp_path):
    pytest.importorskip("openpyxl")
    rows = pd.DataFrame({"Country": ["Ara", "Bel"], "burden": [0.032, 0.02], "gdp": [450000, 12500.5]})
    rows.to_excel(tmp_path / "s.xlsx", index=False)
    scenario = world("  states: {xlsx: s.xlsx, columns: {name: Country}}\n")
    assert scenario.world.names.states == ["Ara", "Bel"]
    (fault,) = firsts("  states: {xlsx: s.xlsx, columns: {name: Land}}\n")
    assert fault.startswith("s.xlsx:1:1: a required column is missing: name")
    (fault,) = firsts("  states: {xlsx: x.xlsx}\n", x__xlsx=b"PK\x03\x04 no zip")
    assert "x.xlsx is no workbook that can be read" in fault
    whole = (tmp_path / "s.xlsx").read_bytes()
    start = whole.index(b"xl/worksheets/sheet1.xml") + 40
    for spoilt in (
        whole[:start] + b"\xff" * 60 + whole[start + 60 :],  # what does not unpack
        whole.replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x99"),  # of a later format of archives
    ):
        assert spoilt != whole
        (fault,) = firsts("  states: {xlsx: x.xlsx}\n", x__xlsx=spoilt)
        assert "x.xlsx is no workbook that can be read" in fault


def test_one_wrong_header_is_one_fault(world, firsts, tmp_path):
    rows = pd.DataFrame({"name": list("ABCD"), "gdp": [9e5, 50, 9e5, 9e5], "wealth": 1.0})
    rows[rows.gdp > 100].drop(columns="wealth").to_parquet(tmp_path / "s.parquet")
    table = "  states: {parquet: s.parquet}\n"
    assert world(table).world.names.states == ["A", "C", "D"]
    rows.to_parquet(tmp_path / "s.parquet")
    (fault,) = firsts(table)
    assert fault == "x.yaml:6:21: wealth: this column is not known here"
    rows[["gdp"]].to_parquet(tmp_path / "s.parquet")
    (fault,) = firsts(table)
    assert "a required column is missing: name" in fault


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("skip: -1", "skip: the value is out of range"),
        ("skip: x", "skip: a whole number belongs here"),
        ("columns: {gpd: x}", "columns.gpd: this column is not known here"),
        ("columns: {gdp: [x]}", "columns.gdp: the name of a column in the table belongs here"),
        ("columns: x", "columns: our names with the table's belong here"),
        ("skp: 1", "a list belongs here, or one file"),
    ],
)
def test_options_of_tables_have_faults_of_their_own(firsts, options, said):
    (fault,) = firsts(f"  states: {{csv: s.csv, {options}}}\n", s__csv="name,gdp\nAra,9000\n")
    assert said in fault


# Modules and editors


def test_a_module_with_its_heading_is_meant_as_a_module(tmp_path):
    (tmp_path / "m.yaml").write_text("policy: {states: {Ara: {offset_rate: 30%}}}\n")
    assert is_module(tmp_path / "m.yaml")


def test_editors_know_what_is_new():
    schema = json_schema()
    assert "remove" in schema["properties"]
    forms = [
        list(form["properties"]) for form in schema["$defs"]["World"]["properties"]["states"]["anyOf"][1:]
    ]
    assert forms == [["csv", "columns", "skip"], ["xlsx", "columns", "skip"], ["parquet", "columns"]]
