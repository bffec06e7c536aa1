from hashlib import sha256
from pathlib import Path

import pytest

from deftrade.errors import ScenarioError
from deftrade.scenario.tables.reader import read_csv
from deftrade.scenario.yaml.places import Position


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write_file(content):
        path = Path("states.csv")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture
def message(write):
    def message_of(content):
        with pytest.raises(ScenarioError) as caught:
            read_csv(write(content))
        return str(caught.value)

    return message_of


def test_cells_are_text_with_places(write):
    content = b'\xef\xbb\xbfname, gdp,note\r\nNO, 2.5 bn USD ,"a, ""b"""\r\n,,\r\n\r\nNoor,010,\r\n'
    table = read_csv(write(content))
    assert table.columns == ("name", "gdp", "note")
    assert table.rows == [
        {"name": "NO", "gdp": "2.5 bn USD", "note": 'a, "b"'},
        {"name": "Noor", "gdp": "010", "note": ""},
    ]
    assert table.at(0, "name") == Position("states.csv", 2, 1)
    assert table.at(0, "gdp") == Position("states.csv", 2, 5)
    assert table.at(0, "note") == Position("states.csv", 2, 17)
    assert table.at(1, "gdp") == Position("states.csv", 5, 6)
    assert table.at(-1, "gdp") == Position("states.csv", 1, 7)
    assert table.sha256 == sha256(content).hexdigest()


def test_a_place_after_a_quoted_cell(write):
    table = read_csv(write('name,gdp,x\n"Noor, the ""old""",5,6\n"A",7,8\n'))
    assert table.at(0, "gdp") == Position("states.csv", 2, 21)
    assert table.at(1, "x") == Position("states.csv", 3, 7)


def test_semicolons_separate_too(write):
    table = read_csv(write('"na,me";gdp\nNoor;2.5\n'))
    assert table.columns == ("na,me", "gdp")
    assert table.rows == [{"na,me": "Noor", "gdp": "2.5"}]
    assert table.at(0, "gdp") == Position("states.csv", 2, 6)


def test_one_column_and_no_rows_are_fine(write):
    assert read_csv(write("name\nNoor\n")).rows == [{"name": "Noor"}]
    assert read_csv(write("name,gdp\n")).rows == []


def test_a_fault_at_a_cell_shows_its_line(write):
    table = read_csv(write("name,gdp\nNoor,lots\n"))
    assert str(table.fault(0, "gdp", "this is not a number", allowed="300 m USD")) == (
        "states.csv:2:6: gdp: this is not a number\n"
        "    Noor,lots\n"
        "         ^\n"
        "    found lots; allowed: 300 m USD"
    )
    assert str(table.fault(-1, "gdp", "unknown column", allowed=["gdp_", "name"])) == (
        "states.csv:1:6: gdp: unknown column\n"
        "    name,gdp\n"
        "         ^\n"
        "    found gdp; allowed: gdp_, name; did you mean gdp_?"
    )


def test_all_faults_come_at_once(message):
    assert message('name,gdp\nNoor\nWest,1,2\nEast,"1,5"\nNorth,"x\nSouth,1\n') == (
        "4 problems in states.csv\n"
        "states.csv:2:1: the row has 1 cell, the header 2\n"
        "    Noor\n"
        "    ^\n"
        "states.csv:3:8: the row has 3 cells, the header 2; put text with a delimiter in quotes, "
        "and write 2.5 rather than 2,5\n"
        "    West,1,2\n"
        "           ^\n"
        "states.csv:4:6: gdp: a comma is not used in numbers; write 2.5 and 1500\n"
        '    East,"1,5"\n'
        "         ^\n"
        "    found 1,5\n"
        "states.csv:5:7: a quote is not closed on its line, or text follows a closing quote\n"
        '    North,"x\n'
        "          ^"
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "1:1: the table is empty; a header is needed"),
        ("\n \n", "1:1: the table is empty; a header is needed"),
        ("a,b,a\n1,2,3\n", "1:5: two columns have this name"),
        ("a,,c\n1,2,3\n", "1:3: a column has no name"),
        ("a\tb\n1\t2\n", "1:2: columns are separated by tabs; separate them by commas"),
        ("a;b\n1;2,5\n", "2:3: b: a comma is not used in numbers; write 2.5 and 1500"),
        ('a,b\n"x"y,1\n',
         "2:1: a quote is not closed on its line, or text follows a closing quote"),
        (f"a,b\n1,{'x' * 140_000}\n", "2:1: a cell is longer than 131,072 characters"),
        (b"a,b\n1,Z\xfcrich\n", "2:4: byte 0xFC is not UTF-8; save the file as UTF-8"),
        ("a,b\n".encode("utf-16"), "1:1: the file is UTF-16, not UTF-8; save it as UTF-8"),
        ("a,b\n1,\x00\n",
         "2:3: the control character U+0000 cannot stand in a text file; remove it"),
    ],
)  # fmt: skip
def test_faults_in_plain_words(message, content, fault):
    header, first, *_ = message(content).splitlines()
    assert header == "1 problem in states.csv"
    assert first == f"states.csv:{fault}"


def test_a_missing_table_is_reported_where_it_is_named(tmp_path):
    (tmp_path / "states.csv").write_text("name\n")
    named = Position("x.yaml", 7, 18, "  states: {csv: state.csv}")
    with pytest.raises(ScenarioError) as caught:
        read_csv(tmp_path / "state.csv", named)
    assert str(caught.value).splitlines()[1:] == [
        f"x.yaml:7:18: no such file: {(tmp_path / 'state.csv').as_posix()}",
        "    states: {csv: state.csv}",
        "                   ^",
        "    did you mean states.csv?",
    ]


def test_a_large_table_is_refused_by_its_size(write):
    path = write("")
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(ScenarioError) as caught:
        read_csv(path)
    assert str(caught.value).splitlines()[1:] == [
        "states.csv: the file is too large; leave out rows and columns that the scenario does not need",
        "    found 50.0 MB; allowed: at most 20 MB",
    ]
