"""``deftrade verify``: whether a result is as it was written, and comes out the same again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from deftrade.cli.printing import say, show, show_json
from deftrade.cli.progressing import progress_bar

if TYPE_CHECKING:
    from deftrade.experiments.verifying import BatchCheck
    from deftrade.provenance.verifying import Verification


def verify(
    folder: Annotated[str, typer.Argument(help="Folder of a run or of a batch.", metavar="RESULT")],
    rerun: Annotated[
        int,
        typer.Option(
            min=0,
            metavar="N",
            help="Run again and compare all values: N sampled runs of a batch, or with 1 a single run.",
        ),
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Show what was found for machines.")] = False,
) -> None:
    """Check every file of a result against its hash; exit with 1 if anything is wrong."""
    from deftrade.provenance.checking import verify as checked

    with progress_bar("running again", shown=rerun > 0) as progress:
        found = checked(folder, rerun, progress=progress)
    if as_json:
        show_json(found.to_dict())
    elif found.is_sound:
        show(f"{folder}: {found.files} files, all as they were written{_again(found)}")
    else:
        for line in (*found.damages, *found.differences):
            say(f"{folder}: {line}")
    if not found.is_sound:
        raise typer.Exit(1)


def _again(found: Verification | BatchCheck) -> str:
    """Return what running again showed, empty where nothing was run."""
    runs = found.to_dict().get("runs_rerun")
    if runs:
        return f"; run again, {len(runs)} of its runs have the same values"
    tables = found.to_dict().get("tables_rerun")
    return f"; run again, all {tables} tables have the same values" if tables else ""
