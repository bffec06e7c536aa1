"""The summary tells what the data say, in units that people use."""

import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text
from tests.worlds import small_scenario

from deftrade.core import wording
from deftrade.core.laws import LAWS
from deftrade.core.tables import States
from deftrade.report.desk import licence_desk
from deftrade.report.figures import FIGURES
from deftrade.report.payments import payments_table
from deftrade.report.story import headline, story
from deftrade.report.summary import clip_counts, clip_warnings, in_words, main_indicators, summary
from deftrade.report.tables import arrow_table, dictionary
from deftrade.report.trajectories import compared, late_trade, trajectory, years_told
from deftrade.results.indicators import INDICATORS, Span, measure, windows
from deftrade.results.indicators.series import rows_per_year
from deftrade.results.ledger import COLUMNS
from deftrade.scenario.resolved import Outputs
from deftrade.simulation import simulate

FOCUS = "State 3"
ROW = 3


@pytest.fixture(scope="module")
def results():
    return simulate(small_scenario(years=4, outputs=Outputs(focus=FOCUS)))


def test_the_summary_says_what_was_run(results):
    text = summary(results, ["figures/jobs.png"])
    assert text.startswith("# A small world\n")
    assert "2025 to 2028 in 16 steps of a quarter, seed 1: 6 states, 12 firms, 2 alliances" in text
    assert "[jobs gross and net](figures/jobs.png)" in text
    assert f"{len(LAWS)} laws held in each of 16 steps" in text
    assert "## What next" in text
    assert len(text) < 7_000


def test_sentences_hold_the_numbers_of_the_data(results):
    told = dict(story(results))
    desk = licence_desk(results, ROW)
    assert f"decided {desk.decided} application" in told["Export control"]


def test_a_run_of_one_span_tells_levels_and_says_why(results):
    text, told = summary(results), dict(story(results))
    assert not windows(results).are_two
    assert "too few years for a comparison" in text
    assert "means of 2025–2028, the late years" in text
    jobs = results.record.series("states", "jobs_direct")[1:, ROW].mean()
    assert f"Jobs in defence firms was {wording.jobs(jobs)}" in told["Jobs"]
    assert not re.search(r"\b(rose|fell|nan)\b", " ".join([headline(results), *told.values()]))


@pytest.mark.parametrize(
    ("years", "early", "late"),
    [(4, "", "2025–2028"), (6, "2025", "2026–2030"), (8, "2025–2027", "2028–2032"),
     (12, "2025–2029", "2032–2036")],
)  # fmt: skip
@pytest.mark.parametrize("every", ["step", "year"])
def test_spans_do_not_overlap_and_are_those_of_indicators(years, early, late, every):
    results = simulate(small_scenario(years=years, outputs=Outputs(focus=FOCUS, every=every)))
    spans = windows(results)
    assert spans.are_two == bool(early)
    assert years_told(spans.late_years) == late
    assert spans.early.stop <= spans.late.start
    if early:
        assert years_told(spans.early_years) == early
        assert f"the mean of {late}, the late years, against the mean of {early}" in summary(results)
    for item, value in measure(results):
        if item.reading.span is Span.LATE and item.reading.column is not None:
            assert compared(results, item.reading.column.name).of(ROW)[1] == pytest.approx(value)


def test_sentences_change_with_the_focus(results):
    other = simulate(small_scenario(years=4, outputs=Outputs(focus="State 5")))
    assert headline(results).startswith(f"In {FOCUS}, in 2025–2028: usable capability ")
    assert headline(other).startswith("In State 5, ")
    assert all(a != b for (_, a), (_, b) in zip(story(results)[:5], story(other)[:5], strict=True))


def test_main_indicators_agree_with_the_measured_ones(results):
    values = {item.meaning: in_words(value, item.unit) for item, value in measure(results)}
    shown = main_indicators(results)
    assert shown
    assert all(values[meaning] == value for meaning, value, _ in shown)
    assert {who for _, _, who in shown} == {FOCUS, "world"}


