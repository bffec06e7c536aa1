"""Command lines of deftrade as data: read, changed, and written again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deftrade.provenance.pasting import path_word, word

if TYPE_CHECKING:
    from collections.abc import Sequence

FLAGS = frozenset({"--resume", "--force", "--quiet", "-q", "--json", "--allow-different-worlds"})
"""Options without a value, of all commands that write results."""

_IDLE = frozenset({"--resume", "--force", "--quiet", "-q", "--json", "--workers", "--engine", "--scheduler",
                   "--out", "--docs"})  # fmt: skip
"""Options that change no value: where runs are played, where results go and what is shown."""

MAKERS = frozenset({"run", "ensemble", "compare", "claims", "sweep", "sensitivity", "robustness"})
"""Commands that make results; no other is ever printed as the one that made one."""

SEVERAL = frozenset({"--set"})
"""Options that may be given several times."""

AGAIN = "again"
"""Folder for what is made again, so that it does not meet the first result."""


@dataclass(frozen=True)
class Command:
    """A command line of deftrade.

    Parameters
    ----------
    name : str
        The command, such as ``ensemble``.
    arguments : tuple of str
        What stands without an option's name: files and folders.
    options : dict of str to str, tuple of str or None
        Values by option, none for those that take none, several for those that may be repeated.
    """

    name: str
    arguments: tuple[str, ...]
    options: dict[str, str | tuple[str, ...] | None]

    def at(self, *arguments: str) -> Command:
        """Return the command with other files and folders, the options as they are."""
        return replace(self, arguments=arguments)

    def having(self, **options: object) -> Command:
        """Return the command with other values of options, named ``max_runs`` for ``--max-runs``."""
        named = {
            f"--{name.replace('_', '-')}": None if value is None else str(value)
            for name, value in options.items()
        }
        return replace(self, options={**self.options, **named})

    def without(self, *names: str) -> Command:
        """Return the command without these options, named as on the command line."""
        return replace(self, options={name: text for name, text in self.options.items() if name not in names})

    def text(self, name: str) -> str:
        """Return the value of an option that is given once, empty where it is not given."""
        value = self.options.get(name)
        return value if isinstance(value, str) else ""

    def again(self) -> str:
        """Return the line that makes the same values again, into a folder of their own."""
        kept = self.without(*_IDLE).having(out=AGAIN)
        options = [part for name, value in kept.options.items() for part in _words(name, value)]
        words = [*map(path_word, self.arguments), *map(word, options)]
        return " ".join(["deftrade", word(self.name), *words])


def _words(name: str, value: str | tuple[str, ...] | None) -> list[str]:
    """Return an option as the words of a command line."""
    if value is None:
        return [name]
    values = (value,) if isinstance(value, str) else value
    return [part for each in values for part in (name, each)]


def parse(words: Sequence[str]) -> Command:
    """Return the command that a line's words give, the first of which is the program.

    Examples
    --------
    >>> parse(["deftrade", "ensemble", "a b.yaml", "--runs=3", "--resume", "--seed", "1"]).again()
    "deftrade ensemble 'a b.yaml' --runs 3 --seed 1 --out again"
    """
    arguments: list[str] = []
    options: dict[str, str | tuple[str, ...] | None] = {}
    left = iter(words[2:])
    for each in left:
        if each == "--":
            arguments += left
        elif not each.startswith("-"):
            arguments.append(each)
        elif each in FLAGS:
            options[each] = None
        else:
            name, joined, text = each.partition("=")
            value = text if joined else next(left, "")
            options[name] = (*(options.get(name) or ()), value) if name in SEVERAL else value
    return Command(words[1], tuple(arguments), options)
