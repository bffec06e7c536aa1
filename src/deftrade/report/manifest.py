"""The manifest: what made a result, and hashes by which it can be checked."""

from __future__ import annotations

import json
import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade import __version__
from deftrade.errors import OutputError
from deftrade.laws import TOLERANCE
from deftrade.report.courses import focus_name
from deftrade.report.summary import clip_counts, clip_warnings
from deftrade.report.tables import OUTPUT_FORMAT
from deftrade.scenario.describing import treatment_digest, world_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deftrade.results import Results
    from deftrade.scenario.resolved import Scenario

NAME = "manifest.json"
"""File that every whole result holds; it is written last."""

_PACKAGES = ("numpy", "pandas", "pyarrow", "matplotlib", "pydantic", "PyYAML")
_CHUNK = 1 << 20


def run_name(scenario: Scenario) -> str:
    """Return the folder name of a run: scenario, seed and a hash of all that decides its values.

    The hash covers the world (entities, calendar, price year, parameters), the treatment (policy
    and events), what is kept, the seed and the code.
    """
    outputs = scenario.outputs
    parts = (
        world_digest(scenario),
        treatment_digest(scenario),
        ",".join(outputs.series),
        outputs.every,
        outputs.focus,
        str(scenario.seed),
        code_digest(),
    )
    digest = sha256("\n".join(parts).encode()).hexdigest()
    return f"{scenario.name}-{scenario.seed}-{digest[:8]}"


@cache
def code_digest() -> str:
    """Return a hash of deftrade's source, which tells builds of one version apart."""
    root = Path(__file__).parents[1]
    state = sha256(__version__.encode())
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.yaml")]):
        state.update(path.relative_to(root).as_posix().encode())
        state.update(path.read_bytes())
    return state.hexdigest()


def manifest(
    results: Results, content: Mapping[str, str], folder: Path, timings: Mapping[str, float]
) -> dict[str, Any]:
    """Return the manifest of a result whose other files stand in a folder.

    Parameters
    ----------
    results : Results
        A finished run.
    content : mapping of str to str
        Hash of the values of every table, by its path without ending.
    folder : Path
        Where the files are.
    timings : mapping of str to float
        Seconds by activity.
    """
    scenario = results.scenario
    return {
        "deftrade_output": OUTPUT_FORMAT,
        "deftrade": __version__,
        "code": code_digest(),
        "scenario": _about(results),
        "seed": scenario.seed,
        "digests": {"world": world_digest(scenario), "treatment": treatment_digest(scenario)},
        "inputs": {path.as_posix(): digest for path, digest in scenario.files.items()},
        "content": dict(content),
        "files": file_hashes(folder),
        "world_digests": dict(results.run.digests),
        "laws": {"tolerance": TOLERANCE, "residuals": dict(results.run.residuals)},
        "clips": clip_counts(results),
        "warnings": clip_warnings(results),
        "timings": {name: round(seconds, 3) for name, seconds in timings.items()},
        "versions": _versions(),
        "platform": {
            "python": platform.python_implementation(),
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
        },
    }


def write(data: Mapping[str, Any], folder: Path) -> None:
    """Write a manifest into a folder."""
    text = json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> dict[str, Any]:
    """Return the manifest of a result.

    Raises
    ------
    OutputError
        The folder holds no readable manifest, or that of another output format.
    """
    path = folder / NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OutputError(f"{folder} is no result of deftrade: it holds no {NAME}") from None
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} cannot be read: {error}") from error
    found = data.get("deftrade_output") if isinstance(data, dict) else None
    if found != OUTPUT_FORMAT:
        raise OutputError(f"{path} has output format {found}; this version of deftrade reads {OUTPUT_FORMAT}")
    return dict(data)


def damages(folder: Path, data: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the files of a result: missing, changed, or not its own."""
    written, found = data.get("files", {}), file_hashes(folder)
    missing = [f"{name} is missing" for name in written if name not in found]
    changed = [f"{name} was changed" for name in written if name in found and found[name] != written[name]]
    added = [f"{name} was added" for name in found if name not in written]
    return [*missing, *changed, *added]


def file_hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder but the manifest, by relative path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): _file_hash(path) for path in paths if path != folder / NAME}


def _file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    state = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            state.update(chunk)
    return state.hexdigest()


def _about(results: Results) -> dict[str, Any]:
    """Return name, dates and size of what was run."""
    scenario, world = results.scenario, results.world
    return {
        "name": scenario.name,
        "title": scenario.title,
        "start": scenario.calendar.start,
        "end": scenario.calendar.end,
        "step": scenario.calendar.step,
        "steps": scenario.calendar.rows,
        "price_year": scenario.price_year,
        "focus": focus_name(results),
        "states": len(world.states),
        "firms": len(world.firms),
        "alliances": len(world.alliances),
    }


def _versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide bits and files."""
    found = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package.lower()] = version(package)
        except PackageNotFoundError:
            found[package.lower()] = "unknown"
    return found
