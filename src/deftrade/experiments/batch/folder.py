"""The folder of a batch: its plan, one file a replicate, each whole or not there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.experiments.batch.replicate import Key, Outcome, content_hash
from deftrade.files.leftovers import sweep_files
from deftrade.files.locking import write_lock
from deftrade.files.manifests import OUTPUT_FORMAT, Origin, build, check_format
from deftrade.files.shapes import OUTCOME, json_text, parsed, read_json
from deftrade.files.shapes import PLAN as PLAN_SHAPE
from deftrade.files.strangers import is_of_batch, names_in
from deftrade.files.tables import parquet_options
from deftrade.files.writing import whole_file, write_text
from deftrade.results.timing import is_of_format_1, table_as_now

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deftrade.experiments.batch.batch import Batch
    from deftrade.experiments.batch.execution import Shard

PLAN = "batch.json"
"""File of every folder of a batch: what it is a batch of."""

RUNS = "runs"
LOCKS = "lock"
_FAILED = ".failed.json"
_META = b"deftrade"


def write_plan(batch: Batch, folder: Path, shard: Shard | None) -> None:
    """Write a batch's plan, and a lock file for each cell, from which it can be played again.

    The plan comes first: a folder that has one can be gone on with or begun anew, whatever is missing.
    """
    facts = {"digest": batch.digest, "shard": list(shard) if shard else None, **batch.plan()}
    del facts["code"]  # the origin says it
    put_plan(build("plan", Origin.now(batch.inputs), facts), folder)
    for cell in batch.cells:
        write_lock(cell.scenario, folder / LOCKS / cell.name)


def put_plan(plan: dict[str, Any], folder: Path) -> None:
    """Write a plan to its folder, as it is but for the format, which is today's."""
    (folder / RUNS).mkdir(parents=True, exist_ok=True)
    plan = {**plan, "deftrade_output": OUTPUT_FORMAT}
    write_text(folder / PLAN, json_text(plan))


def read_plan(folder: Path) -> dict[str, Any]:
    """Return the plan of a batch's folder.

    Raises
    ------
    OutputError
        It is no folder of a batch, or one of another format.
    """
    path = folder / PLAN
    try:
        plan = read_json(path, PLAN_SHAPE)
    except (FileNotFoundError, NotADirectoryError):
        raise OutputError(f"{folder} is no batch of deftrade: it holds no {PLAN}") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be read: {error}") from error
    check_format(plan, path)
    return {"openings": 0, **plan}  # older batches kept the opening of their files


def planned(plan: dict[str, Any]) -> list[Key]:
    """Return which replicates a plan's folder is to hold, in canonical order."""
    keys = [Key(cell["name"], run) for cell in plan["cells"] for run in range(plan["runs"])]
    if plan["shard"] is None:
        return keys
    part, parts = plan["shard"]
    return keys[part - 1 :: parts]


def run_file(folder: Path, key: Key) -> Path:
    """Return the file of a replicate that succeeded."""
    return folder / RUNS / f"{key.cell}-{key.run}.parquet"


def failed_file(folder: Path, key: Key) -> Path:
    """Return where the fault of a failed replicate is kept."""
    return folder / RUNS / f"{key.cell}-{key.run}{_FAILED}"


def keep(folder: Path, outcome: Outcome) -> None:
    """Write what is left of a replicate; it replaces what was left of an earlier try.

    Raises
    ------
    OutputError
        The disk refuses.
    """
    path, other = run_file(folder, outcome.key), failed_file(folder, outcome.key)
    if outcome.trajectories is None:
        write_text(other, json.dumps(_facts(outcome), indent=2, ensure_ascii=False) + "\n")
        return
    import pyarrow.parquet

    facts = {_META: json.dumps(_facts(outcome)).encode()}
    table = outcome.trajectories.replace_schema_metadata(facts)
    try:
        with whole_file(path) as partial:
            pyarrow.parquet.write_table(
                table, partial, **parquet_options(table.schema), write_statistics=False
            )
        other.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error


