"""Each term of a phase, altered in the phase alone, is altered in what explanations say of it."""

import sys

import numpy as np
import pytest

from deftrade import simulation
from deftrade.explanations.flips import flips
from deftrade.explanations.judgements import Judgements
from deftrade.explanations.replaying import Watch
from deftrade.explanations.scoring import LUCK, Selections
from deftrade.phases import margins, utility
from deftrade.phases.margins import MarginTerms
from deftrade.phases.utility import CommonTerms, ForeignTerms, HomeTerms, UtilityTerms
from deftrade.tables.codes import CRITERIA, LicenceStatus, Rule

SELECTING = sys.modules["deftrade.phases.selecting"]
LICENSING = sys.modules["deftrade.phases.licensing"]
TERMS = [
    (group, name)
    for group, terms in (("home", HomeTerms), ("foreign", ForeignTerms), ("common", CommonTerms))
    for name in terms._fields
]
SHIFT = 0.05


class Anything:
    """Holds whatever is asked for."""

    def __contains__(self, item):
        return True


def altered(terms, name):
    """Return terms of which one counts double, and a little more."""
    return terms._replace(**{name: 2 * getattr(terms, name) + SHIFT})


@pytest.fixture(scope="module")
def opened(flagship):
    """Give what plays the first step of a fresh run with a watch, and returns its world."""
    scenario = flagship("strict_control", 6, 10).scenario

    def play(watch, steps=1):
        run = simulation.start(scenario)
        run.order = tuple(
            watching(phase, watch) if phase.name == watch.phase else phase for phase in run.order
        )
        for _ in range(steps):
            simulation.step(run)
        return run.world

    return play
