"""The command line called in this process, so that Python starts and worlds settle once for many calls."""

import io
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from typing import NamedTuple

import pytest

from deftrade.cli import main


class Done(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def lightly(words):
    """Return the words of a command; a run that says nothing of luck plays no further runs."""
    words = [str(word) for word in words]
    plain = words[:1] != ["run"] or len(words) < 2 or words[1].startswith("-") or "--luck" in words
    return words if plain else [*words, "--luck", "0"]


def called(*words, cwd=None, columns=120):
    """Run a command in a folder, its text not on a terminal, as wide as told; see `lightly`."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        patch.setattr(sys, "argv", ["deftrade", *lightly(words)])
        patch.setattr(warnings, "showwarning", warnings.showwarning)
        patch.setenv("COLUMNS", str(columns))
        patch.chdir(cwd or ".")
        with pytest.raises(SystemExit) as end:
            main()
    out, err = (stream.buffer.getvalue().decode() for stream in streams)
    return Done(end.value.code, out, err)
