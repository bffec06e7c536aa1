"""Buyers choose: first make, buy or wait, then the exporter, whose line bid already."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from deftrade.core.arrays import pick, total
from deftrade.core.phase import phase
from deftrade.core.posting import Verdict, log
from deftrade.core.tables import Alliances, Bids, Categories, Decisions, Dyads, Fleets, States, Tenders
from deftrade.core.tables.codes import ContractKind, DecisionKind, TenderStatus
from deftrade.phases.selecting.addressing import PRODUCT, Addressed, address, agree_in_pools, made_at_home
from deftrade.phases.selecting.choosing import BUY, MAKE, WAIT, Choice, Offers, choose, won_if_released
from deftrade.phases.selecting.params import SelectingParams
from deftrade.phases.selecting.utility import Features, UtilityTerms, see_offers, utility, utility_terms

if TYPE_CHECKING:
    from deftrade.core.arrays import Bool, Float, Int
    from deftrade.core.world import World


_EQUIPMENT = int(ContractKind.EQUIPMENT)
_SELECTED, _APPROVED = int(TenderStatus.SELECTED), int(TenderStatus.APPROVED)


@phase(
    SelectingParams,
    reads=(
        Alliances.member,
        Alliances.preference,
        Categories.market_price,
        Categories.quality_effect,
        Bids.tender,
        Bids.exporter,
        Bids.line,
        Bids.mode,
        Bids.price,
        Bids.rent_share,
        Bids.concession,
        Bids.quality,
        Bids.volume,
        Bids.stretch,
        Bids.package_share,
        Bids.is_released,
        Dyads.distance,
        Dyads.alignment,
        Dyads.allied,
        Dyads.relation,
        Dyads.hostility,
        Dyads.fleet_row,
        Fleets.origin,
        Fleets.category,
        Fleets.recent_deliveries,
        States.uid,
        States.gdp,
        States.polity,
        States.productivity,
        States.alliance_preference,
        States.domestic_margin,
        States.export_credit,
        States.package_loan,
        Tenders.uid,
        Tenders.buyer,
        Tenders.category,
        Tenders.kind,
        Tenders.fleet,
        Tenders.pool,
        Tenders.pool_key,
        Tenders.offset_rate,
        Tenders.wants_licence,
        Tenders.refuser,
    ),
    writes=(
        Bids.score,
        States.offers_withheld,
        Tenders.status,
        Tenders.rounds,
        Tenders.exporter,
        Tenders.line,
        Tenders.mode,
        Tenders.price,
        Tenders.rent_share,
        Tenders.concession,
        Tenders.quality,
        Tenders.package_share,
        Tenders.stretch,
        Tenders.volume,
        Tenders.value,
        Tenders.wanted_volume,
        Tenders.wanted_value,
        Tenders.application,
    ),
    appends=(Decisions,),
)
def selecting(world: World, params: SelectingParams) -> None:
    """Value all offers, let pool partners agree, and take the best way if it beats waiting."""
    bids, tenders = world.bids, world.tenders
    if not len(bids):
        return
    scores = score_offers(world, params)
    tender, group, luck, waiting = (
        scores.made_to.tender,
        scores.made_to.group,
        scores.alternative_luck,
        scores.waiting,
    )
    bids.score = score = scores.score
    offers = Offers(group, scores.alternative, scores.value, score)
    released = bids.is_released
    choice = choose(offers.only(released), len(tender), params.noise, luck, waiting)
    asked = np.bincount(group[released], minlength=len(tender)) > 0
    bought = choice.alternative != WAIT
    tenders.rounds[tender[asked & ~bought]] += 1
    lost = won_if_released(offers, released, params.noise, luck, waiting)
    _count_withheld(world, lost[bought[group[lost]]])
    _award(world, tender[bought], choice, bought)


class Scores(NamedTuple):
    """The offers of a step as buyers value them.

    Parameters
    ----------
    made_to : Addressed
        Whom they are made to.
    seen : Features
        What buyers see of them.
    terms : UtilityTerms
        What each term adds, before partners of joint requirements agree.
    value : (bids,) float
        Value without luck, on which partners agreed.
    taste : (bids,) float
        Luck of each offer.
    alternative : (bids,) int
        What it is: make or buy.
    alternative_luck : (tenders, 2) float
        Luck of making and of buying.
    waiting : (tenders,) float
        Value of waiting, luck included.
    """

    made_to: Addressed
    seen: Features
    terms: UtilityTerms
    value: Float
    taste: Float
    alternative: Int
    alternative_luck: Float
    waiting: Float

    @property
    def score(self) -> Float:
        """Value with luck, ``(bids,)``."""
        return self.value + self.taste


def score_offers(world: World, params: SelectingParams) -> Scores:
    """Return this step's offers, of which there are some, as buyers value them."""
    made_to = address(world)
    seen = see_offers(world, params, made_to)
    terms = utility_terms(seen, params)
    value = agree_in_pools(world, made_to, utility(terms, seen.at_home))
    alternative = np.where(made_at_home(world, made_to), MAKE, BUY)
    taste = params.noise * _taste(world, made_to)
    return Scores(
        made_to, seen, terms, value, taste, alternative, *_luck_of_alternatives(world, params, made_to)
    )


