"""Results on disk: whole or absent, hashed by value, never overwritten unasked."""

import json
import warnings
from importlib.resources import files

import pyarrow.csv
import pyarrow.parquet
import pytest
from tests.worlds import small_scenario

from deftrade import load
from deftrade.core.tables import ON_REQUEST
from deftrade.errors import OutputError
from deftrade.files import manifests
from deftrade.files import writing as whole
from deftrade.files.hashing import file_hashes, value_hash
from deftrade.files.locking import write_lock
from deftrade.report import figures
from deftrade.report import files as writing
from deftrade.report.files import check_folder, write_run
from deftrade.report.manifest import run_name
from deftrade.report.tables import arrow_table, dictionary, output_names
from deftrade.results.outputs import OUTPUTS
from deftrade.scenario.describing import treatment_digest, world_digest
from deftrade.scenario.resolved import Outputs
from deftrade.simulation import simulate

TABLES = [each.place for each in OUTPUTS if not each.ending and each.name not in ON_REQUEST]


@pytest.fixture(scope="module")
def results():
    return simulate(small_scenario(years=1))


@pytest.fixture(scope="module")
def other():
    return simulate(small_scenario(years=1, seed=2))


@pytest.fixture(scope="module")
def written(results, tmp_path_factory):
    return write_run(results, tmp_path_factory.mktemp("out") / "deep" / "er")


@pytest.fixture
def no_figures(monkeypatch):
    monkeypatch.setattr(figures, "FIGURES", {})


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def bend(folder):
    """Make a stored result hold other values, consistently."""
    data = manifests.read(folder)
    data["content"]["contracts"] = "0" * 64
    manifests.write(data, folder)


def test_a_result_holds_every_file(written):
    found = {
        path.relative_to(written.folder).as_posix() for path in written.folder.rglob("*") if path.is_file()
    }
    expected = {f"{name}.parquet" for name in TABLES} | {
        "indicators.csv",
        "summary.md",
        "scenario.lock.yaml",
        "manifest.json",
        "data_dictionary.csv",
    }
    expected |= {f"figures/{name}.png" for name in figures.FIGURES}
    assert found == expected
    assert written.is_new


def test_the_folder_is_named_by_scenario_seed_and_hash(written, results):
    name, seed, digest = written.folder.name.rsplit("-", 2)
    assert (name, seed, len(digest)) == ("small", "1", 8)
    assert run_name(results.scenario) == written.folder.name
    assert run_name(small_scenario(years=1)) == written.folder.name
    different = [
        small_scenario(years=1, seed=2),
        small_scenario(years=2),
        small_scenario(years=1, outputs=Outputs(every="year")),
        small_scenario(years=1, size={"seed": 4}),
    ]
    assert len({run_name(scenario) for scenario in different} - {written.folder.name}) == 4


def test_the_manifest_says_what_made_the_result(written, results):
    data = json.loads((written.folder / "manifest.json").read_text(encoding="utf-8"))
    assert data == written.manifest
    assert data["deftrade_output"] == 2
    assert data["seed"] == 1
    assert data["digests"] == {
        "world": world_digest(results.scenario),
        "treatment": treatment_digest(results.scenario),
    }
    assert set(data["content"]) == {*TABLES, "indicators"}
    assert set(data["laws"]["residuals"]) == set(results.run.residuals)
    assert max(data["laws"]["residuals"].values()) <= data["laws"]["tolerance"]
    assert data["world_digests"] == results.run.digests
    assert set(data["clips"]) == {"fiscal_cap", "frontier", "skilled_pool", "alignment"}
    assert {"python", "numpy", "pandas", "pyarrow"} <= set(data["versions"])
    assert "writing" in data["timings"]
    assert manifests.damages(written.folder, data) == []


def test_units_and_meanings_travel_with_the_data(written):
    schema = pyarrow.parquet.read_schema(written.folder / "series" / "states.parquet")
    assert schema.field("exports").metadata[b"unit"] == b"MUSD"
    assert schema.field("exports").metadata[b"aggregation"] == b"sum"
    assert schema.field("readiness").metadata[b"meaning"] == b"Usable share of capability"
    assert schema.metadata[b"deftrade_output"] == b"2"
    for name in TABLES:
        for field in pyarrow.parquet.read_schema(written.folder / f"{name}.parquet"):
            assert field.metadata[b"meaning"], f"{name}.{field.name}"


def test_the_data_dictionary_lists_every_column(written):
    table = pyarrow.csv.read_csv(written.folder / "data_dictionary.csv")
    assert table.column_names == ["table", "column", "unit", "kind", "meaning", "aggregation"]
    listed = {(row["table"], row["column"]) for row in table.to_pylist()}
    for name in TABLES:
        schema = pyarrow.parquet.read_schema(written.folder / f"{name}.parquet")
        assert {(name.removeprefix("series/"), column) for column in schema.names} <= listed
    assert ("indicators", "value") in listed


