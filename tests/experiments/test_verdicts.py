"""Words for numbers: the ladder, what more runs would do, and when nothing can be said."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deftrade.experiments.compare.findings import chosen_indicators, find
from deftrade.experiments.compare.text import evidence_in_words
from deftrade.experiments.compare.verdicts import LADDER, Measured, judge, ladder_table
from deftrade.results.indicators import INDICATORS, title

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
    p_words=0.004,
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
    verdict = judge(replace(JOBS, mean=100, low=-250, high=450, p=0.57, p_words=1.0, open_questions=1))
    # 100 of 2,500 is an effect of 0.04: 80 % power needs 4,908 pairs.
    assert verdict.more == 4908 - 200
    assert (
        verdict.sentence == "direct jobs: cannot tell, 4\u202f708 more runs would (95 % interval −250 to 450)"
    )
    assert not verdict.is_told
    never = judge(replace(JOBS, mean=1e-3, low=-350, high=350, p=0.99, p_words=1.0))
    assert "no number of runs within reach would" in never.sentence


def test_an_interval_close_to_the_baseline_says_so():
    same = judge(replace(JOBS, mean=10, low=-100, high=120, p=0.9, p_words=1.0))
    assert same.same_within == pytest.approx(120 / 32_000)
    assert same.sentence.startswith("direct jobs: practically the same: within 0.38 % of the baseline")
    hair = judge(replace(JOBS, mean=0, low=-1e-4, high=1e-4, p=0.9, p_words=1.0))
    assert "within 0.010 % of the baseline" in hair.sentence
    little = judge(replace(JOBS, mean=200, low=150, high=250))
    assert little.sentence.endswith("very likely real, but little: within 0.78 % of the baseline")


def test_the_family_can_hide_what_alone_would_be_told():
    assert "told if asked alone" in judge(replace(JOBS, p=0.03, p_words=0.4)).sentence
    few = replace(JOBS, pairs=4, moved=4, p=0.03, p_words=0.4)
    assert "asked alone" not in judge(few).sentence, "four pairs tell nothing, asked alone or not"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pairs": 0, "moved": 0}, "cannot be measured in any pair of runs"),
        ({"moved": 0, "acts": False}, "no effect at all: the policy cannot act on it"),
        ({"moved": 0, "pairs": 20}, "no effect in any of 20 pairs of runs, so in at most 14 % of runs"),
        ({"pairs": 1, "moved": 1}, "one pair of runs tells nothing; ask for more"),
        (
            {"pairs": 20, "moved": 2, "low": math.nan, "high": math.nan},
            "cannot tell: it differs in 2 of 20 pairs; 10 are needed, about 80 more runs",
        ),
        (
            {"pairs": 8, "moved": 5, "low": math.nan, "high": math.nan},
            "cannot tell: it differs in 5 of 8 pairs; unless all do, 10 are needed, about 8 more runs",
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
    assert judge(replace(JOBS, p_words=p)).evidence == LADDER[words].words


def found_in(pairs, *indicators):
    """Return what pairs say that all moved by nearly the same amount, in each of some indicators."""
    names = indicators or ("jobs_net",)
    moved = 1000 + np.linspace(0, 1, pairs)
    base = np.zeros((pairs, len(names)))
    values = {"baseline": base, "policy": base + moved[:, None]}
    return find(values, chosen_indicators(names), {"policy": True})


@pytest.mark.parametrize(("moved", "words"), [(5, 3), (6, 2), (7, 2), (8, 1), (10, 1), (11, 0)])
def test_few_pairs_are_never_practically_certain(moved, words):
    assert found_in(moved)[0].verdict.evidence == LADDER[words].words


def test_what_few_pairs_can_tell_is_shared_by_the_questions():
    two = ("jobs_net", "fiscal_cost")
    assert found_in(6)[0].verdict.is_told
    assert not any(each.verdict.is_told for each in found_in(6, *two))
    assert all(each.verdict.is_told for each in found_in(7, *two))


@pytest.mark.parametrize(("pairs", "more"), [(2, 4), (4, 2), (5, 1)])
def test_with_few_pairs_more_runs_are_as_many_as_can_tell_anything(pairs, more):
    alone = found_in(pairs)[0]
    assert alone.verdict.more == more
    assert math.isnan(alone.verdict.detectable)
    assert evidence_in_words(alone) == f"cannot tell, {more} more run{'s' * (more > 1)} would"
    # The sign test of two open questions takes a seventh pair.
    assert found_in(pairs, "jobs_net", "fiscal_cost")[0].verdict.more == more + 1


def test_pairs_that_do_not_move_do_not_count_towards_telling():
    open_ones = replace(JOBS, pairs=40, moved=10, spread=500, p_words=0.2, open_questions=34)
    # Eleven of four times as many must move.
    assert judge(open_ones).more == 4
    assert math.isnan(judge(open_ones).detectable)
    assert judge(replace(open_ones, moved=11)).detectable > 0


def test_what_has_no_interval_is_one_of_the_questions():
    base = np.zeros((12, 2))
    policy = base + np.linspace(1000, 1001, 12)[:, None]
    policy[3:, 1] = 0
    moved, still = find(
        {"baseline": base, "policy": policy}, chosen_indicators(["jobs_net", "exports"]), {"policy": True}
    )
    assert math.isnan(still.measured.p_family)
    assert moved.measured.p_family == pytest.approx(2 * moved.measured.p)
    assert moved.measured.open_questions == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"unit": "share", "baseline": 0.032, "mean": -3e-11, "low": -4.7e-11, "high": -2.2e-11},
        {"unit": "share", "baseline": 0.0, "mean": 3e-11, "low": 2e-11, "high": 4e-11},
        {"unit": "CU", "baseline": 39_137, "mean": 0.09, "low": 0.06, "high": 0.14},
        {"unit": "MUSD", "baseline": 1e-5, "mean": 4e-7, "low": 1e-7, "high": 6e-7},
    ],
)
def test_what_is_surely_not_zero_but_worth_no_number_is_practically_the_same(changes):
    verdict = judge(replace(JOBS, p_words=1e-6, **changes))
    assert verdict.evidence == "practically the same"
    assert (verdict.direction, verdict.is_told, verdict.more) == (0, False, 0)
    assert "interval 0 to 0 " not in verdict.sentence
    assert "raises" not in verdict.sentence


def test_what_reads_as_zero_is_practically_the_same_of_any_baseline():
    verdict = judge(replace(JOBS, baseline=0.0, mean=1e-9, low=-1e-9, high=3e-9, p=0.4, p_words=1.0))
    assert verdict.sentence == "direct jobs: practically the same: too little to show"


@pytest.mark.parametrize("spread", [1e-9, 1e-3, 50.0, 1e4])
@pytest.mark.parametrize("level", [0.0, 1e3])
def test_tables_for_readers_and_for_machines_have_one_evidence(spread, level):
    luck = np.random.default_rng(3).normal(0, spread, (20, 1))
    for shift in (0.0, 3 * spread):
        values = {"baseline": np.full((20, 1), level), "policy": level + shift + luck}
        found = find(values, chosen_indicators(["jobs_net"]), {"policy": True})[0]
        assert evidence_in_words(found).startswith(found.row()["evidence"])
        assert found.row()["evidence"] in found.row()["told"]


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


def test_rounding_noise_is_no_difference():
    # The five largest exporters of three states hold everything, but for the order of a sum.
    share = next(item for item in INDICATORS if item.name == "top_five_exporters")
    luck = np.random.default_rng(1)
    base = 1 + luck.choice([0.0, 1e-16, 2e-16], (24, 1))
    values = {"baseline": base, "policy": base + 3e-15}
    (finding,) = find(values, (share,), {"policy": True})
    assert finding.measured.moved == 0
    assert finding.measured.mean == 0
    assert finding.baseline_spread == 0
    assert finding.verdict.evidence.startswith("no effect in any of 24 pairs")


def test_the_largest_of_few_states_are_called_all():
    share = next(item for item in INDICATORS if item.name == "top_five_exporters")
    assert "five largest" not in share.meaning_in(3)
    assert "no more than five states" in share.meaning_in(5)
    assert share.meaning_in(6) == share.meaning
