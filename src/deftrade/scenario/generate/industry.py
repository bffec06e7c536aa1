"""Industry of generated worlds: know-how, firms, lines and what is inside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core import elementary
from deftrade.core.arrays import ratio, total, total2
from deftrade.core.draws import Draws, identities, mix
from deftrade.core.tables.codes import SOURCES
from deftrade.scenario.generate.draws import firm_names, ranks, share_of, standard
from deftrade.scenario.generate.states import LEADER

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Ids, Int
    from deftrade.scenario.generate.relations import Relations
    from deftrade.scenario.generate.spec import GenerateSpec, IndustrySpec
    from deftrade.scenario.generate.states import Nations


MOST_LINES = 4
"""Most lines that a generated firm has."""


class Kinds(NamedTuple):
    """Categories: ids, shares of demand and the rungs that allow own design, ``(categories,)``."""

    uid: Ids
    demand: Float
    rung_design: Float


@dataclass(frozen=True)
class Standing:
    """Where states stand in the industry.

    Parameters
    ----------
    place : (states,) int
        Rank by industrial strength, 0 the strongest.
    makers : int
        How many of the first states have lines.
    makes : (states, categories) bool
        Which categories a state makes.
    know_how, rung : (states, categories) float
    """

    place: Int
    makers: int
    makes: Bool
    know_how: Float
    rung: Float


@dataclass(frozen=True)
class Industry:
    """Firms and lines; arrays as in `WorldSpec`.

    Parameters
    ----------
    firms : list of str
        Names.
    home : (firms,) int
    state_share, civil_revenue : (firms,) float
    owner, category, design : (lines,) int
    quality, weight : (lines,) float
    source : (lines, sources) int
    share : (lines, sources) float
    """

    firms: list[str]
    home: Int
    state_share: Float
    civil_revenue: Float
    owner: Int
    category: Int
    design: Int
    quality: Float
    weight: Float
    source: Int
    share: Float


def stand(spec: GenerateSpec, nations: Nations, milex: Float, kinds: Kinds) -> Standing:
    """Return industrial ranks, what states make and what they know.

    Parameters
    ----------
    milex : (states,) float, MUSD/yr
    kinds : Kinds
        Categories; states specialise in what sells.
    """
    numbers, draws, uid = spec.industry, nations.draws, nations.uid
    size, category, demand = len(uid), kinds.uid, kinds.demand
    score = (
        numbers.milex_weight * elementary.log(milex / np.median(milex))
        + numbers.development_weight * standard(nations.development)
        + numbers.rank_noise * draws.normal("generating.industry", uid)
    )
    score[LEADER] = np.inf
    place = ranks(-score)
    makers = min(share_of(size, numbers.exporters, 2), spec.firms)
    makes = _breadth(numbers, draws, (uid, category), place, demand)
    makes[place >= makers] = False
    lead = elementary.exp(-place / (numbers.know_how_scale * size))
    maker = numbers.know_how_floor + (1 - numbers.know_how_floor) * lead
    basic = numbers.know_how_low + numbers.know_how_span * nations.development
    special = numbers.know_how_noise * draws.normal("generating.know_how", uid[:, None], category)
    level = np.where(place < makers, maker, basic)[:, None] * elementary.exp(special)
    idle = ~makes & (place < makers)[:, None]
    know_how = (level * np.where(idle, numbers.know_how_unmade, 1.0)).clip(0, 1)
    # The leader defines the frontier of the price year.
    know_how[LEADER] = 1.0
    practice = np.where(makes, 1.0, numbers.rung_unpractised)
    return Standing(place, makers, makes, know_how, (numbers.rungs * know_how * practice).clip(0, 8))


def _breadth(numbers: IndustrySpec, draws: Draws, ids: tuple[Ids, Ids], place: Int, demand: Float) -> Bool:
    """Return which categories each state makes: leaders all, later ones fewer, one at least."""
    uid, category = ids
    size = len(uid)
    beyond = np.maximum(place / size - numbers.breadth_full, 0)
    count = np.maximum(np.ceil(len(category) * elementary.exp(-beyond / numbers.breadth_scale)), 1)
    taste = elementary.log(np.maximum(demand, 1e-6)) + draws.gumbel(
        "generating.speciality", uid[:, None], category
    )
    order = np.argsort(np.argsort(-taste, axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(order < count[:, None])


def build_industry(
    spec: GenerateSpec,
    nations: Nations,
    relations: Relations,
    standing: Standing,
    kinds: Kinds,
    milex: Float,
) -> Industry:
    """Return firms and lines of a generated world."""
    numbers, draws = spec.industry, nations.draws
    category, demand, rung_design = kinds
    names = firm_names(spec.firms, draws)
    uid = identities("firm", names)
    home = _homes(numbers, standing, spec.firms, milex)
    owner, made = _lines(numbers, draws, (uid, category), standing.makes[home], demand)
    line = mix(uid[owner], category[made])
    size = elementary.power(draws.uniform("generating.firm/size", uid), -1 / numbers.firm_tail)
    weight = size[owner] * elementary.exp(numbers.line_spread * draws.normal("generating.line", line))
    source, share = _components(numbers, nations, relations, standing, line, home[owner])
    design = _designs(numbers, draws, standing, (line, home[owner], made), source[:, 0], rung_design)
    quality = _quality(numbers, draws, standing, (line, home[owner], made), design)
    return Industry(
        firms=names,
        home=home,
        state_share=_state_shares(numbers, nations, uid, home),
        civil_revenue=_civil(numbers, draws, uid, home, _sales(owner, made, weight, home, milex, demand)),
        owner=owner,
        category=made,
        design=design,
        quality=quality,
        weight=weight,
        source=source,
        share=share,
    )


def _homes(numbers: IndustrySpec, standing: Standing, firms: int, milex: Float) -> Int:
    """Return home states: every producer has a firm, the rest go by size (largest remainders)."""
    maker = standing.place < standing.makers
    pull = np.where(maker, elementary.power(milex, numbers.firm_elasticity), 0.0)
    free = firms - standing.makers
    wanted = free * pull / pull.sum()
    count = np.floor(wanted).astype(np.int64)
    left = free - int(count.sum())
    count[np.argsort(count - wanted, kind="stable")[:left]] += 1
    return np.repeat(np.arange(len(milex)), count + maker)


def _lines(
    numbers: IndustrySpec, draws: Draws, ids: tuple[Ids, Ids], makes: Bool, demand: Float
) -> tuple[Int, Int]:
    """Return owner and category of each line: one to four categories that the home state makes."""
    uid, category = ids
    draw = draws.uniform("generating.lines", uid)
    count = 1 + sum(
        (draw < share).astype(np.int64)
        for share in (numbers.two_lines, numbers.three_lines, numbers.four_lines)
    )
    taste = numbers.line_demand * elementary.log(np.maximum(demand, 1e-6)) + draws.gumbel(
        "generating.lines/category", uid[:, None], category
    )
    taste[~makes] = -np.inf
    order = np.argsort(np.argsort(-taste, axis=1, kind="stable"), axis=1, kind="stable")
    has = (order < np.minimum(count, MOST_LINES)[:, None]) & makes
    # What nobody makes could not be bought: the leader's first firm makes it.
    has[0, ~has.any(axis=0)] = True
    owner, made = np.nonzero(has)
    return owner, made


def _components(
    numbers: IndustrySpec,
    nations: Nations,
    relations: Relations,
    standing: Standing,
    line: Ids,
    home: Int,
) -> tuple[Int, Float]:
    """Return sources and shares of foreign components, ``(lines, sources)`` each."""
    draws = nations.draws
    leaders = np.flatnonzero(standing.place < min(numbers.sources, standing.makers))
    pull = (
        numbers.content_alignment * relations.alignment[home][:, leaders]
        + elementary.log(standing.know_how.mean(axis=1)[leaders])
        + draws.gumbel("generating.source", line[:, None], nations.uid[leaders])
    )
    barred = numbers.content_bar <= relations.hostility[leaders][:, home].T
    pull[barred | (leaders == home[:, None])] = -np.inf
    order = np.argsort(-pull, axis=1, kind="stable")[:, :SOURCES]
    if order.shape[1] < SOURCES:
        order = np.pad(order, ((0, 0), (0, SOURCES - order.shape[1])), mode="edge")
    open_ = np.isfinite(np.take_along_axis(pull, order, axis=1))
    open_[:, len(leaders) :] = False
    many = 1 + np.floor(SOURCES * draws.uniform("generating.sources", line)).astype(np.int64)
    used = open_ & (np.arange(SOURCES) < many[:, None])
    rest = 1 - numbers.content_first
    part = numbers.content_first * elementary.power(rest, np.arange(SOURCES)) * used
    share = (
        ratio(part, part.sum(axis=1, keepdims=True)) * _content(numbers, draws, standing, line, home)[:, None]
    )
    return np.where(used, leaders[order], -1), share


def _content(numbers: IndustrySpec, draws: Draws, standing: Standing, line: Ids, home: Int) -> Float:
    """Return the foreign content of lines, larger where less is known."""
    low, high = numbers.content_low, numbers.content_high
    behind = 1 - standing.know_how[home].mean(axis=1)
    reach = behind / max(float(behind.max()), 1e-9)
    draw = draws.uniform("generating.content", line)
    usual = low + (high - low) * (draw + numbers.content_gap * (reach - draw))
    return np.where(standing.place[home] < numbers.autonomous, numbers.content_leader * draw, usual)


def _designs(
    numbers: IndustrySpec,
    draws: Draws,
    standing: Standing,
    lines: tuple[Ids, Int, Int],
    first: Int,
    rung_design: Float,
) -> Int:
    """Return whose design a line builds: where own design is out of reach, often the first source's."""
    line, home, made = lines
    weak = standing.rung[home, made] < rung_design[made]
    licensed = weak & (draws.uniform("generating.licence", line) < numbers.licensed)
    return np.where(licensed, first, -1)


