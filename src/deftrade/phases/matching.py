"""Who may answer a tender: exporter states, and which of their lines they put forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.arrays import by_key, cells, ratio, spread_evenly
from deftrade.tables.codes import LicenceStatus, TenderStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deftrade.world import World

    Float = NDArray[np.float64]
    Int = NDArray[np.int64]
    Bool = NDArray[np.bool_]


class Houses(NamedTuple):
    """Pairs of category and home state with active lines, sorted by category.

    ``row[category, state]`` is a pair's number, -1 where there is none; its lines stand in ``line``
    from ``start`` to ``stop``, and ``reach`` cumulates their weights, with a leading zero. ``barred``
    holds tender and exporter, as one number, where a licence was refused for an open tender.
    """

    row: Int
    state: Int
    first: Int
    many: Int
    line: Int
    start: Int
    stop: Int
    reach: Float
    barred: Int


class Match(NamedTuple):
    """Candidate offers: tender, exporter and the exporter's line, all ``(candidates,)``."""

    tender: Int
    exporter: Int
    line: Int

    def only(self, keep: Bool) -> Match:
        """Return the candidates that ``keep`` marks."""
        return Match(self.tender[keep], self.exporter[keep], self.line[keep])


def find_houses(world: World) -> Houses:
    """Return who makes what."""
    lines, size, kinds = world.lines, len(world.states), len(world.categories)
    active = np.flatnonzero(lines.is_active)
    key = lines.category[active] * size + lines.home[active]
    order = by_key(key, lines.uid[active])
    active, key = active[order], key[order]
    pairs, start, count = np.unique(key, return_index=True, return_counts=True)
    row = np.full(kinds * size, -1)
    row[pairs] = np.arange(len(pairs))
    many = np.bincount(pairs // size, minlength=kinds)
    weight = lines.capacity[active] / (1 + ratio(lines.backlog[active], lines.capacity[active]))
    # A sanctioned firm is not put forward while a sister line is free.
    free = world.firms.sanction_years[lines.firm[active]] <= 0
    pair = np.repeat(np.arange(len(pairs)), count)
    has_free = np.bincount(pair[free], minlength=len(pairs))[pair] > 0
    reach = np.concatenate(([0.0], np.cumsum(np.where(free | ~has_free, weight, 0.0))))
    first = np.cumsum(many) - many
    return Houses(
        row.reshape(kinds, size),
        pairs % size,
        first,
        many,
        active,
        start,
        start + count,
        reach,
        _barred(world),
    )


def match_all(world: World, houses: Houses, tender: Int) -> Match:
    """Pair tenders with every state that has a line in their category."""
    category = world.tenders.category[tender]
    group, place = spread_evenly(houses.many[category])
    pair = houses.first[category[group]] + place
    return _drop_refused(world, houses, _choose_lines(world, houses, tender[group], pair))


def match_skilled(world: World, houses: Houses, tender: Int, overhaul_rung: float) -> Match:
    """Pair support tenders with the maker, the holder, and skilled operators of the same type."""
    tenders, fleets, states = world.tenders, world.fleets, world.states
    size, kinds = len(states), len(world.categories)
    wanted = tenders.fleet[tender]
    origin, category, buyer = fleets.origin[wanted], fleets.category[wanted], fleets.holder[wanted]
    rows = np.flatnonzero(
        (cells(houses.row, fleets.category, fleets.holder) >= 0)
        & (cells(states.rung, fleets.holder, fleets.category) >= overhaul_rung)
        & (fleets.holder != fleets.origin)
        & (fleets.volume > 0)
    )
    key = fleets.category[rows] * size + fleets.origin[rows]
    rows = rows[by_key(key, fleets.uid[rows])]
    many = np.bincount(key, minlength=kinds * size)
    first = np.cumsum(many) - many
    mine = category * size + origin
    group, place = spread_evenly(many[mine])
    operator = fleets.holder[rows[first[mine[group]] + place]]
    third = operator != buyer[group]
    able = (states.rung[buyer, category] >= overhaul_rung) & (buyer != origin)
    everyone = np.concatenate((tender, tender[able], tender[group[third]]))
    state = np.concatenate((origin, buyer[able], operator[third]))
    pair = houses.row[tenders.category[everyone], state]
    made = pair >= 0
    return _drop_refused(world, houses, _choose_lines(world, houses, everyone[made], pair[made]))


def _choose_lines(world: World, houses: Houses, tender: Int, pair: Int) -> Match:
    """Draw which of its lines a state puts forward, by free capacity.

    The draw is keyed by tender and state: more brands give a state no second ticket.
    """
    exporter = houses.state[pair]
    draw = world.luck.uniform("bidding.line", world.tenders.uid[tender], world.states.uid[exporter])
    start, stop = houses.start[pair], houses.stop[pair]
    low, high = houses.reach[start], houses.reach[stop]
    place = np.searchsorted(houses.reach, low + draw * (high - low), side="right") - 1
    return Match(tender, exporter, houses.line[place.clip(start, stop - 1)])


def _barred(world: World) -> Int:
    """Return tender and exporter of refused applications for open tenders, as one number each."""
    applications = world.applications
    refused = np.flatnonzero(applications.status == LicenceStatus.REFUSED)
    tender = applications.tender[refused]
    current = world.tenders.status[tender] == TenderStatus.OPEN
    return tender[current] * len(world.states) + applications.exporter[refused[current]]


def _drop_refused(world: World, houses: Houses, match: Match) -> Match:
    """Leave out exporters that were refused a licence for the same tender, which is open."""
    again = world.tenders.refusals[match.tender] > 0
    if not again.any():
        return match
    keys = match.tender[again] * len(world.states) + match.exporter[again]
    keep = ~again
    keep[again] = ~np.isin(keys, houses.barred)
    return match.only(keep)
