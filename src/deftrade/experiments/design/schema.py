"""The format of experiment files, ``deftrade_experiment: 1``."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from deftrade.experiments.batch.batch import MOST_RUNS
from deftrade.experiments.design.design import DESIGNS, MOST_POINTS
from deftrade.results.indicators import INDICATORS
from deftrade.scenario.schema import LARGEST_SEED, LONGEST
from deftrade.scenario.schema_types import DATE_SCHEMA, NUMBER_PATTERN, Choice, Unfit, Whole, Written
from deftrade.scenario.values import describe

FORMAT = 1
"""Version of the format that this release reads."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": NUMBER_PATTERN}]}
_WORD = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")

# Values are read when the unit of what they set is known.
Raw = Annotated[Any, WithJsonSchema(_NUMBER)]
RawDate = Annotated[Any, WithJsonSchema(DATE_SCHEMA)]


def _format(raw: object) -> int:
    """Return the version of the format, the only one there is."""
    if raw != FORMAT or isinstance(raw, bool):
        raise Unfit("this release reads another version of the experiment format", describe(raw), str(FORMAT))
    return FORMAT


def _file(raw: object) -> str:
    """Return the raw value if it can name a scenario file; refuse anything but text."""
    if not isinstance(raw, str) or not raw:
        raise Unfit("this must be the name of one scenario file, relative to this file", describe(raw))
    return raw


def _text(raw: object) -> str:
    """Return the raw value if it is text; refuse a number or a list."""
    if not isinstance(raw, str):
        raise Unfit("a title must be text; put numbers in quotes", describe(raw))
    return raw


def _word(raw: object) -> str:
    """Return the name of a policy, which also names files."""
    if not isinstance(raw, str) or not _WORD.fullmatch(raw):
        raise Unfit(
            "a policy is called by one word", describe(raw), "small letters, digits and _, at most 40"
        )
    return raw


ScenarioName = Annotated[str, BeforeValidator(_file), WithJsonSchema({"type": "string", "minLength": 1})]
PolicyName = Annotated[
    str, BeforeValidator(_word), WithJsonSchema({"type": "string", "pattern": _WORD.pattern})
]
IndicatorName = Annotated[str, Choice(tuple(indicator.name for indicator in INDICATORS))]


class FactorEntry(Written):
    """Where a factor varies to; with nothing under it, over its declared bounds."""

    range: list[Raw] | None = None
    """Lowest and highest value."""
    levels: list[Raw] | None = None
    """The only values."""
    since: RawDate | None = Field(None, alias="from")
    """Date from which a lever of policy has the value; from the start if absent."""


class GoalEntry(Written):
    """What counts as success in one indicator."""

    at_least: Raw | None = None
    """Lowest value that satisfies; more is better."""
    at_most: Raw | None = None
    """Highest value that satisfies; less is better."""


class ExperimentFile(Written):
    """An experiment of deftrade: scenarios, factors, a design, and what to look at."""

    deftrade_experiment: Annotated[int, BeforeValidator(_format)]
    """Version of the experiment format: 1."""
    title: Annotated[str, BeforeValidator(_text)] = ""
    """Title in tables and figures."""
    scenario: ScenarioName | None = None
    """Scenario that is varied, relative to this file."""
    policies: dict[PolicyName, ScenarioName] | None = None
    """Several scenarios of one world by name, instead of `scenario`."""
    baseline: ScenarioName | None = None
    """Scenario to subtract run by run: outcomes are then paired differences from it."""
    years: Annotated[int, Whole(1, LONGEST)] | None = None
    """Run only the first years."""
    factors: dict[str, FactorEntry | None]
    """What varies, by path."""
    design: Annotated[str, Choice(DESIGNS)] = "lhs"
    """How the space of factors is sampled."""
    points: Annotated[int, Whole(1, MOST_POINTS)] | None = None
    """Levels of each range in a grid, points of lhs and sobol, trajectories of morris."""
    runs: Annotated[int, Whole(1, MOST_RUNS)] = 1
    """Runs per point; run k has the same luck at every point."""
    seed: Annotated[int, Whole(0, LARGEST_SEED)] = 0
    """Luck of the runs and of the design."""
    indicators: list[IndicatorName] | None = None
    """What to look at; those with goals if absent."""
    goals: dict[IndicatorName, GoalEntry] | None = None
    """What counts as success, by indicator."""


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of experiment files, for editors that complete and check."""
    schema = ExperimentFile.model_json_schema(by_alias=True)
    return {"$schema": DIALECT, **schema, "title": "deftrade experiment"}
