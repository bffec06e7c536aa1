"""Embargoes, sanctions, vetoes and what ends firms."""

from __future__ import annotations

from collections.abc import Iterable

from deftrade.core.tables import Categories, Firms, States
from validation.evidence.conditions import SOURCED_AT_HOME, Condition, given, together
from validation.evidence.measures import early, level, sold, summed
from validation.evidence.rows import Evidence, happening
from validation.evidence.running import FOCUS, by, event, firms_of, row, scenario, states


def events() -> Iterable[Evidence]:
    """Yield embargoes, sanctions, vetoes and what ends firms."""
    seller, target = states("Westmark", FOCUS)
    # A longer embargo of the same states is in force, or every product is free of foreign parts.
    embargo = event("embargo", imposers=by("Westmark"), target=target, years=6.0, support=True)
    before = event("embargo", 2025.0, imposers=by("Westmark"), target=target, years=50.0, support=True)
    yield happening(
        "embargo",
        embargo,
        sold("Westmark", FOCUS),
        (-1, 0.4),
        "offers barred, contracts stopped; a longer embargo in force leaves nothing to stop",
        Condition(also=before),
        source="V49: transfers fall by a third to two thirds",
    )
    yield happening(
        "embargo",
        embargo,
        # In the end there is other equipment, whose makers support it.
        early(States.readiness),
        (-1, 0.08),
        "support cut, fleets not ready; without need of support all are ready",
        given(Categories.support_rate, 0.0) + Condition(also=before),
        whole=False,
        source="assumption: fleets need the support of their makers",
    )
    arms = event("embargo", imposers=by("Westmark"), target=target, years=6.0, support=False)
    yield Evidence(
        "embargo",
        arms,
        embargo,
        early(States.readiness),
        -1,
        0.08,
        "support cut too, or arms alone",
        Condition(also=before),
        source="assumption: fleets need the support of their makers",
    )
    lift = event("lift_embargo", imposers=by("Westmark"), target=target)
    yield happening(
        "lift_embargo",
        lift,
        sold("Westmark", FOCUS),
        (1, 0.5),
        "trade resumes; where no embargo is in force there is none to lift",
        Condition(),
        base=Condition(also=before),
        instead=True,
        source="assumption: the reverse of V49",
    )
    sanctions = together(*(event("sanction", firm=firm, years=50.0) for firm in firms_of("Westmark")))
    everyone = [place for place in range(len(scenario().world.names.states)) if place != seller]
    shut = together(
        *(
            event("embargo", 2025.0, imposers=by("Westmark"), target=place, years=90.0, support=True)
            for place in everyone
        )
    )
    yield happening(
        "sanction",
        sanctions,
        sold("Westmark"),
        (-1, 0.25),
        "offers barred, orders lost; where its state sells to nobody a firm has none to lose",
        Condition(also=shut),
        beside=(Firms.sanction_years,),
        source="assumption: orders go to firms that may deliver",
    )
    # A maker whose products hold many parts of the other's.
    veto = event("veto", source=seller, target=row("states", "Hanmira"), years=6.0)
    yield happening(
        "veto",
        veto,
        summed(States.value_added, "Hanmira"),
        (-1, 0.1),
        "parts and consent withheld, output stops; products without foreign parts go on",
        SOURCED_AT_HOME,
        source="assumption: products stop without their foreign parts",
    )
    yield happening(
        "veto",
        veto,
        level(States.jobs_direct, "Hanmira"),
        (-1, 0.15),
        "no output, no work",
        SOURCED_AT_HOME,
        source="assumption: products stop without their foreign parts",
    )
    firms = ("Noor Aerospace", "Noor Land Systems")
    fall = together(*(event("collapse", firm=row("firms", name)) for name in firms))
    fallen = together(*(event("collapse", 2025.0, firm=row("firms", name)) for name in firms))
    yield happening(
        "collapse",
        fall,
        level(States.jobs_direct),
        (-1, 0.12),
        "lines closed, contracts cancelled; a firm that failed before cannot fail again",
        Condition(also=fallen),
        source="by definition: a firm that failed employs nobody",
    )
