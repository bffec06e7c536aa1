"""Every lever moves its indicator through its channel, and through no other way."""

import numpy as np
import pytest

from deftrade.core.tables import ALL
from deftrade.phases import ORDER
from deftrade.report.measured import kept
from validation.evidence.measured import REGENERATE, named, stale
from validation.evidence.rows import arms, cut_condition, differing
from validation.evidence.running import SEEDS, played

LEVERS = [column for table in ALL for column in table.columns if column.role == "lever"]
ROWS = {name: row for name, row in named().items() if not isinstance(row.subject, str)}
"""A lever that acts through two channels, or is seen in two places, has two rows."""
KEPT = kept()
QUICK = {row.measure.phase: name for name, row in reversed(ROWS.items()) if not row.broken}.values()
"""One row for each phase where an effect is seen; all others are slow."""


def tiers(names):
    """Return names as parameters, of which few are quick."""
    return [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in names]


def broken(name):
    """Return a test's parameter, marked if the code does not act as documented yet."""
    row = ROWS[name]
    marks = [pytest.mark.xfail(strict=True, reason=row.broken)] if row.broken else []
    marks += [] if name in QUICK else [pytest.mark.slow]
    return pytest.param(row, id=name, marks=marks)


def test_every_lever_has_evidence():
    assert {row.subject for row in ROWS.values()} == set(LEVERS)


@pytest.mark.parametrize("row", [broken(name) for name in ROWS])
def test_a_lever_moves_its_indicator_in_the_documented_direction(row):
    """The kept table holds this for every seed, and by how much; here it shows afresh for one."""
    low, high = arms(row, SEEDS[:1])
    assert np.sign(high[0] - low[0]) == row.sign


@pytest.mark.parametrize("name", tiers(ROWS))
def test_the_kept_table_says_what_a_fresh_run_finds_for_a_lever(name):
    found = stale(name, ROWS[name], KEPT)
    assert not found, f"{found}\n{REGENERATE}"


@pytest.mark.parametrize("name", tiers(ROWS))
def test_a_lever_does_nothing_where_its_channel_is_cut(name):
    row = ROWS[name]
    low, high = (played(arm, cut_condition(row), SEEDS[0]) for arm in (row.low, row.high))
    assert row.measure.of(low) == row.measure.of(high)
    if row.whole:
        assert differing(low, high, row.beside) == []


@pytest.mark.parametrize("name", tiers(name for name, row in ROWS.items() if row.off))
def test_a_lever_at_its_off_value_is_as_if_its_channel_were_cut(name):
    row = ROWS[name]
    off, cut = played(row.off, row.base, SEEDS[0]), played(row.low, cut_condition(row), SEEDS[0])
    assert row.measure.of(off) == row.measure.of(cut)


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.path)
def test_an_indicator_answers_two_phases_or_more_from_where_the_lever_is_read(lever):
    names = [phase.name for phase in ORDER]
    read = [place for place, phase in enumerate(ORDER) if lever in phase.reads]
    seen = [names.index(row.measure.phase) for row in ROWS.values() if row.subject is lever]
    assert read, "no phase reads this lever"
    assert max((there - here) % len(ORDER) for there in seen for here in read) >= 2
