"""How large a scenario may be, told at loading: memory is bounded, and its lock file can be read again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from deftrade.core.tables import Alliances, Categories, Dyads, Firms, Lines, States
from deftrade.scenario.lock import lock_values
from deftrade.scenario.yaml.builder import MAX_VALUES

if TYPE_CHECKING:
    from deftrade.errors import Fault
    from deftrade.scenario.faults import Located
    from deftrade.scenario.resolved import Scenario

MOST_STATES = 1000
MOST_FIRMS = 40_000
MOST = {
    States.section: MOST_STATES,
    Firms.section: MOST_FIRMS,
    Alliances.section: 1000,
    Categories.section: 100,
    Lines.section: 5 * MOST_FIRMS,
    Dyads.section: MOST_STATES * (MOST_STATES - 1),
}
"""Most entries of each list of a world."""
_SURE_VALUES = MAX_VALUES // 5
_SURE_SETTINGS = MAX_VALUES // 20


def size_faults(world: dict[str, Any], located: Located) -> Iterator[Fault]:
    """Yield the lists of a world that are longer than memory and time bear."""
    for name, most in MOST.items():
        entries = world.get(name)
        if isinstance(entries, list) and len(entries) > most:
            problem, found = f"a world cannot have as many {name}", f"{len(entries):,}"
            yield located.places.fault(("world", name), problem, found=found, allowed=f"at most {most:,}")


def lock_faults(scenario: Scenario, located: Located) -> Iterator[Fault]:
    """Yield the fault of a scenario that resolves to more than the reader of its lock file takes."""
    few = len(located.places.values) < _SURE_VALUES and len(scenario.policy) < _SURE_SETTINGS
    values = 0 if few else lock_values(scenario)
    if values > MAX_VALUES:
        problem = "policy and events resolve to more keys and values than a lock file holds"
        yield located.places.fault((), problem, found=f"{values:,}", allowed=f"at most {MAX_VALUES:,}")
