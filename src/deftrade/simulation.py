"""The loop: start, step, simulate; save and load a state."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from deftrade.core import laws
from deftrade.core.draws import Draws
from deftrade.core.finite import check_finite, computing
from deftrade.errors import StateFileError
from deftrade.files.hashing import model_digest
from deftrade.files.shapes import STATE, parsed
from deftrade.phases import ORDER
from deftrade.results.record import Record
from deftrade.results.results import Results
from deftrade.results.run import Run
from deftrade.scenario.build import open_world, unsettled
from deftrade.scenario.digests import world_digest
from deftrade.scenario.load import load
from deftrade.scenario.resolved import Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from deftrade.core.phase import Phase
    from deftrade.core.world import World

_DAMAGES = (OSError, ValueError, LookupError, EOFError, TypeError, AttributeError, ArithmeticError,
            NotImplementedError, MemoryError, BadZipFile, zlib.error)  # fmt: skip
"""What NumPy and ours raise over a file that is no whole saved state."""
STATE_FORMAT = 3
"""Version of the format of saved states."""


def start(scenario: Scenario, *, order: tuple[Phase, ...] | None = None, opening: World | None = None) -> Run:
    """Return a run at its opening date, with the opening kept as row 0.

    Parameters
    ----------
    scenario : Scenario
        What to run.
    order : tuple of Phase, optional
        The phases of a step; without it, those of `deftrade.phases.ORDER`.
    opening : World, optional
        What `open_world` returns for the scenario, if it is at hand; the run goes on with it.
    """
    run = _begun(scenario, open_world(scenario) if opening is None else opening, order)
    run.world.gate.show()
    run.record.take(run.world)
    run.digests[scenario.calendar.label(0)] = run.world.quick_digest()
    return run


def _begun(scenario: Scenario, world: World, order: tuple[Phase, ...] | None) -> Run:
    """Return a run of a world that has kept nothing yet."""
    world.begin_step()
    run = Run(scenario, world, Record(scenario.outputs, scenario.calendar), order or ORDER)
    run.clips = np.zeros((world.environment.clipped.shape[1], 2), dtype=np.int64)
    return run


def step(run: Run) -> None:
    """Take one step of the calendar; a year is computed in its quarters.

    Raises
    ------
    LawBrokenError
        The books do not balance.
    NotFiniteError
        The scenario's values are together more than a formula bears.
    """
    for _ in range(run.scenario.calendar.steps_per_row):
        with computing(run.world):
            _compute(run)


def _compute(run: Run) -> None:
    """Compute a step: dated policy and events, the phases in order, the laws, the record."""
    world, scenario = run.world, run.scenario
    world.gate.unlock()
    world.begin_step()
    opening = laws.remember(world)
    apply_treatment(world, scenario)
    for phase in run.order:
        phase(world, getattr(scenario.params, phase.name))
    world.gate.show()
    check_finite(world)
    laws.check(world, opening, run.residuals)
    run.clips[:, 0] += world.environment.clipped[0]
    run.clips[:, 1] += world.environment.considered[0]
    world.clock.advance()
    run.record.take(world)
    if world.clock.step % scenario.calendar.steps_per_year == 0:
        run.digests[scenario.calendar.label(world.clock.step)] = world.quick_digest()


def apply_treatment(world: World, scenario: Scenario) -> None:
    """Apply the policy values and events that fall on this step's date."""
    calendar, now = scenario.calendar, world.clock.step
    for setting in scenario.policy:
        if calendar.due(setting.year) == now:
            world.gate.arrays[setting.column][setting.index] = setting.value
    for event in scenario.events:
        if calendar.step_at(event.year) == now:
            event.apply(world)


