"""Results as output format 1 wrote them, made from fresh ones: `year` was the close, and no `time` there."""

import json
from dataclasses import replace

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from deftrade.experiments.batch import folder as folders
from deftrade.experiments.batch.replicate import content_hash
from deftrade.experiments.batch.tables import NAMES, Tables
from deftrade.files import manifests
from deftrade.files.hashing import file_hashes, value_hash
from deftrade.files.tables import write_table

DICTIONARY = "data_dictionary.csv"
CLOSE = {"unit": "year", "kind": "date", "meaning": "Decimal year at the close of the step"}


def older(table):
    """Return a table with the columns of format 1."""
    if "time" not in table.column_names:
        return table
    place = table.column_names.index("year")
    notes = CLOSE if table.schema.field(place).metadata else None
    field = pa.field("year", pa.float64(), metadata=notes)
    return table.set_column(place, field, table.column("time")).drop_columns("time")


def age(folder):
    """Turn the folder of a fresh run or batch into one of format 1, in place."""
    data = manifests.read(folder)
    if (folder / folders.PLAN).is_file():
        data["content"] = _age_batch(folder)
    else:
        _age_run(folder, data["content"])
    data = {**data, "deftrade_output": 1, "files": file_hashes(folder)}
    data.pop(manifests.SEAL)
    manifests.write(data, folder)
    return folder


def _age_run(folder, content):
    for path in folder.glob("series/*"):
        is_csv = path.suffix == ".csv"
        table = older(pyarrow.csv.read_csv(path) if is_csv else pyarrow.parquet.read_table(path))
        write_table(table, path)
        content[f"series/{path.stem}"] = value_hash(table)
    entries = pyarrow.csv.read_csv(folder / DICTIONARY).to_pylist()
    kept = [
        row | CLOSE if row["column"] == "year" and row["table"] in ("states", "flows") else row
        for row in entries
        if row["column"] != "time"
    ]
    write_table(pa.Table.from_pylist(kept), folder / DICTIONARY)


def _age_batch(folder):
    pieces = {name: [] for name in NAMES}
    tables = Tables({name: kept.append for name, kept in pieces.items()})
    plan = folders.read_plan(folder)
    for key in folders.planned(plan):
        outcome = folders.read_outcome(folder, key)
        table = older(outcome.trajectories)
        content = content_hash(outcome.indicators, outcome.digests, outcome.residual, table)
        folders.keep(folder, replace(outcome, trajectories=table, content=content))
        tables.add(replace(outcome, trajectories=table, content=content))
    for name, kept in pieces.items():
        whole = pa.concat_tables(kept)
        schema = older(pyarrow.parquet.read_schema(folder / f"{name}.parquet").empty_table()).schema
        for ending in ("parquet", "csv") if name == "status" else ("parquet",):
            write_table(whole.cast(schema), folder / f"{name}.{ending}")
    (folder / folders.PLAN).write_text(json.dumps({**plan, "deftrade_output": 1}), encoding="utf-8")
    return tables.content()
