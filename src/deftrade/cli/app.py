"""The application: one file a command group, nothing heavy until a command runs."""

from __future__ import annotations

from typing import Annotated

import typer

from deftrade import __version__
from deftrade.cli.check import diff, schema, validate
from deftrade.cli.claims import claims
from deftrade.cli.compare import compare
from deftrade.cli.describe import describe
from deftrade.cli.ensemble import ensemble, merge
from deftrade.cli.explain import explain
from deftrade.cli.new import new
from deftrade.cli.printing import show
from deftrade.cli.reproduce import reproduce
from deftrade.cli.run import run
from deftrade.cli.sweep import robustness, sensitivity, sweep
from deftrade.cli.verify import verify

app = typer.Typer(
    help="Agent-based simulator of defence trade between states and firms.",
    epilog="Exit codes: 0 done, 1 a fault of deftrade, a failed run or a damaged result, 2 a fault of"
    " the input, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    """Show the version and stop."""
    if asked:
        show(f"deftrade {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show where an error was raised; works anywhere.")
    ] = False,
) -> None:
    """Agent-based simulator of defence trade between states and firms."""


COMMANDS = (
    *(run, ensemble, merge, compare, claims, sweep, sensitivity, robustness),
    *(explain, verify, reproduce, validate, diff, describe, new, schema),
)
for command in COMMANDS:
    # Said here, the sentence is wrapped; what Click finds by itself it cuts to the rest of one line.
    app.command(short_help=(command.__doc__ or "").split("\n\n")[0])(command)
