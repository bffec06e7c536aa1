"""The parts of every offer's score: what each term of a buyer's utility added, and luck.

The terms are those that the phase itself sums: nothing is written down a second time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from deftrade.core.arrays import pick
from deftrade.explanations.replay.replay import Watch
from deftrade.phases.selecting.addressing import agree_in_pools
from deftrade.phases.selecting.choosing import Choice, Offers, choose
from deftrade.phases.selecting.phase import score_offers
from deftrade.phases.selecting.utility import WORDS, Slopes, counted, slopes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World
    from deftrade.phases.selecting.params import SelectingParams
    from deftrade.phases.selecting.phase import Scores


LUCK = "luck"
"""Taste that is nobody's merit."""


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
        Terms of the score by `deftrade.phases.selecting.utility.WORDS`, and `LUCK`; they sum to it.
    value : (offers,) float
        Score without luck.
    alternative : (offers,) int
        What it is: make or buy.
    scale : float
        Scale of luck.
    alternative_luck : (1, 2) float
        Luck of making and buying.
    waiting : (1,) float
        Value of waiting, luck included.
    slopes : Slopes
        What more of price or quality adds to the value, ``(offers,)``.
    """

    step: int
    tender: int
    bid: Int
    columns: dict[str, NDArray[Any]]
    parts: dict[str, Float]
    value: Float
    alternative: Int
    scale: float
    alternative_luck: Float
    waiting: Float
    slopes: Slopes

    @property
    def score(self) -> Float:
        """Value with luck, ``(offers,)``."""
        return self.value + self.parts[LUCK]

    def choice(self, better: Float | float = 0.0, released: Bool | None = None) -> Choice:
        """Return what the buyer chooses if offers were worth more by ``better``, ``(offers,)``."""
        cleared = self.columns["is_released"] if released is None else released
        group = np.zeros(len(self.bid), dtype=np.int64)
        offers = Offers(group, self.alternative, self.value + better, self.score + better)
        return choose(offers.only(cleared), 1, self.scale, self.alternative_luck, self.waiting)


def score_parts(world: World, scores: Scores) -> dict[str, Float]:
    """Return what each term adds to the score of every bid, ``(bids,)`` each; pool partners agree."""
    terms = counted(scores.terms, scores.seen.at_home)
    # Nothing taken off is nothing, not its negative.
    parts = {words: agree_in_pools(world, scores.made_to, terms[name]) + 0.0 for name, words in WORDS.items()}
    return {**parts, LUCK: scores.taste}


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
        """Return the hook by which a replay calls this before and after `selecting`."""
        steps = frozenset(step for step, _ in self._wanted)
        return Watch("selecting", self._before, self._after, steps)

    def _tenders(self, world: World) -> list[int]:
        """Return the tenders wanted at this step."""
        return sorted(tender for step, tender in self._wanted if step == world.clock.step)

    def _before(self, world: World, params: SelectingParams) -> None:
        """Score all offers as the phase is about to."""
        if not len(world.bids):
            return
        scores = score_offers(world, params)
        parts, slope = score_parts(world, scores), slopes(scores.seen, params)
        for tender in self._tenders(world):
            rows = np.flatnonzero(world.bids.tender == tender)
            here = scores.made_to.tender == tender
            self.kept[world.clock.step, tender] = Scored(
                world.clock.step,
                tender,
                rows,
                _columns(world, rows),
                {term: part[rows] for term, part in parts.items()},
                scores.value[rows],
                scores.alternative[rows],
                params.noise,
                scores.alternative_luck[here],
                scores.waiting[here],
                Slopes(slope.price[rows], slope.quality[rows]),
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
