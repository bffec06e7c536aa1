"""``deftrade verify``: whether a result is as it was written, and comes out the same again."""

from __future__ import annotations

from typing import Annotated

import typer

from deftrade.cli.printing import say, show, show_json
from deftrade.cli.progressing import progress_bar


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
    from deftrade.provenance.check import verify as checked

    with progress_bar("running again", shown=rerun > 0) as progress:
        found = checked(folder, rerun, progress=progress)
    if as_json:
        show_json(found.to_dict())
    elif found.is_sound:
        facts = (f"{folder}: {found.files} files, all as they were written", found.again())
        show("; ".join(fact for fact in facts if fact))
    else:
        for line in (*found.damages, *found.differences):
            say(f"{folder}: {line}")
    if not found.is_sound:
        raise typer.Exit(1)
