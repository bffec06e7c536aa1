"""A run tells where it stands among runs that differ from it in luck alone, and its folder stays whole."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from tests.cli.inside import called
from tests.worlds import small_scenario

from deftrade import ensemble
from deftrade.experiments.batch.luck import play_luck
from deftrade.files import manifests
from deftrade.files.hashing import file_hash
from deftrade.provenance.check import verify
from deftrade.provenance.reproduce import reproduce
from deftrade.report.files import write_run
from deftrade.report.summary import standing_rows, summary
from deftrade.results.indicators import HEADLINES, measure
from deftrade.results.luck import NO_LUCK, SOON, USUAL, Luck, extremes, standings, usual_luck
from deftrade.simulation import simulate


@pytest.fixture(scope="module")
def results():
    return simulate(small_scenario(years=1))


@pytest.fixture(scope="module")
def luck(results):
    return play_luck(results.scenario, 3)


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    """Return a folder in which the starter scenario was run with the luck of three."""
    folder = tmp_path_factory.mktemp("luck")
    called("new", "first.yaml", cwd=folder)
    done = called("run", "first.yaml", "--years", 1, "--luck", 3, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def rows_of(path):
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def result_in(folder):
    (place,) = [each for each in (folder / "outputs").iterdir() if each.is_dir()]
    return place


def with_values(results, column, values):
    """Return luck in which one indicator has these values and all others those of the run."""
    own = {item.name: value for item, value in measure(results)}
    runs = tuple({**own, column: value} for value in values)
    return Luck(len(runs), tuple(range(len(runs))), tuple(range(len(runs))), runs)


def test_further_runs_are_those_of_an_ensemble_for_any_number_of_workers(results, luck):
    assert play_luck(results.scenario, 3, workers=2) == luck
    frame = ensemble(results.scenario, runs=3, engine="serial").to_frame()
    for run, seed, values in zip(luck.runs, luck.seeds, luck.values, strict=True):
        rows = frame[frame["run"] == run]
        assert set(rows["seed"]) == {seed}
        assert dict(zip(rows["indicator"], rows["value"], strict=True)) == values


@pytest.mark.parametrize(
    ("moves", "place", "middle"),
    [
        ((1, 2, 3), "1st of 4 from below", 1.5),
        ((-1, 1, 2), "2nd of 4 from below", 0.5),
        ((-1, -2, -3), "4th of 4 from below", -1.5),
        ((0, 0, 1), "1st to 3rd of 4 from below", 0),
        ((0, 0, 0), "all 4 alike", 0),
    ],
)
def test_ranks_and_medians_count_the_run_that_is_shown(results, moves, place, middle):
    own = {item.name: value for item, value in measure(results)}["jobs_direct"]
    luck = with_values(results, "jobs_direct", [own + move for move in moves])
    found = {each.item.name: each for each in standings(results, luck)}["jobs_direct"]
    assert found.place == place
    assert found.median == pytest.approx(own + middle)
    assert (found.lowest, found.highest) == (own + min(0, *moves), own + max(0, *moves))


def test_counts_stay_whole(results):
    own = {item.name: value for item, value in measure(results)}["memberships"]
    luck = with_values(results, "memberships", [own + 1, own + 3, own + 4])
    found = {each.item.name: each for each in standings(results, luck)}["memberships"]
    assert found.median == own + 1


def test_a_run_that_is_extreme_says_so(results):
    own = {item.name: value for item, value in measure(results)}["jobs_net"]
    assert extremes(results, with_values(results, "jobs_net", [own + 1, own + 2])) == (
        "Among 3 runs that differ in luck alone this one is lowest in net jobs."
    )
    assert "in no main indicator" in extremes(
        results, with_values(results, "jobs_net", [own, own - 1, own + 1])
    )


def test_runs_that_failed_are_told(results):
    own = {item.name: value for item, value in measure(results)}
    assert extremes(results, Luck(2, (1,), (5,), (own,))).endswith("Of 2 further runs 1 failed.")
    text = summary(results, luck=Luck(2))
    assert "Of 2 further runs 2 failed." in text
    assert "Among" not in text


def test_how_many_are_played_where_nobody_says():
    scenario = small_scenario(years=1)
    assert usual_luck(scenario) == USUAL == 7
    cells = len(scenario.world.names.states) * scenario.calendar.steps
    assert usual_luck(small_scenario(years=SOON // cells + 1)) == 0


def test_no_luck_is_told_where_none_was_tried(results):
    assert not list(standings(results, NO_LUCK))
    assert "## Luck" not in summary(results)
    assert "--luck 7" in summary(results)


def test_the_folder_and_the_output_tell_the_same(starter):
    folder, stdout = starter
    place = result_in(folder)
    text = (place / "summary.md").read_text(encoding="utf-8")
    (told,) = [
        line for line in text.splitlines() if line.startswith("Among 4 runs that differ in luck alone")
    ]
    assert told in stdout
    ranks = rows_of(place / "luck" / "ranks.csv")
    runs = rows_of(place / "luck" / "runs.csv")
    indicators = {row["indicator"]: row for row in rows_of(place / "indicators.csv")}
    for row in ranks:
        others = [float(each["value"]) for each in runs if each["indicator"] == row["indicator"]]
        shown = float(row["shown"])
        assert len(others) == 3
        assert shown == float(indicators[row["indicator"]]["value"])
        assert int(row["rank"]) == sum(value < shown for value in others) + 1
        assert int(row["last_rank"]) == sum(value <= shown for value in others) + 1
        assert float(row["lowest"]) == min(shown, *others)
    assert {row["indicator"] for row in ranks} >= set(HEADLINES)
    entries = {(row["table"], row["column"]) for row in rows_of(place / "data_dictionary.csv")}
    assert {("luck/ranks", name) for name in ranks[0]} <= entries
    assert {("luck/runs", name) for name in runs[0]} <= entries


def test_the_folder_verifies_and_a_forged_rank_is_found(starter, tmp_path):
    place = shutil.copytree(result_in(starter[0]), tmp_path / "copy")
    assert verify(place, rerun=1).is_sound
    for name in ("luck/runs.csv", "luck/ranks.csv"):
        forged = shutil.copytree(place, tmp_path / Path(name).stem)
        text = (forged / name).read_text(encoding="utf-8")
        (forged / name).write_text(text.replace("1", "2", 3), encoding="utf-8")
        data = manifests.read(forged)
        data["files"][name] = file_hash(forged / name)
        manifests.write(data, forged)
        assert verify(forged).is_sound
        assert verify(forged, rerun=1).differences == [f"{name} does not hold what came out"]


def test_more_luck_is_added_and_less_takes_nothing_away(results, luck, tmp_path):
    first = write_run(results, tmp_path)
    assert first.manifest["luck"] == 0
    assert not (first.folder / "luck").exists()
    more = write_run(results, tmp_path, luck=luck)
    assert more.is_new
    assert more.manifest["luck"] == 3
    less = write_run(results, tmp_path)
    assert not less.is_new
    assert less.manifest == more.manifest
    assert standing_rows(results, luck)


def test_reproduce_and_json_know_of_luck(starter):
    folder, _ = starter
    place = result_in(folder)
    (folder / "first.yaml").rename(folder / "away.yaml")
    assert any("--luck 3" in line for line in reproduce(place).run)
    (folder / "away.yaml").rename(folder / "first.yaml")
    done = called("run", "first.yaml", "--years", 1, "--luck", 3, "--json", cwd=folder)
    data = json.loads(done.stdout)
    assert data["is_new"] is False
    assert data["luck"]["jobs_net"]["runs"] == 4
