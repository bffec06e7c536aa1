"""One run of an experiment: the task, how it is played, and its outcome."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from time import perf_counter
from traceback import format_exc
from typing import TYPE_CHECKING, NamedTuple

from deftrade.core.draws import opening_seed, replicate_seed
from deftrade.errors import ExperimentError
from deftrade.experiments.batch.openings import opened
from deftrade.experiments.batch.trajectories import Keep, trajectories
from deftrade.files.hashing import StreamedHash, code_digest
from deftrade.phases import ORDER
from deftrade.results.indicators import measure
from deftrade.simulation import finish, start

if TYPE_CHECKING:
    import pyarrow as pa

    from deftrade.core.phase import Phase
    from deftrade.scenario.resolved import Scenario


class Key(NamedTuple):
    """What tells a replicate from all others of its batch: cell and run index."""

    cell: str
    run: int


@dataclass(frozen=True)
class Cell:
    """A named scenario: one variant of a comparison, or one point of a sweep."""

    name: str
    scenario: Scenario


@dataclass(frozen=True)
class Outcome:
    """What is left of a replicate; it depends on cell, root seed and run index alone.

    Parameters
    ----------
    cell : str
        Name of the cell.
    run : int
        Run index.
    seed : int
        The run's luck.
    ok : bool
        Whether the run came to its end.
    indicators : dict of str to float
        Every indicator; empty if the run failed.
    trajectories : pyarrow.Table or None
        See `deftrade.experiments.batch.trajectories.trajectories`.
    digests : dict of str to str
        Pulse of the world at the opening and after every year.
    content : str
        Hash of all values above.
    residual : float
        Largest residual of any law, relative to turnover.
    seconds : float
        Time that it took.
    traceback : str
        Where a failed run failed.
    """

    cell: str
    run: int
    seed: int
    ok: bool
    indicators: dict[str, float] = field(default_factory=dict)
    trajectories: pa.Table | None = None
    digests: dict[str, str] = field(default_factory=dict)
    content: str = ""
    residual: float = float("nan")
    seconds: float = 0.0
    traceback: str = ""

    @property
    def key(self) -> Key:
        """Which replicate this is."""
        return Key(self.cell, self.run)

    @property
    def reason(self) -> str:
        """Last line of a failed run's traceback."""
        return next(reversed(self.traceback.strip().splitlines()), "")


@dataclass(frozen=True)
class Task:
    """A replicate to be played, in this process or in another.

    Parameters
    ----------
    cell : Cell
        The scenario.
    run : int
        Run index.
    root : int
        Seed of the batch.
    keep : Keep
        What to keep.
    code : str
        Digest of the code that asks; a worker with other code refuses. Empty asks for any.
    openings : int
        How many openings the batch draws; run ``k`` starts from opening ``k`` modulo that. 0 keeps
        the scenario's own.
    """

    cell: Cell
    run: int
    root: int
    keep: Keep = field(default_factory=Keep)
    code: str = ""
    openings: int = 0

    @property
    def key(self) -> Key:
        """Which replicate this is."""
        return Key(self.cell.name, self.run)

    @property
    def seed(self) -> int:
        """The run's luck, the same for all cells."""
        return replicate_seed(self.root, self.run)

    @property
    def scenario(self) -> Scenario:
        """The cell's scenario with the run's luck and opening."""
        scenario = self.cell.scenario.with_seed(self.seed)
        if not self.openings:
            return scenario
        return scenario.with_opening(opening_seed(self.root, self.run % self.openings))

    def failed(self, why: str, seconds: float = 0.0) -> Outcome:
        """Return the outcome of a run that did not come to its end."""
        return Outcome(self.cell.name, self.run, self.seed, ok=False, seconds=seconds, traceback=why)


def play(
    cell: Cell,
    run: int,
    root: int,
    keep: Keep | None = None,
    *,
    openings: int = 0,
    order: tuple[Phase, ...] = ORDER,
) -> Outcome:
    """Play one replicate; a fault in the run becomes part of its outcome.

    Parameters
    ----------
    cell : Cell
        The scenario.
    run : int
        Run index, from 0.
    root : int
        Seed of the batch, from which the run's own follows.
    keep : Keep, optional
        What to keep beside indicators.
    openings : int
        How many openings the batch draws; see `Task`.
    order : tuple of Phase
        The phases of a step.
    """
    return play_task(Task(cell, run, root, keep or Keep(), openings=openings), order=order)


def play_task(task: Task, *, order: tuple[Phase, ...] = ORDER) -> Outcome:
    """Play a task; see `play`."""
    began = perf_counter()
    try:
        return _played(task, order, began)
    except Exception:  # whatever a run dies of, the others of its batch go on
        return task.failed(format_exc(), perf_counter() - began)


def content_hash(
    indicators: dict[str, float], digests: dict[str, str], residual: float, table: pa.Table
) -> str:
    """Return the hash of a replicate's values, 64 hex digits."""
    streamed = StreamedHash()
    streamed.update(table)
    numbers = {name: float(value).hex() for name, value in {**indicators, "residual": residual}.items()}
    plain = json.dumps([numbers, digests, streamed.hexdigest()], sort_keys=True)
    return sha256(plain.encode()).hexdigest()


def _played(task: Task, order: tuple[Phase, ...], began: float) -> Outcome:
    """Return the outcome of a run that comes to its end."""
    if task.code not in ("", code_digest()):
        raise ExperimentError("the worker has another version of deftrade than the one that asked it")
    scenario = task.scenario
    results = finish(start(scenario, order=order, opening=opened(scenario)))
    indicators = {indicator.name: value for indicator, value in measure(results)}
    kept = trajectories(results, task.keep)
    digests = dict(results.run.digests)
    residual = max(results.run.residuals.values(), default=0.0)
    return Outcome(
        cell=task.cell.name,
        run=task.run,
        seed=task.seed,
        ok=True,
        indicators=indicators,
        trajectories=kept,
        digests=digests,
        content=content_hash(indicators, digests, residual, kept),
        residual=residual,
        seconds=perf_counter() - began,
    )
