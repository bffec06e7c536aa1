"""Ask claims in all their worlds, and find where their answers turn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from deftrade.errors import ExperimentError
from deftrade.experiments.batch.batch import Batch
from deftrade.experiments.batch.execution import execution_of
from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.batch.running import run_batch
from deftrade.experiments.claims.claims import WORLDS, Claims, load_claims
from deftrade.experiments.claims.turning_points import TurningPoint, between, seek
from deftrade.experiments.compare.findings import chosen_indicators, find
from deftrade.experiments.compare.pairs import indicators_by_run
from deftrade.scenario.digests import treatment_digest, world_digest

if TYPE_CHECKING:
    from typing import Unpack

    from deftrade.core.arrays import Float
    from deftrade.experiments.batch.execution import Execution, ExecutionOptions
    from deftrade.experiments.batch.result import BatchResult
    from deftrade.experiments.claims.claims import Claim
    from deftrade.experiments.compare.findings import Finding
    from deftrade.scenario.resolved import Scenario


@dataclass(frozen=True)
class Answers:
    """What was found about claims.

    Parameters
    ----------
    claims : Claims
        What was asked.
    findings : dict of (str, str) to tuple of Finding
        By claim and world, the headline first.
    turning_points : dict of str to TurningPoint
        By claim.
    failed : int
        Runs that failed.
    """

    claims: Claims
    findings: dict[tuple[str, str], tuple[Finding, ...]]
    turning_points: dict[str, TurningPoint]
    failed: int


@dataclass(frozen=True)
class _Playing:
    """Where batches of claims are kept, and how they are played."""

    out: Path | None
    execution: Execution

    def played(self, batch: Batch) -> BatchResult:
        """Return a batch, gone on with where it stands already."""
        if self.out is None:
            return run_batch(batch, None, self.execution)
        return run_batch(batch, batch.place(self.out), self.execution.going_on())


def ask(
    claims: Claims | str | Path,
    out: str | Path | None = None,
    *,
    runs: int | None = None,
    years: int | None = None,
    search_runs: int | None = None,
    execution: Execution | None = None,
    **options: Unpack[ExecutionOptions],
) -> Answers:
    """Return the answers to claims.

    Parameters
    ----------
    claims : Claims, str or Path
        From `deftrade.experiments.claims.claims.load_claims`, or their file.
    out : str or Path, optional
        Folder in which batches are kept and gone on with; without it, all stays in memory.
    runs, years, search_runs : int, optional
        Instead of the file's, where ``claims`` is one.
    execution : Execution, optional
        How the runs are played; without it, in processes of this machine, one a core.
    **options
        Single fields of it: ``engine``, ``workers``, ``scheduler`` and ``progress``, as
        `deftrade.Execution` describes them.

    Raises
    ------
    ScenarioError, ExperimentError, OutputError
        What is asked for cannot be done.
    """
    playing = _Playing(None if out is None else Path(out), execution_of(ask, execution, options))
    if playing.execution.shard is not None:
        raise ExperimentError("a shard of claims has no answer; play all of them")
    if not isinstance(claims, Claims):
        claims = load_claims(claims, runs=runs, years=years, search_runs=search_runs)
    known = {cell.name: _identity(cell.scenario) for cell in _every_cell(claims)}
    first = {identity: name for name, identity in reversed(known.items())}
    cells = tuple(cell for cell in _every_cell(claims) if first[known[cell.name]] == cell.name)
    batch = Batch(cells, claims.seed, claims.runs, label="claims", files={claims.path: claims.digest})
    result = playing.played(batch)
    names = tuple(item.name for item in chosen_indicators(["all"]))
    values = indicators_by_run(result, names)
    findings = {}
    for claim in claims.claims:
        for world in WORLDS:
            pair = [values[first[known[cell.name]]] for cell in claim.cells(world)]
            findings[claim.name, world] = _judged(pair, claim.indicators, names)
    searches = [_search(claim, claims, findings, playing) for claim in claims.claims]
    turning_points = {
        claim.name: turning_point for claim, (turning_point, _) in zip(claims.claims, searches, strict=True)
    }
    failed = len(result.failed) + sum(count for _, count in searches)
    return Answers(claims, findings, turning_points, failed)


def _every_cell(claims: Claims) -> list[Cell]:
    """Return both scenarios of every claim and world."""
    return [cell for claim in claims.claims for world in WORLDS for cell in claim.cells(world)]


def _identity(scenario: Scenario) -> tuple[str, str]:
    """Return what two scenarios share if they run alike."""
    return world_digest(scenario), treatment_digest(scenario)


def _judged(pair: list[Float], asked: tuple[str, ...], names: tuple[str, ...]) -> tuple[Finding, ...]:
    """Return the findings on the indicators of one claim, asked together."""
    chosen = chosen_indicators(asked)
    columns = [names.index(item.name) for item in chosen]
    values = {who: numbers[:, columns] for who, numbers in zip(("baseline", "policy"), pair, strict=True)}
    acts = not np.array_equal(pair[0], pair[1], equal_nan=True)
    return find(values, chosen, {"policy": acts})


def _search(
    claim: Claim,
    claims: Claims,
    findings: dict[tuple[str, str], tuple[Finding, ...]],
    playing: _Playing,
) -> tuple[TurningPoint, int]:
    """Return where the answer to a claim turns between its main and reverse world, and failed runs."""
    failed = 0
    ends = {0.0: findings[claim.name, "main"][0], 1.0: findings[claim.name, "reverse"][0]}

    def answer(share: float) -> int:
        nonlocal failed
        if share in ends:
            return ends[share].verdict.direction
        pair = [
            between(main, reverse, share)
            for main, reverse in zip(claim.worlds["main"], claim.worlds["reverse"], strict=True)
        ]
        cells = (Cell("baseline", pair[0]), Cell("policy", pair[1]))
        label = f"claims-{claim.name}-turning-{share:g}"
        read = {claims.path: claims.digest}
        batch = Batch(cells, claims.seed, claims.search_runs, label=label, files=read)
        result = playing.played(batch)
        failed += len(result.failed)
        values = indicators_by_run(result, (claim.headline,))
        found = find(values, chosen_indicators([claim.headline]), {"policy": True})
        return found[0].verdict.direction

    return seek(answer, claims.halvings), failed
