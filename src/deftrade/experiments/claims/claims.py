"""Claims: what a policy is said to do, asked in a main, a null and a reverse world.

A claims file (``deftrade_claims: 1``) names for every claim the folder of its scenarios, the indicators
that it speaks of, and how the condition is sought under which its answer turns.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationError

from deftrade.errors import ScenarioError
from deftrade.experiments.batch.replicate import Cell
from deftrade.experiments.compare.fairness import check_comparable
from deftrade.results.indicators import INDICATORS
from deftrade.scenario.changes import changes
from deftrade.scenario.faults import Located, translate
from deftrade.scenario.load import load
from deftrade.scenario.schema import LARGEST_SEED
from deftrade.scenario.schema_types import Choice, Written
from deftrade.scenario.yaml import text
from deftrade.scenario.yaml.files import display, is_there

if TYPE_CHECKING:
    from collections.abc import Callable

    from deftrade.scenario.resolved import Scenario

WORLDS = ("main", "null", "reverse")
"""A claim's worlds: parameters as published; the channel cut; other plausible ones in which it turns."""

_TELLING = ("deftrade_claims", "claims")
"""Keys by which a file is known for one of claims."""
Direction = Literal["up", "down"]
Name = Annotated[str, Choice(tuple(item.name for item in INDICATORS))]
Count = Annotated[int, Field(ge=2, le=100_000)]


class ClaimEntry(Written):
    """One claim."""

    says: str
    """The claim, as people make it."""
    folder: str
    """Folder of its scenarios, relative to the file: ``main.yaml``, ``main_policy.yaml`` and so on."""
    moves: dict[Name, Direction] = Field(min_length=1)
    """Indicators that it is said to move, and which way; the first is its headline."""
    beside: list[Name] = Field(default_factory=list)
    """Indicators told beside them, as price or means."""


class SearchEntry(Written):
    """How the condition is sought under which an answer turns."""

    runs: Count = 10
    """Pairs at each point of the way from the main world's parameters to the reverse world's."""
    halvings: Annotated[int, Field(ge=1, le=10)] = 3
    """How often an interval of that way is halved."""


class ClaimsFile(Written):
    """A file of claims."""

    deftrade_claims: Literal[1]
    """Version of the format."""
    title: str
    """Title."""
    runs: Count
    """Pairs of runs in every world."""
    years: Annotated[int, Field(ge=1)]
    """Years of a run."""
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)]
    """Seed of all runs' seeds."""
    search: SearchEntry = Field(default_factory=SearchEntry)
    """How turning points are sought."""
    claims: dict[str, ClaimEntry] = Field(min_length=1)
    """The claims by name."""


@dataclass(frozen=True)
class Claim:
    """A claim with its scenarios.

    Parameters
    ----------
    name, says : str
        Short name, and the claim in words.
    moves : dict of str to int
        Indicators that it moves, 1 up, -1 down; the first is the headline.
    beside : tuple of str
        Further indicators.
    worlds : dict of str to (Scenario, Scenario)
        For each world the scenario without the policy and with it.
    """

    name: str
    says: str
    moves: dict[str, int]
    beside: tuple[str, ...]
    worlds: dict[str, tuple[Scenario, Scenario]]

    @property
    def headline(self) -> str:
        """The indicator that the claim stands or falls with."""
        return next(iter(self.moves))

    @property
    def indicators(self) -> tuple[str, ...]:
        """All of its indicators, the headline first."""
        return tuple(dict.fromkeys([*self.moves, *self.beside]))

    def cells(self, world: str) -> tuple[Cell, Cell]:
        """Return baseline and policy of a claim in one world, as cells of a batch."""
        without, treated = self.worlds[world]
        return Cell(f"{self.name}.{world}", without), Cell(f"{self.name}.{world}.policy", treated)


@dataclass(frozen=True)
class Claims:
    """A resolved file of claims.

    Parameters
    ----------
    path : Path
        The file.
    digest : str
        SHA-256 of its bytes.
    title : str
        Title.
    runs, years, seed, search_runs, halvings : int
        How they are asked; see `ClaimsFile`.
    claims : tuple of Claim
        The claims.
    """

    path: Path
    digest: str
    title: str
    runs: int
    years: int
    seed: int
    search_runs: int
    halvings: int
    claims: tuple[Claim, ...]


def load_claims(
    path: str | Path, *, runs: int | None = None, years: int | None = None, search_runs: int | None = None
) -> Claims:
    """Read a file of claims with all its scenarios.

    Parameters
    ----------
    path : str or Path
        The file.
    runs, years, search_runs : int, optional
        Instead of the file's.

    Raises
    ------
    ScenarioError
        With the faults of the file, or those of a scenario.
    ExperimentError
        The two scenarios of a world differ in more than policy.
    """
    document = text.read(Path(path), keys=_TELLING)
    located = Located(document.places)
    try:
        file = ClaimsFile.model_validate(document.data)
    except ValidationError as error:
        raise ScenarioError(translate(error, ClaimsFile, located)) from None
    read = partial(load, years=years) if years else partial(_cut, years=file.years, located=located)
    claims = tuple(
        _claim(name, entry, Path(path).parent, located, read) for name, entry in file.claims.items()
    )
    return Claims(
        path=Path(path),
        digest=document.source.sha256,
        title=file.title,
        runs=runs or file.runs,
        years=years or file.years,
        seed=file.seed,
        search_runs=search_runs or file.search.runs,
        halvings=file.search.halvings,
        claims=claims,
    )


def _claim(
    name: str, entry: ClaimEntry, beside: Path, located: Located, read: Callable[[Path], Scenario]
) -> Claim:
    """Return a claim with its scenarios."""
    folder, at = beside / entry.folder, ("claims", name, "folder")
    if not is_there(folder) or not folder.is_dir():
        raise ScenarioError([located.fault(at, "there is no such folder", found=entry.folder)])
    files = [f"{world}{end}.yaml" for world in WORLDS for end in ("", "_policy")]
    if missing := [file for file in files if not (folder / file).is_file()]:
        problem = f"this folder lacks {', '.join(missing)}"
        raise ScenarioError([located.fault(at, problem, found=entry.folder)])
    worlds = {}
    for world in WORLDS:
        worlds[world] = without, treated = (
            read(folder / f"{world}.yaml"),
            read(folder / f"{world}_policy.yaml"),
        )
        check_comparable([Cell(f"{name}/{world}", without), Cell(f"{name}/{world}_policy", treated)])
    moves = {indicator: 1 if direction == "up" else -1 for indicator, direction in entry.moves.items()}
    return Claim(name, entry.says, moves, tuple(entry.beside), worlds)


def _cut(file: Path, *, years: int, located: Located) -> Scenario:
    """Return a scenario cut to the years of the claims' file, whose fault it is if it is shorter."""
    scenario = load(file)
    longest = scenario.calendar.end - scenario.calendar.start
    if years > longest:
        problem = f"the scenario {display(file)} is shorter than this"
        fault = located.fault(("years",), problem, found=str(years), allowed=f"1 to {longest}")
        raise ScenarioError([fault])
    return scenario.with_years(years)


def parameters_apart(one: Scenario, other: Scenario) -> dict[str, tuple[float, float]]:
    """Return the parameters in which two scenarios differ, ``group.name`` to both values."""
    return {
        change.path: (float(change.old), float(change.new))
        for change in changes(one, other)
        if change.kind == "parameter"
    }
