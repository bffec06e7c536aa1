import random
from itertools import pairwise

import pytest
import yaml

from deftrade.errors import ScenarioError
from deftrade.scenario.yaml import builder
from deftrade.scenario.yaml.places import Position
from deftrade.scenario.yaml.text import Document, read

PARSERS = [yaml.SafeLoader]
if yaml.__with_libyaml__:
    PARSERS.append(yaml.CSafeLoader)

VALID = """\
deftrade: 1                      # format version
title: "Crescent \\u2192 cooperation"
time: {start: 2025, end: 2050, step: quarter}
world:
  states: &all
    - {name: NO, gdp: 500 bn USD, 'burden': 2%}
    - name: Noor
      gdp: 1.2e6
  repeated: *all
policy:
  states:
    Noor: {offset_rate: {2027: 30%, 2030: 40%}}
notes: |
  Two lines
  of text: and more
events:
  - {at: 2031-Q1, embargo: {from: Westmark, on: Noor, years: 3}}
"""


@pytest.fixture(params=PARSERS, ids=lambda parser: parser.__name__)
def parser(request, monkeypatch):
    """Try libyaml and the parser that serves where it is not compiled in."""
    monkeypatch.setattr(builder, "_PARSER", request.param)
    return request.param


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write_file(content, name="x.yaml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path.relative_to(tmp_path)

    return write_file


@pytest.fixture
def message(write):
    def message_of(content):
        with pytest.raises(ScenarioError) as caught:
            read(write(content))
        return str(caught.value)

    return message_of


def test_plain_scalars_keep_surprising_words_as_text(write, parser):
    content = (
        "NO: [NO, on, yes, True, 010, 0x1F, 0o7, 1_000, 1 500, 12:30:00, 2024-01-01, .inf, .nan]\n"
        "numbers: [1, -3, +5, 0, 2.5, .5, 1., 1e6, -1.5E-3]\n"
        "others: [true, false, null, ~, 'true', \"5\", '']\n"
        "empty:\n"
        "2027: x\n"
    )
    assert read(write(content)).data == {
        "NO": ["NO", "on", "yes", "True", "010", "0x1F", "0o7", "1_000", "1 500", "12:30:00",
               "2024-01-01", ".inf", ".nan"],
        "numbers": [1, -3, 5, 0, 2.5, 0.5, 1.0, 1e6, -1.5e-3],
        "others": [True, False, None, None, "true", "5", ""],
        "empty": None,
        "2027": "x",
    }  # fmt: skip
    numbers = read(write(content)).data["numbers"]
    assert [type(number) for number in numbers] == [int] * 4 + [float] * 5


def test_every_key_and_value_has_its_place(write, parser):
    places = read(write(VALID)).places
    rate = ("policy", "states", "Noor", "offset_rate")
    assert places.at(rate, key=True) == Position("x.yaml", 12, 12)
    assert places.at(rate) == Position("x.yaml", 12, 25)
    assert places.at((*rate, "2030")) == Position("x.yaml", 12, 43)
    assert places.at(("world", "states", 1, "gdp")) == Position("x.yaml", 8, 12)
    assert places.at(()) == Position("x.yaml", 1, 1)
    # An alias stands at its own place, what it repeats where it was written.
    assert places.at(("world", "repeated")) == Position("x.yaml", 9, 13)
    assert places.at(("world", "repeated", 1, "gdp")) == Position("x.yaml", 8, 12)
    # What is missing is reported at the key above it.
    assert places.at(("policy", "states", "Noor", "burden")) == Position("x.yaml", 12, 5)
    assert places.at(("absent",)) == Position("x.yaml", 1, 1)


def test_aliases_share_nothing(write):
    world = read(write(VALID)).data["world"]
    assert world["states"] == world["repeated"]
    assert world["states"] is not world["repeated"]
    assert world["states"][0] is not world["repeated"][0]


def test_a_byte_order_mark_and_other_line_ends_are_accepted(write, parser):
    document = read(write(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n"))
    assert document.data == {"a": 1, "b": 2}
    assert document.places.at(("a",), key=True) == Position("x.yaml", 1, 1)
    assert document.places.at(("b",), key=True).source == "b: 2"


def test_a_fault_shows_line_mark_and_nearest_name(write):
    places = read(write("policy:\n  states:\n    Noor:\n      offset_rat: 30%\n")).places
    path = ("policy", "states", "Noor", "offset_rat")
    allowed = ["offset_threshold", "offset_rate"]
    fault = places.fault(path, "unknown key", key=True, found="offset_rat", allowed=allowed)
    assert str(ScenarioError([fault])) == (
        "1 problem in x.yaml\n"
        "x.yaml:4:7: policy.states.Noor.offset_rat: unknown key\n"
        "    offset_rat: 30%\n"
        "    ^\n"
        "    found offset_rat; allowed: offset_threshold, offset_rate; did you mean offset_rate?"
    )


def test_all_duplicates_and_bad_keys_are_reported_at_once(message, parser):
    assert message("a: 1\nb: {c: 1, c: 2}\na: 3\n[k]: 4\n<<: {d: 1}\n~: 1\n'': 2\n") == (
        "4 problems in x.yaml\n"
        "x.yaml:2:11: b.c: this key is given twice; first at line 2, column 5\n"
        "    b: {c: 1, c: 2}\n"
        "              ^\n"
        "x.yaml:3:1: a: this key is given twice; first at line 1, column 1\n"
        "    a: 3\n"
        "    ^\n"
        "x.yaml:4:1: a key must be a word\n"
        "    [k]: 4\n"
        "    ^\n"
        "x.yaml:5:1: merge keys (<<) are not used; write extends: or policy.include, or repeat "
        "the values\n"
        "    <<: {d: 1}\n"
        "    ^"
    ).replace("4 problems", "5 problems") + (
        "\nx.yaml:7:1: a key is missing before the colon\n    '': 2\n    ^"
    )


def test_equal_keys_in_other_spelling_are_duplicates(message):
    assert "2027: this key is given twice" in message("2027: 1\n'2027': 2\n")


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "1:1: the file is empty"),
        ("# only a comment\n", "1:1: the file is empty"),
        ("--- ~\n", "1:5: the file is empty"),
        ("- a\n", "1:1: a file must hold keys with values, such as title: My scenario"),
        ("word\n", "1:1: a file must hold keys with values, such as title: My scenario"),
        ("a: 1\n---\nb: 2\n", "2:1: a second document begins here; a file holds one"),
        ("a: !!python/object/apply:os.system [ls]\n",
         "1:4: a: tags are not used in scenarios; put text that begins with ! in quotes"),
        ("a: !!str 5\n",
         "1:4: a: tags are not used in scenarios; put text that begins with ! in quotes"),
        ("a: !other!x 5\n", "1:4: tags (!) are not used in scenarios; put text with ! in quotes"),
        ("%TAG ! x\n---\na: 1\n", "1:1: a line cannot begin with %; indent it"),
        ("a:\n\tb: 1\n", "2:1: a tab stands where YAML needs spaces; indent with spaces"),
        ("a:\n  b: 1\n\tc: 1\n", "3:1: a tab stands where YAML needs spaces; indent with spaces"),
        ("a:\n    b: 1\n  c: 2\n", "3:3: this line does not fit the lines above; check its "
         "indentation, and that text after a closing quote is inside the quotes"),
        ("a:\n  b: 1\n   c: 2\n", "3:5: a key and its colon cannot stand here; indent the line "
         "like its neighbours, or put text that holds ': ' in quotes"),
        ("a: b: c\n", "1:5: a key and its colon cannot stand here; indent the line like its "
         "neighbours, or put text that holds ': ' in quotes"),
        ("a: 1\nb\nc: 2\n", "2:1: a colon is missing after this key"),
        ("a: [1, 2\nb: 3\n", "2:2: a comma or ] is missing; the list begins at line 1, column 4"),
        ("a: {b: 1\nc: 2\n",
         "2:2: a comma or } is missing; the mapping begins at line 1, column 4"),
        ('a: 1\nb: "abc\nc: 1\n', "2:4: the quote that opens here is never closed"),
        ("a: @x\n", "1:4: text cannot begin with this character; put the text in quotes"),
        ("a: *x\n", "1:4: a: no anchor of this name comes before; put text that begins with * "
         "in quotes"),
        ("a: *\n", "1:5: a name must follow & and * at once; put text that begins with them "
         "in quotes"),
        ("a: &x [*x]\n", "1:8: a[0]: this alias stands inside what it repeats"),
        ("a: - b\n", "1:4: a list item cannot stand here; begin it on its own line"),
        ("a: ]\n", "1:4: a value is missing, or a bracket or comma stands alone"),
        ("a: 1\n...\nb\n", "3:1: nothing may follow the end of the document"),
        ("a: |9x\n b\n", "1:6: the text block that begins at line 1, column 4 is not well formed"),
        ("a: 1e999\n", "1:4: a: a number beyond 1.8e308"),
        (f"a: {'9' * 5000}\n", "1:4: a: a number of more than 40 digits"),
        (b"a: 1\nb: Z\xfcrich\n", "2:5: byte 0xFC is not UTF-8; save the file as UTF-8"),
        ("a: 1\n".encode("utf-16"), "1:1: the file is UTF-16, not UTF-8; save it as UTF-8"),
        ("a: 1\nb: x\x00\n",
         "2:5: the control character U+0000 cannot stand in a text file; remove it"),
        ("a: \ufeff1\n",
         "1:4: the control character U+FEFF cannot stand in a text file; remove it"),
    ],
)  # fmt: skip
def test_faults_in_plain_words(message, parser, content, fault):
    header, first, *_ = message(content).splitlines()
    assert header == "1 problem in x.yaml"
    assert first == f"x.yaml:{fault}"


