"""Claims: their file, the search for turning points, and the page that answers them."""

import math
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import typer

from deftrade.cli.check import validate
from deftrade.errors import ScenarioError
from deftrade.experiments.claims.answers import ask
from deftrade.experiments.claims.claims import WORLDS, load_claims, parameters_apart
from deftrade.experiments.claims.text import page, stamp
from deftrade.experiments.claims.turning_points import between, seek
from deftrade.experiments.compare.verdicts import ladder_table
from deftrade.results.indicators import title
from deftrade.scenario.digests import world_digest

REPOSITORY = Path(__file__).resolve().parents[2]
FILE = REPOSITORY / "scenarios" / "experiments" / "claims.yaml"
PAGE = REPOSITORY / "docs" / "claims.md"


@pytest.fixture(scope="module")
def claims():
    return load_claims(FILE, runs=2, years=2, search_runs=2)


def test_the_page_answers_the_file_as_it_is(claims):
    text = PAGE.read_text(encoding="utf-8")
    digest = sha256(FILE.read_bytes()).hexdigest()
    assert text.startswith(stamp(digest)), (
        "the claims file was changed; answer it anew with\n"
        "    deftrade claims scenarios/experiments/claims.yaml --docs docs/claims.md"
    )
    assert ladder_table() in text
    for claim in claims.claims:
        section = text.split(f"\n## {claim.says}\n")[1].split("\n## ")[0]
        for world in WORLDS:
            for indicator in claim.indicators:
                assert f"| {world} | {title(indicator)} |" in section
        if "*Turns* between" in section:
            ends = (claim.worlds[world][0] for world in ("main", "reverse"))
            told = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", section))
            assert told == set(parameters_apart(*ends))


def test_every_claim_has_a_row_a_world_in_the_summary(claims):
    summary = PAGE.read_text(encoding="utf-8").split("\n## Answers\n")[1].split("\n## ")[0]
    rows = [line for line in summary.splitlines() if re.match(r"\| .*\| (main|null|reverse) \|", line)]
    assert len(rows) == len(WORLDS) * len(claims.claims)


def test_the_claims_file_asks_of_all_families(claims):
    families = sorted(path.name for path in (REPOSITORY / "scenarios" / "claims").iterdir() if path.is_dir())
    assert sorted(claim.name for claim in claims.claims) == families


def test_validate_knows_a_file_of_claims(capsys, tmp_path):
    validate([str(FILE)])
    assert "valid: Five claims, answered, 5 claims, 16 pairs of runs" in capsys.readouterr().out
    text = FILE.read_text(encoding="utf-8").replace("cohesion: up", "cohesionn: up")
    broken = tmp_path / "claims.yaml"
    broken.write_text(text.replace("../claims", str(FILE.parents[1] / "claims")), encoding="utf-8")
    with pytest.raises(typer.Exit) as end:
        validate([str(broken)])
    assert end.value.exit_code == 2
    assert "did you mean cohesion?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("cohesion: up", "coherence: up", "cohesion"),
        ("cohesion: up", "cohesion: sideways", "sideways"),
        ("folder: ../claims/control", "folder: ../claims/contol", "there is no such folder"),
        ("deftrade_claims: 1", "deftrade_claims: 2", "deftrade_claims"),
        ("runs: 16 ", "runs: 1 ", "runs"),
    ],
)
def test_faults_of_the_file_are_located(old, new, words, tmp_path):
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    place = tmp_path / "experiments"
    place.mkdir()
    (tmp_path / "claims").symlink_to(FILE.parents[1] / "claims")
    (place / "claims.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError, match=words) as caught:
        load_claims(place / "claims.yaml", years=1)
    assert re.search(r"claims\.yaml:\d+:\d+", str(caught.value))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("years: 20", "years: 200", "shorter than this"),
        ("folder: ../claims/control", "folder: ..", "this folder lacks main.yaml, main_policy.yaml"),
        ("folder: ../claims/control", f"folder: {'c' * 300}", "there is no such folder"),
    ],
)
def test_what_the_scenarios_lack_is_a_fault_of_the_claims_file(old, new, words, tmp_path):
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    place = tmp_path / "claims.yaml"
    place.write_text(text.replace(old, new).replace("../claims", str(FILE.parents[1] / "claims")), "utf-8")
    with pytest.raises(ScenarioError, match=words) as caught:
        load_claims(place)
    assert caught.value.faults[0].place.startswith(f"{place}:{1 + text[: text.index(old)].count(chr(10))}:")


def test_a_turning_point_is_enclosed_from_either_side():
    found = seek(lambda share: 1 if share < 0.3 else (0 if share < 0.6 else -1), 4)
    assert (found.before, found.after) == (1, -1)
    assert found.low <= 0.3 <= found.low + 1 / 16
    assert found.high - 1 / 16 <= 0.6 <= found.high
    assert dict(found.points)[0.0] == 1
    sharp = seek(lambda share: int(share > 0.7), 3)
    assert (sharp.low, sharp.high) == (0.625, 0.75)
    none = seek(lambda share: 0, 3)
    assert not none.turns
    assert math.isnan(none.low)
    assert len(none.points) == 2


def test_the_way_leads_from_one_world_to_the_other(claims):
    for claim in claims.claims:
        main, reverse = (claim.worlds[world][0] for world in ("main", "reverse"))
        assert world_digest(between(main, reverse, 0.0)) == world_digest(main)
        assert world_digest(between(main, reverse, 1.0)) == world_digest(reverse)
        half = between(main, reverse, 0.5)
        for path, (before, after) in parameters_apart(main, reverse).items():
            group, name = path.split(".")
            assert getattr(getattr(half.params, group), name) == pytest.approx((before + after) / 2)


@pytest.mark.slow
def test_claims_are_asked_and_told(claims, tmp_path):
    told = []
    claims = replace(claims, claims=claims.claims[2:4])
    answers = ask(claims, tmp_path, engine="serial", progress=lambda done, whole: told.append(whole))
    # Both main worlds are the baseline's: one scenario without policy, two with; four worlds with two each.
    assert told[0] == 2 * (1 + 2 + 4 * 2)
    assert set(answers.findings) == {(claim.name, world) for claim in claims.claims for world in WORLDS}
    assert answers.failed == 0
    text = page(answers, "the command")
    assert stamp(claims.digest) in text
    again = ask(claims, tmp_path, engine="serial")
    assert page(again, "the command") == text
