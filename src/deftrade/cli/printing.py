"""Lines and tables for terminals, pipes and files."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, TextIO

GAP = "  "
_NARROWEST = 24
_READABLE = 100
_PAGE = 180


def show(text: str) -> None:
    """Write text to stdout; a reader who left early, such as ``head``, is no error."""
    _write(sys.stdout, text)


def say(text: str) -> None:
    """Write text to stderr."""
    _write(sys.stderr, text)


def show_json(data: Any) -> None:
    """Write data to stdout as JSON."""
    show(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def show_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = ()) -> None:
    """Write an aligned table to stdout.

    On a terminal the last column wraps to the width; in a pipe every row is one line.

    Parameters
    ----------
    headers : sequence of str
        Names of the columns.
    rows : sequence of sequences of str
        The cells.
    numbers : sequence of int
        Columns to align to the right.
    """
    table = [list(headers), *(list(row) for row in rows)]
    widths = [max(len(row[place]) for row in table) for place in range(len(headers))]
    room = _room(widths)
    lines = []
    for row in table:
        cells = [
            cell.rjust(width) if place in numbers else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        last = wrap(row[-1], room) if room and len(row[-1]) > room else [cells[-1]]
        lines.append(GAP.join([*cells[:-1], last[0]]).rstrip())
        indent = " " * (sum(widths[:-1]) + len(GAP) * (len(widths) - 1))
        lines += [f"{indent}{more}" for more in last[1:]]
    lines.insert(1, GAP.join("-" * min(width, room or width) if place == len(widths) - 1
                             else "-" * width for place, width in enumerate(widths)))  # fmt: skip
    show("\n".join(lines))


def show_folded(
    headers: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[str] = ()
) -> None:
    """Write a table whose cells fold to the width: of the terminal, or wide enough to read in a file.

    Parameters
    ----------
    headers : sequence of str
        Names of the columns.
    rows : sequence of sequences of str
        The cells; they may hold several lines.
    numbers : sequence of str
        Columns to align to the right.
    """
    from io import StringIO

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    table = Table(box=SIMPLE_HEAD, show_lines=True, padding=(0, 1), expand=True)
    for header in headers:
        table.add_column(header, overflow="fold", justify="right" if header in numbers else "left")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))  # brackets in cells are no markup
    page = StringIO()
    Console(file=page, width=max(get_terminal_size().columns, _READABLE) if terminal else _PAGE).print(table)
    show("\n".join(line.rstrip() for line in page.getvalue().splitlines()))


def _room(widths: Sequence[int]) -> int:
    """Return the width for the last column on a terminal, 0 where lines may be long."""
    if not sys.stdout.isatty():
        return 0
    room = get_terminal_size().columns - sum(widths[:-1]) - len(GAP) * (len(widths) - 1)
    return room if room >= _NARROWEST else 0


def _write(stream: TextIO, text: str) -> None:
    """Write a line to a stream; where its reader has gone, stop writing to it."""
    try:
        print(text, file=stream, flush=True)
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
