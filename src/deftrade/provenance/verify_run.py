"""Check a result: every file against its hash, and its values against a run anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deftrade.errors import OutputError
from deftrade.files import manifests
from deftrade.files.check import Check
from deftrade.files.hashing import code_digest, value_hash
from deftrade.files.locking import NAME as LOCK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def verify(folder: Path, *, rerun: bool = False, progress: Callable[[int, int], None] | None = None) -> Check:
    """Check the files of a result and, if asked, run it again and compare all values.

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
    """Return what a run anew gives otherwise: tables, then the world at the first date it differs."""
    from deftrade.report.tables import arrow_table
    from deftrade.results.outputs import OUTPUTS
    from deftrade.scenario.load import load
    from deftrade.simulation import simulate

    if data["code"] != code_digest():
        raise OutputError(
            f"{folder} was made by other code (deftrade {data['deftrade']}, digest {data['code'][:12]}, here"
            f" {code_digest()[:12]}): running it again here would show nothing;"
            f" `deftrade reproduce {folder}` says what to install"
        )
    results = simulate(load(folder / LOCK), progress=progress)
    names, found = {each.place: each.name for each in OUTPUTS}, []
    for place, written in data["content"].items():
        if value_hash(arrow_table(results, names[place])) != written:
            found.append(f"the values of {place} came out otherwise")
    dates = [
        date for date, digest in data["world_digests"].items() if results.run.digests.get(date) != digest
    ]
    return [*found, *(f"the world differs from {date} on" for date in dates[:1])]