def read_outcome(folder: Path, key: Key, *, as_written: bool = False) -> Outcome | None:
    """Return the outcome of a replicate from its file, None if there is none.

    Parameters
    ----------
    folder : Path
        Folder of the batch.
    key : Key
        Which replicate.
    as_written : bool
        Whether the columns and the hash of an older format stay; else they are today's.

    Raises
    ------
    OutputError
        Its file is damaged: not readable, or its values have another hash than it says.
    """
    if run_file(folder, key).exists():
        written = _read_run(run_file(folder, key))
        return written if as_written else _as_now(written)
    path = failed_file(folder, key)
    if not path.exists():
        return None
    try:
        return Outcome(**read_json(path, OUTCOME))
    except (OSError, ValueError, TypeError) as error:
        raise OutputError(f"{path} is damaged: {error}") from error


def renewed(folder: Path, key: Key) -> Outcome | None:
    """Return what `read_outcome` returns; a file of an older format is written anew as of today."""
    written = read_outcome(folder, key, as_written=True)
    if written is None or (outcome := _as_now(written)) is written:
        return written
    keep(folder, outcome)
    return outcome


def failures(folder: Path, keys: Iterable[Iterable[Any]]) -> tuple[Outcome, ...]:
    """Return the outcomes of failed replicates, with their tracebacks; those without a file are left out."""
    outcomes = (read_outcome(folder, Key(*key)) for key in keys)
    return tuple(outcome for outcome in outcomes if outcome is not None)


def clear_partial(folder: Path) -> None:
    """Remove what a killed process left half written."""
    for place in (folder, folder / RUNS):
        sweep_files(place)


def is_begun(folder: Path) -> bool:
    """Return whether a folder holds the beginning of a batch that was killed before it had a plan."""
    if (folder / PLAN).exists() or {path.name for path in folder.iterdir()} - {LOCKS, RUNS}:
        return False
    return all(map(is_of_batch, names_in(folder)))


def own_files(folder: Path, plan: dict[str, Any]) -> list[str]:
    """Return the files in a folder that are the batch's own: only these its manifest vouches for."""
    runs = {
        path.relative_to(folder).as_posix()
        for key in planned(plan)
        for path in (run_file(folder, key), failed_file(folder, key))
    }
    names = (name for name in names_in(folder) if is_of_batch(name))
    return [name for name in names if name in runs or not name.startswith(f"{RUNS}/")]


def _facts(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as plain data, without the table of trajectories."""
    return {name: value for name, value in vars(outcome).items() if name != "trajectories"}


def _read_run(path: Path) -> Outcome:
    """Return the outcome in a replicate's file, after checking its hash."""
    import pyarrow as pa
    import pyarrow.parquet

    try:
        # Read in this thread alone: one of Arrow's own that is still at work when Python ends aborts it.
        source = pa.BufferReader(path.read_bytes())
        table = pyarrow.parquet.ParquetFile(source, pre_buffer=False).read(use_threads=False)
        facts = parsed(table.schema.metadata[_META], OUTCOME)
        table = table.replace_schema_metadata(None)
        outcome = Outcome(**facts, trajectories=table)
        found = content_hash(outcome.indicators, outcome.digests, outcome.residual, table)
    except (OSError, ValueError, TypeError, KeyError, pa.ArrowException) as error:
        raise OutputError(f"{path} is damaged: {error}") from error
    if found != outcome.content:
        raise OutputError(f"{path} is damaged: its values have another hash")
    return outcome


def _as_now(outcome: Outcome) -> Outcome:
    """Return an outcome with today's columns, and the hash that it has with them."""
    table = outcome.trajectories
    if table is None or not is_of_format_1(table.column_names):
        return outcome
    table = table_as_now(table)
    content = content_hash(outcome.indicators, outcome.digests, outcome.residual, table)
    return replace(outcome, trajectories=table, content=content)
