"""The parts of every offer's score: what each term of a buyer's utility added, and luck.

Utility is linear in its weights, so a term is what is left of it when all other weights are nil. The
terms are those of `deftrade.phases.selecting` itself: nothing is written down a second time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.arrays import pick
from deftrade.explanations.replaying import Watch
from deftrade.phases.choosing import BUY, MAKE, Choice, Offers, choose
from deftrade.phases.selecting import _addressed, _agree_in_pools, _is_made, _taste, _values, _way_luck

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from deftrade.phases.selecting import Addressed, SelectingParams
    from deftrade.world import World

    Float = NDArray[np.float64]
    Int = NDArray[np.int64]
    Bool = NDArray[np.bool_]

TERMS: dict[str, tuple[str, ...]] = {
    "price": ("price",),
    "quality": ("quality", "poor_quality"),
    "schedule": ("delay",),
    "experience in the category": ("record",),
    "size of the exporter": ("exporter_gdp",),
    "offer from home": ("home",),
    "preference for home": ("home_margin",),
    "distance": ("distance",),
    "difference of polity": ("polity",),
    "alliance": ("allied",),
    "alignment": ("alignment",),
    "hostility": ("enmity",),
    "habit: supplied before": ("supplier",),
    "habit: same category before": ("same_category",),
    "offset": ("offset",),
    "licence to build": ("licence",),
    "stepping in after a refusal": ("backfill",),
    "maker of the fleet": ("maker",),
    "used equipment": ("used",),
}
"""Terms of utility by what people call them, with the weights that carry them."""

POOL, LUCK = "preference of the pool", "luck"
"""The term that carries no weight of its own, and taste that is nobody's merit."""


@dataclass(frozen=True)
class Scored:
    """All offers on one tender at one step, just before the buyer chose.

    Parameters
    ----------
    step, tender : int
        When, and the tender's row.
    bid : (offers,) int
        Rows in the table of bids.
    columns : dict of str to (offers,) array
        Columns of the bids, such as ``price``; ``firm`` is the row of the firm, -1 none.
    parts : dict of str to (offers,) float
        Terms of the score by `TERMS`, `POOL` and `LUCK`; they sum to it.
    value : (offers,) float
        Score without luck.
    way : (offers,) int
        Code of the way: make or buy.
    scale : float
        Scale of luck.
    way_luck : (1, 2) float
        Luck of making and buying.
    waiting : (1,) float
        Value of waiting, luck included.
    price_weight : float
        What a price lower by a logarithmic unit adds to the value.
    quality_weight : float
        The same of quality.
    """

    step: int
    tender: int
    bid: Int
    columns: dict[str, NDArray[Any]]
    parts: dict[str, Float]
    value: Float
    way: Int
    scale: float
    way_luck: Float
    waiting: Float
    price_weight: float
    quality_weight: float

    @property
    def score(self) -> Float:
        """Value with luck, ``(offers,)``."""
        return self.value + self.parts[LUCK]

    def choice(self, better: Float | float = 0.0, released: Bool | None = None) -> Choice:
        """Return what the buyer chooses if offers were worth more by ``better``, ``(offers,)``."""
        cleared = self.columns["is_released"] if released is None else released
        group = np.zeros(len(self.bid), dtype=np.int64)
        offers = Offers(group, self.way, self.value + better, self.score + better)
        return choose(offers.only(cleared), 1, self.scale, self.way_luck, self.waiting)


def value_parts(world: World, params: SelectingParams, made_to: Addressed) -> dict[str, Float]:
    """Return what each term adds to the value of every bid, ``(bids,)`` each; pool partners agree."""
    nil = dict.fromkeys((name for names in TERMS.values() for name in names), 0.0)
    without = params.model_copy(update=nil)
    base = _values(world, without, made_to)
    parts = {POOL: base}
    for term, names in TERMS.items():
        kept = {name: getattr(params, name) for name in names}
        parts[term] = _values(world, without.model_copy(update=kept), made_to) - base
    return {term: _agree_in_pools(world, made_to, part) for term, part in parts.items()}


@dataclass
class Selections:
    """Keeps the offers on tenders at the steps at which buyers chose.

    Parameters
    ----------
    wanted : iterable of (step, tender)
        What to keep.
    """

    wanted: Iterable[tuple[int, int]]
    kept: dict[tuple[int, int], Scored] = field(default_factory=dict)
    recorded: dict[tuple[int, int], Float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._wanted = frozenset(self.wanted)

    def watch(self) -> Watch:
        """Return what looks at the phase."""
        steps = frozenset(step for step, _ in self._wanted)
        return Watch("selecting", self._before, self._after, steps)

    def _tenders(self, world: World) -> list[int]:
        """Return the tenders wanted at this step."""
        return sorted(tender for step, tender in self._wanted if step == world.clock.step)

    def _before(self, world: World, params: SelectingParams) -> None:
        """Score all offers as the phase is about to."""
        if not len(world.bids):
            return
        made_to = _addressed(world)
        parts = value_parts(world, params, made_to)
        parts[LUCK] = params.noise * _taste(world, made_to)
        value = _agree_in_pools(world, made_to, _values(world, params, made_to))
        way = np.where(_is_made(world, made_to), MAKE, BUY)
        way_luck = params.noise / params.nest * _way_luck(world, made_to)
        for tender in self._tenders(world):
            rows = np.flatnonzero(world.bids.tender == tender)
            self.kept[world.clock.step, tender] = Scored(
                world.clock.step,
                tender,
                rows,
                _columns(world, rows),
                {term: part[rows] for term, part in parts.items()},
                value[rows],
                way[rows],
                params.noise,
                way_luck[made_to.tender == tender],
                _waiting(world, params, tender),
                params.price,
                _quality_weight(world, params, tender),
            )

    def _after(self, world: World, params: SelectingParams) -> None:
        """Keep the scores that the phase recorded."""
        for tender in self._tenders(world):
            kept = self.kept.get((world.clock.step, tender))
            if kept is not None:
                self.recorded[world.clock.step, tender] = world.bids.score[kept.bid].copy()


def _columns(world: World, rows: Int) -> dict[str, NDArray[Any]]:
    """Return the columns of some bids, with the row of the firm."""
    columns = {c.name: world.gate.open[c][: len(world.bids)][rows].copy() for c in world.bids.columns}
    return {**columns, "firm": pick(world.lines.firm, columns["line"], -1)}


def _waiting(world: World, params: SelectingParams, tender: int) -> Float:
    """Return the value of waiting with its luck, ``(1,)``."""
    place = np.array([tender])
    luck = world.luck.gumbel("selecting.wait", world.tenders.uid[place], world.tenders.rounds[place])
    return params.wait + params.noise / params.nest * luck


def _quality_weight(world: World, params: SelectingParams, tender: int) -> float:
    """Return what quality weighs for the buyer."""
    productivity = world.states.productivity[world.tenders.buyer[tender]]
    poverty = (1 - productivity / params.rich_productivity).clip(0, 1)
    return float(params.quality - params.poor_quality * poverty)
