"""Lines and tables for terminals, pipes and files."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from shutil import get_terminal_size
from textwrap import wrap
from typing import Any, TextIO

from deftrade.errors import OutputError

GAP = "  "
# What may steer a terminal or turn the reading direction; tabs and line breaks are our own.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_NARROWEST = 24
_READABLE = 60
_PAGE = 110


def show(text: str) -> None:
    """Write text to stdout; a reader who left early, such as ``head``, is no error.

    Raises
    ------
    OutputError
        Stdout does not take it, as on a full disk.
    """
    try:
        _write(sys.stdout, text)
    except OSError as error:
        _drop(sys.stdout)
        raise OutputError(f"standard output cannot be written: {error.strerror or error}") from error


def say(text: str) -> None:
    """Write text to stderr; where it does not take it, nobody can be told."""
    try:
        _write(sys.stderr, text)
    except OSError:
        _drop(sys.stderr)


def show_json(data: Any) -> None:
    """Write data to stdout as JSON."""
    show(json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False))


def show_table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = ()) -> None:
    """Write an aligned table to stdout.

    On a terminal the last column wraps to the width, and a table whose other columns leave no room for
    it is shown as records; in a pipe every row is one line.

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
    if not room and not _fits(widths):
        show_records([dict(zip(headers, row, strict=True)) for row in rows])
        return
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


def show_fitting(
    headers: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = ()
) -> None:
    """Write a table as `show_table` does or, where a terminal is too narrow for it, as records."""
    widths = [max(len(row[place]) for row in (headers, *rows)) for place in range(len(headers))]
    if _fits(widths):
        show_table(headers, rows, numbers=numbers)
        return
    show_records([dict(zip(headers, row, strict=True)) for row in rows])


def show_records(records: Iterable[Mapping[str, str]]) -> None:
    """Write records below each other, as headings with labelled lines.

    Cells too many or too long for columns are read so on a terminal of any width; the first cell of a
    record is its heading, and empty cells are left out.

    Parameters
    ----------
    records : iterable of mappings from label to text
        The records.
    """
    width = max(min(get_terminal_size((_PAGE, 0)).columns, _PAGE), _READABLE)
    pages = []
    for record in records:
        (_, heading), *cells = record.items()
        room = max(len(label) for label, _ in cells)
        indent = GAP + " " * room + GAP
        lines = wrap(heading, width, break_on_hyphens=False)
        for label, text in cells:
            first = f"{GAP}{label.ljust(room)}{GAP}"
            wrapped = wrap(
                text, width, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False
            )
            lines += wrapped if text else []
        pages.append("\n".join(lines))
    show("\n\n".join(pages))


def _fits(widths: Sequence[int]) -> bool:
    """Return whether a table of these widths fits a line; in a pipe every one does."""
    whole = sum(widths) + len(GAP) * (len(widths) - 1)
    return not sys.stdout.isatty() or whole <= get_terminal_size().columns


def _room(widths: Sequence[int]) -> int:
    """Return the width for the last column on a terminal, 0 where lines may be long."""
    if not sys.stdout.isatty():
        return 0
    room = get_terminal_size().columns - sum(widths[:-1]) - len(GAP) * (len(widths) - 1)
    return room if room >= _NARROWEST else 0


def _inert(text: str) -> str:
    """Return text whose control and bidirectional characters, a file's name may hold some, are spelt out."""
    return _STEERING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _write(stream: TextIO, text: str) -> None:
    """Write a line to a stream; where its reader has gone, stop writing to it."""
    try:
        print(_inert(text), file=stream, flush=True)
    except BrokenPipeError:
        _drop(stream)


def _drop(stream: TextIO) -> None:
    """Let what is written to a stream from now on, and what waits in it, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
