"""What manifests, plans and the like look like: JSON types and required keys, declared once a kind.

Whoever reads them may then rely on it; a stranger's or a damaged one is told with the path of what is wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

Shape = Callable[[Any, str], str]
"""Says in words what is wrong with a value at a path; empty if nothing is."""

_FORMATS = (1, 2)
"""Output formats whose shape is known here; others are refused where the format is read."""
_HALVES = re.compile("[\ud800-\udfff]")
_LARGEST = 500_000_000
_MOST_RUNS = 10_000_000
_NAMES = ((bool, "true or false"), (int | float, "a number"), (str, "a text"), (list, "a list"),
          (dict, "a mapping"))  # fmt: skip


def _called(value: Any) -> str:
    """Return what a JSON value is."""
    return next((name for kind, name in _NAMES if isinstance(value, kind)), "null")


def _plain(kind: Any, words: str) -> Shape:
    """Return the shape of a single value."""

    def check(value: Any, path: str) -> str:
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        return "" if fits else f"{path} is {_called(value)}; {words} belongs there"

    return check


def text(pattern: str = "", words: str = "a text") -> Shape:
    """Return the shape of a text that matches a pattern."""
    single, known = _plain(str, words), re.compile(pattern)

    def check(value: Any, path: str) -> str:
        if wrong := single(value, path):
            return wrong
        return (
            "" if not pattern or known.fullmatch(value) else f"{path} is no such text; {words} belongs there"
        )

    return check


def whole(low: int, high: int) -> Shape:
    """Return the shape of a whole number between two others."""
    single, words = _plain(int, "a whole number"), f"a whole number from {low} to {high}"

    def check(value: Any, path: str) -> str:
        if wrong := single(value, path):
            return wrong
        return "" if low <= value <= high else f"{path} is out of bounds; {words} belongs there"

    return check


def list_of(shape: Shape) -> Shape:
    """Return the shape of a list."""

    def check(value: Any, path: str) -> str:
        if not isinstance(value, list):
            return f"{path} is {_called(value)}; a list belongs there"
        return next(filter(None, (shape(item, f"{path}[{row}]") for row, item in enumerate(value))), "")

    return check


def map_of(shape: Shape) -> Shape:
    """Return the shape of a mapping with any keys."""

    def check(value: Any, path: str) -> str:
        if not isinstance(value, dict):
            return f"{path} is {_called(value)}; a mapping belongs there"
        return next(filter(None, (shape(item, f"{path}.{key}") for key, item in value.items())), "")

    return check


def record(required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Shape:
    """Return the shape of a mapping with keys that it must have and ones that it may have."""
    known = {**required, **(optional or {})}

    def check(value: Any, path: str) -> str:
        if not isinstance(value, dict):
            return f"{path or 'the whole'} is {_called(value)}; a mapping belongs there"
        before = f"{path}." if path else ""
        missing = (f"{before}{key} is missing" for key in required if key not in value)
        wrong = (shape(value[key], f"{before}{key}") for key, shape in known.items() if key in value)
        return next(filter(None, (*missing, *wrong)), "")

    return check


def or_null(shape: Shape) -> Shape:
    """Return the shape of a value that may be null."""
    return lambda value, path: "" if value is None else shape(value, path)


def pair_of(first: Shape, second: Shape) -> Shape:
    """Return the shape of a list of two."""

    def check(value: Any, path: str) -> str:
        if not isinstance(value, list) or len(value) != 2:
            return f"{path} is {_called(value)}; a list of two belongs there"
        return first(value[0], f"{path}[0]") or second(value[1], f"{path}[1]")

    return check


_TEXT, _NUMBER, _FLAG = text(), _plain(int | float, "a number"), _plain(bool, "true or false")
_FILE_NAME = text(r"\w[\w.+-]*", "a name of files: letters, digits, _ . + -")
_HEX = text("[0-9a-f]{16,128}", "a hash in hex digits")
_SEED, _RUN = whole(0, 2**64), whole(0, _MOST_RUNS)
_TEXTS = map_of(_TEXT)


def _shard(value: Any, path: str) -> str:
    """Say what is wrong with a part of a batch."""
    part = whole(1, _MOST_RUNS)
    wrong = pair_of(part, part)(value, path)
    return wrong or ("" if value[0] <= value[1] else f"{path} is no part of so many")


_ORIGIN = {"commit": _TEXT, "command": list_of(_TEXT), "inputs": _TEXTS}
_ALL = {"deftrade_output": whole(1, 100), "deftrade": _TEXT}
_SYSTEM = {
    "versions": record({"python": _TEXT}, {}),
    "platform": record({"system": _TEXT, "machine": _TEXT}, {}),
}
_KEEP = record({"states": text("focus|all", "focus or all"), "every": text("year|step", "year or step")})
_CELL = record(dict.fromkeys(("scenario", "title", "world", "treatment"), _TEXT) | {"name": _FILE_NAME},
               {"focus": _TEXT, "every": _TEXT})  # fmt: skip
_PLANNED = {
    "name": _FILE_NAME, "digest": _HEX, "shard": or_null(_shard), "root": _SEED, "runs": whole(1, _MOST_RUNS),
    "keep": _KEEP, "cells": list_of(_CELL),
}  # fmt: skip
_DRAWN = {"openings": whole(0, _MOST_RUNS)}
_RESULT = {**_ALL, "files": _TEXTS, **_SYSTEM}
_TIMED = {"timings": map_of(_NUMBER), "seal": _TEXT, "comparison": _TEXTS, "indicators": list_of(_TEXT),
          "warnings": list_of(_TEXT), **_ORIGIN}  # fmt: skip

RUN = record(
    {
        **_RESULT, "code": _TEXT, "seed": _SEED, "digests": _TEXTS, "content": _TEXTS,
        "scenario": record({"name": _TEXT, "title": _TEXT}),
    },
    {**_TIMED, "world_digests": _TEXTS, "world_seed": _SEED},
)  # fmt: skip
BATCH = record(
    {
        **_RESULT, "kind": text("batch"), "batch": record(_PLANNED, _DRAWN), "content": _TEXTS,
        "failed": list_of(pair_of(_FILE_NAME, _RUN)),
    },
    {**_TIMED, "code": _TEXT},
)  # fmt: skip
ANSWER = record(
    {
        **_RESULT, "kind": _TEXT, "batch": record({"name": _TEXT, "digest": _TEXT}),
        "experiment": record(
            {"design": _TEXT, "runs": whole(1, _MOST_RUNS)}, {"points_asked": whole(1, _MOST_RUNS)}
        ),
    },
    {**_TIMED, "code": _TEXT},
)  # fmt: skip
PLAN = record({**_ALL, "code": _TEXT, **_PLANNED}, {**_ORIGIN, **_DRAWN, "versions": _TEXTS})
OUTCOME = record(
    {"cell": _FILE_NAME, "run": _RUN, "seed": _SEED, "ok": _FLAG},
    {
        "indicators": map_of(_NUMBER), "digests": _TEXTS, "content": _TEXT, "residual": _NUMBER,
        "seconds": _NUMBER, "traceback": _TEXT,
    },
)  # fmt: skip


STATE = record(
    {
        "format": whole(0, 1000), "opening": list_of(_TEXT), "names": map_of(list_of(_TEXT)),
        "step": whole(0, 10**6),
        "residuals": map_of(_NUMBER), "clips": _plain(list, "a list"), "digests": _TEXTS, "digest": _TEXT,
    }
)  # fmt: skip


def result(value: Any, path: str) -> str:
    """Say what is wrong with the manifest of a run, a batch or an answer; each is known by its keys."""
    if not isinstance(value, dict):
        return record({})(value, path)
    kind = RUN if "scenario" in value else BATCH if value.get("kind") == "batch" else ANSWER
    return kind(value, path)


def parsed(data: str | bytes, shape: Shape) -> Any:
    """Return JSON that has a shape.

    Raises
    ------
    ValueError
        It is no JSON, or has another shape.
    """
    try:
        value = json.loads(data)
    except RecursionError:
        raise ValueError("it nests too deep") from None
    said = value.get("deftrade_output", 1) if isinstance(value, dict) else 1
    if isinstance(said, int) and said not in _FORMATS:
        return value  # what other versions write is refused by its number
    if wrong := shape(value, ""):
        raise ValueError(wrong)
    return value


def json_text(data: Any) -> str:
    """Return data as the text of a JSON file.

    Halves of characters, as names of files that are not UTF-8 have them, are written as JSON escapes them.
    """
    plain = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    return _HALVES.sub(lambda half: f"\\u{ord(half[0]):04x}", plain)


def read_json(path: Path, shape: Shape) -> Any:
    """Return a file of JSON that has a shape.

    Raises
    ------
    FileNotFoundError
        There is none.
    ValueError
        It is no file, too large, no JSON, or has another shape.
    """
    size = path.stat().st_size
    if not path.is_file():
        raise ValueError("it is not a file")
    if size > _LARGEST:
        raise ValueError(f"it has {size:,} bytes; allowed: at most {_LARGEST:,}")
    return parsed(path.read_text(encoding="utf-8"), shape)
