"""``deftrade reproduce``: the commands that make a result again."""

from __future__ import annotations

from typing import Annotated

import typer

from deftrade.cli.printing import show, show_json


def reproduce(
    folder: Annotated[str, typer.Argument(help="A result's folder.", metavar="RESULT")],
    as_json: Annotated[bool, typer.Option("--json", help="Show them for machines.")] = False,
) -> None:
    """Say how to make a result again, and what stands in the way here."""
    from deftrade.provenance.reproduce import reproduce as recipe

    found = recipe(folder)
    if as_json:
        show_json(found.to_dict())
    else:
        show(str(found))
