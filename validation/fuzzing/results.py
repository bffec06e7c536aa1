"""Cases of folders of results whose manifests, plans and facts are spoilt."""

from __future__ import annotations

import json
import os
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade import ensemble, load, merge, read_batch, reproduce, simulate, verify
from deftrade.errors import OutputError
from deftrade.experiments.batch.execution import Execution
from deftrade.files import manifests
from deftrade.report.files import write_run
from validation.fuzzing.judging import Attempt
from validation.fuzzing.mutating import Mutator

if TYPE_CHECKING:
    from collections.abc import Callable

KIND = "manifests"
_INTO = "merged"


def lay_out(bench: Path) -> None:
    """Put a run and a batch, whole, into a folder."""
    from deftrade.report import figures

    drawn, figures.FIGURES = figures.FIGURES, {}  # they take longest, and have no facts to spoil
    try:
        scenario = load("world.yaml", years=1)
        write_run(simulate(scenario), bench).folder.rename(bench / "run")
    finally:
        figures.FIGURES = drawn
    ensemble(scenario, 2, out=bench / "drawn", execution=Execution("serial"))
    (folder,) = (bench / "drawn").iterdir()
    folder.rename(bench / "batch")


def _merged(folder: str) -> None:
    """Put a batch together from one part, and away again."""
    try:
        merge([folder], _INTO)
    finally:
        if Path(_INTO).is_dir():
            shutil.rmtree(_INTO)


_TRIED: dict[str, dict[str, Callable[[str], object]]] = {
    "run": {"verify": verify, "reproduce": lambda folder: str(reproduce(folder))},
    "batch": {
        "verify": lambda folder: (verify(folder), read_batch(folder).to_dict()),
        "reproduce": lambda folder: str(reproduce(folder)),
        "merge": _merged,
    },
}


def whole() -> list[Attempt]:
    """Return that everything is done with the results as they are, which has to go well."""
    return [_attempt(folder, what) for folder, ways in _TRIED.items() for what in ways]


def _attempt(folder: str, what: str) -> Attempt:
    """Return that something is tried with a folder."""
    call = _TRIED[folder][what]
    words = (what, folder, "--into", _INTO) if what == "merge" else (what, folder)
    return Attempt(lambda: call(folder), folder, words, writes=what == "merge")


def spoil(luck: random.Random, bench: Path) -> tuple[Attempt, dict[Path, bytes]]:
    """Return what is tried in a case, and the files that are spoilt for it."""
    folder = luck.choice(list(_TRIED))
    attempt = _attempt(folder, luck.choice(list(_TRIED[folder])))
    names = [manifests.NAME] if folder == "run" else [manifests.NAME, "batch.json"]
    place = bench / folder / luck.choice(names)
    mutator, data = Mutator(luck), place.read_bytes()
    way = luck.random()
    if way < 0.1:
        return attempt, {place: mutator.bytes(data)}
    if way < 0.25:
        return attempt, {place: mutator.text(data.decode()).encode("utf-8", "surrogatepass")}
    return attempt, _resealed(place, mutator.data(json.loads(data)), luck)


def _resealed(place: Path, spoilt: Any, luck: random.Random) -> dict[Path, bytes]:
    """Return a file with spoilt facts; half of them with all hashes put right."""
    if not isinstance(spoilt, dict):
        return {place: _json(spoilt)}
    honest = luck.random() < 0.5
    if place.name == manifests.NAME:
        return {place: _sealed(place.parent, spoilt) if honest else _json(spoilt)}
    files = {place: _json(spoilt)}
    if honest:
        from hashlib import sha256

        whole = manifests.read(place.parent)
        whole["files"][place.name] = sha256(files[place]).hexdigest()
        files[place.parent / manifests.NAME] = _sealed(place.parent, whole)
    return files


def _sealed(folder: Path, data: dict[str, Any]) -> bytes:
    """Return the bytes of a manifest with the seal that fits it, or without where there can be none."""
    place = folder / manifests.NAME
    before = place.read_bytes()
    try:
        manifests.write(data, folder)
        return place.read_bytes()
    except (OutputError, ValueError, TypeError):
        return _json(data)
    finally:
        place.write_bytes(before)


def _json(data: Any) -> bytes:
    """Return data as JSON as other programs write it."""
    return json.dumps(data, default=str, indent=2).encode() + os.linesep.encode()