def test_bad_escapes_are_faults(message, parser):
    assert "x.yaml:1:" in message('a: "\\q"\n')
    assert "x.yaml:1:" in message('a: "\\U00110000"\n')
    assert "x.yaml:1:" in message('a: "\\uD800"\n')


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_refused_before_it_hurts(message, parser, opening):
    report = message("a:\n " + opening * 100_000)
    assert "the file nests deeper than 64 levels" in report
    assert len(report) < 400


def test_nesting_through_aliases_counts(message):
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 70)]
    assert "with the alias *a62 the file nests deeper than 64 levels" in message("\n".join(lines))


def test_nesting_within_the_bound_is_fine(write, parser):
    assert read(write("a: " + "[" * 63 + "]" * 63)).data


def test_an_alias_bomb_is_refused_at_the_alias(message, parser):
    nine = "[" + ", ".join(["{0}"] * 9) + "]"
    lines = ["a: &a " + nine.format("x")]
    lines += [f"{k}: &{k} " + nine.format(f"*{j}") for j, k in pairwise("abcdefghi")]
    assert message("\n".join(lines)).splitlines()[1] == (
        "x.yaml:6:16: f[2]: with the alias *e the file expands to more than 250,000 keys and "
        "values; keep large tables in CSV files"
    )


def test_too_many_values_are_refused(message):
    assert "the file expands to more than 250,000 keys and values" in message("a: [" + "1," * 260_000)


