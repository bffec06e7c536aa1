"""Check a batch on disk: bytes, values, and sampled replicates played again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.errors import OutputError
from deftrade.experiments.batch import folder as folders
from deftrade.experiments.batch.page import write_page
from deftrade.experiments.batch.replicate import Cell, play
from deftrade.experiments.batch.result import read_batch
from deftrade.experiments.batch.tables import NAMES, UNHASHED, Tables, joined, schema
from deftrade.experiments.batch.trajectories import Keep
from deftrade.files import manifests
from deftrade.files.check import Check
from deftrade.files.comparing import otherwise
from deftrade.files.hashing import StreamedHash, code_digest, value_hash
from deftrade.files.locking import NAME as LOCK
from deftrade.files.tables import write_table
from deftrade.scenario.load import load

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from deftrade.experiments.batch.replicate import Key, Outcome
    from deftrade.scenario.resolved import Scenario


def is_batch(folder: Path) -> bool:
    """Return whether a folder holds a batch, finished or not."""
    return (folder / folders.PLAN).is_file()


def verify_batch(
    folder: Path, rerun: int = 0, *, progress: Callable[[int, int], None] | None = None
) -> Check:
    """Check every file and every value of a finished batch and play some replicates again.

    Parameters
    ----------
    folder : Path
        The batch.
    rerun : int
        How many replicates to play again from the lock files; which ones follows from the batch, so
        that a larger sample holds a smaller one.
    progress : callable, optional
        Called after every replicate with those played and those to play.

    Raises
    ------
    OutputError
        The folder is no finished batch, or replicates of other code are to be played again.
    """
    plan, data = folders.read_plan(folder), manifests.read(folder)
    if rerun and plan["code"] != code_digest():
        raise OutputError(
            f"{folder} was made by another version of the code ({plan['code'][:16]}, not"
            f" {code_digest()[:16]}): playing it again would show nothing"
        )
    damages = manifests.damages(folder, data) or _contradictions(folder, plan, data)
    sample = [] if damages else _sample(folder, plan, rerun)
    scenarios: dict[str, Scenario] = {}
    differences = []
    for done, key in enumerate(sample, start=1):
        if key.cell not in scenarios:
            scenarios[key.cell] = load(folder / folders.LOCKS / key.cell / LOCK)
        found = play(
            Cell(key.cell, scenarios[key.cell]),
            key.run,
            plan["root"],
            Keep(**plan["keep"]),
            openings=plan["openings"],
        )
        differences += _differences(key, folders.read_outcome(folder, key), found)
        if progress is not None:
            progress(done, len(sample))
    return Check(folder, len(data["files"]), damages, differences, runs=sample)


def _contradictions(folder: Path, plan: dict[str, Any], data: dict[str, Any]) -> list[str]:
    """Return which values contradict their hashes; a whole file may still have been written wrong."""
    found = []
    is_older = plan["deftrade_output"] != manifests.OUTPUT_FORMAT
    status: list[pa.Table] = []
    tables = Tables({**dict.fromkeys(NAMES, len), "status": status.append})  # of others, hashes are enough
    for key in folders.planned(plan):
        try:
            outcome = folders.read_outcome(folder, key, as_written=is_older)
        except OutputError as error:
            found.append(str(error))
            continue
        if outcome is None:
            found.append(f"run {key.run} of {key.cell} is missing")
        else:
            tables.add(outcome)
    if found:
        return found
    content, said = tables.content(), data["content"]
    found += [f"{name}: the runs have other values" for name in content if content[name] != said.get(name)]
    found += [
        f"{name}.parquet has other values than its hash says"
        for name in content
        if _table_hash(folder, name) != said.get(name)
    ]
    return found or _told_otherwise(folder, data, status, is_older=is_older)


def _told_otherwise(
    folder: Path, data: dict[str, Any], status: list[pa.Table], *, is_older: bool
) -> list[str]:
    """Return which merged tables have other columns or units, or tell of times and faults otherwise.

    Courses of an older format had other columns; hashes vouch for them.
    """
    import pyarrow.parquet

    found = [
        f"{name}.parquet has other columns or units than it is written with"
        for name in NAMES
        if not (is_older and name == "courses")
        and not pyarrow.parquet.read_schema(folder / f"{name}.parquet").equals(
            schema(name), check_metadata=True
        )
    ]
    if found:
        return found
    kept, ours = pyarrow.parquet.read_table(folder / "status.parquet"), joined("status", status)
    if value_hash(kept) != value_hash(ours):
        found.append("status.parquet tells of times or faults otherwise than the runs")
    with TemporaryDirectory() as place:
        write_table(ours, Path(place) / "status.csv")
        names = ["status.csv"]
        if data["code"] == code_digest():  # other code may tell the same otherwise
            names += write_page(read_batch(folder), Path(place))
        drawn = manifests.draws_alike(data)
        return [*found, *otherwise(folder, Path(place), names, drawn=drawn)]


def _table_hash(folder: Path, name: str) -> str:
    """Return the hash of a merged table's values, read a piece at a time."""
    import pyarrow as pa
    import pyarrow.parquet

    state = StreamedHash()
    with pyarrow.parquet.ParquetFile(folder / f"{name}.parquet") as file:
        for piece in file.iter_batches():
            table = pa.Table.from_batches([piece])
            state.update(table.drop_columns(UNHASHED) if name == "status" else table)
    return state.hexdigest()


def _sample(folder: Path, plan: dict[str, Any], count: int) -> list[Key]:
    """Return replicates that came to their end, drawn by the batch's own digest."""
    done = [key for key in folders.planned(plan) if folders.run_file(folder, key).exists()]
    order = np.random.default_rng(int(plan["digest"][:16], 16)).permutation(len(done))
    return [done[place] for place in order[:count]]


def _differences(key: Key, kept: Outcome | None, found: Outcome) -> list[str]:
    """Return how a replicate played again differs from the one kept."""
    if kept is not None and kept.content == found.content:
        return []
    where = f"run {key.run} of {key.cell}"
    if kept is None or not found.ok:
        return [f"{where} failed: {found.reason}"]
    parts = [date for date in kept.digests if kept.digests[date] != found.digests.get(date)]
    return [f"{where} differs, first at {parts[0]}" if parts else f"{where} differs in what was kept of it"]
