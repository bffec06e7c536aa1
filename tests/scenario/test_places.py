import pickle

from deftrade.errors import Fault, ScenarioError
from deftrade.scenario.yaml.nearest import listing, nearest
from deftrade.scenario.yaml.places import dotted


def test_rendering_is_sorted_bounded_and_safe_for_a_terminal():
    long = "x" * 500
    faults = [
        Fault("b.yaml", 1, 1, "", "late"),
        Fault("a.yaml", 3, 300, "", "long", found=long, source="  " + long),
        Fault("a.yaml", 2, 5, "", "colour", found="\x1b[31m\nred", source="a: \t\x1b[31m"),
        Fault("a.yaml", 2, 5, "", "colour", found="\x1b[31m\nred", source="a: \t\x1b[31m"),
    ]
    rendered = str(ScenarioError(faults))
    lines = rendered.splitlines()
    assert lines[0] == "3 problems in 2 files"
    assert lines[1:5] == [
        "a.yaml:2:5: colour", "    a:   [31m", "        ^", "    found \\x1b[31m\\nred",
    ]  # fmt: skip
    assert lines[6] == "    …" + "x" * 100 + "…"
    assert max(map(len, lines)) < 110
    assert lines[-1] == "b.yaml:1:1: late"
    many = ScenarioError(Fault("a.yaml", line, 1, "", "bad") for line in range(1, 301))
    assert len(many.faults) == 300
    assert str(many).splitlines()[-1] == "… and 100 more"


def test_paths_and_long_lists_read_well():
    assert dotted(("events", 0, "embargo", "from")) == "events[0].embargo.from"
    assert dotted(("states", "Côte d'Or", "gdp")) == "states.'Côte d'Or'.gdp"
    names = [f"lever_{number:02}" for number in range(40)] + ["offset_rate"]
    assert nearest("Offset_Rat", names) == "offset_rate"
    assert nearest("zebra", names) == ""
    assert listing(names, "offset_rat").startswith("offset_rate, ")
    assert listing(names, "offset_rat").endswith(", … and 33 more")
    assert listing(["a", "b"]) == "a, b"


def test_an_error_travels_between_processes():
    error = ScenarioError([Fault("a.yaml", 2, 5, "x", "bad")])
    assert pickle.loads(pickle.dumps(error)).faults == error.faults