def mutate(content, luck):
    """Return text with one to four random edits that hurt YAML."""
    pieces = [
        *"\t\n:[]{}!\"'|>%@#\\,\0\x85\u2028\ufeffé😀", "  ", ": ", "- ", "&a ", "*a", "*all",
        "!!x ", "<<: ", "? ", "---\n", "...\n", "1e999", '"\\uD800"', "99999999999",
    ]  # fmt: skip
    for _ in range(luck.randint(1, 4)):
        at = luck.randrange(len(content) + 1)
        end = min(len(content), at + luck.choice([0, 0, 1, 1, 5, 40]))
        middle = luck.choice([luck.choice(pieces), "", content[at:end] * 2])
        content = content[:at] + middle + content[end:]
    return content


def outcome(path):
    """Return the document or the faults that reading gives."""
    try:
        return read(path)
    except ScenarioError as error:
        return error


def test_mutants_give_a_document_or_faults_and_nothing_else(write, parser):
    luck = random.Random(20310401)
    documents = 0
    for _ in range(300):
        raw = mutate(VALID, luck).encode()
        if luck.random() < 0.1:
            at = luck.randrange(len(raw))
            raw = raw[:at] + luck.randbytes(2) + raw[at:]
        got = outcome(write(raw))
        if isinstance(got, Document):
            documents += 1
            assert isinstance(got.data, dict)
            assert got.places.at(()).line
        else:
            assert all(fault.line and fault.file == "x.yaml" for fault in got.faults)
            assert str(got).encode()
    assert 20 < documents < 280
