"""``deftrade new``: a commented scenario to start from, or a copy of a shipped one."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from deftrade.cli.printing import show
from deftrade.errors import OutputError

_ENDINGS = (".yaml", ".yml")


def new(
    file: Annotated[
        str, typer.Argument(metavar="[NAME.yaml]", help="File to write; with --from, its name without it.")
    ] = "",
    source: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="NAME",
            help="Copy a shipped scenario, such as crescent_cooperation, with the files it needs.",
            show_default=False,
        ),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write a scenario that runs as it is: a commented starter, or a copy of a shipped one."""
    from deftrade.files.writing import write_text

    path = Path(file or (f"{source}.yaml" if source else ""))
    if not path.name:
        raise typer.BadParameter("name the file to write, such as my.yaml, or a scenario by --from")
    if path.suffix.lower() not in _ENDINGS:
        raise OutputError(f"{path} is no name for a scenario; it must end in .yaml")
    texts = _copies(source, path) if source else {path: _starter()}
    for each in texts:
        _check(each, texts[each], force=force)
    for each, text in texts.items():
        each.parent.mkdir(parents=True, exist_ok=True)
        write_text(each, text)
    more = [str(each) for each in texts if each != path]
    beside = f" with {', '.join(more)}" if more else ""
    show(f"{path} written{beside}; try it:\n  deftrade validate {path}\n  deftrade run {path}")


def _starter() -> str:
    """Return the text of the starter."""
    return files("deftrade.cli").joinpath("starter.yaml").read_text(encoding="utf-8")


def _copies(name: str, path: Path) -> dict[Path, str]:
    """Return the texts of a shipped scenario and of what it is composed of, by where they go."""
    from deftrade.errors import Fault, ScenarioError
    from deftrade.scenario.load import load
    from deftrade.scenario.shipped import home, names
    from deftrade.scenario.yaml.nearest import nearest

    if name not in names():
        near = nearest(name, names())
        raise ScenarioError(
            [Fault(name, 0, 0, "", "no shipped scenario of this name", "", ", ".join(names()), near)]
        )
    main = home() / f"{name}.yaml"
    places = {read: path.parent / read.resolve().relative_to(home()) for read in load(main).files}
    if any(place == path for read, place in places.items() if read != main):
        raise OutputError(f"{name} is composed of another file called {path.name}; choose another name")
    places[main] = path
    return {place: read.read_text(encoding="utf-8") for read, place in places.items()}


def _check(path: Path, text: str, *, force: bool) -> None:
    """Refuse to overwrite what stands there, unless it is the same or that is asked for."""
    if not path.exists() or (force and path.is_file()):
        return
    if not path.is_file():
        raise OutputError(f"{path} exists; it is not a file")
    if path.read_bytes() != text.encode("utf-8"):
        raise OutputError(f"{path} exists; --force overwrites it")
