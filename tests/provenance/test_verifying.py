"""``verify`` notices what is no longer as it was written, and a rerun whatever a forger hashed again."""

import json
import shutil

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.experiments.experiments import GRID, write

import deftrade
from deftrade.files import manifests
from deftrade.files.hashing import file_hashes
from deftrade.provenance.check import verify
from deftrade.report.snapshots import run_into


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    place = tmp_path_factory.mktemp("whole")
    write(place, GRID)
    _, written = run_into(place / "out", place / "offsets.yaml", years=2, snapshots=1)
    return written.folder


@pytest.fixture
def folder(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / whole.name)


def reseal(folder, **facts):
    """Hash every file again and seal the manifest, as a forger would."""
    data = {**manifests.read(folder), **facts, "files": file_hashes(folder)}
    data.pop(manifests.SEAL)
    manifests.write(data, folder)


def test_an_honest_run_comes_out_the_same(folder):
    found = verify(folder, 1)
    assert found.is_sound, found.differences
    assert found.tables


def multiply(path):
    table = pyarrow.parquet.read_table(path)
    place = table.schema.get_field_index("jobs_direct")
    field = table.schema.field(place)
    more = pa.array(table["jobs_direct"].to_numpy() * 10)
    pyarrow.parquet.write_table(table.set_column(place, field, more), path)


def other_unit(path):
    table = pyarrow.parquet.read_table(path)
    place = table.schema.get_field_index("exports")
    field = table.schema.field(place)
    named = field.with_metadata({**field.metadata, b"unit": b"USD"})
    pyarrow.parquet.write_table(table.set_column(place, named, table["exports"]), path)


def edit(path):
    path.write_text(path.read_text("utf-8").replace("1", "2"), encoding="utf-8")


def other_state(path):
    with np.load(path) as held:
        arrays = dict(held)
    name = next(key for key in arrays if key.startswith("world/") and arrays[key].dtype.kind == "f")
    arrays[name] = arrays[name] + 1
    with path.open("wb") as file:
        np.savez(file, **arrays)


FORGERIES = [
    ("series/states.parquet", multiply),
    ("series/states.parquet", other_unit),
    ("summary.md", edit),
    ("indicators.csv", edit),
    ("data_dictionary.csv", edit),
    ("figures/jobs.png", lambda path: shutil.copy(path.with_name("trade.png"), path)),
    ("states/2026-Q1.npz", other_state),
    ("notes.md", lambda path: path.write_text("the ministry agrees", encoding="utf-8")),
]


@pytest.mark.parametrize(("name", "forge"), FORGERIES)
def test_a_rerun_names_a_forged_file_that_was_hashed_again(folder, name, forge):
    forge(folder / name)
    reseal(folder)
    assert verify(folder).is_sound
    assert any(line.startswith(f"{name} ") for line in verify(folder, 1).differences)


def test_a_rerun_names_forged_facts(folder):
    reseal(folder, warnings=["Nothing to see"])
    assert verify(folder, 1).differences == ["manifest.json says otherwise: warnings"]


def test_other_ends_of_lines_links_and_empty_folders_are_noticed(folder):
    path = folder / manifests.NAME
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (folder / "extra").mkdir()
    (folder / "tiv.parquet").rename(folder.parent / "tiv.parquet")
    (folder / "tiv.parquet").symlink_to(folder.parent / "tiv.parquet")
    (folder / "dangling").symlink_to(folder / "nowhere")
    assert verify(folder).damages == [
        "manifest.json was changed",
        "dangling is a link",
        "extra is an empty folder",
        "tiv.parquet is a link",
    ]


def test_a_manifest_with_half_a_character_is_a_change_and_no_fault_of_ours(folder):
    path = folder / manifests.NAME
    data = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**data, "code": "\ud800"}), encoding="utf-8")
    assert verify(folder).damages == ["manifest.json was changed"]


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    place = tmp_path_factory.mktemp("judged")
    write(place, GRID)
    found = deftrade.compare(place / "base.yaml", place / "offsets.yaml", runs=4, years=1, engine="serial",
                             out=place / "out", until="exports=0.001", max_runs=4)  # fmt: skip
    return found.folder


@pytest.fixture
def batch(judged, tmp_path):
    return shutil.copytree(judged, tmp_path / judged.name)


def test_an_honest_comparison_comes_out_the_same(batch):
    found = verify(batch, 1)
    assert found.is_sound, (found.damages, found.differences)
    assert "was not reached" in (batch / "comparison.md").read_text("utf-8")


def zero(path):
    table = pyarrow.parquet.read_table(path)
    place = next(place for place, field in enumerate(table.schema) if pa.types.is_floating(field.type))
    none = pa.array(np.zeros(table.num_rows))
    pyarrow.parquet.write_table(table.set_column(place, table.schema.field(place), none), path)


def other_question(path):
    path.write_text(path.read_text("utf-8").replace('"exports"', '"imports"'), encoding="utf-8")


COMPARED = [
    ("comparison.md", edit),
    ("comparison.csv", edit),
    (
        "comparison.json",
        lambda path: path.write_text(path.read_text("utf-8").replace('"exports"', '"imports"')),
    ),
    ("comparison.parquet", zero),
    ("courses_comparison.csv", edit),
    ("figures/forest-offsets.png", lambda path: shutil.copy(path.with_name("course-offsets.png"), path)),
]


@pytest.mark.parametrize(("name", "forge"), COMPARED)
def test_a_rerun_names_a_forged_answer_that_was_hashed_again(batch, name, forge):
    forge(batch / name)
    reseal(batch)
    assert verify(batch).is_sound
    assert verify(batch, 1).differences == [f"{name} does not hold what came out"]


@pytest.mark.parametrize("name", ["status.csv", "summary.csv", "summary.md", "data_dictionary.csv"])
def test_what_a_batch_tells_contradicts_the_runs_where_it_was_hashed_again(batch, name):
    edit(batch / name)
    reseal(batch)
    assert verify(batch).damages == [f"{name} does not hold what came out"]


def test_other_units_of_a_merged_table_are_named(batch):
    path = batch / "courses.parquet"
    table = pyarrow.parquet.read_table(path)
    fields = [field.with_metadata({b"unit": b"USD", b"meaning": b"all"}) for field in table.schema]
    pyarrow.parquet.write_table(table.cast(pa.schema(fields)), path)
    reseal(batch)
    assert verify(batch).damages == ["courses.parquet has other columns or units than it is written with"]
