"""``deftrade verify``: whether a result is as it was written, and comes out the same again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from deftrade.cli.printing import say, show, show_json
from deftrade.cli.progress import progress_bar


def verify(
    folder: Annotated[str, typer.Argument(help="A result's folder.", metavar="RUN")],
    rerun: Annotated[
        bool, typer.Option("--rerun", help="Run it again with its own seed and compare all values.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Show what was found for machines.")] = False,
) -> None:
    """Check every file of a result against its hash; exit with 1 if anything is wrong."""
    from deftrade.provenance.verifying import verify as check

    with progress_bar(shown=rerun and sys.stderr.isatty()) as progress:
        found = check(Path(folder), rerun=rerun, progress=progress)
    if as_json:
        show_json(found.to_dict())
    elif found.is_sound:
        again = f"; run again, all {found.tables} tables have the same values" if rerun else ""
        show(f"{folder}: {found.files} files, all as they were written{again}")
    else:
        for line in (*found.damages, *found.differences):
            say(f"{folder}: {line}")
    if not found.is_sound:
        raise typer.Exit(1)