def _taste(world: World, made_to: Addressed) -> Float:
    """Return the taste shock of every offer, shape ``(bids,)``."""
    exporter = world.states.uid[made_to.exporter]
    return world.draws.gumbel(
        "selecting.taste", made_to.key, exporter, PRODUCT[world.bids.mode], group=made_to.group
    )


def _luck_of_alternatives(world: World, params: SelectingParams, made_to: Addressed) -> tuple[Float, Float]:
    """Return the luck of making and buying, ``(tenders, 2)``, and what waiting is worth with its own."""
    tenders, tender = world.tenders, made_to.tender
    # The estimates of L§3.1 are of choice among exporters: luck has unit scale there, and more between
    # alternatives.
    between = params.noise / params.nest
    luck = between * world.draws.gumbel("selecting.way", made_to.key[:, None], np.array([[MAKE, BUY]]))
    waiting = params.wait + between * world.draws.gumbel(
        "selecting.wait", tenders.uid[tender], tenders.rounds[tender]
    )
    return luck, waiting


def _count_withheld(world: World, barred: Int) -> None:
    """Count by exporter what went elsewhere only because release policy barred the best offer.

    ``barred`` are the bids that would have won the awarded tenders if all had been released.
    """
    bids, tenders = world.bids, world.tenders
    world.states.offers_withheld = total(
        bids.exporter[barred], tenders.value[bids.tender[barred]], len(world.states)
    )


def _award(world: World, tender: Int, choice: Choice, group: Bool) -> None:
    """Write the chosen offer's terms; home offers need no licence."""
    bids, tenders = world.bids, world.tenders
    bid = choice.offer[group]
    buyer, exporter, price = tenders.buyer[tender], bids.exporter[bid], bids.price[bid]
    tenders.status[tender] = np.where(exporter == buyer, _APPROVED, _SELECTED)
    tenders.exporter[tender] = exporter
    tenders.line[tender] = bids.line[bid]
    tenders.mode[tender] = bids.mode[bid]
    tenders.price[tender] = price
    tenders.rent_share[tender] = bids.rent_share[bid]
    tenders.concession[tender] = bids.concession[bid]
    tenders.quality[tender] = bids.quality[bid]
    tenders.package_share[tender] = bids.package_share[bid]
    tenders.stretch[tender] = bids.stretch[bid]
    equipment = tenders.kind[tender] == _EQUIPMENT
    tenders.wanted_volume[tender] = tenders.volume[tender]
    tenders.wanted_value[tender] = tenders.value[tender]
    tenders.volume[tender] = np.where(equipment, bids.volume[bid], 0.0)
    tenders.value[tender] = np.where(equipment, price, tenders.value[tender])
    tenders.application[tender] = -1
    runner_up = pick(bids.exporter, choice.runner_up[group], -1)
    log(
        world,
        DecisionKind.AWARD,
        buyer,
        tenders.uid[tender],
        tender,
        Verdict(exporter, runner_up, choice.margin[group]),
    )
