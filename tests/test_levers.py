"""Every lever moves its indicator through its channel, and through no other way."""

from itertools import product

import numpy as np
import pytest
from tests.evidence import SEEDS, Condition, levers, played, traces

from deftrade.phases import ORDER
from deftrade.tables import ALL

LEVERS = [column for table in ALL for column in table.columns if column.role == "lever"]
ROWS = levers()
NAMES = [phase.name for phase in ORDER]


def cases(rows):
    """Return parameters of a test, those that the code still fails marked."""
    return [
        pytest.param(
            row,
            id=f"{row.name}-{place}",
            marks=[pytest.mark.xfail(strict=True, reason=row.broken)] if row.broken else [],
        )
        for place, row in enumerate(rows)
    ]


def share_moved(row):
    """Return the paired move of the indicator as a share of the larger arm."""
    low, high = (
        np.mean([row.measure.of(played(arm, row.base, seed)) for seed in SEEDS]) for arm in (row.low, row.high)
    )
    return (high - low) / max(abs(low), abs(high), 1e-12)


def cut_condition(row):
    """Return what holds in both arms where the channel is cut."""
    return row.cut if row.instead else row.base + row.cut


def differing(one, other, beside=()):
    """Return the columns in which two runs differ at their end."""
    first, second = traces(one), traces(other)
    return [
        path for path in first if first[path] != second[path] and path not in {item.path for item in beside}
    ]


def test_every_lever_has_evidence():
    assert {row.subject for row in ROWS} == set(LEVERS)


@pytest.mark.parametrize("row", cases(ROWS))
def test_a_lever_moves_its_indicator_in_the_documented_direction(row):
    moved = share_moved(row)
    assert np.sign(moved) == row.sign
    assert abs(moved) >= row.least


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.name}-{place}") for place, row in enumerate(ROWS)])
def test_a_lever_does_nothing_where_its_channel_is_cut(row):
    for seed in SEEDS[:1]:
        low, high = (played(arm, cut_condition(row), seed) for arm in (row.low, row.high))
        assert row.measure.of(low) == row.measure.of(high)
        if row.whole:
            assert differing(low, high, row.beside) == []


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.name}-{place}") for place, row in enumerate(ROWS) if row.off]
)
def test_a_lever_at_its_off_value_is_as_if_it_were_not_there(row):
    off, cut = played(row.off, row.base, SEEDS[0]), played(row.low, cut_condition(row), SEEDS[0])
    assert row.measure.of(off) == row.measure.of(cut)


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.name}-{place}") for place, row in enumerate(ROWS)])
def test_the_indicator_lies_two_phases_from_the_lever(row):
    readers = [place for place, phase in enumerate(ORDER) if row.subject in phase.reads]
    seen = NAMES.index(row.measure.phase)
    assert readers, "no phase reads this lever"
    assert max((seen - place) % len(ORDER) for place in readers) >= 2


def test_treatments_start_from_one_opening():
    runs = [played(row.low, Condition(), SEEDS[0]) for row, _ in product(ROWS[:1], SEEDS[:1])]
    assert len({next(iter(run.digests), "") for run in runs}) <= 1
