"""One lever, parameter, indicator or column by its name, for ``deftrade describe NAME``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deftrade.scenario.yaml.nearest import listing, nearest

Rows = list[dict[str, Any]]


def rows_of(name: str, sections: Mapping[str, Rows]) -> Rows:
    """Return every row that a name means, each with its section first; none if it means nothing.

    Parameters
    ----------
    name : str
        A whole path such as ``policy.states.Noor.offset_rate``, or its last part; capitals do not count.
    sections : mapping of str to rows
        Rows by section; what a row is about stands first in it.
    """
    wanted = name.casefold()
    if "." in name:
        return [row for row in _told(sections) if _pattern(_subject(row)).fullmatch(wanted)]
    return [row for row in _told(sections) if _last(_subject(row)).casefold() == wanted]


def advice(name: str, sections: Mapping[str, Rows]) -> str:
    """Return what may have been meant by a name that means nothing."""
    subjects = [_subject(row) for row in _told(sections)]
    known = list(dict.fromkeys([*sections, *map(_last, subjects), *subjects]))
    close = nearest(name, known)
    meant = f"did you mean {close}? " if close else ""
    return f"nothing is called {name!r}; {meant}There are {listing(sections)}, and the names in them."


def _told(sections: Mapping[str, Rows]) -> Iterator[dict[str, Any]]:
    """Yield the rows of all sections, each with its section after what it is about."""
    for section, rows in sections.items():
        for row in rows:
            (key, subject), *rest = row.items()
            yield {key: subject, "section": section, **dict(rest)}


def _subject(row: dict[str, Any]) -> str:
    """Return what a row is about."""
    return str(next(iter(row.values())))


def _last(subject: str) -> str:
    """Return the last part of a path."""
    return subject.rpartition(".")[2]


def _pattern(subject: str) -> re.Pattern[str]:
    """Return what matches a path with any name of an entity or row of a list in it."""
    text = re.escape(subject.casefold()).replace(r"\.name\.", r"\..+\.")
    return re.compile(text.replace(r"\[\]", r"(\[[^\]]*\]|\.[^.]+)"))
