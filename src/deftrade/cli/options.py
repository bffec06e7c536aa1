"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from deftrade.cli.printing import say

if TYPE_CHECKING:
    from typing import Any


class Engine(StrEnum):
    """Where runs are played."""

    PROCESSES = "processes"
    SERIAL = "serial"
    DASK = "dask"


ScenarioPath = Annotated[
    str, typer.Argument(help="Scenario file, a folder that holds one, or the name of a shipped one.")
]
Openings = Annotated[
    int,
    typer.Option(min=0, help="Openings that are drawn, each for equally many runs; 0 keeps the file's own."),
]
Years = Annotated[int | None, typer.Option(min=1, help="Run only the first years.")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Set one value, such as policy.states.Noor.offset_rate=30%; may be given several times.",
        metavar="PATH=VALUE",
        show_default=False,
    ),
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Processes; without it, one a core.", show_default=False)
]
Where = Annotated[Engine, typer.Option(help="Where runs are played.")]
Scheduler = Annotated[
    str | None, typer.Option(help="Address of a dask scheduler, such as tcp://127.0.0.1:8786.")
]
Part = Annotated[str | None, typer.Option(help="Play only one part, such as 2/4; merge puts parts together.")]
Out = Annotated[str, typer.Option(help="Folder for results.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show errors and warnings only.")]


def settings_of(texts: list[str] | None) -> dict[str, Any]:
    """Return the values that ``--set`` gives, by path; of two for one path the last counts."""
    from deftrade.scenario.overlay import read_setting

    return dict(map(read_setting, texts or ()))


def say_shipped(*given: str, quiet: bool = False) -> None:
    """Say of names that mean no file of the user's, but a shipped one, which that is."""
    from deftrade.scenario.shipped import shipped

    for name in () if quiet else given:
        if file := shipped(name):
            say(f"the shipped scenario {name}: {file}")
