"""Levers of exporters, firms and technology."""

from __future__ import annotations

from collections.abc import Iterable

from deftrade.core.tables import Bids, Decisions, Dyads, Firms, Lines, States
from validation.evidence.conditions import (
    COST_OF_QUALITY,
    FIXED_KNOW_HOW,
    LICENCES_FREE,
    Condition,
    given,
    no,
    opening,
    settled,
)
from validation.evidence.measures import (
    IMPORT_QUALITY,
    OLD_MAKERS,
    UNIT_COST,
    gain,
    level,
    ordered_abroad,
    sold,
    summed,
)
from validation.evidence.rows import Evidence, lever
from validation.evidence.running import FOCUS, firms_of, put, scenario, states


def levers() -> Iterable[Evidence]:
    """Yield levers of exporters, firms and technology."""
    noor, makers = states(FOCUS), firms_of(FOCUS)
    friends = (
        opening(Dyads.alignment, 1.0) + opening(Dyads.alignment_anchor, 1.0) + no("allying.alignment_pace")
    )
    seller = states("Ostreva")
    others = [place for place in range(len(scenario().world.names.states)) if place not in seller]
    bars = (Dyads.embargo_years, Dyads.support_embargo_years)
    no_sales = sum((opening(bar, 100.0, (seller[0], tuple(others))) for bar in bars), Condition())
    losses = Condition(also=put(Firms.margin, -0.2, makers))
    yield lever(
        States.technology_release,
        (0, 1),
        summed(States.learning_purchased),
        (1, 0.5),
        "owners of know-how offer it; where no lead is worth an offer none does",
        settled(bidding__technology_gap=1.0) + LICENCES_FREE,
        source="by definition: nothing is sold that no owner releases",
    )
    yield lever(
        States.release_ceiling,
        (0.4, 1),
        IMPORT_QUALITY,
        (1, 0.1),
        "export versions are as good as the home version; friends get it anyhow",
        friends,
        source="assumption: export versions are simpler",
    )
    yield lever(
        States.export_credit,
        (0, 0.4),
        sold("Ostreva", what="deliveries"),
        (1, 0.1),
        "cheaper offers win orders; where nothing may be sold they do not",
        no_sales,
        rows=seller,
        # Buyers judge also what they may not buy.
        beside=(States.offers_withheld, Bids.score, Decisions.margin),
        source="V32: price elasticity of imports is about -1",
    )
    yield lever(
        States.research_subsidy,
        (0, 1),
        gain(States.know_how),
        (1, 0.003),
        "grants add to research and crowd in firms' own; where nothing is learnt they are spent in vain",
        no("researching.frontier_growth", "researching.catch_up", "monitoring.leaks"),
        rows=noor,
        whole=False,
        source="V64: research paid by governments crowds in that of firms",
    )
    yield lever(
        States.research_subsidy,
        (0, 1),
        summed(States.jobs_net, FOCUS),
        (1, 0.02),
        "grants pay more civil work than the taxes for them cost; at full employment nothing is net",
        no("accounting.slack", "researching.frontier_growth")
        + no("researching.catch_up", "monitoring.leaks"),
        rows=noor,
        whole=False,
        source="assumption: taxes displace civil spending",
    )
    yield lever(
        States.recapitalisation,
        (0, 1),
        OLD_MAKERS,
        (1, 0.05),
        "state firms that lose money are kept; none is in distress where lenders wait five years",
        Condition(params=(("researching.distress", -5.0),)),
        rows=noor,
        base=losses,
        source="assumption: soft budgets keep firms alive",
    )
    yield lever(
        States.recapitalisation,
        (0, 1),
        summed(States.fiscal_cost, FOCUS),
        (1, 0.5),
        "the treasury pays for that",
        Condition(params=(("researching.distress", -5.0),)),
        rows=noor,
        base=losses,
        source="by definition: the treasury pays",
    )
    yield lever(
        States.substitution_programme,
        (0, 0.3),
        level(States.component_dependence),
        (-1, 0.4),
        "foreign parts give way; where there are none nothing changes",
        opening(Lines.component_share, 0.0),
        rows=noor,
        source="assumption: a programme replaces foreign parts; L§7 knows no causal estimate",
    )
    yield lever(
        Firms.margin,
        (0, 0.4),
        summed(States.fiscal_cost, FOCUS),
        (-1, 0.3),
        "profits of state firms are paid to the treasury",
        # Cheaper offers win packages and rivals' clients: the treasury pays loans, rebates and licensing.
        no("researching.payout", "bidding.concession", "licensing.case_cost")
        + given(States.package_loan, 0.0),
        rows=makers,
        whole=False,
        source="by definition: profits belong to the owner",
    )
    yield lever(
        Firms.margin,
        (0, 0.4),
        # The focus state is ordered from abroad too seldom.
        ordered_abroad("Ostreva"),
        (-1, 0.15),
        "dearer offers lose tenders abroad; where nothing may be sold there are none to lose",
        no_sales,
        rows=firms_of("Ostreva"),
        whole=False,
        source="V32: price elasticity of imports is about -1",
    )
    yield lever(
        Firms.research_intensity,
        (0, 0.3),
        gain(States.know_how),
        (1, 0.04),
        "research stock, own progress and absorption",
        FIXED_KNOW_HOW,
        rows=makers,
        whole=False,
        source="L§6: absorptive capacity comes from own research",
    )
    yield lever(
        Firms.research_intensity,
        (0, 0.3),
        UNIT_COST,
        (1, 0.003),
        "and better, dearer products",
        FIXED_KNOW_HOW + COST_OF_QUALITY,
        rows=makers,
        whole=False,
        source="V54: better generations cost more, 8-12 % a year",
    )
