"""Families of claims: what their files must have in common."""

from pathlib import Path

import pytest

from deftrade import load
from deftrade.scenario.changes_text import diff
from deftrade.scenario.digests import treatment_digest, world_digest

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
FAMILIES = sorted(path.name for path in (SCENARIOS / "claims").iterdir() if path.is_dir())
WORLDS = ("main", "null", "reverse")


def read(claim, name):
    """Return a scenario of a family."""
    return load(SCENARIOS / "claims" / claim / f"{name}.yaml")


def test_there_are_five_claims():
    assert FAMILIES == ["alliances", "capability", "control", "exports", "together"]


@pytest.mark.parametrize("claim", FAMILIES)
def test_each_world_has_a_pair_that_differs_in_the_policy_alone(claim):
    treatments = set()
    for world in WORLDS:
        without, treated = read(claim, world), read(claim, f"{world}_policy")
        assert world_digest(without) == world_digest(treated)
        assert without.seed == treated.seed
        assert without.outputs == treated.outputs
        assert not without.policy
        assert not treated.events
        treatments.add(treatment_digest(treated))
        assert treatment_digest(treated) != treatment_digest(without)
    assert len(treatments) == 1


@pytest.mark.parametrize("claim", FAMILIES)
def test_worlds_of_a_claim_differ_in_parameters_alone(claim):
    main = read(claim, "main")
    assert world_digest(main) == world_digest(load(SCENARIOS / "baseline.yaml"))
    told = {world: diff(main, read(claim, world)) for world in ("null", "reverse")}
    for lines in told.values():
        changes = [line for line in lines if not line.startswith("title: ")]
        assert changes
        assert all(line.startswith("parameter: ") for line in changes), changes
    assert told["null"] != told["reverse"]


def test_all_policies_together_are_those_of_the_flagship():
    flagship = load(SCENARIOS / "crescent_cooperation.yaml")
    together = read("together", "main_policy")
    assert treatment_digest(together) == treatment_digest(flagship)
    assert world_digest(together) == world_digest(flagship)
