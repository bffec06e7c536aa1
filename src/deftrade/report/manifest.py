"""The manifest of a run: what made it, and hashes by which it can be checked."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade.core.laws import TOLERANCE
from deftrade.files.hashing import code_digest
from deftrade.files.manifests import Origin, build
from deftrade.report.summary import clip_counts, clip_warnings
from deftrade.report.trajectories import focus_name
from deftrade.scenario.describing import treatment_digest, world_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deftrade.results.results import Results
    from deftrade.scenario.resolved import Scenario


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
    luck: int = 0,
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
    luck : int
        How many further runs stand beside it.
    """
    spent = {name: round(seconds, 3) for name, seconds in timings.items()}
    facts = {**told(results), "content": dict(content), "luck": luck, "timings": spent}
    return build("run", Origin.now(results.scenario.files, command), facts, folder)


def told(results: Results) -> dict[str, Any]:
    """Return what a manifest says of a run, whoever runs it and wherever: equal for equal runs."""
    scenario = results.scenario
    return {
        "scenario": _about(results),
        "seed": scenario.seed,
        "world_seed": scenario.world.seed,
        "digests": {"world": world_digest(scenario), "treatment": treatment_digest(scenario)},
        "world_digests": dict(results.run.digests),
        "laws": {"tolerance": TOLERANCE, "residuals": dict(results.run.residuals)},
        "clips": clip_counts(results),
        "warnings": clip_warnings(results),
    }


def _about(results: Results) -> dict[str, Any]:
    """Return name, dates, step and size of a run, as the manifest holds them."""
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
