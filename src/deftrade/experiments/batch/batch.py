"""A batch: which replicates there are, in which order they count, and what tells it from others."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from deftrade.errors import ExperimentError
from deftrade.experiments.batch.replicate import Cell, Task
from deftrade.experiments.batch.trajectories import Keep
from deftrade.files.hashing import code_digest
from deftrade.scenario.describing import treatment_digest, world_digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deftrade.experiments.batch.execution import Shard

MOST_RUNS = 100_000
"""Most runs of each scenario of a batch, or of a point of an experiment."""
_NAME = re.compile(r"\w[\w.+-]*")
_LONGEST_NAME = 60
"""Letters of a name; a label of two, with what is put before and behind it, still names a file."""


def file_name(name: str) -> str:
    """Return a name with ``_`` for what cannot stand in a file's name, and no longer than files allow."""
    safe = re.sub(r"[^\w.+-]", "_", name)
    return (safe if _NAME.fullmatch(safe) else f"_{safe}")[:_LONGEST_NAME]


def check_openings(runs: int, openings: int) -> None:
    """Refuse openings that would not have equally many runs.

    Raises
    ------
    ExperimentError
        They are negative or do not divide the runs.
    """
    if openings < 0 or (openings and runs % openings):
        more = runs + -runs % openings if openings > 0 else runs
        raise ExperimentError(
            f"{runs} runs cannot be spread evenly over {openings} openings; allowed: a number that divides"
            f" the runs (such as {more} runs), or 0 for the file's own opening"
        )


@dataclass(frozen=True)
class Batch:
    """Cells times runs; replicate ``k`` has the same seed in every cell.

    Parameters
    ----------
    cells : tuple of Cell
        The scenarios, with names of their own.
    root : int
        Seed from which those of the runs follow.
    runs : int
        Runs of each cell; more can be added later.
    keep : Keep
        What is kept of every run.
    label : str
        Name for people; empty takes the cells' names.
    files : mapping of Path to str
        Files that were read beside those of the scenarios, with the SHA-256 of their bytes.
    openings : int
        Openings that are drawn, each for equally many runs, the same in every cell; 0 keeps each
        scenario's own.

    Raises
    ------
    ExperimentError
        No cells or runs, or names that are repeated or cannot be file names.
    """

    cells: tuple[Cell, ...]
    root: int
    runs: int
    keep: Keep = field(default_factory=Keep)
    label: str = ""
    files: Mapping[Path, str] = field(default_factory=dict)
    openings: int = 0

    def __post_init__(self) -> None:
        if not self.cells or self.runs < 1:
            raise ExperimentError(f"a batch of {len(self.cells)} scenarios and {self.runs} runs is empty")
        if self.runs > MOST_RUNS:
            raise ExperimentError(f"a batch cannot have {self.runs:,} runs; allowed: at most {MOST_RUNS:,}")
        check_openings(self.runs, self.openings)
        names = [cell.name for cell in self.cells]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ExperimentError(f"scenarios of one batch need names of their own; repeated: {repeated[0]}")
        for name in [*names, self.name]:
            if not _NAME.fullmatch(name):
                raise ExperimentError(f"{name!r} cannot name files; allowed: letters, digits, _ . + -")

    @property
    def name(self) -> str:
        """Short name."""
        if self.label or len(self.cells) == 1:
            return self.label or self.cells[0].name
        return f"{self.cells[0].name}-and-{len(self.cells) - 1}-more"

    @property
    def inputs(self) -> dict[Path, str]:
        """All files that were read, with the SHA-256 of their bytes."""
        read = dict(self.files)
        for cell in self.cells:
            read |= cell.scenario.files
        return read

    @cached_property
    def _cells(self) -> list[dict[str, Any]]:
        """The cells as the plan holds them."""
        return [_described(cell) for cell in self.cells]

    @cached_property
    def digest(self) -> str:
        """Hash of all that decides the replicates' values, but not how many they are."""
        plan = {key: value for key, value in self.plan().items() if key not in ("name", "runs")}
        return sha256(json.dumps(plan, sort_keys=True).encode()).hexdigest()

    def plan(self) -> dict[str, Any]:
        """Return what defines the batch as plain data: root seed, runs, cells, what is kept, code."""
        return {
            "name": self.name,
            "root": self.root,
            "runs": self.runs,
            "openings": self.openings,
            "keep": vars(self.keep),
            "code": code_digest(),
            "cells": self._cells,
        }

    def tasks(self, shard: Shard | None = None) -> list[Task]:
        """Return the replicates in canonical order: by cell, then by run; a shard takes every n-th."""
        code = code_digest()
        tasks = [
            Task(cell, run, self.root, self.keep, code, self.openings)
            for cell in self.cells
            for run in range(self.runs)
        ]
        return tasks if shard is None else tasks[shard.part - 1 :: shard.parts]

    def in_order_of_play(self, tasks: list[Task]) -> list[Task]:
        """Return tasks such that those of one world and opening follow each other, run by run across cells.

        So a process seldom settles a world twice, and an unfinished batch compares what is done.
        """
        worlds = {cell["name"]: cell["world"] for cell in self._cells}
        first = {world: place for place, world in reversed(list(enumerate(worlds.values())))}
        drawn = self.openings or 1
        return sorted(tasks, key=lambda task: (first[worlds[task.cell.name]], task.run % drawn, task.run))

    def place(self, out: Path, shard: Shard | None = None) -> Path:
        """Return the batch's own folder below one for results."""
        part = f"-shard-{shard.part}-of-{shard.parts}" if shard else ""
        return out / f"{self.name}-{self.digest[:8]}{part}"


def _described(cell: Cell) -> dict[str, Any]:
    """Return a cell as its batch's plan holds it: names, digests of world and treatment, focus."""
    outputs = cell.scenario.outputs
    return {
        "name": cell.name,
        "scenario": cell.scenario.name,
        "title": cell.scenario.title,
        "world": world_digest(cell.scenario),
        "treatment": treatment_digest(cell.scenario),
        "focus": outputs.focus or cell.scenario.world.names.states[0],
        "every": outputs.every,
    }
