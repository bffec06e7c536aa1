"""The command line: errors on stderr, tables on stdout, exit codes that scripts can trust.

Exit codes: 0 done, 1 a fault of deftrade, failed runs or a damaged result, 2 a fault of the user's input, 130
interrupted.
"""

from __future__ import annotations

import os
import sys
import warnings
from typing import Any

from deftrade.cli.spelling import NAME as SPELT
from deftrade.errors import ExperimentError, ExplanationError, OutputError, ScenarioError, StateFileError

DONE, OUR_FAULT, USERS_FAULT, INTERRUPTED = 0, 1, 2, 130

_USERS = (ScenarioError, OutputError, StateFileError, ExperimentError, ExplanationError)
_TRACEBACK = "--traceback"


def main() -> None:
    """Run the command that ``sys.argv`` names and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=SPELT)  # a terminal without Unicode still gets its table
    # Figures go to files; a notebook's own backend, inherited, may not even be installed here.
    os.environ["MPLBACKEND"] = "Agg"
    # One BLAS thread: more are slower on matrices of this size, and bits could depend on their number.
    for library in ("OPENBLAS", "MKL", "OMP"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    warnings.showwarning = _show_warning
    arguments = [part for part in sys.argv[1:] if part != _TRACEBACK]
    sys.exit(_run(arguments, traceback=_TRACEBACK in sys.argv[1:]))


def _run(arguments: list[str], *, traceback: bool) -> int:
    """Return the exit code of a command."""
    try:
        from deftrade.cli.app import app
        from deftrade.files.calling import called_by

        with called_by(["deftrade", *arguments]):
            app(args=arguments, prog_name="deftrade")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            _say("interrupted")
        return end.code if isinstance(end.code, int) else DONE
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except _USERS as error:
        _explain(error, str(error), traceback)
        return USERS_FAULT
    except Exception as error:  # the one place where any fault of ours becomes a message
        kind = type(error).__name__
        text = f"{kind}: {error}"
        hint = "" if traceback else f"\nThis is a fault of deftrade; run with {_TRACEBACK} to see where"
        _explain(error, f"{text}{hint}", traceback)
        return OUR_FAULT
    return DONE


def _explain(error: Exception, text: str, traceback: bool) -> None:
    """Write an error to stderr, after its traceback if that was asked for."""
    if traceback:
        from traceback import print_exception

        print_exception(error)
    _say(f"error: {text}")


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """Write a warning to stderr without the line of code that raised it."""
    _say(f"warning: {message}")


def _say(text: str) -> None:
    """Write a line to stderr, which may be closed."""
    from deftrade.cli.printing import say

    say(text)
