"""Which commands make a result again: those that made it, else ones from its lock files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade.experiments.compare.findings import chosen_indicators
from deftrade.experiments.sensitivity.sensitivity import METHODS
from deftrade.files import manifests
from deftrade.files.hashing import file_hash
from deftrade.files.locking import NAME as LOCK
from deftrade.files.tables import format_of
from deftrade.provenance.commands import AGAIN, MAKERS, Command, parse
from deftrade.provenance.pasting import path_word, word
from deftrade.results.indicators import HEADLINES

if TYPE_CHECKING:
    from collections.abc import Sequence

LOCKS = "lock"
"""Folder of the lock files of a batch's cells."""

SAMPLE = 10
"""Runs of a batch that are enough to show that it comes out again."""


def changed_inputs(data: dict[str, Any]) -> list[str]:
    """Return which files that a result was made from are not here, or not as they were."""
    return [
        name
        for name, digest in data.get("inputs", {}).items()
        if not os.path.isfile(name)  # noqa: PTH113 - what no file can be called is none
        or file_hash(Path(name)) != digest
    ]


def commands(folder: Path, data: dict[str, Any]) -> list[str]:
    """Return the commands that make a result again, then those that check it."""
    if "scenario" in data:
        return _of_run(folder, data)
    return _of_batch(folder, data) if data["kind"] == "batch" else _of_answer(folder, data)


def _recorded(data: dict[str, Any]) -> Command | None:
    """Return the command that made a result, none where Python made it or no command makes results."""
    words = data.get("command", [])
    return parse(words) if len(words) > 1 and words[1] in MAKERS else None


def _of_run(folder: Path, data: dict[str, Any]) -> list[str]:
    """Return the commands that run a scenario again and compare values."""
    kind = format_of(folder, data["files"])
    made = _recorded(data)
    if made is None or changed_inputs(data):
        made = Command("run", (str(folder / LOCK),), {}).having(
            seed=data["seed"], luck=data.get("luck", 0), format=kind
        )
    return [made.again(), _check(folder, 1)]


def _of_batch(folder: Path, data: dict[str, Any]) -> list[str]:
    """Return the commands that play a batch again, judge it, and compare some of its runs."""
    check = _check(folder, min(data["batch"]["runs"], SAMPLE))
    made = _recorded(data)
    if made is None:
        return [*_from_python(folder, data), check]
    made = _settled(made, data)
    if changed_inputs(data):
        if made.name not in ("ensemble", "compare"):
            return [*_from_python(folder, data), check]
        # A lock is cut to its years and holds its modules and settings.
        made = made.at(*_locks(folder, data)).without("--years", "--set").having(seed=data["batch"]["root"])
    if "comparison" not in data or made.name == "compare":
        return [made.again(), check]
    place = f"{AGAIN}/{data['batch']['name']}-{data['batch']['digest'][:8]}"
    judge = f"deftrade compare {word(place)} --indicators {word(_names(data['indicators']))}"
    return [made.again(), judge, check]


def _settled(made: Command, data: dict[str, Any]) -> Command:
    """Return the command of a batch as if it had been made in one go, and judged as it was last."""
    plan = data["batch"]
    if "--shard" in made.options and not plan["shard"]:  # merged: a shard stops nowhere, so --until was idle
        made = made.without("--shard", "--until", "--max-runs")
    if {"--resume", "--until"} <= made.options.keys():  # where it stopped depends on where it began
        made = made.having(runs=plan["runs"], max_runs=plan["runs"])
    if made.name == "compare" and "indicators" in data:
        asked = [name.strip() for name in made.text("--indicators").split(",") if name.strip()]
        if [item.name for item in chosen_indicators(asked)] != data["indicators"]:
            made = made.having(indicators=_names(data["indicators"]))
    return made


def _from_python(folder: Path, data: dict[str, Any]) -> list[str]:
    """Return commands that play the cells of a batch from their lock files."""
    plan, locks = data["batch"], _locks(folder, data)
    if "comparison" in data:
        made = Command("compare", tuple(locks), {}).having(runs=plan["runs"], seed=plan["root"])
        if len({cell["world"] for cell in plan["cells"]}) > 1:
            made = made.having(allow_different_worlds=None)
        if (names := data.get("indicators", list(HEADLINES))) != list(HEADLINES):
            made = made.having(indicators=_names(names))
        return [made.again()]
    made = Command("ensemble", (), {}).having(runs=plan["runs"], seed=plan["root"])
    keep = plan["keep"]
    if keep["states"] != "focus":
        made = made.having(keep=keep["states"])
    if keep["every"] != "year":
        made = made.having(every=keep["every"])
    if plan["shard"] and len(locks) == 1:  # a shard of several cells is not one of each
        made = made.having(shard="{}/{}".format(*plan["shard"]))
    return [made.at(lock).again() for lock in locks]


def _of_answer(folder: Path, data: dict[str, Any]) -> list[str]:
    """Return the commands that play a design again and answer it.

    Where its files are others now, the points of its batch are played from their lock files.
    """
    batch = folder.with_name(folder.name.removesuffix(f"-{data['kind']}"))
    beside = manifests.read(batch) if (batch / manifests.NAME).is_file() else None
    checks = [_check(folder), *([_check(batch, min(beside["batch"]["runs"], SAMPLE))] if beside else [])]
    if beside and changed_inputs(data):
        return [*_from_python(batch, beside), *checks]
    return [(_recorded(data) or _asked(data)).again(), *checks]


def _asked(data: dict[str, Any]) -> Command:
    """Return the command of an answer that Python asked for."""
    asked = data["experiment"]
    made = Command(data["kind"], tuple(data["inputs"])[:1], {}).having(runs=asked["runs"])
    if data["kind"] == "sensitivity":
        methods = {design: method for method, design in METHODS.items()}
        made = made.having(method=methods.get(asked["design"], ""), points=asked.get("points_asked", 1))
    return made


def _locks(folder: Path, data: dict[str, Any]) -> list[str]:
    """Return the lock files of a batch's cells."""
    return [str(folder / LOCKS / cell["name"] / LOCK) for cell in data["batch"]["cells"]]


def _names(indicators: Sequence[str]) -> str:
    """Return indicators as the command line takes them."""
    every = [item.name for item in chosen_indicators("all")]
    return "all" if list(indicators) == every else ",".join(indicators)


def _check(folder: Path, rerun: int = 0) -> str:
    """Return the command that checks a result, and plays so many of its runs again."""
    return f"deftrade verify {path_word(str(folder))}{f' --rerun {rerun}' if rerun else ''}"
