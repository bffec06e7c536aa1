"""The one comparison of scenarios: every kind of change, and that there is no second one."""

import ast
import math
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import deftrade
from deftrade import load
from deftrade.core.tables import States
from deftrade.experiments.compare.treatment import treatment_of
from deftrade.explanations.two_runs.divergence import causes
from deftrade.scenario.changes import Kind, changes
from deftrade.scenario.changes_text import diff, told
from deftrade.scenario.resolved import Setting

PACKAGE = Path(deftrade.__file__).parent
SMALL = """\
deftrade: 1
time: {start: 2025, end: 2030}
price_year: 2024
world:
  categories:
    - {name: ships, demand_share: 60%}
    - {name: armour, demand_share: 40%}
  states:
    - {name: Ardia, gdp: 500 bn USD, offset_rate: 20%}
    - {name: Boria, gdp: 800 bn USD}
    - {name: Coria, gdp: 90 bn USD, know_how: 0.3}
  firms: [{name: Forge, home: Ardia, lines: [ships]}]
  alliances: [{name: Pact, kind: defence_pact, members: [Ardia, Boria]}]
policy:
  states: {Ardia: {offset_rate: {2027: 30%, 2029: 40%}}}
events:
  - {at: 2026, embargo: {from: Ardia, on: Coria, years: 2}}
"""
EMBARGO = {"from": "Ardia", "on": "Coria", "years": 2.0, "support": False}
EDITS = {
    "time": ("end: 2030", "end: 2031", [("frame", "time.end", (), 2030, 2031)]),
    "price year": ("price_year: 2024", "price_year: 2023", [("frame", "price_year", (), 2024, 2023)]),
    "seed": ("price_year: 2024", "price_year: 2024\nseed: 4", [("seed", "seed", (), 0, 4)]),
    "outputs": (
        "price_year: 2024",
        "price_year: 2024\noutputs: {focus: Boria}",
        [("outputs", "outputs.focus", (), "", "Boria")],
    ),
    "value": ("gdp: 500 bn", "gdp: 600 bn", [("value", "States.gdp", ("Ardia",), 500_000, 600_000)]),
    "value by category": (
        "know_how: 0.3",
        "know_how: {ships: 0.5, default: 0.3}",
        [("value", "States.know_how", ("Coria", "ships"), 0.3, 0.5)],
    ),
    "home": ("home: Ardia", "home: Boria", [("fact", "firms.home", ("Forge",), "Ardia", "Boria")]),
    "entity": (
        "name: Pact, kind: defence_pact, members: [Ardia, Boria]}",
        "name: Pact, kind: defence_pact, members: [Ardia, Boria]},"
        " {name: Union, kind: defence_pact, members: [Boria, Coria]}",
        [("entity", "alliances", ("Union",), None, "Union")],
    ),
    "lever": ("2029: 40%", "2029: 45%", [("policy", "States.offset_rate", ("Ardia",), 0.4, 0.45)]),
    "date": (
        "2029: 40%",
        "2028: 40%",
        [
            ("policy", "States.offset_rate", ("Ardia",), None, 0.4),
            ("policy", "States.offset_rate", ("Ardia",), 0.4, None),
        ],
    ),
    "event": (
        "years: 2",
        "years: 3",
        [
            ("event", "embargo", (), {"at": "2026", "embargo": EMBARGO}, None),
            ("event", "embargo", (), None, {"at": "2026", "embargo": {**EMBARGO, "years": 3.0}}),
        ],
    ),
    "parameter": (
        "policy:",
        "parameters: {budgeting: {reaction: 0.125}}\npolicy:",
        [("parameter", "budgeting.reaction", (), None, 0.125)],
    ),
}


@pytest.fixture
def read(tmp_path):
    """Load the small scenario with some text replaced."""

    def read(old="", new=""):
        assert old in SMALL
        path = tmp_path / "small.yaml"
        path.write_text(SMALL.replace(old, new, 1), encoding="utf-8")
        return load(path)

    return read


def plain(change):
    return change.kind, change.path, change.where, change.old, change.new


def offset(year, value, state=0):
    return Setting(States.offset_rate, (state,), year, value)


def test_a_scenario_does_not_differ_from_itself(read):
    assert changes(read(), read()) == []


@pytest.mark.parametrize(("old", "new", "expected"), EDITS.values(), ids=EDITS)
def test_every_change_is_seen_once(read, old, new, expected):
    base = read()
    default = base.params.budgeting.reaction
    wanted = [
        (kind, path, where, default if kind == "parameter" else before, after)
        for kind, path, where, before, after in expected
    ]
    assert [plain(change) for change in changes(base, read(old, new))] == wanted


def test_every_kind_is_tried():
    assert {kind for *_, expected in EDITS.values() for kind, *_ in expected} == set(get_args(Kind))


@pytest.mark.parametrize(("old", "new", "expected"), EDITS.values(), ids=EDITS)
def test_the_other_way_round_old_is_new(read, old, new, expected):
    one, other = read(), read(old, new)
    back = [replace(change, old=change.new, new=change.old) for change in changes(other, one)]
    there = changes(one, other)
    assert sorted(map(str, map(plain, back))) == sorted(map(str, map(plain, there)))


@pytest.mark.parametrize(("old", "new", "expected"), EDITS.values(), ids=EDITS)
def test_words_are_those_of_the_changes(read, old, new, expected):
    one, other = read(), read(old, new)
    found = changes(one, other)
    assert diff(one, other) == told(found, one, other)
    assert told(found, one, other)
    assert told([], one, other) == []
    for change in found:
        assert len(told([change], one, other)) == 1
    expected = [] if found[0].kind in ("seed", "outputs") else diff(one, other)
    if found[0].path != "time.end":
        assert list(treatment_of(one, other).changes) == expected


