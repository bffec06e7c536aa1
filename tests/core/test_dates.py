"""Yearly numbers meet the step length in one place; values computed by hand."""

import numpy as np
import pytest

from deftrade.core.dates import STEPS_PER_YEAR, Calendar, Clock

STEPS = tuple(STEPS_PER_YEAR)


def clock(step="quarter", at=0):
    return Clock(Calendar(2025, 2030, step), at)


def whole_year():
    """Return a clock that takes four quarters at once, as the coarse part of settling does."""
    return Clock(Calendar(2025, 2030), stride=4)


@pytest.mark.parametrize(
    ("step", "computed", "kept"), [("year", 20, 5), ("quarter", 20, 20), ("month", 60, 60)]
)
def test_a_calendar_counts_the_steps_it_computes_and_keeps(step, computed, kept):
    calendar = Calendar(2025, 2030, step)
    assert (calendar.steps, calendar.rows) == (computed, kept)
    assert calendar.rows * calendar.steps_per_row == calendar.steps


@pytest.mark.parametrize(
    ("step", "at", "label"),
    [
        ("year", 0, "2025"),
        ("year", 3, "2025"),
        ("year", 19, "2029"),
        ("year", -1, "2024"),
        ("quarter", 0, "2025-Q1"),
        ("quarter", 7, "2026-Q4"),
        ("quarter", -1, "2024-Q4"),
        ("month", 0, "2025-01"),
        ("month", 11, "2025-12"),
        ("month", 12, "2026-01"),
    ],
)
def test_labels(step, at, label):
    assert Calendar(2025, 2030, step).label(at) == label
    assert clock(step, at).today == label


@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_found_at_the_year_at_which_it_opens(step):
    calendar = Calendar(2025, 2050, step)
    for at in range(calendar.steps):
        assert calendar.step_at(calendar.year(at)) == at


@pytest.mark.parametrize(
    ("step", "year", "at"),
    [
        ("quarter", 2025.0, 0),
        ("quarter", 2025.01, 1),
        ("quarter", 2025.25, 1),
        ("quarter", 2026.5, 6),
        ("month", 2025 + 1 / 12, 1),
        ("month", 2025 + 1 / 3, 4),
        ("year", 2025.25, 1),
        ("year", 2026.5, 6),
        ("year", 2024.0, -4),
    ],
)
def test_a_date_takes_the_first_step_that_opens_at_or_after_it(step, year, at):
    assert Calendar(2025, 2030, step).step_at(year) == at


@pytest.mark.parametrize(
    ("step", "year", "due"),
    [
        ("quarter", float("-inf"), 0),  # undated: from the opening
        ("quarter", 2020.0, 0),  # before the start: from the opening
        ("quarter", 2025.0, 0),
        ("quarter", 2025.01, 1),
        ("quarter", 2026.5, 6),
        ("quarter", 2030.0, 20),  # the end: no step of the run
        ("quarter", 2027 + 1 / 12, 9),  # a month inside a quarter: the next quarter
        ("month", 2025 + 1 / 3, 4),
        ("month", float("-inf"), 0),
        ("year", 2024.0, 0),
        ("year", 2026.0, 4),  # years are computed in quarters
        ("year", 2026.5, 6),
    ],
)
def test_policy_is_due_from_the_opening_or_at_the_step_of_its_date(step, year, due):
    assert Calendar(2025, 2030, step).due(year) == due


def test_conversions_of_a_quarter_by_hand():
    quarter = clock()
    assert quarter.flow(8.0) == 2.0
    assert quarter.per_year(2.0) == 8.0
    assert quarter.share(0.5) == pytest.approx(1 - 0.5**0.25, rel=1e-15)
    assert quarter.share(0.5) == pytest.approx(0.1591035847462855, rel=1e-12)
    assert quarter.chance(2.0) == pytest.approx(0.3934693402873666, rel=1e-12)
    assert quarter.keep(0.0625) == 0.5
    assert quarter.grow(0.4641) == pytest.approx(1.1, rel=1e-12)
    assert quarter.elapsed() == 0.25
    assert clock("month").flow(12.0) == 1.0


def test_limits_of_conversions():
    quarter = clock()
    assert quarter.share(0.0) == 0.0
    assert quarter.share(1.0) == 1.0
    assert quarter.chance(0.0) == 0.0
    assert quarter.keep(0.0) == 0.0
    assert quarter.keep(1.0) == 1.0
    assert quarter.spread(0.0, 0.7) == 0.0
    assert quarter.grow(-1.0) == 0.0


@pytest.mark.parametrize("step", STEPS)
def test_a_year_of_steps_is_the_yearly_number(step):
    now, count = clock(step), STEPS_PER_YEAR[step]
    assert now.flow(3.0) * count == pytest.approx(3.0)
    assert (1 - now.share(0.3)) ** count == pytest.approx(0.7)
    assert (1 - now.chance(0.3)) ** count == pytest.approx(np.exp(-0.3))
    assert now.keep(0.7) ** count == pytest.approx(0.7)
    assert now.grow(0.03) ** count == pytest.approx(1.03)
    assert now.elapsed() * count == pytest.approx(1.0)


@pytest.mark.parametrize("step", STEPS)
def test_shocks_keep_their_stationary_spread(step):
    now = clock(step)
    kept, spread = now.keep(0.7), now.spread(0.02, 0.7)
    assert spread / np.sqrt(1 - kept**2) == pytest.approx(0.02)


def test_the_shock_of_a_year_is_what_persistence_leaves_of_the_spread():
    assert whole_year().spread(0.02, 0.6) == pytest.approx(0.02 * 0.8)
    assert whole_year().spread(0.02, 0.0) == pytest.approx(0.02)


def test_conversions_take_arrays():
    rates = np.array([0.0, 0.5, 1.0])
    assert whole_year().share(rates) == pytest.approx(rates)
    assert whole_year().chance(rates) == pytest.approx(1 - np.exp(-rates))


def test_years_since_earlier_steps():
    now = clock(at=6)
    assert now.since(np.array([6, 2, -2])).tolist() == [0.0, 1.0, 2.0]


def test_each_date_has_an_id_also_before_the_opening():
    ids = {int(clock(at=at).date_id) for at in range(-8, 20)}
    assert len(ids) == 28


@pytest.mark.parametrize("step", ["year", "quarter", "month"])
def test_kept_rows_have_the_year_of_their_label(step):
    calendar = Calendar(2025, 2028, step)
    closed = np.arange(calendar.steps + 1)
    labels = [calendar.label(int(done) - 1)[:4] for done in closed]
    assert calendar.years(closed).tolist() == [int(label) for label in labels]
    assert calendar.closes(closed)[[0, -1]].tolist() == [2025.0, 2028.0]
