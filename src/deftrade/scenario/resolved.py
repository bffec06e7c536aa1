"""A scenario with every value resolved: what the loader makes and the simulation takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.dates import Calendar
from deftrade.core.tables import FLOWS, SERIES
from deftrade.errors import Fault, ScenarioError
from deftrade.phases import Params
from deftrade.scenario.shipped import shipped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.core.table import Column
    from deftrade.core.world import Names
    from deftrade.errors import Fault
    from deftrade.scenario.events.kinds import Event


@dataclass(frozen=True)
class WorldSpec:
    """What is: entities and their opening values.

    Parameters
    ----------
    names : Names
        Row names of states, categories, firms, lines and alliances.
    values : mapping of Column to array
        Opening value of every ``given`` and ``lever`` column, with the column's full shape:
        ``(rows, *axes)``.
    firm_home : (firms,) int
        State of each firm.
    line_firm, line_category, line_design : (lines,) int
        Owner, category and licence origin (-1 own design) of each line.
    line_quality : (lines,) float
        Quality; nan takes the home state's know-how.
    line_weight : (lines,) float
        Size relative to the other lines of the same category and home state.
    component_source : (lines, 3) int
        States that make foreign components, -1 none.
    component_share : (lines, 3) float
        Their shares of cost.
    alliance_kind : (alliances,) int
        Codes of `AllianceKind`.
    alliance_member : (alliances, states) bool
        Membership.
    seed : int
        Seed of the world's own luck: generated entities, and the opening equilibrium unless the
        scenario draws another one.
    """

    names: Names
    values: dict[Column[Any], NDArray[Any]]
    firm_home: NDArray[np.int64]
    line_firm: NDArray[np.int64]
    line_category: NDArray[np.int64]
    line_design: NDArray[np.int64]
    line_quality: NDArray[np.float64]
    line_weight: NDArray[np.float64]
    component_source: NDArray[np.int64]
    component_share: NDArray[np.float64]
    alliance_kind: NDArray[np.int64]
    alliance_member: NDArray[np.bool_]
    seed: int = 0


@dataclass(frozen=True)
class Setting:
    """One value that policy gives a lever from a date on.

    Parameters
    ----------
    column : Column
        The lever.
    index : tuple of int
        Row, then the place on each further axis; fewer numbers than axes set all the rest.
    year : float
        Decimal year from which it holds; minus infinity means from the start.
    value : float
        The value, in the column's unit.
    """

    column: Column[Any]
    index: tuple[int, ...]
    year: float
    value: float


@dataclass(frozen=True)
class Outputs:
    """What is kept.

    Parameters
    ----------
    series : tuple of str
        Out of ``states``, ``firms``, ``alliances``, ``flows`` and, on request, ``fleets``.
    every : str
        ``step`` keeps every step, ``year`` the last of each year (flows summed).
    focus : str
        State that the indicators and the summary are about; empty takes the first.
    """

    series: tuple[str, ...] = (*SERIES, *FLOWS)
    every: str = "step"
    focus: str = ""


@dataclass(frozen=True)
class Origin:
    """What a scenario was loaded from, so that it can be loaded again with other values.

    Parameters
    ----------
    remake : callable
        From the scenario as it stands and another origin to the scenario of that origin.
    source : Path or mapping
        Its file, or plain data.
    modules : tuple of Path
        Policy modules laid over it.
    settings : tuple of (str, object)
        Single values laid over all of it, by path.
    seed, years : number or None
        Instead of the file's.
    """

    remake: Callable[[Scenario, Origin], Scenario]
    source: Path | Mapping[str, Any]
    modules: tuple[Path, ...] = ()
    settings: tuple[tuple[str, Any], ...] = ()
    seed: int | None = None
    years: float | None = None


@dataclass(frozen=True)
class Scenario:
    """World, treatment (policy and events), parameters, time and outputs of a run.

    Parameters
    ----------
    name, title : str
        Short name (the file's stem) and title.
    calendar : Calendar
        Time axis.
    price_year : int
        Year whose dollars MUSD means.
    seed : int
        The run's luck.
    world : WorldSpec
        What is.
    policy : tuple of Setting
        What someone chooses.
    events : tuple of Event
        What happens.
    params : Params
        Scientific constants.
    outputs : Outputs
        What is kept.
    files : mapping of Path to str
        Files that were read, with the SHA-256 of their bytes.
    opening : int or None
        Seed of the opening equilibrium alone; none takes the world's. It is no part of the world.
    late_policy, late_events : tuple
        What it dates after its end, where it was cut to its first years: no run knows of it, but who
        asks why a policy did nothing may be told.
    origin : Origin or None
        What it was loaded from; none if Python put it together.
    warnings : tuple of Fault
        What is allowed but seldom meant, such as a GDP of 400 without a unit, with its place.
    """

    name: str
    title: str
    calendar: Calendar
    price_year: int
    seed: int
    world: WorldSpec
    policy: tuple[Setting, ...] = ()
    events: tuple[Event, ...] = ()
    params: Params = field(default_factory=Params)
    outputs: Outputs = field(default_factory=Outputs)
    files: dict[Path, str] = field(default_factory=dict)
    opening: int | None = None
    late_policy: tuple[Setting, ...] = ()
    late_events: tuple[Event, ...] = ()
    origin: Origin | None = field(default=None, repr=False, compare=False)
    warnings: tuple[Fault, ...] = field(default=(), compare=False)

    def set(self, path: str, value: Any) -> Scenario:
        """Return the scenario with one value changed, after the same checks as of a file.

        Parameters
        ----------
        path : str
            Dotted path as faults name it, such as ``policy.states.Noor.offset_rate``,
            ``parameters.budgeting.reaction`` or ``world.states.Noor.gdp``. Rows of lists are found by
            name or by number, as in ``events[0]``; names with dots stand in quotes.
        value : object
            Text as files have it, such as ``"30%"``, a number, a mapping of dates, or a list.

        Raises
        ------
        ScenarioError
            With every fault; also if the scenario or its files were changed since it was loaded.

        Examples
        --------
        >>> from deftrade import load
        >>> base = load("scenarios/baseline.yaml")
        >>> bold = base.set("policy.states.Noor.offset_rate", {2027: "30%"})
        """
        origin = self._origin()
        seed = None if path == "seed" else origin.seed
        return origin.remake(self, replace(origin, settings=(*origin.settings, (path, value)), seed=seed))

    def with_policy(self, policy: Mapping[str, Any] | str | Path, name: str = "") -> Scenario:
        """Return the scenario with a policy laid over it, after the same checks as of a file.

        Parameters
        ----------
        policy : mapping, str or Path
            What stands under ``policy:``, such as ``{"states": {"Noor": {"offset_rate": "30%"}}}``; or
            the file (or shipped name) of a policy module, whose name the scenario then has.
        name : str
            What the new scenario is called in comparisons.

        Raises
        ------
        ScenarioError
            As `set`.
        """
        origin = self._origin()
        if isinstance(policy, Mapping):
            again = replace(origin, settings=(*origin.settings, ("policy", policy)))
        else:
            again = replace(origin, modules=(*origin.modules, shipped(policy) or Path(policy)))
        made = origin.remake(self, again)
        return replace(made, name=name) if name else made

    def _origin(self) -> Origin:
        """Return what the scenario was loaded from."""
        if self.origin is None:
            problem = "this scenario was put together in Python; only loaded ones can be changed by a path"
            raise ScenarioError([Fault(self.name, 0, 0, "", problem)])
        return self.origin

    def with_seed(self, seed: int) -> Scenario:
        """Return the scenario with another luck."""
        return replace(self, seed=seed, origin=self.origin and replace(self.origin, seed=seed))

    def with_opening(self, seed: int | None) -> Scenario:
        """Return the scenario with another opening: the same entities, settled by other draws."""
        return replace(self, opening=seed)

    def with_years(self, years: float) -> Scenario:
        """Return the scenario cut to its first years, with what it dates later set aside."""
        end = min(self.calendar.start + int(np.ceil(years)), self.calendar.end)
        late_policy = tuple(setting for setting in self.policy if setting.year >= end)
        late_events = tuple(event for event in self.events if event.year >= end)
        return replace(
            self,
            calendar=replace(self.calendar, end=end),
            policy=tuple(setting for setting in self.policy if setting.year < end),
            events=tuple(event for event in self.events if event.year < end),
            late_policy=(*late_policy, *self.late_policy),
            late_events=(*late_events, *self.late_events),
            origin=self.origin and replace(self.origin, years=years),
        )
