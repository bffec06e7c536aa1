"""Load a scenario: compose, validate, check and resolve; every fault of the files at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from deftrade.core.dates import Calendar
from deftrade.core.tables import POLICY, SECTIONS, Categories
from deftrade.core.world import Names
from deftrade.errors import Fault, ScenarioError
from deftrade.scenario.cautions import cautions
from deftrade.scenario.changes import changes
from deftrade.scenario.check import cross_faults
from deftrade.scenario.compose import Composed, resolve
from deftrade.scenario.faults import Located, translate
from deftrade.scenario.names import gather, name_faults
from deftrade.scenario.old_keys import refuse_replaced, rename
from deftrade.scenario.overlay import DICTIONARY, document_of, overlay
from deftrade.scenario.resolve import (
    axis_names,
    entity_values,
    resolve_parameters,
    resolve_policy,
    resolve_world,
    settle_diagonal,
)
from deftrade.scenario.resolved import Origin, Outputs, Scenario, WorldSpec
from deftrade.scenario.schema import LARGEST_SEED, ScenarioFile, World, given_parameters, mirror
from deftrade.scenario.schema_types import SORTS, Context, Whole
from deftrade.scenario.shipped import located, shipped
from deftrade.scenario.sizes import lock_faults, size_faults
from deftrade.scenario.stability import reaction
from deftrade.scenario.tables.beside import Expansion
from deftrade.scenario.values import InvalidValue
from deftrade.scenario.yaml import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deftrade.scenario.yaml.places import KeyPath
    from deftrade.scenario.yaml.text import Document

SCENARIO_FILE = "scenario.yaml"
"""Name of the scenario in a folder of its own."""
_HEADINGS: tuple[KeyPath, ...] = (
    (),
    ("world",),
    ("policy",),
    *(("policy", section) for section in POLICY),
    ("parameters",),
    ("outputs",),
)
_GENERATED = tuple(section for section in SECTIONS if section != Categories.section)


def load(
    path: str | Path | Mapping[str, Any],
    *,
    seed: int | None = None,
    years: float | None = None,
    modules: Sequence[str | Path] = (),
    settings: Mapping[str, Any] | None = None,
) -> Scenario:
    """Read a scenario with its parents, modules and tables.

    Parameters
    ----------
    path : str, Path or mapping
        Scenario file, or a folder that holds ``scenario.yaml``; or the name of a shipped scenario, such
        as ``crescent_cooperation``, where no such file exists; or what a file would hold as plain data,
        whose parents and tables are sought from the working directory.
    seed : int, optional
        The run's luck instead of the file's; NumPy's whole numbers are welcome.
    years : int, optional
        Cut the scenario to its first years.
    modules : sequence of str or Path
        Policy modules to lay over the scenario; it then has their name.
    settings : mapping of str to object
        Single values to lay over all of it, by path, as `Scenario.set` takes them.

    Returns
    -------
    Scenario
        With every value resolved.

    Raises
    ------
    ScenarioError
        With every fault found in all files.
    """
    source = path if isinstance(path, Mapping) else Path(path)
    added = tuple(shipped(module) or Path(module) for module in modules)
    return _made(Origin(_remade, source, added, tuple((settings or {}).items()), seed, years))


def _made(origin: Origin) -> Scenario:
    """Return the scenario of an origin."""
    seed, years, source = origin.seed, origin.years, origin.source
    if isinstance(source, Mapping):
        where: Path | Document = document_of(source)
        label, own = DICTIONARY, "scenario"
    else:
        in_folder = os.path.isdir(source)  # noqa: PTH112 - a name too long is no folder
        where = source / SCENARIO_FILE if in_folder else located(source)
        label, own = str(where), _name(where)
    over = [overlay(path, value) for path, value in origin.settings]
    name = "+".join(module.stem for module in origin.modules) or own
    scenario = _Loader(resolve(where, origin.modules, over)).scenario(name)
    _check_options(label, scenario, seed, years)
    scenario = replace(scenario, origin=origin)
    if seed is not None:
        scenario = scenario.with_seed(int(seed))
    return scenario if years is None else scenario.with_years(years)


def _remade(now: Scenario, origin: Origin) -> Scenario:
    """Return the scenario of another origin, after checking that the one at hand is that of its own.

    Raises
    ------
    ScenarioError
        It is not: Python or another hand changed the scenario or its files, and that would be lost.
    """
    if now.origin is None or changes(_made(now.origin), now):
        problem = "the scenario or its files were changed since it was loaded; load it again first"
        raise ScenarioError([Fault(now.name, 0, 0, "", problem)])
    return _made(origin)


def _check_options(file: str, scenario: Scenario, seed: int | None, years: float | None) -> None:
    """Refuse a seed or a length that no run can have.

    Raises
    ------
    ScenarioError
        Naming what was asked for and what is allowed.
    """
    faults = []
    if seed is not None and not (_is_whole(seed) and 0 <= seed <= LARGEST_SEED):
        faults.append(
            Fault(file, 0, 0, "seed", "no such seed", repr(seed), "a whole number from 0 to below 2^63")
        )
    longest = scenario.calendar.end - scenario.calendar.start
    if years is not None and not (_is_number(years) and 0 < years <= longest and years == int(years)):
        allowed = f"whole years up to {longest}"
        faults.append(Fault(file, 0, 0, "years", "the run cannot have this length", repr(years), allowed))
    if faults:
        raise ScenarioError(faults)


def _is_whole(raw: object) -> bool:
    """Return whether something is a whole number; true and false are not."""
    return isinstance(raw, int | np.integer) and not isinstance(raw, bool)


def _is_number(raw: object) -> bool:
    """Return whether something is a number that may stand for years."""
    return _is_whole(raw) or isinstance(raw, float | np.floating)


def _name(path: Path) -> str:
    """Return a scenario's short name: its file's, or its folder's."""
    return path.resolve().parent.name if path.name == SCENARIO_FILE else path.stem


