"""Runs of the flagship and its variants, made once for all tests of explanations."""

from functools import cache
from pathlib import Path

import pytest

from deftrade import load, simulate
from deftrade.explanations.replay.sources import open_source
from deftrade.explanations.two_runs.between import between
from deftrade.report.files import write_run
from validation.explained import EXAMPLES

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


@cache
def _run(name, years, seed):
    return simulate(load(SCENARIOS / f"{name}.yaml", years=years, seed=seed))


@cache
def _example(variant):
    example = EXAMPLES[variant]
    sources = [
        open_source(_run(name, example.years, example.seed)) for name in ("crescent_cooperation", variant)
    ]
    told, lineage = between(*sources, example.indicator)
    return sources, told, lineage


@pytest.fixture(scope="session")
def flagship():
    """Give what runs the flagship, or a variant of it, once."""
    return _run


@pytest.fixture(scope="session")
def example():
    """Give what explains an example of the documentation, once."""
    return _example


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Give the folder of a short result."""
    return write_run(_run("crescent_cooperation", 2, 5), tmp_path_factory.mktemp("results")).folder
