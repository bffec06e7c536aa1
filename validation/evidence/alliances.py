"""Levers of alliances."""

from __future__ import annotations

from collections.abc import Iterable

from deftrade.core.tables import Alliances, States
from validation.evidence.conditions import LICENCES_FREE, NO_PLEDGE, Condition, no
from validation.evidence.measures import POOL_PRICE, UNIT_COST, from_members, gain, summed
from validation.evidence.rows import Evidence, lever
from validation.evidence.running import alone, put, row


def levers() -> Iterable[Evidence]:
    """Yield levers of alliances."""
    pact, pool = row("alliances", "Western Compact"), row("alliances", "Crescent Cooperation")
    lonely = alone("Crescent Cooperation")
    alone_in_sharing = Condition(also=put(Alliances.technology_sharing, 0))
    yield lever(
        Alliances.burden_target,
        (0, 0.05),
        summed(States.jobs_direct, "Lindovia"),
        (1, 0.15),
        "pledge, budget, orders, work",
        NO_PLEDGE + no("allying.gap_effect"),
        rows=[pact],
        beside=(Alliances.burden_gap,),
        source="V37: members at the pledge of 2 % rose from 3 to 23",
    )
    yield lever(
        Alliances.preference,
        (0, 5),
        from_members("Crescent Cooperation"),
        (1, 0.4),
        "members' offers to the pool win; a pool of one has no joint tenders",
        lonely,
        rows=[pool],
        base=Condition(also=put(Alliances.pooled_share, 1.0, [pool])),
        source="L§3.1: alliance adds 0.08-0.60 logit units",
    )
    yield lever(
        Alliances.pooled_share,
        (0, 1),
        POOL_PRICE,
        (-1, 0.03),
        "joint orders share fixed cost; a pool of one has no joint tenders",
        lonely,
        rows=[pool],
        source="L§8: pooling saves 10-30 %",
    )
    yield lever(
        Alliances.technology_sharing,
        (0, 1),
        gain(States.know_how),
        (1, 0.06),
        "those behind learn from members ahead",
        no("researching.channel_alliance"),
        rows=[pact],
        off=0,
        base=alone_in_sharing + LICENCES_FREE,
        source="assumption: members teach each other",
    )
    yield lever(
        Alliances.technology_sharing,
        (0, 1),
        UNIT_COST,
        (1, 0.01),
        "and make better, dearer products",
        no("researching.channel_alliance"),
        rows=[pact],
        off=0,
        base=alone_in_sharing + LICENCES_FREE,
        source="V54: better generations cost more, 8-12 % a year",
    )
