"""Levers of export control."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from deftrade.core.tables import Dyads, States
from deftrade.scenario.resolved import Setting
from validation.evidence.conditions import NO_RISK, Condition, Treatment, no, opening
from validation.evidence.measures import REFUSAL_RATE, sold, summed
from validation.evidence.rows import Evidence, lever
from validation.evidence.running import states


def levers() -> Iterable[Evidence]:
    """Yield levers of export control."""
    seller, buyer = states("Westmark", "Qasira")
    unchecked = no("monitoring.deterrence", "monitoring.check_power", "monitoring.check_cost")
    yield lever(
        States.export_strictness,
        (0.1, 4),
        summed(States.exports),
        (-1, 0.05),
        "refusals, orders lost, deliveries",
        NO_RISK,
        source="V44-V45: agencies refuse 0.2-6 % of cases",
    )
    yield lever(
        States.criterion_weight,
        (0, 4),
        # A buyer at risk, as what one seller refuses to others another may sell.
        summed(States.imports, "Sumara"),
        (-1, 0.06),
        "risk weighed, refusals, orders lost",
        NO_RISK,
        off=0,
        source="V46: what refusals cite",
    )
    yield lever(
        States.case_work_capacity,
        (0.05, 10),
        summed(States.exports),
        (1, 0.08),
        "queue, decision time, contracts, deliveries",
        no("licensing.queue_exponent", "licensing.case_cost"),
        source="V47: 13 % of decisions take more than 60 working days",
    )
    yield lever(
        States.end_use_checks,
        (0, 0.6),
        REFUSAL_RATE,
        (-1, 0.1),
        "fewer diversions, cleaner records, fewer refusals",
        unchecked,
        off=0,
        beside=(States.checks,),
        base=Condition(params=(("monitoring.diversion_hazard", 1.0),)),
        source="assumption: checks deter diversion and clear the records of buyers",
    )
    yield lever(
        States.end_use_checks,
        (0, 0.6),
        summed(States.diversions),
        (-1, 0.5),
        "checks deter",
        unchecked,
        off=0,
        beside=(States.checks,),
        base=Condition(params=(("monitoring.diversion_hazard", 0.2),)),
        source="assumption: checks deter diversion",
    )
    yield lever(
        States.re_export_rule,
        (0.01, 5),
        # Of a maker with foreign parts: what it loses makers without them win.
        summed(States.exports, "Sinhai"),
        (-1, 0.06),
        "consent refused, orders lost",
        NO_RISK,
        source="assumption: consent to a re-export is judged like an export",
    )
    low, high = (
        Treatment((Setting(Dyads.buyer_strictness, (seller, buyer), -np.inf, value),))
        for value in (0.0, 20.0)
    )
    yield Evidence(
        Dyads.buyer_strictness,
        low,
        high,
        sold("Westmark", "Qasira"),
        -1,
        0.3,
        "refusals for one buyer",
        opening(States.criterion_weight, 0.0, seller),
        beside=(Dyads.buyer_strictness,),
        source="by definition: a stricter rule for one buyer",
    )
