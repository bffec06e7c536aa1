"""Causes that are named hold: without them the second run decides as the first does."""

from dataclasses import replace
from pathlib import Path

import pytest

from deftrade import load, simulate
from deftrade.explanations.replay.decisions import Log, align
from deftrade.explanations.replay.sources import open_source
from deftrade.explanations.two_runs import trials
from deftrade.explanations.two_runs.between import between
from deftrade.explanations.two_runs.divergence import causes, run_pair
from deftrade.explanations.two_runs.trials import Needed, Trials, question_of, without

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def trials_of(a, b):
    """Return what leaves out causes between two runs, their pairs that differ, and the causes."""
    reasons = causes(a.scenario, b.scenario)
    runs = run_pair(a, b, keep=min(cause.step for cause in reasons))
    log = Log(runs.a.world)
    pairs = [pair for pair in align(log, Log(runs.b.world)) if pair.differs]
    return Trials(a, b, log, reasons, runs.begun), pairs, reasons


@pytest.fixture(scope="module")
def strict(flagship):
    """Give the flagship and strict control with the chains to usable capability."""
    runs = [flagship(name, 6, 10) for name in ("crescent_cooperation", "strict_control")]
    return [*runs, between(*map(open_source, runs), "usable_capability")[0]]


def decisions(results):
    log = results.to_frame("decisions")
    return log.drop(columns=[name for name in log if name == "number"])


def test_a_lever_whose_removal_leaves_the_run_equal_is_not_named(strict):
    a, b, told = strict
    kept = tuple(setting for setting in b.scenario.policy if setting.column.name != "release_ceiling")
    assert len(kept) < len(b.scenario.policy)
    # What the flagship sets of the lever stays as it is there.
    own = tuple(setting for setting in a.scenario.policy if setting.column.name == "release_ceiling")
    other = simulate(replace(b.scenario, policy=(*kept, *own)))
    assert decisions(other).equals(decisions(b))
    chains = told.data["lineage"]["chains"]
    assert chains
    assert not [cause for chain in chains for cause in chain["causes"] if "release ceiling" in cause]
    assert "P7 (release ceiling)" not in str(told)


def test_without_a_named_cause_the_first_link_goes_as_in_the_first_run(strict):
    a, b, told = strict
    marked = {cause.mark: cause for cause in causes(a.scenario, b.scenario)}
    chains = told.data["lineage"]["chains"]
    named = {mark for chain in chains for mark in chain["marks"]}
    assert named
    ours = a.to_frame("decisions")
    for mark in named:
        theirs = simulate(without(a.scenario, b.scenario, [marked[mark]])).to_frame("decisions")
        for chain in chains:
            assert chain["needed"] == "each"
            if mark in chain["marks"] and chain["links"]:
                first = chain["links"][0]
                assert outcomes(theirs, first) == outcomes(ours, first)


def outcomes(log, link):
    found = log[
        (log["step"].astype(str) == link["date"])
        & (log["kind"] == link["kind"])
        & (log["subject"].astype(str) == link["subject"])
        & (log["actor"].astype(str) == link["actor"])
    ]
    return [(row["chosen"], row["rule"]) for _, row in found.iterrows()]


def test_the_first_decision_is_told_with_what_it_needs(example):
    _, told, _ = example("export_drive")
    assert told.data["first_difference"]["marks"] == ["P3"]
    assert "What it needs of that: P3 (export credit): without it, it goes in B as in A." in str(told)
    _, told, _ = example("embargo_shock")
    assert told.data["first_difference"]["marks"] == ["P1"]  # neither the veto nor the alignment
    assert all(chain["marks"] == ["P1"] for chain in told.data["lineage"]["chains"])


def test_a_trial_goes_on_exactly(flagship):
    a, b = (open_source(flagship(name, 3, 21)) for name in ("crescent_cooperation", "export_drive"))
    tried, pairs, reasons = trials_of(a, b)
    for left_out, source in ((reasons, a), ([], b)):
        run = tried._run(left_out)
        tried._is_undone(question_of(pairs[-1])._replace(step=11), left_out)
        assert run.is_done
        assert run.digests == source.digests


def test_years_that_are_kept_as_one_are_tried_too(tmp_path):
    parent = f"deftrade: 1\nextends: {SCENARIOS / 'crescent_cooperation.yaml'}\ntitle: Years\n"
    shock = "events: [{at: 2026-Q3, embargo: {from: Westmark, on: Noor, years: 3, support: true}}]\n"
    sources = []
    for name, more in (("calm", ""), ("shock", shock)):
        file = tmp_path / f"{name}.yaml"
        file.write_text(f"{parent}time: {{step: year}}\n{more}", "utf-8")
        sources.append(open_source(simulate(load(file, years=3, seed=7))))
    told, _ = between(*sources, "usable_capability")
    assert {chain["needed"] for chain in told.data["lineage"]["chains"]} == {"each"}
    assert told.data["first_difference"]["marks"] == ["P1"]


TWICE = """\
deftrade: 1
extends: {parent}
title: Twice
events:
  - {{at: 2026-Q1, embargo: {{from: Westmark, on: Noor, years: 3, support: true}}}}
  - {{at: 2026-Q1, embargo: {{from: Westmark, on: Noor, years: 2, support: true}}}}
"""


def test_causes_that_only_together_are_needed_are_said_to(tmp_path, flagship, monkeypatch):
    file = tmp_path / "twice.yaml"
    file.write_text(TWICE.format(parent=SCENARIOS / "crescent_cooperation.yaml"), "utf-8")
    b = open_source(simulate(load(file, years=2, seed=7)))
    a = open_source(flagship("crescent_cooperation", 2, 7))
    told, _ = between(a, b, "usable_capability")
    assert told.data["first_difference"]["needed"] == "together"
    assert told.data["first_difference"]["marks"] == ["P1", "P2"]
    assert "P1 (embargo) and P2 (embargo) together: it goes in B as in A only without all of them" in str(
        told
    )
    assert "together: its first link is in B as in A only without all of them" in str(told)
    monkeypatch.setattr(trials, "MOST", 1)
    told, _ = between(a, b)
    assert told.data["first_difference"]["needed"] == "untried"
    assert told.data["first_difference"]["marks"] == []
    assert "which of the 2 things in force it needs was not tried: more than 1" in str(told)


def test_where_nothing_is_needed_the_link_to_policy_is_open():
    assert Needed([]).how == "open"
    assert Needed([]).told("it is") == "how policy reached it is not in the log"
