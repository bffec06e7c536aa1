# ruff: noqa: E501 - messages stand here as they are shown
"""Every fault of a scenario that loading finds: its exact message, all at once, nothing else."""

import pytest

from deftrade.errors import ScenarioError
from deftrade.scenario.load import load

MINIMAL = """\
deftrade: 1
time: {start: 2025, end: 2030}
price_year: 2024
world:
  states:
    - {name: Ardia, gdp: 500 bn USD}
    - {name: Boria, gdp: 800 bn USD}
    - {name: Coria, gdp: 90 bn USD}
  firms:
    - {name: Forge, home: Ardia, lines: [aircraft]}
  alliances:
    - {name: Pact, kind: defence_pact, members: [Ardia, Boria]}
  relations:
    - {between: [Ardia, Boria], distance: 300 km}
policy:
  states:
    Ardia: {offset_rate: 40%}
events:
  - {at: 2026, embargo: {from: Ardia, on: Coria, years: 2}}
"""

# Name, text to replace in the minimal scenario, replacement, faults as they are shown.
CASES = [
    (
        "misspelt key",
        "offset_rate:",
        "ofset_rate:",
        """\
bad.yaml:17:13: policy.states.Ardia.ofset_rate: this key is not known here
    Ardia: {ofset_rate: 40%}
            ^
    found ofset_rate; allowed: offset_rate, offset_threshold, procurement_share, export_strictness, support_share, export_credit, research_share, re_export_rule, … and 20 more; did you mean offset_rate?
""",
    ),
    (
        "misspelt key at the top",
        "price_year:",
        "prise_year:",
        """\
bad.yaml:1:1: price_year: a required key is missing: price_year
    deftrade: 1
    ^
    allowed: Year whose dollars the amounts are in
bad.yaml:3:1: prise_year: this key is not known here
    prise_year: 2024
    ^
    found prise_year; allowed: price_year, seed, policy, remove, parameters, time, title, outputs, … and 4 more; did you mean price_year?
""",
    ),
    (
        "wrong type",
        "gdp: 500 bn USD",
        "gdp: [500]",
        """\
bad.yaml:6:26: world.states[0].gdp: this is not a number
    - {name: Ardia, gdp: [500]}
                         ^
    found a list; allowed: a yearly amount such as 300 (million USD) or 2.5 bn USD/yr
""",
    ),
    (
        "wrong type of name",
        "name: Forge",
        "name: 17",
        """\
bad.yaml:10:14: world.firms[0].name: a name must be text; put numbers in quotes
    - {name: 17, home: Ardia, lines: [aircraft]}
             ^
    found 17
""",
    ),
    (
        "text where a number belongs",
        "gdp: 500 bn USD",
        "gdp: plenty",
        """\
bad.yaml:6:26: world.states[0].gdp: this is not a number
    - {name: Ardia, gdp: plenty}
                         ^
    found plenty; allowed: a yearly amount such as 300 (million USD) or 2.5 bn USD/yr
""",
    ),
    (
        "wrong unit",
        "300 km",
        "300 kg",
        """\
bad.yaml:14:43: world.relations[0].distance: the unit kg is not known here
    - {between: [Ardia, Boria], distance: 300 kg}
                                          ^
    found 300 kg; allowed: a distance such as 300 or 300 km
""",
    ),
    (
        "out of range",
        "offset_rate: 40%",
        "offset_rate: 3",
        """\
bad.yaml:17:26: policy.states.Ardia.offset_rate: the value is out of range
    Ardia: {offset_rate: 3}
                         ^
    found 3; allowed: 0% to 150%
""",
    ),
    (
        "percent above 100",
        "{name: Pact,",
        "{name: Pact, cohesion: 120%,",
        """\
bad.yaml:12:30: world.alliances[0].cohesion: the value is out of range
    - {name: Pact, cohesion: 120%, kind: defence_pact, members: [Ardia, Boria]}
                             ^
    found 120%; allowed: 0% to 100%
""",
    ),
    (
        "negative money",
        "500 bn USD",
        "-500 bn USD",
        """\
bad.yaml:6:26: world.states[0].gdp: the value is out of range
    - {name: Ardia, gdp: -500 bn USD}
                         ^
    found -500 bn USD; allowed: 1 to 1 000 000 000 MUSD/yr
""",
    ),
    (
        "unknown state in a relation",
        "between: [Ardia, Boria]",
        "between: [Ardia, Borea]",
        """\
bad.yaml:14:25: world.relations[0].between[1]: there is no state of this name
    - {between: [Ardia, Borea], distance: 300 km}
                        ^
    found Borea; allowed: Ardia, Boria, Coria; did you mean Boria?
""",
    ),
    (
        "unknown state in an alliance",
        "members: [Ardia, Boria]",
        "members: [Ardia, Boria, Borja]",
        """\
bad.yaml:12:64: world.alliances[0].members[2]: there is no state of this name
    - {name: Pact, kind: defence_pact, members: [Ardia, Boria, Borja]}
                                                               ^
    found Borja; allowed: Ardia, Boria, Coria; did you mean Boria?
""",
    ),
    (
        "unknown state in an event",
        "from: Ardia",
        "from: Arda",
        """\
bad.yaml:19:32: events[0].embargo.from: there is no state or alliance of this name
    - {at: 2026, embargo: {from: Arda, on: Coria, years: 2}}
                                 ^
    found Arda; allowed: Ardia, Boria, Coria, Pact; did you mean Ardia?
""",
    ),
    (
        "unknown state in a policy",
        "    Ardia: {",
        "    Ardua: {",
        """\
bad.yaml:17:5: policy.states.Ardua: there is no state of this name
    Ardua: {offset_rate: 40%}
    ^
    found Ardua; allowed: Ardia, Boria, Coria, all; did you mean Ardia?
""",
    ),
    (
        "unknown lever",
        "offset_rate: 40%",
        "gdp: 40",
        """\
bad.yaml:17:13: policy.states.Ardia.gdp: this is part of the world, not of a policy; set it under world:
    Ardia: {gdp: 40}
            ^
""",
    ),
    (
        "duplicate state",
        "name: Coria",
        "name: Boria",
        """\
bad.yaml:8:14: world.states[2].name: this state is given twice; first at bad.yaml:7:14
    - {name: Boria, gdp: 90 bn USD}
             ^
    found Boria
bad.yaml:19:43: events[0].embargo.on: there is no state of this name
    - {at: 2026, embargo: {from: Ardia, on: Coria, years: 2}}
                                            ^
    found Coria; allowed: Ardia, Boria; did you mean Boria?
""",
    ),
    (
        "states alike but for case",
        "name: Coria",
        "name: boria",
        """\
bad.yaml:8:14: world.states[2].name: this state differs from Boria only in case; first at bad.yaml:7:14
    - {name: boria, gdp: 90 bn USD}
             ^
    found boria
bad.yaml:19:43: events[0].embargo.on: there is no state of this name
    - {at: 2026, embargo: {from: Ardia, on: Coria, years: 2}}
                                            ^
    found Coria; allowed: Ardia, Boria, boria; did you mean Boria?
""",
    ),
    (
        "duplicate firm",
        "    - {name: Forge, home: Ardia, lines: [aircraft]}\n",
        "    - {name: Forge, home: Ardia}\n    - {name: Forge, home: Boria}\n",
        """\
bad.yaml:11:14: world.firms[1].name: this firm is given twice; first at bad.yaml:10:14
    - {name: Forge, home: Boria}
             ^
    found Forge
""",
    ),
    (
        "list where a mapping belongs",
        "{start: 2025, end: 2030}",
        "[2025, 2030]",
        """\
bad.yaml:2:7: time: a mapping of keys to values belongs here
    time: [2025, 2030]
          ^
    found a list
""",
    ),
    (
        "mapping where a list belongs",
        "members: [Ardia, Boria]",
        "members: {Ardia: yes}",
        """\
bad.yaml:12:49: world.alliances[0].members: a list belongs here
    - {name: Pact, kind: defence_pact, members: {Ardia: yes}}
                                                ^
    found a mapping
""",
    ),
    (
        "missing required field",
        "{name: Ardia, gdp: 500 bn USD}",
        "{name: Ardia}",
        """\
bad.yaml:6:7: world.states[0].gdp: a required key is missing: gdp
    - {name: Ardia}
      ^
    allowed: Gross domestic product, prices of the price year. 1 to 1 000 000 000 MUSD/yr
""",
    ),
    (
        "missing section",
        "price_year: 2024\n",
        "",
        """\
bad.yaml:1:1: price_year: a required key is missing: price_year
    deftrade: 1
    ^
    allowed: Year whose dollars the amounts are in
""",
    ),
    (
        "bad date of an event",
        "at: 2026",
        "at: 2026-Q5",
        """\
bad.yaml:19:10: events[0].at: quarters run from Q1 to Q4
    - {at: 2026-Q5, embargo: {from: Ardia, on: Coria, years: 2}}
           ^
    found 2026-Q5; allowed: a year (2031), a quarter (2031-Q1) or a month (2031-03)
""",
    ),
    (
        "bad date of a policy",
        "offset_rate: 40%",
        "offset_rate: {2027: 30%, soon: 40%}",
        """\
bad.yaml:17:38: policy.states.Ardia.offset_rate.soon: this is not a date
    Ardia: {offset_rate: {2027: 30%, soon: 40%}}
                                     ^
    found soon; allowed: a year (2031), a quarter (2031-Q1) or a month (2031-03)
""",
    ),
    (
        "event before the start",
        "at: 2026",
        "at: 2024-Q4",
        """\
bad.yaml:19:10: events[0].at: the date is before the start
    - {at: 2024-Q4, embargo: {from: Ardia, on: Coria, years: 2}}
           ^
    found 2024-Q4; allowed: from 2025 to before 2030
""",
    ),
    (
        "event after the end",
        "at: 2026",
        "at: 2030",
        """\
bad.yaml:19:10: events[0].at: the date is not before the end
    - {at: 2030, embargo: {from: Ardia, on: Coria, years: 2}}
           ^
    found 2030; allowed: from 2025 to before 2030
""",
    ),
    (
        "policy after the end",
        "offset_rate: 40%",
        "offset_rate: {2027: 30%, 2031: 40%}",
        """\
bad.yaml:17:38: policy.states.Ardia.offset_rate.2031: the date is not before the end
    Ardia: {offset_rate: {2027: 30%, 2031: 40%}}
                                     ^
    found 2031; allowed: from 2025 to before 2030
""",
    ),
    (
        "one date twice",
        "offset_rate: 40%",
        "offset_rate: {2027: 30%, 2027-Q1: 40%}",
        """\
bad.yaml:17:47: policy.states.Ardia.offset_rate.2027-Q1: this is the same date as 2027
    Ardia: {offset_rate: {2027: 30%, 2027-Q1: 40%}}
                                              ^
    found 2027-Q1
""",
    ),
    (
        "end before start",
        "end: 2030",
        "end: 2020",
        """\
bad.yaml:2:26: time.end: the end is not after the start
    time: {start: 2025, end: 2020}
                             ^
    found 2020; allowed: 2026 or later
""",
    ),
    (
        "alliance with one member",
        "members: [Ardia, Boria]",
        "members: [Ardia]",
        """\
bad.yaml:12:49: world.alliances[0].members: an alliance needs members
    - {name: Pact, kind: defence_pact, members: [Ardia]}
                                                ^
    found 1; allowed: two members or more
""",
    ),
    (
        "member twice",
        "members: [Ardia, Boria]",
        "members: [Ardia, Boria, Ardia]",
        """\
bad.yaml:12:64: world.alliances[0].members[2]: this member is given twice
    - {name: Pact, kind: defence_pact, members: [Ardia, Boria, Ardia]}
                                                               ^
""",
    ),
    (
        "firm in an unknown state",
        "home: Ardia",
        "home: Atlantis",
        """\
bad.yaml:10:27: world.firms[0].home: there is no state of this name
    - {name: Forge, home: Atlantis, lines: [aircraft]}
                          ^
    found Atlantis; allowed: Ardia, Boria, Coria
""",
    ),
    (
        "firm in no state",
        "home: Ardia, ",
        "",
        """\
bad.yaml:10:7: world.firms[0].home: a required key is missing: home
    - {name: Forge, lines: [aircraft]}
      ^
    allowed: Home state
""",
    ),
    (
        "unknown category",
        "lines: [aircraft]",
        "lines: [aircrafts]",
        """\
bad.yaml:10:42: world.firms[0].lines[0].category: there is no category of this name
    - {name: Forge, home: Ardia, lines: [aircrafts]}
                                         ^
    found aircrafts; allowed: aircraft, ships, missiles, armour, air_defence, sensors, artillery; did you mean aircraft?
""",
    ),
    (
        "one category twice",
        "lines: [aircraft]",
        "lines: [aircraft, aircraft]",
        """\
bad.yaml:10:52: world.firms[0].lines[1]: Forge makes this category twice; first at bad.yaml:10:42
    - {name: Forge, home: Ardia, lines: [aircraft, aircraft]}
                                                   ^
    found aircraft
""",
    ),
    (
        "components from home",
        "lines: [aircraft]",
        "lines: [{category: aircraft, components: [{from: Ardia, share: 20%}]}]",
        """\
bad.yaml:10:83: world.firms[0].lines[0].components[0].from: components from home are not foreign
    - {name: Forge, home: Ardia, lines: [{category: aircraft, components: [{from: Ardia, share: 20%}]}]}
                                                                                  ^
    found Ardia
""",
    ),
    (
        "components that add to too much",
        "lines: [aircraft]",
        "lines: [{category: aircraft, components: [{from: Boria, share: 60%}, {from: Coria, share: 40%}]}]",
        """\
bad.yaml:10:75: world.firms[0].lines[0].components: the shares of components add to too much
    - {name: Forge, home: Ardia, lines: [{category: aircraft, components: [{from: Boria, share: 60%}, {f…
                                                                          ^
    found 100%; allowed: at most 90%
""",
    ),
    (
        "a category of which more than all retires in a year",
        "world:\n",
        "world:\n  categories: [{name: aircraft, demand_share: 100%, declining_balance: 3, lifetime: 2}]\n",
        """\
bad.yaml:5:72: world.categories[0].declining_balance: more than all would retire in a year: the declining \
balance is above the lifetime
    categories: [{name: aircraft, demand_share: 100%, declining_balance: 3, lifetime: 2}]
                                                                         ^
    found declining_balance 3, lifetime 2 year
""",
    ),
    (
        "a category in which quality does not pay",
        "world:\n",
        "world:\n  categories: [{name: aircraft, demand_share: 100%, quality_effect: 2}]\n",
        """\
bad.yaml:5:69: world.categories[0].quality_effect: quality would cost what it does or more: money would buy \
no more capability in it
    categories: [{name: aircraft, demand_share: 100%, quality_effect: 2}]
                                                                      ^
    found quality_cost 2.5, quality_effect 2
""",
    ),
    (
        "demand shares that do not add to one",
        "world:\n",
        "world:\n  categories: [{name: aircraft, demand_share: 60%}, {name: ships, demand_share: 30%}]\n",
        """\
bad.yaml:5:3: world.categories: the demand shares of the categories do not add to 100%
    categories: [{name: aircraft, demand_share: 60%}, {name: ships, demand_share: 30%}]
    ^
    found 90%
""",
    ),
    (
        "budget shares that add to more than one",
        "offset_rate: 40%",
        "procurement_share: {2027: 60%, 2029: 66%}, support_share: 32%, research_share: 3%",
        """\
bad.yaml:17:32: policy.states.Ardia.procurement_share: the shares for equipment, support and research of Ardia add to more than 100%
    Ardia: {procurement_share: {2027: 60%, 2029: 66%}, support_share: 32%, research_share: 3%}
                               ^
    found 66% + 32% + 3% = 101% from 2029
""",
    ),
    (
        "financing shares that add to more than one",
        "gdp: 500 bn USD",
        "gdp: 500 bn USD, debt_financing: 95%, reallocation_financing: 10%",
        """\
bad.yaml:6:54: world.states[0].debt_financing: the shares financed by debt and by other spending of Ardia add to more than 100%
    - {name: Ardia, gdp: 500 bn USD, debt_financing: 95%, reallocation_financing: 10%}
                                                     ^
    found 95% + 10% = 105%
""",
    ),
    (
        "two kinds in one event",
        "years: 2}",
        "years: 2}, oil_shock: {size: 0.2}",
        """\
bad.yaml:19:5: events[0]: an event has one kind; write one event for each
    - {at: 2026, embargo: {from: Ardia, on: Coria, years: 2}, oil_shock: {size: 0.2}}
      ^
    found embargo and oil_shock
""",
    ),
    (
        "no kind in an event",
        ", embargo: {from: Ardia, on: Coria, years: 2}",
        "",
        """\
bad.yaml:19:5: events[0]: an event needs a kind
    - {at: 2026}
      ^
    allowed: embargo, lift_embargo, sanction, veto, gdp_shock, oil_shock, exchange_shock, hostility, … and 9 more
""",
    ),
    (
        "unknown kind of event",
        "embargo:",
        "embargoe:",
        """\
bad.yaml:19:16: events[0].embargoe: this key is not known here
    - {at: 2026, embargoe: {from: Ardia, on: Coria, years: 2}}
                 ^
    found embargoe; allowed: embargo, lift_embargo, leader, breakthrough, exchange_shock, war, veto, sanction, … and 10 more; did you mean embargo?
""",
    ),
    (
        "exit below two members",
        "embargo: {from: Ardia, on: Coria, years: 2}",
        "exit: {alliance: Pact, state: Boria}",
        """\
bad.yaml:19:46: events[0].exit.state: this exit leaves Pact with fewer than two members
    - {at: 2026, exit: {alliance: Pact, state: Boria}}
                                               ^
    found Boria
""",
    ),
    (
        "exit of a stranger",
        "embargo: {from: Ardia, on: Coria, years: 2}",
        "exit: {alliance: Pact, state: Coria}",
        """\
bad.yaml:19:46: events[0].exit.state: this state is no member of Pact at that date
    - {at: 2026, exit: {alliance: Pact, state: Coria}}
                                               ^
    found Coria
""",
    ),
    (
        "embargo on oneself",
        "on: Coria",
        "on: Ardia",
        """\
bad.yaml:19:43: events[0].embargo.on: a state cannot do this to itself
    - {at: 2026, embargo: {from: Ardia, on: Ardia, years: 2}}
                                            ^
""",
    ),
    (
        "relation without an end",
        "between: [Ardia, Boria]",
        "from: Ardia",
        """\
bad.yaml:14:7: world.relations[0]: name the states by between: [A, B], or by from: A and to: B
    - {from: Ardia, distance: 300 km}
      ^
""",
    ),
    (
        "relation twice",
        "distance: 300 km}",
        "distance: 300 km}\n    - {between: [Boria, Ardia], distance: 200 km}",
        """\
bad.yaml:15:33: world.relations[1].distance: this is given twice for Ardia and Boria; first at bad.yaml:14:43
    - {between: [Boria, Ardia], distance: 200 km}
                                ^
""",
    ),
    (
        "other format",
        "deftrade: 1",
        "deftrade: 2",
        """\
bad.yaml:1:11: deftrade: this release reads another version of the scenario format
    deftrade: 2
              ^
    found 2; allowed: 1
""",
    ),
    (
        "parameter out of range",
        "policy:",
        "parameters: {budgeting: {reaction: 2}}\npolicy:",
        """\
bad.yaml:15:36: parameters.budgeting.reaction: the value is out of range
    parameters: {budgeting: {reaction: 2}}
                                       ^
    found 2; allowed: 0 to 0.95
""",
    ),
    (
        "kept at odd dates",
        "policy:",
        "outputs: {every: month}\npolicy:",
        """\
bad.yaml:15:18: outputs.every: results are kept every step, here a quarter, or every year
    outputs: {every: month}
                     ^
    found month; allowed: step, year
""",
    ),
    (
        "missing table",
        "  relations:\n    - {between: [Ardia, Boria], distance: 300 km}\n",
        "  relations: {csv: pairs.csv}\n",
        """\
bad.yaml:13:20: no such file: pairs.csv
    relations: {csv: pairs.csv}
                     ^
""",
    ),
    (
        "neither list nor table",
        "  relations:\n    - {between: [Ardia, Boria], distance: 300 km}\n",
        "  relations: {table: pairs.csv}\n",
        """\
bad.yaml:13:14: world.relations: a list belongs here, or one file such as {csv: table.csv}
    relations: {table: pairs.csv}
               ^
    found table; allowed: csv, xlsx, parquet
""",
    ),
]


