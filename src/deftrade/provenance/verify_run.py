"""Check a result: every file against its hash, and its values against a run anew."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.files import manifests
from deftrade.files.check import Check
from deftrade.files.comparing import otherwise
from deftrade.files.hashing import code_digest, file_hashes, value_hash
from deftrade.files.locking import NAME as LOCK
from deftrade.files.tables import format_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.results.results import Results


def verify(folder: Path, *, rerun: bool = False, progress: Callable[[int, int], None] | None = None) -> Check:
    """Check the files of a result and, if asked, run it again, write it again and compare every file.

    Parameters
    ----------
    folder : Path
        A result's folder.
    rerun : bool
        Whether to run the scenario of its lock file again with its seed.
    progress : callable, optional
        Called after every step of the run with steps done and steps in all.

    Raises
    ------
    OutputError
        The folder is no result, or other code made it and a run anew would show nothing.
    """
    if (folder / manifests.NAME).is_file():
        try:
            data = manifests.read(folder)
        except OutputError as error:
            return Check(folder, 0, [str(error)])
    else:
        data = manifests.read(folder)  # says that this is no result
    damages, files = manifests.damages(folder, data), len(data["files"])
    if not rerun or damages:
        return Check(folder, files, damages)
    if "scenario" not in data:
        raise OutputError(f"{folder} is not the result of one run")
    differences = _rerun(folder, data, progress)
    return Check(folder, files, damages, differences, tables=len(data["content"]))


def _rerun(folder: Path, data: dict[str, Any], progress: Callable[[int, int], None] | None) -> list[str]:
    """Return what a run anew gives otherwise: values, files, facts, then the first date it differs."""
    from deftrade.experiments.batch.luck import play_luck
    from deftrade.report.files import tables_of, write_files

    if data["code"] != code_digest():
        raise OutputError(
            f"{folder} was made by other code (deftrade {data['deftrade']}, digest {data['code'][:12]}, here"
            f" {code_digest()[:12]}): running it again here would show nothing;"
            f" `deftrade reproduce {folder}` says what to install"
        )
    with TemporaryDirectory() as place:
        anew = Path(place)
        results = _run_again(folder, data, anew, progress)
        tables = tables_of(results)
        luck = play_luck(results.scenario, data.get("luck", 0))
        write_files(results, tables, anew, format_of(folder, data["files"]), luck)
        made = sorted({*data["files"], *file_hashes(anew)})
        differences = otherwise(folder, anew, made, drawn=manifests.draws_alike(data))
    values = {place: value_hash(table) for place, table in tables.items()}
    found = [
        f"the values of {place} came out otherwise"
        for place in {**values, **data["content"]}
        if values.get(place) != data["content"].get(place)
    ]
    return [*found, *differences, *_facts(data, results)]


def _run_again(
    folder: Path, data: dict[str, Any], anew: Path, progress: Callable[[int, int], None] | None
) -> Results:
    """Return the run of a result's lock file, with its state saved wherever the result has one."""
    from deftrade.report.files import STATES
    from deftrade.results.results import Results
    from deftrade.scenario.load import load
    from deftrade.simulation import save, start, step

    # The summary names the file that the result was made from, not the lock that stands for it.
    inputs = {Path(name): digest for name, digest in data["inputs"].items()}
    scenario = replace(load(folder / LOCK), name=data["scenario"]["name"], files=inputs)
    run, calendar = start(scenario), scenario.calendar
    while not run.is_done:
        step(run)
        now = run.world.clock.step
        name = f"{STATES}/{calendar.label(now)}.npz"
        if name in data["files"]:
            (anew / STATES).mkdir(exist_ok=True)
            save(run, anew / name)
        if progress is not None:
            progress(now, calendar.steps)
    return Results(run)


def _facts(data: dict[str, Any], results: Results) -> list[str]:
    """Return what a manifest says otherwise than a run anew."""
    from deftrade.report.manifest import told

    found = json.loads(json.dumps(told(results)))
    there, ours = data.get("world_digests", {}), found.pop("world_digests")
    dates = [date for date in {**ours, **there} if ours.get(date) != there.get(date)]
    return [
        *(f"{manifests.NAME} says otherwise: {name}" for name in found if found[name] != data.get(name)),
        *(f"the world differs from {date} on" for date in dates[:1]),
    ]