def test_clips_above_one_percent_are_told(results):
    clips = results.run.clips.copy()
    try:
        results.run.clips[:] = [[0, 100], [1, 100], [2, 100], [0, 0]]
        assert clip_counts(results)["skilled_pool"] == {"clipped": 2, "considered": 100, "share": 0.02}
        (warning,) = clip_warnings(results)
        assert warning.startswith("The clip skilled pool changed 2.0\u00a0%")
        assert warning in summary(results)
    finally:
        results.run.clips[:] = clips


def test_a_course_adds_flows_means_shares_and_closes_stocks(results):
    series = results.record.series
    assert rows_per_year(results) == 4
    exports, burden, debt = (trajectory(results, name) for name in ("exports", "burden", "debt"))
    np.testing.assert_allclose(exports.values[0], series("states", "exports")[1:5].sum(axis=0))
    np.testing.assert_allclose(burden.values[-1], series("states", "burden")[-4:].mean(axis=0))
    np.testing.assert_array_equal(debt.values, series("states", "debt")[::4])
    assert list(debt.years) == [2025, 2026, 2027, 2028, 2029]
    assert list(exports.years) == [2025.5, 2026.5, 2027.5, 2028.5]


def test_a_short_run_is_told_by_step_at_a_yearly_pace():
    results = simulate(small_scenario(years=1))
    exports = trajectory(results, "exports")
    np.testing.assert_allclose(exports.values, 4 * results.record.series("states", "exports")[1:])
    assert trajectory(results, "exports", yearly=True).values.shape == (1, 6)


def test_late_trade_adds_up_to_exports(results):
    exports = results.record.series("states", "exports")[1:].sum(axis=0)
    np.testing.assert_allclose(late_trade(results).sum(axis=1), exports / 4)


@pytest.mark.parametrize(
    ("column", "figure", "caveat"),
    [
        (States.exports, "trade", "without work shares and offsets"),
        (States.exports, "network", "without work shares and offsets"),
        (States.imports, "trade", "without work shares and offsets"),
        (States.jobs_net, "jobs", "displaced at home"),
    ],
)
def test_what_a_name_holds_is_said_wherever_it_is_read(results, column, figure, caveat):
    assert caveat in column.meaning
    (indicator,) = [item for item in INDICATORS if item.reading.column is column]
    assert caveat in indicator.meaning
    entries = {entry.column: entry for entry in dictionary({"states": arrow_table(results, "states")})}
    assert entries[column.name].meaning == column.meaning
    told = f"{column.title.capitalize()}: {column.meaning[0].lower()}{column.meaning[1:]}."
    assert told in summary(results)
    shown = " ".join(each.get_text() for each in FIGURES[figure].make(results).findobj(Text))
    assert told in " ".join(shown.split())
    docs = Path(__file__).resolve().parents[2] / "docs"
    assert column.meaning in (docs / "reference.md").read_text(encoding="utf-8")
    assert indicator.meaning in (docs / "model.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2500.0, "MUSD", "2.50 bn USD"),
        (2500.0, "MUSD/yr", "2.50 bn USD a year"),
        (0.256, "share", "26\u00a0%"),
        (12.3, "MUSD", "12.3 m USD"),
        (12_300.0, "jobs", "12.3 thousand jobs"),
        (12.3, "jobs", "12.3 jobs"),
        (12_300.0, "CU", "12.3 thousand CU"),
        (3.0, "count", "3"),
        (0.5, "1", "0.500"),
    ],
)
def test_indicators_have_units_that_people_use(value, unit, text):
    assert in_words(value, unit) == text


def test_the_summary_shows_who_paid_whom_in_a_table_that_closes(results):
    text = summary(results)
    table = payments_table(results)
    assert f"## Who paid whom\n\n{table}" in text
    head, _, *rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("|")]
    assert head == [f"MUSD a year, {FOCUS}", *COLUMNS]
    cells = [line.split("|")[2:-1] for line in table.splitlines()[2 : 2 + len(rows)]]
    amounts = np.array([[_read(cell) for cell in row] for row in cells])
    assert np.abs(amounts.sum(axis=0)).max() <= len(rows)
    assert np.abs(amounts.sum(axis=1)).max() <= len(COLUMNS)
    assert rows[-1][0] == "change in balance"


def _read(cell):
    """Return the number of a cell; an empty one is nothing."""
    return float(cell.strip().replace(wording.THIN_SPACE, "").replace("−", "-") or 0)
