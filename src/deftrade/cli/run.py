"""``deftrade run``: simulate a scenario and keep its results."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deftrade.cli.options import Out, Quiet, ScenarioPath, Set, Workers, Years, say_shipped, settings_of
from deftrade.cli.printing import say, show, show_fitting, show_json, show_table
from deftrade.cli.progressing import progress_bar
from deftrade.files.tables import Format

if TYPE_CHECKING:
    from deftrade.report.files import Written
    from deftrade.results.luck import Luck, Standing
    from deftrade.results.results import Results
    from deftrade.scenario.resolved import Scenario

LARGEST_SEED = 2**63 - 1
MOST_LUCK = 10_000


def run(
    scenario: ScenarioPath,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=LARGEST_SEED, help="The run's luck, instead of the file's."),
    ] = None,
    years: Years = None,
    settings: Set = None,
    out: Out = "outputs",
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite a different result of the same run.")
    ] = False,
    luck: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=MOST_LUCK,
            help="Further runs with other seeds, among which this one is told to stand;"
            " without it, 7 where states x steps are 5,000 or fewer, else none.",
            show_default=False,
        ),
    ] = None,
    workers: Workers = None,
    table_format: Annotated[
        Format, typer.Option("--format", help="Format of tables; xlsx is one workbook of them all.")
    ] = Format.PARQUET,
    snapshots: Annotated[
        int | None,
        typer.Option(min=1, help="Keep the state every so many years, to explain faster.", metavar="YEARS"),
    ] = None,
    quiet: Quiet = False,
    as_json: Annotated[bool, typer.Option("--json", help="Show a summary for machines on stdout.")] = False,
) -> None:
    """Run a scenario; show its main indicators and where the results are."""
    from deftrade.report.snapshots import run_into

    say_shipped(scenario, quiet=quiet)
    with progress_bar("simulating", shown=not quiet) as progress:
        results, written = run_into(
            out,
            scenario,
            seed=seed,
            years=years,
            settings=settings_of(settings),
            snapshots=snapshots,
            table_format=table_format.value,
            force=force,
            command=["deftrade", *sys.argv[1:]],
            progress=progress,
            luck=partial(_play_luck, luck, workers, quiet),
        )
    for warning in (*results.scenario.warnings, *written.manifest["warnings"]):
        say(f"warning: {warning}")
    if as_json:
        show_json(_for_machines(results, written))
    elif not quiet:
        _show(results, written)


def _play_luck(asked: int | None, workers: int | None, quiet: bool, scenario: Scenario) -> Luck:
    """Play as many further runs as are asked for, or as are soon played."""
    from deftrade.experiments.batch.luck import play_luck
    from deftrade.results.luck import usual_luck

    runs = usual_luck(scenario) if asked is None else asked
    with progress_bar("luck", shown=not quiet and runs > 0) as progress:
        return play_luck(scenario, runs, workers=workers, progress=progress)


def _show(results: Results, written: Written) -> None:
    """Write the main indicators and the place of the results to stdout."""
    from deftrade.report.summary import main_indicators
    from deftrade.report.trajectories import late_told

    scenario = results.scenario
    calendar = scenario.calendar
    show(f"{scenario.title}, {calendar.start} to {calendar.end - 1}, seed {scenario.seed}\n")
    rows = [(meaning, value, who) for meaning, value, who in main_indicators(results)]
    show_table(("indicator", "value", "of"), rows, numbers=(1,))
    show(f"\n{late_told(results)}\n")
    _show_luck(results, written.luck)
    laws = written.manifest["laws"]
    worst = max(laws["residuals"].values())
    kept = "" if written.is_new else " (the same result was there, verified and kept)"
    show(
        f"\nThe books balance: largest residual {worst:.1e}, tolerance {laws['tolerance']:g}.\n"
        f"Results: {written.folder}{kept}"
    )


def _show_luck(results: Results, luck: Luck) -> None:
    """Write how the run stands among further ones, or how to see that."""
    from deftrade.report.summary import STANDING, standing_rows
    from deftrade.results.luck import USUAL, extremes

    if not luck.asked:
        show(f"One run is one draw of luck; --luck {USUAL} plays {USUAL} more, to see where this one stands.")
    else:
        show(f"{extremes(results, luck)}\n")
    if luck.runs:
        show_fitting(STANDING, standing_rows(results, luck), numbers=(1, 2, 3))


def _for_machines(results: Results, written: Written) -> dict[str, Any]:
    """Return the summary of a run as plain data."""
    from math import isfinite

    from deftrade.results.indicators import measure
    from deftrade.results.luck import standings

    manifest = written.manifest
    return {
        "folder": str(written.folder),
        "is_new": written.is_new,
        **{key: manifest[key] for key in ("deftrade", "scenario", "seed", "digests", "content")},
        "indicators": {
            item.name: {
                "value": value if isfinite(value) else None,
                "unit": item.unit,
                "scope": item.scope,
            }
            for item, value in measure(results)
        },
        "luck": {each.item.name: _standing(each) for each in standings(results, written.luck)},
        **{key: manifest[key] for key in ("laws", "clips", "warnings", "timings")},
    }


def _standing(each: Standing) -> dict[str, Any]:
    """Return how an indicator stands among the runs as plain data."""
    names = ("median", "lowest", "highest", "rank", "last_rank")
    return {**{name: getattr(each, name) for name in names}, "runs": each.size}
