"""Every event moves its indicator through its channel; an event of no size changes nothing."""

import numpy as np
import pytest

from deftrade.report.measured import kept
from deftrade.scenario.events.kinds import KINDS
from validation.evidence import nothing_happens
from validation.evidence.conditions import Condition, Treatment
from validation.evidence.measured import REGENERATE, named, stale
from validation.evidence.rows import arms, cut_condition, differing
from validation.evidence.running import SEEDS, played

ROWS = {name: row for name, row in named().items() if isinstance(row.subject, str)}
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


def test_every_kind_of_event_has_evidence():
    assert {row.subject for row in ROWS.values()} == set(KINDS)


@pytest.mark.parametrize("row", [broken(name) for name in ROWS])
def test_an_event_moves_its_indicator_in_the_documented_direction(row):
    """The kept table holds this for every seed, and by how much; here it shows afresh for one."""
    low, high = arms(row, SEEDS[:1])
    assert np.sign(high[0] - low[0]) == row.sign


@pytest.mark.parametrize("name", tiers(ROWS))
def test_the_kept_table_says_what_a_fresh_run_finds_for_an_event(name):
    found = stale(name, ROWS[name], KEPT)
    assert not found, f"{found}\n{REGENERATE}"


@pytest.mark.parametrize("name", tiers(ROWS))
def test_an_event_does_nothing_where_its_channel_is_cut(name):
    row = ROWS[name]
    low, high = (played(arm, cut_condition(row), SEEDS[0]) for arm in (row.low, row.high))
    assert row.measure.of(low) == row.measure.of(high)
    if row.whole:
        assert differing(low, high, row.beside) == []


@pytest.mark.parametrize("kind", sorted(nothing_happens()))
def test_an_event_of_no_size_changes_nothing(kind):
    quiet = played(Treatment(), Condition(), SEEDS[0])
    assert differing(quiet, played(nothing_happens()[kind], Condition(), SEEDS[0])) == []
