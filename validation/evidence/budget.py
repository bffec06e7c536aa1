"""Levers of the budget, its financing and labour."""

from __future__ import annotations

from collections.abc import Iterable

from deftrade.core.tables import Categories, States
from validation.evidence.conditions import (
    COST_OF_QUALITY,
    FIXED_KNOW_HOW,
    NO_PLEDGE,
    Condition,
    given,
    no,
    opening,
    settled,
    together,
)
from validation.evidence.measures import UNIT_COST, gain, level
from validation.evidence.rows import Evidence, lever
from validation.evidence.running import FOCUS, put, states


def levers() -> Iterable[Evidence]:
    """Yield levers of the budget, its financing and labour."""
    noor = states(FOCUS)
    yield lever(
        States.burden_pledge,
        (0, 0.06),
        level(States.usable_capability),
        (1, 0.08),
        "pledge, burden, budget, orders, deliveries",
        NO_PLEDGE,
        rows=noor,
        source="V37: members at the pledge of 2 % rose from 3 to 23",
    )
    yield lever(
        States.procurement_share,
        (0.12, 0.4),
        level(States.usable_capability),
        (1, 0.15),
        "appropriations, tenders, deliveries; without a large enough order there is no tender, and where "
        "programmes make no friends their size against the budget does not matter",
        opening(Categories.smallest_order, 1e6) + no("allying.programme_effect"),
        rows=noor,
        whole=False,
        source="L§9: stocks of capability grow by deliveries",
    )
    yield lever(
        States.support_share,
        (0.04, 0.32),
        level(States.readiness),
        (1, 0.25),
        "support paid, support received, readiness; without need of support all are ready",
        given(Categories.support_rate, 0.0),
        rows=noor,
        whole=False,
        source="assumption: readiness is support received over support needed",
    )
    yield lever(
        States.research_share,
        (0, 0.12),
        gain(States.know_how),
        (1, 0.08),
        "research stock, own progress and absorption",
        FIXED_KNOW_HOW,
        rows=noor,
        whole=False,
        source="L§6: absorptive capacity comes from own research",
    )
    yield lever(
        States.debt_financing,
        (0, 0.9),
        level(States.jobs_net),
        (1, 0.1),
        "lenders take less civil spending than taxes do, until repayment and interest take the rest",
        no("accounting.consumption", "accounting.crowding_out"),
        rows=noor,
        whole=False,
        source="assumption: lenders take less civil spending than taxes",
    )
    yield lever(
        States.reallocation_financing,
        (0, 0.9),
        level(States.jobs_displaced),
        (1, 0.15),
        "cuts elsewhere take more civil spending than taxes do; at full employment nothing is net",
        no("accounting.slack"),
        rows=noor,
        whole=False,
        source="L§5: civil spending employs more than defence does",
    )
    yield lever(
        States.training_places,
        (0, 0.2),
        level(States.jobs_civil),
        (1, 0.01),
        "courses are civil work, and more than taxpayers would have spent at home",
        no("hiring.wage_response", "hiring.training_cost"),
        rows=noor,
        beside=(States.skilled_pool,),
        source="by definition: what is paid for courses goes to civil firms",
    )
    surge = together(
        put(States.burden_pledge, 0.12, noor),
        put(States.procurement_share, 0.6, noor),
        put(States.support_share, 0.2, noor),
        put(States.localisation_target, 0.9, noor),
        put(States.domestic_margin, 1, noor),
    )
    yield lever(
        States.training_places,
        (0, 0.3),
        UNIT_COST,
        (-1, 0.01),
        "in a surge scarce skills raise wages, and wages prices",
        no("bidding.wage_share", "researching.quality_pace") + COST_OF_QUALITY,
        rows=noor,
        # Where every licence is granted there is work enough to make skills scarce.
        base=Condition(also=surge)
        + settled(bidding__licence_release=0.0, producing__explained=0.0, selecting__licence=0.0),
        whole=False,
        source="assumption: trained workers are scarce",
    )
