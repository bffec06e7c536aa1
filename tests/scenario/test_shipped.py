"""Scenarios that come with the package: named where no such file exists, and copied with what they need."""

import pytest
from tests.cli.inside import called

from deftrade.errors import ScenarioError
from deftrade.experiments.compare.compare import loaded
from deftrade.scenario.changes import changes
from deftrade.scenario.load import load
from deftrade.scenario.shipped import home, names


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", names())
def test_a_shipped_scenario_is_loaded_by_its_name_and_its_copy_is_the_same(name, tmp_path):
    named = load(name)
    assert named.name == name
    assert all(file.is_relative_to(home()) for file in named.files)
    code, _, stderr = called("new", "--from", name)
    assert (code, stderr) == (0, "")
    copy = load(f"{name}.yaml")
    assert changes(named, copy) == []
    assert all(file.resolve().is_relative_to(tmp_path) for file in copy.files)
    assert called("new", "--from", name)[0] == 0, "the same files may be written again"


def test_a_file_or_folder_of_the_user_comes_first(tmp_path):
    mine = "deftrade: 1\nsed: 77\n"
    (tmp_path / "baseline").write_text("deftrade: 2\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="another version"):
        load("baseline")
    (tmp_path / "baseline").unlink()
    (tmp_path / "baseline").mkdir()
    (tmp_path / "baseline" / "scenario.yaml").write_text(mine, encoding="utf-8")
    with pytest.raises(ScenarioError, match="did you mean seed"):
        load("baseline")


def test_modules_are_named_too():
    base, other = loaded(["baseline", "offset_30"])
    assert other.name == "offset_30"
    module = home() / "policies" / "offset_30.yaml"
    assert changes(other, base.with_policy(module)) == []
    assert changes(other, base.with_policy("offset_30")) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("crescent_coperation", "no such file, nor a shipped scenario of this name"),
        ("crescent_coperation", "did you mean crescent_cooperation"),
        ("scenarios/baseline.yaml", "the name alone means the shipped scenario\n.*baseline"),
        ("baseline.yaml", "the name alone means the shipped scenario"),
        ("mine.yaml", "no such file: mine.yaml"),
        ("policies/offset_30", "no such file"),
    ],
)
def test_what_is_not_there_is_said_with_the_name_that_is(given, words):
    with pytest.raises(ScenarioError, match=words):
        load(given)


def test_commands_say_that_a_scenario_is_the_shipped_one():
    line = f"the shipped scenario baseline: {home() / 'baseline.yaml'}\n"
    assert called("validate", "baseline")[2] == line
    assert called("diff", "baseline", "baseline")[2] == line * 2
    code, _, stderr = called("run", "baseline", "--years", "1", "--quiet")
    assert (code, stderr) == (0, "")


def test_a_copy_overwrites_nothing_and_is_refused_where_names_meet(tmp_path):
    (tmp_path / "baseline.yaml").write_text("mine", encoding="utf-8")
    code, _, stderr = called("new", "--from", "crescent_cooperation")
    assert (code, stderr) == (2, "error: baseline.yaml exists; --force overwrites it\n")
    assert [each.name for each in tmp_path.iterdir()] == ["baseline.yaml"]
    (tmp_path / "baseline.yaml").unlink()
    code, _, stderr = called("new", "baseline.yaml", "--from", "crescent_cooperation")
    assert (code, "choose another name" in stderr) == (2, True)
    code, _, stderr = called("new", "--from", "crescent_coop")
    assert (code, "did you mean" in stderr) == (2, True)
    assert called("new")[0] == 2
