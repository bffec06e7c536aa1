"""Who may answer a tender: exporter states, and which of their lines they put forward."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import at_pairs, by_key, is_among, ratio, spread_evenly
from deftrade.core.tables.codes import LicenceStatus, TenderStatus

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World


_OPEN, _REFUSED = int(TenderStatus.OPEN), int(LicenceStatus.REFUSED)


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
    """Candidate offers: tender, its buyer and category, exporter and its line, all ``(candidates,)``."""

    tender: Int
    buyer: Int
    category: Int
    exporter: Int
    line: Int

    def only(self, keep: Bool | Int) -> Match:
        """Return the candidates that ``keep`` marks or numbers."""
        rows = np.flatnonzero(keep) if keep.dtype == bool else keep
        return Match(*(column.take(rows) for column in self))

    def followed_by(self, other: Match) -> Match:
        """Return these candidates with others after them, in order."""
        return Match(*map(np.concatenate, zip(self, other, strict=True)))


def pair_up(world: World, tender: Int, exporter: Int, line: Int) -> Match:
    """Return candidate offers of exporters and lines for tenders."""
    tenders = world.tenders
    return Match(tender, tenders.buyer[tender], tenders.category[tender], exporter, line)


def find_houses(world: World) -> Houses:
    """Return the active lines, grouped by category and home state."""
    lines, size, kinds = world.lines, len(world.states), len(world.categories)
    active = np.flatnonzero(lines.is_active)
    key = lines.category[active] * size + lines.home[active]
    order = by_key(key, lines.uid[active])
    active, key = active[order], key[order]
    start = np.flatnonzero(np.diff(key, prepend=-1))
    count = np.diff(start, append=len(key))
    pairs = key[start]
    row = np.full(kinds * size, -1)
    row[pairs] = np.arange(len(pairs))
    many = np.bincount(pairs // size, minlength=kinds)
    capacity = lines.capacity[active]
    weight = capacity / (1 + ratio(lines.backlog[active], capacity))
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
    pair = houses.first[category][group] + place
    return _choose_lines(world, houses, tender, group, pair)


def match_skilled(world: World, houses: Houses, tender: Int, overhaul_rung: float) -> Match:
    """Pair support tenders with the maker, the holder, and skilled operators of the same type."""
    tenders, fleets, states = world.tenders, world.fleets, world.states
    size, kinds = len(states), len(world.categories)
    wanted = tenders.fleet[tender]
    origin, category, buyer = fleets.origin[wanted], fleets.category[wanted], fleets.holder[wanted]
    mine = category * size + origin
    rows = np.flatnonzero((fleets.holder != fleets.origin) & (fleets.volume > 0))
    holder, type_ = fleets.holder[rows], fleets.category[rows]
    key = type_ * size + fleets.origin[rows]
    asked = np.zeros(kinds * size, dtype=bool)
    asked[mine] = True
    able = np.flatnonzero(
        asked[key]
        & (at_pairs(houses.row, type_, holder) >= 0)
        & (at_pairs(states.rung, holder, type_) >= overhaul_rung)
    )
    rows, key = rows[able], key[able]
    rows = rows[by_key(key, fleets.uid[rows])]
    many = np.bincount(key, minlength=kinds * size)
    first = np.cumsum(many) - many
    group, place = spread_evenly(many[mine])
    operator = fleets.holder[rows[first[mine][group] + place]]
    third = np.flatnonzero(operator != buyer[group])
    own = np.flatnonzero((states.rung[buyer, category] >= overhaul_rung) & (buyer != origin))
    asker = np.concatenate((np.arange(len(tender)), own, group[third]))
    state = np.concatenate((origin, buyer[own], operator[third]))
    pair = at_pairs(houses.row, tenders.category[tender][asker], state)
    made = np.flatnonzero(pair >= 0)
    return _choose_lines(world, houses, tender, asker[made], pair[made])


def _choose_lines(world: World, houses: Houses, tender: Int, group: Int, pair: Int) -> Match:
    """Draw which of its lines each state puts forward for ``tender[group]``, by free capacity.

    The draw is keyed by tender and state: more brands give a state no second ticket. Exporters that
    were refused a licence for the tender are left out.
    """
    keep = not_refused(world, houses.barred, tender[group], houses.state[pair])
    group, pair = group[keep], pair[keep]
    exporter = houses.state[pair]
    draw = world.draws.uniform(
        "bidding.line", world.tenders.uid[tender], world.states.uid[exporter], group=group
    )
    start, stop = houses.start[pair], houses.stop[pair]
    low, high = houses.reach[start], houses.reach[stop]
    place = houses.reach.searchsorted(low + draw * (high - low), side="right") - 1
    line = houses.line[np.minimum(np.maximum(place, start), stop - 1)]
    return pair_up(world, tender[group], exporter, line)


def _barred(world: World) -> Int:
    """Return tender and exporter of refused applications for open tenders, as one number each."""
    applications = world.applications
    refused = np.flatnonzero(applications.status == _REFUSED)
    tender = applications.tender[refused]
    current = np.flatnonzero(world.tenders.status[tender] == _OPEN)
    return tender[current] * len(world.states) + applications.exporter[refused[current]]


def not_refused(world: World, barred: Int, tender: Int, exporter: Int) -> Bool:
    """Return which candidates were not refused a licence for their tender, which is open.

    ``barred`` is that of `Houses`; tender and exporter are ``(candidates,)``.
    """
    keep = np.ones(len(tender), dtype=bool)
    again = np.flatnonzero(world.tenders.refusals[tender] > 0)
    if len(again):
        keep[again] = ~is_among(tender[again] * len(world.states) + exporter[again], barred)
    return keep