@cache
def default_categories() -> tuple[dict[str, Any], ...]:
    """Return the entries of the default categories of equipment."""
    with as_file(files("deftrade.scenario") / "categories.yaml") as path:
        return tuple(text.read(path).data["categories"])


@dataclass
class _Loader:
    """Carries a scenario from plain data to arrays and collects faults on the way.

    Parameters
    ----------
    composed : Composed
        The files, merged.
    faults : list of Fault
        What is wrong so far.
    generated : WorldSpec or None
        The world, if the file asks for a generated one.
    """

    composed: Composed
    faults: list[Fault] = field(default_factory=list)
    generated: WorldSpec | None = None

    def __post_init__(self) -> None:
        self.data = self.composed.data
        self.located = Located(self.composed.places)
        self.tables = Expansion(self.composed, self.located)

    def scenario(self, name: str) -> Scenario:
        """Return the scenario; raise the file's faults, all at once, if there are any."""
        file = self._validate(self._prepare())
        self.faults += cross_faults(self.data, self.located, self.generated)
        if self.faults or file is None:
            raise ScenarioError(self.faults)
        read = {
            given.path: given.sha256 for given in self.composed.inputs if given.sha256
        } | self.tables.files
        world = self.generated or resolve_world(file.world)
        scenario = _assemble(name, file, world, read)
        self._check_stability(scenario)
        too_large = list(lock_faults(scenario, self.located))
        if too_large:
            raise ScenarioError(too_large)
        return replace(scenario, warnings=tuple(cautions(self.data, self.located)))

    def _prepare(self) -> Context:
        """Rename, drop empty headings, read tables, generate; return names and dates."""
        self.faults += rename(self.data, self.located)
        self.faults += refuse_replaced(self.data, self.located)
        for path in _HEADINGS:
            _drop_empty(self.data, path)
        self.tables.expand(self.data)
        self.faults += self.tables.faults
        world = self.data.get("world")
        too_long = list(size_faults(world, self.located)) if isinstance(world, dict) else []
        if too_long:
            raise ScenarioError([*self.faults, *too_long])
        rows = self._names(world) if isinstance(world, dict) else {}
        return Context(rows, *_dates(self.data.get("time")))

    def _names(self, world: dict[str, Any]) -> dict[str, dict[str, int]]:
        """Return the row of every name; sorts that could not be read are left out."""
        if world.get("categories", "default") == "default":
            world["categories"] = [dict(entry) for entry in default_categories()]
        if "generate" in world:
            self._generate(world)
            return _rows(self.generated.names) if self.generated else {}
        if not world.get("states") and ("world", "states") not in self.tables.broken:
            allowed = "a list of states, a table such as {csv: states.csv}, or generate:"
            path: KeyPath = ("world", "states")
            self.faults.append(self.located.fault(path, "the world has no states", allowed=allowed))
        self.faults += name_faults(world, self.located)
        known = gather(world)
        return {sort: rows for sort, rows in known.items() if ("world", sort) not in self.tables.broken}

    def _generate(self, world: dict[str, Any]) -> None:
        """Generate the world that the file describes."""
        from deftrade.scenario.generate.spec import GenerateSpec
        from deftrade.scenario.generate.world import generate_world  # few scenarios need it

        raw = world.pop("generate")
        for key in _GENERATED:
            if world.pop(key, None) is not None:
                problem = "a generated world has its own; remove this or generate:"
                self.faults.append(self.located.fault(("world", key), problem, key=True))
        model = mirror(GenerateSpec)
        seed, categories = _seed(world.get("seed", 0)), self._categories(world)
        try:
            said = model.model_validate({} if raw is None else raw)
            spec = GenerateSpec.model_validate(given_parameters(said))
        except ValidationError as error:
            self.faults += translate(error, model, self.located, ("world", "generate"))
            return
        if categories and seed is not None:
            self.generated = generate_world(spec, seed, *categories)
            settle_diagonal(self.generated.values)

    def _categories(self, world: dict[str, Any]) -> tuple[list[str], dict[Any, Any]] | None:
        """Return names and values of the categories; none if they have faults."""
        checked: Any
        try:
            checked = World.model_validate({"categories": world["categories"]})
        except ValidationError:
            return None  # reported when the whole file is validated
        entries = checked.categories
        names = [entry.name for entry in entries]
        return names, entity_values(Categories, entries, axis_names(Names([], names)))

    def _validate(self, context: Context) -> Any:
        """Return the validated file, or none after noting its faults."""
        try:
            return ScenarioFile.model_validate(self.data, context=context)
        except ValidationError as error:
            self.faults += translate(error, ScenarioFile, self.located)
            return None

    def _check_stability(self, scenario: Scenario) -> None:
        """Refuse a world whose arms races have no end."""
        found = reaction(scenario.world, scenario.params)
        if found.radius < 1:
            return
        problem = (
            "states' reactions to each other have no end: "
            f"the arms race among {', '.join(found.cluster)} feeds itself"
        )
        fault = self.located.fault(
            ("parameters", "budgeting", "reaction"),
            problem,
            found=f"a spectral radius of {found.radius:.3g}",
            allowed="below 1",
        )
        raise ScenarioError([fault])


