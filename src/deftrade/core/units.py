"""Units: the closed list, how each is written in a scenario, and how it is read in a text."""

from __future__ import annotations

from typing import NamedTuple


class Reading(NamedTuple):
    """How a quantity of some unit is read: factor, unit of levels, unit of differences."""

    factor: float
    level: str
    difference: str


class Unit(NamedTuple):
    """A unit with an example of what may be written, its name in a fault, and how it is read."""

    name: str
    example: str
    wanted: str
    reading: Reading


def _unit(name: str, example: str, wanted: str = "", reading: Reading | None = None) -> Unit:
    """Return a unit that goes by its own name wherever no other is given."""
    return Unit(name, example, wanted or name, reading or Reading(1.0, name, name))


_BARE = Reading(1.0, "", "")

UNITS = {
    unit.name: unit
    for unit in (
        _unit("1", "a number such as 0.5 or 50%", "a plain number", _BARE),
        _unit("share", "a share such as 0.5 or 50%", "a share", Reading(100.0, "%", "points")),
        _unit("1/yr", "a yearly rate such as 0.035 or 3.5%/yr", "a yearly rate"),
        _unit(
            "MUSD",
            "an amount such as 300 (million USD), 300 m USD or 2.5 bn USD",
            reading=Reading(1.0, "m USD", "m USD"),
        ),
        _unit(
            "MUSD/yr",
            "a yearly amount such as 300 (million USD) or 2.5 bn USD/yr",
            reading=Reading(1.0, "m USD a year", "m USD a year"),
        ),
        _unit("MUSD/job", "money per job such as 0.2 (million USD) or 200 k USD/job"),
        _unit("MUSD/CU", "money per unit of volume such as 30 (million USD) or 30 m USD/CU"),
        _unit("CU", "volume such as 12 or 12 CU (what a million USD buys at quality 1)"),
        _unit("CU/yr", "volume a year such as 12 or 12 CU/yr"),
        _unit("count/CU", "a count per unit of volume such as 3"),
        _unit("CE", "capability such as 12 or 12 CE (what a CU of quality 1 can do)"),
        _unit("jobs", "jobs such as 1500 or 1 500 jobs", reading=_BARE),
        _unit("jobs/MUSD", "jobs per million USD such as 5 or 5 jobs/MUSD"),
        _unit("year", "years such as 5, 5 years or 6 months", "years"),
        _unit("km", "a distance such as 300 or 300 km"),
        _unit("count", "a count such as 12", reading=_BARE),
        _unit("step", "steps such as 4"),
        _unit("id", "a whole number"),
    )
}
"""The closed list of units. MUSD is a million dollars of the price year; CU is volume, CE capability."""


def unit_of(unit: str) -> Reading:
    """Return how a unit is read; shares are read in per cent and differ by percentage points."""
    return UNITS[unit].reading if unit in UNITS else Reading(1.0, unit, unit)
