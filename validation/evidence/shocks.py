"""Shocks to income, oil, foreign exchange and technology; war, conflict and aid."""

from __future__ import annotations

from collections.abc import Iterable

from deftrade.core.tables import Categories, States
from validation.evidence.conditions import (
    COST_OF_QUALITY,
    NO_PLEDGE,
    NO_RISK,
    Condition,
    no,
    opening,
    together,
)
from validation.evidence.measures import UNIT_COST, level, ordered_by, summed
from validation.evidence.rows import Evidence, happening
from validation.evidence.running import FOCUS, event, put, scenario, states


def events() -> Iterable[Evidence]:
    """Yield shocks, war, conflict and aid."""
    yield from _economic()
    yield from _military()


def _economic() -> Iterable[Evidence]:
    """Yield shocks to income, oil, foreign exchange and technology."""
    noor, short = states(FOCUS, "Tamasheq")
    yield happening(
        "gdp_shock",
        event("gdp_shock", state=noor, size=-0.5),
        level(States.usable_capability),
        (-1, 0.04),
        "income, budget, orders, deliveries; nothing where scheduled shocks are switched off",
        no("budgeting.scheduled_shocks"),
        beside=(States.gdp_shock,),
        source="V34: spending follows income",
    )
    yield happening(
        "oil_shock",
        event("oil_shock", size=-1.5),
        summed(States.imports, "Qasira"),
        (-1, 0.02),
        "rents, income, budget and foreign exchange",
        no("budgeting.oil_pass_through", "tendering.oil_exchange"),
        whole=False,
        source="V31: imports follow military spending",
    )
    yield happening(
        "exchange_shock",
        event("exchange_shock", state=short, to=1.0),
        ordered_by("Tamasheq", 4),
        (-1, 0.06),
        "less may be committed ahead",
        no("tendering.exchange_weight"),
        # The limit seldom binds on a state whose fleets are full: here it has to replace losses.
        base=Condition(also=event("war", 2025.0, state=short, loss=0.7)),
        beside=(States.exchange_tightness,),
        source="assumption: foreign exchange limits what is committed abroad",
    )
    yield happening(
        "breakthrough",
        event("breakthrough", state=noor, gain=0.4),
        UNIT_COST,
        (1, 0.1),
        "better, dearer products, where products follow know-how",
        no("researching.quality_pace", "researching.rung_pace") + COST_OF_QUALITY,
        whole=False,
        source="V54: better generations cost more, 8-12 % a year",
    )


def _military() -> Iterable[Evidence]:
    """Yield war, conflict and aid."""
    noor, rival, maker, poor = states(FOCUS, "Kharan", "Ostreva", "Sumara")
    # Rivals are judged by what they spend, not by what they have; allies do not count.
    unseen = (
        no("assessing.capability_weight", "assessing.reconciliation", "budgeting.free_riding") + NO_PLEDGE
    )
    yield happening(
        "war",
        event("war", state=rival, loss=0.9),
        summed(States.milex, FOCUS),
        (-1, 0.008),
        "a rival's losses are relief",
        unseen,
        whole=False,
        source="V39-V40: arms races",
    )
    lost = event("war", state=noor, loss=0.7)
    yield happening(
        "war",
        lost,
        # Soon after: in the end money sets how much is bought.
        ordered_by(FOCUS, 4),
        (1, 0.1),
        "losses are replaced; without a large enough order there is no tender",
        opening(Categories.smallest_order, 1e6),
        whole=False,
        source="L§3.6: replacement orders",
    )
    gifts = together(
        *(
            event("aid", source=maker, target=rival, category=category, volume=30_000.0)
            for category in range(len(scenario().world.names.categories))
        )
    )
    yield happening(
        "aid",
        gifts,
        summed(States.milex, FOCUS),
        (1, 0.008),
        "a rival's gains are a threat",
        unseen,
        whole=False,
        source="V39-V40: arms races",
    )
    yield happening(
        "internal_conflict",
        event("internal_conflict", state=poor, to=1.0),
        summed(States.imports, "Sumara"),
        (-1, 0.1),
        "licences refused where agencies are strict",
        NO_RISK + no("monitoring.diversion_hazard"),
        base=Condition(also=put(States.export_strictness, 2.0)),
        whole=False,
        source="L§7: criterion 3, internal situation",
    )
