import pytest

from deftrade.errors import ScenarioError
from deftrade.scenario.yaml import text
from deftrade.scenario.yaml.text import read


def test_the_size_is_checked_before_reading(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "big.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    monkeypatch.setattr(text, "build", None)
    with pytest.raises(ScenarioError) as caught:
        read(path.relative_to(tmp_path))
    assert str(caught.value) == (
        "1 problem in big.yaml\n"
        "big.yaml: the file is too large; keep large tables in CSV files\n"
        "    found 50.0 MB; allowed: at most 10 MB"
    )


def test_a_missing_file_names_its_like(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "baseline.yaml").write_text("a: 1")
    (tmp_path / "folder").mkdir()
    for name, problem in {
        "basline.yaml": "no such file: {}\n    did you mean baseline.yaml?",
        "away/x.yaml": "no such file: {}; nor does its folder exist",
        "folder": "{} is not a file\n    found a folder",
    }.items():
        with pytest.raises(ScenarioError) as caught:
            read((tmp_path / name).relative_to(tmp_path))
        assert str(caught.value) == f"1 problem in {name}\n{name}: {problem.format(name)}"
    with pytest.raises(ScenarioError):
        read(tmp_path / ("n" * 300))
