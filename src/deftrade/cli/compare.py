"""``deftrade compare``: policies against a baseline on paired runs, told in words beside numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deftrade.cli.ensemble import report
from deftrade.cli.executing import executing
from deftrade.cli.options import (
    Engine,
    Openings,
    Out,
    Quiet,
    Scheduler,
    Set,
    Where,
    Workers,
    Years,
    say_shipped,
    settings_of,
)
from deftrade.cli.printing import say, show, show_json, show_records
from deftrade.cli.run import LARGEST_SEED

if TYPE_CHECKING:
    from deftrade.experiments.compare.comparison import Comparison

_NARROW = 96
_PAGE = 150

_JUDGING = ("scenarios", "indicators", "allow_different_worlds", "force", "quiet", "as_json")
"""Parameters that go with a folder: different worlds were allowed when its runs were played."""


def compare(
    context: typer.Context,
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Baseline, then policies: scenario files, or modules laid over the baseline."
            " Or one folder of a whole batch, such as merged shards.",
            metavar="BASE POLICY...",
        ),
    ],
    runs: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="How many pairs of runs; without it 200, or with --until 20 to begin with.",
            show_default=False,
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            help="Go on until INDICATOR=HALF: the 95 % interval reaches so far either way; looks from 20"
            " pairs on."
        ),
    ] = None,
    max_runs: Annotated[int, typer.Option(min=1, help="Pairs at which --until gives up.")] = 2000,
    indicators: Annotated[
        str,
        typer.Option(help="Questions asked together: names with commas, or all; without it the main ones."),
    ] = "",
    allow_different_worlds: Annotated[
        bool, typer.Option("--allow-different-worlds", help="Compare even if more than policy differs.")
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=LARGEST_SEED, help="Seed of all runs' seeds, instead of the baseline's."),
    ] = None,
    years: Years = None,
    openings: Openings = 0,
    settings: Set = None,
    workers: Workers = None,
    engine: Where = Engine.PROCESSES,
    scheduler: Scheduler = None,
    shard: Annotated[
        str | None, typer.Option(help="Play only one part, such as 2/4; merge, then compare the folder.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an unfinished comparison, or one of fewer runs.")
    ] = False,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help="Start anew where a comparison stands; of a folder, replace its answer alone."
        ),
    ] = False,
    out: Out = "outputs",
    quiet: Quiet = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Show the findings for machines on stdout.")
    ] = False,
) -> None:
    """Compare policies with a baseline on pairs of runs that share their luck."""
    family = [name.strip() for name in indicators.split(",") if name.strip()] or None
    if len(scenarios) == 1 and (Path(scenarios[0]) / "batch.json").exists():
        _refuse_playing(context)
        from deftrade.experiments.compare.compare import judge_folder

        _tell(judge_folder(Path(scenarios[0]), family, force=force), quiet=quiet, as_json=as_json)
        return
    from deftrade.experiments.compare import compare

    say_shipped(*scenarios, quiet=quiet)
    with executing(engine, workers, scheduler, shard, resume=resume, force=force, quiet=quiet) as execution:
        _refuse_idle(context, until, shard)
        chosen = compare.loaded(scenarios, years, settings_of(settings))
        if shard is not None:
            part = compare.run_shard(
                *chosen,
                runs=runs,
                seed=seed,
                openings=openings,
                allow_different_worlds=allow_different_worlds,
                out=out,
                execution=execution,
            )
        else:
            comparison = compare.compare(
                *chosen,
                runs=runs,
                seed=seed,
                openings=openings,
                indicators=family,
                until=until,
                max_runs=max_runs,
                allow_different_worlds=allow_different_worlds,
                out=out,
                execution=execution,
            )
    if shard is not None:
        report(part, quiet=quiet, as_json=as_json)
    else:
        _tell(comparison, quiet=quiet, as_json=as_json)


def _refuse_idle(context: typer.Context, until: str | None, shard: str | None) -> None:
    """Refuse options that another one leaves without any effect."""
    from deftrade.errors import ExperimentError

    if until is None and _is_given(context, "max_runs"):
        raise ExperimentError("--max-runs is where --until gives up; give --until too, or --runs instead")
    if shard is None:
        return
    if _is_given(context, "indicators"):
        raise ExperimentError(
            "--indicators cannot be used with --shard, which only plays runs;"
            " give them when the merged folder is compared"
        )
    if until is not None:
        raise ExperimentError("--until looks at whole pairs and cannot be used with --shard; give --runs")


def _refuse_playing(context: typer.Context) -> None:
    """Refuse options that decide how runs are played, where the runs of a folder are judged."""
    from deftrade.errors import ExperimentError

    given = [
        parameter.opts[0]
        for parameter in context.command.params
        if parameter.name not in _JUDGING and _is_given(context, parameter.name or "")
    ]
    if given:
        raise ExperimentError(
            f"{', '.join(given)} cannot be used with a folder, whose runs are played already;"
            " allowed: --indicators, --force, --quiet, --json"
        )


def _is_given(context: typer.Context, parameter: str) -> bool:
    """Return whether a parameter was given on the command line."""
    source = context.get_parameter_source(parameter)
    return source is not None and source.name == "COMMANDLINE"


def _tell(comparison: Comparison, *, quiet: bool, as_json: bool) -> None:
    """Show a comparison, and exit with 1 where runs have failed."""
    if as_json:
        show_json({**comparison.to_dict(), "folder": str(comparison.folder)})
    elif not quiet:
        _show(comparison)
    failed = comparison.result.failed
    if failed:
        say(f"error: {len(failed)} of {len(comparison.result.keys)} runs failed; --resume tries again")
        raise typer.Exit(1)


def _show(comparison: Comparison) -> None:
    """Write to stdout who is compared, what differs, what was found, and where the files are."""
    from deftrade.core.wording import counted
    from deftrade.experiments.batch.summaries import opening_in_words
    from deftrade.experiments.compare.text import asked_together

    plan = comparison.result.plan
    calendar = comparison.cells[0].scenario.calendar
    pairs = counted(comparison.result.runs, "pair")
    show(
        f"{', '.join(comparison.policies)} against {comparison.baseline}: {pairs} of runs,"
        f" {calendar.start} to {calendar.end - 1}, root seed {plan['root']};"
        f" {opening_in_words(plan)}"
    )
    for policy in comparison.policies:
        show(f"\n{policy} changes:" if len(comparison.policies) > 1 else "\nwhat differs:")
        changes = comparison.treatments[policy].changes
        show("\n".join(f"  {line}" for line in changes) or "  nothing")
        show("")
        _show_policy(comparison, policy)
    for remark in comparison.remarks():
        show(f"\n{remark}")
    show(
        f"\n{asked_together(comparison.family).capitalize()} (Holm); intervals stand for one alone."
        f"\nResults: {comparison.folder} (comparison.md to read, tables as CSV and Parquet, figures)"
    )


def _show_policy(comparison: Comparison, policy: str) -> None:
    """Write the findings on a policy: a table as wide as the terminal, records on a narrow one."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from deftrade.experiments.compare.text import HEADS, cells_of_row

    rows = [cells_of_row(each) for each in comparison.findings if each.policy == policy]
    console = Console()
    width = min(console.width if console.is_terminal else _PAGE, _PAGE)
    if width < _NARROW:
        show_records([dict(zip(HEADS, row, strict=True)) for row in rows])
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for place, head in enumerate(HEADS):
        last = place == len(HEADS) - 1
        table.add_column(head, justify="right" if 1 <= place <= 4 else "left", no_wrap=not last)
    for row in rows:
        table.add_row(*row)
    page = Console(width=width, force_terminal=False, no_color=True)
    with page.capture() as text:
        page.print(table)
    show("\n".join(line.rstrip() for line in text.get().rstrip().splitlines()))
