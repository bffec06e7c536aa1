"""``deftrade ensemble``: run a scenario many times; and ``merge``: put shards together."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deftrade.cli.options import Engine, Out, Part, Quiet, Scheduler, Where, Workers, Years
from deftrade.cli.printing import say, show, show_fitting, show_json, show_table
from deftrade.cli.progressing import progress_bar
from deftrade.cli.run import LARGEST_SEED

if TYPE_CHECKING:
    from deftrade.experiments.batch import Batch, Shard
    from deftrade.experiments.result import BatchResult

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
    scenario: Annotated[str, typer.Argument(help="Scenario file, or a folder that holds one.")],
    runs: Annotated[int, typer.Option(min=1, help="How many runs.")] = 100,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=LARGEST_SEED, help="Seed of all runs' seeds, instead of the file's."),
    ] = None,
    years: Years = None,
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
    from deftrade.experiments.batch import parse_shard
    from deftrade.experiments.engines import check_engine
    from deftrade.scenario.loading import load

    part = None if shard is None else parse_shard(shard)
    check_engine(engine.value, workers, scheduler)
    loaded = load(scenario, seed=seed, years=years)
    from deftrade.experiments.batch import Batch, file_name
    from deftrade.experiments.replicate import Cell, Keep
    from deftrade.experiments.running import run_batch

    batch = Batch((Cell(file_name(loaded.name), loaded),), loaded.seed, runs, Keep(keep.value, every.value))
    folder = batch.place(Path(out), part)
    try:
        with progress_bar("runs", shown=not quiet) as progress:
            result = run_batch(
                batch,
                folder,
                engine=engine.value,
                workers=workers,
                scheduler=scheduler,
                shard=part,
                resume=resume,
                force=force,
                progress=progress,
            )
    except KeyboardInterrupt:
        say_what_is_left(batch, folder, part)
        raise
    report(result, quiet=quiet, as_json=as_json)


def merge(
    parts: Annotated[list[str], typer.Argument(help="Folders of shards of one batch.", metavar="FOLDER...")],
    into: Annotated[str, typer.Option(help="Folder for the whole batch; it must not exist.")],
    quiet: Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Show a summary for machines on stdout.")] = False,
) -> None:
    """Put the shards of a batch together; the result is the same as of the batch in one piece."""
    from deftrade.experiments.merging import merge as merged

    report(merged([Path(part) for part in parts], Path(into)), quiet=quiet, as_json=as_json)


def say_what_is_left(batch: Batch, folder: Path, part: Shard | None) -> None:
    """Say on stderr how far an interrupted batch has come, and how to go on."""
    from deftrade.experiments.folder import failed_file, run_file

    keys = [task.key for task in batch.tasks(part)]
    done = sum(run_file(folder, key).exists() or failed_file(folder, key).exists() for key in keys)
    if (folder / "batch.json").exists():
        say(f"{done} of {len(keys)} runs are kept in {folder}; --resume goes on with them")


def report(result: BatchResult, *, quiet: bool, as_json: bool) -> None:
    """Show what a batch comes to, and exit with 1 where runs have failed."""
    if as_json:
        show_json(for_machines(result))
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
    from deftrade.experiments.summaries import interval, summarise
    from deftrade.wording import four_digit_span, four_digits

    shard = result.plan["shard"]
    part = " (shard {}/{})".format(*shard) if shard else ""
    kept = "" if result.is_new else " (was there, verified and kept)"
    place = f"Results: {result.folder}{kept}"
    if not result.keys:
        show(f"{_titles(result)}: no runs to play{part}: the batch has fewer runs than shards\n\n{place}")
        return
    show(f"{_titles(result)}: {len(result.keys)} runs{part}, root seed {result.plan['root']}\n")
    several = len(result.cells) > 1
    rows = [
        (
            *((each.cell,) if several else ()),
            each.meaning,
            four_digits(each.mean),
            interval(each),
            four_digit_span(each.band_low, each.band_high),
            each.unit,
        )
        for each in summarise(result)
    ]
    heads = ("indicator", "mean", "95 % interval of the mean", "5-95 % of runs", "unit")
    first = 2 if several else 1
    show_fitting(("scenario", *heads) if several else heads, rows, numbers=(first, first + 1, first + 2))
    show("")
    _show_status(result)
    show(f"\n{place}")


def for_machines(result: BatchResult) -> dict[str, Any]:
    """Return the summary of a batch as plain data."""
    from math import isfinite

    from deftrade.experiments.summaries import summarise

    numbers = ("mean", "low", "high", "band_low", "band_high", "other_at_most")
    return {
        "folder": str(result.folder),
        "is_new": result.is_new,
        **{key: result.plan[key] for key in ("name", "digest", "root", "runs", "shard", "keep", "code")},
        "cells": list(result.cells),
        "done": len(result.keys) - len(result.failed),
        "failed": [
            {"cell": each.cell, "run": each.run, "seed": each.seed, "error": each.reason}
            for each in result.failed
        ],
        "content": result.content,
        "indicators": [
            {
                name: (value if isfinite(value) else None) if name in numbers else value
                for name, value in each._asdict().items()
            }
            for each in summarise(result)
        ],
    }


def _titles(result: BatchResult) -> str:
    """Return what was run, for people."""
    return ", ".join(cell["title"] for cell in result.plan["cells"])


def _show_status(result: BatchResult) -> None:
    """Write how the runs of each scenario went."""
    import numpy as np

    status = result.table("status")
    cells = np.array(status["cell"].to_pylist(), dtype=object)
    done = np.array(status["status"].to_pylist(), dtype=object) == "done"
    seconds, residual = (status[name].to_numpy() for name in ("seconds", "residual"))
    rows = []
    for cell in result.cells:
        own = cells == cell
        whole = own & done
        spent = f"{np.median(seconds[whole]):.2f} s" if whole.any() else "–"
        worst = f"{residual[whole].max():.1e}" if whole.any() else "–"
        rows.append((cell, str(whole.sum()), str((own & ~done).sum()), spent, worst))
    heads = ("scenario", "done", "failed", "median time", "largest residual of a law")
    show_table(heads, rows, numbers=(1, 2, 3, 4))
