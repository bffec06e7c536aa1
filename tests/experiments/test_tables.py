"""Merged tables: written a piece at a time, they hold what those made in memory hold."""

import pyarrow as pa
import pyarrow.parquet
import pytest

from deftrade.experiments.batch import tables
from deftrade.experiments.batch.replicate import Outcome
from deftrade.files.hashing import value_hash

TRAJECTORIES = pa.table({
    field.name: pa.nulls(3, field.type) for field in list(tables.schema("courses"))[3:]
})  # fmt: skip


def outcomes(count):
    """Return runs with courses of a few rows; every seventh has failed."""
    for run in range(count):
        if run % 7 == 6:
            yield Outcome("a", run, run, ok=False, traceback="Error: it broke")
        else:
            yield Outcome(
                "a", run, run, ok=True, indicators={"exports": float(run)}, trajectories=TRAJECTORIES
            )


@pytest.mark.parametrize("count", [1, 64, 65, 150])
@pytest.mark.parametrize("group", [7, 100, 4096])
def test_pieces_make_the_same_tables_however_many_wait(tmp_path, monkeypatch, count, group):
    monkeypatch.setattr(tables, "_GROUP", group)
    kept, hashes = tables.in_memory(outcomes(count))
    assert tables.to_folder(outcomes(count), tmp_path) == hashes
    for name in tables.NAMES:
        written = pyarrow.parquet.read_table(tmp_path / f"{name}.parquet")
        assert written.schema.equals(kept[name].schema)
        assert value_hash(written) == value_hash(kept[name])


def test_few_pieces_wait_in_memory(tmp_path):
    writer = tables._Writer(tmp_path / "status.parquet", tables.schema("status"))
    with writer:
        for outcome in outcomes(300):
            for name, piece in tables._pieces(outcome):
                if name == "status":
                    writer.take(piece)
            assert len(writer._held) <= tables._PIECES
    assert pyarrow.parquet.read_metadata(tmp_path / "status.parquet").num_rows == 300
