"""Levers of ownership and of research done together."""

from __future__ import annotations

from collections.abc import Iterable

from deftrade.core.tables import Alliances, Firms, States
from deftrade.core.tables.codes import AllianceKind
from validation.evidence.conditions import Condition, no, opening
from validation.evidence.measures import UNIT_COST, gain, level, summed
from validation.evidence.rows import Evidence, lever
from validation.evidence.running import FOCUS, firms_of, put, row, states


def levers() -> Iterable[Evidence]:
    """Yield levers of ownership and joint research."""
    makers = firms_of(FOCUS)
    noor = states(FOCUS)
    slump = Condition(also=put(States.procurement_share, 0.02, noor))
    yield lever(
        Firms.privatisation,
        (0, 1),
        level(States.jobs_direct),
        (-1, 0.003),
        "private owners lay off sooner in a slump, and ask more for what they sell",
        no("researching.share_trade"),
        rows=makers,
        base=slump,
        source="assumption: soft budgets keep jobs (Kornai 1986), size unknown",
    )
    yield lever(
        Firms.privatisation,
        (0, 1),
        summed(States.fiscal_cost, FOCUS),
        (-1, 0.4),
        "the treasury is paid for shares, and forgoes dividends",
        no("researching.share_trade"),
        rows=makers,
        source="by definition: shares are sold for money",
    )
    crescent = row("alliances", "Crescent Cooperation")
    together_at_it = opening(Alliances.kind, AllianceKind.RESEARCH_PROGRAMME, crescent) + Condition(
        also=put(Alliances.technology_sharing, 1, [crescent])
    )
    yield lever(
        Alliances.joint_research,
        (0, 0.8),
        gain(States.know_how),
        (1, 0.02),
        "what fellow members find counts in the own stock, as far as a member has access",
        no("researching.joint_access"),
        rows=[crescent],
        base=together_at_it,
        off=0,
        source="assumption: spill-overs of shared research, as of channels in L§6",
    )
    yield lever(
        Alliances.joint_research,
        (0, 0.8),
        UNIT_COST,
        (1, 0.002),
        "and better, dearer products",
        no("researching.joint_access"),
        rows=[crescent],
        base=together_at_it,
        source="V54: better generations cost more, 8-12 % a year",
    )
