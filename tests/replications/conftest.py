"""One run of the synthetic world for all replications that read orders."""

from pathlib import Path

import pytest

from deftrade import load
from validation.replications.watching import trade_of

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
YEARS = 15


@pytest.fixture(scope="session")
def scenarios():
    return SCENARIOS


@pytest.fixture(scope="session")
def watched():
    return trade_of(load(SCENARIOS / "world_synthetic.yaml", years=YEARS))
