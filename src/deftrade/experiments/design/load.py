"""Load an experiment: its file, the scenarios that it names and its factors; every fault at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from deftrade.errors import Fault, ScenarioError
from deftrade.experiments.design.design import MOST_POINTS, morris_problem, size
from deftrade.experiments.design.experiment import BASELINE, Experiment, Goal
from deftrade.experiments.design.feasible import infeasible
from deftrade.experiments.design.read import read_factors, read_goals
from deftrade.experiments.design.schema import ExperimentFile
from deftrade.results.indicators import INDICATORS
from deftrade.scenario.digests import world_digest
from deftrade.scenario.faults import Located, translate
from deftrade.scenario.load import SCENARIO_FILE, load
from deftrade.scenario.yaml import text
from deftrade.scenario.yaml.files import is_there
from deftrade.scenario.yaml.nearest import nearest

if TYPE_CHECKING:
    from deftrade.experiments.design.factors import Factor
    from deftrade.scenario.resolved import Scenario
    from deftrade.scenario.yaml.places import KeyPath
    from deftrade.scenario.yaml.text import Document

POLICY, SCENARIO = "policy", "scenario"
"""What the only scenario is called in tables: with a baseline, and without."""
_HEADINGS = ("scenario", "policies", "baseline", "years", "design", "points", "runs", "seed", "title",
             "indicators", "goals")  # fmt: skip
_TELLING = ("deftrade_experiment", "scenario", "policies", "factors")
"""Keys by which a file is known for an experiment."""
_SAMPLED = ("lhs", "sobol", "morris")


def load_experiment(path: str | Path) -> Experiment:
    """Read an experiment file and the scenarios that it names.

    Parameters
    ----------
    path : str or Path
        The file, ``deftrade_experiment: 1``.

    Raises
    ------
    ScenarioError
        With every fault found in all files.
    """
    where = Path(path)
    return _Loader(text.read(where, keys=_TELLING)).experiment(where.stem)


def kind_of(path: str | Path) -> str:
    """Return what a file says that it is, as far as it can be read.

    Returns
    -------
    str
        ``experiment``, ``claims``, or ``scenario`` where it says neither.
    """
    where = Path(path)
    document = text.scan(where)[0] if where.is_file() else None
    keys = document.root.entries if document is not None else {}
    return next((kind for kind in ("experiment", "claims") if f"deftrade_{kind}" in keys), "scenario")


@dataclass
class _Loader:
    """Carries an experiment from plain data to a resolved one and collects faults on the way."""

    document: Document
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data: dict[str, Any] = self.document.data
        for key in _HEADINGS:
            if self.data.get(key, ...) is None:
                del self.data[key]  # a heading without anything under it says nothing
        self.located = Located(self.document.places)

    def experiment(self, name: str) -> Experiment:
        """Return the experiment; raise the file's faults, all at once, if there are any."""
        file = self._validate()
        policies = self._policies()
        baseline = self._scenario(("baseline",), self.data.get("baseline"))
        self._same_worlds(policies, baseline)
        goals, faults = read_goals(self.data.get("goals"), self.located)
        self.faults += faults
        factors = self._factors(policies)
        self._check_design(factors)
        self._check_indicators()
        if self.faults or file is None:
            raise ScenarioError(self.faults)
        experiment = Experiment(
            name=name,
            title=file.title or name,
            policies=policies,
            baseline=baseline,
            factors=factors,
            design=file.design,
            points=file.points or 1,
            runs=file.runs,
            seed=file.seed,
            indicators=_indicators(file.indicators, goals),
            goals=goals,
            files=self._files([*policies.values(), *([baseline] if baseline else [])]),
        )
        self._check_points(experiment)
        return experiment

    def _validate(self) -> ExperimentFile | None:
        """Return the validated file, or none after noting its faults."""
        try:
            return ExperimentFile.model_validate(self.data)
        except ValidationError as error:
            self.faults += translate(error, ExperimentFile, self.located)
            return None

    def _policies(self) -> dict[str, Scenario]:
        """Return the scenarios that are varied, by name."""
        one, many = self.data.get("scenario"), self.data.get("policies")
        if (one is None) == (many is None):
            problem = "an experiment names one scenario:, or several under policies:"
            self.faults.append(self.located.fault(("scenario",) if one else (), problem, key=True))
        if many is not None:
            return self._many(many)
        scenario = self._scenario(("scenario",), one)
        name = POLICY if "baseline" in self.data else SCENARIO
        return {name: scenario} if scenario else {}

    def _many(self, raw: object) -> dict[str, Scenario]:
        """Return the scenarios under ``policies``."""
        entries = raw if isinstance(raw, dict) else {}
        if isinstance(raw, dict) and not raw:
            self.faults.append(self.located.fault(("policies",), "at least one policy belongs here"))
        if BASELINE in entries and "baseline" in self.data:
            problem = "this name is taken by baseline:; call the policy something else"
            self.faults.append(self.located.fault(("policies", BASELINE), problem, key=True))
        read = {name: self._scenario(("policies", name), file) for name, file in entries.items()}
        return {name: scenario for name, scenario in read.items() if scenario}

    def _scenario(self, path: KeyPath, raw: object) -> Scenario | None:
        """Return a scenario that the file names, cut to its years; none after noting its faults."""
        if not isinstance(raw, str) or not raw:
            return None
        where = self.document.source.path.parent / raw
        if not is_there(where):
            siblings = [one.name for one in where.parent.glob("*.yaml")] if is_there(where.parent) else []
            problem = f"no such scenario file: {raw}"
            near = nearest(where.name, siblings)
            self.faults.append(self.located.at(path).fault(problem, path=path, nearest=near))
            return None
        if where.is_dir() and not (where / SCENARIO_FILE).is_file():
            problem = f"this folder holds no {SCENARIO_FILE}"
            self.faults.append(self.located.fault(path, problem, found=raw))
            return None
        try:
            scenario = load(where)
        except ScenarioError as error:
            self.faults += error.faults
            return None
        return self._cut(scenario)

    def _cut(self, scenario: Scenario) -> Scenario:
        """Return a scenario cut to the experiment's years, noting if it is shorter."""
        years = self.data.get("years")
        if not isinstance(years, int) or isinstance(years, bool) or years < 1:
            return scenario
        longest = scenario.calendar.end - scenario.calendar.start
        if years > longest:
            problem = f"the scenario {scenario.name} is shorter than this"
            found, allowed = str(years), f"1 to {longest}"
            self.faults.append(self.located.fault(("years",), problem, found=found, allowed=allowed))
            return scenario
        return scenario.with_years(years)

    def _same_worlds(self, policies: dict[str, Scenario], baseline: Scenario | None) -> None:
        """Note scenarios that are not of the same world: differences would mean nothing."""
        digests: dict[KeyPath, str] = {
            ("policies", name): world_digest(one) for name, one in policies.items()
        }
        if baseline:
            digests[("baseline",)] = world_digest(baseline)
        first = next(iter(digests.values()), "")
        for path, digest in digests.items():
            if digest != first:
                problem = "this scenario has another world, so outcomes cannot be compared"
                allowed = "scenarios whose world, time and parameters are the same; see deftrade diff"
                self.faults.append(self.located.fault(path, problem, allowed=allowed))

    def _factors(self, policies: dict[str, Scenario]) -> tuple[Factor, ...]:
        """Return the factors, as far as they can be read."""
        raw = self.data.get("factors")
        if isinstance(raw, dict) and not raw:
            self.faults.append(self.located.fault(("factors",), "at least one factor belongs here"))
        if not policies:
            return ()  # names cannot be checked without a world
        factors, faults = read_factors(raw, next(iter(policies.values())), self.located)
        self.faults += faults
        return factors

    def _check_design(self, factors: tuple[Factor, ...]) -> None:
        """Note a size that does not fit the design."""
        design, points = self.data.get("design", "lhs"), self.data.get("points")
        is_ranged = any(not factor.levels for factor in factors)
        if points is None and (design in _SAMPLED or (design == "grid" and is_ranged)):
            problem = f"a design {design} needs points:, its size"
            self.faults.append(self.located.fault(("points",), problem))
            return
        if design == "morris" and (problem := morris_problem(factors)):
            self.faults.append(self.located.fault(("design",), problem))
        if isinstance(points, int) and not isinstance(points, bool):
            self._check_points_fit(design, points, factors)

    def _check_points_fit(self, design: object, points: int, factors: tuple[Factor, ...]) -> None:
        """Note a size that the design cannot have."""
        is_ranged = any(not factor.levels for factor in factors)
        if design == "sobol" and points & (points - 1):
            below = 1 << (points.bit_length() - 1)
            problem = "a Sobol sequence is balanced at powers of two only"
            allowed = f"{below} or {2 * below}"
            self.faults.append(self.located.fault(("points",), problem, found=str(points), allowed=allowed))
        if design == "grid" and is_ranged and points < 2:
            problem = "a grid needs both ends of a range"
            self.faults.append(
                self.located.fault(("points",), problem, found=str(points), allowed="2 or more")
            )
        count = size(str(design), factors, points) if factors else 0
        if count > MOST_POINTS:
            problem = f"the design has {count} points"
            allowed = f"at most {MOST_POINTS}; lhs and sobol need fewer than a grid"
            self.faults.append(self.located.fault(("points",), problem, allowed=allowed))

    def _check_indicators(self) -> None:
        """Note a fault where no indicator is asked for."""
        if not self.data.get("indicators") and not self.data.get("goals"):
            problem = "name what to look at: indicators:, or goals: with thresholds"
            names = tuple(indicator.name for indicator in INDICATORS)
            path: KeyPath = ("indicators",) if "indicators" in self.data else ()
            self.faults.append(self.located.fault(path, problem, allowed=names))

    def _check_points(self, experiment: Experiment) -> None:
        """Refuse a design with a point that no scenario file could hold."""
        problem = infeasible(experiment, experiment.lay_out())
        if problem:
            path: KeyPath = ("factors",)
            raise ScenarioError([self.located.fault(path, problem, key=True, allowed="narrower ranges")])

    def _files(self, scenarios: list[Scenario]) -> dict[Path, str]:
        """Return all files that were read, with their hashes."""
        source = self.document.source
        return {source.path: source.sha256} | {
            path: digest for scenario in scenarios for path, digest in scenario.files.items()
        }


def _indicators(named: list[str] | None, goals: tuple[Goal, ...]) -> tuple[str, ...]:
    """Return the names of all indicators that are looked at, those with goals included."""
    return tuple(dict.fromkeys([*(named or ()), *(goal.indicator for goal in goals)]))
