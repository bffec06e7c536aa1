"""Small experiments for tests: two states, one year."""

from __future__ import annotations

from textwrap import dedent

SCENARIO = """\
deftrade: 1
title: Two neighbours
time: {start: 2025, end: 2027, step: quarter}
price_year: 2024
seed: 7
world:
  seed: 3
  categories:
    - {name: missiles, demand_share: 60%}
    - {name: artillery, demand_share: 40%}
  states:
    - {name: Noor, gdp: 450 bn USD, burden: 3.2%, know_how: 0.5, rung: 6}
    - {name: Kharan, gdp: 380 bn USD, burden: 4.6%}
    - {name: Westmark, gdp: 4.2 tn USD, know_how: 0.9, rung: 8}
  firms:
    - {name: Noor Defence, home: Noor, lines: [missiles]}
    - {name: Westmark Aero, home: Westmark, lines: [missiles, artillery]}
  relations:
    - {between: [Noor, Kharan], distance: 600 km, hostility: 50%, alignment: -0.4}
    - {between: [Noor, Westmark], distance: 4 000 km, alignment: 0.5}
outputs: {focus: Noor}
"""
POLICY = """\
extends: base.yaml
title: Offsets
policy:
  states:
    Noor: {offset_rate: {2026: 50%}, localisation_target: 20%}
"""


def write(folder, text, name="experiment.yaml"):
    """Write an experiment beside the scenarios that it names, and return its path."""
    (folder / "base.yaml").write_text(SCENARIO, encoding="utf-8")
    (folder / "offsets.yaml").write_text(f"deftrade: 1\n{POLICY}", encoding="utf-8")
    path = folder / name
    path.write_text("deftrade_experiment: 1\n" + dedent(text), encoding="utf-8")
    return path


GRID = """\
scenario: offsets.yaml
baseline: base.yaml
years: 1
factors:
  policy.states.Noor.procurement_share: {levels: [15%, 50%]}
  parameters.budgeting.reaction: {range: [0.1, 0.4]}
design: grid
points: 2
runs: 2
seed: 5
indicators: [exports, imports]
"""
"""Four points, each with a policy and a baseline of its own."""
