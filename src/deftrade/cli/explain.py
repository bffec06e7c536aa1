"""``deftrade explain``: why something happened in a run, or what tells two runs apart."""

from __future__ import annotations

from typing import Annotated

import typer

from deftrade.cli.printing import show, show_json


def explain(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN WHAT...",
            help="A run's folder and: contract N, licence N, alliance NAME, firm NAME, or series STATE"
            " COLUMN [DATE]. With --between, the folders of two runs.",
        ),
    ],
    between: Annotated[
        bool, typer.Option("--between", help="Tell where two runs of one world and seed part.")
    ] = False,
    indicator: Annotated[
        str, typer.Option(help="With --between: trace this indicator's difference to decisions.")
    ] = "",
    figure: Annotated[
        str, typer.Option(help="With --indicator: draw the chains to FILE.png and FILE.svg.", metavar="FILE")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Show the explanation for machines.")] = False,
) -> None:
    """Say why, by replaying a run exactly."""
    from deftrade.errors import ExplanationError
    from deftrade.explanations import api

    if between:
        if len(words) != 2:
            raise ExplanationError(f"--between wants the folders of two runs, found {len(words)}")
        told = api.explain_between(words[0], words[1], indicator, figure=figure or None)
    else:
        if indicator or figure:
            raise ExplanationError("--indicator and --figure go with --between and two runs")
        if len(words) < 2:
            raise ExplanationError(f"name a run and what to explain: {', '.join(api.KINDS)}")
        told = api.explain(words[0], words[1], *words[2:])
    if as_json:
        show_json(told.to_dict())
    else:
        show(str(told))
