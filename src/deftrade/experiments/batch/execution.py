"""How a batch is played: where, by how many, which part, and over what stands there already.

Nothing of it changes a value. What users write as keywords becomes one `Execution` at the border, and
only that travels on.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, NamedTuple, TypedDict, cast

from deftrade.errors import ExperimentError
from deftrade.scenario.yaml.nearest import nearest

if TYPE_CHECKING:
    from typing import Any

ENGINES = ("processes", "serial", "dask")
"""Names of engines, the usual one first."""

MOST_WORKERS = 1024
"""Most processes of a batch: each holds the model anew."""

Progress = Callable[[int, int], None]
"""Called at the start and after every run with runs done and runs in all."""


class Shard(NamedTuple):
    """One of several equal parts of a batch, counted from 1."""

    part: int
    parts: int

    def __str__(self) -> str:
        return f"{self.part}/{self.parts}"


def parse_shard(text: str) -> Shard:
    """Return the shard that a text such as ``2/4`` names.

    Raises
    ------
    ExperimentError
        It names none.
    """
    found = re.fullmatch(r"([0-9]+)/([0-9]+)", text.strip())
    shard = Shard(int(found[1]), int(found[2])) if found else Shard(0, 0)
    if not 1 <= shard.part <= shard.parts:
        raise ExperimentError(
            f"there is no shard {text!r}; allowed: PART/PARTS, such as 2/4, with PART from 1 to PARTS"
        )
    return shard


@dataclass(frozen=True)
class Execution:
    """How a batch is played.

    Parameters
    ----------
    engine : str
        ``processes`` of this machine, ``serial`` in this one, or ``dask`` on a live cluster.
    workers : int, optional
        Processes; without it, one a core that this process may use.
    scheduler : str, optional
        Address of the dask scheduler, such as ``tcp://127.0.0.1:8786``.
    shard : Shard, optional
        Play only this part; as a keyword of a call also its text, such as ``"2/4"``.
    resume : bool
        Go on with an unfinished batch: play what is missing, what failed, and what is damaged. A
        batch of fewer runs is extended.
    force : bool
        Start anew where another batch or an unfinished one stands.
    progress : callable, optional
        Called at the start and after every run with runs done and runs in all.

    Raises
    ------
    ExperimentError
        No engine can do that.

    Examples
    --------
    >>> from deftrade import Execution, ensemble
    >>> here = Execution(engine="serial")
    >>> ensemble("scenarios/baseline.yaml", runs=2, years=1, execution=here)
    BatchResult(baseline: 2 runs each)
    """

    engine: str = ENGINES[0]
    workers: int | None = None
    scheduler: str | None = None
    shard: Shard | None = None
    resume: bool = False
    force: bool = False
    progress: Progress | None = None

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise ExperimentError(f"there is no engine {self.engine!r}; allowed: {', '.join(ENGINES)}")
        if self.workers is not None and not 1 <= self.workers <= MOST_WORKERS:
            raise ExperimentError(f"there cannot be {self.workers} workers; allowed: 1 to {MOST_WORKERS}")
        if self.engine == "dask" and not self.scheduler:
            raise ExperimentError(
                "engine dask needs the address of a scheduler, such as tcp://127.0.0.1:8786"
            )
        if self.engine != "dask" and self.scheduler:
            raise ExperimentError(f"engine {self.engine} has no scheduler; engine dask has")

    def going_on(self) -> Execution:
        """Return the same for a batch that is gone on with, whatever stands there."""
        return replace(self, resume=True, force=False)

    def reporting(self, progress: Progress | None) -> Execution:
        """Return the same with another one to whom progress is reported."""
        return replace(self, progress=progress)

    def tell(self, done: int, whole: int) -> None:
        """Report progress to whoever asked for it."""
        if self.progress is not None:
            self.progress(done, whole)


class ExecutionOptions(TypedDict, total=False):
    """The fields of an `Execution`, as keywords of what users call."""

    engine: str
    workers: int | None
    scheduler: str | None
    shard: str | Shard | None
    resume: bool
    force: bool
    progress: Progress | None


def execution_of(
    call: Callable[..., object], execution: Execution | None, options: ExecutionOptions
) -> Execution:
    """Return how a call wants its batch played.

    Parameters
    ----------
    call : callable
        What was called; a fault names it and its keywords.
    execution : Execution, optional
        What was given whole.
    options : ExecutionOptions
        Keywords that were given; each replaces a field of ``execution``.

    Raises
    ------
    TypeError
        A keyword is none of the call's.
    ExperimentError
        There is no such shard, or no engine can do what is asked.
    """
    given = cast("dict[str, Any]", options)
    names = tuple(field.name for field in fields(Execution))
    for name in given:
        if name not in names:
            raise TypeError(_unknown(name, call, names))
    if isinstance(given.get("shard"), str):
        given = {**given, "shard": parse_shard(given["shard"])}
    return replace(execution or Execution(), **given)


def _unknown(name: str, call: Callable[..., object], names: tuple[str, ...]) -> str:
    """Return what to say of a keyword that a call does not have."""
    kinds = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    own = [each.name for each in inspect.signature(call).parameters.values() if each.kind in kinds]
    allowed = [*own, *names]
    likely = nearest(name, allowed)
    hint = f"did you mean {likely}? " if likely else ""
    called = getattr(call, "__name__", "the call")
    return f"{called}() has no option {name!r}; {hint}allowed: {', '.join(allowed)}"
