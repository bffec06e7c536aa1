"""Progress bars on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress_bar(word: str, *, shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Give what to call with how much is done and how much there is: a bar on stderr, or nothing.

    Parameters
    ----------
    word : str
        What is under way.
    shown : bool
        Whether a bar is wanted; it is only shown on a terminal.
    """
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(word), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(word, total=None)
        yield lambda done, whole: bar.update(task, completed=done, total=whole)