def _drop_empty(data: Any, path: KeyPath) -> None:
    """Remove headings without anything under them; they say nothing."""
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    if isinstance(data, dict):
        for key in [key for key, value in data.items() if value is None]:
            if key != "generate":  # without anything under it, it asks for the defaults
                del data[key]


def _seed(raw: object) -> int | None:
    """Return a seed, or none: that fault is reported when the whole file is validated."""
    try:
        return Whole(0, LARGEST_SEED).read(raw)
    except InvalidValue:
        return None


def _dates(raw: object) -> tuple[float, float]:
    """Return start and end as far as they can be read; unknown ones are infinite."""
    time = raw if isinstance(raw, dict) else {}
    start, end = time.get("start"), time.get("end")
    if not (isinstance(start, int | float) and isinstance(end, int | float) and start < end):
        return -np.inf, np.inf
    return float(start), float(end)


def _rows(names: Names) -> dict[str, dict[str, int]]:
    """Return the row of every name of a generated world."""
    return {sort: {name: row for row, name in enumerate(getattr(names, sort))} for sort in SORTS}


def _assemble(name: str, file: Any, world: WorldSpec, read: dict[Path, str]) -> Scenario:
    """Return the resolved scenario of a validated file."""
    calendar = Calendar(file.time.start, file.time.end, file.time.step)
    focus = "" if file.outputs.focus is None else world.names.states[file.outputs.focus]
    every = "step" if file.outputs.every == calendar.step else file.outputs.every
    events = sorted((entry.event() for entry in file.events), key=lambda event: event.year)
    return Scenario(
        name=name,
        title=file.title or name,
        calendar=calendar,
        price_year=file.price_year,
        seed=file.seed,
        world=world,
        policy=resolve_policy(file.policy, world.names),
        events=tuple(events),
        params=resolve_parameters(file.parameters),
        outputs=Outputs(tuple(file.outputs.series), every, focus),
        files=read,
    )
