"""``deftrade sweep``, ``sensitivity`` and ``robustness``: experiments over the points of a design."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from deftrade.cli.ensemble import report
from deftrade.cli.executing import executing
from deftrade.cli.options import Engine, Out, Part, Quiet, Scheduler, Where, Workers
from deftrade.cli.printing import show, show_json, show_table

if TYPE_CHECKING:
    from deftrade.experiments.answers.files import Answer

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
    from deftrade.experiments.answers import api

    with executing(engine, workers, scheduler, shard, resume=resume, force=force, quiet=quiet) as execution:
        if shard is not None:
            part = api.run_shard("sweep", experiment, runs=runs, out=out, execution=execution)
        else:
            answer = api.sweep(experiment, runs=runs, out=out, execution=execution)
    if shard is not None:
        report(part, quiet=quiet, as_json=as_json)
    else:
        _tell(answer, quiet=quiet, as_json=as_json)


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
    from deftrade.experiments.answers import api

    chosen = "" if method is None else method.value
    with executing(engine, workers, scheduler, shard, resume=resume, force=force, quiet=quiet) as execution:
        if shard is not None:
            part = api.run_shard(
                "sensitivity",
                experiment,
                chosen,
                runs=runs,
                points=points,
                out=out,
                execution=execution,
            )
        else:
            answer = api.sensitivity(
                experiment,
                chosen,
                runs=runs,
                points=points,
                out=out,
                execution=execution,
            )
    if shard is not None:
        report(part, quiet=quiet, as_json=as_json)
    else:
        _tell(answer, quiet=quiet, as_json=as_json)


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
    from deftrade.experiments.answers import api

    with executing(engine, workers, scheduler, shard, resume=resume, force=force, quiet=quiet) as execution:
        if shard is not None:
            part = api.run_shard("robustness", experiment, runs=runs, out=out, execution=execution)
        else:
            answer = api.robustness(experiment, runs=runs, out=out, execution=execution)
    if shard is not None:
        report(part, quiet=quiet, as_json=as_json)
    else:
        _tell(answer, quiet=quiet, as_json=as_json)


def _tell(answer: Answer, *, quiet: bool, as_json: bool) -> None:
    """Show an answer and its failed runs, and exit with 1 where there are any."""
    if as_json:
        from deftrade.experiments.answers.files import to_dict

        show_json(to_dict(answer))
    elif not quiet:
        _show(answer)
    if answer.batch is not None:
        report(answer.batch, quiet=True, as_json=False)


def _show(answer: Answer) -> None:
    """Write an answer to stdout: what was run, the table, the words, the place."""
    from deftrade.experiments.answers.files import SENTENCES, folder_of, kind_of, shown

    if answer.batch is not None:
        runs, cells = answer.batch.runs, len(answer.batch.cells)
        each = f"{runs} {'run' if runs == 1 else 'runs'} each"
        show(f"{answer.experiment.title}: {cells} scenarios, {each}\n")
    headings, numbers, rows = shown(answer)
    show_table(headings, rows[:_SHOWN_ROWS], numbers=numbers)
    if len(rows) > _SHOWN_ROWS:
        show(f"… and {len(rows) - _SHOWN_ROWS} more rows in {kind_of(answer)}.csv")
    show("\n" + "\n".join(answer.sentences()))
    show(f"\nTables, figures and {SENTENCES}: {folder_of(answer)}")
