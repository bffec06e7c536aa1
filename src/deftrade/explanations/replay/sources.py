"""What is explained: a run in a folder or in memory, checked before anything is said about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deftrade.errors import ExplanationError
from deftrade.files import manifests
from deftrade.files.hashing import code_digest
from deftrade.files.locking import NAME as LOCK
from deftrade.files.tables import find_table, read_rows
from deftrade.phases import ORDER
from deftrade.results.results import Results
from deftrade.scenario.describing import treatment_digest, world_digest
from deftrade.scenario.load import load
from deftrade.simulation import simulate

if TYPE_CHECKING:
    import pandas as pd

    from deftrade.core.phase import Phase
    from deftrade.scenario.resolved import Scenario


@dataclass(frozen=True)
class Source:
    """A run that can be replayed.

    Parameters
    ----------
    scenario : Scenario
        What was run.
    digests : dict of str to str
        Pulse of the world at the opening and after every year, as recorded.
    label : str
        What it is called in sentences.
    folder : Path or None
        Where its result stands; None for a run in memory.
    results : Results or None
        The run in memory.
    order : tuple of Phase
        The phases of a step: a run in memory may have had others than the model's.
    """

    scenario: Scenario
    digests: dict[str, str]
    label: str
    folder: Path | None = None
    results: Results | None = None
    order: tuple[Phase, ...] = ORDER
    _frames: dict[str, pd.DataFrame] = field(default_factory=dict)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a record table of the run, such as ``contracts``; rows stand by number."""
        if name not in self._frames:
            self._frames[name] = self._read(name)
        return self._frames[name]

    def _read(self, name: str) -> pd.DataFrame:
        """Return a table from memory or from the folder."""
        if self.results is not None:
            return self.results.to_frame(name)
        place = self.folder or Path()
        file = find_table(place, name)
        if file is None:
            raise ExplanationError(f"{place} holds no table {name}")
        return read_rows(file, name, is_wordy=True)

    @cached_property
    def steps(self) -> dict[str, int]:
        """Step by its label; the step of what has no date is missing."""
        calendar = self.scenario.calendar
        return {calendar.label(step): step for step in range(calendar.steps)}

    def step_of(self, label: Any) -> int:
        """Return the step of a label; -1 if it lies before the opening or is empty."""
        return self.steps.get(str(label), -1)

    @cached_property
    def saved_states(self) -> dict[int, Path]:
        """Saved states of the result by steps completed."""
        if self.folder is None:
            return {}
        return {
            self.steps[path.stem]: path
            for path in sorted((self.folder / "states").glob("*.npz"))
            if path.stem in self.steps
        }


def open_source(run: Source | Results | Path | str) -> Source:
    """Return a run to be explained; one in years as the run in quarters that it is.

    Parameters
    ----------
    run : Source, Results, Path or str
        A run in memory or the folder of its result.

    Raises
    ------
    OutputError
        The folder holds no result.
    ExplanationError
        The result was changed since, or other code made it: no replay would be exact.
    """
    if isinstance(run, Source):
        return run
    source = _from_memory(run) if isinstance(run, Results) else _from_folder(Path(run))
    return _in_quarters(source) if source.scenario.calendar.step == "year" else source


def _from_memory(results: Results) -> Source:
    run = results.run
    return Source(run.scenario, dict(run.digests), run.scenario.name, results=results, order=run.order)


def _in_quarters(source: Source) -> Source:
    """Return a run in years as the same run in quarters: only there does each decision have its date."""
    calendar = replace(source.scenario.calendar, step="quarter")
    scenario = replace(source.scenario, calendar=calendar)
    results = simulate(scenario, order=source.order)
    if list(results.run.digests.values()) != list(source.digests.values()):
        raise ExplanationError(f"the replay of {source.label} in quarters is not the run that was recorded")
    return Source(scenario, results.run.digests, source.label, results=results, order=source.order)


def _from_folder(folder: Path) -> Source:
    """Return the run whose result stands in a folder, whole and made by this code."""
    data = manifests.read(folder)
    broken = manifests.damages(folder, data)
    if broken:
        more = f" and {len(broken) - 1} more" if len(broken) > 1 else ""
        raise ExplanationError(
            f"{folder} is not as it was written: {broken[0]}{more};"
            f" `deftrade verify {folder}` lists everything, a run anew mends it"
        )
    if data["code"] != code_digest():
        raise ExplanationError(
            f"{folder} was made by other code (deftrade {data['deftrade']}, digest {data['code'][:12]},"
            f" here {code_digest()[:12]}): a replay would not be exact;"
            f" `deftrade reproduce {folder}` says what to install"
        )
    scenario = load(folder / LOCK)
    found = {"world": world_digest(scenario), "treatment": treatment_digest(scenario)}
    if found != data["digests"]:
        raise ExplanationError(f"{folder / LOCK} does not hold the scenario of the manifest")
    return Source(scenario, data["world_digests"], data["scenario"]["name"], folder)
