"""How the run that is shown stands among runs that differ from it in luck alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median, median_low
from typing import TYPE_CHECKING, Any

from deftrade.core.wording import counted, listed, number, ordinal
from deftrade.results.indicators import INDICATORS, measure

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from deftrade.results.indicators import Indicator
    from deftrade.results.run import Kept
    from deftrade.scenario.resolved import Scenario

USUAL = 7
"""Further runs of a scenario that is soon played, where nobody says how many."""

SOON = 5_000
"""States times steps up to which a scenario is soon played."""


@dataclass(frozen=True)
class Luck:
    """Further runs of a scenario, each with a seed of its own.

    Parameters
    ----------
    asked : int
        How many were asked for.
    seeds : tuple of int
        Seeds of those that came to their end, by run.
    runs : tuple of int
        Their run indices; run ``k`` is that of an ensemble with the seed of the run that is shown.
    values : tuple of mapping of str to float
        Every indicator of each.
    """

    asked: int = 0
    runs: tuple[int, ...] = ()
    seeds: tuple[int, ...] = ()
    values: tuple[Mapping[str, float], ...] = field(default=(), repr=False)

    @property
    def size(self) -> int:
        """Number of runs that are compared, the one that is shown among them."""
        return len(self.runs) + 1


NO_LUCK = Luck()
"""Nothing but the run that is shown."""


@dataclass(frozen=True)
class Standing:
    """One indicator of the run that is shown, among all runs.

    Parameters
    ----------
    item : Indicator
        Which.
    shown : float
        Its value in the run that is shown.
    median, lowest, highest : float
        Of all runs; the median of a count is the lower of the two middle ones.
    rank, last_rank : int
        First and last place from below that the run that is shown has; they differ where runs are alike.
    size : int
        Number of runs.
    """

    item: Indicator
    shown: float
    median: float
    lowest: float
    highest: float
    rank: int
    last_rank: int
    size: int

    @property
    def place(self) -> str:
        """The rank in words, such as ``3rd of 8 from below``."""
        if self.last_rank - self.rank + 1 == self.size:
            return f"all {self.size} alike"
        first = ordinal(self.rank)
        to = f" to {ordinal(self.last_rank)}" if self.last_rank > self.rank else ""
        return f"{first}{to} of {self.size} from below"


def usual_luck(scenario: Scenario) -> int:
    """Return how many further runs are played where nobody says."""
    size = len(scenario.world.names.states) * scenario.calendar.steps
    return USUAL if size <= SOON else 0


def standings(results: Kept, luck: Luck) -> Iterator[Standing]:
    """Yield how every indicator of a run stands among the runs; nothing where there are no others."""
    if luck.size == 1:
        return
    for item, shown in measure(results):
        values = sorted([shown, *(each[item.name] for each in luck.values)])
        below = sum(value < shown for value in values)
        middle = median_low if item.unit == "count" else median
        yield Standing(
            item, shown, float(middle(values)), values[0], values[-1],
            below + 1, below + values.count(shown), len(values),
        )  # fmt: skip


def extremes(results: Kept, luck: Luck) -> str:
    """Return in which main indicators the run that is shown is the lowest or highest, as a sentence."""
    found = [each for each in standings(results, luck) if each.item.headline]
    lowest = [each.item.title for each in found if each.last_rank == 1]
    highest = [each.item.title for each in found if each.rank == each.size]
    ways = [f"{way} in {listed(names)}" for way, names in (("lowest", lowest), ("highest", highest)) if names]
    where = " and ".join(ways) if ways else "in no main indicator the lowest or the highest"
    failed = luck.asked - len(luck.runs)
    lost = f"Of {counted(luck.asked, 'further run')} {number(failed, 1)} failed." if failed else ""
    told = f"Among {luck.size} runs that differ in luck alone this one is {where}." if luck.runs else ""
    return f"{told} {lost}".strip()


def luck_tables(results: Kept, luck: Luck) -> dict[str, pa.Table]:
    """Return the tables of the further runs by name: how the run stands, and every value."""
    if luck.size == 1:
        return {}
    ranks = [
        {
            "indicator": each.item.name,
            "shown": each.shown,
            "median": each.median,
            "lowest": each.lowest,
            "highest": each.highest,
            "rank": each.rank,
            "last_rank": each.last_rank,
            "runs": each.size,
            "unit": each.item.unit,
            "scope": each.item.scope,
            "meaning": each.item.meaning,
        }
        for each in standings(results, luck)
    ]
    values = [
        {"run": run, "seed": seed, "indicator": item.name, "value": found[item.name], "unit": item.unit}
        for run, seed, found in zip(luck.runs, luck.seeds, luck.values, strict=True)
        for item in INDICATORS
    ]
    return {"ranks": _table("ranks", ranks), "runs": _table("runs", values)}


_MEANINGS = {
    "indicator": ("identity", "Indicator"),
    "shown": ("index", "Its value in the run that is shown, in its unit"),
    "median": ("index", "Median of all runs; of a count the lower of the two middle ones"),
    "lowest": ("index", "Lowest of all runs"),
    "highest": ("index", "Highest of all runs"),
    "rank": ("index", "First place from below of the run that is shown"),
    "last_rank": ("index", "Last place from below of the run that is shown: another where runs are alike"),
    "runs": ("index", "Number of runs, the one that is shown among them"),
    "unit": ("identity", "Unit of the indicator"),
    "scope": ("identity", "Focus state or world"),
    "meaning": ("identity", "What the indicator is"),
    "run": ("identity", "Run index: the same run as in an ensemble with the seed of the run that is shown"),
    "seed": ("identity", "The run's luck"),
    "value": ("index", "The indicator's value, in its unit"),
}
"""Kind and meaning of every column of the tables."""


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows as a table that says what its columns are."""
    import pyarrow as pa

    plain = pa.Table.from_pylist(rows)
    fields = []
    for each in plain.schema:
        kind, meaning = _MEANINGS[each.name]
        notes = {"unit": "", "kind": kind, "meaning": meaning, "aggregation": "last"}
        fields.append(each.with_metadata(notes))
    return plain.cast(pa.schema(fields, metadata={"table": name}))