def simulate(
    scenario: Scenario | str | Path,
    *,
    order: tuple[Phase, ...] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Results:
    """Run a scenario to its end.

    Parameters
    ----------
    scenario : Scenario, str or Path
        From `deftrade.load`, or a file to load.
    order : tuple of Phase, optional
        The phases of a step, without it `deftrade.phases.ORDER`; replace one to give the model
        other behaviour.
    progress : callable, optional
        Called after every step with steps done and steps in all.

    Returns
    -------
    Results
        Series, contracts, licences, accounts and indicators as tidy tables.

    Examples
    --------
    >>> from deftrade import load, simulate
    >>> results = simulate(load("scenarios/crescent_cooperation.yaml", years=1))
    >>> results.to_frame("states").shape[0]
    70
    """
    chosen = scenario if isinstance(scenario, Scenario) else load(scenario)
    return finish(start(chosen, order=order), progress=progress)


def finish(run: Run, *, progress: Callable[[int, int], None] | None = None) -> Results:
    """Take all steps that are left and return the results."""
    calendar = run.scenario.calendar
    while not run.is_done:
        step(run)
        if progress is not None:
            progress(run.world.clock.step // calendar.steps_per_row, calendar.rows)
    return Results(run)


def save(run: Run, path: Path | str) -> None:
    """Write a run as it stands to a file, from which `resume` goes on as if nothing had been."""
    arrays: dict[str, NDArray[Any]] = {
        f"world/{column.path}": run.world.gate.arrays[column][: table.rows]
        for table in run.world.tables
        for column in table.columns
    }
    arrays |= {f"record/{name}": values for name, values in run.record.pack().items()}
    meta = {
        "format": STATE_FORMAT,
        "step": run.world.clock.step,
        "digest": run.world.digest(),
        "names": vars(run.world.names),
        "residuals": run.residuals,
        "clips": run.clips.tolist(),
        "digests": run.digests,
        "opening": _opening(run),
    }
    path = Path(path)
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        np.savez(file, allow_pickle=False, meta=np.array(json.dumps(meta)), **arrays)
    partial.replace(path)


def _opening(run: Run) -> list[str]:
    """Return what tells the starts of runs apart: model, world, opening, seed and time axis."""
    scenario, calendar = run.scenario, run.scenario.calendar
    what = (model_digest(), world_digest(scenario), scenario.opening, scenario.seed, calendar.start)
    return [*map(str, what), calendar.step]


def resume(scenario: Scenario, path: Path | str, *, order: tuple[Phase, ...] | None = None) -> Run:
    """Return a run that goes on from a saved state, with all that it had kept; nothing is settled.

    Parameters
    ----------
    scenario : Scenario
        The scenario that was run; its policy and events may differ from the saved step on.
    path : Path
        File that `save` wrote.
    order : tuple of Phase, optional
        The phases of a step; without it, those of `deftrade.phases.ORDER`.

    Raises
    ------
    StateFileError
        The file is no saved state, is damaged, or belongs to another model, world, opening, seed or
        time axis.
    """
    path = Path(path)
    world = unsettled(scenario, scenario.calendar)
    world.draws = Draws(scenario.seed)
    run = _begun(scenario, world, order)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as saved:
            meta = parsed(str(saved["meta"]), STATE)
            stored = {name: saved[name] for name in saved.files if name != "meta"}
        _check_state(run, meta, path)
        _restore(run, meta, stored)
        digest = run.world.digest()
    except _DAMAGES as error:
        raise StateFileError(f"{path} is no whole saved state ({type(error).__name__})") from error
    if digest != meta["digest"]:
        raise StateFileError(f"{path} is damaged: its digest differs")
    return run


def _check_state(run: Run, meta: dict[str, Any], path: Path) -> None:
    """Refuse a state that another version, world, seed or time axis left."""
    if meta["format"] != STATE_FORMAT:
        raise StateFileError(f"{path} has state format {meta['format']}; this version reads {STATE_FORMAT}")
    if meta["opening"] != _opening(run):
        raise StateFileError(f"{path} belongs to another model, world, opening, seed or time axis")


def _restore(run: Run, meta: dict[str, Any], stored: dict[str, NDArray[Any]]) -> None:
    """Put a saved state and record in place of the opening."""
    world = run.world
    for name, values in meta["names"].items():
        setattr(world.names, name, values)
    world.gate.unlock()
    for table in world.tables:
        table.restore({column.name: stored[f"world/{column.path}"] for column in table.columns})
    world.clock.step = meta["step"]
    prefix = "record/"
    run.record.unpack(
        {name[len(prefix) :]: values for name, values in stored.items() if name.startswith(prefix)}
    )
    run.residuals = meta["residuals"]
    run.clips = np.array(meta["clips"])
    run.digests = meta["digests"]
    world.gate.show()
