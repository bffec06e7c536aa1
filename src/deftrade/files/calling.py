"""Which command line results are written for; apart from manifests, as every command says it at its start."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_COMMAND: ContextVar[tuple[str, ...]] = ContextVar("command", default=())


@contextmanager
def called_by(command: Sequence[str]) -> Iterator[None]:
    """Take what is written meanwhile for the work of a command line."""
    token = _COMMAND.set(tuple(command))
    try:
        yield
    finally:
        _COMMAND.reset(token)


def calling() -> list[str]:
    """Return the command line that is at work; empty where Python called."""
    return list(_COMMAND.get())