def _quality(
    numbers: IndustrySpec,
    draws: Draws,
    standing: Standing,
    lines: tuple[Ids, Int, Int],
    design: Int,
) -> Float:
    """Return the quality of lines: home know-how, lifted by a licensed design."""
    line, home, made = lines
    known = standing.know_how[home, made]
    theirs = np.where(design >= 0, standing.know_how[design, made], 0.0)
    lifted = known + numbers.licence_gain * np.maximum(theirs - known, 0)
    noise = numbers.quality_noise * draws.normal("generating.quality", line)
    return np.minimum(lifted * elementary.exp(noise), 1.0)


def _state_shares(numbers: IndustrySpec, nations: Nations, uid: Ids, home: Int) -> Float:
    """Return state-owned shares: all or most of some firms, nothing of others."""
    free = 0.5 * (nations.development + nations.polity)[home]
    chance = numbers.state_owned_high + (numbers.state_owned_low - numbers.state_owned_high) * free
    owned = nations.draws.uniform("generating.ownership", uid) < chance
    stake = 0.5 + 0.5 * nations.draws.uniform("generating.ownership/stake", uid)
    return np.where(owned, stake, 0.0)


def _sales(owner: Int, made: Int, weight: Float, home: Int, milex: Float, demand: Float) -> Float:
    """Return the military expenditure that stands behind each firm, MUSD/yr."""
    where = home[owner]
    whole = total2(where, made, weight, (len(milex), len(demand)))
    part = weight / whole[where, made]
    return total(owner, part * milex[where] * demand[made], len(home))


def _civil(numbers: IndustrySpec, draws: Draws, uid: Ids, home: Int, sales: Float) -> Float:
    """Return yearly sales outside defence, MUSD."""
    mixed = draws.normal("generating.civil", uid)
    ratio_to_sales = numbers.civil_sales * elementary.exp(numbers.civil_spread * mixed)
    return numbers.equipment_share * sales * ratio_to_sales