def test_words_stand_where_codes_were(results):
    entries = {(e.table, e.column): e for e in dictionary({"licences": arrow_table(results, "licences")})}
    assert entries["licences", "status"].meaning == "One of pending, granted, refused, withdrawn"
    assert entries["licences", "criteria_human_rights"].meaning.endswith("(human rights)")


GENERATED = """
deftrade: 1
time: {start: 2025, end: 2026}
price_year: 2024
seed: 3
world: {seed: 5, generate: {states: 45, firms: 60}}
"""


@pytest.mark.parametrize("states", ["few", "many"])
def test_the_lock_loads_to_the_scenario_that_was_run(tmp_path, states):
    starter = files("deftrade.cli").joinpath("starter.yaml").read_text(encoding="utf-8")
    source = tmp_path / "source.yaml"
    source.write_text(starter if states == "few" else GENERATED, encoding="utf-8")
    scenario = load(source)
    write_lock(scenario, tmp_path / "lock")
    assert (tmp_path / "lock" / "scenario.lock").is_dir() == (states == "many")
    locked = load(tmp_path / "lock" / "scenario.lock.yaml")
    assert world_digest(locked) == world_digest(scenario)
    assert treatment_digest(locked) == treatment_digest(scenario)
    assert locked.seed == scenario.seed


def test_values_hash_alike_for_one_seed_and_differ_for_another(results, other):
    again = simulate(small_scenario(years=1))
    for name in output_names(results):
        first = value_hash(arrow_table(results, name))
        assert first == value_hash(arrow_table(again, name)), name
        if name not in ("alliances",):
            assert first != value_hash(arrow_table(other, name)), name


def test_hashes_are_of_values_not_of_encodings(written):
    for name in TABLES:
        table = pyarrow.parquet.read_table(written.folder / f"{name}.parquet")
        assert value_hash(table) == written.manifest["content"][name]
    plain = pyarrow.table({"a": ["x", "y", "x"], "b": [0.0, float("nan"), 1.0]})
    coded = pyarrow.table({"a": plain["a"].dictionary_encode(), "b": [-0.0, float("nan"), 1.0]})
    moved = pyarrow.table({"a": ["y", "x", "x"], "b": plain["b"]})
    assert value_hash(plain) == value_hash(coded)
    assert value_hash(plain) != value_hash(moved)


@pytest.mark.usefixtures("no_figures")
def test_csv_holds_the_values_of_parquet(results, written, tmp_path):
    as_csv = write_run(results, tmp_path, table_format="csv")
    assert as_csv.manifest["content"] == written.manifest["content"]
    for name in TABLES:
        binary = pyarrow.parquet.read_table(written.folder / f"{name}.parquet")
        text = pyarrow.csv.read_csv(
            as_csv.folder / f"{name}.csv",
            convert_options=pyarrow.csv.ConvertOptions(
                column_types={
                    field.name: pyarrow.string() if pyarrow.types.is_dictionary(field.type) else field.type
                    for field in binary.schema
                },
                strings_can_be_null=False,
            ),
        )
        assert text.num_rows == binary.num_rows
        for field in binary.schema:
            expected = binary[field.name].to_pylist()
            if pyarrow.types.is_dictionary(field.type):
                expected = [value or "" for value in expected]
            assert text[field.name].to_pylist() == expected, f"{name}.{field.name}"


@pytest.mark.usefixtures("no_figures")
def test_an_identical_result_is_verified_and_kept(results, tmp_path):
    first = write_run(results, tmp_path)
    before = (first.folder / "manifest.json").stat().st_mtime_ns
    second = write_run(simulate(small_scenario(years=1)), tmp_path)
    assert second.folder == first.folder
    assert not second.is_new
    assert (first.folder / "manifest.json").stat().st_mtime_ns == before
    assert names_in(tmp_path) == [first.folder.name]


@pytest.mark.usefixtures("no_figures")
def test_a_different_result_is_refused_without_force(results, tmp_path):
    first = write_run(results, tmp_path)
    bend(first.folder)
    before = file_hashes(first.folder)
    with pytest.raises(OutputError, match=r"different result \(contracts differ\); --force overwrites"):
        write_run(results, tmp_path)
    assert file_hashes(first.folder) == before
    again = write_run(results, tmp_path, force=True)
    assert again.is_new
    assert again.manifest["content"] == first.manifest["content"]
    assert names_in(tmp_path) == [first.folder.name]


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("damage", ["changed", "missing", "added"])
def test_a_damaged_result_is_refused_without_force(results, tmp_path, damage):
    folder = write_run(results, tmp_path).folder
    if damage == "changed":
        (folder / "summary.md").write_text("other", encoding="utf-8")
    elif damage == "missing":
        (folder / "summary.md").unlink()
    else:
        (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=rf"was changed since \(\S+ (is|was) {damage}\)"):
        write_run(results, tmp_path)


@pytest.mark.usefixtures("no_figures")
def test_the_same_values_in_another_format_are_no_identical_result(results, tmp_path):
    write_run(results, tmp_path)
    with pytest.raises(OutputError, match="same values in another table format"):
        write_run(results, tmp_path, table_format="csv")


