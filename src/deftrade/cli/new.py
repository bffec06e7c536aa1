"""``deftrade new``: a commented scenario to start from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from deftrade.cli.printing import show
from deftrade.errors import OutputError

_ENDINGS = (".yaml", ".yml")


def new(
    file: Annotated[str, typer.Argument(metavar="NAME.yaml", help="File to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write a commented starter scenario that runs as it is."""
    from deftrade.files.writing import write_text

    path = Path(file)
    if path.suffix.lower() not in _ENDINGS:
        raise OutputError(f"{file} is no name for a scenario; it must end in .yaml")
    if path.exists() and not (force and path.is_file()):
        advice = "--force overwrites it" if path.is_file() else "it is not a file"
        raise OutputError(f"{file} exists; {advice}")
    write_text(path, files("deftrade.cli").joinpath("starter.yaml").read_text(encoding="utf-8"))
    show(f"{file} written; try it:\n  deftrade validate {file}\n  deftrade run {file}")
