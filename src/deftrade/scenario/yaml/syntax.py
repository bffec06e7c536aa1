"""YAML's complaints in plain words."""

from __future__ import annotations

from typing import Any

import yaml

from deftrade.errors import Fault
from deftrade.scenario.yaml.files import Source
from deftrade.scenario.yaml.places import Position

_TAB = "a tab stands where YAML needs spaces; indent with spaces"
_RESERVED = "text cannot begin with this character; put the text in quotes"
_INDENTATION = (
    "this line does not fit the lines above; check its indentation, and that text after a "
    "closing quote is inside the quotes"
)
_SECOND_COLON = (
    "a key and its colon cannot stand here; indent the line like its neighbours, or put text that "
    "holds ': ' in quotes"
)
_UNCLOSED_LIST = "a comma or ] is missing; the list begins at {start}"
_UNCLOSED_MAPPING = "a comma or }} is missing; the mapping begins at {start}"
_UNCLOSED_QUOTE = "the quote that opens here is never closed"
_NO_COLON = "a colon is missing after this key"
_AT_THE_BEGINNING = (_UNCLOSED_QUOTE, _NO_COLON)
_SECOND_DOCUMENT = "nothing may follow the end of the document"
_NAME = "a name must follow & and * at once; put text that begins with them in quotes"

# Part of YAML's problem or context, and our words; libyaml and the Python parser differ a little.
_WORDS = (
    ("tab character", _TAB),
    ("mapping values are not allowed", _SECOND_COLON),
    ("sequence entries are not allowed", "a list item cannot stand here; begin it on its own line"),
    ("could not find expected ':'", _NO_COLON),
    ("flow sequence", _UNCLOSED_LIST),
    ("flow mapping", _UNCLOSED_MAPPING),
    ("found unexpected end of stream", _UNCLOSED_QUOTE),
    ("found unexpected document indicator", _UNCLOSED_QUOTE),
    ("scanning an alias", _NAME),
    ("scanning an anchor", _NAME),
    ("undefined tag handle", "tags (!) are not used in scenarios; put text with ! in quotes"),
    ("escape c", "a backslash in double quotes begins an escape; use single quotes"),
    ("<document start>", _SECOND_DOCUMENT),
    ("block scalar", "the text block that begins at {start} is not well formed"),
    ("node content", "a value is missing, or a bracket or comma stands alone"),
    ("block mapping", _INDENTATION),
    ("block collection", _INDENTATION),
    ("block sequence", _INDENTATION),
)


def explain(error: yaml.YAMLError, source: Source) -> Fault:
    """Return the fault that a complaint of the YAML parser stands for."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return source.at(1, 1).fault(f"this is not YAML: {' '.join(str(error).split())}")
    mark = error.problem_mark or error.context_mark
    opening = error.context_mark or mark
    words = _words(error, _place(mark, source))
    if words in _AT_THE_BEGINNING:
        mark = opening
    start = f"line {opening.line + 1}, column {opening.column + 1}" if opening else "the top"
    return _with_text(_place(mark, source), source).fault(words.format(start=start))


def _place(mark: Any, source: Source) -> Position:
    """Return the position of YAML's mark, which counts from 0."""
    return source.at(mark.line + 1, mark.column + 1) if mark else source.at(1, 1)


def _words(error: yaml.MarkedYAMLError, place: Position) -> str:
    """Return a parser's complaint in plain words."""
    complaint = " ".join(filter(None, (error.problem, error.context)))
    if "cannot start any token" in complaint:
        return _TAB if place.source[place.column - 1 :].startswith("\t") else _RESERVED
    for part, words in _WORDS:
        if part in complaint:
            return words
    plain = complaint.replace("{", "{{").replace("}", "}}")
    return f"this is not YAML: {plain}"


def _with_text(place: Position, source: Source) -> Position:
    """Return a place that has text: YAML often complains on the line after the fault."""
    line = min(place.line, len(source.lines))
    if line == place.line and (place.source.strip() or line <= 1):
        return place
    while line > 1 and not source.lines[line - 1].strip():
        line -= 1
    return source.at(line, len(source.lines[line - 1].rstrip()) + 1)
