"""Batches and comparisons of output format 1: read as those of now, verified as they were written."""

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest
from tests.format_1 import age
from tests.worlds import small_scenario

from deftrade import read_batch, read_comparison
from deftrade.errors import OutputError
from deftrade.experiments.batch import folder as folders
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.execution import Execution, Shard
from deftrade.experiments.batch.merge import merge
from deftrade.experiments.batch.replicate import Cell, Key, content_hash
from deftrade.experiments.batch.running import run_batch
from deftrade.experiments.batch.verify import verify_batch
from deftrade.files import manifests
from deftrade.files.hashing import file_hashes

RUNS = 2
SERIAL = Execution("serial")


@pytest.fixture(scope="module")
def batch():
    base = small_scenario(years=1)
    return Batch((Cell("base", base), Cell("same", replace(base, title="The same"))), 5, RUNS)


@pytest.fixture(scope="module")
def fresh(batch, tmp_path_factory):
    return run_batch(batch, batch.place(tmp_path_factory.mktemp("fresh")), SERIAL)


@pytest.fixture
def old(fresh, tmp_path):
    """Return the folder of the same batch as format 1 wrote it."""
    return age(Path(shutil.copytree(fresh.folder, tmp_path / fresh.folder.name)))


def test_a_batch_of_format_1_has_the_tables_of_now(fresh, old):
    assert pyarrow.parquet.read_schema(old / "courses.parquet").names[5:7] == ["year", "state"]
    for name in ("courses", "indicators"):
        pd.testing.assert_frame_equal(read_batch(old).to_frame(name), fresh.to_frame(name))
    assert read_batch(old).to_frame("courses").attrs == fresh.to_frame("courses").attrs
    assert read_batch(old).to_frame("courses")["year"].tolist() == [2024, 2025] * RUNS * 2


def test_a_comparison_of_format_1_is_told_as_one_of_now(fresh, old):
    found, same = read_comparison(old), read_comparison(fresh.folder)
    pd.testing.assert_frame_equal(found.to_frame("courses"), same.to_frame("courses"))
    assert [found.to_frame("courses")[name].dtype.kind for name in ("year", "time")] == ["i", "f"]


def test_a_batch_of_format_1_verifies_by_its_own_hashes(old):
    assert verify_batch(old).is_sound
    path = old / "courses.parquet"
    table = pyarrow.parquet.read_table(path)
    place = table.column_names.index("year")
    later = pyarrow.compute.add(table.column(place), 1.0)
    pyarrow.parquet.write_table(table.set_column(place, table.schema.field(place), later), path)
    assert verify_batch(old).damages == ["courses.parquet was changed"]
    manifests.write({**manifests.read(old), "files": file_hashes(old)}, old)
    assert verify_batch(old).damages == ["courses.parquet has other values than its hash says"]


def test_shards_of_format_1_merge_into_a_batch_of_now(batch, fresh, tmp_path):
    parts = []
    for part in (1, 2):
        shard = Shard(part, 2)
        place = batch.place(tmp_path / "parts", shard)
        parts.append(age(run_batch(batch, place, Execution("serial", shard=shard)).folder))
    merged = merge(parts, tmp_path / "merged")
    assert merged.content == fresh.content
    assert manifests.read(merged.folder)["deftrade_output"] == 2
    assert folders.read_plan(merged.folder)["deftrade_output"] == 2
    assert "time" in pyarrow.parquet.read_schema(folders.run_file(merged.folder, Key("base", 0))).names
    assert verify_batch(merged.folder, rerun=1).is_sound


def test_runs_with_columns_of_another_version_are_not_merged(old, tmp_path):
    for key in folders.planned(folders.read_plan(old)):
        outcome = folders.read_outcome(old, key)
        table = outcome.trajectories.drop_columns("gdp")
        content = content_hash(outcome.indicators, outcome.digests, outcome.residual, table)
        folders.keep(old, replace(outcome, trajectories=table, content=content))
    with pytest.raises(OutputError, match="another version of deftrade played these runs"):
        merge([old], tmp_path / "merged")
    assert not (tmp_path / "merged").exists()


def test_an_unfinished_batch_of_format_1_goes_on_as_one_of_now(batch, fresh, old):
    (old / manifests.NAME).unlink()
    folders.run_file(old, Key("base", 1)).unlink()
    went_on = run_batch(batch, old, Execution("serial", resume=True))
    assert went_on.content == fresh.content
    assert verify_batch(old, rerun=2).is_sound
    assert "time" in pyarrow.parquet.read_schema(folders.run_file(old, Key("base", 0))).names
