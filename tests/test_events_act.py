"""Every event moves its indicator through its channel; an event of no size changes nothing."""

import numpy as np
import pytest
from tests.evidence import SEEDS, Condition, Treatment, events, nothing_happens, played
from tests.test_levers import cases, cut_condition, differing, share_moved

from deftrade.scenario.events import KINDS

ROWS = events()


def test_every_kind_of_event_has_evidence():
    assert {row.subject for row in ROWS} == set(KINDS)


@pytest.mark.parametrize("row", cases(ROWS))
def test_an_event_moves_its_indicator_in_the_documented_direction(row):
    moved = share_moved(row)
    assert np.sign(moved) == row.sign
    assert abs(moved) >= row.least


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.name}-{place}") for place, row in enumerate(ROWS)])
def test_an_event_does_nothing_where_its_channel_is_cut(row):
    low, high = (played(arm, cut_condition(row), SEEDS[0]) for arm in (row.low, row.high))
    assert row.measure.of(low) == row.measure.of(high)
    if row.whole:
        assert differing(low, high, row.beside) == []


@pytest.mark.parametrize("kind", sorted(nothing_happens()))
def test_an_event_of_no_size_changes_nothing(kind):
    quiet = played(Treatment(), Condition(), SEEDS[0])
    assert differing(quiet, played(nothing_happens()[kind], Condition(), SEEDS[0])) == []
