"""The manifest: what made a result, and hashes by which it can be checked."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade import __version__
from deftrade.files.commit import commit
from deftrade.files.hashing import code_digest, file_hashes
from deftrade.files.manifests import NAME, OUTPUT_FORMAT, damages, platform_facts, read, versions, write
from deftrade.laws import TOLERANCE
from deftrade.report.courses import focus_name
from deftrade.report.summary import clip_counts, clip_warnings
from deftrade.scenario.describing import treatment_digest, world_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deftrade.results import Results
    from deftrade.scenario.resolved import Scenario

__all__ = ["NAME", "damages", "file_hashes", "manifest", "read", "run_name", "write"]


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


def manifest(
    results: Results,
    content: Mapping[str, str],
    folder: Path,
    timings: Mapping[str, float],
    command: Sequence[str] = (),
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
    command : sequence of str
        The words of the command line; empty where Python wrote it.
    """
    scenario = results.scenario
    return {
        "deftrade_output": OUTPUT_FORMAT,
        "deftrade": __version__,
        "code": code_digest(),
        "commit": commit(),
        "command": list(command),
        "scenario": _about(results),
        "seed": scenario.seed,
        "world_seed": scenario.world.seed,
        "digests": {"world": world_digest(scenario), "treatment": treatment_digest(scenario)},
        "inputs": {path.as_posix(): digest for path, digest in scenario.files.items()},
        "content": dict(content),
        "files": file_hashes(folder),
        "world_digests": dict(results.run.digests),
        "laws": {"tolerance": TOLERANCE, "residuals": dict(results.run.residuals)},
        "clips": clip_counts(results),
        "warnings": clip_warnings(results),
        "timings": {name: round(seconds, 3) for name, seconds in timings.items()},
        "versions": versions(),
        "platform": platform_facts(),
    }


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
