"""Put the shards of a batch together again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.experiments.batch import folder as folders
from deftrade.experiments.batch.seal import finish_folder
from deftrade.files.writing import check_writable, partial_folder, put, stands

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.experiments.batch.replicate import Key
    from deftrade.experiments.batch.result import BatchResult


def merge(parts: Sequence[str | Path], into: str | Path) -> BatchResult:
    """Write the whole batch whose replicates stand in several folders.

    Parameters
    ----------
    parts : sequence of str or Path
        Folders of shards of one batch; overlaps do no harm if they agree.
    into : str or Path
        Folder for the whole batch; it must not exist. The parts stay as they are.

    Raises
    ------
    OutputError
        The folders are not of one batch, runs are missing, damaged or differ, or ``into`` exists.
    """
    places, into = [Path(part) for part in parts], Path(into)
    plans = [folders.read_plan(place) for place in places]
    _check_one_batch(places, plans)
    if stands(into):
        raise OutputError(f"{into} exists; choose another --into")
    whole = {**plans[0], "shard": None}
    found = _gathered(places, folders.planned(whole))
    check_writable(into.parent)
    with partial_folder(into) as partial:
        shutil.copytree(places[0] / folders.LOCKS, partial / folders.LOCKS)
        folders.put_plan(whole, partial)
        for path in found:
            shutil.copyfile(path, partial / folders.RUNS / path.name)
        result = finish_folder(partial)
        put(partial, into)
    return result.at(into)


def _check_one_batch(parts: Sequence[Path], plans: list[dict[str, Any]]) -> None:
    """Refuse folders of different batches."""
    for part, plan in zip(parts, plans, strict=True):
        for what in ("digest", "runs"):
            if plan[what] != plans[0][what]:
                raise OutputError(
                    f"{part} and {parts[0]} are not parts of one batch: {what}"
                    f" {plan[what]} and {plans[0][what]}"
                )


def _gathered(parts: Sequence[Path], keys: list[Key]) -> list[Path]:
    """Return one file for each replicate; a run that came to its end goes before a failed one.

    Raises
    ------
    OutputError
        Some are missing, damaged, or not the same in two folders.
    """
    paths, missing = [], []
    for key in keys:
        outcomes = [(part, folders.read_outcome(part, key)) for part in parts]
        there = [(part, outcome) for part, outcome in outcomes if outcome is not None]
        done = [(part, outcome) for part, outcome in there if outcome.ok]
        if not there:
            missing.append(key)
        elif done:
            if len({outcome.content for _, outcome in done}) > 1:
                places = " and ".join(str(part) for part, _ in done)
                raise OutputError(f"run {key.run} of {key.cell} differs between {places}")
            paths.append(folders.run_file(done[0][0], key))
        else:
            paths.append(folders.failed_file(there[0][0], key))
    if missing:
        raise OutputError(
            f"{len(missing)} of {len(keys)} runs are in none of the folders, first run {missing[0].run}"
            f" of {missing[0].cell}; play the shards that are missing, or go on with them by --resume"
        )
    return paths