@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_result_is_never_overwritten(tmp_path, force):
    scenario = small_scenario(years=1)
    folder = tmp_path / run_name(scenario)
    folder.mkdir()
    (folder / "thesis.tex").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match="is no result of deftrade"):
        check_folder(scenario, tmp_path, force=force)
    assert names_in(folder) == ["thesis.tex"]


class KilledError(BaseException):
    """Stands for whatever ends a process half way."""


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("stage", ["write_table", "write_lock"])
def test_a_run_killed_while_writing_leaves_nothing(results, tmp_path, monkeypatch, stage):
    def die(*_, **__):
        raise KilledError

    monkeypatch.setattr(writing, stage, die)
    with pytest.raises(KilledError):
        write_run(results, tmp_path)
    assert names_in(tmp_path) == []


@pytest.mark.usefixtures("no_figures")
def test_a_killed_process_leaves_nothing_that_looks_whole(results, tmp_path, monkeypatch):
    monkeypatch.setattr(whole.shutil, "rmtree", lambda *_, **__: None)  # kill -9: no clean-up

    def die(*_):
        raise KilledError

    monkeypatch.setattr(manifests, "write", die)
    with pytest.raises(KilledError):
        write_run(results, tmp_path)
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".")
    assert not (left / "manifest.json").exists()
    assert not (tmp_path / run_name(results.scenario)).exists()


@pytest.mark.usefixtures("no_figures")
def test_a_full_disk_is_explained_and_keeps_the_old_result(results, tmp_path, monkeypatch):
    old = write_run(results, tmp_path)
    bend(old.folder)
    before = file_hashes(old.folder)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "write_lock", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_run(results, tmp_path, force=True)
    assert names_in(tmp_path) == [old.folder.name]
    assert file_hashes(old.folder) == before


@pytest.mark.usefixtures("no_figures")
def test_the_old_result_comes_back_when_the_new_one_cannot_be_put(results, tmp_path, monkeypatch):
    old = write_run(results, tmp_path)
    bend(old.folder)
    rename = whole.Path.rename

    def fail(path, target):
        if ".part-" in path.name:
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(whole.Path, "rename", fail)
    with pytest.raises(OutputError, match="Input/output error"):
        write_run(results, tmp_path, force=True)
    assert names_in(tmp_path) == [old.folder.name]
    assert manifests.read(old.folder)["content"]["contracts"] == "0" * 64


def test_a_folder_that_cannot_be_written_is_refused_before_the_run(tmp_path):
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    for out in (file, file / "below"):
        with pytest.raises(OutputError, match="is not a folder"):
            check_folder(small_scenario(years=1), out)


def test_a_folder_that_takes_no_files_is_refused(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(whole.tempfile, "TemporaryFile", refuse)
    with pytest.raises(OutputError, match="Permission denied"):
        check_folder(small_scenario(years=1), tmp_path / "new")


def test_checking_a_folder_creates_nothing(tmp_path):
    folder = check_folder(small_scenario(years=1), tmp_path / "a" / "b")
    assert folder.parent == tmp_path / "a" / "b"
    assert names_in(tmp_path) == []


def test_an_unknown_format_is_refused(results, tmp_path):
    with pytest.raises(OutputError, match="no table format 'xml'; allowed: parquet, csv"):
        write_run(results, tmp_path, table_format="xml")


@pytest.mark.parametrize("text", ["", "[]", '{"deftrade_output": 99}'])
def test_a_manifest_of_another_format_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match=r"manifest\.json"):
        manifests.read(tmp_path)


@pytest.mark.parametrize(
    ("years", "step", "states"), [(1, "quarter", 3), (2, "year", 4), (3, "month", 4), (4, "year", 24)]
)
def test_figures_are_drawn_for_short_long_small_and_large_worlds(tmp_path, years, step, states):
    results = simulate(small_scenario(years=years, step=step, size={"states": states}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = figures.draw_all(results, tmp_path / "figures")
    assert len(drawn) == len(figures.FIGURES)
    assert all((tmp_path / name).stat().st_size > 5_000 for name in drawn)


def test_fleets_are_kept_where_outputs_ask_for_them():
    asked = simulate(small_scenario(years=1, outputs=Outputs(("states", "fleets"))))
    assert "fleets" in output_names(asked)
    frame = asked.to_frame("fleets")
    last = frame[frame.row == frame.row.max()]
    fleets = asked.world.fleets
    assert last.readiness.to_numpy() == pytest.approx(fleets.readiness)
    assert not last.duplicated(["holder", "category", "origin"]).any()
    assert {"holder", "origin", "age", "readiness"} <= {
        entry.column for entry in dictionary({"fleets": arrow_table(asked, "fleets")})
    }


def test_fleets_are_left_out_where_nobody_asks(results):
    assert "fleets" not in output_names(results)
    with pytest.raises(KeyError, match="fleets"):
        results.to_frame("fleets")