def test_names_in_another_order_are_one_change(read):
    base = read()
    names = replace(base.world.names, categories=base.world.names.categories[::-1])
    (change, *_) = changes(base, replace(base, world=replace(base.world, names=names)))
    assert plain(change) == ("entity", "categories", (), ("ships", "armour"), ("armour", "ships"))


def test_a_change_knows_whether_it_is_of_the_world(read):
    for old, new, expected in EDITS.values():
        for change, (kind, *_) in zip(changes(read(), read(old, new)), expected, strict=True):
            assert change.is_world == (kind not in ("policy", "event", "seed", "outputs"))


def test_policy_and_events_say_when_they_are_due(read):
    base = read()
    (dated,) = changes(base, read("2029: 40%", "2029: 45%"))
    assert (dated.year, dated.due, dated.unit, dated.lever) == (2029, 16, "share", States.offset_rate)
    (lost, new) = changes(base, read("at: 2026", "at: 2026-Q3"))
    assert (lost.due, new.due, new.year) == (4, 6, 2026.5)
    assert lost.event is base.events[0]


@pytest.mark.parametrize("year", [-math.inf, 2020.0, 2025.0])
def test_what_holds_from_the_opening_is_the_same_however_it_is_dated(read, year):
    base = read()
    one = replace(base, policy=(offset(-math.inf, 0.1), offset(2027.0, 0.3)))
    assert changes(one, replace(one, policy=(offset(year, 0.1), offset(2027.0, 0.3)))) == []
    (change,) = changes(one, replace(one, policy=(offset(year, 0.2), offset(2027.0, 0.3))))
    assert (change.old, change.new, change.year, change.due) == (0.1, 0.2, -math.inf, 0)


def test_the_last_of_two_settings_for_one_date_counts(read):
    base = read()
    one = replace(base, policy=(offset(2027.0, 0.1), offset(2027.0, 0.3)))
    assert changes(one, replace(one, policy=(offset(2027.0, 0.3),))) == []


def test_two_dates_in_one_step_are_one_cause(read):
    """A run in quarters applies both at the next quarter's opening, so only the last is felt."""
    base = read()
    early, late = 2027 + 1 / 12, 2027 + 2 / 12
    february, march = (replace(base, policy=(offset(year, 0.3),)) for year in (early, late))
    assert len(changes(february, march)) == 2
    assert causes(february, march) == []
    both = replace(base, policy=(offset(early, 0.3), offset(late, 0.5)))
    (cause,) = causes(both, replace(base, policy=()))
    assert cause.told == "2027-03: offset rate of Ardia: 0.500 in A, unchanged in B"
    (cause,) = causes(both, march)
    assert cause.told == "2027-03: offset rate of Ardia: 0.500 in A, 0.300 in B"


FLAGSHIP = load(Path(__file__).resolve().parents[2] / "scenarios" / "crescent_cooperation.yaml", years=5)
SETTINGS = some.lists(
    some.tuples(
        some.sampled_from([-math.inf, 2025.0, 2026.0, 2026.25, 2027.0, 2029.75]),
        some.sampled_from([0.0, 0.25, 0.5]),
        some.integers(0, 2),
    ),
    max_size=6,
)


@given(ours=SETTINGS, theirs=SETTINGS)
@settings(max_examples=100, deadline=None)
def test_laying_the_changes_over_the_first_gives_the_second(ours, theirs):
    base = FLAGSHIP
    one, other = (replace(base, policy=tuple(offset(*each) for each in drawn)) for drawn in (ours, theirs))
    found = changes(one, other)
    gone = {(change.index, change.due) for change in found}
    kept = [each for each in one.policy if (each.index, base.calendar.due(each.year)) not in gone]
    laid = [offset(change.year, change.new, *change.index) for change in found if change.new is not None]
    assert changes(replace(base, policy=(*kept, *laid)), other) == []
    assert not (ours == theirs and found)


# No second one


@cache
def functions():
    """Return every function of the package with its module."""
    return [
        (path.stem, node)
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]


def owners(function, *names):
    """Return the variables of which a function reads one of these attributes."""
    return {
        node.value.id
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and node.attr in names and isinstance(node.value, ast.Name)
    }


LAY_TOGETHER = {
    ("trials", "without"),  # the second scenario with some of the first's policy
    ("findings", "row"),  # a policy's name beside a number of it: no scenarios
}


def test_no_other_function_reads_policy_or_parameters_of_two_scenarios():
    found = {
        (module, function.name)
        for module, function in functions()
        if len(owners(function, "policy", "events", "params")) > 1
    }
    compared = {each for each in found if each[0] != "changes"}
    assert compared == LAY_TOGETHER
    assert found - compared


def test_nobody_else_puts_events_in_plain_words_to_compare_them():
    """What writes a lock or a digest needs one scenario's; who needs two asks `changes`."""
    users = {module for module, function in functions() for node in ast.walk(function)
             if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "plain_event"}  # fmt: skip
    assert users == {"changes", "digests", "lock"}


def test_when_a_setting_is_due_is_worked_out_in_one_place():
    """Only events go by the bare step of a date: one before the start does not happen."""
    asked = {
        (module, ast.unparse(node.args[0]))
        for module, function in functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "step_at"
    }
    assert asked == {
        ("dates", "year"),
        ("changes", "event.year"),
        ("simulation", "event.year"),
    }
