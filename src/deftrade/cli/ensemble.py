"""``deftrade ensemble``: run a scenario many times; and ``merge``: put shards together."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from deftrade.cli.executing import executing
from deftrade.cli.options import (
    Engine,
    Openings,
    Out,
    Part,
    Quiet,
    ScenarioPath,
    Scheduler,
    Set,
    Where,
    Workers,
    Years,
    say_shipped,
    settings_of,
)
from deftrade.cli.printing import say, show, show_fitting, show_json, show_table
from deftrade.cli.run import LARGEST_SEED

if TYPE_CHECKING:
    from deftrade.experiments.batch.result import BatchResult

_SHOWN_FAILURES = 5


class Kept(StrEnum):
    """States whose courses are kept."""

    FOCUS = "focus"
    ALL = "all"


class Every(StrEnum):
    """How often courses are kept."""

    YEAR = "year"
    STEP = "step"


def ensemble(
    scenario: ScenarioPath,
    runs: Annotated[int, typer.Option(min=1, help="How many runs.")] = 100,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=LARGEST_SEED, help="Seed of all runs' seeds, instead of the file's."),
    ] = None,
    years: Years = None,
    openings: Openings = 0,
    settings: Set = None,
    workers: Workers = None,
    engine: Where = Engine.PROCESSES,
    scheduler: Scheduler = None,
    shard: Part = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an unfinished ensemble; play failed runs again.")
    ] = False,
    out: Out = "outputs",
    keep: Annotated[Kept, typer.Option(help="Keep courses of the focus state or of all.")] = Kept.FOCUS,
    every: Annotated[Every, typer.Option(help="Keep courses by year or by step.")] = Every.YEAR,
    force: Annotated[bool, typer.Option("--force", help="Start anew where an ensemble stands.")] = False,
    quiet: Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Show a summary for machines on stdout.")] = False,
) -> None:
    """Run a scenario many times; show what its runs come to.

    Run K has the same luck in every ensemble with the same seed, whatever the number of runs, workers
    or shards.
    """
    from deftrade.experiments.batch.api import ensemble as play
    from deftrade.scenario.load import load

    say_shipped(scenario, quiet=quiet)
    with executing(engine, workers, scheduler, shard, resume=resume, force=force, quiet=quiet) as execution:
        result = play(
            load(scenario, seed=seed, years=years, settings=settings_of(settings)),
            runs,
            openings=openings,
            out=out,
            keep=keep.value,
            every=every.value,
            execution=execution,
        )
    report(result, quiet=quiet, as_json=as_json)


def merge(
    parts: Annotated[list[str], typer.Argument(help="Folders of shards of one batch.", metavar="FOLDER...")],
    into: Annotated[str, typer.Option(help="Folder for the whole batch; it must not exist.")],
    quiet: Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Show a summary for machines on stdout.")] = False,
) -> None:
    """Put the shards of a batch together; the result is the same as of the batch in one piece."""
    from deftrade.experiments.batch.merge import merge as merged

    report(merged(parts, into), quiet=quiet, as_json=as_json)


def report(result: BatchResult, *, quiet: bool, as_json: bool) -> None:
    """Show what a batch comes to, and exit with 1 where runs have failed."""
    if as_json:
        show_json(result.to_dict())
    elif not quiet:
        show_batch(result)
    for outcome in result.failed[:_SHOWN_FAILURES]:
        say(f"error: run {outcome.run} of {outcome.cell} (seed {outcome.seed}) failed: {outcome.reason}")
    if result.failed:
        where = f"status.csv and runs/*.failed.json in {result.folder} say why; " if result.folder else ""
        say(f"error: {len(result.failed)} of {len(result.keys)} runs failed; {where}--resume tries again")
        raise typer.Exit(1)


def show_batch(result: BatchResult) -> None:
    """Write the indicators of a batch over its runs, its status and its place to stdout."""
    from deftrade.experiments.batch.summaries import (
        HEADS,
        STATUS_HEADS,
        opening_in_words,
        rows_for_people,
        status_rows,
    )

    shard = result.plan["shard"]
    part = " (shard {}/{})".format(*shard) if shard else ""
    kept = "" if result.is_new else " (was there, verified and kept)"
    place = f"Results: {result.folder}{kept}"
    if not result.keys:
        show(f"{_titles(result)}: no runs to play{part}: the batch has fewer runs than shards\n\n{place}")
        return
    show(
        f"{_titles(result)}: {len(result.keys)} runs{part}, root seed {result.plan['root']};"
        f" {opening_in_words(result.plan)}\n"
    )
    rows, skipped = rows_for_people(result), 0 if len(result.cells) > 1 else 1
    first = 2 - skipped
    heads = ("scenario", *HEADS)[skipped:]
    show_fitting(heads, [row[skipped:] for row in rows], numbers=(first, first + 1, first + 2))
    show("")
    show_table(STATUS_HEADS, status_rows(result), numbers=(1, 2, 3, 4))
    show(f"\n{place}")


def _titles(result: BatchResult) -> str:
    """Return the titles of the scenarios that were run, one after the other."""
    return ", ".join(cell["title"] for cell in result.plan["cells"])
