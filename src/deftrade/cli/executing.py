"""What the options on playing come to: an `Execution` under a bar on stderr."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from deftrade.cli.printing import say
from deftrade.cli.progressing import progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deftrade.cli.options import Engine
    from deftrade.experiments.batch.execution import Execution


@contextmanager
def executing(
    engine: Engine,
    workers: int | None,
    scheduler: str | None = None,
    shard: str | None = None,
    *,
    resume: bool = False,
    force: bool = False,
    quiet: bool,
) -> Iterator[Execution]:
    """Give how runs are played; at an interrupt, say how far they have come and how to go on."""
    from deftrade.experiments.batch.execution import Execution, parse_shard

    part = None if shard is None else parse_shard(shard)
    usual = Execution(engine.value, workers, scheduler, part, resume, force)
    try:
        with progress_bar("runs", shown=not quiet) as progress:
            yield usual.reporting(progress)
    except KeyboardInterrupt as interrupt:
        for note in getattr(interrupt, "__notes__", ()):
            say(f"{note}; --resume goes on with them")
        raise
