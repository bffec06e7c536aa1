"""``deftrade sweep``, ``sensitivity`` and ``robustness``: experiments over the points of a design."""

from __future__ import annotations

from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deftrade.cli.ensemble import report, say_what_is_left
from deftrade.cli.options import Engine, Out, Part, Quiet, Scheduler, Where, Workers
from deftrade.cli.printing import show, show_json, show_table
from deftrade.cli.progressing import progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.experiments.designs import Playing
    from deftrade.experiments.experiment import Experiment
    from deftrade.experiments.keeping import Answer
    from deftrade.experiments.outcomes import Outcomes

_SHOWN_ROWS = 40

File = Annotated[str, typer.Argument(help="Experiment file.", metavar="EXPERIMENT")]
Runs = Annotated[int | None, typer.Option(min=1, help="Runs per point, instead of the file's.")]
Points = Annotated[
    int | None, typer.Option(min=1, help="Trajectories or base points, instead of the file's points.")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with an unfinished batch; play failed runs again.")
]
Force = Annotated[bool, typer.Option("--force", help="Start anew where a batch stands.")]
Json = Annotated[bool, typer.Option("--json", help="Show the answer for machines on stdout.")]


class Method(StrEnum):
    """Methods of sensitivity analysis."""

    MORRIS = "morris"
    SOBOL = "sobol"


def sweep(
    experiment: File,
    runs: Runs = None,
    workers: Workers = None,
    engine: Where = Engine.PROCESSES,
    scheduler: Scheduler = None,
    shard: Part = None,
    resume: Resume = False,
    out: Out = "outputs",
    force: Force = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Run a scenario at every point of a design; show how outcomes change."""
    from deftrade.experiments.designs import prepared
    from deftrade.experiments.sweep import Sweep

    loaded = prepared(experiment, runs)
    _answer(loaded, Sweep, _playing(engine, workers, scheduler, shard, out, resume=resume, force=force),
            quiet=quiet, as_json=as_json)  # fmt: skip


def sensitivity(
    experiment: File,
    method: Annotated[
        Method | None, typer.Option(help="Without it, that of the file's design.", show_default=False)
    ] = None,
    points: Points = None,
    runs: Runs = None,
    workers: Workers = None,
    engine: Where = Engine.PROCESSES,
    scheduler: Scheduler = None,
    shard: Part = None,
    resume: Resume = False,
    out: Out = "outputs",
    force: Force = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Tell which factors move outcomes, and how much of their variance is luck."""
    from deftrade.experiments.designs import for_method, prepared
    from deftrade.experiments.sensitivity import measure

    loaded, chosen = for_method(prepared(experiment, runs), method.value if method else "", points)
    _answer(loaded, lambda outcomes: measure(outcomes, chosen),
            _playing(engine, workers, scheduler, shard, out, resume=resume, force=force),
            quiet=quiet, as_json=as_json)  # fmt: skip


def robustness(
    experiment: File,
    runs: Runs = None,
    workers: Workers = None,
    engine: Where = Engine.PROCESSES,
    scheduler: Scheduler = None,
    shard: Part = None,
    resume: Resume = False,
    out: Out = "outputs",
    force: Force = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Tell in which uncertain worlds policies meet their goals, and where they fail."""
    from deftrade.experiments.designs import check_goals, prepared
    from deftrade.experiments.robustness import judge

    loaded = prepared(experiment, runs)
    check_goals(loaded)
    _answer(loaded, judge, _playing(engine, workers, scheduler, shard, out, resume=resume, force=force),
            quiet=quiet, as_json=as_json)  # fmt: skip


def _playing(
    engine: Engine, workers: int | None, scheduler: str | None, shard: str | None, out: str, **how: bool
) -> Playing:
    """Return how runs are to be played."""
    from deftrade.experiments.batch import parse_shard
    from deftrade.experiments.designs import Playing
    from deftrade.experiments.engines import check_engine

    part = None if shard is None else parse_shard(shard)
    check_engine(engine.value, workers, scheduler)
    return Playing(Path(out), engine.value, workers, scheduler, part, **how)


def _answer(
    experiment: Experiment,
    ask: Callable[[Outcomes], Answer],
    playing: Playing,
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    """Play a design, then keep and show the answer; a shard is played only."""
    from deftrade.experiments.designs import batch_of, outcomes_of, play

    batch = batch_of(experiment)
    try:
        with progress_bar("runs", shown=not quiet) as progress:
            result = play(batch, playing, progress)
    except KeyboardInterrupt:
        say_what_is_left(batch, batch.place(Path(playing.out or ""), playing.shard), playing.shard)
        raise
    if playing.shard is not None:
        report(result, quiet=quiet, as_json=as_json)
        return
    answer = ask(outcomes_of(experiment, result))
    from deftrade.experiments.keeping import keep_answer

    folder = keep_answer(answer, result)
    if as_json:
        show_json(_for_machines(answer, folder, result.folder))
    elif not quiet:
        _show(answer, folder, len(batch.cells), result.runs)
    report(result, quiet=True, as_json=False)  # failed runs, and the exit code that says so


def _show(answer: Answer, folder: Path, cells: int, runs: int) -> None:
    """Write an answer to stdout: what was run, the table, the words, the place."""
    from deftrade.experiments.keeping import SENTENCES, kind_of, shown

    show(f"{answer.experiment.title}: {cells} scenarios, {runs} {'run' if runs == 1 else 'runs'} each\n")
    headings, numbers, rows = shown(answer)
    show_table(headings, rows[:_SHOWN_ROWS], numbers=numbers)
    if len(rows) > _SHOWN_ROWS:
        show(f"… and {len(rows) - _SHOWN_ROWS} more rows in {kind_of(answer)}.csv")
    show("\n" + "\n".join(answer.sentences()))
    show(f"\nTables, figures and {SENTENCES}: {folder}")


def _for_machines(answer: Answer, folder: Path, batch: Path | None) -> dict[str, Any]:
    """Return an answer as plain data."""
    from deftrade.experiments.keeping import kind_of, tables

    return {
        "folder": str(folder),
        "batch": str(batch),
        "kind": kind_of(answer),
        "experiment": answer.experiment.name,
        "findings": list(answer.sentences()),
        "tables": {
            name: [
                {
                    key: None if isinstance(value, float) and not isfinite(value) else value
                    for key, value in row.items()
                }
                for row in table.to_dict("records")
            ]
            for name, table in tables(answer).items()
        },
    }