def faults_of(folder, text):
    """Return the faults of a scenario as they are shown, one below the other."""
    (folder / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load("bad.yaml")
    return "\n".join(str(fault) for fault in caught.value.faults)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_minimal_scenario_is_valid(folder):
    (folder / "good.yaml").write_text(MINIMAL, encoding="utf-8")
    scenario = load("good.yaml")
    assert scenario.world.names.states == ["Ardia", "Boria", "Coria"]


@pytest.mark.parametrize(("old", "new", "shown"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_a_fault_is_shown_at_its_place(folder, old, new, shown):
    assert old in MINIMAL
    assert faults_of(folder, MINIMAL.replace(old, new, 1)) == shown.rstrip("\n")


def test_faults_of_all_sections_are_reported_together(folder):
    text = MINIMAL
    for old, new in (
        ("gdp: 500 bn USD", "gdp: plenty"),
        ("members: [Ardia, Boria]", "members: [Ardia, Atlantis]"),
        ("at: 2026", "at: 2031"),
        ("offset_rate: 40%", "offset_rate: 40, procurement_share: 66%, support_share: 40%"),
    ):
        text = text.replace(old, new)
    shown = faults_of(folder, text)
    problems = [line.split(": ")[2] for line in shown.splitlines() if line.startswith("bad.yaml")]
    assert problems == [
        "this is not a number",
        "there is no state of this name",
        "the value is out of range",
        "the shares for equipment, support and research of Ardia add to more than 100%",
        "the date is not before the end",
    ]


def test_a_world_without_states(folder):
    text = MINIMAL[: MINIMAL.index("world:")] + "world: {seed: 1}\n"
    assert faults_of(folder, text) == (
        "bad.yaml:4:1: world.states: the world has no states\n"
        "    world: {seed: 1}\n"
        "    ^\n"
        "    allowed: a list of states, a table such as {csv: states.csv}, or generate:"
    )


def test_reactions_without_end_are_refused_and_their_cluster_is_named(folder):
    text = MINIMAL.replace("distance: 300 km}", "distance: 300 km, hostility: 90%}").replace(
        "policy:", "parameters: {budgeting: {reaction: 0.95, free_riding: 0.9}}\npolicy:", 1
    )
    assert faults_of(folder, text) == (
        "bad.yaml:15:36: parameters.budgeting.reaction: states' reactions to each other have no "
        "end: the arms race among Ardia, Boria feeds itself\n"
        "    parameters: {budgeting: {reaction: 0.95, free_riding: 0.9}}\n"
        "                                       ^\n"
        "    found a spectral radius of 1.2; allowed: below 1"
    )


# Tables


STATES = "name,gdp,burden\nArdia,500 bn USD,2%\nBoria,800 bn USD,3%\nCoria,90 bn USD,1%\n"
TABLED = MINIMAL.replace(
    MINIMAL[MINIMAL.index("  states:\n    - {name: Ardia") : MINIMAL.index("  firms:")],
    "  states: {csv: states.csv}\n",
    1,
)


def test_a_missing_column_is_reported_once(folder):
    (folder / "states.csv").write_text("name,burden\nArdia,2%\nBoria,3%\nCoria,1%\n")
    assert faults_of(folder, TABLED) == (
        "states.csv:1:1: a required column is missing: gdp\n"
        "    name,burden\n"
        "    ^\n"
        "    allowed: Gross domestic product, prices of the price year. 1 to 1 000 000 000 MUSD/yr"
    )


def test_an_unknown_column_is_reported_once(folder):
    (folder / "states.csv").write_text(STATES.replace("burden", "burdn"))
    shown = faults_of(folder, TABLED)
    assert shown.startswith(
        "states.csv:1:10: burdn: this column is not known here\n    name,gdp,burdn\n             ^\n"
    )
    assert shown.endswith("did you mean burden?")
    assert shown.count("states.csv:") == 1


def test_text_where_a_number_belongs_names_the_row(folder):
    (folder / "states.csv").write_text(STATES.replace("800 bn USD", "many"))
    assert faults_of(folder, TABLED) == (
        "states.csv:3:7: world.states[1].gdp: this is not a number\n"
        "    Boria,many,3%\n"
        "          ^\n"
        "    found many; allowed: a yearly amount such as 300 (million USD) or 2.5 bn USD/yr"
    )


def test_a_state_given_twice_in_a_table(folder):
    (folder / "states.csv").write_text(STATES + "Ardia,1 bn USD,1%\n")
    assert faults_of(folder, TABLED) == (
        "states.csv:5:1: world.states[3].name: this state is given twice; "
        "first at states.csv:2:1\n"
        "    Ardia,1 bn USD,1%\n"
        "    ^\n"
        "    found Ardia"
    )


def test_a_byte_order_mark_and_semicolons_are_accepted(folder):
    (folder / "states.csv").write_text("\ufeff" + STATES.replace(",", ";"), encoding="utf-8")
    (folder / "good.yaml").write_text(TABLED)
    assert load("good.yaml").world.names.states == ["Ardia", "Boria", "Coria"]


def test_a_damaged_parquet_file_is_reported_where_it_is_named(folder):
    (folder / "states.parquet").write_bytes(b"no table")
    shown = faults_of(folder, TABLED.replace("{csv: states.csv}", "{parquet: states.parquet}"))
    assert shown.startswith("bad.yaml:5:21: world.states.parquet: cannot read states.parquet: ")
    assert shown.count("bad.yaml:") == 1


# The text layer, through load


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the file is empty"),
        ("a: 1\n\tb: 2\n", "a tab stands where YAML needs spaces; indent with spaces"),
        (MINIMAL + "seed: 1\nseed: 2\n", "this key is given twice"),
        (MINIMAL + "extends: bad.yaml\n", "the scenarios extend each other in a circle"),
        (MINIMAL + "extends: none.yaml\n", "no such file: none.yaml"),
        (MINIMAL.replace("policy:", "policy:\n  include: [none.yaml]"), "no such file: none.yaml"),
        ("title: !!python/object:os.system x\n", "tags are not used in scenarios"),
        ("title: " + "[" * 100_000, "nests deeper than"),
    ],
    ids=["empty", "tab", "key twice", "circle", "parent", "module", "tag", "brackets"],
)
def test_what_cannot_be_read_is_no_other_error(folder, text, problem):
    assert problem in faults_of(folder, text)


def test_two_modules_that_clash(folder):
    for name in ("one", "two"):
        (folder / f"{name}.yaml").write_text("states: {Ardia: {offset_rate: 10%}}\n")
    text = MINIMAL.replace("policy:", "policy:\n  include: [one.yaml, two.yaml]")
    shown = faults_of(folder, text)
    assert shown.startswith("two.yaml:1:31: policy.states.Ardia.offset_rate: two included modules")


def test_a_state_may_be_called_no(folder):
    (folder / "good.yaml").write_text(MINIMAL.replace("Coria", "NO"))
    scenario = load("good.yaml")
    assert scenario.world.names.states[2] == "NO"
    assert scenario.events[0].effect.target == 2
