"""Levers that set what is bought, from whom and on which conditions."""

from __future__ import annotations

from collections.abc import Iterable

from deftrade.core.tables import Categories, States
from validation.evidence.conditions import Condition, no, opening, settled, together
from validation.evidence.measures import USED, from_members, gain, level, summed
from validation.evidence.rows import Evidence, lever
from validation.evidence.running import FOCUS, put, row, states


def levers() -> Iterable[Evidence]:
    """Yield levers that set what is bought, from whom and on which conditions."""
    noor = states(FOCUS)
    no_market_for_used = settled(tendering__used_acceptance=0.0)
    # Industry below the rung of assembly gets no work share.
    no_industry = no("tendering.starter_share") + opening(Categories.rung_assembly, 8.5)
    nobody_else = Condition(also=together(put(States.localisation_target, 0), put(States.licence_demand, 0)))
    no_offset = opening(States.offset_threshold, 1e9, row("states", FOCUS))
    yield lever(
        States.domestic_margin,
        (0, 1),
        level(States.jobs_direct),
        (1, 0.08),
        "offers from home win more tenders",
        no("selecting.home_margin"),
        rows=noor,
        off=0,
        base=Condition(also=put(States.domestic_margin, 0)),
        source="assumption: a margin handicaps offers from abroad",
    )
    yield lever(
        States.localisation_target,
        (0, 0.9),
        level(States.jobs_direct),
        (1, 0.03),
        "work shares of imports",
        no_industry,
        rows=noor,
        source="V66: the Saudi share rose from 4 to 25 % under a target",
    )
    yield lever(
        States.localisation_target,
        (0, 0.9),
        gain(States.know_how),
        (1, 0.03),
        "hands-on work teaches",
        no_industry,
        rows=noor,
        off=0,
        base=nobody_else,
        source="L§6: licensed and local production is a channel of learning",
    )
    yield lever(
        States.offset_rate,
        (0, 1.5),
        gain(States.know_how),
        (1, 0.015),
        "credits teach a little; without a contract large enough none is owed",
        no_offset,
        rows=noor,
        off=0,
        source="L§3: offsets transfer little technology",
    )
    yield lever(
        States.offset_rate,
        (0, 1),
        summed(States.learning_offset, FOCUS),
        (1, 0.5),
        "obligations are discharged in the buyer's economy",
        no_offset,
        rows=noor,
        off=0,
        source="L§3.4: obligations are discharged by credits",
    )
    yield lever(
        States.offset_threshold,
        (0, 2000),
        summed(States.learning_offset, FOCUS),
        (-1, 0.2),
        "smaller imports are free of offsets",
        opening(States.offset_rate, 0.0, row("states", FOCUS)),
        rows=noor,
        source="by definition: nothing is owed below the threshold",
    )
    yield lever(
        States.licence_demand,
        (0, 1),
        summed(States.learning_licensed, FOCUS),
        (1, 0.1),
        "programmes built under licence bring work home",
        no_industry,
        rows=noor,
        off=0,
        base=nobody_else,
        source="V28: 26-38 % of transfers are produced under licence",
    )
    yield lever(
        States.technology_purchase_share,
        (0, 0.6),
        summed(States.learning_purchased, FOCUS),
        (1, 0.5),
        "fund, technology tender, contract; where no lead is worth an offer nothing is bought",
        settled(bidding__technology_gap=1.0),
        rows=noor,
        whole=False,
        source="assumption: technology is bought where an owner is ahead and sells",
    )
    yield lever(
        States.alliance_preference,
        (0, 5),
        from_members("Western Compact"),
        (1, 0.02),
        "a pact counts for more in supplier choice",
        no("selecting.allied"),
        off=0,
        source="L§3.1: alliance adds 0.08-0.60 logit units",
    )
    yield lever(
        States.second_hand_release,
        (0, 0.4),
        USED,
        (1, 0.9),
        "makers offer used equipment; where nobody accepts it none is sold",
        no_market_for_used,
        whole=False,
        source="V29: 7-14 % of transfers are second-hand",
    )
