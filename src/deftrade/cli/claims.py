"""``deftrade claims``: answer a file of claims and write the page that says so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from deftrade.cli.executing import executing
from deftrade.cli.options import Engine, Quiet, Where, Workers
from deftrade.cli.printing import say, show


def claims(
    file: Annotated[str, typer.Argument(help="File of claims.")],
    docs: Annotated[
        str, typer.Option(help="Page to write; without it the page goes to stdout.", show_default=False)
    ] = "",
    runs: Annotated[int | None, typer.Option(min=2, help="Pairs of runs, instead of the file's.")] = None,
    search_runs: Annotated[
        int | None, typer.Option(min=2, help="Pairs a point of the search, instead of the file's.")
    ] = None,
    years: Annotated[int | None, typer.Option(min=1, help="Run only so many years.")] = None,
    workers: Workers = None,
    engine: Where = Engine.PROCESSES,
    out: Annotated[str, typer.Option(help="Folder for runs; what stands there is gone on with.")] = "outputs",
    quiet: Quiet = False,
) -> None:
    """Answer claims in a main, a null and a reverse world, and find where each answer turns."""
    from deftrade.experiments.claims.answers import ask
    from deftrade.experiments.claims.text import page
    from deftrade.files.writing import write_text

    with executing(engine, workers, quiet=quiet) as execution:
        answers = ask(file, out, runs=runs, years=years, search_runs=search_runs, execution=execution)
    chosen = {"--runs": runs, "--search-runs": search_runs, "--years": years}
    changed = "".join(f" {name} {value}" for name, value in chosen.items() if value is not None)
    text = page(answers, f"deftrade claims {file}{changed} --docs {docs or 'PAGE'}")
    if docs:
        write_text(Path(docs), text)
    if not quiet:
        show(f"{docs} written" if docs else text)
    if answers.failed:
        say(f"error: {answers.failed} runs failed; their pairs are left out")
        raise typer.Exit(1)
