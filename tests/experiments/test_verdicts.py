"""Words for numbers: the ladder, what more runs would do, and when nothing can be said."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from deftrade.experiments.verdicts import LADDER, Measured, judge, ladder_table, title

JOBS = Measured(
    name="jobs_direct",
    unit="jobs",
    pairs=200,
    moved=200,
    baseline=32_000,
    policy=33_250,
    mean=1250,
    spread=2500,
    low=900,
    high=1600,
    p=1e-9,
    p_family=0.004,
)


def test_the_sentence_of_a_told_difference():
    verdict = judge(JOBS)
    assert (
        verdict.sentence
        == "raises direct jobs by 1\u202f250, 95 % interval 900 to 1\u202f600, very likely real"
    )
    assert (verdict.direction, verdict.more) == (1, 0)
    assert verdict.is_told


def test_a_fall_is_told_with_its_size():
    fall = judge(
        replace(JOBS, name="readiness", unit="share", baseline=0.8, mean=-0.02, low=-0.025, high=-0.015)
    )
    assert fall.sentence == (
        "lowers readiness by 2.00 points, 95 % interval 1.50 to 2.50 points, very likely real"
    )
    assert fall.direction == -1


def test_what_cannot_be_told_says_how_many_more_runs_would():
    verdict = judge(replace(JOBS, mean=100, low=-250, high=450, p=0.57, p_family=1.0, open_questions=1))
    # 100 of 2,500 is an effect of 0.04: 80 % power needs 4,908 pairs.
    assert verdict.more == 4908 - 200
    assert (
        verdict.sentence == "direct jobs: cannot tell, 4\u202f708 more runs would (95 % interval −250 to 450)"
    )
    assert not verdict.is_told
    never = judge(replace(JOBS, mean=1e-3, low=-350, high=350, p=0.99, p_family=1.0))
    assert "no number of runs within reach would" in never.sentence


def test_an_interval_close_to_the_baseline_says_so():
    same = judge(replace(JOBS, mean=10, low=-100, high=120, p=0.9, p_family=1.0))
    assert same.same_within == pytest.approx(120 / 32_000)
    assert same.sentence.startswith("direct jobs: practically the same: within 0.38 % of the baseline")
    hair = judge(replace(JOBS, mean=0, low=-1e-4, high=1e-4, p=0.9, p_family=1.0))
    assert "within 0.010 % of the baseline" in hair.sentence
    little = judge(replace(JOBS, mean=200, low=150, high=250))
    assert little.sentence.endswith("very likely real, but little: within 0.78 % of the baseline")


def test_the_family_can_hide_what_alone_would_be_told():
    assert "told if asked alone" in judge(replace(JOBS, p=0.03, p_family=0.4)).sentence


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pairs": 0, "moved": 0}, "cannot be measured in any pair of runs"),
        ({"moved": 0, "acts": False}, "no effect at all: the policy cannot act on it"),
        ({"moved": 0, "pairs": 20}, "no effect in any of 20 pairs of runs, so in at most 14 % of runs"),
        ({"pairs": 1, "moved": 1}, "one pair of runs tells nothing; ask for more"),
        (
            {"pairs": 20, "moved": 2, "low": math.nan, "high": math.nan, "p": math.nan, "p_family": math.nan},
            "cannot tell: it differs in 2 of 20 pairs; 10 are needed",
        ),
    ],
)
def test_without_an_interval_the_reason_is_told(changes, words):
    verdict = judge(replace(JOBS, **changes))
    assert verdict.evidence == words
    assert verdict.direction == 0
    assert math.isnan(verdict.more)


@pytest.mark.parametrize(
    ("p", "words"),
    [(0.0, 0), (0.000999, 0), (0.001, 1), (0.00999, 1), (0.01, 2), (0.0499, 2), (0.05, 3), (1.0, 3)],
)
def test_the_ladder_has_no_gaps(p, words):
    assert judge(replace(JOBS, p_family=p)).evidence == LADDER[words].words


@pytest.mark.parametrize(("moved", "words"), [(5, 3), (6, 2), (7, 2), (8, 1), (10, 1), (11, 0)])
def test_few_pairs_are_never_practically_certain(moved, words):
    sure = replace(JOBS, pairs=moved, moved=moved, p=1e-12, p_family=1e-10)
    assert judge(sure).evidence == LADDER[words].words


def test_what_is_detectable_shares_its_error_with_the_open_questions():
    alone, among = (judge(replace(JOBS, open_questions=count)).detectable for count in (1, 17))
    assert among > 1.2 * alone


def test_the_ladder_as_a_table():
    rows = ladder_table().splitlines()
    assert len(rows) == 2 + len(LADDER)
    assert rows[2] == "| below 0.001 | practically certain |"
    assert rows[-1] == "| 0.05 and above | cannot tell |"


def test_titles_are_words():
    assert title("jobs_net") == "net jobs"
    assert title("top_five_exporters") == "top five exporters"


def test_the_economists_guide_quotes_the_ladder():
    guide = Path(__file__).resolve().parents[2] / "docs" / "economists.md"
    assert ladder_table() in guide.read_text(encoding="utf-8")
